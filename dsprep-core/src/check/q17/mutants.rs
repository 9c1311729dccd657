//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses, with_replaced};

#[test]
fn right_surplus_rows_pass_in_any_form() {
    assert_accepts("check_q17_surplus", [
        SURPLUS,
        "SELECT a.id FROM events a WHERE EXISTS (SELECT 1 FROM events b
         WHERE b.email IS a.email AND b.event IS a.event AND (b.ts, b.id) > (a.ts, a.id)) ORDER BY a.id",
        "SELECT id FROM events WHERE id NOT IN (
            SELECT first_value(id) OVER (PARTITION BY email, event ORDER BY ts DESC, id DESC) FROM events) ORDER BY id",
                    "SELECT id FROM (SELECT id, lead(id) OVER (PARTITION BY email, event ORDER BY ts, id) AS newer FROM events)
         WHERE newer IS NOT NULL ORDER BY id",
            "WITH newest AS MATERIALIZED (SELECT DISTINCT last_value(id) OVER (PARTITION BY email, event ORDER BY ts, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS id FROM events)
         SELECT e.id FROM events e LEFT JOIN newest n ON n.id = e.id WHERE n.id IS NULL ORDER BY 1",
"SELECT DISTINCT a.id FROM events a JOIN events b ON a.email IS b.email AND a.event IS b.event
         AND (a.ts < b.ts OR (a.ts = b.ts AND a.id < b.id)) ORDER BY 1",
        "SELECT id FROM events EXCEPT SELECT max(id) FROM events e
         WHERE ts = (SELECT max(ts) FROM events m WHERE m.email IS e.email AND m.event IS e.event)
         GROUP BY email, event ORDER BY id",
    ].map(check_q17_surplus));
}

#[test]
fn wrong_surplus_rows_are_refused_with_their_reason() {
    let mut wrong = with_replaced(
        check_q17_surplus,
        SURPLUS,
        &[
            (" ORDER BY id", "", "order by the id"),
            (" ORDER BY id", " ORDER BY 1 > 0", "order by the id"),
            (" ORDER BY id", " ORDER BY id DESC", "their order is not"),
            (
                "email, event ",
                "email ",
                "A view is no duplicate of a click",
            ),
            ("email, event ", "event ", "the answer has"),
            (
                "email, event ",
                "coalesce(email, ''), coalesce(event, '') ",
                "NULL and the empty text",
            ),
            (
                "email, event ",
                "email || event ",
                "Different keys became one",
            ),
            ("email, event ", "lower(email), event ", "became one key"),
            (
                "email, event ",
                "coalesce(email, 'NULL'), coalesce(event, 'NULL') ",
                "in its place became one key",
            ),
            (
                "email, event ",
                "coalesce(email, '-'), event ",
                "the answer has",
            ),
            (
                "email, event ",
                "coalesce(email, '') || '|' || coalesce(event, '') ",
                "whatever stands between",
            ),
            (
                "email, event ",
                "coalesce(email, '~') || '|' || coalesce(event, '~') ",
                "the answer has",
            ),
            ("email, event ", "email, event, ts ", "the answer has"),
            ("ts DESC, id DESC", "id DESC", "You keep the highest id"),
            (
                "ts DESC, id DESC",
                "ts || id DESC",
                "compare the ids as text",
            ),
            (
                "ts DESC, id DESC",
                "date(ts) DESC, id DESC",
                "the answer has",
            ),
            ("email, event ", "trim(email), event ", "the answer has"),
            ("email, event ", "rtrim(email), event ", "the answer has"),
            ("email, event ", "email, lower(event) ", "the answer has"),
            (
                "email, event ",
                "lower(email), lower(event) ",
                "and 'Click' and 'click' too",
            ),
            (
                "ts DESC, id DESC",
                "substr(ts, 1, 16) DESC, id DESC",
                "the answer has",
            ),
            ("ts DESC, id DESC", "ts, id", "You keep the oldest row"),
            ("ts DESC, id DESC", "ts DESC, id", "the answer has"),
            ("copy > 1", "copy = 1", "These are the rows to keep"),
            ("copy > 1", "copy > 2", "the answer has"),
            ("copy > 1", "copy >= 1", "the answer has"),
            (
                "FROM events\n",
                "FROM events WHERE email IS NOT NULL AND event IS NOT NULL\n",
                "holds NULL are missing",
            ),
        ],
    );
    let unordered =
        "SELECT a.id FROM events a WHERE EXISTS (SELECT 1 FROM events b WHERE b.email IS a.email
        AND b.event IS a.event AND (b.ts, b.id) > (a.ts, a.id))";
    wrong.push(("only by accident", check_q17_surplus(unordered)));
    let by_rank = SURPLUS
        .replace("row_number()", "rank()")
        .replace("ts DESC, id DESC", "ts DESC");
    wrong.push(("as RANK does", check_q17_surplus(&by_rank)));
    assert_refuses("check_q17_surplus", wrong);
}

const INSERT: &str = "INSERT INTO events (email, event, ts) VALUES (?1, ?2, ?3)";

#[test]
fn right_upserts_pass_in_any_form() {
    let tails = [
        "ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts WHERE excluded.ts > events.ts",
        "ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts)",
        "ON CONFLICT (event, email) DO UPDATE SET ts = iif(excluded.ts > ts, excluded.ts, ts)",
        "ON CONFLICT DO UPDATE SET ts = excluded.ts WHERE ts <= excluded.ts",
        "ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts) RETURNING id; -- done",
    ];
    assert_accepts(
        "check_q17_upsert",
        tails.map(|tail| check_q17_upsert(&format!("{INSERT} {tail}"))),
    );
}

#[test]
fn wrong_upserts_are_refused_with_their_reason() {
    assert_refuses("check_q17_upsert", [
        (INSERT.to_owned(), "say what is to happen ON CONFLICT"),
        (
            format!("{INSERT} ON CONFLICT DO NOTHING"),
            "keep the first row",
        ),
        (
            INSERT.replace("INSERT", "INSERT OR IGNORE"),
            "keep the first row",
        ),
        (
            INSERT.replace("INSERT", "INSERT OR REPLACE"),
            "deletes the old row",
        ),
        (INSERT.replace("INSERT", "REPLACE"), "deletes the old row"),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts"),
            "arrived late overwrote",
        ),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = min(ts, excluded.ts)"),
            "did not change the time",
        ),
        (
            format!(
                "{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts WHERE excluded.ts < ts"
            ),
            "did not change the time",
        ),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = ts"),
            "did not change the time",
        ),
        (
            format!("{INSERT} ON CONFLICT (email) DO UPDATE SET ts = excluded.ts"),
            "exactly the columns of a unique constraint",
        ),
        (INSERT.replace("?1, ?2", "?2, ?1"), "has to be inserted"),
        (
            "UPDATE events SET ts = max(ts, ?3) WHERE email = ?1 AND event = ?2".to_owned(),
            "has to be inserted",
        ),
        (
            format!(
                "{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts
                 WHERE date(excluded.ts) > date(events.ts)"
            ),
            "the whole time, not the date",
        ),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts)")
                .replace("VALUES (?1", "VALUES (lower(?1)"),
            "is another key",
        ),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts)")
                .replace("VALUES (?1", "VALUES (trim(?1)"),
            "with a space before it",
        ),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts)")
                .replace("VALUES (?1", "VALUES (rtrim(?1)"),
            "with a space after it",
        ),
        (
            format!("{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = max(ts, excluded.ts)")
                .replace("?1, ?2", "?1, lower(?2)"),
            "'Click' is another key",
        ),
        (
            format!(
                "{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts
                 WHERE substr(excluded.ts, 1, 16) > substr(events.ts, 1, 16)"
            ),
            "in the same minute",
        ),
        (
            "INSERT OR REPLACE INTO events (email, event, ts) SELECT ?1, ?2, max(?3, coalesce(
                (SELECT ts FROM events WHERE email = ?1 AND event = ?2), ?3))"
                .to_owned(),
            "deletes the old row",
        ),
        (
            format!(
                "{INSERT} ON CONFLICT (email, event) DO UPDATE SET ts = excluded.ts WHERE excluded.ts > '2024'"
            ),
            "arrived late overwrote",
        ),
    ].map(|(wrong, words)| (words, check_q17_upsert(&wrong))));
}
