//! The upsert of question 17: an event is recorded once, with its latest time, whatever the order of arrival.

use crate::Result;
use crate::check::Verdict;
use crate::check::sql_answer::{self, MOST_ROWS, limit, settled};
use rusqlite::Connection;

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
    // An answer may return rows forever; no right one returns so many.
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
mod tests {
    use super::*;
    use crate::sql::DuplicateRule;

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
