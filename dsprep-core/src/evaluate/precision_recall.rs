//! The precision-recall curve and average precision, also called PR AUC (question 27).
//!
//! Both axes ignore the true negatives, so the curve shows what ROC hides when positives are rare.
//! The baseline is not 0.5 but the prevalence: constant or random scores have that precision at any
//! recall (Saito and Rehmsmeier, 2015). After Davis and Goadrich, "The relationship between
//! precision-recall and ROC curves", 2006.

use super::checks::binary;
use super::ranking::steps;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};

/// The points of a precision-recall curve, from the highest threshold down: three arrays of equal
/// length.
///
/// Unlike scikit-learn's, it has no point at recall 0: where nothing is flagged, precision is 0 /
/// 0.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionRecallCurve {
    /// Scores from here on are called positive.
    pub thresholds: Array1<f64>,
    /// The share of the called that are positive.
    pub precision: Array1<f64>,
    /// The share of the positives that are called; it grows from point to point.
    pub recall: Array1<f64>,
}

/// The precision-recall curve of `scores` (n) against `y_true` (n labels, 0 or 1): one point per
/// distinct score. O(n log n).
///
/// # Errors
/// [`Error::Empty`], [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a label or
/// score is not valid, [`Error::Undefined`] if there are no positives.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::precision_recall_curve, ndarray::array};
/// let curve = precision_recall_curve(&array![1, 0, 1], &array![0.9, 0.8, 0.7])?;
/// assert_eq!(curve.precision, array![1.0, 0.5, 2.0 / 3.0]);
/// assert_eq!(curve.recall, array![0.5, 0.5, 1.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn precision_recall_curve(
    y_true: &ArrayRef1<usize>,
    scores: &ArrayRef1<f64>,
) -> Result<PrecisionRecallCurve> {
    let steps = steps(y_true, scores)?;
    let positives = binary("y_true", y_true)?.positives;
    if positives == 0 {
        return Err(Error::Undefined {
            what: "the precision-recall curve",
            reason: "`y_true` holds only the class 0, so there is nothing to find".to_owned(),
            remedy: "Add positives.",
        });
    }
    let precision = |flagged: usize, hits: usize| hits as f64 / flagged as f64;
    Ok(PrecisionRecallCurve {
        thresholds: steps.iter().map(|step| step.threshold).collect(),
        precision: steps
            .iter()
            .map(|s| precision(s.true_positives + s.false_positives, s.true_positives))
            .collect(),
        recall: steps
            .iter()
            .map(|step| step.true_positives as f64 / positives as f64)
            .collect(),
    })
}

/// The average precision: Σ (R_k − R_{k−1}) P_k down the ranking, scikit-learn's
/// `average_precision_score`.
///
/// The sum has no interpolation; joining the points by straight lines would be too optimistic.
/// Constant scores give the prevalence exactly, random scores about that. O(n log n).
///
/// # Errors
/// As [`precision_recall_curve`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::average_precision, ndarray::array};
/// assert_eq!(average_precision(&array![1, 0, 1, 0], &array![0.9, 0.8, 0.7, 0.1])?, 0.5 + 1.0 / 3.0);
/// assert_eq!(average_precision(&array![1, 0, 0, 0], &array![0.5, 0.5, 0.5, 0.5])?, 0.25);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[doc(alias = "pr_auc")]
pub fn average_precision(y_true: &ArrayRef1<usize>, scores: &ArrayRef1<f64>) -> Result<f64> {
    let curve = precision_recall_curve(y_true, scores)?;
    let mut before = 0.0;
    let mut sum = 0.0;
    for (&recall, &precision) in curve.recall.iter().zip(&curve.precision) {
        sum += (recall - before) * precision;
        before = recall;
    }
    Ok(sum)
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
        // average_precision_score(y, p) and precision_recall_curve(y, p), scikit-learn 1.9.1.
        assert!((average_precision(&y_true, &scores)? - 0.790101947451762).abs() < 1e-15);
        let curve = precision_recall_curve(&y_true, &scores)?;
        assert_eq!(curve.thresholds.len(), 19);
        let first = |values: &Array1<f64>| values.iter().take(3).copied().collect::<Vec<f64>>();
        assert_eq!(first(&curve.precision), [1.0, 1.0, 0.8571428571428571]);
        assert_eq!(first(&curve.recall), [0.125, 0.203125, 0.28125]);
        Ok(())
    }

    #[test]
    fn constant_scores_give_the_prevalence_whatever_it_is() -> Result<()> {
        for positives in [1, 10, 500, 999, 1000] {
            let y_true = Array1::from_shape_fn(1000, |i| usize::from(i < positives));
            let prevalence = positives as f64 / 1000.0;
            assert_eq!(average_precision(&y_true, &Array1::ones(1000))?, prevalence);
        }
        Ok(())
    }

    #[test]
    fn random_scores_stay_near_the_prevalence_where_roc_auc_stays_near_a_half() -> Result<()> {
        let y_true = Array1::from_shape_fn(50_000, |i| usize::from(i % 100 == 0));
        let scores = RandomState::seed(2).rand(50_000)?;
        assert!((average_precision(&y_true, &scores)? - 0.01).abs() < 0.003);
        assert!((crate::evaluate::roc_auc(&y_true, &scores)? - 0.5).abs() < 0.03);
        Ok(())
    }

    #[test]
    fn without_positives_it_is_not_defined() {
        let error = average_precision(&array![0, 0], &array![0.1, 0.2]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the precision-recall curve is not defined: `y_true` holds only the class 0, so there is \
             nothing to find. Add positives."
        );
    }
}
