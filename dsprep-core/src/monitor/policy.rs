//! The settings by which decisions are made, their versions, and how they are stored (question 25).
//!
//! A threshold that is changed between two runs changes decisions as much as a new model does. So each
//! policy has a number, each decision names it, and a change has a week and a reason.

use super::damaged;
use super::decision::MonitorPolicy;
use super::drift::{Correction, DriftPolicy};
use super::performance::PerformancePolicy;
use crate::Result;
use crate::error::out_of_range;
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params};
use std::collections::BTreeMap;

/// A policy, and since when and why decisions are made by it.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The last week that was served before it.
    pub since: u32,
    /// Why it came.
    pub reason: String,
    /// The settings.
    pub policy: MonitorPolicy,
}

/// The policy that a lifecycle starts with.
pub(super) fn first(policy: MonitorPolicy, since: u32) -> PolicyVersion {
    PolicyVersion {
        version: 1,
        since,
        reason: "the first".to_owned(),
        policy,
    }
}

/// Fails, and names the setting, if `given` is not the policy that was `saved`.
pub(super) fn check_same(saved: &MonitorPolicy, given: &MonitorPolicy) -> Result<()> {
    let Some((name, was, is)) = first_difference(saved, given) else {
        return Ok(());
    };
    let what = format!("the setting `{name}`, {} when it was saved,", shown(&was));
    let expected = "as it was saved: take the saved ones by `restore_saved` and note the change by `change_policy`";
    Err(out_of_range(&what, shown(&is), expected))
}

/// The first setting in which two policies differ: its name and both values.
pub(super) fn first_difference(
    a: &MonitorPolicy,
    b: &MonitorPolicy,
) -> Option<(&'static str, Value, Value)> {
    let pairs = settings(a).into_iter().zip(settings(b));
    let mut different = pairs.filter(|((_, a), (_, b))| a != b);
    different.next().map(|((name, a), (_, b))| (name, a, b))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Blob(_) => "none".to_owned(),
    }
}

/// All settings by name, as a notebook shows them.
pub(crate) fn settings_in_words(policy: &MonitorPolicy) -> Vec<(&'static str, String)> {
    let settings = settings(policy).into_iter();
    settings
        .map(|(name, value)| (name, shown(&value)))
        .collect()
}

/// All settings by name, as they are stored.
fn settings(policy: &MonitorPolicy) -> Vec<(&'static str, Value)> {
    let MonitorPolicy {
        drift,
        performance,
        evaluate_weeks,
        training_weeks,
        patience,
        c,
        schedule,
        shadow_weeks,
        guard_weeks,
        max_score_shift,
        history_weeks,
    } = *policy;
    let whole = |number: usize| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    vec![
        ("drift.alpha", drift.alpha.into()),
        (
            "drift.correction",
            drift.correction.name().to_owned().into(),
        ),
        ("drift.min_ks", drift.min_ks.into()),
        ("drift.min_psi", drift.min_psi.into()),
        ("drift.psi_bins", whole(drift.psi_bins)),
        ("drift.stuck_share", drift.stuck_share.into()),
        ("drift.outside_share", drift.outside_share.into()),
        ("performance.tolerance", performance.tolerance.into()),
        (
            "performance.rate_tolerance",
            performance.rate_tolerance.into(),
        ),
        ("performance.confidence", performance.confidence.into()),
        ("evaluate_weeks", whole(evaluate_weeks)),
        ("training_weeks", whole(training_weeks)),
        ("patience", whole(patience)),
        ("c", c.into()),
        ("schedule", schedule.map(i64::from).into()),
        ("shadow_weeks", whole(shadow_weeks)),
        ("guard_weeks", whole(guard_weeks)),
        ("max_score_shift", max_score_shift.into()),
        ("history_weeks", i64::from(history_weeks).into()),
    ]
}

/// The policy of these settings.
fn from_settings(values: &BTreeMap<String, Value>) -> Result<MonitorPolicy> {
    let value = |name: &str| {
        let found = values.get(name);
        found.ok_or_else(|| damaged(&format!("the stored `{name}`"), "missing"))
    };
    let wrong = |name: &str, found: &Value| damaged(&format!("the stored `{name}`"), shown(found));
    let real = |name: &str| match value(name)? {
        Value::Real(number) => Ok(*number),
        other => Err(wrong(name, other)),
    };
    let whole = |name: &str| match value(name)? {
        Value::Integer(number) => u32::try_from(*number).map_err(|_| damaged(name, number)),
        other => Err(wrong(name, other)),
    };
    let size = |name: &str| whole(name).map(|number| number as usize);
    let correction = match value("drift.correction")? {
        Value::Text(name) => Correction::from_name(name)?,
        other => return Err(wrong("drift.correction", other)),
    };
    let policy = MonitorPolicy {
        drift: DriftPolicy {
            alpha: real("drift.alpha")?,
            correction,
            min_ks: real("drift.min_ks")?,
            min_psi: real("drift.min_psi")?,
            psi_bins: size("drift.psi_bins")?,
            stuck_share: real("drift.stuck_share")?,
            outside_share: real("drift.outside_share")?,
        },
        performance: PerformancePolicy {
            tolerance: real("performance.tolerance")?,
            rate_tolerance: real("performance.rate_tolerance")?,
            confidence: real("performance.confidence")?,
        },
        evaluate_weeks: size("evaluate_weeks")?,
        training_weeks: size("training_weeks")?,
        patience: size("patience")?,
        c: real("c")?,
        schedule: match value("schedule")? {
            Value::Null => None,
            _ => Some(whole("schedule")?),
        },
        shadow_weeks: size("shadow_weeks")?,
        guard_weeks: size("guard_weeks")?,
        max_score_shift: real("max_score_shift")?,
        history_weeks: whole("history_weeks")?,
    };
    policy.check()?;
    Ok(policy)
}

pub(super) fn save(transaction: &Transaction<'_>, policy: &PolicyVersion) -> Result<()> {
    transaction.execute(
        "INSERT INTO lifecycle_policies VALUES (?1, ?2, ?3)",
        params![policy.version, policy.since, policy.reason],
    )?;
    for (name, value) in settings(&policy.policy) {
        transaction.execute(
            "INSERT INTO lifecycle_settings VALUES (?1, ?2, ?3)",
            params![policy.version, name, value],
        )?;
    }
    Ok(())
}

pub(super) fn read(con: &Connection) -> Result<Vec<PolicyVersion>> {
    let mut statement = con.prepare("SELECT policy, name, value FROM lifecycle_settings")?;
    let mut rows = statement.query([])?;
    let mut values: BTreeMap<u32, BTreeMap<String, Value>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let settings = values.entry(row.get(0)?).or_default();
        settings.insert(row.get(1)?, row.get(2)?);
    }
    let mut statement =
        con.prepare("SELECT policy, since, reason FROM lifecycle_policies ORDER BY policy")?;
    let mut rows = statement.query([])?;
    let mut policies = Vec::new();
    while let Some(row) = rows.next()? {
        let version = row.get(0)?;
        policies.push(PolicyVersion {
            version,
            since: row.get(1)?,
            reason: row.get(2)?,
            policy: from_settings(&values.remove(&version).unwrap_or_default())?,
        });
    }
    Ok(policies)
}
