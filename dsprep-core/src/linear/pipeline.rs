//! Scaler and model in one (question 28).

use super::{LogisticRegression, StandardScaler};
use crate::Result;
use ndarray::{Array1, ArrayRef1, ArrayRef2};

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
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledLogistic {
    scaler: StandardScaler,
    model: LogisticRegression,
}

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
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        self.model.predict_proba(&self.scaler.transform(x)?)
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
}
