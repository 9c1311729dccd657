//! What a review goes by: the weeks that count, the champion's performance, the triggers, harm (question 25).

use super::decision::MonitorTrigger;
use super::drift::{DataFault, DriftReport};
use super::lifecycle::ModelLifecycle;
use super::performance::{Performance, check_performance};
use crate::error::count;
use crate::evaluate::{AucDifference, FEWEST_FOR_DELONG, roc_auc_difference};
use crate::{Error, Result};
use ndarray::Array1;

/// What the champion's guardrails say.
pub(super) enum Harm {
    None,
    /// All weeks on guard have passed.
    Over,
    Found(String),
}

impl ModelLifecycle {
    /// The weeks after `after`, but `skipped`, that are sound, have labels and were scored by all `versions`.
    pub(super) fn matured(&self, versions: &[u32], after: u32, skipped: Option<u32>) -> Vec<u32> {
        let later = self.weeks.range(after.saturating_add(1)..);
        later
            .filter(|&(&week, record)| {
                let scored = versions
                    .iter()
                    .all(|version| record.scores.contains_key(version));
                scored && record.y.is_some() && !record.faulty && Some(week) != skipped
            })
            .map(|(&week, _)| week)
            .collect()
    }

    /// The labels of `weeks` and the scores of `version` for them.
    pub(super) fn pool(&self, weeks: &[u32], version: u32) -> (Array1<usize>, Array1<f64>) {
        let records = || weeks.iter().filter_map(|week| self.weeks.get(week));
        let labels = records()
            .flat_map(|record| record.y.iter().flatten())
            .copied();
        let scores = records().flat_map(|record| record.scores.get(&version).into_iter().flatten());
        (labels.collect(), scores.copied().collect())
    }

    /// The champion on the last matured weeks; none if no week has matured, or too few rows of a class have.
    pub(super) fn performance(&self, skipped: Option<u32>) -> Result<Option<Performance>> {
        let champion = self.version(self.champion)?;
        let matured = self.matured(&[self.champion], champion.trained_to, skipped);
        let last = matured.len().saturating_sub(self.policy.evaluate_weeks);
        if matured.is_empty() || self.too_few(&matured[last..]).is_some() {
            return Ok(None);
        }
        let (labels, scores) = self.pool(&matured[last..], self.champion);
        let policy = &self.policy.performance;
        check_performance(&labels, &scores, &champion.baseline, policy).map(Some)
    }

    /// What the review has found.
    pub(super) fn triggers(
        &self,
        week: u32,
        drift: &DriftReport,
        performance: Option<&Performance>,
    ) -> Vec<MonitorTrigger> {
        let last_training = self.versions.iter().map(|known| known.trained_in).max();
        let age = week.saturating_sub(last_training.unwrap_or(0));
        let found = [
            (MonitorTrigger::Fault, !faults(drift).is_empty()),
            (MonitorTrigger::Drift, !drift.drifted().is_empty()),
            (
                MonitorTrigger::AucDrop,
                performance.is_some_and(|p| p.dropped),
            ),
            (
                MonitorTrigger::Calibration,
                performance.is_some_and(|p| p.miscalibrated),
            ),
            (
                MonitorTrigger::Schedule,
                self.policy.schedule.is_some_and(|weeks| age >= weeks),
            ),
        ];
        found
            .into_iter()
            .filter_map(|(trigger, found)| found.then_some(trigger))
            .collect()
    }

    /// Whether the last promotion has to be undone.
    pub(super) fn harm(&self, mean_score: f64, skipped: Option<u32>) -> Result<Harm> {
        let Some(guard) = self.guard else {
            return Ok(Harm::None);
        };
        let expected = self.version(self.champion)?.expected_score();
        let shift = (mean_score - expected).abs();
        if skipped.is_none() && shift > self.policy.max_score_shift {
            return Ok(Harm::Found(format!(
                "mean score {mean_score:.3}, but {expected:.3} was expected"
            )));
        }
        let both = [self.champion, guard.predecessor];
        let weeks = self.matured(&both, guard.promoted_in, skipped);
        if weeks.is_empty() || self.too_few(&weeks).is_some() {
            return Ok(Harm::None);
        }
        match self.compare(&weeks, both)? {
            Some(test) if test.interval.upper < 0.0 => Ok(Harm::Found(format!(
                "AUC {:.3} below version {} in {}",
                -test.difference,
                guard.predecessor,
                count(weeks.len(), "week")
            ))),
            _ if weeks.len() >= self.policy.guard_weeks => Ok(Harm::Over),
            _ => Ok(Harm::None),
        }
    }

    /// How many rows of the rarer class `weeks` have, and its name, if they are fewer than DeLong's test needs.
    pub(super) fn too_few(&self, weeks: &[u32]) -> Option<(usize, &'static str)> {
        let records = weeks.iter().filter_map(|week| self.weeks.get(week));
        let (mut rows, mut positives) = (0, 0);
        for labels in records.filter_map(|record| record.y.as_ref()) {
            rows += labels.len();
            positives += labels.sum();
        }
        let (fewest, class) = match positives <= rows - positives {
            true => (positives, "positives"),
            false => (rows - positives, "negatives"),
        };
        (fewest < FEWEST_FOR_DELONG).then_some((fewest, class))
    }

    /// The AUC of the first version minus that of the second on `weeks`; none if both rank alike.
    pub(super) fn compare(
        &self,
        weeks: &[u32],
        [first, second]: [u32; 2],
    ) -> Result<Option<AucDifference>> {
        let (labels, challenger) = self.pool(weeks, first);
        let (_, champion) = self.pool(weeks, second);
        let confidence = self.policy.performance.confidence;
        match roc_auc_difference(&labels, &challenger, &champion, confidence) {
            // All weeks have both classes, so that only equal rankings are left.
            Err(Error::Undefined { .. }) => Ok(None),
            test => test.map(Some),
        }
    }
}

/// The broken features, in words.
pub(super) fn faults(drift: &DriftReport) -> Vec<String> {
    let columns = drift.columns.iter().enumerate();
    columns
        .filter_map(|(feature, column)| match column.fault? {
            DataFault::Stuck => Some(format!("feature {feature} is stuck")),
            DataFault::OutOfRange => Some(format!("feature {feature} is out of its range")),
        })
        .collect()
}
