//! Standardising features (question 28).

use crate::Result;
use crate::checks::{columns_of_fit, finite_matrix, numbers};
use crate::moments::Moments;
use crate::saved::{checked, unless_consistent};
use ndarray::{Array1, Array2, ArrayRef2};
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct StandardScaler {
    #[serde(with = "crate::saved::array")]
    mean: Array1<f64>,
    #[serde(with = "crate::saved::array")]
    scale: Array1<f64>,
}

checked!(StandardScaler);

impl StandardScaler {
    /// Takes mean and standard deviation of each column of `x` (rows × features). A column that is
    /// constant, but for rounding, gets the scale 1.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is not finite, [`Error::Undefined`](crate::Error::Undefined) if a
    /// standard deviation overflows.
    pub fn fit(x: &ArrayRef2<f64>) -> Result<Self> {
        finite_matrix("`x`", x)?;
        let root_of_rows = (x.nrows() as f64).sqrt();
        let columns = x.columns();
        let moments: Vec<Moments> = columns.into_iter().map(Moments::of).collect();
        let mean = moments.iter().map(|column| column.mean).collect();
        let scale: Array1<f64> = moments
            .iter()
            .map(|column| match column.is_constant() {
                true => 1.0,
                false => column.root_squares / root_of_rows,
            })
            .collect();
        numbers("the standard deviation of a column", &scale)?;
        Ok(StandardScaler { mean, scale })
    }

    /// `x` (rows × features), standardised: (x − mean) / scale.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`, and as
    /// [`fit`](Self::fit).
    pub fn transform(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        columns_of_fit(x, self.mean.len())?;
        let scaled = (&x.view() - &self.mean) / &self.scale;
        numbers("a scaled feature", &scaled)?;
        Ok(scaled)
    }

    /// The way back: x · scale + mean.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn inverse_transform(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        columns_of_fit(x, self.mean.len())?;
        let features = &x.view() * &self.scale + &self.mean;
        numbers("a feature", &features)?;
        Ok(features)
    }

    /// The mean of each column.
    pub fn mean(&self) -> &Array1<f64> {
        &self.mean
    }

    /// What each column is divided by.
    pub fn scale(&self) -> &Array1<f64> {
        &self.scale
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let fits =
            self.mean.len() == self.scale.len() && self.scale.iter().all(|&scale| scale > 0.0);
        unless_consistent(fits, "a mean and a positive scale for each feature")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::original::original;
    use ndarray::{Axis, array};

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
    fn timestamps_in_milliseconds_are_scaled_and_not_taken_for_constant() -> Result<()> {
        let x = Array2::from_shape_fn((200_000, 1), |(i, _)| 1.7e12 + (i % 100) as f64);
        let scaler = StandardScaler::fit(&x)?;
        assert!((scaler.scale()[0] - 28.866_070_047_722_12).abs() < 1e-9); // √(9999 / 12)
        assert!((scaler.mean()[0] - 1.7e12 - 49.5).abs() < 1e-3);
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

    #[test]
    fn a_spread_beyond_the_largest_number_is_an_error() {
        let error = StandardScaler::fit(&array![[-1.7e308], [1.7e308]]).unwrap_err();
        assert!(error.to_string().contains("standard deviation"), "{error}");
    }
}
