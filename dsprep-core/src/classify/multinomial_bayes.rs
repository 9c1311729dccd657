//! Naive Bayes for counts, such as those of words in a text.
//!
//! Each class draws its words with its own probabilities. A word that a class never had would make it
//! impossible, so that `smoothing` is added to every count (Laplace). After Manning, Raghavan and Schütze,
//! "Introduction to information retrieval", 2008, section 13.2.

use super::labels::{classes, most_probable, normalised, sizes, sums};
use crate::checks::{columns_of_fit, finite_matrix};
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};
use serde::{Deserialize, Serialize};

/// The probabilities of the words in each class.
///
/// # Examples
/// ```
/// use dsprep_core::{classify::MultinomialNaiveBayes, ndarray::array};
/// // Columns: "free", "meeting". Rows: two spam mails, two others.
/// let counts = array![[3.0, 0.0], [2.0, 1.0], [0.0, 2.0], [0.0, 3.0]];
/// let model = MultinomialNaiveBayes::fit(&counts, &array![1, 1, 0, 0], 1.0)?;
/// assert_eq!(model.predict(&array![[1.0, 0.0], [0.0, 1.0]])?, array![1, 0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct MultinomialNaiveBayes {
    classes: Vec<usize>,
    /// The log of the share of each class.
    #[serde(with = "crate::saved::array")]
    log_shares: Array1<f64>,
    /// The log of the probability of each word in each class: classes × words.
    #[serde(with = "crate::saved::array")]
    log_words: Array2<f64>,
}

checked!(MultinomialNaiveBayes);

impl MultinomialNaiveBayes {
    /// Fits the model to `x` (rows × counts) and `y` (labels). O(rows · counts).
    ///
    /// # Errors
    /// [`Error::Empty`] without rows or columns; [`Error::Shape`] if the number of labels is not that of the
    /// rows; [`Error::OutOfRange`] if a count is negative or not finite, or `smoothing` is not positive.
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, smoothing: f64) -> Result<Self> {
        finite_matrix("`x`", x)?;
        check_counts(x)?;
        let (classes, places) = classes(y, x.nrows())?;
        if !(smoothing > 0.0 && smoothing.is_finite()) {
            return Err(Error::OutOfRange {
                what: "`smoothing`".to_owned(),
                found: smoothing.to_string(),
                expected: "a finite number above 0; 1 is usual",
            });
        }
        let counts = sums(x, &places, classes.len()) + smoothing;
        let all = counts.sum_axis(Axis(1)).insert_axis(Axis(1));
        Ok(MultinomialNaiveBayes {
            log_shares: (sizes(&places, classes.len()) / x.nrows() as f64).ln(),
            log_words: counts.ln() - all.ln(),
            classes,
        })
    }

    /// The classes, sorted: the columns of [`predict_proba`](Self::predict_proba).
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// The probability of each class for each row of `x`: rows × classes.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`; [`Error::Empty`] without rows;
    /// [`Error::OutOfRange`] if a count is negative or not finite.
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        columns_of_fit(x, self.log_words.ncols())?;
        check_counts(x)?;
        // Counts so large that a sum overflows would make all classes impossible.
        let logs = x
            .dot(&self.log_words.t())
            .mapv(|log| log.max(f64::MIN / 2.0));
        Ok(normalised(logs + &self.log_shares))
    }

    /// The most probable class for each row of `x`, the smallest of equally probable ones.
    ///
    /// # Errors
    /// As [`predict_proba`](Self::predict_proba).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        Ok(most_probable(&self.predict_proba(x)?, &self.classes))
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let classes = self.classes.len();
        let fits =
            classes > 0 && self.log_shares.len() == classes && self.log_words.nrows() == classes;
        unless_consistent(fits, "a probability for each class and word")
    }
}

fn check_counts(x: &ArrayRef2<f64>) -> Result<()> {
    match x.indexed_iter().find(|(_, count)| **count < 0.0) {
        None => Ok(()),
        Some(((row, column), count)) => Err(Error::OutOfRange {
            what: format!("`x`, row {row}, column {column},"),
            found: count.to_string(),
            expected: "a count, 0 or greater",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// `MultinomialNB(alpha=0.5).fit(x, y).predict_proba(new)`, scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn probabilities_equal_scikit_learns() -> Result<()> {
        let x = array![
            [2.0, 0.0, 1.0],
            [1.0, 3.0, 0.0],
            [0.0, 1.0, 4.0],
            [1.0, 0.0, 2.0],
            [0.0, 2.0, 1.0]
        ];
        let model = MultinomialNaiveBayes::fit(&x, &array![4, 9, 4, 4, 9], 0.5)?;
        let found = model.predict_proba(&array![[1.0, 1.0, 1.0], [0.0, 3.0, 0.0]])?;
        for (found, expected) in found.iter().zip(EXPECTED.as_flattened()) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_count_is_named() -> Result<()> {
        let (x, y) = (array![[1.0, 0.0], [0.0, 1.0]], array![0, 1]);
        assert!(MultinomialNaiveBayes::fit(&x, &y, 0.0).is_err());
        let negative = MultinomialNaiveBayes::fit(&array![[1.0, 0.0], [0.0, -1.0]], &y, 1.0);
        assert!(
            negative
                .unwrap_err()
                .to_string()
                .contains("row 1, column 1, is -1")
        );
        let huge =
            MultinomialNaiveBayes::fit(&x, &y, 1.0)?.predict_proba(&array![[1e308, 1e308]])?;
        assert!(huge.iter().all(|p| (0.0..=1.0).contains(p)), "{huge}");
        Ok(())
    }

    const EXPECTED: [[f64; 2]; 2] = [
        [0.6001116779023166, 0.3998883220976836],
        [0.009476943576210761, 0.9905230564237893],
    ];
}
