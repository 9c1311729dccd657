//! The statements of a rule. In each, `t` is the table, so that a misspelt column is an error: SQLite
//! takes an unknown name in double quotes for a text if nothing stands before it.

use super::{DuplicateRule, NullKeys};

impl DuplicateRule {
    /// `GROUP BY` the key, `HAVING` more than one row.
    pub fn groups_sql(&self) -> String {
        let key = self.key_of("t");
        format!(
            "SELECT {key}, count(*) AS copies\nFROM {table} AS t{comparable}\n\
             GROUP BY {key}\nHAVING count(*) > 1\nORDER BY {key}",
            table = quoted(&self.table),
            comparable = self.comparable(),
        )
    }

    /// `row_number()` in each partition of the key, counted from the newest row.
    pub fn window_sql(&self) -> String {
        format!(
            "SELECT * FROM (\n{}\n) AS t\nWHERE t.copy > 1\nORDER BY t.{}",
            self.numbered_sql(),
            quoted(&self.id)
        )
    }

    /// The rows for which a newer one with the same key exists.
    ///
    /// `IS` is SQLite's name for the standard's `IS NOT DISTINCT FROM`: an `=` under which NULL equals
    /// NULL. The comparison of rows goes from left to right: a known time is newer than NULL, then the
    /// later time, then the higher id.
    pub fn self_join_sql(&self) -> String {
        let equal = if self.nulls == NullKeys::Equal {
            "IS"
        } else {
            "="
        };
        let same_key: Vec<String> = self
            .key
            .iter()
            .map(|column| quoted(column))
            .map(|column| format!("newer.{column} {equal} t.{column}"))
            .collect();
        let (ts, id) = (quoted(&self.timestamp), quoted(&self.id));
        let age =
            |row: &str| format!("({row}.{ts} IS NOT NULL, coalesce({row}.{ts}, 0), {row}.{id})");
        format!(
            "SELECT t.* FROM {table} AS t\nWHERE EXISTS (\n  SELECT 1 FROM {table} AS newer\n  \
             WHERE {same_key}\n    AND {newer} > {this})\nORDER BY t.{id}",
            table = quoted(&self.table),
            same_key = same_key.join(" AND "),
            newer = age("newer"),
            this = age("t"),
        )
    }

    /// `DELETE` all but the newest row of each key.
    pub fn delete_sql(&self) -> String {
        let id = quoted(&self.id);
        format!(
            "DELETE FROM {table}\nWHERE {id} IN (SELECT t.{id} FROM (\n{numbered}\n) AS t WHERE t.copy > 1)",
            table = quoted(&self.table),
            numbered = self.numbered_sql()
        )
    }

    /// A unique index on the key, which refuses the next duplicate.
    ///
    /// `UNIQUE` treats two NULLs as different. Where they are to be equal, the index is on two
    /// expressions for each column, `c IS NULL` and `coalesce(c, '')`: so NULL equals NULL, and differs
    /// from the empty text. (PostgreSQL 15 and later write `NULLS NOT DISTINCT`.)
    pub fn unique_index_sql(&self) -> String {
        let name = format!("{}_newest", self.table);
        format!(
            "CREATE UNIQUE INDEX {} ON {} ({})",
            quoted(&name),
            quoted(&self.table),
            self.conflict_target()
        )
    }

    /// `INSERT` a key (parameters 1 to k, in the order of the rule) with its timestamp (parameter k + 1),
    /// or, if the key is there, move its timestamp forward; an older one that arrives late changes
    /// nothing. Needs the index of [`unique_index_sql`](Self::unique_index_sql).
    pub fn upsert_sql(&self) -> String {
        let (table, ts) = (quoted(&self.table), quoted(&self.timestamp));
        let columns: Vec<String> = self.key.iter().map(|column| quoted(column)).collect();
        let places: Vec<String> = (1..=self.key.len() + 1).map(|n| format!("?{n}")).collect();
        format!(
            "INSERT INTO {table} ({columns}, {ts}) VALUES ({places})\n\
             ON CONFLICT ({target}) DO UPDATE SET {ts} = excluded.{ts}\n\
             WHERE {table}.{ts} IS NULL OR excluded.{ts} > {table}.{ts}",
            columns = columns.join(", "),
            places = places.join(", "),
            target = self.conflict_target(),
        )
    }

    /// All rows that can be duplicates, numbered from the newest of each key.
    fn numbered_sql(&self) -> String {
        format!(
            "  SELECT t.*, row_number() OVER (\n    PARTITION BY {key}\n    \
             ORDER BY t.{ts} DESC NULLS LAST, t.{id} DESC) AS copy\n  FROM {table} AS t{comparable}",
            key = self.key_of("t"),
            ts = quoted(&self.timestamp),
            id = quoted(&self.id),
            table = quoted(&self.table),
            comparable = self.comparable(),
        )
    }

    /// The condition that leaves out rows whose key holds NULL, if these are never duplicates.
    fn comparable(&self) -> String {
        match self.nulls {
            NullKeys::Equal => String::new(),
            NullKeys::Different => {
                let known = self.key.iter().map(|column| quoted(column));
                let known: Vec<String> = known.map(|c| format!("t.{c} IS NOT NULL")).collect();
                format!("\nWHERE {}", known.join(" AND "))
            }
        }
    }

    fn key_of(&self, row: &str) -> String {
        let columns = self.key.iter().map(|column| quoted(column));
        let columns: Vec<String> = columns.map(|column| format!("{row}.{column}")).collect();
        columns.join(", ")
    }

    /// What the unique index is on.
    fn conflict_target(&self) -> String {
        let columns = self.key.iter().map(|column| quoted(column));
        let targets: Vec<String> = match self.nulls {
            NullKeys::Different => columns.collect(),
            NullKeys::Equal => columns
                .map(|column| format!("{column} IS NULL, coalesce({column}, '')"))
                .collect(),
        };
        targets.join(", ")
    }
}

/// A name as SQL writes it, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
