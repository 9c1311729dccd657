//! Ridge regression (reference card).
//!
//! It minimises ‖y − Xw − b‖² + α ‖w‖², in closed form w = (XᵀX + αI)⁻¹ Xᵀy with X and y centred, so that the
//! intercept b is not penalised. After Hoerl and Kennard, "Ridge regression: biased estimation for nonorthogonal
//! problems", 1970. α is as in scikit-learn's `Ridge`.

use super::path::RegularisationPath;
use super::regression::{Centred, LinearRegression, check_alphas, no_unique_solution};
use super::solve::solve_unless_lost;
use crate::Result;
use crate::checks::not_negative;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

/// Ridge regression of `x` (rows × features) and `y` (a number for each row) with the penalty `alpha`,
/// 0 or greater. The penalty is the same for all weights: standardise the features first.
/// O(rows · features²).
///
/// # Errors
/// As [`LinearRegression::fit`]; [`crate::Error::OutOfRange`] if `alpha` is negative or not finite. With a
/// penalty greater than 0 there is always a solution, but where columns are combinations of others and the penalty is so small
/// that rounding would decide.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::ridge, ndarray::array};
/// // Σxy = 10 and Σx² = 10, both about the mean, so w = 10 / (10 + α).
/// let (x, y) = (array![[-2.0], [-1.0], [0.0], [1.0], [2.0]], array![-2.0, -1.0, 0.0, 1.0, 2.0]);
/// assert_eq!(ridge(&x, &y, 10.0)?.coefficients()[0], 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ridge(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>, alpha: f64) -> Result<LinearRegression> {
    not_negative("`alpha`", alpha)?;
    if alpha == 0.0 {
        return LinearRegression::fit(x, y);
    }
    let centred = Centred::new(x, y)?;
    centred.check_squares(alpha)?;
    let w = closed_form(
        &centred.x.t().dot(&centred.x),
        &centred.x.t().dot(&centred.y),
        alpha,
    )?;
    centred.model(w)
}

/// The weights of ridge regression for each of `alphas` (0 or greater).
/// O(rows · features² + alphas · features³).
///
/// # Errors
/// As [`ridge`]; [`crate::Error::Empty`] if there is no α.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::ridge_path, ndarray::array, random::RandomState};
/// let x = RandomState::seed(0).randn((50, 3))?;
/// let y = &x.column(0) - &x.column(1);
/// let path = ridge_path(&x, &y, &array![0.1, 10.0, 1000.0])?;
/// assert_eq!(path.nonzero(), [3, 3, 3]); // smaller and smaller, but never 0
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ridge_path(
    x: &ArrayRef2<f64>,
    y: &ArrayRef1<f64>,
    alphas: &ArrayRef1<f64>,
) -> Result<RegularisationPath> {
    check_alphas(alphas)?;
    let centred = Centred::new(x, y)?;
    // With the smallest penalty the fewest digits are left. Least squares, for a penalty of 0, looks for itself.
    let penalties = alphas.iter().copied().filter(|&alpha| alpha > 0.0);
    centred.check_squares(penalties.fold(f64::INFINITY, f64::min))?;
    let (squares, right) = (centred.x.t().dot(&centred.x), centred.x.t().dot(&centred.y));
    let models = alphas.iter().map(|&alpha| match alpha {
        0.0 => LinearRegression::fit(x, y),
        _ => centred.model(closed_form(&squares, &right, alpha)?),
    });
    Ok(RegularisationPath::new(
        alphas,
        models.collect::<Result<_>>()?,
    ))
}

/// (XᵀX + αI)⁻¹ Xᵀy.
fn closed_form(squares: &Array2<f64>, right: &Array1<f64>, alpha: f64) -> Result<Array1<f64>> {
    let mut penalised = squares.clone();
    penalised.diag_mut().map_inplace(|square| *square += alpha);
    solve_unless_lost(penalised, right).ok_or_else(|| no_unique_solution("ridge regression"))
}

#[cfg(test)]
mod tests {
    use super::super::solve::least_squares;
    use super::*;
    use crate::random::RandomState;
    use crate::trees::coarse;
    use ndarray::{Axis, array, concatenate};

    /// `Ridge(alpha, solver="cholesky")`, scikit-learn 1.9.1.
    #[test]
    fn ridge_equals_scikit_learns() -> Result<()> {
        let (x, y) = coarse();
        let expected = [
            (
                0.1,
                [
                    1.9383121319976135,
                    0.5066077300058595,
                    0.0642972312910085,
                    0.1285418336330115,
                ],
                -1.0610976143242437,
            ),
            (
                10.0,
                [
                    1.8881544317235344,
                    0.495060767302346,
                    0.06369411717325843,
                    0.12922820524541262,
                ],
                -1.0594918653605565,
            ),
        ];
        let path = ridge_path(&x, &y, &array![0.1, 10.0])?;
        for (k, (alpha, weights, intercept)) in expected.into_iter().enumerate() {
            let model = ridge(&x, &y, alpha)?;
            assert!((model.intercept() - intercept).abs() < 1e-12);
            for (found, expected) in model.coefficients().iter().zip(weights) {
                assert!((found - expected).abs() < 1e-12, "{found} {expected}");
            }
            assert_eq!(path.coefficients.row(k), model.coefficients());
        }
        Ok(())
    }

    #[test]
    fn ridge_is_least_squares_with_rows_that_pull_to_0() -> Result<()> {
        let mut rng = RandomState::seed(3);
        let x = rng.randn((20, 3))?;
        let x = &x - &(x.sum_axis(Axis(0)) / 20.0);
        let y = rng.randn(20)?;
        let y = &y - y.sum() / 20.0;
        let alpha: f64 = 2.5;
        let pull = Array2::<f64>::eye(3) * alpha.sqrt();
        let rows = concatenate![Axis(0), x, pull];
        let w = least_squares(&rows, &concatenate![Axis(0), y, Array1::zeros(3)]);
        let difference = ridge(&x, &y, alpha)?.coefficients() - &w.unwrap_or_default();
        assert!(difference.iter().all(|d| d.abs() < 1e-12));
        Ok(())
    }

    #[test]
    fn a_smaller_penalty_leads_to_least_squares_and_a_larger_one_to_the_mean() -> Result<()> {
        let (x, y) = coarse();
        let alphas = array![0.0, 1e-6, 1.0, 100.0, 1e12];
        let path = ridge_path(&x, &y, &alphas)?;
        let lengths: Vec<f64> = path
            .coefficients
            .rows()
            .into_iter()
            .map(|w| w.dot(&w))
            .collect();
        assert!(lengths.windows(2).all(|pair| pair[1] < pair[0]));
        let free = LinearRegression::fit(&x, &y)?;
        let difference = &path.coefficients.row(1) - free.coefficients();
        assert!(difference.iter().all(|d| d.abs() < 1e-7));
        let mean = y.sum() / 400.0;
        let held = ridge(&x, &y, 1e12)?.predict(&x)?;
        assert!(held.iter().all(|p| (p - mean).abs() < 1e-6));
        Ok(())
    }

    #[test]
    fn twin_columns_need_a_penalty_which_shares_the_weight() -> Result<()> {
        let x = array![[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]];
        let y = array![1.0, 2.0, 4.0];
        assert_eq!(
            LinearRegression::fit(&x, &y).unwrap_err().to_string(),
            "least squares is not defined: a column of `x` is constant or a combination of other \
             columns. Drop such columns, or use `ridge` with a greater `alpha`."
        );
        let w = ridge(&x, &y, 1e-3)?;
        assert!((w.coefficients()[0] - w.coefficients()[1]).abs() < 1e-9);
        assert!((w.coefficients().sum() - 1.0).abs() < 1e-3);
        Ok(())
    }

    #[test]
    fn a_constant_column_is_not_taken_for_a_feature() -> Result<()> {
        let x = Array2::from_shape_fn((10, 2), |(i, j)| if j == 0 { 0.1 } else { i as f64 });
        let y = x.column(1).to_owned();
        assert!(LinearRegression::fit(&x, &y).is_err());
        assert_eq!(ridge(&x, &y, 1.0)?.coefficients()[0], 0.0);
        Ok(())
    }

    #[test]
    fn bad_input_is_named() {
        let (x, y) = (array![[1.0], [2.0]], array![1.0, 2.0]);
        let message = |result: Result<LinearRegression>| result.unwrap_err().to_string();
        assert!(message(ridge(&x, &y, -1.0)).contains("`alpha` is -1"));
        assert!(message(ridge(&x, &array![1.0], 1.0)).contains("`y` has 1 value"));
        assert!(message(ridge(&x, &array![1.0, f64::NAN], 1.0)).contains("`y[1]` is NaN"));
        assert!(message(ridge(&Array2::zeros((0, 1)), &array![], 1.0)).contains("`x` is empty"));
        assert!(ridge_path(&x, &y, &array![]).is_err());
        let error = ridge_path(&x, &y, &array![1.0, f64::NAN]).unwrap_err();
        assert!(error.to_string().contains("`alphas[1]` is NaN"));
    }

    #[test]
    fn squares_that_lost_their_digits_are_an_error() {
        let x = array![[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 3.0]];
        let y = array![1.0, 2.0, 2.5, 4.0];
        for unit in [1e-160, 1e-162, 1e-170] {
            let x = &x * unit;
            let fits = [
                LinearRegression::fit(&x, &y),
                crate::linear::lasso(&x, &y, 0.0),
                ridge(&x, &y, 1e-300),
            ];
            for found in fits {
                let error = found.unwrap_err();
                assert!(
                    error.to_string().contains("too large or too small"),
                    "{error}"
                );
            }
            // A penalty that is greater than the squares decides.
            assert!(ridge(&x, &y, 1.0).is_ok());
        }
    }

    /// What the weights are would be decided by rounding.
    #[test]
    fn a_penalty_below_rounding_is_an_error() {
        let x = Array2::from_shape_fn((50, 3), |(i, j)| {
            let (a, b) = (((i * 7) % 11) as f64, ((i * 5) % 13) as f64);
            [a, b, a + b][j]
        });
        let y = Array1::from_shape_fn(50, |i| ((i * 3) % 7) as f64);
        assert!(ridge(&x, &y, 1e-12).is_err());
        // Solved exactly, in rational numbers.
        let w = ridge(&x, &y, 1e-3).unwrap();
        assert!((w.coefficients()[0] + 0.043026255809).abs() < 1e-10);
    }
}
