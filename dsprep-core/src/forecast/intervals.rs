//! Prediction intervals (question 30).
//!
//! | from | assumes | promise |
//! |---|---|---|
//! | [`normal_interval`] | normal errors of known spread | exact if that is true |
//! | [`empirical_interval`] | future errors are drawn like past ones | right for large samples |
//! | [`conformal_interval`] | past and future errors are exchangeable | covers with probability ≥ `confidence`, for any n |
//!
//! Residuals of the training part are too small, the more so the more was fitted: take them from a
//! [`backtest`](super::backtest()). The conformal interval is split conformal prediction after Lei,
//! G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free predictive inference for regression",
//! 2018, algorithm 2. In a time series, errors are only approximately exchangeable: check the coverage.

use super::checks::{finite, interval_confidence};
use crate::checks::numbers;
use crate::distribution::normal;
use crate::error::count;
use crate::evaluate::drift::quantile;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1, Zip};

/// Lower and upper bounds, one pair for each step.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictionInterval {
    /// The lower bounds, in the unit of the data.
    pub lower: Array1<f64>,
    /// The upper bounds.
    pub upper: Array1<f64>,
}

/// `forecast` ± z · `standard_errors`, where z is the normal quantile of `confidence` in the middle, 1.96 for
/// 0.95.
///
/// # Errors
/// [`Error::Shape`] if there is not one standard error for each step; [`Error::OutOfRange`] if a
/// standard error is negative or a value not finite, or if `confidence` is not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::normal_interval, ndarray::array};
/// let interval = normal_interval(&array![100.0], &array![10.0], 0.95)?;
/// assert!((interval.lower[0] - 80.40).abs() < 0.01);
/// assert!((interval.upper[0] - 119.60).abs() < 0.01);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn normal_interval(
    forecast: &ArrayRef1<f64>,
    standard_errors: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<PredictionInterval> {
    interval_confidence(confidence)?;
    finite("forecast", forecast)?;
    if standard_errors.len() != forecast.len() {
        return Err(Error::Shape {
            what: "`standard_errors`",
            found: count(standard_errors.len(), "value"),
            expected: format!("{}, one for each step", count(forecast.len(), "value")),
        });
    }
    if let Some(at) = standard_errors
        .iter()
        .position(|&e| !(e >= 0.0 && e.is_finite()))
    {
        return Err(Error::OutOfRange {
            what: format!("`standard_errors[{at}]`"),
            found: standard_errors[at].to_string(),
            expected: "0 or greater",
        });
    }
    let z = normal::two_sided_quantile(confidence);
    let bound = |z: f64| {
        Zip::from(forecast)
            .and(standard_errors)
            .map_collect(|f, e| f + z * e)
    };
    interval(bound(-z), bound(z))
}

/// `forecast` plus the quantiles (1 − `confidence`) / 2 and (1 + `confidence`) / 2 of `residuals` (actual −
/// forecast), the same at each step.
///
/// It may be lopsided, and is never wider than what has been seen: with fewer than about 2 / (1 − `confidence`)
/// residuals it covers too little. O(n log n) for n residuals.
///
/// # Errors
/// [`Error::Empty`] without residuals; [`Error::OutOfRange`] if a value is not finite or `confidence` is not
/// between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::empirical_interval, ndarray::array};
/// let residuals = array![-1.0, 0.0, 1.0, 2.0, 7.0];
/// let interval = empirical_interval(&array![100.0], &residuals, 0.5)?;
/// assert_eq!((interval.lower[0], interval.upper[0]), (100.0, 102.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn empirical_interval(
    forecast: &ArrayRef1<f64>,
    residuals: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<PredictionInterval> {
    finite("forecast", forecast)?;
    let sorted = sorted_residuals(residuals, confidence, |residual| residual)?;
    interval(
        forecast + quantile(&sorted, 0.5 - confidence / 2.0),
        forecast + quantile(&sorted, 0.5 + confidence / 2.0),
    )
}

/// `forecast` ± the ⌈(n + 1) `confidence`⌉-th smallest of the n |`residuals`|, which are from data that the
/// model was not fitted on.
///
/// If past and future errors are exchangeable, the interval covers with probability at least `confidence`,
/// and at most 1 / (n + 1) more if there are no ties. O(n log n).
///
/// # Errors
/// As [`empirical_interval`]; [`Error::Undefined`] if n is so small that only an infinite interval
/// would keep the promise: 19 residuals are the least for 0.95.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::conformal_interval, ndarray::array};
/// // Four residuals at a confidence of 0.8: the 4th smallest of |residual|, which is 7.
/// let residuals = array![-1.0, 3.0, -7.0, 2.0];
/// let interval = conformal_interval(&array![100.0], &residuals, 0.8)?;
/// assert_eq!((interval.lower[0], interval.upper[0]), (93.0, 107.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn conformal_interval(
    forecast: &ArrayRef1<f64>,
    residuals: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<PredictionInterval> {
    finite("forecast", forecast)?;
    let sorted = sorted_residuals(residuals, confidence, f64::abs)?;
    // Without the small amount, 0.95 · 20 = 19.000000000000004 would be rounded up to 20.
    let rank = ((sorted.len() + 1) as f64 * confidence - 1e-9)
        .ceil()
        .max(1.0) as usize;
    let Some(width) = sorted.get(rank - 1) else {
        return Err(Error::Undefined {
            what: "a finite conformal interval",
            reason: format!(
                "{} are too few for a confidence of {confidence}",
                count(sorted.len(), "residual")
            ),
            remedy: "Use at least confidence / (1 - confidence) residuals, or less confidence.",
        });
    };
    interval(forecast - *width, forecast + *width)
}

fn interval(lower: Array1<f64>, upper: Array1<f64>) -> Result<PredictionInterval> {
    let widths = &upper - &lower;
    numbers("the interval", lower.iter().chain(&upper).chain(&widths))?;
    Ok(PredictionInterval { lower, upper })
}

fn sorted_residuals(
    residuals: &ArrayRef1<f64>,
    confidence: f64,
    score: impl Fn(f64) -> f64,
) -> Result<Vec<f64>> {
    interval_confidence(confidence)?;
    if residuals.is_empty() {
        return Err(Error::Empty {
            what: "`residuals`",
            item: "value",
        });
    }
    finite("residuals", residuals)?;
    let mut sorted: Vec<f64> = residuals.iter().map(|&residual| score(residual)).collect();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{array, s};

    /// The share of 4000 repetitions in which an interval made of `n` errors covers the next error.
    fn coverage(
        n: usize,
        interval: impl Fn(&Array1<f64>) -> Result<PredictionInterval>,
    ) -> Result<f64> {
        let mut rng = RandomState::seed(21);
        let runs = 4000;
        let mut covered = 0;
        for _ in 0..runs {
            // Skewed, so that nothing normal helps.
            let errors = rng.lognormal(0.0, 1.0, n + 1)? - 1.65;
            let made = interval(&errors.slice(s![..n]).to_owned())?;
            covered += usize::from(made.lower[0] <= errors[n] && errors[n] <= made.upper[0]);
        }
        Ok(covered as f64 / f64::from(runs))
    }

    #[test]
    fn the_conformal_interval_keeps_its_promise_for_few_skewed_errors() -> Result<()> {
        // ⌈(n + 1) confidence⌉ / (n + 1) is 0.9 for n = 9 and 19, and 14 / 15 for n = 14.
        for (n, promised) in [(9, 0.9), (14, 14.0 / 15.0), (19, 0.9)] {
            let found = coverage(n, |errors| conformal_interval(&array![0.0], errors, 0.9))?;
            assert!((found - promised).abs() < 0.015, "{n} {found}");
        }
        Ok(())
    }

    #[test]
    fn the_empirical_interval_covers_too_little_with_few_errors() -> Result<()> {
        let empirical = |errors: &Array1<f64>| empirical_interval(&array![0.0], errors, 0.9);
        assert!(coverage(9, empirical)? < 0.8);
        assert!((coverage(300, empirical)? - 0.9).abs() < 0.015);
        Ok(())
    }

    #[test]
    fn the_normal_interval_is_that_of_the_original() -> Result<()> {
        // y_pred ± 1.96 · 12 is 47.04 wide.
        let interval = normal_interval(&array![102.0], &array![12.0], 0.95)?;
        assert!((interval.upper[0] - interval.lower[0] - 47.04).abs() < 1e-2);
        Ok(())
    }

    #[test]
    fn nineteen_residuals_are_the_least_for_a_confidence_of_95_percent() -> Result<()> {
        let residuals: Array1<f64> = (1..=19).map(f64::from).collect();
        let interval = conformal_interval(&array![0.0], &residuals, 0.95)?;
        assert_eq!(interval.upper[0], 19.0);
        let fewer = residuals.slice(s![..18]);
        let error = conformal_interval(&array![0.0], &fewer, 0.95).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a finite conformal interval is not defined: 18 residuals are too few for a confidence of 0.95. \
             Use at least confidence / (1 - confidence) residuals, or less confidence."
        );
        Ok(())
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let message = |result: Result<PredictionInterval>| result.unwrap_err().to_string();
        let one = array![1.0];
        assert!(
            message(normal_interval(&one, &array![-1.0], 0.9)).contains("`standard_errors[0]`")
        );
        assert!(message(normal_interval(&one, &one, 95.0)).contains("`confidence` is 95"));
        assert!(message(normal_interval(&one, &array![1.0, 2.0], 0.9)).contains("2 values"));
        let none = Array1::zeros(0);
        assert!(message(empirical_interval(&one, &none, 0.9)).contains("`residuals` is empty"));
    }
}
