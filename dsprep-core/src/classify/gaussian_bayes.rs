//! Naive Bayes for numbers.
//!
//! log P(class | x) is, up to a constant, the log of the class's share plus the log density of each feature
//! by itself: naive, as if the features were independent within a class. The order of the classes is often right
//! though the probabilities are too extreme, since what features share is counted more than once. After Hastie,
//! Tibshirani and Friedman, "The elements of statistical learning", 2nd edition, section 6.6.3.

use super::labels::{classes, most_probable, normalised, sizes, sums};
use crate::checks::{columns_of_fit, finite_matrix};
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};
use serde::{Deserialize, Serialize};

/// The share of the greatest variance of a feature that is added to all, as in scikit-learn, so that a feature
/// that does not vary within a class divides nothing by 0.
const SMOOTHING: f64 = 1e-9;

/// A normal distribution of each feature in each class.
///
/// # Examples
/// ```
/// use dsprep_core::{classify::GaussianNaiveBayes, ndarray::array};
/// let x = array![[1.0], [2.0], [3.0], [11.0], [12.0], [13.0]];
/// let model = GaussianNaiveBayes::fit(&x, &array![0, 0, 0, 1, 1, 1])?;
/// assert_eq!(model.predict(&array![[4.0], [9.0]])?, array![0, 1]);
/// // Half way, both are equally probable.
/// assert!((model.predict_proba(&array![[7.0]])?[[0, 1]] - 0.5).abs() < 1e-9);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GaussianNaiveBayes {
    classes: Vec<usize>,
    /// The log of the share of each class.
    #[serde(with = "crate::saved::array")]
    log_shares: Array1<f64>,
    /// classes × features.
    #[serde(with = "crate::saved::array")]
    means: Array2<f64>,
    /// classes × features.
    #[serde(with = "crate::saved::array")]
    variances: Array2<f64>,
}

checked!(GaussianNaiveBayes);

impl GaussianNaiveBayes {
    /// Fits the model to `x` (rows × features) and `y` (labels). O(rows · features).
    ///
    /// # Errors
    /// [`Error::Empty`] without rows or columns; [`Error::Shape`] if the number of labels is not that of the
    /// rows; [`Error::OutOfRange`] if a value is not finite; [`Error::Undefined`] if no feature varies.
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>) -> Result<Self> {
        finite_matrix("`x`", x)?;
        let (classes, places) = classes(y, x.nrows())?;
        let sizes = sizes(&places, classes.len());
        let by_size = sizes.view().insert_axis(Axis(1));
        let whole = x.sum_axis(Axis(0)) / x.nrows() as f64;
        // Twice, so that values far from 0 lose nothing: the second mean is that of what the first left.
        let around = x.to_owned() - &whole;
        let moved = sums(&around, &places, classes.len()) / by_size;
        let mut within = around.clone();
        for (mut row, &class) in within.rows_mut().into_iter().zip(&places) {
            row -= &moved.row(class);
        }
        let spread = (&around * &around).sum_axis(Axis(0)) / x.nrows() as f64;
        let greatest = spread.iter().copied().fold(0.0, f64::max);
        let size = x.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
        if greatest <= (4.0 * f64::EPSILON * size).powi(2) {
            return Err(Error::Undefined {
                what: "naive Bayes",
                reason: "no feature varies".to_owned(),
                remedy: "Add a feature that differs between the rows.",
            });
        }
        let variances = sums(&(&within * &within), &places, classes.len()) / by_size;
        if !(greatest.is_finite() && variances.iter().all(|variance| variance.is_finite())) {
            return Err(Error::Undefined {
                what: "naive Bayes",
                reason: "the variance of a feature overflows".to_owned(),
                remedy: "Give the feature in another unit.",
            });
        }
        Ok(GaussianNaiveBayes {
            log_shares: (sizes / x.nrows() as f64).ln(),
            means: moved + &whole,
            variances: variances + SMOOTHING * greatest,
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
    /// [`Error::OutOfRange`] if a value is not finite.
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        columns_of_fit(x, self.means.ncols())?;
        let mut logs = Array2::zeros((x.nrows(), self.classes.len()));
        for ((row, class), log) in logs.indexed_iter_mut() {
            let (means, variances) = (self.means.row(class), self.variances.row(class));
            *log = self.log_shares[class];
            for ((x, mean), variance) in x.row(row).iter().zip(means).zip(variances) {
                let z2 = (x - mean) / variance * (x - mean);
                *log -= 0.5 * ((std::f64::consts::TAU * variance).ln() + z2.min(f64::MAX / 4.0));
            }
            // So far from all classes, one of them still is the nearest, or all are equally far.
            *log = log.max(f64::MIN / 2.0);
        }
        Ok(normalised(logs))
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
        let fits = classes > 0
            && self.log_shares.len() == classes
            && self.means.nrows() == classes
            && self.variances.dim() == self.means.dim()
            && self.variances.iter().all(|&variance| variance > 0.0);
        unless_consistent(
            fits,
            "a mean and a positive variance for each class and feature",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// `GaussianNB().fit(x, y).predict_proba(new)`, scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn probabilities_equal_scikit_learns_at_any_offset() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng.randn((60, 3))?;
        let y = x
            .column(0)
            .mapv(|z| if z < -0.5 { 2 } else { usize::from(z > 0.5) });
        let new = rng.randn((3, 3))?;
        for offset in [0.0, 1e8] {
            let model = GaussianNaiveBayes::fit(&(&x + offset), &y)?;
            let found = model.predict_proba(&(&new + offset))?;
            for (found, expected) in found.iter().zip(EXPECTED.as_flattened()) {
                let tolerance = if offset == 0.0 { 1e-12 } else { 1e-6 };
                assert!(
                    (found - expected).abs() < tolerance,
                    "{offset}: {found} {expected}"
                );
            }
        }
        Ok(())
    }

    #[test]
    fn a_feature_that_is_constant_in_a_class_decides_and_far_values_stay_probabilities()
    -> Result<()> {
        let x = array![[0.0, 5.0], [1.0, 5.0], [0.0, 6.0], [1.0, 6.0]];
        let model = GaussianNaiveBayes::fit(&x, &array![3, 3, 8, 8])?;
        assert_eq!(
            model.predict(&array![[0.5, 5.1], [0.5, 5.9]])?,
            array![3, 8]
        );
        let far = model.predict_proba(&array![[1e300, -1e300]])?;
        assert!(far.iter().all(|p| (0.0..=1.0).contains(p)), "{far}");
        let alone = GaussianNaiveBayes::fit(&x, &array![1, 1, 1, 1])?;
        assert_eq!(alone.predict_proba(&x)?, Array2::<f64>::ones((4, 1)));
        Ok(())
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let same = GaussianNaiveBayes::fit(&Array2::from_elem((47, 2), 4.35), &Array1::zeros(47));
        assert!(matches!(same, Err(Error::Undefined { .. })), "{same:?}");
        assert!(GaussianNaiveBayes::fit(&array![[1.0], [2.0]], &array![0]).is_err());
        assert!(GaussianNaiveBayes::fit(&array![[1.0], [f64::NAN]], &array![0, 1]).is_err());
    }

    const EXPECTED: [[f64; 3]; 3] = [
        [0.7354589740023459, 0.2131272728346703, 0.051413753162983744],
        [
            0.3372738880811182,
            0.0004615766404192998,
            0.6622645352784622,
        ],
        [
            0.7576581215875847,
            0.002718181998611777,
            0.23962369641380338,
        ],
    ];
}
