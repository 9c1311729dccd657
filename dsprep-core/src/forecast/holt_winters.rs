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

use super::checks::{finite_history, smoothing, too_large};
use super::search::smallest_in_cube;
use crate::error::count;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1, s};
use serde::{Deserialize, Serialize};

/// A series smoothed with a trend and a season, both additive.
///
/// # Examples
/// ```
/// use dsprep_core::{forecast::HoltWinters, ndarray::array};
///
/// // Two seasons of 2: the series rises by 1 per step, and every second value is 10 higher.
/// let history = array![1.0, 12.0, 3.0, 14.0];
/// let smoothed = HoltWinters::new(&history, 2, 0.5, 0.1, 0.1)?;
/// let next = smoothed.forecast(3);
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
    /// squared errors are greater than the largest number.
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
        let error = |&point: &[f64; 3]| smooth(history, season, bounded(point)).squared_error();
        let best = smallest_in_cube(error).ok_or_else(too_large)?;
        let mut smoothed = smooth(history, season, bounded(best));
        smoothed.estimated += 3;
        Ok(smoothed)
    }

    /// The forecast of the next `horizon` steps: ℓ + h b + the season's part.
    pub fn forecast(&self, horizon: usize) -> Array1<f64> {
        let steps = (1..=horizon).zip(self.season.iter().cycle());
        steps
            .map(|(step, season)| self.level + step as f64 * self.trend + season)
            .collect()
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
    /// [`Error::Undefined`] if the history has no more values than were taken from it.
    pub fn standard_errors(&self, horizon: usize) -> Result<Array1<f64>> {
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
        let sigma_squared = self.squared_error() / (values - self.estimated) as f64;
        let mut sum = 1.0;
        Ok((1..=horizon)
            .map(|step| {
                let error = (sigma_squared * sum).sqrt();
                let repeats = step.is_multiple_of(self.season.len());
                let season = if repeats { self.gamma } else { 0.0 };
                sum += (self.alpha * (1.0 + step as f64 * self.beta) + season).powi(2);
                error
            })
            .collect())
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        unless_consistent(!self.season.is_empty(), "a value for each step of a season")?;
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
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// A line with a season of 4 and noise. All numbers below are those of statsmodels 0.15 with the
    /// same start and α = 0.3, β = 0.1, γ = 0.2, or fitted.
    const Y: [f64; 24] = [
        47.4718946704472,
        63.85581070327687,
        49.65857812398228,
        43.34111923177285,
        52.99860656705696,
        64.60758636945225,
        51.34807514320927,
        48.77019073803108,
        56.668593186255215,
        64.98628906671625,
        61.15645109831588,
        49.01499588558606,
        58.07190434664143,
        68.8496229812677,
        63.967694330918505,
        53.52077016991257,
        62.228708972257415,
        74.6767349531279,
        60.23220673578889,
        57.07556342019163,
        65.988444007624,
        75.86504206576967,
        66.75396940191743,
        60.52896418632403,
    ];
    /// The mean of `ETSModel(Y, error="add", trend="add", seasonal="add")`, whose β is our α β.
    /// (`ExponentialSmoothing` differs from it in the step m, where it takes an older seasonal part.)
    const FORECAST: [f64; 6] = [
        68.4234137320581,
        80.18535917646082,
        69.76790288268461,
        63.41398713008813,
        71.65370396765044,
        83.41564941205317,
    ];
    /// The `sse` of `ExponentialSmoothing`, first with these parameters.
    const SQUARED_ERROR: f64 = 153.44246070226993;
    const FITTED_SQUARED_ERROR: f64 = 111.94551578986292;
    /// The `forecast_variance` of the `ETSModel`.
    const VARIANCES: [f64; 6] = [
        6.393435862594575,
        7.089681028031124,
        7.9182703158233805,
        8.890711910524017,
        11.34834865610537,
        12.64301941828077,
    ];

    fn series() -> Array1<f64> {
        Array1::from(Y.to_vec())
    }

    #[test]
    fn it_equals_statsmodels() -> Result<()> {
        let smoothed = HoltWinters::new(&series(), 4, 0.3, 0.1, 0.2)?;
        let difference = smoothed.forecast(6) - Array1::from(FORECAST.to_vec());
        assert!(difference.iter().all(|d| d.abs() < 1e-10), "{difference}");
        assert!((smoothed.squared_error() - SQUARED_ERROR).abs() < 1e-9);
        Ok(())
    }

    #[test]
    fn the_standard_errors_are_those_of_the_state_space_model() -> Result<()> {
        let smoothed = HoltWinters::new(&series(), 4, 0.3, 0.1, 0.2)?;
        let variances = smoothed.standard_errors(6)?.mapv(|e| e * e);
        let ratios = &variances / variances[0];
        let expected = Array1::from(VARIANCES.to_vec());
        let expected = &expected / expected[0];
        assert!((ratios - expected).iter().all(|d| d.abs() < 1e-10));
        Ok(())
    }

    #[test]
    fn the_fit_is_at_least_as_good_as_that_of_statsmodels() -> Result<()> {
        let smoothed = HoltWinters::fit(&series(), 4)?;
        assert!(smoothed.squared_error() <= FITTED_SQUARED_ERROR * (1.0 + 1e-6));
        Ok(())
    }

    /// Of a series of the model itself. With the mean squared residual as variance, 66 % were covered after two
    /// seasons and 80 % after three.
    #[test]
    fn intervals_cover_about_what_they_promise_after_few_seasons() -> Result<()> {
        use crate::forecast::normal_interval;
        let (m, mut rng) = (12, RandomState::seed(30));
        for (seasons, least) in [(2, 0.84), (3, 0.9), (5, 0.9)] {
            let mut held = 0;
            for _ in 0..150 {
                let line = |t: usize| 50.0 + 0.3 * t as f64 + 5.0 * (t as f64).sin();
                let series =
                    Array1::from_shape_fn(seasons * m + 1, |t| line(t % m) + 0.3 * t as f64)
                        + rng.randn(seasons * m + 1);
                let smoothed = HoltWinters::fit(&series.slice(s![..seasons * m]), m)?;
                let errors = smoothed.standard_errors(1)?;
                let interval = normal_interval(&smoothed.forecast(1), &errors, 0.95)?;
                let actual = series[seasons * m];
                held += u32::from(interval.lower[0] <= actual && actual <= interval.upper[0]);
            }
            let covered = f64::from(held) / 150.0;
            assert!(
                (least..0.99).contains(&covered),
                "{seasons} seasons: {covered}"
            );
        }
        Ok(())
    }

    #[test]
    fn as_many_estimates_as_values_leave_no_error_and_too_large_values_are_named() -> Result<()> {
        let history = Array1::from_shape_fn(6, |t| (t * t % 5) as f64);
        assert_eq!(
            HoltWinters::new(&history, 3, 0.3, 0.1, 0.1)?
                .standard_errors(2)?
                .len(),
            2
        );
        let error = HoltWinters::fit(&history, 3)?
            .standard_errors(2)
            .unwrap_err();
        assert!(error.to_string().contains("a longer history"), "{error}");
        let error = HoltWinters::fit(&(&history * 1e200), 3).unwrap_err();
        assert!(error.to_string().contains("another unit"), "{error}");
        assert!(HoltWinters::new(&(&history * 1e200), 3, 0.3, 0.1, 0.1).is_err());
        Ok(())
    }

    #[test]
    fn a_fitted_season_learns_no_more_than_the_level_leaves() -> Result<()> {
        for seed in 0..5 {
            let smoothed = HoltWinters::fit(&RandomState::seed(seed).randn(30), 5)?;
            assert!(smoothed.gamma() <= 1.0 - smoothed.alpha() + 1e-12);
        }
        Ok(())
    }

    #[test]
    fn a_line_with_a_fixed_season_is_forecast_exactly_whatever_the_parameters() -> Result<()> {
        let pattern = [5.0, -2.0, -3.0];
        let value = |t: usize| 7.0 + 1.5 * t as f64 + pattern[t % 3];
        let history: Array1<f64> = (0..11).map(value).collect();
        let expected: Array1<f64> = (11..18).map(value).collect();
        for parameters in [[0.0, 0.0, 0.0], [0.5, 0.3, 0.2], [1.0, 1.0, 1.0]] {
            let [alpha, beta, gamma] = parameters;
            let smoothed = HoltWinters::new(&history, 3, alpha, beta, gamma)?;
            let difference = smoothed.forecast(7) - &expected;
            assert!(difference.iter().all(|d| d.abs() < 1e-10), "{difference}");
        }
        Ok(())
    }

    #[test]
    fn what_cannot_be_smoothed_says_why() {
        let message = |season, alpha| {
            let history = array![1.0, 2.0, 3.0, 4.0, 5.0];
            HoltWinters::new(&history, season, alpha, 0.1, 0.1)
                .unwrap_err()
                .to_string()
        };
        assert!(message(1, 0.5).contains("`season` is 1, but it must be at least 2"));
        assert!(message(3, 0.5).contains("has 5 values, but it must have at least 6 values"));
        assert!(message(2, -0.1).contains("`alpha` is -0.1"));
    }
}
