//! The exercises of question 17, duplicates.

mod delete;
mod keys;

pub use delete::check_q17_delete;

use super::Verdict;
use super::sql_answer::{self, MOST_ROWS, SqlExercise, limit, settled};
use crate::Result;
use crate::sql::events;
use keys::{PUT_TOGETHER, TEXT_FOR_NULL, put_together, rows_with_lookalikes, with_text_for_null};
use rusqlite::Connection;

const SURPLUS: &str = "SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY email, event ORDER BY ts DESC, id DESC) AS copy FROM events
    ) WHERE copy > 1 ORDER BY id";

const WRONG_SURPLUS: [(&str, &str); 13] = [
    (
        "SELECT a.id FROM events a JOIN events b ON a.email = b.email AND a.event = b.event AND a.id < b.id",
        "The join gives a row for each newer partner, so that ids repeat, and it takes the id for the time. A row is \
         surplus if a newer one exists.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY email, event ORDER BY id DESC) AS c
         FROM events) WHERE c > 1",
        "You keep the highest id, not the latest timestamp. An event that arrives late has a high id and an \
         old time.",
    ),
    (
        "SELECT a.id FROM events a WHERE EXISTS (SELECT 1 FROM events b
         WHERE b.email IS a.email AND b.event IS a.event AND b.ts > a.ts)",
        "Of rows with the same latest timestamp you keep all, as RANK does: none is older than the other. \
         Break the tie by the id.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY email, event ORDER BY ts DESC, id DESC) AS c
         FROM events WHERE email IS NOT NULL AND event IS NOT NULL) WHERE c > 1",
        "Duplicates whose key holds NULL are missing: `=` never matches NULL with NULL. PARTITION BY does, and \
         so does IS (IS NOT DISTINCT FROM in the standard).",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (
            PARTITION BY coalesce(email, ''), coalesce(event, '') ORDER BY ts DESC, id DESC) AS c
         FROM events) WHERE c > 1",
        "NULL and the empty text became one key: `coalesce(email, '')` makes them equal, and they are not. PARTITION BY \
         puts NULLs together by itself.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (
            PARTITION BY email || event ORDER BY ts DESC, id DESC) AS c FROM events) WHERE c > 1",
        "Different keys became one: put together, 'ab' and 'c' read like 'a' and 'bc', and with one NULL all of it is \
         NULL. Compare the columns, not their concatenation.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (
            PARTITION BY lower(email), event ORDER BY ts DESC, id DESC) AS c
         FROM events) WHERE c > 1",
        "'A@x.com' and 'a@x.com' became one key. That may be wise, but it is a decision about the data, and the \
         question says equal.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (
            PARTITION BY lower(email), lower(event) ORDER BY ts DESC, id DESC) AS c
         FROM events) WHERE c > 1",
        "'A@x.com' and 'a@x.com' became one key, and 'Click' and 'click' too. That may be wise, but it is a decision about \
         the data, and the question says equal.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (
            PARTITION BY email, event ORDER BY ts || id DESC) AS c FROM events) WHERE c > 1",
        "Of rows with the same time you compare the ids as text, where '9' comes after '10'. Order by two columns: ts \
         DESC, id DESC.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY email ORDER BY ts DESC, id DESC) AS c
         FROM events) WHERE c > 1",
        "The key is the email and the event. A view is no duplicate of a click.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY email, event ORDER BY ts, id) AS c
         FROM events) WHERE c > 1",
        "You keep the oldest row: the order must be descending, so that the newest has number 1.",
    ),
    (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY email, event ORDER BY ts DESC, id DESC) AS c
         FROM events) WHERE c = 1",
        "These are the rows to keep. The question is which have to go.",
    ),
    (
        "SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY email, event) AS c FROM events) WHERE c > 1",
        "These are all rows of the groups with duplicates. One row of each group has to stay.",
    ),
];

/// Exercise 1 of question 17: the ids of all rows of `events` but the newest of each (email, event), ordered.
///
/// Newest is the latest `ts` and, of equal ones, the highest `id`; NULL equals NULL.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q17_surplus;
///
/// let by_id = "SELECT a.id FROM events a WHERE EXISTS (SELECT 1 FROM events b
///              WHERE b.email IS a.email AND b.event IS a.event AND b.id > a.id) ORDER BY 1";
/// assert!(check_q17_surplus(by_id).message().contains("You keep the highest id"));
/// ```
pub fn check_q17_surplus(answer: &str) -> Verdict {
    settled(surplus(answer))
}

fn surplus(answer: &str) -> Result<Verdict> {
    let visible = events()?;
    visible.execute(
        "INSERT INTO events VALUES (7,'c@x.com','click','2023-12-31')",
        [],
    )?;
    let hidden = events()?;
    hidden.execute_batch(
        "INSERT INTO events VALUES
            (7,'c@x.com','click','2023-12-31'),(8,'b@x.com','view','2024-01-02'),
            (9,NULL,'view','2024-01-05'),(10,NULL,'view','2024-01-04'),(11,'a@x.com','view','2024-01-01'),
            (12,'d@x.com',NULL,'2024-01-01'),(13,'d@x.com',NULL,'2024-01-01'),
            (14,'','view','2024-01-03'),(15,'d@x.com','','2024-01-02'),
            (16,'ab','c','2024-01-01'),(17,'a','bc','2024-01-02'),(18,'A@x.com','click','2024-01-02');
         INSERT INTO events VALUES (99,'e@x.com','view','2024-01-06'),(100,'e@x.com','view','2024-01-06'),
            (101,'f@x.com','view','2024-01-06 09:00'),(102,'f@x.com','view','2024-01-06 08:00'),
            (103,' a@x.com','click','2024-01-02'),(104,'a@x.com ','click','2024-01-02'),
            (105,'a@x.com','Click','2024-01-02'),(106,'g@x.com','view','2024-01-07 09:00:30'),
            (107,'g@x.com','view','2024-01-07 09:00:10');",
    )?;
    hidden.execute_batch(&format!(
        "INSERT INTO events VALUES {}",
        rows_with_lookalikes(200)
    ))?;
    let texts: Vec<String> = with_text_for_null(SURPLUS).collect();
    let together: Vec<String> = put_together(SURPLUS).collect();
    let texts = texts.iter().map(|sql| (sql.as_str(), TEXT_FOR_NULL));
    let together = together.iter().map(|sql| (sql.as_str(), PUT_TOGETHER));
    let wrong: Vec<(&str, &str)> = WRONG_SURPLUS
        .into_iter()
        .chain(texts)
        .chain(together)
        .collect();
    SqlExercise {
        tables: vec![visible, hidden],
        right: SURPLUS,
        columns: "id (one column)",
        wrong: &wrong,
        order: "The rows are right, their order is not: order by the id.",
        explanation: "The order in the window is total, because id is unique: so exactly one row of each key, \
                      NULL or not, has number 1, and it is the newest by time.",
    }
    .check(answer)
}

/// Exercise 2 of question 17: a statement with ?1 (email), ?2 (event) and ?3 (ts) that records an event in a table
/// with `UNIQUE (email, event)`, and keeps the latest time, whatever the order in which events arrive.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q17_upsert;
///
/// let replace = "INSERT OR REPLACE INTO events (email, event, ts) VALUES (?1, ?2, ?3)";
/// assert!(check_q17_upsert(replace).message().contains("deletes the old row"));
/// ```
pub fn check_q17_upsert(answer: &str) -> Verdict {
    settled(upsert(answer))
}

const UNIQUE_EVENTS: &str = "CREATE TABLE events (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL, event TEXT NOT NULL, ts TEXT NOT NULL,
    UNIQUE (email, event));
    INSERT INTO events VALUES (1,'a@x.com','click','2024-01-03'),(2,'b@x.com','view','2024-01-02');";

/// Each step: what arrives, what the row must be afterwards (id, ts), and what is wrong if it is not.
const ARRIVALS: [([&str; 3], (i64, &str), &str); 12] = [
    (
        ["a@x.com", "view", "2024-01-01"],
        (3, "2024-01-01"),
        "An event with a new key has to be inserted.",
    ),
    (
        ["b@x.com", "view", "2024-02-01"],
        (2, "2024-02-01"),
        "A newer event did not change the time: OR IGNORE and DO NOTHING keep the first row that came.",
    ),
    (
        ["a@x.com", "click", "2023-12-31"],
        (1, "2024-01-03"),
        "An older event that arrived late overwrote the newer time. Update only WHERE the new time is later.",
    ),
    (
        ["b@x.com", "view", "2024-01-15"],
        (2, "2024-02-01"),
        "An older event that arrived late overwrote the newer time. Compare it with the time that is there.",
    ),
    (
        ["b@x.com", "view", "2024-02-01"],
        (2, "2024-02-01"),
        "The same event once more must change nothing.",
    ),
    (
        ["a@x.com", "view", "2024-03-01"],
        (3, "2024-03-01"),
        "The second event of a new key did not move its time forward.",
    ),
    (
        ["a@x.com", "view", "2024-03-01 10:00"],
        (3, "2024-03-01 10:00"),
        "A later time on the same day did not count: compare the whole time, not the date.",
    ),
    (
        ["A@x.com", "click", "2024-01-01"],
        (4, "2024-01-01"),
        "'A@x.com' is another key than 'a@x.com': record what arrived, as it arrived.",
    ),
    (
        [" a@x.com", "click", "2024-01-01"],
        (5, "2024-01-01"),
        "' a@x.com', with a space before it, is another key than 'a@x.com': record what arrived, as it arrived.",
    ),
    (
        ["a@x.com ", "click", "2024-01-01"],
        (6, "2024-01-01"),
        "'a@x.com ', with a space after it, is another key than 'a@x.com': record what arrived, as it arrived.",
    ),
    (
        ["a@x.com", "Click", "2024-01-01"],
        (7, "2024-01-01"),
        "'Click' is another key than 'click': record what arrived, as it arrived.",
    ),
    (
        ["a@x.com", "view", "2024-03-01 10:00:20"],
        (3, "2024-03-01 10:00:20"),
        "A later time in the same minute did not count: compare the whole time.",
    ),
];

fn upsert(answer: &str) -> Result<Verdict> {
    if answer.trim().is_empty() {
        return Ok(Verdict::not_yet(
            "The answer is empty: write an INSERT statement.",
        ));
    }
    let mut con = Connection::open_in_memory()?;
    limit(&mut con)?;
    con.execute_batch(UNIQUE_EVENTS)?;
    for (arrival, expected, misconception) in ARRIVALS {
        if let Err(error) = run(&con, answer, arrival) {
            return Ok(Verdict::not_yet(refused(&error)));
        }
        let key = [arrival[0], arrival[1]];
        let sql = "SELECT id, ts FROM events WHERE email = ?1 AND event = ?2";
        let mut statement = con.prepare(sql)?;
        let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
        let right_time = rows.iter().any(|(_, ts)| ts == expected.1);
        let right_row = rows.iter().any(|&(id, _)| id == expected.0);
        if right_time && !right_row {
            return Ok(Verdict::not_yet(
                "The row has another id than before: OR REPLACE deletes the old row and inserts a new one, so that \
                 whatever refers to its id is lost. Use ON CONFLICT ... DO UPDATE.",
            ));
        }
        if !right_time {
            return Ok(Verdict::not_yet(misconception));
        }
    }
    let rows: i64 = con.query_row("SELECT count(*) FROM events", [], |row| row.get(0))?;
    Ok(match rows {
        7 => Verdict::passed(
            "One row for each key, its id kept, its time only ever moving forward: the result does not depend on \
             the order of arrival, and a retry changes nothing.",
        ),
        other => Verdict::not_yet(format!("Seven keys must give 7 rows; there are {other}.")),
    })
}

/// Runs a statement to its end, whatever rows it returns, as RETURNING does.
fn run(con: &Connection, sql: &str, parameters: impl rusqlite::Params) -> rusqlite::Result<()> {
    let mut statement = con.prepare(sql)?;
    let mut rows = statement.query(parameters)?;
    // An answer may return rows for ever; no right one returns so many.
    for _ in 0..MOST_ROWS {
        if rows.next()?.is_none() {
            break;
        }
    }
    Ok(())
}

fn refused(error: &rusqlite::Error) -> String {
    let told = error.to_string();
    if told.contains("does not match any") {
        return "ON CONFLICT (...) has to name exactly the columns of a unique constraint, and the table's is on (email, event)."
            .to_owned();
    }
    if told.contains("UNIQUE constraint") {
        return "The second event of a key is refused by the UNIQUE constraint: say what is to happen ON CONFLICT."
            .to_owned();
    }
    sql_answer::refused(error)
}

#[cfg(test)]
mod mutants;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::DuplicateRule;

    #[test]
    fn the_right_surplus_passes_in_any_form() -> Result<()> {
        assert!(check_q17_surplus(SURPLUS).has_passed());
        let rule = DuplicateRule::new("events", &["email", "event"], "ts", "id")?;
        let by_self_join = rule.self_join_sql().replace("SELECT t.*", "SELECT t.id");
        let verdict = check_q17_surplus(&by_self_join);
        assert!(verdict.has_passed(), "{verdict}");
        Ok(())
    }

    #[test]
    fn each_wrong_surplus_is_told_its_misconception() {
        for (wrong, message) in WRONG_SURPLUS {
            let verdict = check_q17_surplus(&format!("{wrong} ORDER BY 1"));
            assert_eq!((verdict.has_passed(), verdict.message()), (false, message));
        }
        let repeated =
            "SELECT a.id FROM events a JOIN events b ON a.email IS b.email AND a.event IS b.event
                        AND (a.ts, a.id) < (b.ts, b.id) ORDER BY 1";
        assert!(
            check_q17_surplus(repeated)
                .message()
                .contains("more than once")
        );
    }

    #[test]
    fn nonsense_gets_an_answer_too() {
        for nonsense in [
            "",
            "?",
            "SELECT 1, 2",
            "SELECT 1 WHERE 0",
            "DROP TABLE events",
            "SELECT id FROM nothing",
        ] {
            assert!(!check_q17_surplus(nonsense).has_passed(), "{nonsense}");
            assert!(!check_q17_upsert(nonsense).has_passed(), "{nonsense}");
        }
    }

    #[test]
    fn the_right_upsert_passes() -> Result<()> {
        let right = "INSERT INTO events (email, event, ts) VALUES (?1, ?2, ?3)
                     ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts)";
        assert!(check_q17_upsert(right).has_passed());
        let rule = DuplicateRule::new("events", &["email", "event"], "ts", "id")?;
        let generated = rule
            .with_nulls(crate::sql::NullKeys::Different)
            .upsert_sql();
        let verdict = check_q17_upsert(&generated);
        assert!(verdict.has_passed(), "{verdict}");
        Ok(())
    }

    #[test]
    fn each_wrong_upsert_is_told_its_misconception() {
        for (wrong, message) in [
            (
                "INSERT INTO events (email, event, ts) VALUES (?1, ?2, ?3)",
                "say what is to happen ON CONFLICT",
            ),
            (
                "INSERT OR IGNORE INTO events (email, event, ts) VALUES (?1, ?2, ?3)",
                "keep the first row",
            ),
            (
                "INSERT OR REPLACE INTO events (email, event, ts) VALUES (?1, ?2, ?3)",
                "deletes the old row",
            ),
            (
                "INSERT INTO events (email, event, ts) VALUES (?1, ?2, ?3)
                 ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts",
                "arrived late overwrote",
            ),
            (
                "UPDATE events SET ts = ?3 WHERE email = ?1 AND event = ?2",
                "has to be inserted",
            ),
            ("INSERT INTO events (email) VALUES (?1)", "SQLite says"),
        ] {
            let verdict = check_q17_upsert(wrong);
            assert!(
                !verdict.has_passed() && verdict.message().contains(message),
                "{wrong}: {verdict}"
            );
        }
    }
}
