//! A model from its first training on: it serves, its labels come in, it is reviewed (question 25).
//!
//! Each step checks all that it is given before it changes anything, so that a wrong input leaves the state
//! as it was. What a review decides is in `review.rs`.

use super::decision::{MonitorAction, MonitorPolicy, ReviewDecision, WeekMetrics, WeekReport};
use super::model::{ModelVersion, Status};
use super::policy::{self, PolicyVersion};
use super::stream::{Week, WeekStream};
use crate::checks::room_for;
use crate::error::count;
use crate::error::out_of_range;
use crate::evaluate::binary;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use std::collections::BTreeMap;

/// The rows of a week, its labels once they are known, and what each version made of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WeekRecord {
    pub(super) x: Array2<f64>,
    pub(super) y: Option<Array1<usize>>,
    pub(super) scores: BTreeMap<u32, Array1<f64>>,
    /// A feature was broken: the week teaches nothing and proves nothing.
    pub(super) faulty: bool,
}

/// The champion before the last promotion, which scores on in case it has to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guard {
    pub(super) predecessor: u32,
    pub(super) promoted_in: u32,
}

/// A champion, perhaps a challenger in shadow, perhaps a predecessor on guard, and their history.
///
/// Three calls a week: [`serve`](Self::serve) scores the rows, [`label`](Self::label) takes the labels of an
/// earlier week, [`review`](Self::review) decides. [`advance`](Self::advance) makes all three on a
/// [`WeekStream`]. [`save`](Self::save) and [`restore`](Self::restore) may come between any two calls and
/// change nothing.
///
/// # Examples
/// ```
/// use dsprep_core::monitor::{ModelLifecycle, MonitorAction, MonitorPolicy, WeekStream};
/// use dsprep_core::random::RandomState;
/// let stream = WeekStream::stable(500, &mut RandomState::seed(1)).with_label_delay(2);
/// let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
/// let report = lifecycle.advance(&stream, 4)?; // weeks 0 to 3 were the training
/// assert_eq!(report.decision.action, MonitorAction::Keep);
/// assert!(report.performance.is_none()); // the labels of week 4 come in week 6
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ModelLifecycle {
    /// The last of `policies`.
    pub(super) policy: MonitorPolicy,
    pub(super) policies: Vec<PolicyVersion>,
    /// Version n is at place n − 1.
    pub(super) versions: Vec<ModelVersion>,
    pub(super) champion: u32,
    pub(super) guard: Option<Guard>,
    pub(super) weeks: BTreeMap<u32, WeekRecord>,
    pub(super) last_week: u32,
    pub(super) metrics: Vec<WeekMetrics>,
    pub(super) decisions: Vec<ReviewDecision>,
}

/// What [`ModelLifecycle::serve`] gives back.
#[derive(Debug, Clone, PartialEq)]
pub struct ServedScores {
    /// The champion's version.
    pub version: u32,
    /// The champion's scores, which are the answer.
    pub scores: Array1<f64>,
    /// The challenger's version and scores, which nobody is to see but the next review.
    pub shadow: Option<(u32, Array1<f64>)>,
}

impl ModelLifecycle {
    /// Trains version 1 on `weeks`; the last fifth of each week's rows is held out for the baseline.
    ///
    /// # Errors
    /// [`Error::Empty`] without weeks; [`Error::OutOfRange`] if the weeks are not in order, a
    /// value is not finite or a setting makes no sense; as [`LinearScorer::fit`](super::LinearScorer::fit)
    /// and [`roc_auc_interval`](crate::evaluate::roc_auc_interval).
    pub fn start(weeks: &[Week], policy: MonitorPolicy) -> Result<Self> {
        policy.check()?;
        let Some(last) = weeks.last() else {
            return Err(Error::Empty {
                what: "the training",
                item: "week",
            });
        };
        let mut lifecycle = ModelLifecycle {
            policy,
            policies: vec![policy::first(policy, last.week)],
            versions: Vec::new(),
            champion: 1,
            guard: None,
            weeks: BTreeMap::new(),
            last_week: last.week,
            metrics: Vec::new(),
            decisions: Vec::new(),
        };
        for week in weeks {
            crate::cell::check_interrupt();
            check_labels(week.week, &week.y, week.x.nrows())?;
            if lifecycle.weeks.keys().any(|&earlier| earlier >= week.week) {
                return Err(not_later(week.week));
            }
            let record = WeekRecord {
                x: week.x.clone(),
                y: Some(week.y.clone()),
                scores: BTreeMap::new(),
                faulty: false,
            };
            lifecycle.weeks.insert(week.week, record);
        }
        let training: Vec<u32> = lifecycle.weeks.keys().copied().collect();
        let mut first = lifecycle.train(&training, last.week)?;
        first.status = Status::Champion;
        lifecycle.versions.push(first);
        Ok(lifecycle)
    }

    /// [`start`](Self::start) on the first `training_weeks` weeks of `stream`.
    ///
    /// # Errors
    /// As [`start`](Self::start) and [`WeekStream::week`].
    pub fn start_on(stream: &WeekStream, policy: MonitorPolicy) -> Result<Self> {
        policy.check()?;
        let size = stream.week(0)?.x.len();
        room_for("`training_weeks`", policy.training_weeks, size)?;
        let numbers = 0..u32::try_from(policy.training_weeks).unwrap_or(u32::MAX);
        let weeks: Result<Vec<Week>> = numbers.map(|week| stream.week(week)).collect();
        Self::start(&weeks?, policy)
    }

    /// Scores the rows `x` (rows × features) of `week` with the champion, and in silence with the challenger
    /// and with a predecessor on guard.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the week is not later than the last one or a value is not finite,
    /// [`Error::Shape`] if the number of features is not that of the training, [`Error::Empty`] without
    /// rows. Nothing is kept then.
    pub fn serve(&mut self, week: u32, x: &ArrayRef2<f64>) -> Result<ServedScores> {
        if week <= self.last_week {
            return Err(not_later(week));
        }
        let shadow = self.challenger();
        let mut scores = BTreeMap::new();
        let predecessor = self.guard.map(|guard| guard.predecessor);
        for version in [Some(self.champion), shadow, predecessor]
            .into_iter()
            .flatten()
        {
            scores.insert(version, self.version(version)?.model.probabilities(x)?);
        }
        let served = ServedScores {
            version: self.champion,
            scores: scores[&self.champion].clone(),
            shadow: shadow.map(|version| (version, scores[&version].clone())),
        };
        let record = WeekRecord {
            x: x.to_owned(),
            y: None,
            scores,
            faulty: false,
        };
        self.weeks.insert(week, record);
        self.last_week = week;
        let oldest = week
            .saturating_add(1)
            .saturating_sub(self.policy.history_weeks);
        self.weeks = self.weeks.split_off(&oldest);
        Ok(served)
    }

    /// Takes the labels `y` (0 or 1, one for each row) of `week`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the week is not kept, has its labels already or a label is neither 0 nor 1;
    /// [`Error::Shape`] if the number of labels is not that of the rows; [`Error::Undefined`] with fewer than
    /// two rows of a class, for which no AUC has an interval. Nothing is kept then.
    pub fn label(&mut self, week: u32, y: &ArrayRef1<usize>) -> Result<()> {
        let Some(record) = self.weeks.get_mut(&week) else {
            let expected = "a week that was served and is still kept";
            return Err(out_of_range("`week`", week, expected));
        };
        if record.y.is_some() {
            return Err(out_of_range("`week`", week, "a week without labels"));
        }
        check_labels(week, y, record.x.nrows())?;
        record.y = Some(y.to_owned());
        Ok(())
    }

    /// Serves `week` of `stream`, takes the labels that are due in it, and reviews it.
    ///
    /// # Errors
    /// As [`WeekStream::week`], [`serve`](Self::serve), [`label`](Self::label) and [`review`](Self::review).
    pub fn advance(&mut self, stream: &WeekStream, week: u32) -> Result<WeekReport> {
        self.serve(week, &stream.week(week)?.x)?;
        if let Some(due) = week.checked_sub(stream.label_delay())
            && self
                .weeks
                .get(&due)
                .is_some_and(|record| record.y.is_none())
        {
            self.label(due, &stream.week(due)?.y)?;
        }
        self.review(week)
    }

    /// Makes `version` the champion again, by hand, and notes the `reason`. A challenger stays in shadow.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no such version, or it is the champion or in shadow.
    pub fn roll_back_to(&mut self, version: u32, reason: &str) -> Result<()> {
        match self.version(version)?.status {
            Status::Champion | Status::Shadow => {
                let expected = "a version that is neither the champion nor in shadow";
                return Err(out_of_range("`version`", version, expected));
            }
            Status::Retired | Status::Rejected | Status::RolledBack => {}
        }
        self.decisions.push(ReviewDecision {
            week: self.last_week,
            policy: self.policies.len() as u32,
            champion: self.champion,
            action: MonitorAction::RollBack,
            version,
            triggers: Vec::new(),
            reason: format!("by hand: {reason}"),
        });
        self.come_back(version);
        Ok(())
    }

    /// The settings in force; [`change_policy`](Self::change_policy) changes them.
    pub fn policy(&self) -> &MonitorPolicy {
        &self.policy
    }

    /// The version that answers.
    pub fn champion(&self) -> u32 {
        self.champion
    }

    /// The version in shadow.
    pub fn challenger(&self) -> Option<u32> {
        let shadow = |version: &&ModelVersion| version.status == Status::Shadow;
        self.versions.iter().find(shadow).map(|found| found.version)
    }

    /// All versions, the first one first.
    pub fn versions(&self) -> &[ModelVersion] {
        &self.versions
    }

    /// The version number `version`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is none.
    pub fn version(&self, version: u32) -> Result<&ModelVersion> {
        let place = version.checked_sub(1).map(|place| place as usize);
        let found = place.and_then(|place| self.versions.get(place));
        found.ok_or_else(|| {
            let expected = "the number of a version; `versions()` lists them";
            out_of_range("`version`", version, expected)
        })
    }

    /// The numbers of all reviewed weeks.
    pub fn metrics(&self) -> &[WeekMetrics] {
        &self.metrics
    }

    /// All decisions, the first one first.
    pub fn decisions(&self) -> &[ReviewDecision] {
        &self.decisions
    }

    /// The champion steps down as rolled back, and `version` takes its place.
    pub(super) fn come_back(&mut self, version: u32) {
        self.set_status(self.champion, Status::RolledBack);
        self.set_status(version, Status::Champion);
        self.champion = version;
        self.guard = None;
    }

    pub(super) fn set_status(&mut self, version: u32, status: Status) {
        for known in &mut self.versions {
            if known.version == version {
                known.status = status;
            }
        }
    }
}

/// Fails unless there is a label for each row and at least two of each class.
fn check_labels(week: u32, y: &ArrayRef1<usize>, rows: usize) -> Result<()> {
    if y.len() != rows {
        return Err(Error::Shape {
            what: "`y`",
            found: count(y.len(), "label"),
            expected: format!("{}, one for each row of week {week}", count(rows, "label")),
        });
    }
    let classes = binary("y", y)?;
    if classes.positives.min(classes.negatives) < 2 {
        return Err(Error::Undefined {
            what: "the AUC of a week",
            reason: format!(
                "week {week} has {} and {}",
                count(classes.positives, "positive"),
                count(classes.negatives, "negative")
            ),
            remedy: "Wait for more labels, or review longer periods.",
        });
    }
    Ok(())
}

fn not_later(week: u32) -> Error {
    out_of_range("`week`", week, "later than the week before it")
}

#[cfg(test)]
mod tests;
