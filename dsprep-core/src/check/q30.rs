//! Question 30: the seasonal MASE, and the score of one interval.

mod backtest;

pub use backtest::check_q30_backtest;

use super::Verdict;
use crate::random::RandomState;
use ndarray::{Array1, array};

/// The answer to exercise 1: MASE of actual values and their forecast, for a history and a season's length.
type Mase = fn(&Array1<f64>, &Array1<f64>, &Array1<f64>, usize) -> Option<f64>;

/// The answer to exercise 2: the score of one value, its lower and upper bound, and alpha.
type Winkler = fn(f64, f64, f64, f64) -> f64;

/// A forecast with the history before it.
struct Case {
    actual: Array1<f64>,
    forecast: Array1<f64>,
    history: Array1<f64>,
    season: usize,
}

impl Case {
    /// A series with a season, and a forecast that is off by about 1.
    fn random(season: usize, history: usize, horizon: usize, seed: u32) -> Self {
        let mut rng = RandomState::seed(seed);
        let pattern = |at: usize| 50.0 + 10.0 * (at % season) as f64 + 0.5 * at as f64;
        let mut series = |range: std::ops::Range<usize>| -> Array1<f64> {
            range.map(|at| pattern(at) + rng.randn(())).collect()
        };
        let (past, actual) = (series(0..history), series(history..history + horizon));
        let forecast = &actual + &Array1::from_shape_simple_fn(horizon, || rng.randn(()));
        Case {
            actual,
            forecast,
            history: past,
            season,
        }
    }

    fn mae(&self) -> f64 {
        mean((&self.actual - &self.forecast).mapv(f64::abs))
    }

    fn right(&self) -> f64 {
        self.mae() / naive_error(&self.history, self.season)
    }

    /// What a typical mistake gives instead, with its name.
    fn mistakes(&self) -> [(f64, &'static str); 8] {
        let (mae, season) = (self.mae(), self.season);
        let scale = naive_error(&self.history, season);
        let steps = self.history.len() - season;
        let errors = &self.actual - &self.forecast;
        let all: Array1<f64> = self.history.iter().chain(&self.actual).copied().collect();
        [
            (
                mae,
                "That is the MAE; it is not scaled yet. Divide by the naive forecast's mean error in the history.",
            ),
            (
                mae / naive_error(&self.actual, season.min(self.actual.len() - 1)),
                "You scaled by the series that is judged. The yardstick comes from the history, which the forecaster knew.",
            ),
            (
                mae / naive_error(&all, season),
                "You scaled by the history and the judged part together. The yardstick comes from the history alone.",
            ),
            (
                mae / naive_error(&self.history, 1),
                "You compared with the value one step before. With a season, naive means the same point of the season before: y[t − season].",
            ),
            (
                mae / (scale * steps as f64 / self.history.len() as f64),
                "You divided the sum of the naive errors by the length of the history, but there are `season` fewer of them.",
            ),
            (
                scale / mae,
                "It is upside down: the forecast's error is above, the naive forecast's below, so that small is good.",
            ),
            (
                mean(errors.clone()) / scale,
                "The errors cancel: take their absolute values before the mean.",
            ),
            (
                errors.mapv(f64::abs).sum() / (scale * steps as f64),
                "You divided a sum by a sum. The two parts have different lengths: divide means.",
            ),
        ]
    }
}

fn mean(values: Array1<f64>) -> f64 {
    values.sum() / values.len() as f64
}

/// The mean of |y[t] − y[t − season]|.
fn naive_error(series: &Array1<f64>, season: usize) -> f64 {
    let steps = series.iter().skip(season).zip(series);
    steps.map(|(now, before)| (now - before).abs()).sum::<f64>() / (series.len() - season) as f64
}

/// Checks `mase`, the mean absolute scaled error with a season, `None` where it is not defined.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q30_mase;
/// use dsprep_core::evaluate::mase;
/// assert!(check_q30_mase(|y, f, history, season| mase(y, f, history, season).ok()).has_passed());
/// assert!(!check_q30_mase(|_, _, _, _| None).has_passed());
/// ```
pub fn check_q30_mase(mase: Mase) -> Verdict {
    Verdict::of(|| {
        let cases = [
            Case::random(4, 24, 7, 30),
            Case::random(7, 40, 12, 31),
            Case::random(1, 15, 5, 32),
        ];
        for case in cases {
            let answer = mase(&case.actual, &case.forecast, &case.history, case.season);
            let Some(answer) = answer else {
                return Verdict::not_yet(
                    "You return None where MASE is defined: the history is not constant.",
                );
            };
            if let Some(message) = wrong_number(answer, case.right(), &case.mistakes()) {
                return Verdict::not_yet(message);
            }
        }
        let undefined = [
            (array![7.0, 7.0, 7.0, 7.0], 1, "a constant history"),
            (
                array![1.0, 5.0, 1.0, 5.0],
                2,
                "a history that repeats itself exactly",
            ),
            (array![1.0, 5.0], 2, "a history of one season only"),
            (array![1.0, 5.0, 2.0], 7, "a history shorter than a season"),
            (array![], 1, "an empty history"),
        ];
        for (history, season, what) in undefined {
            if let Some(answer) = mase(&array![8.0, 6.0], &array![7.0, 7.0], &history, season) {
                return Verdict::not_yet(format!(
                    "Right where it is defined. But for {what} you return {answer}: the naive forecast has no error there \
                 to divide by. Return None."
                ));
            }
        }
        Verdict::passed(
            "The error that is judged over the error of the seasonal naive forecast in the history: below 1 beats what \
         naive did there, one season ahead.",
        )
    })
}

/// What is wrong with `answer`, if anything: a known mistake by its name.
fn wrong_number(answer: f64, right: f64, mistakes: &[(f64, &'static str)]) -> Option<String> {
    if !answer.is_finite() {
        return Some(format!(
            "Your result is {answer}, and {right:.4} was expected."
        ));
    }
    if close(answer, right) {
        return None;
    }
    let known = mistakes.iter().find(|(wrong, _)| close(answer, *wrong));
    Some(known.map_or_else(
        || format!("Your result is {answer:.4}, and {right:.4} was expected. Compute the part above and the part below on their own."),
        |(_, message)| (*message).to_owned(),
    ))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

/// Checks `score`, the Winkler score of one interval.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q30_winkler;
/// let verdict = check_q30_winkler(|y, low, high, alpha| {
///     (high - low) + 2.0 / alpha * (low - y).max(y - high).max(0.0)
/// });
/// assert!(verdict.has_passed());
/// ```
pub fn check_q30_winkler(score: Winkler) -> Verdict {
    Verdict::of(|| {
        let cases = [
            (5.0, 0.0, 10.0, 0.05),
            (13.0, 0.0, 10.0, 0.05),
            (-3.0, 0.0, 10.0, 0.05),
            (14.5, 2.0, 9.0, 0.2),
            (-40.0, -33.0, -31.0, 0.1),
            (10.0, 0.0, 10.0, 0.5),
        ];
        for (y, low, high, alpha) in cases {
            let answer = score(y, low, high, alpha);
            let right = winkler(y, low, high, alpha);
            if close(answer, right) {
                continue;
            }
            let mut rules = winkler_mistakes().into_iter();
            let known = rules.find(|(rule, _)| close(answer, rule(y, low, high, alpha)));
            let numbers = format!(
                "For y = {y} and [{low}, {high}] at alpha = {alpha} you return {answer}, and {right} was expected."
            );
            let named = known.map(|(_, message)| format!("{numbers} {message}"));
            return Verdict::not_yet(named.unwrap_or(numbers));
        }
        Verdict::passed(
            "Width plus 2/alpha times the distance: the fine is just so high that neither a wider nor a narrower interval \
         than the true quantiles gains anything.",
        )
    })
}

fn winkler(y: f64, low: f64, high: f64, alpha: f64) -> f64 {
    (high - low) + 2.0 / alpha * (low - y).max(y - high).max(0.0)
}

/// Rules that are not right, with their names; the more special come first.
fn winkler_mistakes() -> [(Winkler, &'static str); 8] {
    [
        (
            |y, low, high, _| if y < low || y > high { 0.0 } else { high - low },
            "An interval that misses costs nothing with you: it gets its width and the fine.",
        ),
        (
            |_, low, high, _| high - low,
            "That is the width alone: a value outside has to cost something.",
        ),
        (
            |y, low, high, alpha| (high - low) + (low - y).max(y - high).max(0.0) / alpha,
            "The fine is 1/alpha with you. Each side is exceeded with probability alpha/2, so it is 2/alpha.",
        ),
        (
            |y, low, high, alpha| {
                (high - low) + 2.0 / (1.0 - alpha) * (low - y).max(y - high).max(0.0)
            },
            "You took the level, 1 − alpha. alpha is the share that may lie outside, 0.05 for a 95 % interval.",
        ),
        (
            |y, low, high, alpha| (high - low) + alpha / 2.0 * (low - y).max(y - high).max(0.0),
            "alpha/2 is upside down: the surer the interval claims to be, the more a miss costs.",
        ),
        (
            |y, low, high, alpha| {
                (high - low)
                    + if y < low || y > high {
                        2.0 / alpha
                    } else {
                        0.0
                    }
            },
            "The fine has to grow with the distance from the interval, or a near miss costs as much as a far one.",
        ),
        (
            |y, low, high, alpha| 2.0 / alpha * (low - y).max(y - high).max(0.0),
            "The width is missing: an interval from −∞ to ∞ would be perfect.",
        ),
        (
            |y, low, high, alpha| (high - low) + 2.0 / alpha * (low - y).max(y - high),
            "A value well inside earns a discount with you: cut the distance off at 0.",
        ),
    ]
}

#[cfg(test)]
mod tests;
