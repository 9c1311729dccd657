//! Linear models (question 28, card).

use crate::display::{Shown, Summarise, Summary};
use crate::linear::{
    DegreeCurve, LinearRegression, LogisticRegression, Polynomial, RegularisationPath,
    ScaledLogistic, StandardScaler,
};
use ndarray::Array1;

/// 0, 1, 2, ... for the rows of a table of features.
pub(super) fn places(number: usize) -> impl Iterator<Item = Shown> {
    (0..number as u64).map(Shown::Id)
}

/// An intercept, and a coefficient for each feature.
pub(super) fn linear_model(title: &str, intercept: f64, weights: &Array1<f64>) -> Summary {
    Summary::new(title)
        .row("intercept", intercept, "")
        .column("feature", places(weights.len()))
        .column("coefficient", weights)
}

impl Summarise for LinearRegression {
    fn summary(&self) -> Summary {
        linear_model("Linear regression", self.intercept(), self.coefficients())
    }
}

impl Summarise for LogisticRegression {
    fn summary(&self) -> Summary {
        linear_model("Logistic regression", self.intercept(), self.coefficients()).row(
            "iterations",
            self.iterations(),
            "of the fit",
        )
    }
}

impl Summarise for ScaledLogistic {
    fn summary(&self) -> Summary {
        let model = self.model();
        Summary::new("Logistic regression behind a standard scaler")
            .row("intercept", model.intercept(), "")
            .column("feature", places(model.coefficients().len()))
            .column("mean", self.scaler().mean())
            .column("standard deviation", self.scaler().scale())
            .column("coefficient of the scaled", model.coefficients())
    }
}

impl Summarise for StandardScaler {
    fn summary(&self) -> Summary {
        Summary::new("Standard scaler")
            .column("feature", places(self.mean().len()))
            .column("mean", self.mean())
            .column("standard deviation", self.scale())
    }
}

impl Summarise for RegularisationPath {
    fn summary(&self) -> Summary {
        let mut summary = Summary::new("Weights by penalty")
            .column("penalty", &self.alphas)
            .column("not 0", self.nonzero())
            .column("intercept", &self.intercepts);
        // More would not fit beside each other.
        for (feature, weights) in self.coefficients.columns().into_iter().enumerate().take(9) {
            summary = summary.column(&format!("w{feature}"), weights);
        }
        summary.remark_if(
            self.coefficients.ncols() > 9,
            "Only the first 9 features are shown.",
        )
    }
}

impl Summarise for DegreeCurve {
    fn summary(&self) -> Summary {
        Summary::new("Mean squared error by degree")
            .row("best degree", self.best_degree(), "by the validation error")
            .column("degree", self.degrees.iter().copied())
            .column("training", &self.train_error)
            .column("validation", &self.validation_error)
    }
}

impl Summarise for Polynomial {
    fn summary(&self) -> Summary {
        Summary::new("Polynomial")
            .row("degree", self.degree(), "")
            .row("middle", self.middle(), "of the x that it was fitted to")
            .row("half width", self.half_width(), "of their range")
            .column("power of u", places(self.degree() + 1))
            .column("coefficient", self.coefficients())
            .remark("u = (x − middle) / half width.")
    }
}

super::shown_as_text!(
    LinearRegression,
    LogisticRegression,
    ScaledLogistic,
    StandardScaler,
    RegularisationPath,
    DegreeCurve,
    Polynomial
);
