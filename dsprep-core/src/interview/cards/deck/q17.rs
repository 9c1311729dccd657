//! Question 17: duplicates.

use super::{Card, Level, Source, Topic};

const Q17: Card = Card::of(Source::Question(17), Topic::Sql);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "find",
        level: Level::Junior,
        front: "Name two ways to find duplicate rows, and what each one shows.",
        back: "`GROUP BY key HAVING count(*) > 1` shows which keys are repeated and how often. \
            `ROW_NUMBER() OVER (PARTITION BY key ORDER BY ts DESC, id DESC)` numbers the rows within \
            each key, so that those above 1 are the surplus rows themselves.",
        wrong: "\"`SELECT DISTINCT`.\" It hides duplicates and finds none.",
        follow_up: "Which of the two can you delete by? By the numbers of ROW_NUMBER, since they \
            name rows: `DELETE ... WHERE id IN` those above 1. GROUP BY names keys; with `NOT IN \
            (SELECT max(id) ... GROUP BY key)` it deletes too, but by id.",
        ..Q17
    },
    Card {
        key: "self-join",
        level: Level::Senior,
        front: "`a JOIN b ON a.key = b.key AND a.id < b.id` is to list the surplus rows. Why does it \
            list too many?",
        back: "A row appears once for every later copy: with three copies the first one is listed \
            twice. Use EXISTS, which asks whether a later copy is there and does not multiply. \
            NULL keys match nothing and are missed.",
        wrong: "\"It lists each surplus row once, because of the `<`.\"",
        follow_up: "How many rows does it give for a key with k copies? k (k − 1) / 2, every pair \
            of copies once: 1 for two copies, 3 for three, 4,950 for a hundred.",
        ..Q17
    },
    Card {
        key: "newest",
        level: Level::Senior,
        front: "\"Keep the most recent row.\" By which column do you order?",
        back: "By the event's timestamp, and by the id to break ties. The highest id is the row \
            inserted last, which is not the newest event if data arrives late or is loaded again.",
        wrong: "\"By id, it grows with time.\"",
        follow_up: "Two rows have the same timestamp. Which one stays, and is it the same one in \
            the next run? Whichever the order happens to put first, and perhaps another one \
            tomorrow. End the order in a unique column: `ORDER BY ts DESC, id DESC`.",
        ..Q17
    },
    Card {
        key: "null",
        level: Level::Senior,
        front: "Are two rows whose key is NULL duplicates of each other?",
        back: "GROUP BY and PARTITION BY put NULLs into one group, so yes for them; `=` in a \
            join says no; and a UNIQUE constraint lets several NULLs in, except in SQL Server. \
            Decide first what a missing key means.",
        wrong: "\"NULL equals nothing, so SQL never treats them as duplicates.\"",
        follow_up: "How do you compare two columns so that NULL matches NULL? `a IS NOT DISTINCT \
            FROM b` in the standard and PostgreSQL, `a IS b` in SQLite, `a <=> b` in MySQL.",
        ..Q17
    },
    Card {
        key: "prevent",
        level: Level::Staff,
        front: "You deleted the duplicates. How do you keep them from coming back?",
        back: "With a UNIQUE constraint on the key and an upsert (`INSERT ... ON CONFLICT DO \
            UPDATE`), so that a retry of the load changes nothing; and with a test on the table. \
            The delete itself runs in a transaction and its row count is checked before the \
            commit.",
        wrong: "\"Run the clean-up every night.\"",
        follow_up: "The source delivers at least once. Where do you deduplicate, and for how long \
            do you remember keys? Where the effect happens, at the writer, by a key that the \
            producer makes; for at least as long as a message can be repeated, which is the \
            retention of the queue. A unique index remembers forever.",
        ..Q17
    },
    Card {
        key: "replace",
        level: Level::Senior,
        front: "`INSERT OR REPLACE` or `ON CONFLICT DO UPDATE`?",
        back: "DO UPDATE changes the row in place, with a condition if wanted. REPLACE deletes \
            the row and inserts another one: a new id, defaults for the columns that are not \
            named, and cascading deletes in other tables.",
        wrong: "\"They do the same.\"",
        follow_up: "An older event arrives late. How do you keep it from overwriting the newer one? \
            With a condition: `DO UPDATE SET ts = excluded.ts WHERE excluded.ts > events.ts`, or \
            `SET ts = max(ts, excluded.ts)`.",
        ..Q17
    },
];
