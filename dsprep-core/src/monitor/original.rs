//! The original's monitor, as it stands, with its data (question 25).
//!
//! It alarms on p < 0.05 whatever the size of the difference, and retrains on "drift or drop". Its labels
//! are coin flips, so that no score can rank them, and "T1: Stable" reports a drop of 0.376.

use crate::Result;
use crate::alternative::Alternative;
use crate::evaluate::drift::{KsMethod, KsTest, ks_two_sample};
use crate::evaluate::roc_auc;
use crate::random::RandomState;
use ndarray::{Array1, ArrayRef1};

/// The original's `ModelHealthMonitor`: two thresholds, no memory.
///
/// # Examples
/// ```
/// use dsprep_core::monitor::{ModelHealthMonitor, original_periods};
/// let (data, monitor) = (original_periods()?, ModelHealthMonitor::default());
/// let stable = &data.periods[0];
/// let drift = monitor.check_data_drift(&data.reference, &stable.feature)?;
/// let drop = monitor.check_performance_drop(&stable.scores, &data.labels, 0.85)?;
/// assert_eq!(drift.line(), "KS stat=0.051, p=0.3475 → drift_detected=False");
/// assert_eq!(drop.line(), "baseline=0.850, current=0.474, drop=0.376 → perf_dropped=True");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelHealthMonitor {
    /// A p-value below this counts as drift.
    pub drift_alpha: f64,
    /// An AUC this much below the baseline counts as a drop.
    pub performance_threshold: f64,
}

impl Default for ModelHealthMonitor {
    fn default() -> Self {
        ModelHealthMonitor {
            drift_alpha: 0.05,
            performance_threshold: 0.05,
        }
    }
}

/// What the original's drift check found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OriginalDrift {
    /// The test.
    pub test: KsTest,
    /// Whether its p-value is below the threshold.
    pub detected: bool,
}

/// What the original's performance check found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OriginalDrop {
    /// The AUC to compare with.
    pub baseline: f64,
    /// The AUC of the period.
    pub current: f64,
    /// Whether the difference is above the threshold.
    pub dropped: bool,
}

impl ModelHealthMonitor {
    /// The Kolmogorov-Smirnov test of `current` (n₂ values) against `reference` (n₁ values).
    ///
    /// # Errors
    /// As [`ks_two_sample`].
    pub fn check_data_drift(
        &self,
        reference: &ArrayRef1<f64>,
        current: &ArrayRef1<f64>,
    ) -> Result<OriginalDrift> {
        let test = ks_two_sample(reference, current, Alternative::TwoSided, KsMethod::Auto)?;
        let detected = test.p_value < self.drift_alpha;
        Ok(OriginalDrift { test, detected })
    }

    /// The AUC of `scores` (n) on `labels` (n, 0 or 1) against `baseline`.
    ///
    /// # Errors
    /// As [`roc_auc`].
    pub fn check_performance_drop(
        &self,
        scores: &ArrayRef1<f64>,
        labels: &ArrayRef1<usize>,
        baseline: f64,
    ) -> Result<OriginalDrop> {
        let current = roc_auc(labels, scores)?;
        Ok(OriginalDrop {
            baseline,
            current,
            dropped: baseline - current > self.performance_threshold,
        })
    }

    /// The original's rule: drift *or* a drop.
    pub fn should_retrain(&self, drift: &OriginalDrift, drop: &OriginalDrop) -> bool {
        drift.detected || drop.dropped
    }
}

impl OriginalDrift {
    /// The line that the original prints.
    pub fn line(&self) -> String {
        format!(
            "KS stat={:.3}, p={:.4} → drift_detected={}",
            self.test.statistic,
            self.test.p_value,
            python(self.detected)
        )
    }
}

impl OriginalDrop {
    /// The line that the original prints.
    pub fn line(&self) -> String {
        format!(
            "baseline={:.3}, current={:.3}, drop={:.3} → perf_dropped={}",
            self.baseline,
            self.current,
            self.baseline - self.current,
            python(self.dropped)
        )
    }
}

fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// One of the original's three periods.
#[derive(Debug, Clone, PartialEq)]
pub struct OriginalPeriod {
    /// Its name, such as "T1: Stable".
    pub name: &'static str,
    /// 500 values of its one feature.
    pub feature: Array1<f64>,
    /// 200 scores: uniform noise.
    pub scores: Array1<f64>,
    /// The AUC that the original writes down for the period, and never uses.
    pub unused_auc: f64,
}

/// The data of the original.
#[derive(Debug, Clone, PartialEq)]
pub struct OriginalData {
    /// 1,000 standard normal values.
    pub reference: Array1<f64>,
    /// The three periods.
    pub periods: Vec<OriginalPeriod>,
    /// 200 labels, the same in all periods: coin flips.
    pub labels: Array1<usize>,
}

/// Draws the data of the original, with its random numbers.
///
/// Question 24 seeds the generator with 1, and question 25 goes on from there. So what question 24 draws
/// comes first: 1,000 times a user, an amount, a time and a device.
///
/// # Errors
/// None in fact: the arguments of the draws are constants that the generator accepts.
///
/// # Examples
/// ```
/// let data = dsprep_core::monitor::original_periods()?;
/// assert_eq!(data.reference[0], -0.7681584763741307);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn original_periods() -> Result<OriginalData> {
    let mut rng = RandomState::seed(1);
    for _ in 0..1000 {
        rng.randint(1, 50, ())?;
        rng.lognormal(4.0, 1.0, ())?;
        rng.randint(0, 7200, ())?;
        rng.rand(());
    }
    let reference = rng.normal(0.0, 1.0, 1000)?;
    let mut periods = Vec::new();
    for (name, mean, deviation, largest_score, unused_auc) in [
        ("T1: Stable", 0.0, 1.0, 1.0, 0.84),
        ("T2: Drift", 1.0, 1.5, 1.0, 0.81),
        ("T3: Degraded", 2.0, 2.0, 0.3, 0.72),
    ] {
        periods.push(OriginalPeriod {
            name,
            feature: rng.normal(mean, deviation, 500)?,
            scores: rng.rand(200)? * largest_score,
            unused_auc,
        });
    }
    Ok(OriginalData {
        reference,
        periods,
        labels: rng.rand(200)?.mapv(|u| usize::from(u > 0.5)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_lines_are_reproduced() -> Result<()> {
        let data = original_periods()?;
        let monitor = ModelHealthMonitor::default();
        // tests/reference/golden.json, q25: ks, p_auto and auc of each period.
        let expected = [
            ("p=0.3475", 0.051, "current=0.474"),
            ("p=0.0000", 0.424, "current=0.538"),
            ("p=0.0000", 0.559, "current=0.511"),
        ];
        for (period, (p_value, statistic, auc)) in data.periods.iter().zip(expected) {
            let drift = monitor.check_data_drift(&data.reference, &period.feature)?;
            let drop = monitor.check_performance_drop(&period.scores, &data.labels, 0.85)?;
            assert!(
                (drift.test.statistic - statistic).abs() < 1e-12,
                "{drift:?}"
            );
            assert!(drift.line().contains(p_value), "{}", drift.line());
            assert!(drop.line().contains(auc), "{}", drop.line());
            assert!(monitor.should_retrain(&drift, &drop)); // even when nothing has happened
        }
        assert_eq!(data.labels.sum(), 88);
        assert_eq!(data.reference[999], 0.8912128236132041);
        assert_eq!(data.periods[2].scores[199], 0.22273499221037465);
        Ok(())
    }

    #[test]
    fn the_p_values_are_scipys() -> Result<()> {
        let data = original_periods()?;
        let expected = [
            0.34750516186605696,
            3.155756771833575e-54,
            1.563958641623182e-96,
        ];
        for (period, expected) in data.periods.iter().zip(expected) {
            let test = ks_two_sample(
                &data.reference,
                &period.feature,
                Alternative::TwoSided,
                KsMethod::Auto,
            )?;
            assert!((test.p_value / expected - 1.0).abs() < 1e-9, "{test:?}");
        }
        Ok(())
    }
}
