//! Answers that are SQL queries: their rows, compared with those of the right query and of typical wrong ones.

mod final_order;
mod limit;

pub(super) use limit::{limit, refused};

use super::Verdict;
use crate::Result;
use final_order::end_of_final_order;
use rusqlite::Connection;
use rusqlite::types::Value;

/// The most rows that are read of an answer.
pub(super) const MOST_ROWS: usize = 10_000;

/// Longer texts, together, are cut off: no exercise asks for so many.
const MOST_BYTES: usize = 10_000_000;

/// What a query is compared with.
pub(super) struct SqlExercise<'a> {
    /// The tables of the exercise, then the hidden ones.
    pub tables: Vec<Connection>,
    /// A right answer.
    pub right: &'a str,
    /// The columns that it has, in words.
    pub columns: &'a str,
    /// Wrong answers, each with what it misunderstands.
    pub wrong: &'a [(&'a str, &'a str)],
    /// What to say if the rows are right and their order is not.
    pub order: &'a str,
    /// Why the right answer is right.
    pub explanation: &'a str,
}

type Rows = Vec<Vec<Value>>;

impl SqlExercise<'_> {
    /// Compares `answer` on all tables.
    pub fn check(mut self, answer: &str) -> Result<Verdict> {
        if answer.trim().is_empty() {
            return Ok(Verdict::not_yet(
                "The answer is empty: write a SELECT statement.",
            ));
        }
        for con in &mut self.tables {
            con.execute_batch("PRAGMA query_only = ON")?;
            limit(con)?;
        }
        let found = match self.rows_of(answer) {
            Ok(found) => found,
            Err(error) => return Ok(Verdict::not_yet(refused(&error))),
        };
        let expected = self.rows_of(self.right)?;
        if found == expected {
            return Ok(match self.order_by_accident(answer, &expected) {
                Some(message) => Verdict::not_yet(message),
                None => Verdict::passed(self.explanation),
            });
        }
        for (wrong, misconception) in self.wrong {
            if sorted(&found) == sorted(&self.rows_of(wrong)?) {
                return Ok(Verdict::not_yet(*misconception));
            }
        }
        Ok(Verdict::not_yet(self.difference(&found, &expected)))
    }

    fn rows_of(&self, sql: &str) -> rusqlite::Result<Vec<Rows>> {
        self.tables.iter().map(|con| rows(con, sql)).collect()
    }

    /// What is missing if the rows are right, but `answer` does not ask for their order, or not for all of it.
    ///
    /// Rows that tie in the ORDER BY are brought into two opposite orders by further terms; if both are the
    /// expected one, nothing was left open.
    fn order_by_accident(&self, answer: &str, expected: &[Rows]) -> Option<String> {
        let Some(end) = end_of_final_order(answer) else {
            return Some(
                "The rows are right and in the right order, but only by accident: nothing at the end of the statement \
                 asks for it. Another index, version or database may return them in any order: end with ORDER BY."
                    .to_owned(),
            );
        };
        let columns = expected.iter().flatten().map(Vec::len).next()?;
        let is_open = ["", " DESC"].iter().any(|direction| {
            let terms: String = (1..=columns)
                .map(|column| format!(", {column}{direction}"))
                .collect();
            let (before, after) = answer.split_at(end);
            // A statement that can't be extended in this way is taken as it is.
            self.rows_of(&format!("{before}{terms}{after}"))
                .is_ok_and(|rows| rows != expected)
        });
        is_open.then(|| {
            format!(
                "The rows are right, but your ORDER BY leaves the order of some open, and only by accident is it \
                 the right one. {}",
                self.order
            )
        })
    }

    /// What is the matter with rows that no known misconception gives.
    fn difference(&self, found: &[Rows], expected: &[Rows]) -> String {
        let width = |rows: &[Rows]| rows.iter().flatten().map(Vec::len).next();
        if width(found).is_some() && width(found) != width(expected) {
            return format!("The answer must have the columns {}.", self.columns);
        }
        if sorted(found) == sorted(expected) {
            return self.order.to_owned();
        }
        let once = |rows: &[Rows]| {
            let mut rows = sorted(rows);
            rows.iter_mut().for_each(Vec::dedup);
            rows
        };
        if once(found) == once(expected) {
            return "The rows are right, but some are listed more than once: \
                    a join gives a row for each partner. EXISTS gives it once."
                .to_owned();
        }
        let mut pairs = found.iter().zip(expected).enumerate();
        match pairs.find(|(_, (found, expected))| found != expected) {
            Some((table, (found, expected))) => {
                let tables = if table == 0 {
                    "On tables like those above"
                } else {
                    "On other tables, which you don't see,"
                };
                format!(
                    "{tables} the answer has {}, and {} are expected.{}",
                    crate::error::count(found.len(), "row"),
                    expected.len(),
                    example(found, expected)
                )
            }
            None => "The rows differ.".to_owned(),
        }
    }
}

/// A row that is expected and not there, or the other way round.
fn example(found: &[Vec<Value>], expected: &[Vec<Value>]) -> String {
    if let Some(missing) = expected.iter().find(|row| !found.contains(row)) {
        return format!(" Missing, for example: {}.", written(missing));
    }
    match found.iter().find(|row| !expected.contains(row)) {
        Some(extra) => format!(" Too much, for example: {}.", written(extra)),
        None => String::new(),
    }
}

fn written(row: &[Value]) -> String {
    let values = row.iter().map(|value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(integer) => integer.to_string(),
        Value::Real(real) => real.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(_) => "a blob".to_owned(),
    });
    format!("({})", values.collect::<Vec<_>>().join(", "))
}

/// The rows of a query, with numbers written as reals of at most six decimals: 90 equals 90.0, and a sum is the same
/// in whatever order it was added up.
fn rows(con: &Connection, sql: &str) -> rusqlite::Result<Rows> {
    let mut statement = con.prepare(sql)?;
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let values = (0..width).map(|column| {
            Ok(match row.get(column)? {
                Value::Integer(integer) => Value::Real(integer as f64),
                Value::Real(real) => Value::Real((real * 1e6).round() / 1e6),
                other => other,
            })
        });
        values.collect::<rusqlite::Result<Vec<Value>>>()
    })?;
    let mut room = MOST_BYTES;
    let has_room = |row: &rusqlite::Result<Vec<Value>>| {
        let sizes = row.iter().flatten().map(|value| match value {
            Value::Text(text) => text.len(),
            Value::Blob(bytes) => bytes.len(),
            _ => 0,
        });
        let before = room;
        room = room.saturating_sub(sizes.sum());
        before > 0
    };
    rows.take(MOST_ROWS).take_while(has_room).collect()
}

fn sorted(tables: &[Rows]) -> Vec<Rows> {
    let mut tables = tables.to_vec();
    for rows in &mut tables {
        rows.sort_by_key(|row| written(row));
    }
    tables
}

/// The verdict, or that the check itself failed.
pub(super) fn settled(verdict: Result<Verdict>) -> Verdict {
    verdict.unwrap_or_else(|error| {
        Verdict::not_yet(format!("The check itself failed, not your answer: {error}"))
    })
}
