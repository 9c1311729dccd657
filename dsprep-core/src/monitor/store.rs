//! A lifecycle in SQLite: saved in one transaction, restored to the last bit (question 25).
//!
//! All tables are named `lifecycle_` and what they hold. `versions`, `metrics`, `decisions`, `policies` and `settings`
//! are for people, who ask "which model answered in March, by which thresholds, and why was it replaced?"; `weeks`,
//! `scores` and `state` are what a restart needs. Arrays are blobs of little-endian 64-bit floats.
//! No other table is touched, nor one of these names that was not written here.

use super::damaged;
use super::decision::{MonitorAction, MonitorPolicy, MonitorTrigger, ReviewDecision, WeekMetrics};
use super::drift::DriftReference;
use super::lifecycle::{Guard, ModelLifecycle, WeekRecord};
use super::model::{LinearScorer, ModelVersion, Status};
use super::policy;
use crate::evaluate::AucInterval;
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::BTreeMap;

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
        lifecycle.version(champion)?;
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

fn save_version(transaction: &Transaction<'_>, version: &ModelVersion) -> Result<()> {
    let baseline = version.baseline;
    let reference: Vec<f64> = version.reference.columns.concat();
    transaction.execute(
        "INSERT INTO lifecycle_versions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            version.version,
            version.status.name(),
            version.trained_in,
            version.trained_to,
            baseline.auc,
            baseline.standard_error,
            baseline.lower,
            baseline.upper,
            version.model.intercept,
            bytes(&version.model.weights),
            bytes(&reference)
        ],
    )?;
    Ok(())
}

fn versions(con: &Connection) -> Result<Vec<ModelVersion>> {
    let mut statement = con.prepare(
        "SELECT version, status, trained_in, trained_to, auc, standard_error, lower, upper, intercept,
            weights, reference FROM lifecycle_versions ORDER BY version",
    )?;
    let mut rows = statement.query([])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        let weights = floats(&row.get::<_, Vec<u8>>(9)?);
        let reference = floats(&row.get::<_, Vec<u8>>(10)?);
        let columns = weights.len() + 1;
        if reference.is_empty() || !reference.len().is_multiple_of(columns) {
            return Err(damaged("the stored reference", reference.len()));
        }
        let length = reference.len() / columns;
        versions.push(ModelVersion {
            version: row.get(0)?,
            status: Status::from_name(&row.get::<_, String>(1)?)?,
            trained_in: row.get(2)?,
            trained_to: row.get(3)?,
            baseline: AucInterval {
                auc: row.get(4)?,
                standard_error: row.get(5)?,
                lower: row.get(6)?,
                upper: row.get(7)?,
            },
            model: LinearScorer {
                weights: weights.into(),
                intercept: row.get(8)?,
            },
            reference: DriftReference {
                columns: reference.chunks(length).map(<[f64]>::to_vec).collect(),
            },
        });
    }
    Ok(versions)
}

fn save_decision(
    transaction: &Transaction<'_>,
    number: u32,
    decision: &ReviewDecision,
) -> Result<()> {
    let triggers: Vec<&str> = decision.triggers.iter().map(|it| it.name()).collect();
    transaction.execute(
        "INSERT INTO lifecycle_decisions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            number,
            decision.week,
            decision.policy,
            decision.champion,
            decision.action.name(),
            decision.version,
            triggers.join(", "),
            decision.reason
        ],
    )?;
    Ok(())
}

fn decisions(con: &Connection) -> Result<Vec<ReviewDecision>> {
    let mut statement = con.prepare(
        "SELECT week, policy, champion, action, version, triggers, reason FROM lifecycle_decisions ORDER BY number",
    )?;
    let mut rows = statement.query([])?;
    let mut decisions = Vec::new();
    while let Some(row) = rows.next()? {
        let triggers: String = row.get(5)?;
        let names = triggers.split(", ").filter(|name| !name.is_empty());
        decisions.push(ReviewDecision {
            week: row.get(0)?,
            policy: row.get(1)?,
            champion: row.get(2)?,
            action: MonitorAction::from_name(&row.get::<_, String>(3)?)?,
            version: row.get(4)?,
            triggers: names
                .map(MonitorTrigger::from_name)
                .collect::<Result<_>>()?,
            reason: row.get(6)?,
        });
    }
    Ok(decisions)
}

fn save_metrics(transaction: &Transaction<'_>, metrics: &WeekMetrics) -> Result<()> {
    let mut values = vec![
        ("mean_score", metrics.mean_score),
        ("largest_ks", metrics.largest_ks),
        ("largest_psi", metrics.largest_psi),
        ("baseline", metrics.baseline),
    ];
    if let Some([auc, lower, upper]) = metrics.auc {
        values.extend([("auc", auc), ("auc_lower", lower), ("auc_upper", upper)]);
    }
    for (name, value) in values {
        transaction.execute(
            "INSERT INTO lifecycle_metrics VALUES (?1, ?2, ?3)",
            params![metrics.week, name, value],
        )?;
    }
    Ok(())
}

fn metrics(con: &Connection) -> Result<Vec<WeekMetrics>> {
    let mut statement =
        con.prepare("SELECT week, name, value FROM lifecycle_metrics ORDER BY week")?;
    let mut rows = statement.query([])?;
    let mut weeks: BTreeMap<u32, BTreeMap<String, f64>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let values = weeks.entry(row.get(0)?).or_default();
        values.insert(row.get(1)?, row.get(2)?);
    }
    let read = |(week, values): (u32, BTreeMap<String, f64>)| {
        let value = |name: &str| values.get(name).copied();
        let needed = |name: &str| value(name).ok_or_else(|| damaged("a stored metric", name));
        Ok(WeekMetrics {
            week,
            mean_score: needed("mean_score")?,
            largest_ks: needed("largest_ks")?,
            largest_psi: needed("largest_psi")?,
            auc: match (value("auc"), value("auc_lower"), value("auc_upper")) {
                (Some(auc), Some(lower), Some(upper)) => Some([auc, lower, upper]),
                _ => None,
            },
            baseline: needed("baseline")?,
        })
    };
    weeks.into_iter().map(read).collect()
}

fn save_week(transaction: &Transaction<'_>, week: u32, record: &WeekRecord) -> Result<()> {
    let labels = |y: &Array1<usize>| y.iter().map(|&label| label as u8).collect::<Vec<u8>>();
    transaction.execute(
        "INSERT INTO lifecycle_weeks VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            week,
            record.faulty,
            record.x.nrows() as i64,
            bytes(&record.x),
            record.y.as_ref().map(labels)
        ],
    )?;
    for (version, scores) in &record.scores {
        transaction.execute(
            "INSERT INTO lifecycle_scores VALUES (?1, ?2, ?3)",
            params![week, version, bytes(scores)],
        )?;
    }
    Ok(())
}

fn weeks(con: &Connection) -> Result<BTreeMap<u32, WeekRecord>> {
    let mut statement =
        con.prepare("SELECT week, faulty, rows, features, labels FROM lifecycle_weeks")?;
    let mut rows = statement.query([])?;
    let mut weeks: BTreeMap<u32, WeekRecord> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let height = usize::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
        let values = floats(&row.get::<_, Vec<u8>>(3)?);
        let width = values.len().checked_div(height).unwrap_or(0);
        let x = Array2::from_shape_vec((height, width), values);
        let labels: Option<Vec<u8>> = row.get(4)?;
        let record = WeekRecord {
            x: x.map_err(|_| damaged("the stored features' number of rows", height))?,
            y: labels.map(|labels| labels.into_iter().map(usize::from).collect()),
            scores: BTreeMap::new(),
            faulty: row.get(1)?,
        };
        weeks.insert(row.get(0)?, record);
    }
    let mut statement = con.prepare("SELECT week, version, scores FROM lifecycle_scores")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let scores: Vec<u8> = row.get(2)?;
        if let Some(record) = weeks.get_mut(&row.get(0)?) {
            record.scores.insert(row.get(1)?, floats(&scores).into());
        }
    }
    Ok(weeks)
}

/// The values in row-major order, 8 bytes each.
fn bytes<'a>(values: impl IntoIterator<Item = &'a f64>) -> Vec<u8> {
    values
        .into_iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

fn floats(bytes: &[u8]) -> Vec<f64> {
    let (chunks, _) = bytes.as_chunks();
    chunks
        .iter()
        .map(|&chunk| f64::from_le_bytes(chunk))
        .collect()
}
