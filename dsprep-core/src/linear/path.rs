//! Weights against the strength of a penalty.

use super::LinearRegression;
use ndarray::{Array1, Array2, ArrayRef1};

/// The weights for each of several penalties: what `ridge_path` and `lasso_path` return.
#[derive(Debug, Clone, PartialEq)]
pub struct RegularisationPath {
    /// The penalties, in the order given.
    pub alphas: Array1<f64>,
    /// Penalties × features.
    pub coefficients: Array2<f64>,
    /// One for each penalty.
    pub intercepts: Array1<f64>,
}

impl RegularisationPath {
    pub(super) fn new(alphas: &ArrayRef1<f64>, models: Vec<LinearRegression>) -> Self {
        let features = models.first().map_or(0, |model| model.coefficients().len());
        RegularisationPath {
            alphas: alphas.to_owned(),
            coefficients: Array2::from_shape_fn((models.len(), features), |(k, feature)| {
                models[k].coefficients()[feature]
            }),
            intercepts: models.iter().map(LinearRegression::intercept).collect(),
        }
    }

    /// How many weights are not 0, for each penalty.
    pub fn nonzero(&self) -> Vec<usize> {
        let rows = self.coefficients.rows().into_iter();
        rows.map(|row| row.iter().filter(|&&w| w != 0.0).count())
            .collect()
    }
}
