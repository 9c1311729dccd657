//! Metrics of predicted labels (question 27).
//!
//! [`accuracy`], [`balanced_accuracy`] and [`matthews_correlation`] take any number of classes;
//! [`precision`], [`recall`], [`f1`] and [`f_beta`] are about the positive class, whose number is 1.
//! Each takes `y_true`, then `y_pred`, n labels each. [`BinaryConfusion`] has the same quantities
//! as methods.

use super::confusion::{BinaryConfusion, CONSTANT, class_labels, undefined};
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// The share of right predictions.
///
/// With 1 % positives, always saying "negative" scores 0.99: compare with the share of the largest
/// class.
///
/// # Errors
/// [`Error::Empty`] without labels, [`Error::Shape`] if the lengths differ.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::accuracy, ndarray::array};
/// assert_eq!(accuracy(&array![0, 1, 2, 2], &array![0, 1, 1, 2])?, 0.75);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn accuracy(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<f64> {
    super::checks::same_length(y_true, "`y_pred`", y_pred.len())?;
    let right = y_true.iter().zip(y_pred).filter(|(y, p)| y == p).count();
    Ok(right as f64 / y_true.len() as f64)
}

/// The mean over the classes of the share that was recognised. A constant prediction scores 1 /
/// classes.
///
/// Classes that only `y_pred` holds are left out, as scikit-learn does.
///
/// # Errors
/// As [`accuracy`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::balanced_accuracy, ndarray::array};
/// assert_eq!(balanced_accuracy(&array![0, 0, 0, 1], &array![0, 0, 0, 0])?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn balanced_accuracy(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<f64> {
    let classes = PerClass::count(y_true, y_pred)?;
    let recalls: Vec<f64> = classes
        .iter()
        .filter(|class| class.actual > 0)
        .map(|class| class.right as f64 / class.actual as f64)
        .collect();
    Ok(recalls.iter().sum::<f64>() / recalls.len() as f64)
}

/// The Matthews correlation coefficient of truth and prediction: 1 is perfect, 0 is chance.
///
/// For two classes after Matthews, 1975; for more, the R_K of Gorodkin, "Comparing two K-category
/// assignments by a K-category correlation coefficient", 2004.
///
/// # Errors
/// As [`accuracy`]; [`Error::Undefined`] if truth or prediction is constant.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::matthews_correlation, ndarray::array};
/// assert_eq!(matthews_correlation(&array![0, 1, 2], &array![0, 1, 2])?, 1.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn matthews_correlation(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<f64> {
    let classes = PerClass::count(y_true, y_pred)?;
    let total = y_true.len() as f64;
    let sum = |term: fn(&PerClass) -> f64| classes.iter().map(term).sum::<f64>();
    let right = sum(|class| class.right as f64);
    let covariance = right * total - sum(|class| class.actual as f64 * class.predicted as f64);
    let truth_variance = total * total - sum(|class| (class.actual as f64).powi(2));
    let prediction_variance = total * total - sum(|class| (class.predicted as f64).powi(2));
    if truth_variance == 0.0 || prediction_variance == 0.0 {
        return Err(undefined("the Matthews correlation", CONSTANT));
    }
    Ok(covariance / (truth_variance * prediction_variance).sqrt())
}

/// How many rows are of a class, were predicted so, and both.
#[derive(Debug, Clone, Copy, Default)]
struct PerClass {
    actual: usize,
    predicted: usize,
    right: usize,
}

impl PerClass {
    /// For each label that occurs, the smallest one first. O(n log n), whatever the labels.
    fn count(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<Vec<PerClass>> {
        let labels = class_labels(y_true, y_pred)?;
        let place = |label: usize| labels.partition_point(|&known| known < label);
        let mut classes = vec![PerClass::default(); labels.len()];
        for (&label, &predicted) in y_true.iter().zip(y_pred) {
            classes[place(label)].actual += 1;
            classes[place(predicted)].predicted += 1;
            classes[place(label)].right += usize::from(label == predicted);
        }
        Ok(classes)
    }
}

/// The share of the predicted positives that are positive.
///
/// # Errors
/// As [`BinaryConfusion::new`] and [`BinaryConfusion::precision`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::precision, ndarray::array};
/// assert_eq!(precision(&array![1, 0, 0, 1], &array![1, 1, 0, 0])?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn precision(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<f64> {
    BinaryConfusion::new(y_true, y_pred)?.precision()
}

/// The share of the positives that were found.
///
/// # Errors
/// As [`BinaryConfusion::new`] and [`BinaryConfusion::recall`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::recall, ndarray::array};
/// assert_eq!(recall(&array![1, 0, 0, 1], &array![1, 1, 1, 1])?, 1.0); // flag everything
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn recall(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<f64> {
    BinaryConfusion::new(y_true, y_pred)?.recall()
}

/// The harmonic mean of precision and recall.
///
/// # Errors
/// As [`BinaryConfusion::new`] and [`BinaryConfusion::f_beta`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::f1, ndarray::array};
/// assert_eq!(f1(&array![1, 0, 0, 1], &array![1, 1, 0, 0])?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn f1(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<f64> {
    f_beta(y_true, y_pred, 1.0)
}

/// The harmonic mean of precision and recall in which recall weighs `beta` times as much.
///
/// # Errors
/// As [`BinaryConfusion::new`] and [`BinaryConfusion::f_beta`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::f_beta, ndarray::array};
/// // Precision 1/2 and recall 1: (1 + 4) · 1/2 · 1 / (4 · 1/2 + 1).
/// assert_eq!(f_beta(&array![1, 0], &array![1, 1], 2.0)?, 5.0 / 6.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn f_beta(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>, beta: f64) -> Result<f64> {
    BinaryConfusion::new(y_true, y_pred)?.f_beta(beta)
}

/// Fails unless every label is below `classes`.
pub(super) fn check_labels(what: &str, labels: &ArrayRef1<usize>, classes: usize) -> Result<()> {
    match labels.iter().position(|&label| label >= classes) {
        None => Ok(()),
        Some(at) => Err(Error::OutOfRange {
            what: format!(
                "`{what}[{at}]`, with {} given,",
                count(classes, "class name")
            ),
            found: labels[at].to_string(),
            expected: "less than the number of class names",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::sample::sample;

    #[test]
    fn the_metrics_of_labels_equal_scikit_learn() -> Result<()> {
        let (y_true, probabilities) = sample();
        let y_pred = probabilities.mapv(|p| usize::from(p >= 0.5));
        // accuracy_score, precision_score, recall_score, f1_score, fbeta_score(beta=2),
        // matthews_corrcoef and balanced_accuracy_score of (y, p >= 0.5), scikit-learn 1.9.1.
        let pairs = [
            (accuracy(&y_true, &y_pred)?, 0.79),
            (precision(&y_true, &y_pred)?, 0.6375),
            (recall(&y_true, &y_pred)?, 0.796875),
            (f1(&y_true, &y_pred)?, 0.7083333333333334),
            (f_beta(&y_true, &y_pred, 2.0)?, 0.7589285714285714),
            (matthews_correlation(&y_true, &y_pred)?, 0.5557361583486164),
            (balanced_accuracy(&y_true, &y_pred)?, 0.7918198529411764),
        ];
        for (found, expected) in pairs {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn the_general_formulas_agree_with_the_binary_ones() -> Result<()> {
        let (y_true, probabilities) = sample();
        for threshold in [0.2, 0.5, 0.7] {
            let y_pred = probabilities.mapv(|p| usize::from(p >= threshold));
            let counts = BinaryConfusion::new(&y_true, &y_pred)?;
            let correlation = matthews_correlation(&y_true, &y_pred)?;
            assert!((correlation - counts.matthews_correlation()?).abs() < 1e-14);
            assert_eq!(
                balanced_accuracy(&y_true, &y_pred)?,
                counts.balanced_accuracy()?
            );
            assert_eq!(accuracy(&y_true, &y_pred)?, counts.accuracy()?);
        }
        Ok(())
    }
}
