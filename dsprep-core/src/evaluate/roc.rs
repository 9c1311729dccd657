//! The ROC curve and the area under it (questions 25, 27 and 28).
//!
//! The area is the probability that a random positive scores above a random negative, where a tie
//! counts half (Hanley and McNeil, 1982). [`roc_auc_by_pairs`] counts the pairs, as the definition
//! says; [`roc_auc`] sorts once and gives the same number, to the last bit. After Fawcett, "An
//! introduction to ROC analysis", 2006, algorithms 1 and 2.

use super::checks::{both_classes, same_length};
use super::ranking::steps;
use crate::Result;
use crate::checks::finite;
use ndarray::{Array1, ArrayRef1};

/// The points of a ROC curve, from (0, 0) to (1, 1): three arrays of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct RocCurve {
    /// Scores from here on are called positive. The first is +∞: nothing is.
    pub thresholds: Array1<f64>,
    /// The share of the negatives called positive: 1 − specificity.
    pub false_positive_rate: Array1<f64>,
    /// The share of the positives called positive: recall.
    pub true_positive_rate: Array1<f64>,
}

/// The ROC curve of `scores` (n) against `y_true` (n labels, 0 or 1): one point per distinct score.
///
/// Equal to scikit-learn's `roc_curve(..., drop_intermediate=False)`. O(n log n).
///
/// # Errors
/// [`Error::Empty`](crate::Error::Empty), [`Error::Shape`](crate::Error::Shape) if the lengths
/// differ, [`Error::OutOfRange`](crate::Error::OutOfRange) if a label or score is not valid,
/// [`Error::Undefined`](crate::Error::Undefined) if only one class is present.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::roc_curve, ndarray::array};
/// let curve = roc_curve(&array![1, 0, 1, 0], &array![0.9, 0.8, 0.7, 0.1])?;
/// assert_eq!(curve.true_positive_rate, array![0.0, 0.5, 0.5, 1.0, 1.0]);
/// assert_eq!(curve.false_positive_rate, array![0.0, 0.0, 0.5, 0.5, 1.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_curve(y_true: &ArrayRef1<usize>, scores: &ArrayRef1<f64>) -> Result<RocCurve> {
    let steps = steps(y_true, scores)?;
    let counts = both_classes("the ROC curve", y_true)?;
    let positives = counts.positives as f64;
    let negatives = counts.negatives as f64;
    let start = (f64::INFINITY, 0.0, 0.0);
    let points = std::iter::once(start).chain(steps.iter().map(|step| {
        (
            step.threshold,
            step.false_positives as f64 / negatives,
            step.true_positives as f64 / positives,
        )
    }));
    let points: Vec<(f64, f64, f64)> = points.collect();
    Ok(RocCurve {
        thresholds: points.iter().map(|point| point.0).collect(),
        false_positive_rate: points.iter().map(|point| point.1).collect(),
        true_positive_rate: points.iter().map(|point| point.2).collect(),
    })
}

/// The area under the ROC curve: 1 is a perfect ranking, 0.5 a random one, 0 a reversed one.
///
/// Only the order of the scores counts: any increasing transformation leaves it unchanged, so it
/// can't see miscalibration or a threshold that has become wrong. O(n log n).
///
/// # Errors
/// As [`roc_curve`]. scikit-learn gives NaN and a warning if only one class is present.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::roc_auc, ndarray::array};
/// assert_eq!(roc_auc(&array![0, 0, 1, 1], &array![0.1, 0.4, 0.35, 0.8])?, 0.75);
/// assert_eq!(roc_auc(&array![0, 1, 0, 1], &array![5.0, 5.0, 5.0, 5.0])?, 0.5); // all tied
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_auc(y_true: &ArrayRef1<usize>, scores: &ArrayRef1<f64>) -> Result<f64> {
    let steps = steps(y_true, scores)?;
    let counts = both_classes("ROC AUC", y_true)?;
    // The trapezoids under the curve, doubled and in units of one pair, so that the sum is exact.
    let (mut doubled, mut tp_before, mut fp_before) = (0, 0, 0);
    for step in steps {
        doubled += (step.false_positives - fp_before) * (step.true_positives + tp_before);
        (tp_before, fp_before) = (step.true_positives, step.false_positives);
    }
    Ok(doubled as f64 / 2.0 / (counts.positives as f64 * counts.negatives as f64))
}

/// The area under the ROC curve from its definition: the share of the pairs (positive, negative) in
/// which the positive scores higher, where a tie counts half. O(positives · negatives).
///
/// # Errors
/// As [`roc_curve`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::roc_auc_by_pairs, ndarray::array};
/// // Of the two pairs, one is in order and one is tied.
/// assert_eq!(roc_auc_by_pairs(&array![1, 0, 0], &array![0.5, 0.5, 0.2])?, 0.75);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_auc_by_pairs(y_true: &ArrayRef1<usize>, scores: &ArrayRef1<f64>) -> Result<f64> {
    let (positives, negatives) = split_by_class("ROC AUC", y_true, scores)?;
    let mut wins = 0.0;
    for positive in &positives {
        for negative in &negatives {
            if positive > negative {
                wins += 1.0;
            } else if positive == negative {
                wins += 0.5;
            }
        }
    }
    Ok(wins / (positives.len() as f64 * negatives.len() as f64))
}

/// The scores of the positives, and those of the negatives.
pub(super) fn split_by_class(
    quantity: &'static str,
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
) -> Result<(Vec<f64>, Vec<f64>)> {
    same_length(y_true, "`scores`", scores.len())?;
    finite("scores", scores)?;
    both_classes(quantity, y_true)?;
    let of_class = |class| {
        let rows = y_true.iter().zip(scores);
        rows.filter(move |(label, _)| **label == class)
            .map(|(_, &score)| score)
            .collect()
    };
    Ok((of_class(1), of_class(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::sample::sample;
    use crate::random::RandomState;
    use ndarray::array;

    #[test]
    fn it_equals_scikit_learn() -> Result<()> {
        let (y_true, scores) = sample();
        // roc_auc_score(y, p) and roc_curve(y, p, drop_intermediate=False), scikit-learn 1.9.1.
        assert!((roc_auc(&y_true, &scores)? - 0.884133731617647).abs() < 1e-15);
        let curve = roc_curve(&y_true, &scores)?;
        assert_eq!(curve.thresholds.len(), 20);
        let first = |values: &Array1<f64>| values.iter().take(4).copied().collect::<Vec<f64>>();
        assert_eq!(first(&curve.thresholds), [f64::INFINITY, 0.95, 0.9, 0.85]);
        assert_eq!(
            first(&curve.true_positive_rate),
            [0.0, 0.125, 0.203125, 0.28125]
        );
        assert_eq!(
            first(&curve.false_positive_rate),
            [0.0, 0.0, 0.0, 0.022058823529411766]
        );
        Ok(())
    }

    #[test]
    fn sorting_and_counting_pairs_agree_to_the_last_bit() -> Result<()> {
        let mut rng = RandomState::seed(11);
        for round in 0..200 {
            let n = 2 + round;
            let y_true = Array1::from_shape_fn(n, |i| i % 2);
            let levels = 1 + round as i64 / 3; // few levels, many ties
            let scores = rng.randint(0, levels + 1, n)?.mapv(|level| level as f64);
            assert_eq!(
                roc_auc(&y_true, &scores)?,
                roc_auc_by_pairs(&y_true, &scores)?
            );
        }
        Ok(())
    }

    #[test]
    fn an_increasing_transformation_changes_nothing_and_a_reversed_score_mirrors() -> Result<()> {
        let (y_true, scores) = sample();
        let auc = roc_auc(&y_true, &scores)?;
        assert_eq!(roc_auc(&y_true, &scores.mapv(|s| (3.0 * s).exp()))?, auc);
        assert!((roc_auc(&y_true, &-&scores)? - (1.0 - auc)).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn zero_and_minus_zero_are_a_tie() -> Result<()> {
        assert_eq!(roc_auc(&array![0, 1], &array![0.0, -0.0])?, 0.5);
        Ok(())
    }

    #[test]
    fn one_class_alone_says_what_to_do() {
        let error = roc_auc(&array![1, 1], &array![0.2, 0.3]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ROC AUC is not defined: `y_true` holds only the class 1. Use accuracy, or add negatives."
        );
        let error = roc_auc(&array![0, 1], &array![0.2, f64::NAN]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`scores[1]` is NaN, but it must be a finite number."
        );
    }
}
