//! A fitted classifier: the trees' sum as log odds.

use super::{BoostedTrees, Contributions};
use crate::Result;
use crate::linear::sigmoid;
use crate::trees::checks::{check_columns, check_length};
use ndarray::{Array1, ArrayRef1, ArrayRef2};

/// A fitted classifier of two classes: what `GradientBoosting::classifier` makes.
#[derive(Debug, Clone, PartialEq)]
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
    pub fn predict_proba_row(&self, row: &[f64]) -> Result<f64> {
        Ok(sigmoid(self.log_odds.predict_row(row)?))
    }

    /// The probability of class 1 for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`predict_proba_row`](Self::predict_proba_row); [`Error::Empty`](crate::Error::Empty)
    /// without rows.
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        Ok(self.log_odds.predict(x)?.mapv(sigmoid))
    }

    /// The more probable class, 0 or 1, for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`predict_proba`](Self::predict_proba).
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
    /// As [`predict_proba`](Self::predict_proba); also if a label is not 0 or 1 or the number of labels
    /// is not that of the rows.
    pub fn staged_log_loss(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<usize>) -> Result<Array1<f64>> {
        check_columns(x, self.log_odds.features())?;
        check_length("`y`", y.len(), x.nrows())?;
        crate::evaluate::binary("y", y)?;
        Ok(self.log_odds.staged(x, y, |label, score| {
            let margin = if label == 1 { score } else { -score };
            (-margin.abs()).exp().ln_1p() + (-margin).max(0.0)
        }))
    }

    /// What each feature adds to the log odds of class 1 for `row`; see
    /// [`BoostedTrees::feature_contributions`].
    ///
    /// # Errors
    /// As [`predict_proba_row`](Self::predict_proba_row).
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

    /// The model as text; see [`BoostedTrees::to_text`].
    pub fn to_text(&self) -> String {
        self.log_odds.to_text()
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// As [`BoostedTrees::from_text`].
    pub fn from_text(text: &str) -> Result<Self> {
        BoostedTrees::from_text(text).map(Self::new)
    }
}
