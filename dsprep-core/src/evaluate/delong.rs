//! How sure is an AUC, and is another one better? DeLong's confidence intervals (question 25).
//!
//! The AUC is a mean over pairs, which are not independent: each row is in many of them. DeLong,
//! DeLong and Clarke-Pearson, 1988, give its variance without assumptions on the scores, from each
//! row's *placement*: the share of the other class that it ranks on the right side of.

use super::checks::probability_between;
use super::roc::split_by_class;
use crate::alternative::Alternative;
use crate::distribution::normal;
use crate::{Error, Interval, Result};
use ndarray::ArrayRef1;

/// The fewest rows of either class that DeLong's test needs: with fewer, it finds differences that are not there.
pub const FEWEST_FOR_DELONG: usize = 30;

/// An AUC and its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucInterval {
    /// The area under the ROC curve.
    pub auc: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The confidence interval, within 0 and 1.
    pub interval: Interval,
}

/// The AUC of `scores` (n) against `y_true` (n labels, 0 or 1) with its DeLong interval at
/// `confidence`, such as 0.95.
///
/// The interval is AUC ± z · standard error, cut at 0 and 1. It needs a few dozen rows of each
/// class, see [`roc_auc_difference`]; at an AUC of exactly 1 it has no width, which is not certainty. O(n log n), by binary
/// search instead of all pairs (Sun and Xu, 2014).
///
/// # Errors
/// As [`roc_auc`](super::roc_auc); [`Error::OutOfRange`] if `confidence` is not between 0 and 1;
/// [`Error::Undefined`] if a class has a single row.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::roc_auc_interval, ndarray::array};
/// let area = roc_auc_interval(&array![0, 0, 1, 1], &array![0.1, 0.4, 0.35, 0.8], 0.95)?;
/// assert_eq!(area.auc, 0.75);
/// assert_eq!(area.interval.upper, 1.0); // four rows say little
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_auc_interval(
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<AucInterval> {
    let z = normal_quantile(confidence)?;
    let placements = Placements::new(y_true, scores)?;
    let auc = mean(&placements.of_positives);
    let variance = covariance_of_aucs(&placements, &placements);
    let standard_error = variance.sqrt();
    Ok(AucInterval {
        auc,
        standard_error,
        interval: Interval {
            lower: (auc - z * standard_error).max(0.0),
            upper: (auc + z * standard_error).min(1.0),
        },
    })
}

/// The difference of two AUCs on the same rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucDifference {
    /// The AUC of the first scores minus that of the second.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The confidence interval of the difference.
    pub interval: Interval,
    /// The probability of a difference at least this large if the AUCs are equal.
    pub p_value: f64,
}

/// Does the challenger rank better than the champion? AUC of `challenger` minus AUC of `champion`
/// (n scores each) against the same `y_true` (n labels, 0 or 1), with its DeLong interval at
/// `confidence`, such as 0.95.
///
/// Two models err on the same rows, so their AUCs are correlated; taking that into account, the
/// interval is shorter than the two single ones suggest. O(n log n).
///
/// With few rows in a class, the p-value is too small: of two equally good models, this share of tests
/// finds a difference at 1 % (simulated).
///
/// | rows of the rarer class | 2 | 3 | 5 | 10 | 20 |
/// |---|---|---|---|---|---|
/// | found at 1 % | 14 % | 7 % | 4 % | 2 % | 1.3 % |
///
/// Decide nothing with fewer than [`FEWEST_FOR_DELONG`] rows in either class.
///
/// # Errors
/// As [`roc_auc_interval`]; [`Error::Undefined`] if the placements of the rows do not vary in their
/// difference, which leaves no variance: both rank all rows alike, or one is wrong about all as much.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::roc_auc_difference, ndarray::array};
/// let y_true = array![0, 0, 0, 1, 1, 1];
/// let challenger = array![0.1, 0.2, 0.4, 0.3, 0.8, 0.9];
/// let champion = array![0.5, 0.2, 0.6, 0.3, 0.4, 0.9];
/// let test = roc_auc_difference(&y_true, &challenger, &champion, 0.95)?;
/// assert!((test.difference - (8.0 - 5.0) / 9.0).abs() < 1e-15);
/// assert!(test.p_value > 0.05); // six rows can't decide it
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_auc_difference(
    y_true: &ArrayRef1<usize>,
    challenger: &ArrayRef1<f64>,
    champion: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<AucDifference> {
    let z = normal_quantile(confidence)?;
    let new = Placements::new(y_true, challenger)?;
    let old = Placements::new(y_true, champion)?;
    if new == old {
        return Err(Error::Undefined {
            what: "the test of two AUCs",
            reason: "both rank the rows alike, so that their difference is 0 without variance"
                .to_owned(),
            remedy: "Compare calibration or costs instead.",
        });
    }
    let difference = mean(&new.of_positives) - mean(&old.of_positives);
    let variance = variance_of_difference(&new, &old);
    // Placements are shares between 0 and 1: below this, only rounding is left.
    if variance <= (8.0 * f64::EPSILON).powi(2) {
        return Err(Error::Undefined {
            what: "the test of two AUCs",
            reason: format!(
                "the difference of {difference} is the same for every row, so that it has no variance"
            ),
            remedy: "Add rows of both classes; so few can't decide it.",
        });
    }
    let standard_error = variance.sqrt();
    Ok(AucDifference {
        difference,
        standard_error,
        interval: Interval::around(difference, z * standard_error),
        p_value: normal::two_sided_p(difference / standard_error),
    })
}

/// For each row the share of the other class that it is ranked on the right side of, where ties
/// count half.
#[derive(Debug, PartialEq)]
struct Placements {
    of_positives: Vec<f64>,
    of_negatives: Vec<f64>,
}

impl Placements {
    fn new(y_true: &ArrayRef1<usize>, scores: &ArrayRef1<f64>) -> Result<Self> {
        let (positives, negatives) = split_by_class("ROC AUC", y_true, scores)?;
        if positives.len() < 2 || negatives.len() < 2 {
            return Err(Error::Undefined {
                what: "the interval of an AUC",
                reason: "one of the classes has a single row, which has no variance".to_owned(),
                remedy: "Add rows of that class.",
            });
        }
        let sorted = |scores: &[f64]| {
            let mut sorted = scores.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        let (below, above) = (sorted(&negatives), sorted(&positives));
        Ok(Placements {
            of_positives: positives.iter().map(|&s| share_below(&below, s)).collect(),
            of_negatives: negatives
                .iter()
                .map(|&s| 1.0 - share_below(&above, s))
                .collect(),
        })
    }
}

/// The covariance of the AUCs of two models on the same rows; of a model with itself, its variance.
fn covariance_of_aucs(a: &Placements, b: &Placements) -> f64 {
    covariance(&a.of_positives, &b.of_positives) / a.of_positives.len() as f64
        + covariance(&a.of_negatives, &b.of_negatives) / a.of_negatives.len() as f64
}

/// The variance of the difference of two AUCs, by the differences of the rows' placements: as the variances
/// minus twice the covariance, but nothing cancels.
fn variance_of_difference(a: &Placements, b: &Placements) -> f64 {
    let of_class = |a: &[f64], b: &[f64]| {
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        covariance(&differences, &differences) / differences.len() as f64
    };
    of_class(&a.of_positives, &b.of_positives) + of_class(&a.of_negatives, &b.of_negatives)
}

/// How many standard errors the interval reaches to either side.
fn normal_quantile(confidence: f64) -> Result<f64> {
    probability_between("`confidence`", confidence)?;
    Ok(normal::two_sided_quantile(confidence))
}

/// The share of `sorted` that lies below `score`, where ties count half.
fn share_below(sorted: &[f64], score: f64) -> f64 {
    let below = sorted.partition_point(|&other| other < score);
    let not_above = sorted.partition_point(|&other| other <= score);
    (below + not_above) as f64 / 2.0 / sorted.len() as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let products = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b));
    products.sum::<f64>() / (a.len() - 1) as f64
}

impl AucDifference {
    /// The p-value against another alternative than the two-sided one of [`AucDifference::p_value`]:
    /// [`Alternative::Greater`] is that the first scores have the greater AUC.
    pub fn p_value_for(&self, alternative: Alternative) -> f64 {
        match self.difference {
            // Without a difference there is no evidence, even where the standard error is 0 too.
            0.0 if alternative == Alternative::TwoSided => 1.0,
            0.0 => 0.5,
            difference => alternative.normal_p(difference / self.standard_error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::sample::sample;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    #[test]
    fn it_equals_the_formula_over_all_pairs() -> Result<()> {
        let (y_true, scores) = sample();
        // psi = (X[:, None] > Y) + 0.5 * (X[:, None] == Y), X = p[y == 1], Y = p[y == 0];
        // (psi.mean(1).var(ddof=1) / len(X) + psi.mean(0).var(ddof=1) / len(Y)) ** 0.5
        let area = roc_auc_interval(&y_true, &scores, 0.95)?;
        assert!((area.auc - 0.8841337316176471).abs() < 1e-15);
        assert!((area.standard_error - 0.025994220579850263).abs() < 1e-15);
        assert!(
            (area.interval.upper - area.auc - 1.959963984540054 * area.standard_error).abs()
                < 1e-14
        );
        Ok(())
    }

    #[test]
    fn nineteen_in_twenty_intervals_hold_the_true_auc() -> Result<()> {
        // Normal scores one standard deviation apart: AUC = Φ(1 / √2).
        let truth = normal::cdf(0.5_f64.sqrt());
        let mut rng = RandomState::seed(6);
        let y_true = Array1::from_shape_fn(150, |i| usize::from(i < 60));
        let mut held = 0;
        for _ in 0..1000 {
            let scores = rng.randn(150)? + y_true.mapv(|label| label as f64);
            let area = roc_auc_interval(&y_true, &scores, 0.95)?;
            held += usize::from(area.interval.contains(truth));
        }
        assert!((930..=970).contains(&held), "{held}"); // 950 ± 3 standard errors of 6.9
        Ok(())
    }

    #[test]
    fn of_two_equally_good_models_one_in_twenty_pairs_seems_to_differ() -> Result<()> {
        let mut rng = RandomState::seed(7);
        let y_true = Array1::from_shape_fn(200, |i| usize::from(i < 80));
        let signal = y_true.mapv(|label| label as f64);
        let mut significant = 0;
        for _ in 0..1000 {
            let shared = &signal + &rng.randn(200)?; // both see the same rows, and err alike
            let challenger = &shared + &(rng.randn(200)? * 0.5);
            let champion = &shared + &(rng.randn(200)? * 0.5);
            let test = roc_auc_difference(&y_true, &challenger, &champion, 0.95)?;
            significant += usize::from(test.p_value < 0.05);
            assert_eq!(test.p_value < 0.05, !test.interval.contains(0.0));
        }
        assert!((30..=70).contains(&significant), "{significant}");
        Ok(())
    }

    #[test]
    fn the_pairing_makes_the_error_smaller_than_that_of_two_separate_samples() -> Result<()> {
        let (y_true, scores) = sample();
        let noisy = &scores + &(RandomState::seed(20).randn(200)? * 0.1);
        let test = roc_auc_difference(&y_true, &scores, &noisy, 0.95)?;
        let single = roc_auc_interval(&y_true, &scores, 0.95)?.standard_error;
        assert!(test.standard_error < 0.5 * single);
        let same = roc_auc_difference(&y_true, &scores, &(&scores * 2.0), 0.95);
        assert!(
            same.unwrap_err()
                .to_string()
                .contains("both rank the rows alike")
        );
        Ok(())
    }

    #[test]
    fn a_difference_without_variance_is_no_certainty() {
        let y_true = array![0, 0, 1, 1];
        let champion = array![0.5, 0.5, 0.5, 0.5];
        let challenger = array![0.1, 0.2, 0.8, 0.9];
        for (new, old) in [(&challenger, &champion), (&champion, &challenger)] {
            let error = roc_auc_difference(&y_true, new, old, 0.95).unwrap_err();
            assert!(error.to_string().contains("has no variance"), "{error}");
        }
        let thirds = array![0, 0, 0, 1, 1, 1];
        let error = roc_auc_difference(
            &thirds,
            &array![0.1, 0.2, 0.3, 0.7, 0.8, 0.9],
            &array![0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            0.95,
        );
        assert!(error.is_err());
    }

    #[test]
    fn a_single_positive_has_no_variance() {
        let error = roc_auc_interval(&array![1, 0, 0], &array![0.1, 0.2, 0.3], 0.95).unwrap_err();
        assert!(error.to_string().contains("has a single row"));
        let error = roc_auc_interval(&array![1, 0], &array![0.1, 0.2], 95.0).unwrap_err();
        assert!(error.to_string().starts_with("`confidence` is 95"));
    }
}
