//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses};

#[test]
fn right_revenues_pass_in_any_form() {
    assert_accepts("check_q16_revenue", [
        "SELECT c.id, c.name, coalesce(sum(o.amount), 0) FROM customers c
         LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name ORDER BY c.id",
        "SELECT id, name, (SELECT total(amount) FROM orders WHERE customer_id = id) AS revenue
         FROM customers ORDER BY 1",
        "WITH totals AS (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id)
         SELECT c.id, c.name, ifnull(t.total, 0) AS revenue
         FROM customers c LEFT JOIN totals t ON t.customer_id = c.id ORDER BY id;",
        "SELECT c.id, c.name, sum(CASE WHEN o.amount IS NULL THEN 0 ELSE o.amount END)
         FROM orders o RIGHT JOIN customers c USING (id) GROUP BY c.id ORDER BY c.id"
            .replace("USING (id)", "ON c.id = o.customer_id")
            .as_str(),
                    "SELECT DISTINCT c.id, c.name, coalesce(sum(o.amount) OVER (PARTITION BY c.id), 0) AS revenue
         FROM customers AS c LEFT OUTER JOIN orders AS o ON o.customer_id = c.id ORDER BY c.id ASC NULLS LAST",
            "WITH all_rows(id, amount) AS (SELECT id, 0 FROM customers UNION ALL SELECT customer_id, amount FROM orders)
         SELECT id, name, sum(amount) FROM customers JOIN all_rows USING (id) GROUP BY id ORDER BY id; -- as asked",
"SELECT c.id, c.name, sum(o.amount) FROM customers c JOIN orders o ON c.id = o.customer_id GROUP BY c.id
         UNION ALL
         SELECT id, name, 0 FROM customers c
         WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) ORDER BY 1",
    ].map(check_q16_revenue));
}

#[test]
fn wrong_revenues_are_refused_with_their_reason() {
    let select = "SELECT c.id, c.name, coalesce(sum(o.amount), 0) AS revenue FROM customers c";
    let joined = "LEFT JOIN orders o ON c.id = o.customer_id";
    let grouped = "GROUP BY c.id, c.name";
    assert_refuses(
        "check_q16_revenue",
        [
            (format!("{select} {joined} {grouped}"), "only by accident"),
            (
                format!("SELECT * FROM ({select} {joined} {grouped} ORDER BY c.id)"),
                "only by accident",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY c.id IS NULL"),
                "leaves the order of some open",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY c.name"),
                "their order is not",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY c.id || ''"),
                "their order is not",
            ),
            (
                format!("{select} {joined} AND o.amount > 0 {grouped} ORDER BY c.id"),
                "On other tables",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY c.id")
                    .replace("coalesce(", "CAST(coalesce(")
                    .replace(", 0)", ", 0) AS INTEGER)"),
                "On other tables",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY c.id DESC"),
                "their order is not",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY c.id LIMIT 4"),
                "the answer has 4 rows, and 5 are expected",
            ),
            (
                format!("{select} JOIN orders o ON c.id = o.customer_id {grouped} ORDER BY 1"),
                "INNER JOIN drops them",
            ),
            (
                format!("{select} {joined} WHERE o.amount > 0 {grouped} ORDER BY 1"),
                "Missing, for example: (4, 'Dave', 0)",
            ),
            (
                format!("{select} {joined} GROUP BY c.name ORDER BY 1"),
                "names are not keys",
            ),
            (
                format!("{select} {joined} ORDER BY 1"),
                "the answer has 1 row",
            ),
            (
                format!("{select} {joined} AND o.amount > 20 {grouped} ORDER BY 1"),
                "Missing, for example",
            ),
            (
                format!("{select} FULL JOIN orders o ON c.id = o.customer_id {grouped} ORDER BY 1"),
                "unknown customer",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY 1")
                    .replace("coalesce(sum(o.amount), 0)", "sum(o.amount)"),
                "is NULL, not 0",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY 1").replace("sum(", "sum(DISTINCT "),
                "count once",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY 1").replace(
                    "coalesce(sum(o.amount), 0)",
                    "max(coalesce(sum(o.amount), 0), 0)",
                ),
                "On other tables",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY 1")
                    .replace("sum(o.amount)", "sum(abs(o.amount))"),
                "On other tables",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY 1").replace("sum(", "max("),
                "Missing, for example",
            ),
            (
                format!("{select} {joined} {grouped} ORDER BY 1").replace("c.name, ", ""),
                "must have the columns",
            ),
        ]
        .map(|(wrong, words)| (words, check_q16_revenue(&wrong))),
    );
}

#[test]
fn right_numbers_of_rows_pass_in_any_form() {
    let by_pairs: Count = |left, right| {
        let pairs = hash_join(left, right);
        let lefts: HashSet<usize> = pairs.iter().map(|pair| pair.0).collect();
        let rights: HashSet<usize> = pairs.iter().map(|pair| pair.1).collect();
        pairs.len() + (left.len() - lefts.len()) + (right.len() - rights.len())
    };
    let by_loops: Count = |left, right| {
        let matches = |a: &Option<i64>, b: &Option<i64>| a.is_some() && a == b;
        let of_left = left
            .iter()
            .map(|a| right.iter().filter(|b| matches(a, b)).count().max(1));
        let lonely = right.iter().filter(|b| !left.iter().any(|a| matches(a, b)));
        of_left.sum::<usize>() + lonely.count()
    };
    let by_counts: Count = |left, right| {
        let keys: HashSet<i64> = left.iter().chain(right).copied().flatten().collect();
        let count = |keys: Keys<'_>, key| keys.iter().filter(|own| **own == key).count();
        let rows = keys
            .into_iter()
            .map(|key| (count(left, Some(key)), count(right, Some(key))));
        let known: usize = rows
            .map(|(n, m)| if n == 0 || m == 0 { n + m } else { n * m })
            .sum();
        known + count(left, None) + count(right, None)
    };
    assert_accepts(
        "check_q16_full_join_rows",
        [by_pairs, by_loops, by_counts].map(check_q16_full_join_rows),
    );
}

#[test]
fn wrong_numbers_of_rows_are_refused_with_their_reason() {
    let mutants: [(Count, &str); 13] = [
        (inner_rows, "That is the INNER JOIN"),
        (
            |l, r| inner_rows(l, r) + alone(l, r),
            "That is the LEFT JOIN",
        ),
        (
            |l, r| inner_rows(l, r) + alone(r, l),
            "That is the RIGHT JOIN",
        ),
        (
            |l, r| {
                let alone = |of: Keys<'_>, among: Keys<'_>| {
                    of.iter().filter(|key| !among.contains(key)).count()
                };
                inner_rows(l, r) + alone(l, r) + alone(r, l)
            },
            "`contains` finds `None`",
        ),
        (full_rows_with_null_equal, "You let NULL match NULL"),
        (
            |l, r| l.len() + r.len() - inner_rows(l, r).min(l.len()),
            "a full join has",
        ),
        (|l, r| l.len() + r.len(), "a pair is one row"),
        (|l, r| l.len() * r.len(), "CROSS JOIN"),
        (|l, r| full_rows(l, r) + 1, "a full join has"),
        (|l, r| l.len().max(r.len()), "a full join has"),
        (distinct_keys, "as a Venn diagram does"),
        // Keys without a partner once each.
        (
            |l, r| {
                let once: HashSet<i64> = l.iter().copied().flatten().collect();
                let once: Vec<_> = once.into_iter().map(Some).collect();
                let nulls = l.iter().filter(|key| key.is_none()).count();
                inner_rows(l, r) + alone(&once, r) + nulls + alone(r, l)
            },
            "a full join has",
        ),
        // NULL as the key 0.
        (
            |l, r| {
                let zero = |keys: Keys<'_>| -> Vec<_> {
                    keys.iter().map(|key| Some(key.unwrap_or(0))).collect()
                };
                full_rows(&zero(l), &zero(r))
            },
            "NULL",
        ),
    ];
    assert_refuses(
        "check_q16_full_join_rows",
        mutants.map(|(wrong, words)| (words, check_q16_full_join_rows(wrong))),
    );
}
