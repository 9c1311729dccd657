//! Duplicate rows: finding them, deleting all but the newest, and keeping them out (question 17).
//!
//! Two rows are duplicates if they agree in the columns of a *key*. Of each group of duplicates the
//! newest row stays: the one with the latest timestamp and, of equal timestamps, with the highest id,
//! so that the answer never depends on the order in which rows are read. The others are its *surplus*.
//!
//! [`DuplicateRule`] says what a duplicate is, and writes the statements. NULL needs a decision:
//! `GROUP BY`, `DISTINCT` and `PARTITION BY` treat two NULLs as equal, `=` and `UNIQUE` do not (ISO/IEC
//! 9075-2:2016 calls the former "not distinct"). [`NullKeys`] makes the decision once, for all
//! statements.

mod delete;
mod polars_surplus;
mod sample;
mod statements;

pub use sample::events;

use super::query;
use crate::checks::check;
use crate::{Error, Result};
use polars::prelude::DataFrame;
use rusqlite::Connection;

/// Whether rows whose key holds NULL can be duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NullKeys {
    /// NULL equals NULL, as in `GROUP BY`, `PARTITION BY` and `IS NOT DISTINCT FROM`.
    #[default]
    Equal,
    /// NULL equals nothing, as in `=` and `UNIQUE`: a row with NULL in its key is never a duplicate.
    Different,
}

/// When two rows of a table are duplicates, and which of them is the newest.
///
/// Table and columns are quoted, so that any name works.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{DuplicateRule, events};
///
/// let mut con = events()?;
/// let rule = DuplicateRule::new("events", &["email", "event"], "ts", "id")?;
/// assert_eq!(rule.groups(&con)?.height(), 2);
/// assert_eq!(rule.surplus_by_window(&con)?.height(), 3);
/// assert_eq!(rule.delete_surplus(&mut con)?, 3);
/// assert_eq!(rule.delete_surplus(&mut con)?, 0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRule {
    table: String,
    key: Vec<String>,
    timestamp: String,
    id: String,
    nulls: NullKeys,
}

impl DuplicateRule {
    /// The numbered rows have all columns of the table and `copy`, which would mean another column if there was one of
    /// this name.
    fn check_columns(&self, con: &Connection) -> Result<()> {
        let sql = "SELECT count(*) FROM pragma_table_xinfo(?1) WHERE lower(name) = 'copy'";
        let taken: i64 = con.query_row(sql, [&self.table], |row| row.get(0))?;
        let expected =
            "no column, because the rows of each group are numbered in one of this name; rename it";
        check(
            "the column `copy` of the table",
            "there already",
            taken == 0,
            expected,
        )
    }

    /// Rows of `table` are duplicates if they agree in all columns of `key`; NULL equals NULL. The
    /// newest has the latest `timestamp` (a NULL is older than any), and of equal ones the highest `id`,
    /// which is to be the primary key.
    ///
    /// # Errors
    /// [`Error::Empty`] if `key` names no column.
    pub fn new(table: &str, key: &[&str], timestamp: &str, id: &str) -> Result<Self> {
        if key.is_empty() {
            return Err(Error::Empty {
                what: "`key`",
                item: "column",
            });
        }
        Ok(DuplicateRule {
            table: table.to_owned(),
            key: key.iter().map(|&column| column.to_owned()).collect(),
            timestamp: timestamp.to_owned(),
            id: id.to_owned(),
            nulls: NullKeys::default(),
        })
    }

    /// The same rule with another decision about NULL.
    pub fn with_nulls(mut self, nulls: NullKeys) -> Self {
        self.nulls = nulls;
        self
    }

    /// The keys that occur more than once, and how many `copies` there are of each.
    ///
    /// # Errors
    /// [`Error::Statement`] if `con` lacks the table or a column.
    pub fn groups(&self, con: &Connection) -> Result<DataFrame> {
        query(con, &self.groups_sql(), [])
    }

    /// The surplus rows, ordered by id, found by a window function. The column `copy` counts the rows of
    /// a group from the newest, which is 1. O(n log n): one sort.
    ///
    /// # Errors
    /// As [`groups`](Self::groups); [`Error::OutOfRange`] if the table has a column `copy`, as the rows are numbered in one
    /// of this name.
    pub fn surplus_by_window(&self, con: &Connection) -> Result<DataFrame> {
        self.check_columns(con)?;
        query(con, &self.window_sql(), [])
    }

    /// The surplus rows, ordered by id, found by a self-join: a row is surplus if there *exists* a newer
    /// one with its key. Without an index on the key this compares each row with each, O(n²).
    ///
    /// The original joins each row with *every* newer one, and so lists a row once for each of them. A
    /// semi join (`EXISTS`) lists it once.
    ///
    /// # Errors
    /// As [`groups`](Self::groups).
    pub fn surplus_by_self_join(&self, con: &Connection) -> Result<DataFrame> {
        query(con, &self.self_join_sql(), [])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    pub(super) fn rule() -> Result<DuplicateRule> {
        DuplicateRule::new("events", &["email", "event"], "ts", "id")
    }

    pub(super) fn ids(table: &DataFrame) -> Result<Vec<i64>> {
        if table.height() == 0 {
            return Ok(Vec::new());
        }
        Ok(table.column("id")?.i64()?.iter().flatten().collect())
    }

    /// `rows` events whose keys and timestamps repeat, and are NULL now and then.
    pub(super) fn random_events(rng: &mut RandomState, rows: usize) -> Result<Connection> {
        let con = events()?;
        con.execute("DELETE FROM events", [])?;
        for _ in 0..rows {
            let draw = rng.randint(0, 4, 3)?;
            let text = |value: i64, name: &str| (value > 0).then(|| format!("{name}{value}"));
            con.execute(
                "INSERT INTO events (email, event, ts) VALUES (?1, ?2, ?3)",
                (
                    text(draw[0], "mail"),
                    text(draw[1], "click"),
                    text(draw[2], "2024-01-0"),
                ),
            )?;
        }
        Ok(con)
    }

    /// The surplus by its definition, looking at every pair of rows.
    fn surplus_by_pairs(con: &Connection, nulls: NullKeys) -> Result<Vec<i64>> {
        type Row = (i64, [Option<String>; 2], Option<String>);
        let mut statement = con.prepare("SELECT id, email, event, ts FROM events ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get(0)?, [row.get(1)?, row.get(2)?], row.get(3)?))
        })?;
        let rows: Vec<Row> = rows.collect::<rusqlite::Result<_>>()?;
        let newer = |a: &Row, b: &Row| (&b.2, b.0) > (&a.2, a.0);
        let comparable = |a: &Row| nulls == NullKeys::Equal || a.1.iter().all(Option::is_some);
        let surplus = rows
            .iter()
            .filter(|a| comparable(a) && rows.iter().any(|b| a.1 == b.1 && newer(a, b)));
        Ok(surplus.map(|row| row.0).collect())
    }

    #[test]
    fn all_ways_find_the_same_surplus_on_random_tables_with_ties_and_nulls() -> Result<()> {
        let mut rng = RandomState::seed(17);
        for rows in [0, 1, 5, 30, 60] {
            let con = random_events(&mut rng, rows)?;
            for nulls in [NullKeys::Equal, NullKeys::Different] {
                let rule = rule()?.with_nulls(nulls);
                let expected = surplus_by_pairs(&con, nulls)?;
                assert_eq!(ids(&rule.surplus_by_window(&con)?)?, expected);
                assert_eq!(ids(&rule.surplus_by_self_join(&con)?)?, expected);
                let table = query(&con, "SELECT * FROM events", [])?;
                assert_eq!(ids(&rule.surplus_by_polars(&table)?)?, expected);
                let groups = rule.groups(&con)?;
                let copies: i64 = match groups.height() {
                    0 => 0,
                    _ => groups.column("copies")?.i64()?.iter().flatten().sum(),
                };
                assert_eq!(copies - groups.height() as i64, expected.len() as i64);
            }
        }
        Ok(())
    }

    #[test]
    fn null_keys_are_duplicates_only_if_the_rule_says_so() -> Result<()> {
        let con = events()?;
        con.execute_batch(
            "INSERT INTO events VALUES (7,NULL,'view','2024-01-01'),(8,NULL,'view','2024-01-02');",
        )?;
        let equal = rule()?.surplus_by_window(&con)?;
        assert_eq!(ids(&equal)?, [1, 2, 3, 7]);
        let different = rule()?.with_nulls(NullKeys::Different);
        assert_eq!(ids(&different.surplus_by_self_join(&con)?)?, [1, 2, 3]);
        Ok(())
    }

    #[test]
    fn any_names_can_be_quoted() -> Result<()> {
        let con = Connection::open_in_memory()?;
        con.execute_batch(
            r#"CREATE TABLE "or""der" ("group" TEXT, "at time" INTEGER, id INTEGER);
               INSERT INTO "or""der" VALUES ('a', 1, 1), ('a', 2, 2);"#,
        )?;
        let rule = DuplicateRule::new("or\"der", &["group"], "at time", "id")?;
        assert_eq!(ids(&rule.surplus_by_window(&con)?)?, [1]);
        Ok(())
    }

    #[test]
    fn a_wrong_column_is_named_and_an_empty_key_refused() -> Result<()> {
        let con = events()?;
        let wrong = DuplicateRule::new("events", &["emial"], "ts", "id")?;
        for result in [wrong.groups(&con), wrong.surplus_by_self_join(&con)] {
            let error = result.unwrap_err().to_string();
            assert!(
                error.contains("no such column") && error.contains("emial"),
                "{error}"
            );
        }
        let error = DuplicateRule::new("events", &[], "ts", "id").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`key` is empty, but it must hold at least one column."
        );
        Ok(())
    }
}
