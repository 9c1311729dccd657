//! Platt scaling: a logistic regression on the score alone.
//!
//! P(y = 1 | s) = σ(a s + b), fitted by Newton's method. So that scores which part the classes don't give infinite
//! weights, the targets are not 1 and 0 but (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2). After Platt, "Probabilistic
//! outputs for support vector machines", 1999; the halving of steps after Lin, Lin and Weng, "A note on Platt's
//! probabilistic outputs for support vector machines", 2007.

use crate::checks::finite;
use crate::evaluate::{binary, same_length};
use crate::sigmoid::sigmoid;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use serde::{Deserialize, Serialize};

const MOST_ITERATIONS: usize = 100;

/// A fitted curve from scores to probabilities.
///
/// # Examples
/// ```
/// use dsprep_core::{calibrate::Platt, ndarray::{Array1, array}};
/// // The score is too sure of itself: at ±4 one of four is wrong.
/// let scores = array![-4.0, -4.0, -4.0, -4.0, 4.0, 4.0, 4.0, 4.0];
/// let labels = array![0, 0, 0, 1, 1, 1, 1, 0];
/// let platt = Platt::fit(&scores, &labels)?;
/// let p = platt.predict(&array![4.0])?[0];
/// assert!((p - 2.0 / 3.0).abs() < 1e-9);      // (3 · 5/6 + 1 · 1/6) / 4
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    slope: f64,
    intercept: f64,
}

impl Platt {
    /// Fits the curve to `scores`, which are log odds, margins or probabilities, and `y` (labels, 0 or 1). O(n) for each
    /// of about ten steps.
    ///
    /// # Errors
    /// [`Error::Empty`] or [`Error::Shape`] if the lengths do not fit; [`Error::OutOfRange`] if a label is not 0
    /// or 1 or a score is not finite; [`Error::Undefined`] if only one class is present.
    pub fn fit(scores: &ArrayRef1<f64>, y: &ArrayRef1<usize>) -> Result<Self> {
        same_length(y, "`scores`", scores.len())?;
        let counts = binary("y", y)?;
        if counts.positives == 0 || counts.negatives == 0 {
            return Err(Error::Undefined {
                what: "a calibration",
                reason: format!("`y` holds only the class {}", y[0]),
                remedy: "Add rows of the other class.",
            });
        }
        finite("scores", scores)?;
        let (positives, negatives) = (counts.positives as f64, counts.negatives as f64);
        let targets = y.mapv(|label| match label {
            1 => (positives + 1.0) / (positives + 2.0),
            _ => 1.0 / (negatives + 2.0),
        });
        // In units of the scores' own spread, so that their size does not matter.
        let n = scores.len() as f64;
        let middle = scores.iter().map(|s| s / n).sum::<f64>();
        let spread = scores
            .iter()
            .fold(0.0_f64, |far, s| far.max((s - middle).abs()));
        let unit = if spread > 0.0 { spread } else { 1.0 };
        let z = scores.mapv(|s| (s - middle) / unit);
        let (a, b) = newton(&z, &targets, ((positives + 1.0) / (negatives + 1.0)).ln())?;
        Ok(Platt {
            slope: a / unit,
            intercept: b - a / unit * middle,
        })
    }

    /// The probability of class 1 for each score.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a score is not finite.
    pub fn predict(&self, scores: &ArrayRef1<f64>) -> Result<Array1<f64>> {
        finite("scores", scores)?;
        Ok(scores.mapv(|s| sigmoid(self.slope * s + self.intercept)))
    }

    /// a: by how much the log odds grow with the score.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// b: the log odds at a score of 0.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

/// The minimum of the log loss over (slope, intercept), which is convex.
fn newton(z: &Array1<f64>, targets: &Array1<f64>, intercept: f64) -> Result<(f64, f64)> {
    let (mut a, mut b) = (0.0, intercept);
    let mut loss = log_loss(z, targets, a, b);
    for _ in 0..MOST_ITERATIONS {
        let (mut g, mut h) = ([0.0; 2], [0.0; 3]);
        for (z, t) in z.iter().zip(targets) {
            let p = sigmoid(a * z + b);
            let (rest, weight) = (p - t, p * (1.0 - p));
            g = [g[0] + rest * z, g[1] + rest];
            h = [h[0] + weight * z * z, h[1] + weight * z, h[2] + weight];
        }
        // Constant scores leave the slope open; the ridge keeps it at 0.
        let ridge = 1e-12 * h[2];
        let determinant = (h[0] + ridge) * (h[2] + ridge) - h[1] * h[1];
        let step_a = ((h[2] + ridge) * g[0] - h[1] * g[1]) / determinant;
        let step_b = ((h[0] + ridge) * g[1] - h[1] * g[0]) / determinant;
        let mut share = 1.0;
        let moved = loop {
            let (next_a, next_b) = (a - share * step_a, b - share * step_b);
            let next = log_loss(z, targets, next_a, next_b);
            if next < loss {
                loss = next;
                (a, b) = (next_a, next_b);
                break true;
            }
            share /= 2.0;
            if share < 1e-10 {
                break false;
            }
        };
        let small = 1e-12 * (1.0 + a.abs() + b.abs());
        if !moved || (share * step_a).abs() + (share * step_b).abs() < small {
            return Ok((a, b));
        }
    }
    Err(Error::NotConverged {
        what: "Platt scaling",
        iterations: MOST_ITERATIONS,
        remedy: "Check the scores for values far beyond the others.",
    })
}

/// Σ log(1 + exp(f)) − t f.
fn log_loss(z: &Array1<f64>, targets: &Array1<f64>, a: f64, b: f64) -> f64 {
    let one = |(z, t): (&f64, &f64)| {
        let f = a * z + b;
        f.max(0.0) + (-f.abs()).exp().ln_1p() - t * f
    };
    z.iter().zip(targets).map(one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// `_sigmoid_calibration(scores, y)`, scikit-learn 1.9.1, whose signs are the other way round:
    /// `tests/peers/learning.py`.
    #[test]
    fn slope_and_intercept_equal_scikit_learns() -> Result<()> {
        let (y, scores) = sample();
        let platt = Platt::fit(&scores, &y)?;
        assert!((platt.slope() - SLOPE).abs() < 1e-5, "{platt:?}");
        assert!((platt.intercept() - INTERCEPT).abs() < 1e-5, "{platt:?}");
        Ok(())
    }

    pub(super) fn sample() -> (Array1<usize>, Array1<f64>) {
        let mut rng = RandomState::seed(14);
        let scores = rng.randn(200).unwrap();
        let noise = rng.randn(200).unwrap();
        let y = (&scores + &noise).mapv(|z| usize::from(z > 0.4));
        (y, scores)
    }

    #[test]
    fn the_mean_probability_is_the_mean_target_and_the_unit_of_the_scores_does_not_matter()
    -> Result<()> {
        let (y, scores) = sample();
        let p = Platt::fit(&scores, &y)?.predict(&scores)?;
        let positives = y.sum() as f64;
        let others = 200.0 - positives;
        let targets = positives * (positives + 1.0) / (positives + 2.0) + others / (others + 2.0);
        assert!((p.sum() - targets).abs() < 1e-6, "{}", p.sum());
        for (unit, offset) in [(1e-9, 0.0), (1e9, 0.0), (1.0, 1e7)] {
            let moved = &scores * unit + offset;
            let again = Platt::fit(&moved, &y)?.predict(&moved)?;
            assert!(
                (&again - &p).iter().all(|rest| rest.abs() < 1e-6),
                "{unit} {offset}"
            );
        }
        Ok(())
    }

    #[test]
    fn parted_classes_and_constant_scores_have_finite_curves_and_one_class_has_none() -> Result<()>
    {
        let parted = Platt::fit(&array![-2.0, -1.0, 1.0, 2.0], &array![0, 0, 1, 1])?;
        assert!(parted.slope().is_finite() && parted.predict(&array![2.0])?[0] < 0.95);
        let constant = Platt::fit(&array![4.35, 4.35, 4.35], &array![0, 1, 1])?;
        let p = constant.predict(&array![4.35])?[0];
        assert!((p - (2.0 * 0.75 + 1.0 / 3.0) / 3.0).abs() < 1e-7, "{p}");
        assert!(Platt::fit(&array![0.1, 0.2], &array![1, 1]).is_err());
        assert!(Platt::fit(&array![0.1], &array![0, 1]).is_err());
        assert!(Platt::fit(&array![0.1, f64::NAN], &array![0, 1]).is_err());
        Ok(())
    }

    const SLOPE: f64 = 1.5510226354602146;
    const INTERCEPT: f64 = -0.628979250111689;
}
