//! Logistic regression with an L2 penalty (question 28).
//!
//! P(y = 1 | x) = σ(w·x + b). The weights minimise scikit-learn's objective, C Σ log(1 + exp(−s_i
//! (w·x_i + b))) + ½ ‖w‖², s_i = ±1, where the intercept b is not penalised. It is strictly convex,
//! so there is one solution, and Newton's method finds it to the last digits in about ten steps
//! (iteratively reweighted least squares; Hastie, Tibshirani and Friedman, "The elements of
//! statistical learning", 2nd edition, section 4.4.1). scikit-learn's default solver stops earlier,
//! at four digits or so.

use super::check_columns;
use super::solve::solve_positive_definite;
use crate::error::count;
use crate::evaluate::{binary, finite_matrix};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

const MOST_ITERATIONS: usize = 100;
/// A step this small, relative to the weights, ends the search: the next one would be about its
/// square.
const SMALL_STEP: f64 = 1e-6;

/// A fitted logistic regression.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::LogisticRegression, ndarray::array};
/// let x = array![[-2.0], [-1.0], [1.0], [2.0]];
/// let model = LogisticRegression::fit(&x, &array![0, 0, 1, 1], 1.0)?;
/// assert_eq!(model.predict(&x)?, array![0, 0, 1, 1]);
/// assert!(model.intercept().abs() < 1e-12); // by symmetry
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticRegression {
    coefficients: Array1<f64>,
    intercept: f64,
    iterations: usize,
}

impl LogisticRegression {
    /// Fits the model to `x` (rows × features) and `y` (labels, 0 or 1).
    ///
    /// `c` is the inverse of the penalty's strength, in scikit-learn 1 by default: the smaller, the
    /// smaller the weights. The penalty is the same for all weights: standardise the features
    /// first. O(rows · features²) for each iteration.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Shape`] if the number of labels is not that of the rows;
    /// [`Error::OutOfRange`] if a value, a label or `c` is not valid; [`Error::Undefined`] if only
    /// one class is present; [`Error::NotConverged`] if `c` is so large that the weights run away.
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, c: f64) -> Result<Self> {
        finite_matrix("`x`", x)?;
        check_labels(y, x.nrows())?;
        if !(c > 0.0 && c.is_finite()) {
            return Err(Error::OutOfRange {
                what: "`c`".to_owned(),
                found: c.to_string(),
                expected: "greater than 0; 1 is usual",
            });
        }
        Problem::new(x, y, c).minimise()
    }

    /// w·x + b for each row of `x` (rows × features): the log of the odds of class 1.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`, [`Error::Empty`] without
    /// rows, [`Error::OutOfRange`] if a value is not finite.
    pub fn decision_function(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        check_columns(x, self.coefficients.len())?;
        Ok(x.dot(&self.coefficients) + self.intercept)
    }

    /// The probability of class 1 for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function).
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        Ok(self.decision_function(x)?.mapv(sigmoid))
    }

    /// The more probable class, 0 or 1, for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        Ok(self.decision_function(x)?.mapv(|z| usize::from(z > 0.0)))
    }

    /// The weights w, one for each feature.
    pub fn coefficients(&self) -> &Array1<f64> {
        &self.coefficients
    }

    /// The intercept b.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// How many Newton steps were needed.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

fn check_labels(y: &ArrayRef1<usize>, rows: usize) -> Result<()> {
    if y.len() != rows {
        return Err(Error::Shape {
            what: "`y`",
            found: count(y.len(), "label"),
            expected: format!("{}, one for each row of `x`", count(rows, "label")),
        });
    }
    let counts = binary("y", y)?;
    if counts.positives == 0 || counts.negatives == 0 {
        return Err(Error::Undefined {
            what: "a logistic regression",
            reason: format!("`y` holds only the class {}", y[0]),
            remedy: "Add rows of the other class.",
        });
    }
    Ok(())
}

/// 1 / (1 + e⁻ᶻ), in the form that does not overflow.
pub(crate) fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + (-z).exp())
    } else {
        let e = z.exp();
        e / (1.0 + e)
    }
}

/// What is minimised. The parameters are the weights, and last the intercept.
struct Problem {
    /// The features and a last column of ones.
    x: Array2<f64>,
    y: Array1<f64>,
    c: f64,
    /// 1 for each weight, 0 for the intercept.
    penalty: Array1<f64>,
}

impl Problem {
    fn new(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, c: f64) -> Self {
        let features = x.ncols();
        let with_ones = Array2::from_shape_fn((x.nrows(), features + 1), |(row, column)| {
            if column < features {
                x[[row, column]]
            } else {
                1.0
            }
        });
        Problem {
            x: with_ones,
            y: y.mapv(|label| label as f64),
            c,
            penalty: Array1::from_shape_fn(features + 1, |i| if i < features { 1.0 } else { 0.0 }),
        }
    }

    fn objective(&self, parameters: &Array1<f64>) -> f64 {
        let losses = self
            .x
            .dot(parameters)
            .into_iter()
            .zip(&self.y)
            .map(|(z, y)| {
                let margin = (2.0 * y - 1.0) * z;
                (-margin.abs()).exp().ln_1p() + (-margin).max(0.0)
            });
        self.c * losses.sum::<f64>() + 0.5 * (&self.penalty * parameters).dot(parameters)
    }

    fn gradient(&self, parameters: &Array1<f64>) -> Array1<f64> {
        let errors = self.x.dot(parameters).mapv(sigmoid) - &self.y;
        self.x.t().dot(&errors) * self.c + &self.penalty * parameters
    }

    fn hessian(&self, parameters: &Array1<f64>) -> Array2<f64> {
        let z = self.x.dot(parameters);
        let weights = z.mapv(|z| sigmoid(z) * sigmoid(-z)).insert_axis(Axis(1));
        self.x.t().dot(&(&self.x * &weights)) * self.c + Array2::from_diag(&self.penalty)
    }

    fn minimise(&self) -> Result<LogisticRegression> {
        let mut parameters = Array1::zeros(self.x.ncols());
        for iterations in 1..=MOST_ITERATIONS {
            let gradient = self.gradient(&parameters);
            let Some(step) = solve_positive_definite(self.hessian(&parameters), &gradient) else {
                return Err(not_converged(iterations));
            };
            let (moved, share) = self.descend(&parameters, &step, gradient.dot(&step));
            parameters = moved;
            if share == 1.0 && largest(&step) <= SMALL_STEP * largest(&parameters).max(1.0) {
                let features = parameters.len() - 1;
                return Ok(LogisticRegression {
                    intercept: parameters[features],
                    coefficients: parameters.iter().take(features).copied().collect(),
                    iterations,
                });
            }
        }
        Err(not_converged(MOST_ITERATIONS))
    }

    /// The full step if it lowers the objective enough (Armijo's rule), otherwise a half, a
    /// quarter, ... of it.
    fn descend(&self, from: &Array1<f64>, step: &Array1<f64>, slope: f64) -> (Array1<f64>, f64) {
        let start = self.objective(from);
        let rounding = 1e-12 * start.abs();
        let mut share = 1.0;
        loop {
            let moved = from - &(step * share);
            let enough = start - 1e-4 * share * slope + rounding;
            if self.objective(&moved) <= enough || share < 1e-10 {
                return (moved, share);
            }
            share /= 2.0;
        }
    }
}

fn not_converged(iterations: usize) -> Error {
    Error::NotConverged {
        what: "the logistic regression",
        iterations,
        remedy: "Use a smaller `c`, and standardise the features.",
    }
}

fn largest(values: &Array1<f64>) -> f64 {
    values
        .iter()
        .fold(0.0, |largest, value| value.abs().max(largest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::roc_auc;
    use crate::linear::StandardScaler;
    use crate::linear::original::original;
    use crate::random::RandomState;
    use ndarray::{array, concatenate};

    fn assert_weights(model: &LogisticRegression, weights: [f64; 5], intercept: f64) {
        for (found, expected) in model.coefficients().iter().zip(weights) {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
        assert!((model.intercept() - intercept).abs() < 1e-8);
    }

    #[test]
    fn the_original_aucs_are_reproduced_and_the_scaler_leaks_nothing() -> Result<()> {
        let data = original();
        // LogisticRegression(solver="newton-cholesky", tol=1e-12), scikit-learn 1.9.1, after
        // StandardScaler fitted on X_train and on X_all.
        let fair = StandardScaler::fit(&data.x_train)?;
        let model = LogisticRegression::fit(&fair.transform(&data.x_train)?, &data.y_train, 1.0)?;
        assert_weights(
            &model,
            [
                3.8599581764883606,
                -0.05872385135216666,
                -0.2529694540589644,
                0.03145437323584419,
                0.011511584795078555,
            ],
            0.0018725528691179742,
        );
        let proba = model.predict_proba(&fair.transform(&data.x_test)?)?;
        assert!((proba[0] - 0.9651296778215374).abs() < 1e-9);
        let auc = roc_auc(&data.y_test, &proba)?;
        assert!((auc - 0.92166549047283).abs() < 1e-14);

        let all = concatenate![Axis(0), data.x_train, data.x_test];
        let leaky = StandardScaler::fit(&all)?;
        let model = LogisticRegression::fit(&leaky.transform(&data.x_train)?, &data.y_train, 1.0)?;
        assert_weights(
            &model,
            [
                3.932949036023014,
                -0.05882520648764734,
                -0.25204205095199694,
                0.031203866218191684,
                0.011592229736200155,
            ],
            0.18200558006197554,
        );
        let proba = model.predict_proba(&leaky.transform(&data.x_test)?)?;
        assert_eq!(roc_auc(&data.y_test, &proba)?, auc);
        Ok(())
    }

    #[test]
    fn other_penalties_equal_scikit_learn_too() -> Result<()> {
        let data = original();
        let x = StandardScaler::fit(&data.x_train)?.transform(&data.x_train)?;
        assert_weights(
            &LogisticRegression::fit(&x, &data.y_train, 0.01)?,
            [
                1.1356145812824345,
                -0.023677663696909938,
                -0.054071209517433085,
                0.017782670828976093,
                0.00945212258720673,
            ],
            0.020735654852360747,
        );
        assert_weights(
            &LogisticRegression::fit(&x, &data.y_train, 100.0)?,
            [
                4.193480662369647,
                -0.06324850453620381,
                -0.277399422096558,
                0.028504715344458822,
                0.009812772478627904,
            ],
            -0.004006069642828411,
        );
        Ok(())
    }

    #[test]
    fn gradient_descent_comes_to_the_same_weights() -> Result<()> {
        let mut rng = RandomState::seed(10);
        let x = rng.randn((60, 3));
        let y = (&x.column(0) + &rng.randn(60)).mapv(|z| usize::from(z > 0.2));
        let model = LogisticRegression::fit(&x, &y, 0.5)?;

        let problem = Problem::new(&x, &y, 0.5);
        let steepest = 0.5 * (&problem.x * &problem.x).sum() / 4.0 + 1.0;
        let mut parameters = Array1::zeros(4);
        for _ in 0..5000 {
            parameters = &parameters - &(problem.gradient(&parameters) / steepest);
        }
        let found = concatenate![Axis(0), *model.coefficients(), array![model.intercept()]];
        assert!(largest(&(found - parameters)) < 1e-9);
        assert!(model.iterations() < 10);
        Ok(())
    }

    #[test]
    fn the_gradient_is_that_of_the_objective() {
        let mut rng = RandomState::seed(13);
        let x = rng.randn((20, 2));
        let y = Array1::from_shape_fn(20, |i| i % 2);
        let problem = Problem::new(&x, &y, 2.0);
        let at = rng.randn(3);
        for i in 0..3 {
            let mut step = Array1::zeros(3);
            step[i] = 1e-5;
            let slope =
                (problem.objective(&(&at + &step)) - problem.objective(&(&at - &step))) / 2e-5;
            assert!((slope - problem.gradient(&at)[i]).abs() < 1e-7);
        }
    }

    #[test]
    fn separable_classes_and_large_values_do_not_break_it() -> Result<()> {
        let x = array![[-3.0], [-1.0], [1.0], [2.0]];
        let y = array![0, 0, 1, 1];
        assert!(LogisticRegression::fit(&x, &y, 1e6)?.coefficients()[0] > 5.0);
        let model = LogisticRegression::fit(&(&x * 1e5), &y, 1.0)?;
        assert_eq!(model.predict(&(&x * 1e5))?, y);
        Ok(())
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let x = array![[1.0], [2.0]];
        let message = |result: Result<LogisticRegression>| result.unwrap_err().to_string();
        assert_eq!(
            message(LogisticRegression::fit(&x, &array![1, 1], 1.0)),
            "a logistic regression is not defined: `y` holds only the class 1. Add rows of the other class."
        );
        assert_eq!(
            message(LogisticRegression::fit(&x, &array![1], 1.0)),
            "`y` has 1 label, but it must have 2 labels, one for each row of `x`."
        );
        assert!(message(LogisticRegression::fit(&x, &array![0, 1], 0.0)).contains("`c` is 0"));
        let run_away = message(LogisticRegression::fit(&x, &array![0, 1], 1e300));
        assert!(run_away.starts_with("the logistic regression did not converge after"));
        assert!(run_away.ends_with("Use a smaller `c`, and standardise the features."));
        let missing = array![[1.0], [f64::NAN]];
        assert!(message(LogisticRegression::fit(&missing, &array![0, 1], 1.0)).contains("row 1"));
    }
}
