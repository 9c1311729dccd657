//! The parts of a lifecycle as they are written, row by row.

use super::super::decision::{ReviewDecision, WeekMetrics};
use super::super::lifecycle::WeekRecord;
use super::super::model::ModelVersion;
use crate::{Interval, Result};
use ndarray::Array1;
use rusqlite::{Transaction, params};

pub(super) fn save_version(transaction: &Transaction<'_>, version: &ModelVersion) -> Result<()> {
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
            baseline.interval.lower,
            baseline.interval.upper,
            version.model.intercept,
            bytes(&version.model.weights),
            bytes(&reference)
        ],
    )?;
    Ok(())
}

pub(super) fn save_decision(
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

pub(super) fn save_metrics(transaction: &Transaction<'_>, metrics: &WeekMetrics) -> Result<()> {
    let mut values = vec![
        ("mean_score", metrics.mean_score),
        ("largest_ks", metrics.largest_ks),
        ("largest_psi", metrics.largest_psi),
        ("baseline", metrics.baseline),
    ];
    if let Some((auc, Interval { lower, upper })) = metrics.auc {
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

pub(super) fn save_week(
    transaction: &Transaction<'_>,
    week: u32,
    record: &WeekRecord,
) -> Result<()> {
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

/// The values in row-major order, 8 bytes each.
fn bytes<'a>(values: impl IntoIterator<Item = &'a f64>) -> Vec<u8> {
    values
        .into_iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}
