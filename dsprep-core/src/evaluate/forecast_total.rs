//! Forecast metrics for many series together (question 30).
//!
//! Where a shop forecasts thousands of products, some sell nothing for weeks: MAPE divides by 0 there. [`wape`]
//! divides by what was sold in all, [`forecast_bias`] tells whether one always plans too much, and [`rmsse`] is
//! the scale-free error of the M5 competition (Makridakis, Spiliotis and Assimakopoulos, "The M5 competition:
//! background, organization, and implementation", 2022). WAPE after Kolassa and Schütz, "Advantages of the MAD/mean
//! ratio over the MAPE", 2007.

use super::forecast::{check_season, mae, mean_of, refuse_repetition, root_mean_square};
use crate::checks::number;
use crate::moments::root_of_squares;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// The weighted absolute percentage error: Σ |actual − forecast| / Σ |actual|, times 100.
///
/// The forecast that minimises it is the median, as for [`mae`](super::mae).
///
/// # Errors
/// As [`mae`](super::mae); [`Error::Undefined`] if all actual values are 0.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::wape, ndarray::array};
/// assert_eq!(wape(&array![0.0, 10.0], &array![1.0, 8.0])?, 30.0);   // 3 of 10
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn wape(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    let error = mae(actual, forecast)?;
    number("WAPE", 100.0 * (error / mean_size(actual, "WAPE")?))
}

/// The bias: Σ (forecast − actual) / Σ |actual|, times 100. Positive if too much is forecast.
///
/// # Errors
/// As [`wape`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::forecast_bias, ndarray::array};
/// assert_eq!(forecast_bias(&array![0.0, 10.0], &array![1.0, 8.0])?, -10.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn forecast_bias(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    let error = mean_of(actual, forecast, |y, f| f - y)?;
    let what = "the bias in per cent";
    number(what, 100.0 * (error / mean_size(actual, what)?))
}

/// The root mean squared scaled error: the RMSE over √ mean (y_t − y_{t−season})² of the history. Below 1 the
/// forecast beats what the (seasonal) naive forecast did within the history.
///
/// The forecast that minimises it is the mean, so that it suits sums; [`mase`](super::mase) asks for the median,
/// which is 0 for a product that sells less than every other day.
///
/// # Errors
/// As [`mase`](super::mase).
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::rmsse, ndarray::array};
/// let history = array![1.0, 3.0, 5.0];                      // the naive forecast misses by 2
/// assert_eq!(rmsse(&array![7.0], &array![6.0], &history, 1)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn rmsse(
    actual: &ArrayRef1<f64>,
    forecast: &ArrayRef1<f64>,
    history: &ArrayRef1<f64>,
    season: usize,
) -> Result<f64> {
    let error = root_mean_square(actual, forecast)?;
    check_season(history, season)?;
    crate::checks::finite("history", history)?;
    refuse_repetition(history, season, "RMSSE", "Use RMSE, or a longer history.")?;
    let steps = history.iter().skip(season).zip(history);
    let steps = root_of_squares(steps.map(|(y, before)| y - before));
    let scale = number("RMSSE", steps / ((history.len() - season) as f64).sqrt())?;
    number("RMSSE", error / scale)
}

/// The mean |actual|, which is not 0.
fn mean_size(actual: &ArrayRef1<f64>, what: &'static str) -> Result<f64> {
    let size = actual.iter().map(|y| y.abs() / actual.len() as f64).sum();
    if actual.iter().all(|&y| y == 0.0) {
        return Err(Error::Undefined {
            what,
            reason: "all actual values are 0, and it divides by their sum".to_owned(),
            remedy: "Use MAE or MASE.",
        });
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// `np.abs(y - f).sum() / np.abs(y).sum()`, `(f - y).sum() / np.abs(y).sum()` and the M5's formula in NumPy:
    /// `tests/peers/forecast.py`.
    #[test]
    fn the_metrics_equal_numpys() -> Result<()> {
        let actual = array![12.0, 0.0, 7.5, 3.0, -1.0];
        let forecast = array![10.0, 1.0, 8.0, 3.5, 0.5];
        let history = array![3.0, 8.0, 2.0, 9.0, 4.0, 7.0];
        let found = [
            wape(&actual, &forecast)?,
            forecast_bias(&actual, &forecast)?,
            rmsse(&actual, &forecast, &history, 1)?,
            rmsse(&actual, &forecast, &history, 2)?,
        ];
        for (found, expected) in found.into_iter().zip(EXPECTED) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn zeros_and_histories_without_a_scale_are_said() {
        let (zero, one) = (Array1::zeros(3), Array1::ones(3));
        assert!(matches!(wape(&zero, &one), Err(Error::Undefined { .. })));
        assert!(matches!(
            forecast_bias(&zero, &one),
            Err(Error::Undefined { .. })
        ));
        assert!(matches!(
            rmsse(&one, &zero, &one, 1),
            Err(Error::Undefined { .. })
        ));
        assert!(rmsse(&one, &zero, &one, 0).is_err() && rmsse(&one, &zero, &one, 3).is_err());
        assert!(wape(&one, &array![1.0]).is_err() && wape(&array![], &array![]).is_err());
        assert!(wape(&one, &array![1.0, f64::NAN, 1.0]).is_err());
    }

    const EXPECTED: [f64; 4] = [
        23.404255319148938,
        6.382978723404255,
        0.23199018178458425,
        0.7874007874011811,
    ];

    #[test]
    fn a_history_that_is_constant_but_for_rounding_is_no_scale() {
        let history = array![0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3];
        let error = rmsse(&array![1.0], &array![0.0], &history, 1).unwrap_err();
        assert!(matches!(error, Error::Undefined { .. }), "{error}");
    }

    #[test]
    fn the_unit_does_not_matter() -> Result<()> {
        let [actual, history] = [array![1.0, 2.0], array![1.0, 3.0, 5.0]];
        for unit in [1e-300, 1e-170, 1e-161, 1e200] {
            let found = rmsse(&(&actual * unit), &array![0.0, 0.0], &(&history * unit), 1)?;
            assert!(
                (found - 0.7905694150420949).abs() < 1e-12,
                "{unit:e}: {found}"
            );
        }
        Ok(())
    }
}
