//! A fitted classifier: the trees' sum as log odds.

use super::early_stopping::log_loss_of;
use super::{BoostedTrees, Contributions};
use crate::Result;
use crate::sigmoid::{both_classes, sigmoid};
use crate::trees::checks::check_length;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// A fitted classifier of two classes: what `GradientBoosting::classifier` makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostedClassifier {
    log_odds: BoostedTrees,
}

impl BoostedClassifier {
    pub(super) fn new(log_odds: BoostedTrees) -> Self {
        BoostedClassifier { log_odds }
    }

    /// The probability of class 1 for one row, the features in the order of `fit`. Allocates nothing.
    /// O(trees · depth).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of values is not that of the features;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite.
    #[inline]
    pub fn probability(&self, row: &[f64]) -> Result<f64> {
        Ok(sigmoid(self.log_odds.predict_row(row)?))
    }

    /// The probability of class 1 for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`probability`](Self::probability); [`Error::Empty`](crate::Error::Empty)
    /// without rows.
    pub fn probabilities(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        Ok(self.log_odds.predict(x)?.mapv(sigmoid))
    }

    /// The probabilities of class 0 and class 1 for each row of `x` (rows × features): rows × 2, as the other classifiers
    /// give them.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        Ok(both_classes(&self.probabilities(x)?))
    }

    /// The more probable class, 0 or 1, for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        Ok(self
            .log_odds
            .predict(x)?
            .mapv(|score| usize::from(score > 0.0)))
    }

    /// The log loss on `x` (rows × features) and `y` (labels, 0 or 1) after 0, 1, 2, ... trees:
    /// trees + 1 numbers. On training and validation data this draws the learning curves.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities); also if a label is not 0 or 1 or the number of labels
    /// is not that of the rows.
    pub fn staged_log_loss(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<usize>) -> Result<Array1<f64>> {
        self.log_odds.check_columns(x)?;
        check_length("`y`", y.len(), x.nrows())?;
        crate::evaluate::binary("y", y)?;
        Ok(self.log_odds.staged(x, y, log_loss_of))
    }

    /// What each feature adds to the log odds of class 1 for `row`; see
    /// [`BoostedTrees::feature_contributions`].
    ///
    /// # Errors
    /// As [`probability`](Self::probability).
    pub fn feature_contributions(&self, row: &[f64]) -> Result<Contributions> {
        self.log_odds.feature_contributions(row)
    }

    /// The share of each feature in the gains of all splits; see
    /// [`BoostedTrees::feature_importance`].
    pub fn feature_importance(&self) -> Array1<f64> {
        self.log_odds.feature_importance()
    }

    /// The trees, whose sum is the log odds of class 1.
    pub fn log_odds(&self) -> &BoostedTrees {
        &self.log_odds
    }
}
