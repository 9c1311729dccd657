//! The lasso, by coordinate descent (reference card).
//!
//! It minimises ‖y − Xw − b‖² / 2n + α ‖w‖₁ (Tibshirani, 1996; α as in scikit-learn's `Lasso`). With the
//! other weights held, the best wⱼ is S(xⱼ·r / n, α) / (xⱼ·xⱼ / n), where r is what the other features
//! leave unexplained and S(z, α) = sign(z) max(|z| − α, 0) is soft thresholding: it is what makes weights
//! exactly 0. Sweeping over j until nothing moves finds the minimum, since the part that is not smooth is
//! a sum over j. After Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear
//! models via coordinate descent", 2010.

use super::path::RegularisationPath;
use super::regression::{Centred, LinearRegression, check_alphas};
use crate::checks::{not_negative, number};
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1, ArrayRef2};

const MOST_SWEEPS: usize = 100_000;
/// The search ends when no weight, times the spread of its feature, moves by more than this share of the
/// greatest: in the unit of the target, so that the units of the features do not matter.
const SMALL_STEP: f64 = 1e-12;

/// The lasso of `x` (rows × features) and `y` (a number for each row) with the penalty `alpha`, 0 or
/// greater. The penalty is the same for all weights: standardise the features first. A constant column
/// gets the weight 0. O(rows · features) for each sweep.
///
/// # Errors
/// [`Error::Empty`] without rows or columns; [`Error::Shape`] if the number of targets is not that of the
/// rows; [`Error::OutOfRange`] if a value is not finite or `alpha` is negative or not finite;
/// [`Error::NotConverged`] if features are so alike, and `alpha` so small, that the search does not end.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::lasso, ndarray::array};
/// // Σxy / n = 2 and Σx² / n = 2, both about the mean, so w = (2 − α) / 2.
/// let (x, y) = (array![[-2.0], [-1.0], [0.0], [1.0], [2.0]], array![-2.0, -1.0, 0.0, 1.0, 2.0]);
/// assert_eq!(lasso(&x, &y, 0.5)?.coefficients()[0], 0.75);
/// assert_eq!(lasso(&x, &y, 2.0)?.coefficients()[0], 0.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn lasso(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>, alpha: f64) -> Result<LinearRegression> {
    not_negative("`alpha`", alpha)?;
    let mut descent = Descent::new(Centred::new(x, y)?)?;
    descent.minimise(alpha)
}

/// The weights of the lasso for each of `alphas` (0 or greater). Each search begins where the last one
/// ended, so penalties in falling order take the fewest sweeps.
///
/// # Errors
/// As [`lasso`]; [`Error::Empty`] if there is no α.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::{largest_alpha, lasso_path}, ndarray::array, random::RandomState};
/// let x = RandomState::seed(0).randn((50, 3))?;
/// let y = &x.column(0) * 3.0 - &x.column(1);
/// let path = lasso_path(&x, &y, &array![largest_alpha(&x, &y)?, 1.2, 0.1])?;
/// assert_eq!(path.nonzero(), [0, 1, 2]); // features enter one by one
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn lasso_path(
    x: &ArrayRef2<f64>,
    y: &ArrayRef1<f64>,
    alphas: &ArrayRef1<f64>,
) -> Result<RegularisationPath> {
    check_alphas(alphas)?;
    let mut descent = Descent::new(Centred::new(x, y)?)?;
    let models = alphas.iter().map(|&alpha| descent.minimise(alpha));
    Ok(RegularisationPath::new(
        alphas,
        models.collect::<Result<_>>()?,
    ))
}

/// The smallest penalty at which all weights are 0: max |xⱼ·y| / n, of centred data.
///
/// # Errors
/// As [`lasso`].
///
/// # Examples
/// ```
/// use dsprep_core::{linear::largest_alpha, ndarray::array};
/// let (x, y) = (array![[-1.0, 5.0], [1.0, 5.0]], array![-3.0, 3.0]);
/// assert_eq!(largest_alpha(&x, &y)?, 3.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn largest_alpha(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<f64> {
    let centred = Centred::new(x, y)?;
    let slopes = centred.x.t().dot(&centred.y);
    let largest = slopes
        .iter()
        .fold(0.0, |largest: f64, z| largest.max(z.abs()));
    number("the largest `alpha`", largest / centred.y.len() as f64)
}

/// S(z, α) = sign(z) max(|z| − α, 0).
fn soft_threshold(z: f64, alpha: f64) -> f64 {
    if z.abs() <= alpha {
        0.0
    } else {
        z - alpha * z.signum()
    }
}

struct Descent {
    data: Centred,
    /// xⱼ·xⱼ / n.
    squares: Array1<f64>,
    w: Array1<f64>,
    /// y − Xw.
    residuals: Array1<f64>,
}

impl Descent {
    fn new(data: Centred) -> Result<Self> {
        data.check_squares(0.0)?;
        let rows = data.y.len() as f64;
        let columns = data.x.columns().into_iter();
        Ok(Descent {
            squares: columns.map(|column| column.dot(&column) / rows).collect(),
            w: Array1::zeros(data.x.ncols()),
            residuals: data.y.clone(),
            data,
        })
    }

    fn minimise(&mut self, alpha: f64) -> Result<LinearRegression> {
        for _ in 0..MOST_SWEEPS {
            crate::cell::check_interrupt();
            let moved = self.sweep(alpha);
            let contributions = self.w.iter().zip(&self.squares);
            let largest = contributions.fold(0.0, |largest: f64, (w, square)| {
                largest.max(w.abs() * square.sqrt())
            });
            if moved <= SMALL_STEP * largest {
                return self.data.model(self.w.clone());
            }
        }
        Err(Error::NotConverged {
            what: "the lasso",
            iterations: MOST_SWEEPS,
            remedy: "Use a greater `alpha`, standardise the features, or drop one of two that are alike.",
        })
    }

    /// Sets each weight in turn; returns by how much one moved at most, in the unit of the target.
    fn sweep(&mut self, alpha: f64) -> f64 {
        let rows = self.data.y.len() as f64;
        let mut most = 0.0_f64;
        for j in 0..self.w.len() {
            if self.squares[j] == 0.0 {
                continue;
            }
            let column = self.data.x.column(j);
            let before = self.w[j];
            let z = column.dot(&self.residuals) / rows + self.squares[j] * before;
            let after = soft_threshold(z, alpha) / self.squares[j];
            if after != before {
                self.residuals.scaled_add(before - after, &column);
                self.w[j] = after;
                most = most.max((after - before).abs() * self.squares[j].sqrt());
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::trees::coarse;
    use ndarray::{Array2, array};

    /// `Lasso(alpha, tol=1e-14, max_iter=100000)`, scikit-learn 1.9.1.
    #[test]
    fn the_lasso_equals_scikit_learns() -> Result<()> {
        let (x, y) = coarse();
        let expected = [
            (
                0.01,
                [
                    1.929072647310425,
                    0.4972773065237795,
                    0.05490006102629442,
                    0.11926032660944065,
                ],
                -1.0619029972908556,
            ),
            (
                0.5,
                [1.4182343990834423, 0.020553837693173704, 0.0, 0.0],
                -1.09109289465384,
            ),
        ];
        for (alpha, weights, intercept) in expected {
            let model = lasso(&x, &y, alpha)?;
            assert!((model.intercept() - intercept).abs() < 1e-9);
            for (found, expected) in model.coefficients().iter().zip(weights) {
                assert!((found - expected).abs() < 1e-9, "{found} {expected}");
            }
        }
        Ok(())
    }

    /// In raw units, the weight 1e8 of the first feature hides that the others still move.
    #[test]
    fn a_feature_in_a_tiny_unit_hides_no_other() -> Result<()> {
        let mut rng = RandomState::seed(9);
        let shared = rng.randn(80)?;
        let mut x = rng.randn((80, 4))? * 0.1;
        for mut column in x.columns_mut() {
            column += &shared; // nearly alike, so that the search is slow
        }
        let y = x.dot(&array![1.0, -1.0, 0.5, 2.0]) + rng.randn(80)? * 0.01;
        let units = array![1e-14, 1.0, 1.0, 1.0];
        let alpha = 1e-4;
        let model = lasso(&(&x * &units), &y, alpha)?;
        let centred = Centred::new(&(&x * &units), &y)?;
        let residuals = &centred.y - &centred.x.dot(model.coefficients());
        for j in 1..4 {
            let (w, slope) = (
                model.coefficients()[j],
                centred.x.column(j).dot(&residuals) / 80.0,
            );
            assert!(
                w != 0.0 && (slope - alpha * w.signum()).abs() < 1e-9,
                "{j}: {w} {slope}"
            );
        }
        Ok(())
    }

    /// The conditions of Karush, Kuhn and Tucker: xⱼ·r / n is α sign(wⱼ) where wⱼ is not 0, and within
    /// ±α where it is.
    #[test]
    fn each_point_of_a_path_is_the_minimum() -> Result<()> {
        let mut rng = RandomState::seed(8);
        let x = rng.randn((40, 60))?;
        let y = &x.column(0) * 3.0 - x.column(7) + &(0.1 * rng.randn(40)?);
        let largest = largest_alpha(&x, &y)?;
        let alphas = Array1::from_shape_fn(12, |k| largest * 0.6_f64.powi(k as i32));
        let path = lasso_path(&x, &y, &alphas)?;
        let centred = Centred::new(&x, &y)?;
        for (k, &alpha) in alphas.iter().enumerate() {
            let w = path.coefficients.row(k);
            let slopes = centred.x.t().dot(&(&centred.y - &centred.x.dot(&w))) / 40.0;
            for (&w, slope) in w.iter().zip(slopes) {
                if w == 0.0 {
                    assert!(slope.abs() <= alpha + 1e-9);
                } else {
                    assert!((slope - alpha * w.signum()).abs() < 1e-9);
                }
            }
        }
        let nonzero = path.nonzero();
        assert_eq!(nonzero[0], 0);
        assert!(nonzero[5] >= 2 && nonzero[5] < 20, "{nonzero:?}");
        Ok(())
    }

    #[test]
    fn of_twin_features_the_first_takes_the_weight_and_a_constant_one_gets_none() -> Result<()> {
        let x = Array2::from_shape_fn((10, 3), |(i, j)| if j == 2 { 0.1 } else { i as f64 });
        let y = x.column(0).to_owned();
        let model = lasso(&x, &y, 0.1)?;
        assert!(model.coefficients()[0] > 0.9);
        assert!(model.coefficients()[1].abs() < 1e-12);
        assert_eq!(model.coefficients()[2], 0.0);
        Ok(())
    }

    #[test]
    fn a_constant_target_has_no_weights_and_bad_input_is_named() -> Result<()> {
        let x = array![[1.0], [2.0]];
        assert_eq!(lasso(&x, &array![3.0, 3.0], 0.1)?.coefficients()[0], 0.0);
        assert_eq!(lasso(&x, &array![3.0, 3.0], 0.1)?.intercept(), 3.0);
        let error = lasso(&x, &array![1.0, 2.0], f64::NAN).unwrap_err();
        assert!(error.to_string().contains("`alpha` is NaN"));
        assert!(lasso_path(&x, &array![1.0, 2.0], &array![]).is_err());
        assert!(largest_alpha(&x, &array![1.0]).is_err());
        Ok(())
    }
}
