//! Fitted trees and their sum.

use crate::Result;
use crate::trees::checks::{check_columns_with_gaps, check_row_with_gaps, check_targets};
use crate::trees::ensemble::Ensemble;
use ndarray::{Array1, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// A fitted sum of trees: what `GradientBoosting::regressor` makes, and, in log odds, what is inside
/// a classifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostedTrees {
    base: f64,
    ensemble: Ensemble,
}

/// A prediction, taken apart by features. `bias` and `features` sum to the prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// What is predicted before any feature is looked at.
    pub bias: f64,
    /// What each feature adds.
    pub features: Array1<f64>,
}

impl BoostedTrees {
    pub(super) fn new(base: f64, ensemble: Ensemble) -> Self {
        BoostedTrees { base, ensemble }
    }

    #[inline]
    fn check_row(&self, row: &[f64]) -> Result<()> {
        check_row_with_gaps(row, self.ensemble.features(), |feature| {
            self.ensemble.takes_gaps(feature)
        })
    }

    pub(super) fn check_columns(&self, x: &ArrayRef2<f64>) -> Result<()> {
        check_columns_with_gaps(x, self.ensemble.features(), |feature| {
            self.ensemble.takes_gaps(feature)
        })
    }

    /// The prediction for one row, the features in the order of `fit`. Allocates nothing.
    /// O(trees · depth).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of values is not that of the features;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is infinite, or NaN where no value was missing in `fit`.
    #[inline]
    pub fn predict_row(&self, row: &[f64]) -> Result<f64> {
        self.check_row(row)?;
        Ok(self.base + self.ensemble.sum(row))
    }

    /// The prediction for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`predict_row`](Self::predict_row); [`Error::Empty`](crate::Error::Empty) without rows.
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        self.check_columns(x)?;
        let x = x.as_standard_layout();
        let rows = x.rows().into_iter().filter_map(|row| row.to_slice());
        Ok(rows.map(|row| self.base + self.ensemble.sum(row)).collect())
    }

    /// The mean of `loss(y, prediction)` over the rows of `x` after 0, 1, 2, ... trees: trees + 1
    /// numbers. On training and validation data this draws the learning curves.
    pub(super) fn staged<T: Copy>(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<T>,
        loss: impl Fn(T, f64) -> f64,
    ) -> Array1<f64> {
        let x = x.as_standard_layout();
        let mut losses = Array1::zeros(self.trees() + 1);
        for (row, &y) in x.rows().into_iter().filter_map(|row| row.to_slice()).zip(y) {
            let mut score = self.base;
            losses[0] += loss(y, score);
            for tree in 0..self.trees() {
                score += self.ensemble.values(self.ensemble.leaf(tree, row))[0];
                losses[tree + 1] += loss(y, score);
            }
        }
        losses / y.len() as f64
    }

    /// The mean squared error on `x` (rows × features) and `y` after 0, 1, 2, ... trees: trees + 1
    /// numbers.
    ///
    /// # Errors
    /// As [`predict`](Self::predict); [`Error::Shape`](crate::Error::Shape) if the number of targets
    /// is not that of the rows.
    pub fn staged_mean_squared_error(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<f64>,
    ) -> Result<Array1<f64>> {
        self.check_columns(x)?;
        check_targets(y, x.nrows())?;
        Ok(self.staged(x, y, |y, score| (y - score).powi(2)))
    }

    /// What each feature adds to the prediction for `row`. On the way down a tree, the step from a
    /// node's value to its child's is put down to the feature of the split (Saabas, "Interpreting
    /// random forests", 2014). Fast, and it adds up, but unlike Shapley values it favours features
    /// near the leaves. O(trees · depth).
    ///
    /// # Errors
    /// As [`predict_row`](Self::predict_row).
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::{Array1, Array2}, trees::GradientBoosting};
    /// let x = Array2::from_shape_fn((100, 2), |(i, j)| if j == 0 { i as f64 } else { 7.0 });
    /// let y = x.column(0).to_owned();
    /// let model = GradientBoosting::regressor().fit(&x, &y)?;
    /// let reasons = model.feature_contributions(&[90.0, 7.0])?;
    /// assert!(reasons.features[0] > 30.0 && reasons.features[1] == 0.0);
    /// let sum = reasons.bias + reasons.features.sum();
    /// assert!((sum - model.predict_row(&[90.0, 7.0])?).abs() < 1e-9);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn feature_contributions(&self, row: &[f64]) -> Result<Contributions> {
        self.check_row(row)?;
        let value = |node| self.ensemble.values(node)[0];
        let mut bias = self.base;
        let mut features = Array1::zeros(self.ensemble.features());
        for tree in 0..self.trees() {
            let path = self.ensemble.path(tree, row);
            bias += value(path[0]);
            for step in path.windows(2) {
                if let Some(split) = self.ensemble.split_of(step[0]) {
                    features[split.feature] += value(step[1]) - value(step[0]);
                }
            }
        }
        Ok(Contributions { bias, features })
    }

    /// The share of each feature in the gains of all splits. The shares sum to 1, or are all 0 if
    /// nothing was split. It is measured on the training rows, so a feature with many distinct
    /// values looks more important than it is.
    pub fn feature_importance(&self) -> Array1<f64> {
        Array1::from(self.ensemble.importance())
    }

    /// How many trees there are.
    pub fn trees(&self) -> usize {
        self.ensemble.trees()
    }

    /// How many features a row has.
    pub fn features(&self) -> usize {
        self.ensemble.features()
    }
}
