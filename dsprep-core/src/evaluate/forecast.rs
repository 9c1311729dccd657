//! Metrics for forecasts (question 30).
//!
//! Point forecasts: [`mae`], [`rmse`], [`mape`], [`smape`], [`mase`]. After Hyndman and Koehler,
//! "Another look at measures of forecast accuracy", 2006. Intervals: [`winkler`], after Gneiting and
//! Raftery, "Strictly proper scoring rules, prediction, and estimation", 2007, section 6.2, and
//! [`coverage`].

use crate::checks::{finite, number};
use crate::error::count;
use crate::moments::{equal_but_for_rounding, root_of_squares};
use crate::{Error, Result};
use ndarray::{ArrayRef1, Zip};

/// The mean absolute error, in the unit of the data: the mean of |actual − forecast|.
///
/// The forecast that minimises it is the median.
///
/// # Errors
/// [`Error::Empty`] without values, [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a
/// value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::mae, ndarray::array};
/// assert_eq!(mae(&array![1.0, 5.0], &array![2.0, 2.0])?, 2.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn mae(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    mean_of(actual, forecast, |y, f| (y - f).abs())
}

/// The root of the mean squared error, in the unit of the data. Large errors count more.
///
/// The forecast that minimises it is the mean.
///
/// # Errors
/// As [`mae`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::rmse, ndarray::array};
/// assert_eq!(rmse(&array![0.0, 0.0], &array![1.0, 7.0])?, 5.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn rmse(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    root_mean_square(actual, forecast)
}

/// [`rmse`] in units of the largest error where squares overflow or underflow.
pub(super) fn root_mean_square(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    check_length("`forecast`", actual, forecast)?;
    let errors = actual.iter().zip(forecast).map(|(y, f)| y - f);
    let root = root_of_squares(errors) / (actual.len() as f64).sqrt();
    if !root.is_finite() {
        // Names the value that is not finite, or the difference that overflows.
        mean_of(actual, forecast, |y, f| y - f)?;
    }
    number("the root of the mean squared error", root)
}

/// The mean absolute percentage error: the mean of |actual − forecast| / |actual|, times 100.
///
/// A forecast of 0 scores 100 % at worst, one above the actual value has no limit: MAPE favours low
/// forecasts.
///
/// # Errors
/// As [`mae`]; [`Error::Undefined`] if an actual value is 0.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::mape, ndarray::array};
/// assert_eq!(mape(&array![100.0, 200.0], &array![110.0, 180.0])?, 10.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn mape(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    if let Some(at) = actual.iter().position(|&y| y == 0.0) {
        return Err(Error::Undefined {
            what: "MAPE",
            reason: format!("`actual[{at}]` is 0, and it divides by the actual value"),
            remedy: "Use MAE or MASE.",
        });
    }
    let share = mean_of(actual, forecast, |y, f| (y - f).abs() / y.abs())?;
    number("MAPE", 100.0 * share)
}

/// The symmetric MAPE: the mean of 2 |actual − forecast| / (|actual| + |forecast|), times 100.
///
/// It lies between 0 and 200 %. Wherever the actual value is 0, it is 200 %, however close the forecast.
///
/// # Errors
/// As [`mae`]; [`Error::Undefined`] if an actual value and its forecast are both 0.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::smape, ndarray::array};
/// assert_eq!(smape(&array![0.0], &array![0.001])?, 200.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn smape(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>) -> Result<f64> {
    let both_zero = actual
        .iter()
        .zip(forecast)
        .position(|(&y, &f)| y == 0.0 && f == 0.0);
    if let Some(at) = both_zero {
        return Err(Error::Undefined {
            what: "sMAPE",
            reason: format!("`actual[{at}]` and `forecast[{at}]` are both 0, which is 0 / 0"),
            remedy: "Use MAE or MASE.",
        });
    }
    Ok(100.0
        * mean_of(actual, forecast, |y, f| {
            2.0 * (y - f).abs() / (y.abs() + f.abs())
        })?)
}

/// The mean absolute scaled error: MAE over the mean |y_t − y_{t−season}| of the history.
///
/// Below 1, the forecast beats what the (seasonal) naive forecast did within the history. `season` is
/// the number of steps after which the pattern repeats; 1 compares with the last value.
///
/// The history is the *training* part. The original notebook scales by the evaluated series itself,
/// `mase(&y, &f, &y, 1)`: then the yardstick comes from the data that are to be predicted.
///
/// # Errors
/// As [`mae`]; [`Error::OutOfRange`] if `season` is 0; [`Error::Shape`] if the history is not longer
/// than a season; [`Error::Undefined`] if it repeats itself exactly, because then the scale is 0.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::mase, ndarray::array};
/// let history = array![1.0, 3.0, 5.0];                      // the naive forecast misses by 2
/// assert_eq!(mase(&array![7.0], &array![6.0], &history, 1)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn mase(
    actual: &ArrayRef1<f64>,
    forecast: &ArrayRef1<f64>,
    history: &ArrayRef1<f64>,
    season: usize,
) -> Result<f64> {
    let error = mae(actual, forecast)?;
    number("MASE", error / naive_error(history, season)?)
}

/// Refuses a history without a value that stands a season after another one.
pub(super) fn check_season(history: &ArrayRef1<f64>, season: usize) -> Result<()> {
    if season == 0 {
        return Err(Error::OutOfRange {
            what: "`season`".to_owned(),
            found: "0".to_owned(),
            expected: "1 (no season) or greater",
        });
    }
    if history.len() <= season {
        return Err(Error::Shape {
            what: "`history`",
            found: count(history.len(), "value"),
            expected: format!("more than one season of {season}"),
        });
    }
    Ok(())
}

/// Fails if each value equals the one a season before, but for rounding: then the scale is 0.
pub(super) fn refuse_repetition(
    history: &ArrayRef1<f64>,
    season: usize,
    what: &'static str,
    remedy: &'static str,
) -> Result<()> {
    let mut pairs = history.iter().skip(season).zip(history);
    if !pairs.all(|(&y, &before)| equal_but_for_rounding(y.min(before), y.max(before))) {
        return Ok(());
    }
    let reason = match season {
        1 => "the history is constant, so that the naive forecast's error is 0".to_owned(),
        _ => format!("the history repeats itself exactly every {season} steps"),
    };
    Err(Error::Undefined {
        what,
        reason,
        remedy,
    })
}

/// The mean |y_t − y_{t−season}|: how far off the (seasonal) naive forecast was within the history.
fn naive_error(history: &ArrayRef1<f64>, season: usize) -> Result<f64> {
    check_season(history, season)?;
    let steps = history.iter().skip(season).zip(history);
    let error = steps.map(|(y, before)| (y - before).abs()).sum::<f64>();
    if !error.is_finite() {
        finite("history", history)?;
        return Err(overflow("MASE"));
    }
    refuse_repetition(history, season, "MASE", "Use MAE, or a longer history.")?;
    Ok(error / (history.len() - season) as f64)
}

/// The Winkler (interval) score of central intervals of `confidence` 1 − α, in the unit of the data.
///
/// The mean width, plus 2/α times the distance wherever the actual value lies outside. Lower is
/// better; the true quantiles minimise it.
///
/// # Errors
/// As [`mae`]; also [`Error::OutOfRange`] if `confidence` is not between 0 and 1 or a lower bound lies above
/// its upper bound.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::winkler, ndarray::array};
/// // Width 10 each; the second value lies 1 above its interval: 1 · 2/0.05 = 40.
/// let (lower, upper) = (array![0.0, 0.0], array![10.0, 10.0]);
/// assert!((winkler(&array![5.0, 11.0], &lower, &upper, 0.95)? - 30.0).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn winkler(
    actual: &ArrayRef1<f64>,
    lower: &ArrayRef1<f64>,
    upper: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<f64> {
    check_interval(actual, lower, upper)?;
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Error::OutOfRange {
            what: "`confidence`".to_owned(),
            found: confidence.to_string(),
            expected: "between 0 and 1: 0.95 for a 95 % interval",
        });
    }
    let alpha = 1.0 - confidence;
    let mut sum = 0.0;
    Zip::from(actual)
        .and(lower)
        .and(upper)
        .for_each(|&y, &low, &high| {
            let outside = (low - y).max(y - high).max(0.0);
            sum += (high - low) + 2.0 / alpha * outside;
        });
    if !sum.is_finite() {
        return Err(overflow("the Winkler score"));
    }
    Ok(sum / actual.len() as f64)
}

/// The share of the actual values that lie within their interval, from 0 to 1.
///
/// # Errors
/// As [`winkler`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::coverage, ndarray::array};
/// let (lower, upper) = (array![0.0, 0.0], array![10.0, 10.0]);
/// assert_eq!(coverage(&array![5.0, 11.0], &lower, &upper)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn coverage(
    actual: &ArrayRef1<f64>,
    lower: &ArrayRef1<f64>,
    upper: &ArrayRef1<f64>,
) -> Result<f64> {
    check_interval(actual, lower, upper)?;
    let bounds = lower.iter().zip(upper);
    let within = actual
        .iter()
        .zip(bounds)
        .filter(|(y, (low, high))| *low <= *y && *y <= *high);
    Ok(within.count() as f64 / actual.len() as f64)
}

/// The mean of `loss(actual, forecast)` over the pairs. A loss of what is not finite is not finite either, so
/// that only such a mean needs a look at the values.
pub(super) fn mean_of(
    actual: &ArrayRef1<f64>,
    forecast: &ArrayRef1<f64>,
    loss: impl Fn(f64, f64) -> f64,
) -> Result<f64> {
    check_length("`forecast`", actual, forecast)?;
    let sum: f64 = actual.iter().zip(forecast).map(|(&y, &f)| loss(y, f)).sum();
    if !sum.is_finite() {
        finite("actual", actual)?;
        finite("forecast", forecast)?;
        return Err(overflow("the mean of the losses"));
    }
    Ok(sum / actual.len() as f64)
}

/// The error of a score whose terms add up to more than an `f64` can hold.
fn overflow(what: &'static str) -> Error {
    Error::Undefined {
        what,
        reason: "the sum of its terms overflows".to_owned(),
        remedy: "Give the values in another unit.",
    }
}

fn check_length(what: &'static str, actual: &ArrayRef1<f64>, other: &ArrayRef1<f64>) -> Result<()> {
    if actual.is_empty() {
        return Err(Error::Empty {
            what: "`actual`",
            item: "value",
        });
    }
    if other.len() != actual.len() {
        return Err(Error::Shape {
            what,
            found: count(other.len(), "value"),
            expected: format!("{}, one for each of `actual`", count(actual.len(), "value")),
        });
    }
    Ok(())
}

fn check_interval(
    actual: &ArrayRef1<f64>,
    lower: &ArrayRef1<f64>,
    upper: &ArrayRef1<f64>,
) -> Result<()> {
    check_length("`lower`", actual, lower)?;
    check_length("`upper`", actual, upper)?;
    finite("actual", actual)?;
    finite("lower", lower)?;
    finite("upper", upper)?;
    match lower.iter().zip(upper).position(|(low, high)| low > high) {
        None => Ok(()),
        Some(at) => Err(Error::OutOfRange {
            what: format!("`lower[{at}]`"),
            found: lower[at].to_string(),
            expected: "at most the upper bound at the same place",
        }),
    }
}

#[cfg(test)]
mod tests;
