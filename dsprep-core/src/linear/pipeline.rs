//! Scaler and model in one (question 28).

use super::{LogisticRegression, StandardScaler};
use crate::Result;
use crate::saved::{checked, unless_consistent};
use crate::sigmoid::both_classes;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// A standard scaler and the logistic regression that was fitted behind it.
///
/// As one object they are saved and loaded together, so the model can't be served with another
/// scaler, and the scaler is fitted on what the model is fitted on.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::ScaledLogistic, ndarray::array};
/// let x = array![[100.0], [300.0], [700.0], [900.0]];
/// let model = ScaledLogistic::fit(&x, &array![0, 0, 1, 1], 1.0)?;
/// assert_eq!(model.predict(&array![[200.0], [800.0]])?, array![0, 1]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ScaledLogistic {
    scaler: StandardScaler,
    model: LogisticRegression,
}

checked!(ScaledLogistic);

impl ScaledLogistic {
    /// Fits the scaler to `x` (rows × features) and the model, with `c`, to what it makes of them
    /// and to `y` (labels, 0 or 1).
    ///
    /// # Errors
    /// As [`StandardScaler::fit`] and [`LogisticRegression::fit`].
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, c: f64) -> Result<Self> {
        let scaler = StandardScaler::fit(x)?;
        let model = LogisticRegression::fit(&scaler.transform(x)?, y, c)?;
        Ok(ScaledLogistic { scaler, model })
    }

    /// The probability of class 1 for each row of `x` (rows × features, as they come).
    ///
    /// # Errors
    /// As [`StandardScaler::transform`].
    pub fn probabilities(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        self.model.probabilities(&self.scaler.transform(x)?)
    }

    /// The probabilities of class 0 and class 1 for each row of `x` (rows × features): rows × 2, as the other classifiers
    /// give them.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        Ok(both_classes(&self.probabilities(x)?))
    }

    /// The more probable class, 0 or 1, for each row of `x` (rows × features, as they come).
    ///
    /// # Errors
    /// As [`StandardScaler::transform`].
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        self.model.predict(&self.scaler.transform(x)?)
    }

    /// The scaler.
    pub fn scaler(&self) -> &StandardScaler {
        &self.scaler
    }

    /// The model behind it.
    pub fn model(&self) -> &LogisticRegression {
        &self.model
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let fits = self.scaler.mean().len() == self.model.coefficients().len();
        unless_consistent(fits, "a coefficient for each scaled feature")
    }
}
