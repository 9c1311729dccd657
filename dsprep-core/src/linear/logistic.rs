//! Logistic regression with an L2 penalty (question 28).
//!
//! P(y = 1 | x) = σ(w·x + b). The weights minimise scikit-learn's objective, C Σ log(1 + exp(−s_i
//! (w·x_i + b))) + ½ ‖w‖², s_i = ±1, where the intercept b is not penalised. It is strictly convex,
//! so there is one solution, and Newton's method finds it to the last digits in about ten steps
//! (iteratively reweighted least squares; Hastie, Tibshirani and Friedman, "The elements of
//! statistical learning", 2nd edition, section 4.4.1). scikit-learn's default solver stops earlier,
//! at four digits or so.
//!
//! With many rows most steps are taken on a part of them: the solution of every 64th block of rows is where
//! the search among every 8th begins, and so on. Near the end the second derivatives hardly change, so that
//! those of an earlier point serve for more than one step (the simplified Newton method; Deuflhard, "Newton
//! methods for nonlinear problems", 2004, section 2.1).

use super::logistic_loss::{Blocks, Losses, ROWS};
use super::solve::solve_positive_definite;
use crate::checks::{columns_of_fit, finite_matrix, numbers};
use crate::error::count;
use crate::evaluate::binary;
use crate::sigmoid::{both_classes, sigmoid};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

const MOST_ITERATIONS: usize = 100;
/// The length of a step is how far it moves the log-odds: the root of their weighted mean square over the rows, which does not
/// depend on the units of the features. If log-odds move by a small d, the second derivative p (1 − p) of a row changes by at most
/// the share d. So what is left after a step is about its length times how far the log-odds have moved since the second
/// derivatives were computed. The search ends when that is less than this.
const SMALL_REST: f64 = 1e-11;
/// The second derivatives of an earlier point serve until the log-odds have moved this far.
const SHORT_WAY: f64 = 1e-2;
/// The search begins on every 64th block of rows, and goes on with every 8th, ...
const SAMPLES: [usize; 2] = [64, 8];
/// ... if there are this many rows in the sample for each parameter.
const SAMPLED_ROWS_PER_PARAMETER: usize = 50;
/// On a sample the search is given up after this many steps, and ends when what is left is less than this.
const MOST_ITERATIONS_ON_SAMPLE: usize = 10;
const SMALL_REST_ON_SAMPLE: f64 = 1e-3;

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogisticRegression {
    #[serde(with = "crate::saved::array")]
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
    /// one class is present; [`Error::NotConverged`] if `c` is so large that the weights diverge.
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
        Problem::new(x, y, c).solve()
    }

    /// A model with these weights.
    pub(super) fn of(coefficients: Array1<f64>, intercept: f64, iterations: usize) -> Self {
        LogisticRegression {
            coefficients,
            intercept,
            iterations,
        }
    }

    /// w·x + b for each row of `x` (rows × features): the log of the odds of class 1.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of `fit`, [`Error::Empty`] without
    /// rows, [`Error::OutOfRange`] if a value is not finite, [`Error::Undefined`] if the log odds of a row
    /// overflow.
    pub fn decision_function(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        columns_of_fit(x, self.coefficients.len())?;
        let log_odds = x.dot(&self.coefficients) + self.intercept;
        numbers("the log odds of a row", &log_odds)?;
        Ok(log_odds)
    }

    /// The probability of class 1 for each row of `x` (rows × features).
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function).
    pub fn probabilities(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        Ok(self.decision_function(x)?.mapv(sigmoid))
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

    /// How many Newton steps on all rows were needed.
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

/// What is minimised. The parameters are the weights, and last the intercept.
struct Problem<'a> {
    blocks: Blocks<'a>,
    c: f64,
}

/// A way to minimise it.
#[derive(Clone, Copy)]
struct Search {
    /// Of the blocks, only each such is looked at.
    every: usize,
    most_iterations: usize,
    small_rest: f64,
}

impl<'a> Problem<'a> {
    fn new(x: &'a ArrayRef2<f64>, y: &ArrayRef1<usize>, c: f64) -> Self {
        Problem {
            blocks: Blocks::new(x, y),
            c,
        }
    }

    /// The objective and its derivatives; with a part of the rows, as if the others were like them.
    fn objective(&self, parameters: &Array1<f64>, every: usize, hessian: bool) -> Losses {
        let mut found = self.blocks.losses(&parameters.to_vec(), every, hessian);
        let looked_at = self.blocks.len().div_ceil(every);
        let c = self.c * self.blocks.len() as f64 / looked_at as f64;
        found.sum *= c;
        found.gradient *= c;
        found.hessian *= c;
        let weights = self.blocks.parameters() - 1;
        for (i, weight) in parameters.iter().enumerate().take(weights) {
            found.sum += 0.5 * weight * weight;
            found.gradient[i] += weight;
            if hessian {
                found.hessian[[i, i]] += 1.0;
            }
        }
        found
    }

    fn solve(&self) -> Result<LogisticRegression> {
        let mut parameters = Array1::zeros(self.blocks.parameters());
        for every in SAMPLES {
            let rows = self.blocks.len() * ROWS / every;
            if rows >= SAMPLED_ROWS_PER_PARAMETER * self.blocks.parameters() {
                let search = Search {
                    every,
                    most_iterations: MOST_ITERATIONS_ON_SAMPLE,
                    small_rest: SMALL_REST_ON_SAMPLE,
                };
                if let Ok((found, _)) = self.minimise(parameters.clone(), search) {
                    parameters = found;
                }
            }
        }
        let search = Search {
            every: 1,
            most_iterations: MOST_ITERATIONS,
            small_rest: SMALL_REST,
        };
        let (parameters, iterations) = self.minimise(parameters, search)?;
        let features = self.blocks.parameters() - 1;
        Ok(LogisticRegression {
            intercept: parameters[features],
            coefficients: parameters.iter().take(features).copied().collect(),
            iterations,
        })
    }

    /// Where the objective is least, from `parameters` on, and the number of steps to it.
    fn minimise(
        &self,
        mut parameters: Array1<f64>,
        search: Search,
    ) -> Result<(Array1<f64>, usize)> {
        let mut here = self.objective(&parameters, search.every, true);
        // How far the second derivatives are from here.
        let mut way = 0.0;
        for iterations in 1..=search.most_iterations {
            let Some(step) = solve_positive_definite(here.hessian.clone(), &here.gradient) else {
                return Err(not_converged(iterations));
            };
            let length = length(&step, &here);
            way += length;
            if length * way <= search.small_rest {
                return Ok((parameters - step, iterations));
            }
            let hessian = way > SHORT_WAY;
            let objective =
                |parameters: &Array1<f64>| self.objective(parameters, search.every, hessian);
            let (moved, mut there) = descend(objective, &parameters, &step, &here);
            if hessian {
                way = 0.0;
            } else {
                there.hessian = here.hessian;
            }
            (parameters, here) = (moved, there);
        }
        Err(not_converged(search.most_iterations))
    }
}

/// The full step if it lowers the objective enough (Armijo's rule), otherwise a half, a quarter, ... of it.
fn descend(
    objective: impl Fn(&Array1<f64>) -> Losses,
    from: &Array1<f64>,
    step: &Array1<f64>,
    start: &Losses,
) -> (Array1<f64>, Losses) {
    let slope = start.gradient.dot(step);
    let rounding = 1e-12 * start.sum.abs();
    let mut share = 1.0;
    loop {
        crate::cell::check_interrupt();
        let moved = from - &(step * share);
        let found = objective(&moved);
        let enough = start.sum - 1e-4 * share * slope + rounding;
        if found.sum <= enough || share < 1e-10 {
            return (moved, found);
        }
        share /= 2.0;
    }
}

fn not_converged(iterations: usize) -> Error {
    Error::NotConverged {
        what: "the logistic regression",
        iterations,
        remedy: "Use a smaller `c`, and standardise the features.",
    }
}

/// By how much the step moves the log-odds. Of the second derivatives the last is the sum of the rows' weights.
fn length(step: &Array1<f64>, here: &Losses) -> f64 {
    let last = step.len() - 1;
    (here.gradient.dot(step) / here.hessian[[last, last]]).sqrt()
}

#[cfg(test)]
mod tests;
