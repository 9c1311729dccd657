//! A backtest from a rolling origin.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::check_q30_backtest as check;

/// The errors from each origin, with a forecast of one's own.
fn errors(
    y: &[f64],
    origins: impl Iterator<Item = usize>,
    horizon: usize,
    forecast: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let of = |origin: usize| {
        let times = origin..(origin + horizon).min(y.len());
        times
            .map(|time| (y[time] - forecast(origin, time)).abs())
            .collect::<Vec<_>>()
    };
    origins.flat_map(of).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn naive(y: &[f64], season: usize) -> impl Fn(usize, usize) -> f64 + '_ {
    move |origin, time| y[origin - season + (time - origin) % season]
}

fn right(y: &[f64], first: usize, step: usize, horizon: usize, season: usize) -> f64 {
    let origins = (first..=y.len() - horizon).step_by(step);
    mean(&errors(y, origins, horizon, naive(y, season)))
}

#[test]
fn backtest() {
    assert_accepts(
        "check_q30_backtest",
        &[
            ("origins and times", check(right)),
            (
                "a loop, and the mean of means",
                check(|y, first, step, horizon, season| {
                    let (mut origin, mut means) = (first, Vec::new());
                    while origin + horizon <= y.len() {
                        let known = &y[..origin];
                        let last = &known[known.len() - season..];
                        let sum: f64 = (0..horizon)
                            .map(|h| (y[origin + h] - last[h % season]).abs())
                            .sum();
                        means.push(sum / horizon as f64);
                        origin += step;
                    }
                    mean(&means)
                }),
            ),
            (
                "a cycle of the last season",
                check(|y, first, step, horizon, season| {
                    let windows = y[first..].windows(horizon).enumerate().step_by(step);
                    let of = |(at, window): (usize, &[f64])| {
                        let last = y[first + at - season..first + at].iter().cycle();
                        window
                            .iter()
                            .zip(last)
                            .map(|(y, f)| (y - f).abs())
                            .sum::<f64>()
                    };
                    let sums: Vec<f64> = windows.map(of).collect();
                    mean(&sums) / horizon as f64
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q30_backtest",
        &[
            (
                "values from after the origin",
                "not known yet",
                check(|y, first, step, horizon, season| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    mean(&errors(y, origins, horizon, |_, time| y[time - season]))
                }),
            ),
            (
                "the last value",
                "last *season*",
                check(|y, first, step, horizon, _| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    mean(&errors(y, origins, horizon, |origin, _| y[origin - 1]))
                }),
            ),
            (
                "backwards",
                "runs backwards",
                check(|y, first, step, horizon, season| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    mean(&errors(y, origins, horizon, |origin, time| {
                        y[origin - 1 - (time - origin) % season]
                    }))
                }),
            ),
            (
                "one too early",
                "one value too early",
                check(|y, first, step, horizon, season| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    let naive = naive(y, season);
                    mean(&errors(y, origins, horizon, |origin, time| {
                        naive(origin - 1, time - 1)
                    }))
                }),
            ),
            (
                "without the last origin",
                "last origin is missing",
                check(|y, first, step, horizon, season| {
                    let origins = (first..y.len() - horizon).step_by(step);
                    mean(&errors(y, origins, horizon, naive(y, season)))
                }),
            ),
            (
                "a horizon that is cut off",
                "not have its whole horizon",
                check(|y, first, step, horizon, season| {
                    let number = (y.len() - horizon - first) / step + 2;
                    let origins = (0..number).map(|at| first + at * step);
                    mean(&errors(y, origins, horizon, naive(y, season)))
                }),
            ),
            (
                "a step of 1",
                "instead of by `step`",
                check(|y, first, _, horizon, season| right(y, first, 1, horizon, season)),
            ),
            (
                "the RMSE",
                "That is the RMSE",
                check(|y, first, step, horizon, season| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    let all = errors(y, origins, horizon, naive(y, season));
                    mean(&all.iter().map(|e| e * e).collect::<Vec<_>>()).sqrt()
                }),
            ),
            (
                "the sum of the errors",
                "Divide by their number",
                check(|y, first, step, horizon, season| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    errors(y, origins, horizon, naive(y, season)).iter().sum()
                }),
            ),
            (
                "one origin",
                "one origin only",
                check(|y, first, _, horizon, season| {
                    mean(&errors(
                        y,
                        std::iter::once(first),
                        horizon,
                        naive(y, season),
                    ))
                }),
            ),
            (
                "from the first season on",
                "begin at the first season",
                check(|y, _, step, horizon, season| right(y, season, step, horizon, season)),
            ),
            (
                "not the absolute error",
                "For each origin",
                check(|y, first, step, horizon, season| {
                    let origins = (first..=y.len() - horizon).step_by(step);
                    let naive = naive(y, season);
                    let signed = origins.flat_map(|origin| {
                        let naive = &naive;
                        (origin..origin + horizon).map(move |time| y[time] - naive(origin, time))
                    });
                    mean(&signed.collect::<Vec<_>>())
                }),
            ),
            (
                "no number",
                "For each origin",
                check(|_, _, _, _, _| f64::NAN),
            ),
        ],
    );
}
