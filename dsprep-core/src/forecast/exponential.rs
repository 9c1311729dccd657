//! Simple exponential smoothing (question 30).
//!
//! The level is a weighted mean of all values so far, in which each step back counts (1 − α) times as
//! much: ℓ_t = ℓ_{t−1} + α (y_t − ℓ_{t−1}). The forecast is the last level, for ever. After Hyndman and
//! Athanasopoulos, "Forecasting: principles and practice", 3rd edition, section 8.1.

use super::checks::{finite_history, in_its_unit, smoothing, too_large};
use super::search::smallest_in_cube;
use crate::Result;
use crate::checks::{numbers, room_for};
use crate::moments::root_of_squares;
use crate::saved::{checked, unless_consistent};
use ndarray::{Array1, ArrayRef1};
use serde::{Deserialize, Serialize};

/// A series smoothed with one α: no trend, no season.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::ExponentialSmoothing, ndarray::array};
///
/// // The level starts at 10; then 10 + 0.5 (14 − 10) = 12 and 12 + 0.5 (8 − 12) = 10.
/// let smoothed = ExponentialSmoothing::new(&array![10.0, 14.0, 8.0], 0.5)?;
/// assert_eq!(smoothed.forecast(2)?, array![10.0, 10.0]);
/// assert_eq!(smoothed.residuals(), &array![0.0, 4.0, -4.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ExponentialSmoothing {
    alpha: f64,
    level: f64,
    #[serde(with = "crate::saved::array")]
    residuals: Array1<f64>,
}

checked!(ExponentialSmoothing);

impl ExponentialSmoothing {
    /// Smooths `history` with a given `alpha`; the level starts at the first value. O(n).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) with fewer than two values,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if one is not finite or `alpha` is not between
    /// 0 and 1, [`Error::Undefined`](crate::Error::Undefined) if the squared errors overflow.
    pub fn new(history: &ArrayRef1<f64>, alpha: f64) -> Result<Self> {
        finite_history(history, 2)?;
        smoothing("alpha", alpha)?;
        let smoothed = smooth(history, alpha);
        match smoothed.squared_error().is_finite() {
            true => Ok(smoothed),
            false => Err(too_large()),
        }
    }

    /// Smooths `history` with the α that minimises the sum of squared one-step errors, to about 10⁻⁷:
    /// the best of a grid, then a compass search.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn fit(history: &ArrayRef1<f64>) -> Result<Self> {
        finite_history(history, 2)?;
        let scaled = in_its_unit(history);
        let best = smallest_in_cube(|&[alpha]| smooth(&scaled, alpha).squared_error());
        let [alpha] = best.ok_or_else(too_large)?;
        Ok(smooth(history, alpha))
    }

    /// The forecast of the next `horizon` steps: the last level.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many steps.
    pub fn forecast(&self, horizon: usize) -> Result<Array1<f64>> {
        room_for("`horizon`", horizon, 1)?;
        Ok(Array1::from_elem(horizon, self.level))
    }

    /// The level after the last value, which is the forecast of every step.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// α, from 0 to 1.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The one-step errors within the history, actual − forecast; the first is 0, because the level
    /// starts there.
    pub fn residuals(&self) -> &Array1<f64> {
        &self.residuals
    }

    /// The sum of the squared residuals.
    pub fn squared_error(&self) -> f64 {
        self.residuals.dot(&self.residuals)
    }

    /// The standard deviation of the error at each of the next `horizon` steps, in the unit of the
    /// data: σ √(1 + (h − 1) α²), where σ² is the mean squared residual without the first.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many steps,
    /// [`Error::Undefined`](crate::Error::Undefined) if one overflows.
    pub fn standard_errors(&self, horizon: usize) -> Result<Array1<f64>> {
        room_for("`horizon`", horizon, 1)?;
        let root = root_of_squares(self.residuals.iter().copied());
        let sigma = root / ((self.residuals.len() - 1) as f64).sqrt();
        let errors: Array1<f64> = (0..horizon)
            .map(|before| sigma * (1.0 + before as f64 * self.alpha.powi(2)).sqrt())
            .collect();
        numbers("the standard error of a forecast", &errors)?;
        Ok(errors)
    }

    fn check_stored(&self) -> Result<()> {
        let fits = (0.0..=1.0).contains(&self.alpha)
            && self.residuals.len() >= 2
            && self.squared_error().is_finite();
        unless_consistent(
            fits,
            "an `alpha` from 0 to 1, and the residuals of two values or more",
        )
    }
}

fn smooth(history: &ArrayRef1<f64>, alpha: f64) -> ExponentialSmoothing {
    let mut level = history[0];
    let residuals = history.mapv(|y| {
        let error = y - level;
        level += alpha * error;
        error
    });
    ExponentialSmoothing {
        alpha,
        level,
        residuals,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::seasonal_naive;
    use crate::random::RandomState;
    use ndarray::array;

    /// A random walk with noise, and what statsmodels 0.15 makes of it: `SimpleExpSmoothing(Z,
    /// initialization_method="known", initial_level=Z[0])` with α = 0.4 and fitted.
    const Z: [f64; 30] = [
        18.09011680049647,
        20.0797202793594,
        20.397555381254428,
        18.68081003003979,
        19.528669507044462,
        18.741762060529044,
        16.393090099207853,
        15.348550894058269,
        16.825407933240946,
        15.264704507860785,
        14.573685690837427,
        13.53948476760476,
        16.410751480328447,
        12.648884657515069,
        13.081700722675617,
        13.546760152077491,
        15.121972658107682,
        14.052570750869279,
        14.252668583344779,
        15.612131085754937,
        15.179639651317725,
        16.85974964911192,
        19.09801418141555,
        17.47493591919858,
        17.838500472808814,
        13.564966680155715,
        16.17397944205425,
        17.08866455572868,
        17.821621050506863,
        15.414613882062229,
    ];
    const SES_FORECAST: f64 = 16.36304947;
    const SES_SQUARED_ERROR: f64 = 84.07968337714667;
    const SES_FITTED_SQUARED_ERROR: f64 = 80.1452728368631;
    const SES_FITTED_ALPHA: f64 = 0.5821092055482866;

    #[test]
    fn it_equals_statsmodels() -> Result<()> {
        let smoothed = ExponentialSmoothing::new(&Array1::from(Z.to_vec()), 0.4)?;
        assert!((smoothed.forecast(1)?[0] - SES_FORECAST).abs() < 1e-8);
        assert!((smoothed.squared_error() - SES_SQUARED_ERROR).abs() < 1e-11);
        Ok(())
    }

    #[test]
    fn the_fitted_alpha_is_at_least_as_good_as_that_of_statsmodels() -> Result<()> {
        let smoothed = ExponentialSmoothing::fit(&Array1::from(Z.to_vec()))?;
        assert!(smoothed.squared_error() <= SES_FITTED_SQUARED_ERROR + 1e-9);
        assert!(
            (smoothed.alpha() - SES_FITTED_ALPHA).abs() < 1e-4,
            "{}",
            smoothed.alpha()
        );
        Ok(())
    }

    #[test]
    fn alpha_one_is_the_naive_forecast_and_alpha_zero_never_learns() -> Result<()> {
        let history = RandomState::seed(1).randn(10)?;
        let naive = seasonal_naive(&history, 1, 3)?;
        let forgetful = ExponentialSmoothing::new(&history, 1.0)?.forecast(3)?;
        assert!((naive - forgetful).iter().all(|d| d.abs() < 1e-15));
        assert_eq!(
            ExponentialSmoothing::new(&history, 0.0)?.forecast(1)?[0],
            history[0]
        );
        Ok(())
    }

    #[test]
    fn the_standard_error_grows_with_the_horizon_as_simulated() -> Result<()> {
        let alpha = 0.5;
        let smoothed = ExponentialSmoothing::new(&array![1.0, 3.0, 2.0, 4.0], alpha)?;
        let errors = smoothed.standard_errors(5)?;
        let mut rng = RandomState::seed(9);
        let runs = 20_000;
        let mut sum_of_squares = 0.0;
        for _ in 0..runs {
            let shocks = rng.randn(5)?;
            let error = shocks[4] + alpha * (shocks[0] + shocks[1] + shocks[2] + shocks[3]);
            sum_of_squares += error * error;
        }
        let simulated = errors[0] * (sum_of_squares / f64::from(runs)).sqrt();
        assert!((errors[4] / simulated - 1.0).abs() < 0.02);
        Ok(())
    }

    #[test]
    fn an_alpha_out_of_range_and_gaps_are_named() {
        let message = |history, alpha| {
            let history: Array1<f64> = history;
            ExponentialSmoothing::new(&history, alpha)
                .unwrap_err()
                .to_string()
        };
        assert!(message(array![1.0, 2.0], 1.5).contains("`alpha` is 1.5"));
        assert!(message(array![1.0, f64::NAN], 0.5).contains("`history[1]` is NaN"));
        assert!(message(array![1.0], 0.5).contains("at least 2 values"));
    }

    #[test]
    fn the_unit_of_a_tiny_history_does_not_matter() -> Result<()> {
        let history = array![1.0, 3.0, 2.0, 5.0, 4.0];
        let plain = ExponentialSmoothing::fit(&history)?;
        let tiny = ExponentialSmoothing::fit(&(&history * 1e-170))?;
        assert!((tiny.alpha() - plain.alpha()).abs() < 1e-6);
        let (one, other) = (plain.standard_errors(2)?, tiny.standard_errors(2)?);
        assert!((other[1] / 1e-170 - one[1]).abs() < 1e-6, "{other}");
        Ok(())
    }
}
