//! Logistic regression whose rows have weights (imbalance, question 27).
//!
//! The objective of [`LogisticRegression::fit`] with each row's loss times its weight, by plain Newton steps: the version to
//! read. A weight of 2 is the same as the row twice, so that rare positives can be made to count as much as all others.

use super::LogisticRegression;
use super::solve::solve;
use crate::checks::finite_matrix;
use crate::error::{count, out_of_range};
use crate::evaluate::binary;
use crate::sigmoid::sigmoid;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, s};

const MOST_ITERATIONS: usize = 100;
/// If less of a pivot is left it is rounding, and so would be the step: the features are too far from 0 for their spread.
const LEAST_REST: f64 = 1e-14;
/// A step that moves no log odds by so much may be rounding.
const SMALL_MOVE: f64 = 1e-6;

impl LogisticRegression {
    /// [`fit`](Self::fit) with a weight for each row, as from
    /// [`balanced_class_weights`](crate::imbalance::balanced_class_weights). O(rows · features²) for each of about ten steps.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); also [`Error::Shape`] if the number of weights is not that of the rows, [`Error::OutOfRange`] if one
    /// is negative or not finite, and [`Error::Undefined`] if only one class has weight.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{imbalance::balanced_class_weights, linear::LogisticRegression, ndarray::array};
    /// let x = array![[-2.0], [-1.0], [0.0], [0.5], [1.0]];
    /// let y = array![0, 0, 0, 0, 1];
    /// let plain = LogisticRegression::fit(&x, &y, 1.0)?;
    /// let weighted = LogisticRegression::fit_weighted(&x, &y, &balanced_class_weights(&y)?, 1.0)?;
    /// assert!(plain.predict(&array![[1.0]])?[0] == 0 && weighted.predict(&array![[1.0]])?[0] == 1);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit_weighted(
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<usize>,
        weights: &ArrayRef1<f64>,
        c: f64,
    ) -> Result<Self> {
        check(x, y, weights, c)?;
        let (rows, features) = x.dim();
        // The intercept is the weight of a feature that is always 1.
        let mut design = Array2::ones((rows, features + 1));
        design.slice_mut(s![.., ..features]).assign(x);
        let mut w = Array1::zeros(features + 1);
        let mut loss = objective(&design, y, weights, c, &w);
        for iterations in 1..=MOST_ITERATIONS {
            let step =
                newton_step(&design, y, weights, c, &w).ok_or_else(|| not_converged(iterations))?;
            let mut share = 1.0;
            let shorter = loop {
                let next: Array1<f64> = &w - &(&step * share);
                let next_loss = objective(&design, y, weights, c, &next);
                if next_loss < loss {
                    break Some((next, next_loss));
                }
                share /= 2.0;
                if share < 1e-8 {
                    break None;
                }
            };
            let moved = design
                .dot(&step)
                .iter()
                .fold(0.0_f64, |far, z| far.max(z.abs()));
            if let Some((next, next_loss)) = shorter {
                (w, loss) = (next, next_loss);
            }
            // Where no part of a step lowers the loss, only rounding may be left of it.
            if share < 1e-8 && (moved.is_nan() || moved >= SMALL_MOVE) {
                return Err(not_converged(iterations));
            }
            if moved * share < 1e-11 || share < 1e-8 {
                let intercept = w[features];
                let coefficients = w.slice(s![..features]).to_owned();
                return Ok(LogisticRegression::of(coefficients, intercept, iterations));
            }
        }
        Err(not_converged(MOST_ITERATIONS))
    }
}

fn not_converged(iterations: usize) -> Error {
    Error::NotConverged {
        what: "the weighted logistic regression",
        iterations,
        remedy: "Standardise the features, or make `c` smaller.",
    }
}

fn check(x: &ArrayRef2<f64>, y: &ArrayRef1<usize>, weights: &ArrayRef1<f64>, c: f64) -> Result<()> {
    finite_matrix("`x`", x)?;
    for (what, length) in [("`y`", y.len()), ("`weights`", weights.len())] {
        if length != x.nrows() {
            return Err(Error::Shape {
                what,
                found: count(length, "value"),
                expected: format!("{}, one for each row of `x`", count(x.nrows(), "value")),
            });
        }
    }
    binary("y", y)?;
    if let Some(at) = weights
        .iter()
        .position(|&weight| !(weight >= 0.0 && weight.is_finite()))
    {
        return Err(out_of_range(
            format!("`weights[{at}]`"),
            weights[at],
            "a finite number, 0 or greater",
        ));
    }
    for class in [0, 1] {
        let of_class = y.iter().zip(weights).filter(|(y, _)| **y == class);
        if of_class.map(|(_, weight)| weight).sum::<f64>() == 0.0 {
            return Err(Error::Undefined {
                what: "a classifier",
                reason: format!("no row of the class {class} has weight"),
                remedy: "Add rows of this class.",
            });
        }
    }
    if !(c > 0.0 && c.is_finite()) {
        return Err(out_of_range("`c`", c, "greater than 0; 1 is usual"));
    }
    Ok(())
}

/// C Σ weight · log(1 + exp(−s z)) + ½ ‖w‖², without the intercept.
fn objective(
    x: &Array2<f64>,
    y: &ArrayRef1<usize>,
    weights: &ArrayRef1<f64>,
    c: f64,
    w: &Array1<f64>,
) -> f64 {
    let z = x.dot(w);
    let losses = z.iter().zip(y).zip(weights).map(|((z, &y), weight)| {
        let margin = if y == 1 { *z } else { -z };
        weight * ((-margin.abs()).exp().ln_1p() + (-margin).max(0.0))
    });
    let penalised = w.slice(s![..w.len() - 1]);
    c * losses.sum::<f64>() + 0.5 * penalised.dot(&penalised)
}

/// The gradient over the second derivatives; none if these are singular.
fn newton_step(
    x: &Array2<f64>,
    y: &ArrayRef1<usize>,
    weights: &ArrayRef1<f64>,
    c: f64,
    w: &Array1<f64>,
) -> Option<Array1<f64>> {
    let p = x.dot(w).mapv(sigmoid);
    let rest: Array1<f64> = p
        .iter()
        .zip(y)
        .zip(weights)
        .map(|((p, &y), weight)| c * weight * (p - y as f64))
        .collect();
    let curve: Array1<f64> = p
        .iter()
        .zip(weights)
        .map(|(p, weight)| c * weight * p * (1.0 - p))
        .collect();
    let mut gradient = x.t().dot(&rest);
    let mut hessian = x.t().dot(&(x * &curve.insert_axis(ndarray::Axis(1))));
    for feature in 0..w.len() - 1 {
        gradient[feature] += w[feature];
        hessian[[feature, feature]] += 1.0;
    }
    solve(hessian, &gradient, LEAST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imbalance::balanced_class_weights;
    use crate::random::RandomState;
    use ndarray::array;

    fn sample() -> (Array2<f64>, Array1<usize>) {
        let x = RandomState::seed(14).randn((60, 3)).unwrap();
        let y = x.column(0).mapv(|z| usize::from(z > 0.5));
        (x, y)
    }

    /// `LogisticRegression(tol=1e-12, class_weight="balanced").fit(x, y)`, scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn balanced_weights_give_scikit_learns_model() -> Result<()> {
        let (x, y) = sample();
        let model = LogisticRegression::fit_weighted(&x, &y, &balanced_class_weights(&y)?, 1.0)?;
        let expected = [2.984486717342453, 0.2959916917796752, -0.10712339669106462];
        for (found, expected) in model.coefficients().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
        assert!((model.intercept() + 1.0660470777211886).abs() < 1e-6);
        Ok(())
    }

    #[test]
    fn weights_of_1_are_none_and_a_weight_of_2_is_the_row_twice() -> Result<()> {
        let (x, y) = sample();
        let close = |a: &LogisticRegression, b: &LogisticRegression| {
            (a.coefficients() - b.coefficients())
                .iter()
                .all(|rest| rest.abs() < 1e-9)
                && (a.intercept() - b.intercept()).abs() < 1e-9
        };
        let plain = LogisticRegression::fit(&x, &y, 0.7)?;
        assert!(close(
            &LogisticRegression::fit_weighted(&x, &y, &Array1::ones(60), 0.7)?,
            &plain
        ));
        let twice: Vec<usize> = (0..60).chain((0..60).filter(|&row| y[row] == 1)).collect();
        let pick = |rows: &[usize]| {
            (
                x.select(ndarray::Axis(0), rows),
                y.select(ndarray::Axis(0), rows),
            )
        };
        let (x2, y2) = pick(&twice);
        let weights = y.mapv(|y| 1.0 + y as f64);
        let weighted = LogisticRegression::fit_weighted(&x, &y, &weights, 0.7)?;
        assert!(close(&weighted, &LogisticRegression::fit(&x2, &y2, 0.7)?));
        Ok(())
    }

    #[test]
    fn weights_that_make_no_sense_are_named() {
        let (x, y) = (array![[0.0], [1.0]], array![0, 1]);
        let fit = |weights: Array1<f64>| LogisticRegression::fit_weighted(&x, &y, &weights, 1.0);
        assert!(fit(array![1.0]).is_err() && fit(array![1.0, -1.0]).is_err());
        assert!(fit(array![1.0, f64::NAN]).is_err());
        assert!(matches!(
            fit(array![1.0, 0.0]),
            Err(Error::Undefined { .. })
        ));
        assert!(LogisticRegression::fit_weighted(&x, &y, &array![1.0, 1.0], 0.0).is_err());
    }

    /// The loss overflows wherever one looks, or the features are so far from 0 that no digits are left.
    #[test]
    fn a_search_that_can_not_move_is_an_error() {
        let fit = |offset: f64, c: f64| {
            let x = Array2::from_shape_fn((100, 1), |(i, _)| offset + ((i * 7) % 10) as f64 / 10.0);
            let y = Array1::from_shape_fn(100, |i| i % 2);
            LogisticRegression::fit_weighted(&x, &y, &Array1::ones(100), c)
        };
        assert!(fit(0.0, 1.0).is_ok());
        for (offset, c) in [(0.0, 4e306), (1e9, 1.0), (1e12, 1.0), (1e15, 1.0)] {
            let found = fit(offset, c);
            let refused = matches!(found, Err(Error::NotConverged { .. }));
            assert!(refused, "{offset:e}, {c:e}: {found:?}");
        }
    }
}
