//! A backtest from a rolling origin.

use super::super::Verdict;
use crate::random::RandomState;

/// The answer: series, first origin, step, horizon, season → mean absolute error.
type Backtest = fn(&[f64], usize, usize, usize, usize) -> f64;

/// Checks `backtest(y, first, step, horizon, season)`: from each origin `first`, `first + step`, … whose whole horizon
/// lies in the data, the seasonal naive forecast of `horizon` values; the mean absolute error over all of them.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q30_backtest;
/// assert!(!check_q30_backtest(|_, _, _, _, _| 0.0).has_passed());
/// ```
pub fn check_q30_backtest(answer: Backtest) -> Verdict {
    Verdict::of(|| {
        for case in cases() {
            let Case {
                y,
                first,
                step,
                horizon,
                season,
            } = &case;
            let found = answer(y, *first, *step, *horizon, *season);
            let right = case.error(&Rule::RIGHT);
            if !near(found, right) {
                return Verdict::not_yet(wrong(&case, found, right));
            }
        }
        Verdict::passed(
            "From the origin on nothing is known: beyond the first season the forecast repeats the last season *before* the origin, \
         instead of looking at values that came later. The origins overlap, so their errors are not independent.",
        )
    })
}

/// A series and how it is to be judged.
struct Case {
    y: Vec<f64>,
    first: usize,
    step: usize,
    horizon: usize,
    season: usize,
}

/// A way to do it, right or wrong.
#[derive(Clone, Copy)]
struct Rule {
    /// The value that is forecast for a time, from an origin.
    forecast: fn(&Case, usize, usize) -> f64,
    /// How many origins more than there should be at the end.
    more: isize,
    /// Whether the step is 1 instead.
    every: bool,
    /// Whether errors are squared, and the root is taken of their mean.
    squared: bool,
}

/// The value of the last season before the origin.
fn naive(case: &Case, origin: usize, time: usize) -> f64 {
    case.y[origin - case.season + (time - origin) % case.season]
}

impl Rule {
    const RIGHT: Rule = Rule {
        forecast: naive,
        more: 0,
        every: false,
        squared: false,
    };
}

impl Case {
    fn error(&self, rule: &Rule) -> f64 {
        let step = if rule.every { 1 } else { self.step };
        let whole = (self.y.len() - self.horizon - self.first) / step + 1;
        let number = (whole as isize + rule.more).max(0) as usize;
        let origins = (0..number).map(|at| self.first + at * step);
        let errors: Vec<f64> = origins
            .flat_map(|origin| {
                (origin..(origin + self.horizon).min(self.y.len())).map(move |time| (origin, time))
            })
            .map(|(origin, time)| (self.y[time] - (rule.forecast)(self, origin, time)).abs())
            .map(|error| if rule.squared { error * error } else { error })
            .collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        if rule.squared { mean.sqrt() } else { mean }
    }
}

/// A horizon within the season, one beyond it, and a last origin that fits exactly.
fn cases() -> Vec<Case> {
    let mut rng = RandomState::seed(3003);
    let mut series = |length: usize, season: usize| -> Vec<f64> {
        let wave = |t: usize| 10.0 * (t as f64 * std::f64::consts::TAU / season as f64).sin();
        (0..length)
            .map(|t| 50.0 + 0.7 * t as f64 + wave(t) + rng.randn(()) * 3.0)
            .collect()
    };
    vec![
        Case {
            y: series(40, 7),
            first: 20,
            step: 3,
            horizon: 5,
            season: 7,
        },
        Case {
            y: series(60, 4),
            first: 30,
            step: 5,
            horizon: 10,
            season: 4,
        },
        Case {
            y: series(31, 12),
            first: 13,
            step: 2,
            horizon: 4,
            season: 12,
        },
    ]
}

fn near(found: f64, right: f64) -> bool {
    (found - right).abs() <= 1e-6 * right.abs()
}

fn wrong(case: &Case, found: f64, right: f64) -> String {
    let Case {
        y,
        first,
        step,
        horizon,
        season,
    } = case;
    let place = format!(
        "For {} values, first = {first}, step = {step}, horizon = {horizon}, season = {season} it is {right:.4}, not {found:.4}.",
        y.len()
    );
    let number = (y.len() - horizon - first) / step + 1;
    let mistakes = [
        (
            Rule {
                forecast: |case, _, time| case.y[time - case.season],
                ..Rule::RIGHT
            },
            "Beyond the first season you use values from after the origin: y[t − season] is not known yet if t − season is at the origin or after it. \
             Repeat the last season before it.",
        ),
        (
            Rule {
                forecast: |case, origin, _| case.y[origin - 1],
                ..Rule::RIGHT
            },
            "That repeats the last value. The seasonal naive forecast repeats the last *season*.",
        ),
        (
            Rule {
                forecast: |case, origin, time| case.y[origin - 1 - (time - origin) % case.season],
                ..Rule::RIGHT
            },
            "Your last season runs backwards: its first value is that at origin − season.",
        ),
        (
            Rule {
                forecast: |case, origin, time| naive(case, origin - 1, time - 1),
                ..Rule::RIGHT
            },
            "Your last season ends one value too early: it is y[origin − season..origin].",
        ),
        (
            Rule {
                more: -1,
                ..Rule::RIGHT
            },
            "The last origin is missing: it may be at `len − horizon`, as its horizon then ends with the data.",
        ),
        (
            Rule {
                more: 1,
                ..Rule::RIGHT
            },
            "The last origin does not have its whole horizon in the data. Leave it out: errors of other lengths are not comparable.",
        ),
        (
            Rule {
                every: true,
                ..Rule::RIGHT
            },
            "You move on by 1 instead of by `step`.",
        ),
        (
            Rule {
                squared: true,
                ..Rule::RIGHT
            },
            "That is the RMSE. The mean *absolute* error was asked for.",
        ),
    ];
    let known = mistakes
        .iter()
        .find(|(rule, _)| near(found, case.error(rule)));
    let reason = match known {
        Some((_, reason)) => reason,
        None if near(found, right * number as f64) => {
            "That is the sum over the origins. Divide by their number."
        }
        None if near(found, right * (number * horizon) as f64) => {
            "That is the sum of all errors. Divide by their number."
        }
        None if near(found, one_origin(case)) => {
            "That is one origin only. Move it on by `step` until the horizon no longer fits."
        }
        None if near(found, case_from_season(case)) => {
            "You begin at the first season. The first origin is `first`."
        }
        None => {
            "For each origin: forecast = the last season before it, repeated; error = the mean |y − forecast| over the horizon; \
                 then the mean over the origins."
        }
    };
    format!("{reason}\n{place}")
}

fn one_origin(case: &Case) -> f64 {
    let more = -(((case.y.len() - case.horizon - case.first) / case.step) as isize);
    case.error(&Rule {
        more,
        ..Rule::RIGHT
    })
}

fn case_from_season(case: &Case) -> f64 {
    let Case {
        y,
        step,
        horizon,
        season,
        ..
    } = case;
    let other = Case {
        y: y.clone(),
        first: *season,
        step: *step,
        horizon: *horizon,
        season: *season,
    };
    other.error(&Rule::RIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_by_hand() {
        let case = Case {
            y: vec![1.0, 2.0, 1.0, 4.0, 3.0, 4.0],
            first: 2,
            step: 2,
            horizon: 2,
            season: 2,
        };
        // From 2: |1 − 1|, |4 − 2|; from 4: |3 − 1|, |4 − 4|.
        assert_eq!(case.error(&Rule::RIGHT), 1.0);
    }
}
