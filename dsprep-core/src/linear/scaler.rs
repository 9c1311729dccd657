//! Standardising features (question 28).

use super::check_columns;
use crate::Result;
use crate::evaluate::finite_matrix;
use ndarray::{Array1, Array2, ArrayRef2, Axis};

/// Moves and scales each column to mean 0 and standard deviation 1: scikit-learn's
/// `StandardScaler`.
///
/// The mean and the standard deviation are those of the rows given to [`fit`](Self::fit), with
/// divisor n. Fit it on the training part and apply it, unchanged, wherever the model goes.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::StandardScaler, ndarray::array};
/// let scaler = StandardScaler::fit(&array![[1.0, 7.0], [3.0, 7.0]])?;
/// assert_eq!(scaler.transform(&array![[5.0, 8.0]])?, array![[3.0, 1.0]]); // a constant column is only moved
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StandardScaler {
    mean: Array1<f64>,
    scale: Array1<f64>,
}

impl StandardScaler {
    /// Takes mean and standard deviation of each column of `x` (rows × features). A column that is
    /// constant, but for rounding, gets the scale 1.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is not finite.
    pub fn fit(x: &ArrayRef2<f64>) -> Result<Self> {
        finite_matrix("`x`", x)?;
        let rows = x.nrows() as f64;
        let mean = x.sum_axis(Axis(0)) / rows;
        let scale = x
            .columns()
            .into_iter()
            .zip(&mean)
            .map(|(column, &mean)| {
                let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / rows;
                // What rounding alone can make of a constant column.
                let rounding =
                    rows * f64::EPSILON * variance + (rows * mean * f64::EPSILON).powi(2);
                if variance <= rounding {
                    1.0
                } else {
                    variance.sqrt()
                }
            })
            .collect();
        Ok(StandardScaler { mean, scale })
    }

    /// `x` (rows × features), standardised: (x − mean) / scale.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`, and as
    /// [`fit`](Self::fit).
    pub fn transform(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check_columns(x, self.mean.len())?;
        Ok((&x.view() - &self.mean) / &self.scale)
    }

    /// The way back: x · scale + mean.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn inverse_transform(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check_columns(x, self.mean.len())?;
        Ok(&x.view() * &self.scale + &self.mean)
    }

    /// The mean of each column.
    pub fn mean(&self) -> &Array1<f64> {
        &self.mean
    }

    /// What each column is divided by.
    pub fn scale(&self) -> &Array1<f64> {
        &self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::original::original;
    use ndarray::array;

    #[test]
    fn the_training_part_gets_mean_0_and_deviation_1_and_comes_back() -> Result<()> {
        let x = original().x_train;
        let scaler = StandardScaler::fit(&x)?;
        let z = scaler.transform(&x)?;
        assert!(z.sum_axis(Axis(0)).iter().all(|sum| sum.abs() < 1e-10));
        let squares = (&z * &z).sum_axis(Axis(0)) / 800.0;
        assert!(squares.iter().all(|square| (square - 1.0).abs() < 1e-12));
        let difference = scaler.inverse_transform(&z)? - &x;
        assert!(difference.iter().all(|d| d.abs() < 1e-14));
        Ok(())
    }

    #[test]
    fn a_column_that_is_constant_but_for_rounding_is_not_blown_up() -> Result<()> {
        let x = Array2::from_elem((10, 1), 0.1);
        let scaler = StandardScaler::fit(&x)?;
        assert_eq!(scaler.scale()[0], 1.0);
        assert!(scaler.transform(&x)?.iter().all(|z| z.abs() < 1e-15));
        Ok(())
    }

    #[test]
    fn missing_values_and_wrong_columns_are_named() -> Result<()> {
        let error = StandardScaler::fit(&array![[1.0, 2.0], [3.0, f64::NAN]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`x`, row 1, column 1, is NaN, but it must be a finite number; fill the gap or drop the row."
        );
        let scaler = StandardScaler::fit(&array![[1.0], [2.0]])?;
        let error = scaler.transform(&array![[1.0, 2.0]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`x` has 2 columns, but it must have 1 column, as in `fit`."
        );
        assert!(StandardScaler::fit(&Array2::zeros((0, 3))).is_err());
        Ok(())
    }
}
