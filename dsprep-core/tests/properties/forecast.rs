//! Forecasts, their metrics and intervals.

use crate::inputs::{
    any_number, any_numbers, cases, close, error_or_finite, gap, number, numbers, with_a_gap,
};
use dsprep_core::ndarray::ArrayRef1;
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// An actual value, a forecast, and an interval around it for each step.
fn steps() -> impl Strategy<Value = (Array1<f64>, Array1<f64>, Array1<f64>, Array1<f64>)> {
    vec((number(), number(), 0.0..50.0, 0.0..50.0), 1..30).prop_map(|rows| {
        let column = |of: fn(&(f64, f64, f64, f64)) -> f64| rows.iter().map(of).collect();
        (
            column(|row| row.0),
            column(|row| row.1),
            column(|row| row.1 - row.2),
            column(|row| row.1 + row.3),
        )
    })
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_input_gives_a_finite_metric_or_an_error(
        a in any_numbers(), b in any_numbers(), c in any_numbers(), q in any_number(), season in 0_usize..4,
    ) {
        error_or_finite("mae", mae(&a, &b))?;
        error_or_finite("rmse", rmse(&a, &b))?;
        error_or_finite("mape", mape(&a, &b))?;
        error_or_finite("smape", smape(&a, &b))?;
        error_or_finite("mase", mase(&a, &b, &c, season))?;
        error_or_finite("winkler", winkler(&a, &b, &c, q))?;
        error_or_finite("winkler", winkler(&a, &b, &c, 0.95))?;
        error_or_finite("coverage", coverage(&a, &b, &c))?;
        error_or_finite("pinball_loss", pinball_loss(&a, &b, q))?;
        error_or_finite("pinball_loss", pinball_loss(&a, &b, 0.3))?;
        error_or_finite("crps_sample", crps_sample(q, &a))?;
        error_or_finite("crps_by_pairs", crps_by_pairs(q, &a))?;
        error_or_finite("crps_normal", crps_normal(q, 1.0, a.first().copied().unwrap_or(1.0)))?;
    }

    #[test]
    fn a_value_that_is_not_finite_is_refused(
        (actual, forecast, lower, upper) in steps(), at: prop::sample::Index, gap in gap(),
    ) {
        type Metric = fn(&ArrayRef1<f64>, &ArrayRef1<f64>) -> dsprep_core::Result<f64>;
        let metrics: [Metric; 6] =
            [mae, rmse, mape, smape, |a, f| pinball_loss(a, f, 0.3), |a, f| mase(f, f, a, 1)];
        let actual = actual + 2e3;
        let broken = |values: &Array1<f64>| with_a_gap(values, at, gap);
        for (number, metric) in metrics.iter().enumerate() {
            prop_assert!(metric(&broken(&actual), &forecast).is_err(), "metric {}", number);
        }
        for (number, metric) in metrics.iter().take(5).enumerate() {
            prop_assert!(metric(&actual, &broken(&forecast)).is_err(), "metric {}", number);
        }
        prop_assert!(winkler(&broken(&actual), &lower, &upper, 0.9).is_err() && coverage(&broken(&actual), &lower, &upper).is_err());
        prop_assert!(winkler(&actual, &broken(&lower), &upper, 0.9).is_err() && coverage(&actual, &broken(&lower), &upper).is_err());
        prop_assert!(winkler(&actual, &lower, &broken(&upper), 0.9).is_err() && coverage(&actual, &lower, &broken(&upper)).is_err());
        let history = broken(&actual);
        prop_assert!(drift(&history, 2).is_err() && seasonal_naive(&history, 1, 2).is_err());
        prop_assert!(ExponentialSmoothing::fit(&history).is_err() && HoltWinters::fit(&history, 2).is_err());
        prop_assert!(crps_sample(1.0, &history).is_err() && crps_sample(gap, &actual).is_err());
        prop_assert!(normal_interval(&history, &actual, 0.5).is_err() && normal_interval(&actual, &history, 0.5).is_err());
        prop_assert!(empirical_interval(&history, &actual, 0.5).is_err() && empirical_interval(&actual, &history, 0.5).is_err());
    }

    #[test]
    fn a_model_of_any_history_forecasts_finite_numbers_or_says_why_not(
        history in any_numbers(), season in 0_usize..4, horizon in 0_usize..5, share in any_number(),
        level in any_number(),
    ) {
        let mut forecasts = vec![drift(&history, horizon), seasonal_naive(&history, season, horizon)];
        forecasts.push(ExponentialSmoothing::new(&history, share).and_then(|model| model.forecast(horizon)));
        forecasts.push(ExponentialSmoothing::fit(&history).and_then(|model| model.standard_errors(horizon)));
        forecasts.push(HoltWinters::new(&history, season, 0.3, 0.2, share).and_then(|model| model.forecast(horizon)));
        for forecast in forecasts.into_iter().flatten() {
            prop_assert!(forecast.len() == horizon && forecast.iter().all(|x| x.is_finite()), "{forecast}");
        }
        for level in [level, 0.8] {
            for interval in [
                normal_interval(&history, &history, level),
                empirical_interval(&history, &history, level),
                conformal_interval(&history, &history, level),
            ].into_iter().flatten() {
                prop_assert!(interval.lower.iter().zip(&interval.upper).all(|(low, high)| low <= high), "{interval:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn errors_are_never_negative_and_a_perfect_forecast_has_none((actual, forecast, ..) in steps()) {
        let (absolute, squared) = (mae(&actual, &forecast)?, rmse(&actual, &forecast)?);
        prop_assert!(0.0 <= absolute && absolute <= squared * (1.0 + 1e-12));
        prop_assert!(squared <= absolute * (actual.len() as f64).sqrt() * (1.0 + 1e-12));
        prop_assert!(close(mae(&forecast, &actual)?, absolute) && close(rmse(&forecast, &actual)?, squared));
        prop_assert_eq!(mae(&actual, &actual)?, 0.0);
        if let Ok(error) = smape(&actual, &forecast) {
            prop_assert!((0.0..=200.0 + 1e-9).contains(&error));
        }
        prop_assert_eq!(mape(&actual, &forecast).is_err(), actual.iter().any(|&y| y == 0.0));
    }

    #[test]
    fn the_naive_forecast_has_a_mase_of_1_on_its_own_history(
        history in numbers(2, 40), season in 1_usize..5, scale in 0.5..8.0,
    ) {
        prop_assume!(history.len() > season);
        let actual = history.slice(s![season..]).to_owned();
        let naive = history.slice(s![..history.len() - season]).to_owned();
        if let Ok(error) = mase(&actual, &naive, &history, season) {
            prop_assert!(close(error, 1.0));
            let times = |values: &Array1<f64>| values.mapv(|value| value * scale);
            let scaled = mase(&times(&actual), &times(&naive), &times(&history), season)?;
            prop_assert!(close(scaled, 1.0));
        }
    }

    #[test]
    fn pinball_loss_is_half_the_mae_at_the_median_and_never_negative(
        (actual, forecast, ..) in steps(), q in 0.01..0.99,
    ) {
        prop_assert!(close(pinball_loss(&actual, &forecast, 0.5)?, mae(&actual, &forecast)? / 2.0));
        prop_assert!(pinball_loss(&actual, &forecast, q)? >= 0.0);
        let both = pinball_loss(&actual, &forecast, q)? + pinball_loss(&actual, &forecast, 1.0 - q)?;
        prop_assert!(close(both, mae(&actual, &forecast)?));
    }

    #[test]
    fn winkler_is_at_least_the_width_and_equal_if_all_are_covered(
        (actual, _, lower, upper) in steps(), alpha in 0.01..0.99,
    ) {
        let width = (&upper - &lower).mean().unwrap_or_default();
        let score = winkler(&actual, &lower, &upper, 1.0 - alpha)?;
        let covered = coverage(&actual, &lower, &upper)?;
        prop_assert!(score >= width * (1.0 - 1e-12) && (0.0..=1.0).contains(&covered));
        prop_assert!(covered < 1.0 || close(score, width));
        // The score of an interval is that of its two ends as quantiles.
        let ends = pinball_loss(&actual, &lower, alpha / 2.0)? + pinball_loss(&actual, &upper, 1.0 - alpha / 2.0)?;
        prop_assert!(close(score, 2.0 / alpha * ends));
    }

    #[test]
    fn crps_of_a_point_is_the_absolute_error_and_sorting_gives_what_pairs_give(
        actual in number(), sample in numbers(1, 25), point in number(),
    ) {
        prop_assert!(close(crps_sample(actual, &Array1::from_elem(sample.len(), point))?, (actual - point).abs()));
        let score = crps_sample(actual, &sample)?;
        prop_assert!((score - crps_by_pairs(actual, &sample)?).abs() < 1e-9 * 1e3);
        prop_assert!(score >= -1e-9);
        prop_assert!(score <= mae(&Array1::from_elem(sample.len(), actual), &sample)? + 1e-9);
        prop_assert!(crps_normal(actual, point, 2.0)? >= 0.0);
    }

    #[test]
    fn a_shifted_history_has_a_shifted_forecast(
        history in numbers(8, 30), shift in -100.0_f64..100.0, alpha in 0.0..=1.0, season in 2_usize..4,
    ) {
        let moved = history.mapv(|y| y + shift);
        let pairs = [
            (drift(&history, 4)?, drift(&moved, 4)?),
            (seasonal_naive(&history, season, 4)?, seasonal_naive(&moved, season, 4)?),
            (ExponentialSmoothing::new(&history, alpha)?.forecast(4)?, ExponentialSmoothing::new(&moved, alpha)?.forecast(4)?),
            (HoltWinters::new(&history, season, alpha, 0.1, 0.1)?.forecast(4)?, HoltWinters::new(&moved, season, alpha, 0.1, 0.1)?.forecast(4)?),
        ];
        for (model, (plain, moved)) in pairs.iter().enumerate() {
            let same = plain.iter().zip(moved).all(|(&a, &b): (&f64, &f64)| (a + shift - b).abs() < 1e-6);
            prop_assert!(same, "model {}: {} {}", model, plain, moved);
        }
    }

    #[test]
    fn a_higher_level_has_a_wider_interval(
        residuals in numbers(30, 60), level in 0.5..0.8, more in 0.01..0.15, forecast in number(),
    ) {
        let forecast = Array1::from_elem(1, forecast);
        let narrow = [empirical_interval(&forecast, &residuals, level)?, conformal_interval(&forecast, &residuals, level)?];
        let wide = [empirical_interval(&forecast, &residuals, level + more)?, conformal_interval(&forecast, &residuals, level + more)?];
        for (narrow, wide) in narrow.iter().zip(&wide) {
            prop_assert!(wide.lower[0] <= narrow.lower[0] && narrow.upper[0] <= wide.upper[0]);
        }
    }

    #[test]
    fn a_backtest_shows_the_model_the_past_alone(
        series in numbers(4, 30), first in 1_usize..6, horizon in 1_usize..4, step in 1_usize..4,
    ) {
        let origins = RollingOrigin { first, horizon, step };
        match backtest(&series, origins, |history, steps| seasonal_naive(history, 1, steps)) {
            Err(_) => prop_assert!(series.len() < first + horizon),
            Ok(test) => for fold in test.folds() {
                prop_assert_eq!(&fold.actual, &series.slice(s![fold.origin..fold.origin + horizon]));
                prop_assert!(fold.forecast.iter().all(|&value| value == series[fold.origin - 1]));
            }
        }
    }
}
