//! The parts of a lifecycle as they are read again.

use super::super::damaged;
use super::super::decision::{MonitorAction, MonitorTrigger, ReviewDecision, WeekMetrics};
use super::super::drift::DriftReference;
use super::super::lifecycle::WeekRecord;
use super::super::model::{LinearScorer, ModelVersion, Status};
use crate::evaluate::AucInterval;
use crate::{Interval, Result};
use ndarray::Array2;
use rusqlite::Connection;
use std::collections::BTreeMap;

pub(super) fn versions(con: &Connection) -> Result<Vec<ModelVersion>> {
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
                interval: Interval {
                    lower: row.get(6)?,
                    upper: row.get(7)?,
                },
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

pub(super) fn decisions(con: &Connection) -> Result<Vec<ReviewDecision>> {
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

pub(super) fn metrics(con: &Connection) -> Result<Vec<WeekMetrics>> {
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
                (Some(auc), Some(lower), Some(upper)) => Some((auc, Interval { lower, upper })),
                _ => None,
            },
            baseline: needed("baseline")?,
        })
    };
    weeks.into_iter().map(read).collect()
}

pub(super) fn weeks(con: &Connection) -> Result<BTreeMap<u32, WeekRecord>> {
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

fn floats(bytes: &[u8]) -> Vec<f64> {
    let (chunks, _) = bytes.as_chunks();
    chunks
        .iter()
        .map(|&chunk| f64::from_le_bytes(chunk))
        .collect()
}
