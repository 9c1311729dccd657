//! Holt-Winters smoothing with an additive trend and season (question 30).
//!
//! With the one-step error e_t = y_t − (ℓ_{t−1} + b_{t−1} + s_{t−m}):
//!
//! | part | update |
//! |---|---|
//! | level | ℓ_t = ℓ_{t−1} + b_{t−1} + α e_t |
//! | trend | b_t = b_{t−1} + β (ℓ_t − ℓ_{t−1} − b_{t−1}) |
//! | season | s_t = s_{t−m} + γ e_t |
//!
//! These are the component equations of Hyndman and Athanasopoulos, "Forecasting: principles and
//! practice", 3rd edition, section 8.3, written with the error. The trend starts as the difference of the
//! first two seasons' means per step, the level on the line through these means, and the seasonal parts as
//! what is left, averaged over both seasons. A straight line plus a fixed season is then forecast exactly.

use super::checks::{finite_history, in_its_unit, smoothing, too_large};
use super::search::smallest_in_cube;
use crate::checks::{numbers, room_for};
use crate::error::count;
use crate::moments::root_of_squares;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1, s};
use serde::{Deserialize, Serialize};

/// α, β and γ.
const PARAMETERS: usize = 3;

/// A series smoothed with a trend and a season, both additive.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::HoltWinters, ndarray::array};
///
/// // Two seasons of 2: the series rises by 1 per step, and every second value is 10 higher.
/// let history = array![1.0, 12.0, 3.0, 14.0];
/// let smoothed = HoltWinters::new(&history, 2, 0.5, 0.1, 0.1)?;
/// let next = smoothed.forecast(3)?;
/// assert!((next - array![5.0, 16.0, 7.0]).iter().all(|d| d.abs() < 1e-12));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct HoltWinters {
    alpha: f64,
    beta: f64,
    gamma: f64,
    level: f64,
    trend: f64,
    /// The seasonal parts of the next m steps.
    season: Vec<f64>,
    #[serde(with = "crate::saved::array")]
    residuals: Array1<f64>,
    /// How many numbers were taken from the history: the start values, and the parameters if they were
    /// fitted.
    estimated: usize,
}

checked!(HoltWinters);

impl HoltWinters {
    /// Smooths `history`, whose pattern repeats every `season` steps, with given parameters. O(n).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `season` is less than 2, a value is not finite or a parameter is not
    /// between 0 and 1; [`Error::Shape`] with fewer than two seasons; [`Error::Undefined`] if the
    /// squared errors overflow.
    pub fn new(
        history: &ArrayRef1<f64>,
        season: usize,
        alpha: f64,
        beta: f64,
        gamma: f64,
    ) -> Result<Self> {
        check(history, season)?;
        smoothing("alpha", alpha)?;
        smoothing("beta", beta)?;
        smoothing("gamma", gamma)?;
        let smoothed = smooth(history, season, [alpha, beta, gamma]);
        match smoothed.squared_error().is_finite() {
            true => Ok(smoothed),
            false => Err(too_large()),
        }
    }

    /// Smooths `history` with the parameters that minimise the sum of squared one-step errors: the best
    /// of 125 on a grid, then a compass search. Some thousand passes over the history. γ is at most 1 − α, as
    /// usual (section 8.3): beyond, the season would learn what the level has learnt already.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn fit(history: &ArrayRef1<f64>, season: usize) -> Result<Self> {
        check(history, season)?;
        let bounded = |[alpha, beta, share]: [f64; 3]| [alpha, beta, share * (1.0 - alpha)];
        let scaled = in_its_unit(history);
        let error = |&point: &[f64; 3]| smooth(&scaled, season, bounded(point)).squared_error();
        let best = smallest_in_cube(error).ok_or_else(too_large)?;
        let mut smoothed = smooth(history, season, bounded(best));
        smoothed.estimated += PARAMETERS;
        Ok(smoothed)
    }

    /// The forecast of the next `horizon` steps: ℓ + h b + the season's part.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if memory can't hold so many steps, [`Error::Undefined`] if a forecast overflows.
    pub fn forecast(&self, horizon: usize) -> Result<Array1<f64>> {
        room_for("`horizon`", horizon, 1)?;
        let steps = (1..=horizon).zip(self.season.iter().cycle());
        let forecast: Array1<f64> = steps
            .map(|(step, season)| self.level + step as f64 * self.trend + season)
            .collect();
        numbers("a forecast", &forecast)?;
        Ok(forecast)
    }

    /// α, how fast the level learns, from 0 to 1.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// β, how fast the trend learns, from 0 to 1.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// γ, how fast the season learns, from 0 to 1.
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// The one-step errors within the history, actual − forecast.
    ///
    /// Those of the first two seasons are small, because the start was made from them.
    pub fn residuals(&self) -> &Array1<f64> {
        &self.residuals
    }

    /// The sum of the squared residuals.
    pub fn squared_error(&self) -> f64 {
        self.residuals.dot(&self.residuals)
    }

    /// The standard deviation of the error at each of the next `horizon` steps, in the unit of the
    /// data.
    ///
    /// σ_h² = σ² (1 + Σ c_j²) over j = 1 … h − 1, with c_j = α (1 + j β), and γ more where j is a
    /// multiple of the season; σ² is the sum of the squared residuals divided by n − k, where k counts what was
    /// taken from the history: a level, a trend and m − 1 seasonal parts, and α, β and γ if they were fitted.
    /// After Hyndman, Koehler, Ord and Snyder, "Forecasting with exponential smoothing", 2008, table 6.1; the
    /// divisor is that of R's `forecast::ets`. It knows nothing of the parameters' own uncertainty.
    ///
    /// # Errors
    /// [`Error::Undefined`] if the history has no more values than were taken from it, or an error
    /// overflows; [`Error::OutOfRange`] if memory can't hold so many steps.
    pub fn standard_errors(&self, horizon: usize) -> Result<Array1<f64>> {
        room_for("`horizon`", horizon, 1)?;
        let values = self.residuals.len();
        if values <= self.estimated {
            return Err(Error::Undefined {
                what: "the standard error of a forecast",
                reason: format!(
                    "the history has {}, and as many were estimated from it",
                    count(values, "value")
                ),
                remedy: "Give a longer history: three seasons at least.",
            });
        }
        let root = root_of_squares(self.residuals.iter().copied());
        let sigma = root / ((values - self.estimated) as f64).sqrt();
        let mut sum = 1.0;
        let errors: Array1<f64> = (1..=horizon)
            .map(|step| {
                let error = sigma * f64::sqrt(sum);
                let repeats = step.is_multiple_of(self.season.len());
                let season = if repeats { self.gamma } else { 0.0 };
                sum += (self.alpha * (1.0 + step as f64 * self.beta) + season).powi(2);
                error
            })
            .collect();
        numbers("the standard error of a forecast", &errors)?;
        Ok(errors)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let steps = self.season.len();
        let fits = steps >= 2
            && self.residuals.len() / 2 >= steps
            && [1, 1 + PARAMETERS].contains(&self.estimated.saturating_sub(steps));
        unless_consistent(fits, "two seasons or more, and what was taken from them")?;
        let parameters = [self.alpha, self.beta, self.gamma];
        let shares = parameters.iter().all(|p| (0.0..=1.0).contains(p));
        unless_consistent(
            shares && self.squared_error().is_finite(),
            "parameters from 0 to 1, and residuals whose squares are numbers",
        )
    }
}

fn check(history: &ArrayRef1<f64>, season: usize) -> Result<()> {
    if season < 2 {
        return Err(Error::OutOfRange {
            what: "`season`".to_owned(),
            found: season.to_string(),
            expected: "at least 2; use ExponentialSmoothing without a season",
        });
    }
    finite_history(history, season.saturating_mul(2))
}

fn smooth(history: &ArrayRef1<f64>, m: usize, [alpha, beta, gamma]: [f64; 3]) -> HoltWinters {
    let (mut level, mut trend, mut season) = start(history, m);
    let residuals = history
        .iter()
        .enumerate()
        .map(|(t, y)| {
            let error = y - (level + trend + season[t % m]);
            let new_level = level + trend + alpha * error;
            trend += beta * (new_level - level - trend);
            level = new_level;
            season[t % m] += gamma * error;
            error
        })
        .collect();
    season.rotate_left(history.len() % m);
    HoltWinters {
        alpha,
        beta,
        gamma,
        level,
        trend,
        season,
        residuals,
        estimated: m + 1,
    }
}

/// The level and the trend before the first value, and the seasonal parts.
fn start(history: &ArrayRef1<f64>, m: usize) -> (f64, f64, Vec<f64>) {
    let mean = |from: usize| history.slice(s![from..from + m]).sum() / m as f64;
    let trend = (mean(m) - mean(0)) / m as f64;
    let level = mean(0) - trend * (m + 1) as f64 / 2.0;
    let rest = |t: usize| history[t] - (level + trend * (t + 1) as f64);
    let season = (0..m).map(|t| (rest(t) + rest(t + m)) / 2.0).collect();
    (level, trend, season)
}

#[cfg(test)]
mod tests;
