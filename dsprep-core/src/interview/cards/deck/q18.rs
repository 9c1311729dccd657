//! Question 18: top n per group.

use super::{Card, Level, Source, Topic};

const Q18: Card = Card::of(Source::Question(18), Topic::Sql);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "ranks",
        level: Level::Junior,
        front: "Revenues 90, 80, 80, 70. What do ROW_NUMBER, RANK and DENSE_RANK give?",
        back: "ROW_NUMBER 1, 2, 3, 4; RANK 1, 2, 2, 4; DENSE_RANK 1, 2, 2, 3.",
        wrong: "\"RANK gives 1, 2, 2, 3.\" That is DENSE_RANK.",
        follow_up: "Which one do you take for \"the top three customers\"? It depends on ties, so \
            ask. ROW_NUMBER with a tie-break for exactly three rows, RANK for \"all who are at \
            least third\", DENSE_RANK for \"the three highest revenues\".",
        ..Q18
    },
    Card {
        key: "ties",
        level: Level::Senior,
        front: "`RANK() <= 3` returned five customers for March. Is that a bug?",
        back: "It is a tie at rank 3, or above it, and RANK keeps all who tie. If the report has \
            room for three, use ROW_NUMBER with an explicit tie-break such as the customer's id, \
            and say so.",
        wrong: "\"Use LIMIT 3.\" That takes three rows of the whole result, not of each month.",
        follow_up: "Without a tie-break, is ROW_NUMBER's answer the same in every run? No: the \
            database may number equal rows in any order, which changes with the plan, an index or \
            the version.",
        ..Q18
    },
    Card {
        key: "where",
        level: Level::Junior,
        front: "Why can't you write `WHERE RANK() OVER (...) <= 3`?",
        back: "Window functions are computed after WHERE, GROUP BY and HAVING. Compute the rank in a \
            CTE or subquery and filter outside, or use QUALIFY where the database has it.",
        wrong: "\"Put it into HAVING.\" That also comes before the window functions.",
        follow_up: "Can you order the final result by a window function? Yes. ORDER BY is evaluated \
            after the window functions, so it may name one or contain one.",
        ..Q18
    },
    Card {
        key: "empty",
        level: Level::Senior,
        front: "A month without any order is missing from the report. How do you get it in?",
        back: "Make the months as a calendar table and LEFT JOIN the ranked revenues to it. No GROUP \
            BY can make a group of rows that are not there.",
        wrong: "\"`COALESCE(revenue, 0)`.\" There is no row to apply it to.",
        follow_up: "And a customer who did not buy in that month: rank last, or no rank? Ask. For \
            \"who bought most\", no rank. For \"all customers\", CROSS JOIN months and customers, \
            LEFT JOIN the revenues, `coalesce` to 0, and they share the last rank.",
        ..Q18
    },
    Card {
        key: "stream",
        level: Level::Senior,
        front: "How do you find the top k of a stream that you can't keep?",
        back: "A heap of the best k with the worst of them on top: a new value has to beat only \
            that one. O(n log k) time, O(k) memory.",
        wrong: "\"Sort everything.\" That is O(n log n), and needs all of it.",
        follow_up: "And if the values are sums that go on growing, or shrink after refunds? Then a \
            heap of k can't forget or take back. Keep all sums, in a hash map with an ordered \
            index: O(log n) for each change. If they don't fit, a sketch (Space-Saving) with a \
            stated error.",
        ..Q18
    },
    Card {
        key: "index",
        level: Level::Senior,
        front: "Why does `WHERE strftime('%Y-%m', d) = '2024-06'` not use the index on `d`?",
        back: "The index is in the order of `d`, and the condition is about a function of it. \
            Write a range on the bare column, `d >= '2024-06-01' AND d < '2024-07-01'`, or index \
            the expression.",
        wrong: "\"The index is broken.\", or \"add more indexes on `d`.\"",
        follow_up: "Why `<` the next month, and not BETWEEN the first and the last day? BETWEEN \
            includes its end: with times of day, everything on the last day after midnight is lost. \
            The half-open range is right for dates and times, and needs no length of the month.",
        ..Q18
    },
];
