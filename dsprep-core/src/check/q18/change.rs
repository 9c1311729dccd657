//! The exercise from a blank cell of question 18: month over month, with the months without orders.

use crate::Result;
use crate::check::Verdict;
use crate::check::sql_answer::{SqlExercise, settled};
use rusqlite::Connection;

const RIGHT: &str = "WITH monthly AS (
    SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
    FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
    SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) FROM monthly ORDER BY month";

const WRONG: [(&str, &str); 8] = [
    (
        "WITH monthly AS (SELECT substr(order_date, 1, 7) AS month, sum(amount) AS revenue
             FROM orders WHERE substr(order_date, 1, 7) IN (SELECT month FROM months)
             GROUP BY substr(order_date, 1, 7))
         SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) FROM monthly",
        "Months without orders are missing, so that `lag` compares with a month further back. Start from `months` and \
         join the orders by LEFT JOIN.",
    ),
    (
        "WITH monthly AS (SELECT m.month, sum(o.amount) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) FROM monthly",
        "A month without orders has the revenue NULL in your answer, and so have the changes beside it. It is 0: coalesce.",
    ),
    (
        "WITH monthly AS (SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, revenue - lag(revenue, 1, 0) OVER (ORDER BY month) FROM monthly",
        "The first month has no month before it: its change is unknown (NULL), not its whole revenue.",
    ),
    (
        "WITH monthly AS (SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, coalesce(revenue - lag(revenue) OVER (ORDER BY month), 0) FROM monthly",
        "The first month has no month before it: its change is unknown (NULL), not 0.",
    ),
    (
        "WITH monthly AS (SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, lag(revenue) OVER (ORDER BY month) - revenue FROM monthly",
        "The sign is wrong: a month that is better than the one before has a positive change.",
    ),
    (
        "WITH monthly AS (SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, lead(revenue) OVER (ORDER BY month) - revenue FROM monthly",
        "That is the change to the month after: `lead` looks forward, `lag` back.",
    ),
    (
        "WITH monthly AS (SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, revenue - lag(revenue) OVER (PARTITION BY substr(month, 1, 4) ORDER BY month)
         FROM monthly",
        "January is compared with December of the year before: the months are one series, without PARTITION BY.",
    ),
    (
        "WITH monthly AS (SELECT m.month, count(o.amount) AS revenue
             FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month)
         SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) FROM monthly",
        "You count the orders. Revenue is the sum of their amounts.",
    ),
];

/// Exercise 3 of question 18: for each month of the calendar its revenue and the change against the month before.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q18_change;
///
/// assert!(!check_q18_change("SELECT month, 0, NULL FROM months ORDER BY month").has_passed());
/// ```
pub fn check_q18_change(answer: &str) -> Verdict {
    settled(check(answer))
}

fn check(answer: &str) -> Result<Verdict> {
    let table = |months: &str, orders: &str| -> Result<Connection> {
        let con = Connection::open_in_memory()?;
        con.execute_batch(&format!(
            "CREATE TABLE months (month TEXT); INSERT INTO months VALUES {months};
             CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
             INSERT INTO orders VALUES {orders};"
        ))?;
        Ok(con)
    };
    let shown = table(
        "('2024-01'),('2024-02'),('2024-03'),('2024-04')",
        "('2024-01-03',1,100),('2024-02-09',2,150),('2024-02-12',1,20),('2024-04-20',3,90)",
    )?;
    let hidden = table(
        "('2024-02'),('2023-12'),('2023-11'),('2024-01'),('2024-03'),('2023-10')",
        "('2023-09-30',1,999),('2023-11-30',1,10),('2023-11-01',2,15),('2024-01-01',1,40),('2024-01-31',9,2),
         ('2024-02-29',3,42),('2024-02-10',4,42),('2024-04-01',3,777),('2025-01-15',5,64),('2022-11-05',5,33)",
    )?;
    SqlExercise {
        tables: vec![shown, hidden],
        right: RIGHT,
        columns: "month, revenue and change",
        wrong: &WRONG,
        order: "The rows are right, their order is not: by month.",
        explanation: "The calendar gives a row for every month, `coalesce` the 0, and only then does `lag` look at the month \
                      before, of which the first has none.",
    }
    .check(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses, with_replaced};

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_self_join = "WITH monthly AS (SELECT m.month, total(o.amount) AS revenue,
                row_number() OVER (ORDER BY m.month) AS n
                FROM months m LEFT JOIN orders o ON o.order_date LIKE m.month || '%' GROUP BY m.month)
            SELECT a.month, a.revenue, a.revenue - b.revenue FROM monthly a LEFT JOIN monthly b ON b.n = a.n - 1
            ORDER BY a.month";
        let by_subquery = "WITH monthly AS (SELECT month, (SELECT coalesce(sum(amount), 0) FROM orders
                WHERE strftime('%Y-%m', order_date) = month) AS revenue FROM months)
            SELECT month, revenue, revenue - (SELECT b.revenue FROM monthly b WHERE b.month < a.month
                ORDER BY b.month DESC LIMIT 1) FROM monthly a ORDER BY 1";
        let at_once = "SELECT m.month, coalesce(sum(o.amount), 0),
                coalesce(sum(o.amount), 0) - lag(coalesce(sum(o.amount), 0)) OVER (ORDER BY m.month)
            FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month GROUP BY m.month
            ORDER BY m.month";
        assert_accepts(
            "check_q18_change",
            [RIGHT, by_self_join, by_subquery, at_once].map(check_q18_change),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let known =
            WRONG.map(|(wrong, words)| (words, check_q18_change(&format!("{wrong} ORDER BY 1"))));
        let mutants = with_replaced(
            check_q18_change,
            RIGHT,
            &[
                (
                    "FROM monthly ORDER BY month",
                    "FROM monthly",
                    "only by accident",
                ),
                (
                    "FROM monthly ORDER BY month",
                    "FROM monthly ORDER BY month DESC",
                    "their order is not",
                ),
                (
                    "OVER (ORDER BY month)",
                    "OVER (ORDER BY month DESC)",
                    "the answer has",
                ),
                ("lag(revenue)", "lag(revenue, 2)", "the answer has"),
                ("lag(revenue)", "avg(revenue)", "the answer has"),
                ("sum(o.amount)", "max(o.amount)", "the answer has"),
                ("sum(o.amount)", "sum(DISTINCT o.amount)", "the answer has"),
                (
                    "substr(o.order_date, 1, 7) = m.month",
                    "strftime('%m', o.order_date) = substr(m.month, 6)",
                    "the answer has",
                ),
                ("revenue - lag", "100.0 * revenue / lag", "the answer has"),
                (
                    "SELECT month, revenue, revenue",
                    "SELECT month, revenue",
                    "must have the columns",
                ),
                (RIGHT, "", "The answer is empty"),
            ],
        );
        assert_refuses("check_q18_change", known.into_iter().chain(mutants));
    }
}
