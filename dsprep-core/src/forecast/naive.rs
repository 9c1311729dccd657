//! The naive forecasts that every other has to beat (question 30).
//!
//! After Hyndman and Athanasopoulos, "Forecasting: principles and practice", 3rd edition, section 5.2.

use super::checks::finite;
use crate::checks::room_for;
use crate::error::count;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};

/// Repeats the last `season` values of `history` over the next `horizon` steps.
///
/// A `season` of 1 is the naive forecast: the last value, for ever.
///
/// # Errors
/// [`Error::OutOfRange`] if `season` is 0 or a value is not finite; [`Error::Shape`] if the history is
/// shorter than a season.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::seasonal_naive, ndarray::array};
/// let history = array![1.0, 2.0, 3.0];
/// assert_eq!(seasonal_naive(&history, 1, 2)?, array![3.0, 3.0]);
/// assert_eq!(seasonal_naive(&history, 2, 3)?, array![2.0, 3.0, 2.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn seasonal_naive(
    history: &ArrayRef1<f64>,
    season: usize,
    horizon: usize,
) -> Result<Array1<f64>> {
    if season == 0 {
        return Err(Error::OutOfRange {
            what: "`season`".to_owned(),
            found: "0".to_owned(),
            expected: "1 (no season) or greater",
        });
    }
    let Some(start) = history.len().checked_sub(season) else {
        return Err(Error::Shape {
            what: "`history`",
            found: count(history.len(), "value"),
            expected: format!("at least one season of {season}"),
        });
    };
    finite("history", history)?;
    room_for("`horizon`", horizon, 1)?;
    Ok(history
        .iter()
        .skip(start)
        .copied()
        .cycle()
        .take(horizon)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_gap_is_named_and_not_forecast() {
        let error = seasonal_naive(&array![1.0, f64::NAN], 1, 3).unwrap_err();
        assert!(error.to_string().starts_with("`history[1]` is NaN"));
    }
}
