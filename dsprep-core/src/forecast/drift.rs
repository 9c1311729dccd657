//! The drift forecast: a straight line through the first and the last value (question 30).
//!
//! After Hyndman and Athanasopoulos, "Forecasting: principles and practice", 3rd edition, section 5.2.

use super::checks::finite_history;
use crate::checks::room_for;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};

/// Continues `history` by its mean change per step over the next `horizon` steps.
///
/// # Errors
/// [`Error::Shape`](crate::Error::Shape) with fewer than two values,
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if one is not finite, [`Error::Undefined`] if the forecast
/// overflows.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::drift, ndarray::array};
/// assert_eq!(drift(&array![1.0, 4.0, 5.0], 2)?, array![7.0, 9.0]);    // 2 per step
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn drift(history: &ArrayRef1<f64>, horizon: usize) -> Result<Array1<f64>> {
    finite_history(history, 2)?;
    room_for("`horizon`", horizon, 1)?;
    let last = history.len() - 1;
    let slope = (history[last] - history[0]) / last as f64;
    let forecast: Array1<f64> = (1..=horizon)
        .map(|step| history[last] + slope * step as f64)
        .collect();
    match forecast.iter().all(|value| value.is_finite()) {
        true => Ok(forecast),
        false => Err(Error::Undefined {
            what: "the drift forecast",
            reason: "it overflows".to_owned(),
            remedy: "Give the values in another unit.",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_straight_line_goes_on_exactly() -> Result<()> {
        assert_eq!(
            drift(&array![3.0, 5.0, 7.0, 9.0], 3)?,
            array![11.0, 13.0, 15.0]
        );
        Ok(())
    }

    #[test]
    fn one_value_has_no_direction() {
        let error = drift(&array![3.0], 3).unwrap_err().to_string();
        assert_eq!(
            error,
            "`history` has 1 value, but it must have at least 2 values."
        );
    }
}
