//! Deleting the surplus, all or nothing, and refusing the next duplicate.

use super::DuplicateRule;
use crate::error::count;
use crate::sql::query::execute;
use crate::{Error, Result};
use rusqlite::{Connection, Transaction};

impl DuplicateRule {
    /// Deletes all but the newest row of each key, and returns how many went.
    ///
    /// In one transaction: counts the surplus (by `GROUP BY`), deletes it (by the window), and keeps the
    /// result only if as many rows went as were counted and none is left. Doing it again changes
    /// nothing. O(n log n).
    ///
    /// # Errors
    /// [`Error::Statement`] if the table or a column is missing or SQLite stops the deletion, and
    /// [`Error::RolledBack`] if the counts disagree, because ids repeat or a trigger interferes. In
    /// either case the table is as before. [`Error::OutOfRange`] if the table has a column `copy`, as the rows are
    /// numbered in one of this name.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::sql::{DuplicateRule, events, query};
    ///
    /// let mut con = events()?;
    /// let rule = DuplicateRule::new("events", &["email", "event"], "ts", "id")?;
    /// assert_eq!(rule.delete_surplus(&mut con)?, 3);
    /// let left = query(&con, "SELECT id FROM events ORDER BY id", [])?;
    /// assert_eq!(left.column("id")?.i64()?.to_vec(), [Some(4), Some(5), Some(6)]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn delete_surplus(&self, con: &mut Connection) -> Result<usize> {
        self.check_columns(con)?;
        let transaction = con.transaction()?;
        let counted = self.count_surplus(&transaction)?;
        let deleted = execute(&transaction, &self.delete_sql(), [])?;
        let left = self.count_surplus(&transaction)?;
        if deleted != counted || left != 0 {
            transaction.rollback()?;
            let counted = count(counted, "duplicate");
            let reason = format!("{counted} counted, {deleted} deleted, {left} left");
            return Err(Error::RolledBack { reason });
        }
        transaction.commit()?;
        Ok(deleted)
    }

    /// Makes SQLite refuse the next duplicate, by a unique index.
    ///
    /// # Errors
    /// [`Error::Statement`] if there are duplicates already: delete them first.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::sql::{DuplicateRule, events};
    ///
    /// let mut con = events()?;
    /// let rule = DuplicateRule::new("events", &["email", "event"], "ts", "id")?;
    /// assert!(rule.forbid_duplicates(&con).is_err());
    /// rule.delete_surplus(&mut con)?;
    /// rule.forbid_duplicates(&con)?;
    /// assert!(con.execute("INSERT INTO events VALUES (7,'a@x.com','click','2024-01-04')", []).is_err());
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn forbid_duplicates(&self, con: &Connection) -> Result<()> {
        self.groups(con)?;
        execute(con, &self.unique_index_sql(), []).map(|_| ())
    }

    fn count_surplus(&self, transaction: &Transaction<'_>) -> Result<usize> {
        let groups = self.groups(transaction)?;
        if groups.height() == 0 {
            return Ok(0);
        }
        // The last column, whatever the columns of the key are called.
        let Some(copies) = groups.columns().last() else {
            return Ok(0);
        };
        let copies: i64 = copies.i64()?.iter().flatten().sum();
        Ok(copies as usize - groups.height())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ids, random_events, rule};
    use super::super::{NullKeys, events};
    use super::*;
    use crate::random::RandomState;
    use crate::sql::query;

    fn all(con: &Connection) -> Result<Vec<i64>> {
        ids(&query(con, "SELECT id FROM events ORDER BY id", [])?)
    }

    #[test]
    fn of_each_key_one_row_stays_and_a_second_run_changes_nothing() -> Result<()> {
        let mut rng = RandomState::seed(18);
        for nulls in [NullKeys::Equal, NullKeys::Different] {
            let rule = rule()?.with_nulls(nulls);
            let mut con = random_events(&mut rng, 80)?;
            let surplus = rule.surplus_by_window(&con)?.height();
            assert!(surplus > 0);
            assert_eq!(rule.delete_surplus(&mut con)?, surplus);
            let after = all(&con)?;
            assert_eq!(rule.delete_surplus(&mut con)?, 0);
            assert_eq!(all(&con)?, after);
            rule.forbid_duplicates(&con)?;
        }
        Ok(())
    }

    #[test]
    fn the_newest_by_time_stays_even_if_its_id_is_lower() -> Result<()> {
        let mut con = events()?;
        con.execute_batch(
            "INSERT INTO events VALUES (7,'c@x.com','click','2023-12-31');
             INSERT INTO events VALUES (8,'b@x.com','view','2024-01-02');",
        )?;
        rule()?.delete_surplus(&mut con)?;
        assert_eq!(all(&con)?, [4, 5, 8]);
        Ok(())
    }

    #[test]
    fn an_error_in_the_middle_leaves_the_table_as_it_was() -> Result<()> {
        let mut con = events()?;
        con.execute_batch(
            "CREATE TRIGGER keep_2 BEFORE DELETE ON events WHEN old.id = 2
             BEGIN SELECT raise(ABORT, 'row 2 is under audit'); END",
        )?;
        let error = rule()?.delete_surplus(&mut con).unwrap_err().to_string();
        assert!(error.contains("row 2 is under audit"), "{error}");
        assert_eq!(all(&con)?, [1, 2, 3, 4, 5, 6]);
        Ok(())
    }

    #[test]
    fn a_row_that_stays_behind_undoes_the_deletion() -> Result<()> {
        let mut con = events()?;
        con.execute_batch(
            "CREATE TRIGGER keep_2 BEFORE DELETE ON events WHEN old.id = 2
             BEGIN SELECT raise(IGNORE); END",
        )?;
        let error = rule()?.delete_surplus(&mut con).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The transaction was rolled back and nothing has changed: \
             3 duplicates counted, 2 deleted, 1 left."
        );
        assert_eq!(all(&con)?, [1, 2, 3, 4, 5, 6]);
        Ok(())
    }

    #[test]
    fn an_upsert_moves_the_time_forward_and_never_back() -> Result<()> {
        for nulls in [NullKeys::Equal, NullKeys::Different] {
            let rule = rule()?.with_nulls(nulls);
            let mut con = events()?;
            rule.delete_surplus(&mut con)?;
            rule.forbid_duplicates(&con)?;
            let time = |con: &Connection| -> Result<String> {
                let sql = "SELECT group_concat(ts) FROM events WHERE email = 'b@x.com'";
                Ok(con.query_row(sql, [], |row| row.get(0))?)
            };
            let sql = rule.upsert_sql();
            con.execute(&sql, ["b@x.com", "view", "2024-02-01"])?;
            assert_eq!(time(&con)?, "2024-02-01");
            con.execute(&sql, ["b@x.com", "view", "2024-01-15"])?;
            assert_eq!(time(&con)?, "2024-02-01");
            for ts in ["2024-01-01", "2024-01-02"] {
                con.execute(&sql, (None::<&str>, "view", ts))?;
            }
            let with_null = if nulls == NullKeys::Equal { 1 } else { 2 };
            assert_eq!(all(&con)?.len(), 3 + with_null);
            con.execute(&sql, ("", "view", "2024-01-01"))?;
            assert_eq!(all(&con)?.len(), 4 + with_null);
        }
        Ok(())
    }
}
