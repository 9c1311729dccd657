//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses, with_replaced};

#[test]
fn right_top_threes_pass_in_any_form() {
    let by_count = format!(
        "{MONTHLY} SELECT a.month, a.customer_id, a.revenue FROM monthly a WHERE (
            SELECT count(*) FROM monthly b WHERE b.month = a.month
            AND (b.revenue, b.customer_id) > (a.revenue, a.customer_id)) < 3
         ORDER BY a.month, a.revenue DESC, a.customer_id DESC"
    );
    let by_limit = format!(
        "{MONTHLY} SELECT * FROM monthly a WHERE customer_id IN (
            SELECT customer_id FROM monthly b WHERE b.month = a.month
            ORDER BY revenue DESC, customer_id DESC LIMIT 3)
         ORDER BY 1, 3 DESC, 2 DESC LIMIT 1000"
    );
    let by_rank = with_place(&RIGHT_PLACE.replace("row_number", "rank"));
    let by_date = with_place(RIGHT_PLACE)
        .replace("substr(order_date, 1, 7)", "strftime('%Y-%m', order_date)");
    assert_accepts(
        "check_q18_top_three",
        [by_count, by_limit, by_rank, by_date].map(|right| check_q18_top_three(&right)),
    );
}

#[test]
fn wrong_top_threes_are_refused_with_their_reason() {
    let right = with_place(RIGHT_PLACE);
    let end = "ORDER BY month, revenue DESC, customer_id DESC";
    let window = "PARTITION BY month ORDER BY revenue DESC, customer_id DESC";
    let mut wrong = with_replaced(
        check_q18_top_three,
        &right,
        &[
            (end, "", "only by accident"),
            (end, "ORDER BY month", "leaves the order of some open"),
            (
                end,
                "ORDER BY month, revenue DESC",
                "leaves the order of some open",
            ),
            (
                end,
                "ORDER BY month DESC, revenue DESC, customer_id DESC",
                "their order is not",
            ),
            (
                end,
                "ORDER BY month, revenue, customer_id DESC",
                "their order is not",
            ),
            (
                end,
                "ORDER BY month, revenue DESC, customer_id DESC LIMIT 3",
                "Missing, for example",
            ),
            (
                window,
                "PARTITION BY month ORDER BY revenue DESC",
                "Without a tie-break in the window",
            ),
            (
                window,
                "PARTITION BY month ORDER BY revenue DESC, customer_id || '' DESC",
                "the answer has",
            ),
            (
                window,
                "PARTITION BY month ORDER BY revenue DESC, customer_id",
                "higher customer_id is to come first",
            ),
            (
                window,
                "PARTITION BY month ORDER BY revenue, customer_id DESC",
                "These are the lowest revenues",
            ),
            (
                window,
                "PARTITION BY month ORDER BY customer_id DESC",
                "the answer has",
            ),
            (
                window,
                "ORDER BY revenue DESC, customer_id DESC",
                "Three rows altogether",
            ),
            (
                window,
                "PARTITION BY customer_id ORDER BY revenue DESC, month DESC",
                "months of each customer",
            ),
            ("place <= 3", "place < 3", "Missing, for example"),
            ("place <= 3", "place <= 4", "Too much, for example"),
            ("place <= 3", "place = 3", "Missing, for example"),
            ("sum(amount)", "max(amount)", "the answer has"),
            ("sum(amount)", "count(*)", "the answer has"),
            ("1, 7", "6, 2", "the answer has"),
            (
                "SELECT month, customer_id, revenue",
                "SELECT month, revenue",
                "must have the columns",
            ),
        ],
    );
    let ranked = |function: &str| {
        with_place(&format!(
            "{function}() OVER (PARTITION BY month ORDER BY revenue DESC)"
        ))
    };
    wrong.push(("more than three rows", check_q18_top_three(&ranked("rank"))));
    wrong.push((
        "counts different revenues",
        check_q18_top_three(&ranked("dense_rank")),
    ));
    assert_refuses("check_q18_top_three", wrong);
}

#[test]
fn right_dense_ranks_pass_in_any_form() {
    let by_set: Places = |values| {
        let higher = |value: &i64| -> std::collections::BTreeSet<i64> {
            values
                .iter()
                .copied()
                .filter(|other| other > value)
                .collect()
        };
        values.iter().map(|value| 1 + higher(value).len()).collect()
    };
    let by_search: Places = |values| {
        let mut different = values.to_vec();
        different.sort_unstable_by(|a, b| b.cmp(a));
        different.dedup();
        let place = |value: &i64| different.iter().position(|other| other == value);
        values
            .iter()
            .filter_map(|value| Some(place(value)? + 1))
            .collect()
    };
    let by_one_pass: Places = |values| {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|&row| std::cmp::Reverse(values[row]));
        let (mut places, mut place) = (vec![0; values.len()], 0);
        for (at, &row) in order.iter().enumerate() {
            place += usize::from(at == 0 || values[row] != values[order[at - 1]]);
            places[row] = place;
        }
        places
    };
    assert_accepts(
        "check_q18_dense_rank",
        [by_set, by_search, by_one_pass].map(check_q18_dense_rank),
    );
}

#[test]
fn wrong_dense_ranks_are_refused_with_their_reason() {
    let mutants: [(Places, &str); 12] = [
        (
            |values| {
                let short: Vec<i64> = values.iter().map(|&value| value as f32 as i64).collect();
                dense(&short)
            },
            "For [16777217, 16777216",
        ),
        (
            |values| {
                let short: Vec<i64> = values.iter().map(|&value| value as f64 as i64).collect();
                dense(&short)
            },
            "For [9007199254740992",
        ),
        (
            |values| {
                let short: Vec<i64> = values
                    .iter()
                    .map(|&value| i64::from(value as i32))
                    .collect();
                dense(&short)
            },
            "For [9007199254740992",
        ),
        (|values| places(values, Ranking::Rank), "That is RANK"),
        (
            |values| places(values, Ranking::RowNumber),
            "That is ROW_NUMBER",
        ),
        (
            |values| dense(&values.iter().map(|value| -value).collect::<Vec<_>>()),
            "The lowest value has the place 1",
        ),
        (
            |values| dense(values).iter().map(|place| place - 1).collect(),
            "counted from 1",
        ),
        (
            |values| dense(values).iter().map(|place| place + 1).collect(),
            "the places are [1, 2, 2, 3], and you return",
        ),
        (
            |values| {
                values
                    .iter()
                    .map(|value| values.iter().filter(|other| *other >= value).count())
                    .collect()
            },
            "the places are [1, 2, 2, 3], and you return [1, 3, 3, 4]",
        ),
        (
            |values| {
                let mut places = dense(values);
                places.sort_unstable();
                places
            },
            "For [-3, 0, -3, 12, 12, 12, 5] the places are",
        ),
        (
            |values| {
                let mut places = dense(values);
                places.dedup();
                places
            },
            "Each value needs one",
        ),
        (
            |values| dense(&values.iter().map(|value| value.abs()).collect::<Vec<_>>()),
            "For [-3, 0",
        ),
    ];
    assert_refuses(
        "check_q18_dense_rank",
        mutants.map(|(wrong, words)| (words, check_q18_dense_rank(wrong))),
    );
}
