//! Backtests with a rolling origin (question 30).
//!
//! A random split would let a model learn from the future. Here the model sees the series up to an
//! origin, forecasts the steps after it, and the origin moves on: time series cross-validation, after
//! Tashman, "Out-of-sample tests of forecasting accuracy", 2000, and Hyndman and Athanasopoulos,
//! "Forecasting: principles and practice", 3rd edition, section 5.10.

use super::checks::finite;
use crate::checks::{at_least_one, numbers};
use crate::error::count;
use crate::evaluate::{mae, mape, mase, rmse, smape};
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1, s};

/// Where a backtest starts, how far it looks and how fast it moves on, all in steps of the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollingOrigin {
    /// How many values the first training part has; later ones have more.
    pub first: usize,
    /// How many steps are forecast from each origin.
    pub horizon: usize,
    /// How far the origin moves each time.
    pub step: usize,
}

/// The forecasts from one origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// How many values the model was fitted on: the index of the first forecast value.
    pub origin: usize,
    /// What came, one value for each step ahead.
    pub actual: Array1<f64>,
    /// What had been forecast.
    pub forecast: Array1<f64>,
}

/// The forecasts from every origin, and the metrics over them.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    series: Array1<f64>,
    folds: Vec<Fold>,
}

/// Forecasts `series` from each origin with `model`, which gets the values before the origin and the
/// number of steps.
///
/// The last origin is the last after which there is a whole horizon. The model is fitted anew for each.
///
/// # Errors
/// [`Error::OutOfRange`] if a length in `origins` is 0; [`Error::Shape`] if the series is shorter than
/// `first` + `horizon` or if the model gives another number of steps; whatever the model fails with.
///
/// # Examples
/// ```
/// use dsprep_core::forecast::{RollingOrigin, backtest, drift, seasonal_naive};
/// use dsprep_core::ndarray::array;
///
/// let series = array![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let origins = RollingOrigin { first: 3, horizon: 1, step: 1 };
/// let naive = backtest(&series, origins, |history, steps| seasonal_naive(history, 1, steps))?;
/// assert_eq!(naive.folds().len(), 3);
/// assert_eq!(naive.mae()?, 1.0);
/// assert_eq!(naive.mase(1)?, 1.0);                    // the naive forecast is the yardstick
/// assert_eq!(backtest(&series, origins, drift)?.mae()?, 0.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn backtest(
    series: &ArrayRef1<f64>,
    origins: RollingOrigin,
    model: impl Fn(&ArrayRef1<f64>, usize) -> Result<Array1<f64>>,
) -> Result<Backtest> {
    backtest_by(series, origins, &model)
}

/// Forecasts this many steps after a series.
type Model<'a> = &'a dyn Fn(&ArrayRef1<f64>, usize) -> Result<Array1<f64>>;

/// [`backtest`] of a model behind a pointer, so that this is compiled once and not in each cell.
fn backtest_by(
    series: &ArrayRef1<f64>,
    origins: RollingOrigin,
    model: Model<'_>,
) -> Result<Backtest> {
    check_origins(series, origins)?;
    finite("series", series)?;
    let RollingOrigin {
        first,
        horizon,
        step,
    } = origins;
    let forecast_from = |origin: usize| {
        let forecast = model(&series.slice(s![..origin]), horizon)?;
        if forecast.len() != horizon {
            return Err(Error::Shape {
                what: "the model's forecast",
                found: count(forecast.len(), "value"),
                expected: format!("{}, the horizon", count(horizon, "value")),
            });
        }
        finite("the model's forecast", &forecast)?;
        let actual = series.slice(s![origin..origin + horizon]).to_owned();
        Ok(Fold {
            origin,
            actual,
            forecast,
        })
    };
    let folds = (first..=series.len() - horizon)
        .step_by(step)
        .map(forecast_from);
    Ok(Backtest {
        series: series.to_owned(),
        folds: folds.collect::<Result<_>>()?,
    })
}

impl Backtest {
    /// The forecasts, by origin.
    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// The errors actual − forecast at `step` steps ahead (1 is the next), one for each origin: what
    /// an interval for that step is made of.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `step` is 0 or beyond the horizon.
    pub fn residuals(&self, step: usize) -> Result<Array1<f64>> {
        let (actual, forecast) = self.at_step(step)?;
        let residuals = actual - forecast;
        numbers("a residual", &residuals)?;
        Ok(residuals)
    }

    /// The mean absolute error over all origins and steps, in the unit of the data.
    ///
    /// # Errors
    /// As [`evaluate::mae`](crate::evaluate::mae).
    pub fn mae(&self) -> Result<f64> {
        self.pooled(mae)
    }

    /// The root of the mean squared error over all origins and steps, in the unit of the data.
    ///
    /// # Errors
    /// As [`evaluate::rmse`](crate::evaluate::rmse).
    pub fn rmse(&self) -> Result<f64> {
        self.pooled(rmse)
    }

    /// The mean absolute percentage error over all origins and steps.
    ///
    /// # Errors
    /// As [`evaluate::mape`](crate::evaluate::mape).
    pub fn mape(&self) -> Result<f64> {
        self.pooled(mape)
    }

    /// The symmetric MAPE over all origins and steps.
    ///
    /// # Errors
    /// As [`evaluate::smape`](crate::evaluate::smape).
    pub fn smape(&self) -> Result<f64> {
        self.pooled(smape)
    }

    /// The mean over the origins of MASE, each scaled by its own training part: nothing of what is to
    /// be forecast gets into the scale.
    ///
    /// # Errors
    /// As [`evaluate::mase`](crate::evaluate::mase), for any of the training parts.
    pub fn mase(&self, season: usize) -> Result<f64> {
        let mut sum = 0.0;
        for fold in &self.folds {
            crate::cell::check_interrupt();
            let history = self.series.slice(s![..fold.origin]);
            sum += mase(&fold.actual, &fold.forecast, &history, season)?;
        }
        Ok(sum / self.folds.len() as f64)
    }

    /// The mean absolute error at `step` steps ahead (1 is the next), in the unit of the data.
    ///
    /// # Errors
    /// As [`residuals`](Self::residuals).
    pub fn mae_at(&self, step: usize) -> Result<f64> {
        let (actual, forecast) = self.at_step(step)?;
        mae(&actual, &forecast)
    }

    fn pooled(
        &self,
        metric: impl Fn(&ArrayRef1<f64>, &ArrayRef1<f64>) -> Result<f64>,
    ) -> Result<f64> {
        let all = |part: fn(&Fold) -> &Array1<f64>| -> Array1<f64> {
            self.folds.iter().flat_map(part).copied().collect()
        };
        metric(&all(|fold| &fold.actual), &all(|fold| &fold.forecast))
    }

    fn at_step(&self, step: usize) -> Result<(Array1<f64>, Array1<f64>)> {
        let pair = |fold: &Fold| {
            let at = step.checked_sub(1)?;
            Some((*fold.actual.get(at)?, *fold.forecast.get(at)?))
        };
        let pairs: Option<Vec<(f64, f64)>> = self.folds.iter().map(pair).collect();
        let pairs = pairs.ok_or_else(|| Error::OutOfRange {
            what: "`step`".to_owned(),
            found: step.to_string(),
            expected: "from 1 to the horizon",
        })?;
        let (actual, forecast): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        Ok((actual.into(), forecast.into()))
    }
}

fn check_origins(series: &ArrayRef1<f64>, origins: RollingOrigin) -> Result<()> {
    let RollingOrigin {
        first,
        horizon,
        step,
    } = origins;
    at_least_one("`first`", first)?;
    at_least_one("`horizon`", horizon)?;
    at_least_one("`step`", step)?;
    if series.len() < first.saturating_add(horizon) {
        return Err(Error::Shape {
            what: "`series`",
            found: count(series.len(), "value"),
            expected: format!("at least {first} to start with and {horizon} to forecast"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{HoltWinters, conformal_interval, drift, seasonal_naive};
    use crate::random::RandomState;
    use ndarray::array;
    use std::cell::RefCell;

    const ORIGINS: RollingOrigin = RollingOrigin {
        first: 4,
        horizon: 2,
        step: 3,
    };

    #[test]
    fn the_model_never_sees_what_it_is_to_forecast() -> Result<()> {
        let series: Array1<f64> = (0..12).map(f64::from).collect();
        let seen = RefCell::new(Vec::new());
        let result = backtest(&series, ORIGINS, |history, steps| {
            seen.borrow_mut().push(history.len());
            drift(history, steps)
        })?;
        assert_eq!(*seen.borrow(), [4, 7, 10]);
        for fold in result.folds() {
            assert_eq!(fold.actual[0], fold.origin as f64);
            assert_eq!(fold.actual.len(), 2);
        }
        Ok(())
    }

    #[test]
    fn a_season_that_is_modelled_beats_one_that_is_not() -> Result<()> {
        let mut rng = RandomState::seed(30);
        let noise = rng.randn(72)?;
        let value = |t: usize| 50.0 + 0.3 * t as f64 + [9.0, 0.0, -9.0, 0.0][t % 4] + noise[t];
        let series: Array1<f64> = (0..72).map(value).collect();
        let origins = RollingOrigin {
            first: 24,
            horizon: 4,
            step: 1,
        };
        let naive = backtest(&series, origins, |y, steps| seasonal_naive(y, 1, steps))?;
        let seasonal = backtest(&series, origins, |y, steps| seasonal_naive(y, 4, steps))?;
        let smooth = backtest(&series, origins, |y, steps| {
            HoltWinters::fit(y, 4)?.forecast(steps)
        })?;
        assert!(smooth.mae()? < seasonal.mae()? && seasonal.mae()? < naive.mae()?);
        assert!(smooth.mase(4)? < 0.9 && (seasonal.mase(4)? - 1.0).abs() < 0.15);
        assert!(smooth.rmse()? >= smooth.mae()?);
        assert!(naive.mae_at(2)? > naive.mae_at(4)?);

        // The errors of the first 29 origins make the interval, the rest are covered by it.
        let errors = smooth.residuals(1)?;
        let (past, future) = (errors.slice(s![..29]), errors.slice(s![29..]));
        let interval = conformal_interval(&Array1::zeros(future.len()), &past, 0.9)?;
        let covered = crate::evaluate::coverage(&future, &interval.lower, &interval.upper)?;
        assert!(covered > 0.75, "{covered}");
        Ok(())
    }

    #[test]
    fn the_scale_of_mase_is_that_of_each_training_part() -> Result<()> {
        let series = array![0.0, 1.0, 2.0, 3.0, 10.0, 20.0];
        let origins = RollingOrigin {
            first: 4,
            horizon: 1,
            step: 1,
        };
        let naive = backtest(&series, origins, |y, steps| seasonal_naive(y, 1, steps))?;
        // Errors 7 and 10; scales 1 and (1 + 1 + 1 + 7) / 4.
        assert_eq!(naive.mase(1)?, (7.0 + 4.0) / 2.0);
        assert_eq!(naive.residuals(1)?, array![7.0, 10.0]);
        Ok(())
    }

    #[test]
    fn what_cannot_be_tested_says_why() -> Result<()> {
        let series = array![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let message = |result: Result<Backtest>| result.unwrap_err().to_string();
        let long = RollingOrigin {
            first: 5,
            ..ORIGINS
        };
        assert_eq!(
            message(backtest(&series, long, drift)),
            "`series` has 6 values, but it must have at least 5 to start with and 2 to forecast."
        );
        let still = RollingOrigin { step: 0, ..ORIGINS };
        assert!(message(backtest(&series, still, drift)).contains("`step` is 0"));
        let short = backtest(&series, ORIGINS, |y, _| drift(y, 1));
        assert!(message(short).contains("1 value, but it must have 2 values, the horizon"));
        let error = backtest(&series, ORIGINS, drift)?.residuals(3).unwrap_err();
        assert!(error.to_string().contains("`step` is 3"));
        Ok(())
    }
}
