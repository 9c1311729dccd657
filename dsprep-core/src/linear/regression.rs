//! Least squares (reference card), and what the other regressions share: centred data and the fitted model.

use super::solve::least_squares;
use crate::checks::{beyond_numbers, columns_of_fit, finite, finite_matrix, not_negative, numbers};
use crate::error::count;
use crate::moments::Moments;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1};
use serde::{Deserialize, Serialize};

/// Sums of squares below this have lost digits: numbers near the smallest have fewer of them.
const SMALLEST_SQUARES: f64 = 1e-290;

/// A fitted linear model: w·x + b.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::LinearRegression, ndarray::array};
/// let model = LinearRegression::fit(&array![[0.0], [1.0], [2.0]], &array![1.0, 3.0, 5.0])?;
/// assert!((model.coefficients()[0] - 2.0).abs() < 1e-12 && (model.intercept() - 1.0).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearRegression {
    #[serde(with = "crate::saved::array")]
    coefficients: Array1<f64>,
    intercept: f64,
}

impl LinearRegression {
    /// Least squares of `x` (rows × features) and `y` (a number for each row).
    /// O(rows · features²).
    ///
    /// # Errors
    /// [`Error::Empty`] without rows or columns; [`Error::Shape`] if the number of targets is not that
    /// of the rows; [`Error::OutOfRange`] if a value is not finite; [`Error::Undefined`] if a column is
    /// constant or a combination of others, so that there is no unique solution.
    pub fn fit(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<Self> {
        let centred = Centred::new(x, y)?;
        centred.check_squares(0.0)?;
        let w = least_squares(&centred.x, &centred.y)
            .ok_or_else(|| no_unique_solution("least squares"))?;
        centred.model(w)
    }

    /// w·x + b for each row of `x` (rows × features).
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not that of the fit, [`Error::Empty`] without
    /// rows, [`Error::OutOfRange`] if a value is not finite.
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        columns_of_fit(x, self.coefficients.len())?;
        let predicted = x.dot(&self.coefficients) + self.intercept;
        numbers("a prediction", &predicted)?;
        Ok(predicted)
    }

    /// The weights w, one for each feature.
    pub fn coefficients(&self) -> &Array1<f64> {
        &self.coefficients
    }

    /// The intercept b.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

pub(super) fn no_unique_solution(what: &'static str) -> Error {
    Error::Undefined {
        what,
        reason: "a column of `x` is constant or a combination of other columns".to_owned(),
        remedy: "Drop such columns, or use `ridge` with a greater `alpha`.",
    }
}

/// Data whose columns have the mean 0, with what was taken away.
pub(super) struct Centred {
    pub(super) x: Array2<f64>,
    pub(super) y: Array1<f64>,
    x_mean: Array1<f64>,
    y_mean: f64,
}

impl Centred {
    pub(super) fn new(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<Self> {
        finite_matrix("`x`", x)?;
        if y.len() != x.nrows() {
            return Err(Error::Shape {
                what: "`y`",
                found: count(y.len(), "value"),
                expected: format!("{}, one for each row of `x`", count(x.nrows(), "value")),
            });
        }
        finite("y", y)?;
        let columns = x.columns();
        let moments: Vec<Moments> = columns.into_iter().map(Moments::of).collect();
        let x_mean: Array1<f64> = moments.iter().map(|column| column.mean).collect();
        let y_mean = Moments::of(y.view()).mean;
        let mut centred = &x.view() - &x_mean;
        for (mut column, moments) in centred.columns_mut().into_iter().zip(&moments) {
            // A constant column becomes exactly 0, not a rounding error.
            if moments.is_constant() {
                column.fill(0.0);
            }
        }
        let y = &y.view() - y_mean;
        // Squares are summed: their sums must be numbers, too.
        let squares: f64 = centred.iter().map(|x| x * x).sum();
        numbers("a regression", y.iter().chain([&squares, &y.dot(&y)]))?;
        Ok(Centred {
            x: centred,
            y,
            x_mean,
            y_mean,
        })
    }

    /// Fails if the squares of a column, or its penalty if that is greater, are so small that hardly a digit of their sum is
    /// left. A constant column is another matter.
    pub(super) fn check_squares(&self, penalty: f64) -> Result<()> {
        let mut columns = self.x.columns().into_iter();
        let lost = |column: ArrayView1<'_, f64>| {
            column.dot(&column).max(penalty) < SMALLEST_SQUARES && column.iter().any(|&x| x != 0.0)
        };
        match columns.any(lost) {
            true => Err(beyond_numbers("a regression")),
            false => Ok(()),
        }
    }

    /// The model with the weights `w` and the intercept that goes with them.
    pub(super) fn model(&self, w: Array1<f64>) -> Result<LinearRegression> {
        let intercept = self.y_mean - self.x_mean.dot(&w);
        numbers("a coefficient", w.iter().chain([&intercept]))?;
        Ok(LinearRegression {
            intercept,
            coefficients: w,
        })
    }
}

pub(super) fn check_alphas(alphas: &ArrayRef1<f64>) -> Result<()> {
    if alphas.is_empty() {
        return Err(Error::Empty {
            what: "`alphas`",
            item: "penalty",
        });
    }
    for (at, &alpha) in alphas.iter().enumerate() {
        not_negative(&format!("`alphas[{at}]`"), alpha)?;
    }
    Ok(())
}
