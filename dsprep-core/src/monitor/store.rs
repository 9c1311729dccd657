//! A lifecycle in SQLite: saved in one transaction, restored to the last bit (question 25).
//!
//! All tables are named `lifecycle_` and what they hold. `versions`, `metrics`, `decisions`, `policies` and `settings`
//! are for people, who ask "which model answered in March, by which thresholds, and why was it replaced?"; `weeks`,
//! `scores` and `state` are what a restart needs. Arrays are blobs of little-endian 64-bit floats.
//! No other table is touched, nor one of these names that was not written here.

mod check;
mod read;
mod write;

use super::damaged;
use super::decision::MonitorPolicy;
use super::lifecycle::{Guard, ModelLifecycle};
use super::policy;
use crate::{Error, Result};
use read::{decisions, metrics, versions, weeks};
use rusqlite::{Connection, OptionalExtension, params};
use write::{save_decision, save_metrics, save_version, save_week};

/// The number of the layout below. It grows whenever the layout changes.
const LAYOUT: i64 = 3;

/// The tables, all of them ours: their names begin with `lifecycle_`.
const TABLES: [&str; 8] = [
    "lifecycle_policies",
    "lifecycle_settings",
    "lifecycle_versions",
    "lifecycle_decisions",
    "lifecycle_metrics",
    "lifecycle_weeks",
    "lifecycle_scores",
    "lifecycle_state",
];

const SCHEMA: &str = "
    CREATE TABLE lifecycle_policies (
        policy INTEGER PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL);
    CREATE TABLE lifecycle_settings (
        policy INTEGER NOT NULL, name TEXT NOT NULL, value, PRIMARY KEY (policy, name));
    CREATE TABLE lifecycle_versions (
        version INTEGER PRIMARY KEY, status TEXT NOT NULL, trained_in INTEGER NOT NULL,
        trained_to INTEGER NOT NULL, auc REAL NOT NULL, standard_error REAL NOT NULL,
        lower REAL NOT NULL, upper REAL NOT NULL, intercept REAL NOT NULL,
        weights BLOB NOT NULL, reference BLOB NOT NULL);
    CREATE TABLE lifecycle_decisions (
        number INTEGER PRIMARY KEY, week INTEGER NOT NULL, policy INTEGER NOT NULL,
        champion INTEGER NOT NULL, action TEXT NOT NULL, version INTEGER NOT NULL, triggers TEXT NOT NULL,
        reason TEXT NOT NULL);
    CREATE TABLE lifecycle_metrics (
        week INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (week, name));
    CREATE TABLE lifecycle_weeks (
        week INTEGER PRIMARY KEY, faulty INTEGER NOT NULL, rows INTEGER NOT NULL,
        features BLOB NOT NULL, labels BLOB);
    CREATE TABLE lifecycle_scores (
        week INTEGER NOT NULL, version INTEGER NOT NULL, scores BLOB NOT NULL,
        PRIMARY KEY (week, version));
    CREATE TABLE lifecycle_state (
        layout INTEGER NOT NULL, champion INTEGER NOT NULL, last_week INTEGER NOT NULL,
        predecessor INTEGER, promoted_in INTEGER);";

impl ModelLifecycle {
    /// Writes everything to the tables `lifecycle_versions`, `…_decisions`, `…_policies`, `…_settings`, `…_metrics`,
    /// `…_weeks`, `…_scores` and `…_state`, in one transaction: a crash leaves what was saved before. Other
    /// tables stay as they are. O(rows kept).
    ///
    /// # Errors
    /// [`Error::Sqlite`] if SQLite can't write; [`Error::OutOfRange`] if the database has a table of one of these
    /// names that no lifecycle was saved to.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::monitor::{ModelLifecycle, MonitorPolicy, WeekStream};
    /// use dsprep_core::random::RandomState;
    /// use dsprep_core::rusqlite::Connection;
    /// let policy = MonitorPolicy::default();
    /// let lifecycle = ModelLifecycle::start_on(&WeekStream::stable(200, &mut RandomState::seed(1)), policy)?;
    /// let mut con = Connection::open_in_memory()?;
    /// lifecycle.save(&mut con)?;
    /// assert_eq!(ModelLifecycle::restore(&con, policy)?, lifecycle);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn save(&self, con: &mut Connection) -> Result<()> {
        let transaction = con.transaction()?;
        drop_saved(&transaction)?;
        transaction.execute_batch(SCHEMA)?;
        for policy in &self.policies {
            policy::save(&transaction, policy)?;
        }
        for version in &self.versions {
            save_version(&transaction, version)?;
        }
        for (number, decision) in (1_u32..).zip(&self.decisions) {
            save_decision(&transaction, number, decision)?;
        }
        for metrics in &self.metrics {
            save_metrics(&transaction, metrics)?;
        }
        for (&week, record) in &self.weeks {
            save_week(&transaction, week, record)?;
        }
        let guard = self.guard;
        transaction.execute(
            "INSERT INTO lifecycle_state VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                LAYOUT,
                self.champion,
                self.last_week,
                guard.map(|guard| guard.predecessor),
                guard.map(|guard| guard.promoted_in)
            ],
        )?;
        Ok(transaction.commit()?)
    }

    /// The lifecycle that [`save`](Self::save) wrote, by code that wants to decide by `policy`: it must be the
    /// saved one, or a restart would change decisions and nobody would know.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a setting is not the saved one; as [`restore_saved`](Self::restore_saved).
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::monitor::{ModelLifecycle, MonitorPolicy, WeekStream};
    /// use dsprep_core::random::RandomState;
    /// use dsprep_core::rusqlite::Connection;
    /// let policy = MonitorPolicy::default();
    /// let mut con = Connection::open_in_memory()?;
    /// ModelLifecycle::start_on(&WeekStream::stable(200, &mut RandomState::seed(1)), policy)?.save(&mut con)?;
    /// let hasty = policy.patience(1);
    /// assert!(ModelLifecycle::restore(&con, hasty).is_err());
    /// let mut lifecycle = ModelLifecycle::restore_saved(&con)?;
    /// lifecycle.change_policy(hasty, "drops are real here")?;
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn restore(con: &Connection, policy: MonitorPolicy) -> Result<Self> {
        let lifecycle = Self::restore_saved(con)?;
        policy::check_same(&lifecycle.policy, &policy)?;
        Ok(lifecycle)
    }

    /// The lifecycle that [`save`](Self::save) wrote, with the policy that was in force.
    ///
    /// # Errors
    /// [`Error::Empty`] if none was saved, [`Error::Sqlite`] if SQLite can't read,
    /// [`Error::OutOfRange`] if what is stored was not written by this library.
    pub fn restore_saved(con: &Connection) -> Result<Self> {
        if present(con)?.is_empty() {
            return Err(nothing_saved());
        }
        let layout = con
            .query_row("SELECT layout FROM lifecycle_state", [], |row| {
                row.get::<_, i64>(0)
            })
            .optional()?;
        if let Some(layout) = layout.filter(|layout| *layout != LAYOUT) {
            return Err(damaged("the layout of the saved state", layout));
        }
        let state = "SELECT champion, last_week, predecessor, promoted_in FROM lifecycle_state";
        let row = con
            .query_row(state, [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((champion, last_week, predecessor, promoted_in)) = row else {
            return Err(nothing_saved());
        };
        let guard: Option<(u32, u32)> = Option::zip(predecessor, promoted_in);
        let policies = policy::read(con)?;
        let Some(in_force) = policies.last() else {
            return Err(Error::Empty {
                what: "the table `lifecycle_policies`",
                item: "saved policy",
            });
        };
        let lifecycle = ModelLifecycle {
            policy: in_force.policy,
            policies,
            versions: versions(con)?,
            champion,
            guard: guard.map(|(predecessor, promoted_in)| Guard {
                predecessor,
                promoted_in,
            }),
            weeks: weeks(con)?,
            last_week,
            metrics: metrics(con)?,
            decisions: decisions(con)?,
        };
        lifecycle.check_restored()?;
        Ok(lifecycle)
    }
}

fn nothing_saved() -> Error {
    Error::Empty {
        what: "the table `lifecycle_state`",
        item: "saved lifecycle",
    }
}

/// Which of our names the database has, be it as a table or as anything else.
fn present(con: &Connection) -> Result<Vec<&'static str>> {
    let mut statement = con.prepare("SELECT count(*) FROM sqlite_master WHERE lower(name) = ?1")?;
    let mut found = Vec::new();
    for table in TABLES {
        if statement.query_row([table], |row| row.get::<_, i64>(0))? > 0 {
            found.push(table);
        }
    }
    Ok(found)
}

/// Drops what was saved before. Fails if a table of our name has no layout beside it: then it is someone else's.
fn drop_saved(con: &Connection) -> Result<()> {
    let found = present(con)?;
    let Some(first) = found.first() else {
        return Ok(());
    };
    let layout = con.query_row("SELECT layout FROM lifecycle_state", [], |row| {
        row.get::<_, i64>(0)
    });
    if !layout.is_ok_and(|layout| (1..=LAYOUT).contains(&layout)) {
        return Err(Error::OutOfRange {
            what: format!("the table `{first}` of the database"),
            found: "one that no lifecycle was saved to".to_owned(),
            expected: "absent; rename it, or save to another database",
        });
    }
    for table in found {
        con.execute_batch(&format!("DROP TABLE {table}"))?;
    }
    Ok(())
}
