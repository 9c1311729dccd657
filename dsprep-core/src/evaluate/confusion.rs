//! Confusion matrices (question 27).
//!
//! Everything that precision, recall and their kin measure is in four counts. [`BinaryConfusion`]
//! holds them by name; [`confusion_matrix`] is the table for any number of classes. The names
//! follow Powers, "Evaluation: from precision, recall and F-measure to ROC, informedness,
//! markedness and correlation", 2011.

use super::checks::{binary, same_length};
use crate::checks::{check, finite};
use crate::{Error, Result};
use ndarray::{Array2, ArrayRef1};

/// How often each class (row) was predicted as each class (column).
///
/// The classes are the labels that occur in either array, the smallest one first, as
/// [`class_labels`] lists them and scikit-learn's `unique_labels` does; the matrix is square. A label is a
/// name: how large it is costs nothing. O(n log n), and the square of the number of classes.
///
/// # Errors
/// [`Error::Empty`] without labels, [`Error::Shape`] if the lengths differ or there are so many classes that
/// the matrix would not fit into memory.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::confusion_matrix, ndarray::array};
/// let counts = confusion_matrix(&array![0, 0, 1, 2], &array![0, 1, 1, 1])?;
/// assert_eq!(counts, array![[1, 1, 0], [0, 1, 0], [0, 1, 0]]);
/// let counts = confusion_matrix(&array![7, 7, 4_000_000], &array![7, 4_000_000, 4_000_000])?;
/// assert_eq!(counts, array![[1, 1], [0, 1]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn confusion_matrix(
    y_true: &ArrayRef1<usize>,
    y_pred: &ArrayRef1<usize>,
) -> Result<Array2<usize>> {
    let classes = class_labels(y_true, y_pred)?;
    if classes.len() > MOST_CLASSES {
        return Err(Error::Shape {
            what: "the confusion matrix",
            found: format!("{} classes", classes.len()),
            expected: format!(
                "at most {MOST_CLASSES}; are these labels, or numbers to be predicted?"
            ),
        });
    }
    let place = |label: usize| classes.partition_point(|&class| class < label);
    let mut counts = Array2::zeros((classes.len(), classes.len()));
    for (&label, &predicted) in y_true.iter().zip(y_pred) {
        counts[[place(label), place(predicted)]] += 1;
    }
    Ok(counts)
}

/// A square matrix of more classes than this takes more than 800 MB.
const MOST_CLASSES: usize = 10_000;

/// The square of β, times any count, has to be a number, and not 0.
const BETAS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// The labels that occur in either array, the smallest one first: which class each row and column of
/// [`confusion_matrix`] is. O(n log n).
///
/// # Errors
/// [`Error::Empty`] without labels, [`Error::Shape`] if the lengths differ.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::class_labels, ndarray::array};
/// assert_eq!(class_labels(&array![7, 0, 7], &array![0, 0, 9])?, [0, 7, 9]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn class_labels(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<Vec<usize>> {
    same_length(y_true, "`y_pred`", y_pred.len())?;
    let mut labels: Vec<usize> = y_true.iter().chain(y_pred).copied().collect();
    labels.sort_unstable();
    labels.dedup();
    Ok(labels)
}

/// The four outcomes of a yes-or-no prediction, counted.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::BinaryConfusion, ndarray::array};
/// let counts = BinaryConfusion::new(&array![1, 1, 0, 0, 0], &array![1, 0, 1, 0, 0])?;
/// assert_eq!(counts.true_positives, 1);
/// assert_eq!(counts.precision()?, 0.5);
/// assert_eq!(counts.accuracy()?, 0.6);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BinaryConfusion {
    /// Positives that were predicted positive.
    pub true_positives: usize,
    /// Negatives that were predicted positive: false alarms.
    pub false_positives: usize,
    /// Positives that were predicted negative: misses.
    pub false_negatives: usize,
    /// Negatives that were predicted negative.
    pub true_negatives: usize,
}

impl BinaryConfusion {
    /// Counts the outcomes of `y_pred` (n labels, 0 or 1) against `y_true` (n labels, 0 or 1).
    ///
    /// # Errors
    /// [`Error::Empty`] without labels, [`Error::Shape`] if the lengths differ,
    /// [`Error::OutOfRange`] if a label is neither 0 nor 1.
    pub fn new(y_true: &ArrayRef1<usize>, y_pred: &ArrayRef1<usize>) -> Result<Self> {
        same_length(y_true, "`y_pred`", y_pred.len())?;
        binary("y_true", y_true)?;
        binary("y_pred", y_pred)?;
        Ok(Self::count(
            y_true.iter().zip(y_pred).map(|(&y, &p)| (y == 1, p == 1)),
        ))
    }

    /// Counts the outcomes if a score of at least `threshold` is called positive.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::OutOfRange`] if a score is not finite or the threshold is NaN; it may be infinite.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{evaluate::BinaryConfusion, ndarray::array};
    /// let (y_true, scores) = (array![1, 1, 0], array![0.9, 0.4, 0.4]);
    /// assert_eq!(BinaryConfusion::at_threshold(&y_true, &scores, 0.5)?.recall()?, 0.5);
    /// assert_eq!(BinaryConfusion::at_threshold(&y_true, &scores, 0.4)?.recall()?, 1.0);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn at_threshold(
        y_true: &ArrayRef1<usize>,
        scores: &ArrayRef1<f64>,
        threshold: f64,
    ) -> Result<Self> {
        same_length(y_true, "`scores`", scores.len())?;
        binary("y_true", y_true)?;
        finite("scores", scores)?;
        check(
            "`threshold`",
            threshold,
            !threshold.is_nan(),
            "a number; ∞ to call nothing positive",
        )?;
        Ok(Self::count(
            y_true
                .iter()
                .zip(scores)
                .map(|(&y, &s)| (y == 1, s >= threshold)),
        ))
    }

    fn count(outcomes: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut counts = BinaryConfusion {
            true_positives: 0,
            false_positives: 0,
            false_negatives: 0,
            true_negatives: 0,
        };
        for outcome in outcomes {
            match outcome {
                (true, true) => counts.true_positives += 1,
                (false, true) => counts.false_positives += 1,
                (true, false) => counts.false_negatives += 1,
                (false, false) => counts.true_negatives += 1,
            }
        }
        counts
    }

    /// The number of rows that are positive; at most the largest that can be counted.
    pub fn positives(&self) -> usize {
        self.true_positives.saturating_add(self.false_negatives)
    }

    /// The number of rows that are negative; at most the largest that can be counted.
    pub fn negatives(&self) -> usize {
        self.false_positives.saturating_add(self.true_negatives)
    }

    /// The share of right predictions, (TP + TN) / n.
    ///
    /// # Errors
    /// [`Error::Undefined`] if there are no rows.
    pub fn accuracy(&self) -> Result<f64> {
        let right = [self.true_positives, self.true_negatives];
        let wrong = [self.false_positives, self.false_negatives];
        ratio(right, wrong, "accuracy", NO_ROWS)
    }

    /// The share of the predicted positives that are positive, TP / (TP + FP).
    ///
    /// # Errors
    /// [`Error::Undefined`] if nothing was predicted positive. scikit-learn prints 0 there.
    pub fn precision(&self) -> Result<f64> {
        let (right, wrong) = ([self.true_positives], [self.false_positives]);
        ratio(right, wrong, "precision", NOTHING_FLAGGED)
    }

    /// The share of the positives that were found, TP / (TP + FN); also called sensitivity or the
    /// true positive rate. Calling everything positive gives 1, so it means nothing alone.
    ///
    /// # Errors
    /// [`Error::Undefined`] if there are no positives.
    pub fn recall(&self) -> Result<f64> {
        let (right, wrong) = ([self.true_positives], [self.false_negatives]);
        ratio(right, wrong, "recall", NO_POSITIVES)
    }

    /// The share of the negatives that were left alone, TN / (TN + FP): 1 − the false positive
    /// rate.
    ///
    /// # Errors
    /// [`Error::Undefined`] if there are no negatives.
    pub fn specificity(&self) -> Result<f64> {
        let (right, wrong) = ([self.true_negatives], [self.false_positives]);
        ratio(right, wrong, "specificity", NO_NEGATIVES)
    }

    /// The weighted harmonic mean of precision and recall; recall weighs `beta` times as much.
    ///
    /// (1 + β²) TP / ((1 + β²) TP + β² FN + FP), which is defined also where precision is not.
    /// After van Rijsbergen, "Information retrieval", 1979, chapter 7.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `beta` is not positive; [`Error::Undefined`] if nothing is
    /// positive, in truth or by prediction.
    pub fn f_beta(&self, beta: f64) -> Result<f64> {
        if !BETAS.contains(&beta) {
            return Err(Error::OutOfRange {
                what: "`beta`".to_owned(),
                found: beta.to_string(),
                expected: "from 10^-100 to 10^100: 1 for F1, 2 if recall matters more",
            });
        }
        if self.positives() == 0 && self.false_positives == 0 {
            return Err(undefined("the F score", NO_POSITIVES));
        }
        let square = beta * beta;
        let hits = (1.0 + square) * self.true_positives as f64;
        let misses = square * self.false_negatives as f64;
        Ok(hits / (hits + misses + self.false_positives as f64))
    }

    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FN + FP).
    ///
    /// # Errors
    /// As [`f_beta`](Self::f_beta).
    pub fn f1(&self) -> Result<f64> {
        self.f_beta(1.0)
    }

    /// The mean of recall and specificity. A constant prediction gives 0.5 at any prevalence.
    ///
    /// # Errors
    /// [`Error::Undefined`] if one of the classes has no rows.
    pub fn balanced_accuracy(&self) -> Result<f64> {
        Ok((self.recall()? + self.specificity()?) / 2.0)
    }

    /// The correlation of truth and prediction, from −1 to 1 (Matthews, 1975).
    ///
    /// # Errors
    /// [`Error::Undefined`] if truth or prediction is constant. scikit-learn gives 0 there.
    pub fn matthews_correlation(&self) -> Result<f64> {
        let [tp, fp, fn_, tn] = [
            self.true_positives,
            self.false_positives,
            self.false_negatives,
            self.true_negatives,
        ]
        .map(|count| count as f64);
        let product = (tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_);
        if product == 0.0 {
            return Err(undefined("the Matthews correlation", CONSTANT));
        }
        // As whole numbers: two products that nearly agree would lose the digits in which they differ.
        let product_of = |a: usize, b: usize| a as u128 * b as u128;
        let along = product_of(self.true_positives, self.true_negatives);
        let across = product_of(self.false_positives, self.false_negatives);
        let size = along.abs_diff(across) as f64 / product.sqrt();
        Ok(if along < across { -size } else { size })
    }
}

/// Why a ratio is 0 / 0, and what to do.
type Gap = (&'static str, &'static str);

const NO_ROWS: Gap = ("there are no rows", "Count at least one prediction.");
const NOTHING_FLAGGED: Gap = (
    "nothing was predicted positive",
    "Lower the threshold, or use recall or F1, which are 0 here.",
);
const NO_POSITIVES: Gap = (
    "there are no positives",
    "Use specificity, or add positives.",
);
const NO_NEGATIVES: Gap = ("there are no negatives", "Use recall, or add negatives.");
pub(super) const CONSTANT: Gap = (
    "all labels or all predictions are the same class",
    "A constant can't correlate: use balanced accuracy, or lower the threshold.",
);

pub(super) fn undefined(what: &'static str, (reason, remedy): Gap) -> Error {
    Error::Undefined {
        what,
        reason: reason.to_owned(),
        remedy,
    }
}

/// What share the right ones are of all.
fn ratio<const N: usize>(
    right: [usize; N],
    wrong: [usize; N],
    what: &'static str,
    gap: Gap,
) -> Result<f64> {
    let sum = |counts: [usize; N]| counts.map(|count| count as f64).iter().sum::<f64>();
    let (right, wrong) = (sum(right), sum(wrong));
    if right + wrong == 0.0 {
        return Err(undefined(what, gap));
    }
    Ok(right / (right + wrong))
}

#[cfg(test)]
mod tests;
