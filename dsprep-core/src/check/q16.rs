//! The exercises of question 16, joins.

mod staff;

pub use staff::check_q16_staff;

use super::Verdict;
use super::sql_answer::{SqlExercise, settled};
use crate::Result;
use crate::sql::{customers_and_orders, hash_join};
use std::collections::HashSet;

const REVENUE: &str = "SELECT c.id, c.name, coalesce(sum(o.amount), 0) AS revenue
    FROM customers c LEFT JOIN orders o ON c.id = o.customer_id
    GROUP BY c.id, c.name ORDER BY c.id";

const WRONG_REVENUES: [(&str, &str); 6] = [
    (
        "SELECT c.id, c.name, sum(o.amount) FROM customers c JOIN orders o ON c.id = o.customer_id
         GROUP BY c.id",
        "Customers without orders are missing: INNER JOIN drops them, and so does a condition on `orders` \
         in WHERE. Keep every row of `customers`.",
    ),
    (
        "SELECT c.id, c.name, sum(o.amount) FROM customers c LEFT JOIN orders o ON c.id = o.customer_id
         GROUP BY c.id",
        "Customers without orders have NULL: sum() of no values is NULL, not 0. Say what stands for it.",
    ),
    (
        "SELECT min(c.id), c.name, coalesce(sum(o.amount), 0)
         FROM customers c LEFT JOIN orders o ON c.id = o.customer_id GROUP BY c.name",
        "Two customers of the same name became one: names are not keys. Group by the id.",
    ),
    (
        "SELECT c.id, c.name, coalesce(sum(DISTINCT o.amount), 0)
         FROM customers c LEFT JOIN orders o ON c.id = o.customer_id GROUP BY c.id",
        "Two orders of the same amount count once: DISTINCT removes equal amounts, not repeated orders.",
    ),
    (
        "SELECT c.id, c.name, coalesce(sum(o.amount), 0)
         FROM customers c FULL JOIN orders o ON c.id = o.customer_id GROUP BY c.id",
        "A row without a customer came in: the order of an unknown customer. RIGHT and FULL JOIN keep it; \
         the question is about customers.",
    ),
    (
        "SELECT c.id, c.name, count(*) FROM customers c LEFT JOIN orders o ON c.id = o.customer_id
         GROUP BY c.id",
        "These are numbers of rows, not revenues, and count(*) gives 1 to a customer without orders.",
    ),
];

/// Exercise 1 of question 16: the revenue of every customer, 0 without orders, as a query for `id`, `name` and
/// `revenue` in the order of the ids.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q16_revenue;
///
/// let inner = "SELECT c.id, c.name, sum(o.amount) FROM customers c
///              JOIN orders o ON c.id = o.customer_id GROUP BY c.id ORDER BY c.id";
/// assert!(check_q16_revenue(inner).message().contains("INNER JOIN drops them"));
/// ```
pub fn check_q16_revenue(answer: &str) -> Verdict {
    settled(revenue(answer))
}

fn revenue(answer: &str) -> Result<Verdict> {
    let hidden = customers_and_orders()?;
    hidden.execute_batch(
        "INSERT INTO customers VALUES (6,'Dave'),(7,'Alice'),(10,'Zoe'),(9,NULL),(8,'Moe');
         INSERT INTO orders VALUES (107,6,25),(108,6,25),(109,7,5),(110,NULL,70),(111,3,-15.5),(112,10,0.25),
             (113,8,0.1),(114,8,0.2),(115,8,-4);",
    )?;
    SqlExercise {
        tables: vec![customers_and_orders()?, hidden],
        right: REVENUE,
        columns: "id, name, revenue",
        wrong: &WRONG_REVENUES,
        order: "The rows are right, their order is not: without ORDER BY it is anybody's guess.",
        explanation: "LEFT JOIN keeps every customer, the group is made by the key, and coalesce() turns the \
                      sum of nothing into 0.",
    }
    .check(answer)
}

type Keys<'a> = &'a [Option<i64>];

fn inner_rows(left: Keys<'_>, right: Keys<'_>) -> usize {
    hash_join(left, right).len()
}

/// The rows of `of` without a partner.
fn alone(of: Keys<'_>, among: Keys<'_>) -> usize {
    let others: HashSet<i64> = among.iter().copied().flatten().collect();
    let has_partner = |key: &Option<i64>| key.is_some_and(|key| others.contains(&key));
    of.iter().filter(|key| !has_partner(key)).count()
}

fn full_rows(left: Keys<'_>, right: Keys<'_>) -> usize {
    inner_rows(left, right) + alone(left, right) + alone(right, left)
}

/// The same if NULL equalled NULL.
fn full_rows_with_null_equal(left: Keys<'_>, right: Keys<'_>) -> usize {
    let known = |keys: Keys<'_>| {
        keys.iter()
            .map(|key| Some(key.unwrap_or(i64::MIN)))
            .collect()
    };
    let (left, right): (Vec<Option<i64>>, Vec<Option<i64>>) = (known(left), known(right));
    full_rows(&left, &right)
}

/// The pairs are right, but a NULL counts as a partner of a NULL where rows without one are looked for.
fn full_rows_with_null_as_partner(left: Keys<'_>, right: Keys<'_>) -> usize {
    let alone =
        |of: Keys<'_>, among: Keys<'_>| of.iter().filter(|key| !among.contains(key)).count();
    inner_rows(left, right) + alone(left, right) + alone(right, left)
}

fn distinct_keys(left: Keys<'_>, right: Keys<'_>) -> usize {
    left.iter().chain(right).collect::<HashSet<_>>().len()
}

type Count = fn(Keys<'_>, Keys<'_>) -> usize;

const WRONG_COUNTS: [(Count, &str); 8] = [
    (
        inner_rows,
        "That is the INNER JOIN: the rows without a partner are missing, on both sides.",
    ),
    (
        |left, right| inner_rows(left, right) + alone(left, right),
        "That is the LEFT JOIN: the right rows without a partner are missing.",
    ),
    (
        full_rows_with_null_equal,
        "You let NULL match NULL. In a join NULL equals nothing, so each NULL is a row without a partner.",
    ),
    (
        full_rows_with_null_as_partner,
        "You let NULL match NULL when you looked for rows without a partner: `contains` finds `None` among the others. \
         A NULL key never has a partner, so its row always counts on its own.",
    ),
    (
        |left, right| inner_rows(left, right) + alone(right, left),
        "That is the RIGHT JOIN: the left rows without a partner are missing.",
    ),
    (
        distinct_keys,
        "That counts different keys, as a Venn diagram does. A join makes pairs: a key that occurs twice on \
         one side and three times on the other gives six rows.",
    ),
    (
        |left, right| left.len() + right.len(),
        "Left rows plus right rows counts partners apart: a pair is one row, and a key that repeats has more.",
    ),
    (
        |left, right| left.len() * right.len(),
        "That is the CROSS JOIN: every pair, whether it matches or not.",
    ),
];

/// Exercise 2 of question 16: the number of rows of `left FULL OUTER JOIN right`, from the keys alone.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q16_full_join_rows;
/// use dsprep_core::sql::hash_join;
///
/// let verdict = check_q16_full_join_rows(|left, right| hash_join(left, right).len());
/// assert!(verdict.message().contains("INNER"));
/// ```
pub fn check_q16_full_join_rows(
    answer: impl Fn(&[Option<i64>], &[Option<i64>]) -> usize,
) -> Verdict {
    Verdict::of(|| {
        type Keys = Vec<Option<i64>>;
        let cases: [(Keys, Keys); 9] = [
            (
                vec![Some(1), Some(2), Some(2), None],
                vec![Some(2), Some(2), Some(3), None],
            ),
            (vec![Some(1)], vec![Some(1)]),
            (vec![], vec![Some(1), Some(1), None]),
            (vec![Some(4), None, None], vec![]),
            (vec![Some(7); 3], vec![Some(7); 4]),
            (
                vec![Some(5), Some(6), Some(6), Some(8)],
                vec![Some(6), Some(5), Some(5), Some(9), Some(10)],
            ),
            (
                vec![Some(3), Some(3), Some(1)],
                vec![Some(1), Some(4), Some(4)],
            ),
            (vec![Some(0), None], vec![Some(0), Some(-1)]),
            (vec![Some(0)], vec![None]),
        ];
        let found: Vec<usize> = cases
            .iter()
            .map(|(left, right)| answer(left, right))
            .collect();
        let counted = |count: Count| {
            cases
                .iter()
                .map(|(left, right)| count(left, right))
                .collect()
        };
        let expected: Vec<usize> = counted(full_rows);
        if found == expected {
            return Verdict::passed(
                "Pairs of equal keys, plus the rows without a partner on either side; NULL is always without one.",
            );
        }
        for (wrong, misconception) in WRONG_COUNTS {
            let wrong: Vec<usize> = counted(wrong);
            if found == wrong {
                return Verdict::not_yet(misconception);
            }
        }
        let differing = (0..cases.len()).find(|&case| found[case] != expected[case]);
        let case = differing.unwrap_or_default();
        let (left, right) = &cases[case];
        Verdict::not_yet(format!(
            "Of the keys {} and {} a full join has {}, and you counted {}.",
            written(left),
            written(right),
            crate::error::count(expected[case], "row"),
            found[case]
        ))
    })
}

fn written(keys: Keys<'_>) -> String {
    let keys = keys
        .iter()
        .map(|key| key.map_or("NULL".to_owned(), |key| key.to_string()));
    format!("({})", keys.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod mutants;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_revenue_passes_in_any_form() {
        assert!(check_q16_revenue(REVENUE).has_passed());
        let by_subquery =
            "SELECT id, name, (SELECT total(amount) FROM orders WHERE customer_id = id) AS r
                           FROM customers ORDER BY 1";
        assert!(check_q16_revenue(by_subquery).has_passed());
    }

    #[test]
    fn each_wrong_revenue_is_told_its_misconception() {
        for (wrong, message) in WRONG_REVENUES {
            let verdict = check_q16_revenue(&format!("{wrong} ORDER BY 1"));
            assert_eq!((verdict.has_passed(), verdict.message()), (false, message));
        }
        let unordered = REVENUE.replace("ORDER BY c.id", "ORDER BY c.id DESC");
        assert!(check_q16_revenue(&unordered).message().contains("ORDER BY"));
    }

    #[test]
    fn nonsense_gets_an_answer_too() {
        for (nonsense, message) in [
            ("", "The answer is empty"),
            ("SELEC", "SQLite says: near \"SELEC\""),
            ("SELECT 1", "must have the columns id, name, revenue"),
            (
                "DELETE FROM orders",
                "SQLite says: attempt to write a readonly",
            ),
            ("SELECT ?1", "SQLite says"),
            (
                "SELECT 1, 'Alice', 50.0",
                "the answer has 1 row, and 5 are expected",
            ),
        ] {
            let verdict = check_q16_revenue(nonsense);
            assert!(!verdict.has_passed());
            assert!(verdict.message().contains(message), "{nonsense}: {verdict}");
        }
    }

    #[test]
    fn the_right_number_of_rows_passes_and_each_wrong_one_is_told_why() {
        assert!(check_q16_full_join_rows(full_rows).has_passed());
        for (wrong, message) in WRONG_COUNTS {
            let verdict = check_q16_full_join_rows(wrong);
            assert_eq!((verdict.has_passed(), verdict.message()), (false, message));
        }
        let verdict = check_q16_full_join_rows(|_, _| 0);
        assert!(verdict.message().contains("a full join has"), "{verdict}");
    }
}
