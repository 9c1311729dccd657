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
    let difference = smoothed.forecast(6)? - Array1::from(FORECAST.to_vec());
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
            let series = Array1::from_shape_fn(seasons * m + 1, |t| line(t % m) + 0.3 * t as f64)
                + rng.randn(seasons * m + 1)?;
            let smoothed = HoltWinters::fit(&series.slice(s![..seasons * m]), m)?;
            let errors = smoothed.standard_errors(1)?;
            let interval = normal_interval(&smoothed.forecast(1)?, &errors, 0.95)?;
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
        let smoothed = HoltWinters::fit(&RandomState::seed(seed).randn(30)?, 5)?;
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
        let difference = smoothed.forecast(7)? - &expected;
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

#[test]
fn the_unit_of_a_tiny_history_does_not_matter() -> Result<()> {
    let history = array![1.0, 3.0, 2.0, 5.0, 4.0, 1.0, 7.0, 2.0, 3.0, 9.0];
    let plain = HoltWinters::fit(&history, 2)?;
    let tiny = HoltWinters::fit(&(&history * 1e-170), 2)?;
    let (one, other) = (plain.standard_errors(2)?, tiny.standard_errors(2)?);
    assert!((other[1] / 1e-170 - one[1]).abs() < 1e-5, "{other}");
    Ok(())
}

#[test]
fn a_stored_model_with_another_count_of_what_was_estimated_is_refused() -> Result<()> {
    use crate::saved::Saved;
    let history = array![1.0, 3.0, 2.0, 5.0, 4.0, 1.0];
    let json = HoltWinters::new(&history, 2, 0.1, 0.1, 0.1)?.to_json()?;
    for wrong in ["0", "4", "18446744073709551615"] {
        let changed = json.replace("\"estimated\":3", &format!("\"estimated\":{wrong}"));
        assert_ne!(changed, json);
        assert!(HoltWinters::from_json(&changed).is_err(), "{wrong}");
    }
    Ok(())
}
