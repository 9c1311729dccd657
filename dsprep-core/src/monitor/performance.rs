//! Has the model become worse? On labels that have come in, with an interval (question 25).
//!
//! An AUC of 1,000 rows strays by ± 0.025 on its own, so the drop below the baseline is judged by the lower
//! end of its interval. The baseline is an estimate too, and its error counts. An AUC sees the ranking only:
//! whether as many positives come as were predicted is a question of its own (Steyerberg, "Clinical
//! prediction models", 2nd edition, 2019).

use crate::Result;
use crate::checks::{check, not_negative};
use crate::distribution::normal;
use crate::error::out_of_range;
use crate::evaluate::{AucInterval, roc_auc_interval};
use crate::options::options;
use crate::triage::calibration_in_the_large;
use ndarray::ArrayRef1;

options! {
    /// When a model counts as worse.
    ///
    /// Unless told otherwise: 0.02 of AUC and 0.05 of the rate are tolerated, at 99 % confidence.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct PerformancePolicy {
        /// The AUC may be this much below the baseline.
        pub tolerance: f64 = 0.02,
        /// The share of positives may differ this much from the mean probability.
        pub rate_tolerance: f64 = 0.05,
        /// The confidence of all intervals, two-sided.
        pub confidence: f64 = 0.99,
    }
}

/// How well a model did on rows whose labels are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// How many rows.
    pub rows: usize,
    /// The AUC with its DeLong interval.
    pub auc: AucInterval,
    /// The baseline's AUC minus this one.
    pub drop: f64,
    /// The lower end of the drop's interval.
    pub drop_lower: f64,
    /// Whether even the lower end is more than is tolerated.
    pub dropped: bool,
    /// The mean probability.
    pub predicted_rate: f64,
    /// The share of positives.
    pub observed_rate: f64,
    /// Whether the rates differ significantly and by more than is tolerated.
    pub miscalibrated: bool,
}

/// Compares `scores` (n probabilities) with `y_true` (n labels, 0 or 1) and with the `baseline`.
///
/// The standard errors of the two AUCs add in squares, since they come from different rows. O(n log n).
///
/// # Errors
/// As [`roc_auc_interval`] and [`calibration_in_the_large`]; [`Error::OutOfRange`](crate::Error::OutOfRange) if the baseline's AUC is not
/// between 0 and 1, or its standard error negative or not finite.
///
/// # Examples
/// ```
/// use dsprep_core::Interval;
/// use dsprep_core::evaluate::AucInterval;
/// use dsprep_core::monitor::{PerformancePolicy, check_performance};
/// use dsprep_core::ndarray::array;
/// let interval = Interval { lower: 0.83, upper: 0.87 };
/// let baseline = AucInterval { auc: 0.85, standard_error: 0.01, interval };
/// let (y_true, scores) = (array![0, 0, 1, 1], array![0.2, 0.6, 0.5, 0.9]);
/// let found = check_performance(&y_true, &scores, &baseline, &PerformancePolicy::default())?;
/// assert!((found.drop - 0.1).abs() < 1e-12);
/// assert!(!found.dropped); // four rows prove nothing
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn check_performance(
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
    baseline: &AucInterval,
    policy: &PerformancePolicy,
) -> Result<Performance> {
    policy.check()?;
    let is_area = (0.0..=1.0).contains(&baseline.auc);
    check(
        "the baseline's AUC",
        baseline.auc,
        is_area,
        "between 0 and 1",
    )?;
    not_negative("the baseline's standard error", baseline.standard_error)?;
    let auc = roc_auc_interval(y_true, scores, policy.confidence)?;
    let calibration = calibration_in_the_large(y_true, scores)?;
    let z = normal::two_sided_quantile(policy.confidence);
    let drop = baseline.auc - auc.auc;
    let drop_lower = drop - z * auc.standard_error.hypot(baseline.standard_error);
    let rates_apart = (calibration.observed - calibration.predicted).abs();
    let significant = calibration.p_value < 1.0 - policy.confidence;
    Ok(Performance {
        rows: y_true.len(),
        auc,
        drop,
        drop_lower,
        dropped: drop_lower > policy.tolerance,
        predicted_rate: calibration.predicted,
        observed_rate: calibration.observed,
        miscalibrated: significant && rates_apart > policy.rate_tolerance,
    })
}

impl PerformancePolicy {
    /// Fails if a setting makes no sense.
    pub(super) fn check(&self) -> Result<()> {
        for (what, tolerance) in [
            ("`tolerance`", self.tolerance),
            ("`rate_tolerance`", self.rate_tolerance),
        ] {
            if !(0.0..1.0).contains(&tolerance) {
                return Err(out_of_range(what, tolerance, "0 or greater and below 1"));
            }
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(out_of_range(
                "`confidence`",
                self.confidence,
                "between 0 and 1, for example 0.99",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::{Change, LinearScorer, WeekStream};
    use crate::random::RandomState;

    fn found(stream: &WeekStream, week: u32) -> Result<Performance> {
        let (train, held_out) = (stream.week(0)?, stream.week(1)?);
        let model = LinearScorer::fit(&train.x, &train.y, 1.0)?;
        let baseline = roc_auc_interval(&held_out.y, &model.probabilities(&held_out.x)?, 0.99)?;
        let current = stream.week(week)?;
        let scores = model.probabilities(&current.x)?;
        check_performance(
            &current.y,
            &scores,
            &baseline,
            &PerformancePolicy::default(),
        )
    }

    #[test]
    fn a_stable_week_has_not_dropped_and_concept_drift_has() -> Result<()> {
        let stream = WeekStream::stable(2000, &mut RandomState::seed(1))
            .with_concept_drift(Change::abrupt(5));
        let (stable, changed) = (found(&stream, 4)?, found(&stream, 5)?);
        assert!(!stable.dropped && !stable.miscalibrated, "{stable:?}");
        assert!(changed.dropped && changed.drop > 0.1, "{changed:?}");
        Ok(())
    }

    #[test]
    fn under_covariate_drift_a_right_model_stays_right() -> Result<()> {
        let stream = WeekStream::stable(4000, &mut RandomState::seed(2))
            .with_covariate_drift(Change::abrupt(5), 0.8);
        let changed = found(&stream, 5)?;
        assert!(!changed.dropped && !changed.miscalibrated, "{changed:?}");
        Ok(())
    }

    #[test]
    fn a_policy_that_makes_no_sense_is_refused() {
        let policy = PerformancePolicy {
            confidence: 99.0,
            ..PerformancePolicy::default()
        };
        let error = policy.check().unwrap_err().to_string();
        assert!(error.starts_with("`confidence` is 99"), "{error}");
    }
}
