//! What is decided in a week, why, and by which settings (question 25).

use super::drift::{DriftPolicy, DriftReport};
use super::performance::{Performance, PerformancePolicy};
use crate::error::out_of_range;
use crate::options::options;
use crate::{Interval, Result};

/// What a weekly review can find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MonitorTrigger {
    /// A feature is stuck or out of its range.
    Fault,
    /// Features or scores have drifted.
    Drift,
    /// The AUC on matured labels is below the baseline.
    AucDrop,
    /// As many positives as predicted did not come.
    Calibration,
    /// The champion is old.
    Schedule,
}

/// What a weekly review can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MonitorAction {
    /// Go on.
    Keep,
    /// A person should look: the inputs have moved, and nothing says that the model is worse.
    Investigate,
    /// A feature is broken: mend the pipeline. A model trained on it would learn the fault.
    Repair,
    /// Train a challenger, which goes into shadow.
    Retrain,
    /// The challenger becomes the champion.
    Promote,
    /// The challenger goes.
    Reject,
    /// The previous champion comes back.
    RollBack,
}

impl MonitorTrigger {
    const ALL: [MonitorTrigger; 5] = [
        MonitorTrigger::Fault,
        MonitorTrigger::Drift,
        MonitorTrigger::AucDrop,
        MonitorTrigger::Calibration,
        MonitorTrigger::Schedule,
    ];

    /// The trigger in words, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            MonitorTrigger::Fault => "fault",
            MonitorTrigger::Drift => "drift",
            MonitorTrigger::AucDrop => "AUC drop",
            MonitorTrigger::Calibration => "calibration",
            MonitorTrigger::Schedule => "schedule",
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|trigger| trigger.name() == name);
        found.ok_or_else(|| out_of_range("the stored trigger", name, "one that this library wrote"))
    }
}

impl MonitorAction {
    const ALL: [MonitorAction; 7] = [
        MonitorAction::Keep,
        MonitorAction::Investigate,
        MonitorAction::Repair,
        MonitorAction::Retrain,
        MonitorAction::Promote,
        MonitorAction::Reject,
        MonitorAction::RollBack,
    ];

    /// The action in words, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            MonitorAction::Keep => "keep",
            MonitorAction::Investigate => "investigate",
            MonitorAction::Repair => "repair",
            MonitorAction::Retrain => "retrain",
            MonitorAction::Promote => "promote",
            MonitorAction::Reject => "reject",
            MonitorAction::RollBack => "roll back",
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|action| action.name() == name);
        found.ok_or_else(|| out_of_range("the stored action", name, "one that this library wrote"))
    }
}

options! {
    /// All settings of a [`ModelLifecycle`](super::ModelLifecycle).
    ///
    /// Unless told otherwise it evaluates two weeks, retrains after three bad reviews on four weeks, judges a
    /// challenger after three weeks and guards it for four.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct MonitorPolicy {
        /// When a week counts as drifted.
        pub drift: DriftPolicy = DriftPolicy::default(),
        /// When a model counts as worse.
        pub performance: PerformancePolicy = PerformancePolicy::default(),
        /// How many matured weeks the AUC is computed on, taken together.
        pub evaluate_weeks: usize = 2,
        /// How many of the latest matured weeks a challenger learns from.
        pub training_weeks: usize = 4,
        /// In how many reviews in a row the model has to be worse before it is retrained: one bad week may be
        /// chance, and a challenger trained at the first sign would learn from the time before the change.
        pub patience: usize = 3,
        /// The penalty of the logistic regression, as `c` of [`LinearScorer::fit`](super::LinearScorer::fit).
        pub c: f64 = 1.0,
        /// After how many weeks to retrain, whatever happens.
        pub schedule: Option<u32> = None,
        /// After how many weeks in shadow, with their labels, the challenger is judged, once.
        pub shadow_weeks: usize = 3,
        /// Until how many weeks after the promotion have their labels the predecessor scores on, for a rollback.
        pub guard_weeks: usize = 4,
        /// Guardrail: the mean score may differ this much from that of the training rows.
        pub max_score_shift: f64 = 0.15,
        /// For how many weeks rows are kept.
        pub history_weeks: u32 = 20,
    }
}

impl MonitorPolicy {
    /// Fails if a setting makes no sense.
    pub(super) fn check(&self) -> Result<()> {
        self.drift.check()?;
        self.performance.check()?;
        for (what, weeks) in [
            ("`evaluate_weeks`", self.evaluate_weeks),
            ("`training_weeks`", self.training_weeks),
            ("`patience`", self.patience),
            ("`shadow_weeks`", self.shadow_weeks),
            ("`guard_weeks`", self.guard_weeks),
        ] {
            if weeks == 0 {
                return Err(out_of_range(what, weeks, "1 or greater"));
            }
            if weeks > self.history_weeks as usize {
                return Err(out_of_range(what, weeks, "at most `history_weeks`"));
            }
        }
        if !self.c.is_finite() || self.c <= 0.0 {
            return Err(out_of_range("`c`", self.c, "a finite number above 0"));
        }
        if self.schedule == Some(0) {
            return Err(out_of_range("`schedule`", 0, "1 or greater"));
        }
        if self.max_score_shift.is_nan() || self.max_score_shift <= 0.0 {
            let expected = "greater than 0; 1 switches it off";
            return Err(out_of_range(
                "`max_score_shift`",
                self.max_score_shift,
                expected,
            ));
        }
        Ok(())
    }
}

/// A decision as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewDecision {
    /// The week in which it was made.
    pub week: u32,
    /// The version of the policy by which it was made.
    pub policy: u32,
    /// The version that was the champion before.
    pub champion: u32,
    /// What was decided.
    pub action: MonitorAction,
    /// The version that it is about.
    pub version: u32,
    /// What the review found.
    pub triggers: Vec<MonitorTrigger>,
    /// Why, in words.
    pub reason: String,
}

/// The numbers of a week as they are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekMetrics {
    /// The week that was reviewed.
    pub week: u32,
    /// The champion's mean score in it.
    pub mean_score: f64,
    /// The largest KS statistic of the features and the score.
    pub largest_ks: f64,
    /// The largest stability index of the features and the score.
    pub largest_psi: f64,
    /// The champion's AUC on the labels that had matured, and its interval.
    pub auc: Option<(f64, Interval)>,
    /// The AUC that it is compared with.
    pub baseline: f64,
}

/// What a review found and decided.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekReport {
    /// The columns of the week; the last one is the champion's score.
    pub drift: DriftReport,
    /// How the champion did on the labels that have matured; none if there are none yet.
    pub performance: Option<Performance>,
    /// The numbers that are kept.
    pub metrics: WeekMetrics,
    /// The decision that is kept.
    pub decision: ReviewDecision,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_and_triggers_are_found_by_their_names() -> Result<()> {
        for action in MonitorAction::ALL {
            assert_eq!(MonitorAction::from_name(action.name())?, action);
        }
        for trigger in MonitorTrigger::ALL {
            assert_eq!(MonitorTrigger::from_name(trigger.name())?, trigger);
        }
        assert!(MonitorAction::from_name("panic").is_err());
        assert!(MonitorTrigger::from_name("mood").is_err());
        Ok(())
    }

    #[test]
    fn a_policy_that_makes_no_sense_is_refused() {
        let policy = MonitorPolicy::default();
        policy.check().unwrap();
        let message = |policy: MonitorPolicy| policy.check().unwrap_err().to_string();
        let wrong = MonitorPolicy {
            training_weeks: 0,
            ..policy
        };
        assert!(message(wrong).starts_with("`training_weeks` is 0, but it must be 1"));
        let wrong = MonitorPolicy {
            guard_weeks: 30,
            ..policy
        };
        assert!(message(wrong).contains("at most `history_weeks`"));
        let wrong = MonitorPolicy {
            max_score_shift: f64::NAN,
            ..policy
        };
        assert!(message(wrong).contains("`max_score_shift` is NaN"));
        for c in [0.0, f64::NAN, f64::INFINITY] {
            let wrong = MonitorPolicy { c, ..policy };
            assert!(message(wrong).starts_with("`c` is"));
        }
    }
}
