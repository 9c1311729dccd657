//! The exercise from a blank cell of question 17: one DELETE that keeps the newest row of each key.

use super::keys::{
    PUT_TOGETHER, TEXT_FOR_NULL, put_together, rows_with_lookalikes, with_text_for_null,
};
use crate::Result;
use crate::check::Verdict;
use crate::check::sql_answer::{MOST_ROWS, limit, refused, settled};
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection, Error};

const RIGHT: &str = "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (
    PARTITION BY email, event ORDER BY ts DESC, id DESC) AS copy FROM events) WHERE copy > 1)";

const WRONG: [(&str, &str); 10] = [
    (
        "DELETE FROM events",
        "All rows are gone: without WHERE, DELETE takes everything.",
    ),
    (
        "DELETE FROM events WHERE id NOT IN (SELECT max(id) FROM events GROUP BY email, event)",
        "You keep the highest id, not the latest time: an event that arrives late has a high id.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (
             PARTITION BY email, event ORDER BY ts, id) AS copy FROM events) WHERE copy > 1)",
        "You keep the oldest row of each key: order the window descending.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, rank() OVER (
             PARTITION BY email, event ORDER BY ts DESC) AS copy FROM events) WHERE copy > 1)",
        "Rows that tie for the latest time all stay, as with RANK or `a.ts < b.ts`: break the tie by the id.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT a.id FROM events a JOIN events b
             ON a.email = b.email AND a.event = b.event AND (a.ts, a.id) < (b.ts, b.id))",
        "Duplicates whose key holds NULL stay: `=` never matches NULL with NULL. IS does, and so does PARTITION BY.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (
             PARTITION BY coalesce(email, ''), coalesce(event, '') ORDER BY ts DESC, id DESC) AS copy
             FROM events) WHERE copy > 1)",
        "NULL and the empty text became one key. They are two.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (
             PARTITION BY email ORDER BY ts DESC, id DESC) AS copy FROM events) WHERE copy > 1)",
        "You left one row for each email; the key is (email, event).",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (
             PARTITION BY email, event ORDER BY ts DESC, id DESC) AS copy FROM events) WHERE copy = 2)",
        "Of three copies two have to go, and you delete only the second: everything above 1 is surplus.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, count(*) OVER (
             PARTITION BY email, event) AS n FROM events) WHERE n > 1)",
        "Of a key that repeats nothing is left: one row of each has to stay.",
    ),
    (
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (
             PARTITION BY email, event ORDER BY ts DESC, id) AS copy FROM events) WHERE copy > 1)",
        "Of rows with the same latest time you keep the lowest id; asked is the highest.",
    ),
];

/// Tables: the one of the notebook, one without duplicates, and one with ties, NULL, late arrivals, times of day and ids
/// of two digits. A fourth has keys that only look alike.
const TABLES: [&str; 3] = [
    "(1,'a@x.com','click','2024-01-01'),(2,'b@x.com','view','2024-01-01'),(3,'a@x.com','click','2024-01-02'),
     (4,'c@x.com','click','2024-01-01'),(5,'a@x.com','click','2024-01-03'),(6,'b@x.com','view','2024-01-02')",
    "(1,'a','x','2024-01-01'),(2,'a','y','2024-01-01'),(3,'b','x','2024-01-01')",
    "(1,NULL,'x','2024-01-01'),(2,NULL,'x','2024-01-02'),(3,'','x','2024-01-01'),(4,'c',NULL,'2024-01-01'),
     (5,'c',NULL,'2024-01-01'),(6,'late','x','2024-02-01'),(7,'late','x','2024-01-01'),(8,'tie','x','2024-01-01'),
     (9,'tie','x','2024-01-05'),(10,'tie','x','2024-01-05'),(11,'ab','c','2024-01-01'),(12,'a','bc','2024-01-02'),
     (13,'late','y','2024-01-01'),(14,'late','x','2023-12-01'),(15,'D@x','x','2024-01-01'),(16,'d@x','x','2024-01-02'),
     (17,'f','x','2024-01-06 09:00'),(18,'f','x','2024-01-06 08:00'),(19,' late','x','2024-03-01'),
     (20,'late ','x','2024-03-01'),(21,'late','X','2024-03-01'),(22,'g','x','2024-01-06 09:00:30'),
     (23,'g','x','2024-01-06 09:00:10')",
];

/// Exercise 3 of question 17: one DELETE after which `events` holds the newest row of each (email, event).
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q17_delete;
///
/// let verdict = check_q17_delete("DELETE FROM events WHERE id NOT IN (SELECT max(id) FROM events GROUP BY email, event)");
/// assert!(verdict.message().starts_with("You keep the highest id"));
/// ```
pub fn check_q17_delete(answer: &str) -> Verdict {
    settled(check(answer))
}

fn check(answer: &str) -> Result<Verdict> {
    if answer.trim().is_empty() {
        return Ok(Verdict::not_yet(
            "The answer is empty: write a DELETE statement.",
        ));
    }
    let found = match left_by(answer) {
        Ok(found) => found,
        Err(Error::MultipleStatement) => {
            return Ok(Verdict::not_yet(
                "Asked is one DELETE: inside BEGIN and COMMIT if you like, but alone there.",
            ));
        }
        Err(error) => return Ok(Verdict::not_yet(refused(&error))),
    };
    let expected = left_by(RIGHT)?;
    if found == expected {
        return Ok(Verdict::passed(
            "The window numbers each key's rows from the newest, in an order that nothing leaves open, and everything \
             above 1 goes. Run again, it deletes nothing.",
        ));
    }
    let texts = with_text_for_null(RIGHT).map(|sql| (sql, TEXT_FOR_NULL));
    let together = put_together(RIGHT).map(|sql| (sql, PUT_TOGETHER));
    let wrong = WRONG.into_iter().map(|(sql, why)| (sql.to_owned(), why));
    for (wrong, misconception) in wrong.chain(texts).chain(together) {
        if found == left_by(&wrong)? {
            return Ok(Verdict::not_yet(misconception));
        }
    }
    let mut pairs = found.iter().zip(&expected).enumerate();
    let Some((table, (found, expected))) = pairs.find(|(_, (found, expected))| found != expected)
    else {
        return Ok(Verdict::not_yet("The rows that are left differ."));
    };
    let which = if table == 0 {
        "On the table above"
    } else {
        "On a table that you don't see"
    };
    let only_in = |these: &[i64], others: &[i64]| -> Vec<i64> {
        let only = these.iter().filter(|id| !others.contains(id));
        only.take(5).copied().collect()
    };
    let (surplus, missing) = (only_in(found, expected), only_in(expected, found));
    let message = if surplus.is_empty() {
        format!("rows are gone that should have stayed: ids {missing:?}.")
    } else {
        format!("rows are left that should have gone: ids {surplus:?}.")
    };
    Ok(Verdict::not_yet(format!("{which} {message}")))
}

/// The ids that are left in each table.
fn left_by(delete: &str) -> rusqlite::Result<Vec<Vec<i64>>> {
    let lookalikes = rows_with_lookalikes(1);
    let tables = TABLES.into_iter().chain([lookalikes.as_str()]);
    let left = tables.map(|rows| {
        let mut con = Connection::open_in_memory()?;
        limit(&mut con)?;
        con.execute_batch(&format!(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, email TEXT, event TEXT, ts TEXT);
             INSERT INTO events VALUES {rows}"
        ))?;
        run_one(&con, delete)?;
        let mut statement = con.prepare("SELECT id FROM events ORDER BY id")?;
        statement.query_map([], |row| row.get(0))?.collect()
    });
    left.collect()
}

/// Runs the one statement, whatever it returns, and the BEGIN and COMMIT around it; an error if there are more.
fn run_one(con: &Connection, sql: &str) -> rusqlite::Result<()> {
    let (mut batch, mut statements) = (Batch::new(con, sql), 0);
    while let Some(mut statement) = batch.next()? {
        let text = statement.expanded_sql().unwrap_or_default();
        let word = text
            .split(|c: char| !c.is_alphabetic())
            .find(|word| !word.is_empty());
        let is_transaction = word.is_some_and(|word| {
            ["BEGIN", "COMMIT", "END"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(word))
        });
        statements += usize::from(!is_transaction);
        if statements > 1 {
            return Err(Error::MultipleStatement);
        }
        let mut rows = statement.query([])?;
        // An answer may return rows for ever; no right one returns so many.
        for _ in 0..MOST_ROWS {
            if rows.next()?.is_none() {
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses, with_replaced};

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_exists = "DELETE FROM events WHERE EXISTS (SELECT 1 FROM events newer
            WHERE newer.email IS events.email AND newer.event IS events.event
              AND (newer.ts, newer.id) > (events.ts, events.id))";
        let by_not_in = "DELETE FROM events WHERE id NOT IN (SELECT id FROM (SELECT id, row_number() OVER (
            PARTITION BY email, event ORDER BY ts DESC, id DESC) AS copy FROM events) WHERE copy = 1)";
        let by_cte = "WITH numbered AS (SELECT id, count(*) OVER (
            PARTITION BY email, event ORDER BY ts DESC, id DESC) AS copy FROM events)
            DELETE FROM events WHERE id IN (SELECT id FROM numbered WHERE copy > 1);";
        let by_next = "DELETE FROM events AS e WHERE rowid IN (SELECT id FROM (SELECT id, lead(id) OVER (
            PARTITION BY email, event ORDER BY ts, id) AS newer FROM events) WHERE newer IS NOT NULL)";
        let by_limit =
            "DELETE FROM events WHERE id <> (SELECT id FROM events o WHERE o.email IS events.email
            AND o.event IS events.event ORDER BY ts DESC, id DESC LIMIT 1)";
        let returning = format!("{RIGHT} RETURNING id; -- the surplus");
        let in_transaction = format!("BEGIN;\n{RIGHT};\nCOMMIT;");
        let by_null_safe_key = RIGHT.replace(
            "email, event",
            "email IS NULL, coalesce(email, ''), event IS NULL, coalesce(event, '')",
        );
        assert_accepts(
            "check_q17_delete",
            [
                RIGHT,
                by_exists,
                by_not_in,
                by_cte,
                by_next,
                by_limit,
                &returning,
                &in_transaction,
                &by_null_safe_key,
            ]
            .map(check_q17_delete),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let known = WRONG.map(|(wrong, words)| (words, check_q17_delete(wrong)));
        let mutants = with_replaced(
            check_q17_delete,
            RIGHT,
            &[
                ("copy > 1", "copy > 2", "are "),
                ("email, event", "event", "are "),
                ("email, event", "lower(email), event", "are "),
                ("email, event", "email || event", "are "),
                ("ts DESC, id DESC", "id DESC, ts DESC", "highest id"),
                ("ts DESC, id DESC", "ts || id DESC", "are "),
                ("DELETE FROM events", "SELECT * FROM events", "are left"),
                ("ts DESC", "date(ts) DESC", "are "),
                ("email, event", "trim(email), event", "are "),
                ("email, event", "rtrim(email), event", "are "),
                ("email, event", "email, lower(event)", "are "),
                ("ts DESC", "substr(ts, 1, 16) DESC", "are "),
                (
                    "email, event",
                    "coalesce(email, 'N/A'), coalesce(event, 'N/A')",
                    "in its place",
                ),
                ("email, event", "coalesce(email, 'none'), event", "are "),
                (
                    "email, event",
                    "coalesce(email, '') || ':' || coalesce(event, '')",
                    "whatever stands between",
                ),
                ("email, event", "email || ',' || event", "are "),
                (
                    RIGHT,
                    "DELETE FROM events WHERE id = 1; DELETE FROM events WHERE id = 3",
                    "one DELETE",
                ),
                (
                    RIGHT,
                    "CREATE TABLE clean AS SELECT DISTINCT * FROM events",
                    "are left",
                ),
                (RIGHT, "DELETE FROM nothing", "SQLite says"),
                (RIGHT, "DELETE FROM events WHERE 0", "are "),
                (RIGHT, " ", "The answer is empty"),
            ],
        );
        assert_refuses("check_q17_delete", known.into_iter().chain(mutants));
    }
}
