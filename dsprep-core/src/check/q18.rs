//! The exercises of question 18, the best n of each group.

mod change;

pub use change::check_q18_change;

use super::Verdict;
use super::sql_answer::{SqlExercise, settled};
use crate::Result;
use crate::random::RandomState;
use crate::sql::{Ranking, many_orders, ranks};
use rusqlite::Connection;

const MONTHLY: &str = "WITH monthly AS (
    SELECT substr(order_date, 1, 7) AS month, customer_id, sum(amount) AS revenue
    FROM orders GROUP BY 1, 2)";

/// The answers select from this CTE; `{}` is the place.
const TOP_THREE: &str = ", ranked AS (SELECT *, {} AS place FROM monthly)
    SELECT month, customer_id, revenue FROM ranked WHERE place <= 3
    ORDER BY month, revenue DESC, customer_id DESC";

const RIGHT_PLACE: &str =
    "row_number() OVER (PARTITION BY month ORDER BY revenue DESC, customer_id DESC)";

const WRONG_PLACES: [(&str, &str); 6] = [
    (
        "rank() OVER (PARTITION BY month ORDER BY revenue DESC)",
        "A month has more than three rows: RANK gives all who share the last place. ROW_NUMBER with a tie-break \
         gives three at most.",
    ),
    (
        "dense_rank() OVER (PARTITION BY month ORDER BY revenue DESC)",
        "DENSE_RANK counts different revenues, so that three places can be many rows.",
    ),
    (
        "row_number() OVER (PARTITION BY month ORDER BY revenue DESC, customer_id)",
        "Of equal revenues the higher customer_id is to come first. Without a tie-break in the window, the database \
         may take any.",
    ),
    (
        "row_number() OVER (PARTITION BY month ORDER BY revenue, customer_id DESC)",
        "These are the lowest revenues: order the window descending.",
    ),
    (
        "row_number() OVER (ORDER BY revenue DESC, customer_id DESC)",
        "Three rows altogether, not three for each month: the window needs PARTITION BY month, and LIMIT can't do it.",
    ),
    (
        "row_number() OVER (PARTITION BY customer_id ORDER BY revenue DESC, month DESC)",
        "That ranks the months of each customer. The question asks for the customers of each month.",
    ),
];

/// The best single orders instead of the best customers.
const SINGLE_ORDERS: (&str, &str) = (
    "SELECT month, customer_id, amount FROM (
        SELECT substr(order_date, 1, 7) AS month, customer_id, amount, row_number() OVER (
            PARTITION BY substr(order_date, 1, 7) ORDER BY amount DESC, customer_id DESC) AS place FROM orders)
     WHERE place <= 3",
    "These are the largest single orders. A customer's revenue is the sum of the month's orders: aggregate first, \
     rank afterwards.",
);

fn with_place(place: &str) -> String {
    format!("{MONTHLY}{}", TOP_THREE.replace("{}", place))
}

/// Exercise 1 of question 18: `month`, `customer_id` and `revenue` of the best three customers of each month, the
/// higher `customer_id` first of equal revenues.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q18_top_three;
///
/// assert!(!check_q18_top_three("SELECT month FROM orders").has_passed());
/// ```
pub fn check_q18_top_three(answer: &str) -> Verdict {
    settled(top_three(answer))
}

/// The orders of the notebook: in January three share the second place.
fn tied_orders() -> Result<Connection> {
    let con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
         INSERT INTO orders VALUES
             ('2024-01-03',1,90),('2024-01-09',2,70),('2024-01-12',3,30),('2024-01-20',3,40),('2024-01-25',4,70),
             ('2024-01-28',5,40),('2024-02-02',2,40),('2024-02-11',4,60);",
    )?;
    Ok(con)
}

fn top_three(answer: &str) -> Result<Verdict> {
    let hidden = many_orders(60, 6, &mut RandomState::seed(18))?;
    hidden.execute_batch(
        "UPDATE orders SET amount = 10 * (1 + amount % 3);
         INSERT INTO orders VALUES
             ('2025-02-01',1,100),('2025-02-01',2,90),('2025-02-01',3,90),('2025-02-02',4,80),('2025-02-03',5,80),
             ('2025-03-01',9,50),('2025-03-01',10,50),('2025-03-02',11,50),('2025-03-02',12,50);",
    )?;
    let wrong: Vec<(String, &str)> = WRONG_PLACES
        .iter()
        .map(|&(place, message)| (with_place(place), message))
        .collect();
    let mut wrong: Vec<(&str, &str)> = wrong
        .iter()
        .map(|(sql, message)| (sql.as_str(), *message))
        .collect();
    wrong.push(SINGLE_ORDERS);
    SqlExercise {
        tables: vec![tied_orders()?, hidden],
        right: &with_place(RIGHT_PLACE),
        columns: "month, customer_id, revenue",
        wrong: &wrong,
        order: "The rows are right, their order is not: by month, then the highest revenue, then the higher customer_id.",
        explanation: "Aggregate, number within the month, filter. The order in the window is total, because customer_id is \
                      unique in a month: so three rows at most, and always the same.",
    }
    .check(answer)
}

fn dense(values: &[i64]) -> Vec<usize> {
    places(values, Ranking::DenseRank)
}

/// The places of integers, also of those that differ by less than an f64 can tell.
fn places(values: &[i64], ranking: Ranking) -> Vec<usize> {
    let mut different = values.to_vec();
    different.sort_unstable();
    different.dedup();
    let step = |value: &i64| different.partition_point(|other| other < value) as f64;
    let steps: Vec<f64> = values.iter().map(step).collect();
    ranks(&steps, ranking).unwrap_or_default()
}

type Places = fn(&[i64]) -> Vec<usize>;

const WRONG_RANKS: [(Places, &str); 4] = [
    (
        |values| places(values, Ranking::Rank),
        "That is RANK: after a shared place it leaves places empty. DENSE_RANK goes on with the next number, because it \
         counts the different higher values.",
    ),
    (
        |values| places(values, Ranking::RowNumber),
        "That is ROW_NUMBER: equal values must share a place.",
    ),
    (
        |values| dense(&values.iter().map(|value| -value).collect::<Vec<_>>()),
        "The lowest value has the place 1 in your answer; the highest must have it.",
    ),
    (
        |values| dense(values).iter().map(|place| place - 1).collect(),
        "Places are counted from 1: it is one more than the number of different higher values.",
    ),
];

/// Exercise 2 of question 18: DENSE_RANK by hand, the highest value first.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q18_dense_rank;
///
/// let rank = |values: &[i64]| values.iter().map(|a| 1 + values.iter().filter(|b| *b > a).count()).collect();
/// assert!(check_q18_dense_rank(rank).message().starts_with("That is RANK"));
/// ```
pub fn check_q18_dense_rank(answer: impl Fn(&[i64]) -> Vec<usize>) -> Verdict {
    Verdict::of(|| {
        let cases: [&[i64]; 7] = [
            &[50, 40, 40, 30],
            &[],
            &[7],
            &[-3, 0, -3, 12, 12, 12, 5],
            &[1, 2, 3, 3, 2, 1, 9, 9],
            // Numbers that f32 does not tell apart.
            &[16_777_217, 16_777_216, i64::from(i32::MIN)],
            // And f64 does not tell these apart.
            &[9_007_199_254_740_992, 9_007_199_254_740_993, 3],
        ];
        let found: Vec<Vec<usize>> = cases.iter().map(|values| answer(values)).collect();
        let all = |places: Places| -> Vec<Vec<usize>> {
            cases.iter().map(|values| places(values)).collect()
        };
        let expected = all(dense);
        if found == expected {
            return Verdict::passed(
                "One more than the number of different higher values: equal values share a place, and none stays empty.",
            );
        }
        for (wrong, misconception) in WRONG_RANKS {
            if found == all(wrong) {
                return Verdict::not_yet(misconception);
            }
        }
        let case = (0..cases.len()).find(|&case| found[case] != expected[case]);
        let case = case.unwrap_or_default();
        if found[case].len() != cases[case].len() {
            return Verdict::not_yet(format!(
                "For {:?} you return {} places. Each value needs one, in the order of the values.",
                cases[case],
                found[case].len()
            ));
        }
        Verdict::not_yet(format!(
            "For {:?} the places are {:?}, and you return {:?}.",
            cases[case], expected[case], found[case]
        ))
    })
}

#[cfg(test)]
mod mutants;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_top_three_passes() {
        let verdict = check_q18_top_three(&with_place(RIGHT_PLACE));
        assert!(verdict.has_passed(), "{verdict}");
    }

    #[test]
    fn each_wrong_top_three_is_told_its_misconception() {
        for (wrong, message) in WRONG_PLACES {
            let verdict = check_q18_top_three(&with_place(wrong));
            assert_eq!((verdict.has_passed(), verdict.message()), (false, message));
        }
        assert_eq!(
            check_q18_top_three(SINGLE_ORDERS.0).message(),
            SINGLE_ORDERS.1
        );
        let no_tie_break =
            with_place("row_number() OVER (PARTITION BY month ORDER BY revenue DESC)");
        assert!(!check_q18_top_three(&no_tie_break).has_passed());
        let unordered = with_place(RIGHT_PLACE)
            .replace("ORDER BY month, revenue DESC", "ORDER BY month, revenue");
        assert!(
            check_q18_top_three(&unordered)
                .message()
                .contains("their order is not")
        );
    }

    #[test]
    fn the_right_dense_rank_passes_and_each_wrong_one_is_told_why() {
        assert!(check_q18_dense_rank(dense).has_passed());
        for (wrong, message) in WRONG_RANKS {
            let verdict = check_q18_dense_rank(wrong);
            assert_eq!((verdict.has_passed(), verdict.message()), (false, message));
        }
    }

    #[test]
    fn nonsense_gets_an_answer_too() {
        for nonsense in [
            "",
            "SELECT",
            "SELECT 1",
            "SELECT NULL, NULL, NULL",
            "DROP TABLE orders",
        ] {
            assert!(!check_q18_top_three(nonsense).has_passed(), "{nonsense}");
        }
        let none = check_q18_dense_rank(|_| Vec::new());
        assert!(none.message().contains("you return 0 places"), "{none}");
        let zeros = check_q18_dense_rank(|values| vec![0; values.len()]);
        assert!(
            zeros.message().contains("the places are [1, 2, 2, 3]"),
            "{zeros}"
        );
    }
}
