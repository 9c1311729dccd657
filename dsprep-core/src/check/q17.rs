//! The exercises of question 17, duplicates.

mod delete;
mod keys;
mod upsert;

pub use delete::check_q17_delete;
pub use upsert::check_q17_upsert;

use super::Verdict;
use super::sql_answer::{SqlExercise, settled};
use crate::Result;
use crate::sql::events;
use keys::{PUT_TOGETHER, TEXT_FOR_NULL, put_together, rows_with_lookalikes, with_text_for_null};

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
}
