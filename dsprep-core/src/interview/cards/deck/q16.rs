//! Question 16: SQL joins.

use super::{Card, Level, Source, Topic};

const Q16: Card = Card::of(Source::Question(16), Topic::Sql);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "types",
        level: Level::Junior,
        front: "What do INNER, LEFT, RIGHT and FULL OUTER JOIN do with a row that has no partner?",
        back: "INNER drops it. LEFT keeps it if it is in the left table, RIGHT if it is in the right \
            one, FULL OUTER in both cases; the missing side is filled with NULL.",
        wrong: "\"LEFT JOIN returns the left table's rows.\" It returns at least those: a row with \
            three partners appears three times.",
        follow_up: "A has 100 rows and B has 10. How many rows can `A LEFT JOIN B` have? At least \
            100, because each row of A stays; at most 1,000, if every pair matches; exactly 100 if \
            B's key is unique.",
        ..Q16
    },
    Card {
        key: "fan-out",
        level: Level::Senior,
        front: "After a new join, revenue in the report is 3 % higher. What happened?",
        back: "A key occurs more than once on the joined side, so order rows are repeated and `sum` \
            counts them again. Compare row counts before and after each join, and aggregate the \
            repeated side to one row for each key before you join.",
        wrong: "\"Add DISTINCT.\" It also merges two true orders of the same amount.",
        follow_up: "Which test in the pipeline would have caught it? A test that the key of the \
            joined table is unique, and one that the row count after the join equals that of the \
            left table.",
        ..Q16
    },
    Card {
        key: "where",
        level: Level::Junior,
        front: "Why does `LEFT JOIN orders o ... WHERE o.amount > 40` lose the customers without \
            orders?",
        back: "Their `o.amount` is NULL, `NULL > 40` is unknown, and WHERE keeps only what is true. \
            Put the condition into ON, where it decides what matches.",
        wrong: "\"ON and WHERE mean the same.\" Only for INNER JOIN.",
        follow_up: "How do you keep the customers without orders and those with one above 40, and \
            nobody else? A LEFT JOIN with `o.amount > 40` in ON, and `WHERE o.order_id IS NOT NULL \
            OR NOT EXISTS (SELECT 1 FROM orders x WHERE x.customer_id = c.id)`: whoever has orders, \
            but none above 40, drops out.",
        ..Q16
    },
    Card {
        key: "not-in",
        level: Level::Senior,
        front: "Why can `id NOT IN (SELECT customer_id FROM orders)` return no rows at all?",
        back: "If one `customer_id` is NULL, `id NOT IN (..., NULL)` is never true: the NULL might \
            be this id. Use NOT EXISTS, an anti join.",
        wrong: "\"Because the subquery is empty.\" Then every row would be returned.",
        follow_up: "Does `id IN (SELECT ...)` have the same trouble? No. IN is true if any value \
            is equal, whatever the NULLs; without a match it is unknown instead of false, and WHERE \
            drops both. Only the negation shows the difference.",
        ..Q16
    },
    Card {
        key: "union",
        level: Level::Senior,
        front: "Is a FULL OUTER JOIN the UNION of a LEFT and a RIGHT JOIN?",
        back: "Only if no two rows of the result are equal. UNION removes duplicates, so two \
            customers called Dave without orders become one. Take UNION ALL of the left join and \
            the right rows without a match.",
        wrong: "\"Yes, that is how it is written where FULL OUTER JOIN is missing.\"",
        follow_up: "Which databases still lack FULL OUTER JOIN? MySQL (up to 9 at least), MariaDB \
            (up to 11 at least), and SQLite before 3.39. PostgreSQL, SQL Server, Oracle and the warehouses \
            have it.",
        ..Q16
    },
    Card {
        key: "as-of",
        level: Level::Senior,
        front: "What is an as-of join, and what goes wrong without it?",
        back: "For each row, the last row of the other table with the same key and no later \
            time. A plain join on the key takes the newest value, which the model could not have \
            known: offline it shines, in production it fails.",
        wrong: "\"Join on the key and the same day.\" Then all days without a change have no \
            value.",
        follow_up: "By which time do you join: when it happened, or when it became known? When it \
            became known: a value that was booked late, or corrected, was not there for the model \
            on the day it happened. So store both times.",
        ..Q16
    },
];
