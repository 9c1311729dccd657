//! The models and their versions (question 25).

use super::drift::DriftReference;
use crate::checks::{finite_matrix, numbers};
use crate::error::count;
use crate::error::out_of_range;
use crate::evaluate::AucInterval;
use crate::linear::ScaledLogistic;
use crate::sigmoid::{both_classes, sigmoid};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// A logistic regression, ready to serve: P(y = 1 | x) = σ(w·x + b), on features as they come.
///
/// The scaler that it was trained behind is folded into w and b, so that a version is a handful of numbers
/// and the model can't be served with another scaler.
///
/// # Examples
/// ```
/// use dsprep_core::{monitor::LinearScorer, ndarray::array};
/// let x = array![[100.0], [300.0], [700.0], [900.0]];
/// let model = LinearScorer::fit(&x, &array![0, 0, 1, 1], 1.0)?;
/// assert!((model.probabilities(&array![[500.0]])?[0] - 0.5).abs() < 1e-12); // by symmetry
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearScorer {
    #[serde(with = "crate::saved::array")]
    pub(super) weights: Array1<f64>,
    pub(super) intercept: f64,
}

impl LinearScorer {
    /// Fits the model to `x` (rows × features) and `y` (labels, 0 or 1); `c` is the inverse of the penalty's
    /// strength on standardised features.
    ///
    /// # Errors
    /// As [`ScaledLogistic::fit`].
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, c: f64) -> Result<Self> {
        let fitted = ScaledLogistic::fit(x, y, c)?;
        let weights = fitted.model().coefficients() / fitted.scaler().scale();
        let intercept = fitted.model().intercept() - weights.dot(fitted.scaler().mean());
        numbers("a weight of the scorer", weights.iter().chain([&intercept]))?;
        Ok(LinearScorer { weights, intercept })
    }

    /// The probability of class 1 for each row of `x` (rows × features).
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`, [`Error::Empty`] without rows,
    /// [`Error::OutOfRange`] if a value is not finite.
    pub fn probabilities(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        if x.ncols() != self.weights.len() {
            return Err(Error::Shape {
                what: "`x`",
                found: count(x.ncols(), "column"),
                expected: format!("{}, as in `fit`", count(self.weights.len(), "column")),
            });
        }
        finite_matrix("`x`", x)?;
        let log_odds = x.dot(&self.weights) + self.intercept;
        numbers("the score of a row", &log_odds)?;
        Ok(log_odds.mapv(sigmoid))
    }

    /// The probabilities of class 0 and class 1 for each row of `x`: rows × 2, as the other classifiers give them.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        Ok(both_classes(&self.probabilities(x)?))
    }

    /// The weights w, one for each feature.
    pub fn weights(&self) -> &Array1<f64> {
        &self.weights
    }

    /// The intercept b.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It answers.
    Champion,
    /// It scores beside the champion, and nobody sees its scores.
    Shadow,
    /// It was the champion until the next one came.
    Retired,
    /// It was not better in shadow.
    Rejected,
    /// It was promoted, and did harm.
    RolledBack,
}

impl Status {
    const ALL: [Status; 5] = [
        Status::Champion,
        Status::Shadow,
        Status::Retired,
        Status::Rejected,
        Status::RolledBack,
    ];

    /// The status in words, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Status::Champion => "champion",
            Status::Shadow => "shadow",
            Status::Retired => "retired",
            Status::Rejected => "rejected",
            Status::RolledBack => "rolled back",
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|status| status.name() == name);
        found.ok_or_else(|| out_of_range("the stored status", name, "one that this library wrote"))
    }
}

/// A model with all that is needed to judge it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The week in which it was trained.
    pub trained_in: u32,
    /// The last week whose rows it has seen; what comes later is out of time.
    pub trained_to: u32,
    /// Where it stands.
    pub status: Status,
    /// The AUC to compare with: on the held-out rows of its training, also after a promotion.
    pub baseline: AucInterval,
    /// The model.
    pub model: LinearScorer,
    /// Its training rows, and as a last column its scores on them.
    pub reference: DriftReference,
}

impl ModelVersion {
    /// The mean score on the training rows.
    pub fn expected_score(&self) -> f64 {
        let scores = self.reference.columns.last().map_or(&[][..], Vec::as_slice);
        scores.iter().sum::<f64>() / scores.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn folding_the_scaler_in_changes_no_probability() -> Result<()> {
        let mut rng = RandomState::seed(1);
        let x: Array2<f64> = rng.randn((300, 3))? * 50.0 + 1000.0;
        let y = x.column(1).mapv(|value| usize::from(value > 1010.0));
        let (folded, plain) = (
            LinearScorer::fit(&x, &y, 1.0)?,
            ScaledLogistic::fit(&x, &y, 1.0)?,
        );
        let difference = folded.probabilities(&x)? - plain.probabilities(&x)?;
        assert!(difference.iter().all(|d| d.abs() < 1e-11));
        let both = folded.predict_proba(&x)?;
        assert_eq!(both.column(1), folded.probabilities(&x)?);
        assert!(
            both.rows()
                .into_iter()
                .all(|row| (row.sum() - 1.0).abs() < 1e-15)
        );
        Ok(())
    }

    #[test]
    fn a_status_is_found_by_its_name() -> Result<()> {
        for status in Status::ALL {
            assert_eq!(Status::from_name(status.name())?, status);
        }
        assert!(Status::from_name("king").is_err());
        Ok(())
    }
}
