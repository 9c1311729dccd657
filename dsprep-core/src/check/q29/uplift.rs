//! The uplift learned from a pilot, by two models.

use super::super::Verdict;
use crate::Result;
use crate::linear::LogisticRegression;
use crate::random::RandomState;
use ndarray::{Array1, Array2, Axis};

/// The answer: features of the pilot, who was called, who left, features of others → their uplift.
type Learn = fn(&Array2<f64>, &[bool], &[usize], &Array2<f64>) -> Result<Array1<f64>>;

/// How far a predicted uplift may be from ours: other penalties are right, too.
const TOLERANCE: f64 = 0.03;

/// Checks `uplift(x, called, left, new)`: a T-learner by two logistic regressions, the risk of leaving without a call
/// minus that with one, for each row of `new`.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q29_uplift;
/// use dsprep_core::ndarray::Array1;
/// assert!(!check_q29_uplift(|_, _, _, new| Ok(Array1::zeros(new.nrows()))).has_passed());
/// ```
pub fn check_q29_uplift(answer: Learn) -> Verdict {
    Verdict::of(|| {
        for seed in [1, 2] {
            let pilot = Pilot::draw(seed);
            let found = match answer(&pilot.x, &pilot.called, &pilot.left, &pilot.new) {
                Ok(found) => found,
                Err(error) => {
                    return Verdict::not_yet(format!("Your function ends with an error: {error}"));
                }
            };
            match pilot.wrong(&found) {
                Ok(None) => {}
                Ok(Some(message)) => return Verdict::not_yet(message),
                Err(error) => return Verdict::not_yet(error.to_string()),
            }
        }
        Verdict::passed(
            "Two models, each for the customers of one arm, and the difference of what they predict. It needs that the half was \
         called at random. A single model with the call as a feature gives everybody nearly the same uplift, unless the call \
         may interact with the others.",
        )
    })
}

/// A pilot in which a call helps some and harms others, and customers who were not in it.
struct Pilot {
    x: Array2<f64>,
    called: Vec<bool>,
    left: Vec<usize>,
    new: Array2<f64>,
}

impl Pilot {
    fn draw(seed: u32) -> Self {
        let mut rng = RandomState::seed(2900 + seed);
        let x = Array2::from_shape_simple_fn((1500, 2), || rng.randn(()));
        let called: Vec<bool> = (0..1500).map(|_| rng.rand(()) < 0.4).collect();
        let risk = |row: usize, u: f64| {
            let help = if called[row] {
                -0.9 + 1.4 * x[[row, 1]]
            } else {
                0.0
            };
            usize::from(u < crate::sigmoid::sigmoid(-0.5 + 0.8 * x[[row, 0]] + help))
        };
        let left = (0..1500).map(|row| risk(row, rng.rand(()))).collect();
        let new = Array2::from_shape_simple_fn((200, 2), || rng.randn(()));
        Pilot {
            x,
            called,
            left,
            new,
        }
    }

    /// The predicted risk of `new` by a model of the rows that are kept.
    fn risk(&self, keep: impl Fn(usize) -> bool) -> Result<Array1<f64>> {
        let rows: Vec<usize> = (0..self.left.len()).filter(|&row| keep(row)).collect();
        let y: Array1<usize> = rows.iter().map(|&row| self.left[row]).collect();
        LogisticRegression::fit(&self.x.select(Axis(0), &rows), &y, 1.0)?.probabilities(&self.new)
    }

    /// What is wrong with an answer; none if it is right.
    fn wrong(&self, found: &Array1<f64>) -> Result<Option<String>> {
        if found.len() != self.new.nrows() {
            let (rows, given) = (self.new.nrows(), found.len());
            let pilot = if given == self.x.nrows() {
                ": those are the pilot's own rows"
            } else {
                ""
            };
            return Ok(Some(format!(
                "`new` has {rows} rows, and you return {given} values{pilot}."
            )));
        }
        if found.iter().any(|value| !value.is_finite()) {
            return Ok(Some("Some values are no finite numbers.".to_owned()));
        }
        let without = self.risk(|row| !self.called[row])?;
        let with_call = self.risk(|row| self.called[row])?;
        let right = &without - &with_call;
        let is = |other: &Array1<f64>| (found - other).iter().all(|d| d.abs() <= TOLERANCE);
        if is(&right) {
            return Ok(None);
        }
        let everybody = self.risk(|_| true)?;
        let class = |p: &Array1<f64>| p.mapv(|p| f64::from(u8::from(p >= 0.5)));
        let spread = found.std(0.0);
        let mistakes = [
            (
                is(&-&right),
                "The sign: the risk *without* a call minus that with one, so that a positive number is a reason to call.",
            ),
            (
                is(&without),
                "That is the risk without a call, and what matters is what the call changes: subtract the risk with a call.",
            ),
            (
                is(&with_call),
                "That is the risk with a call, and what matters is what the call changes: subtract it from the risk without.",
            ),
            (
                is(&everybody),
                "That is the risk by one model of all rows. Fit one for each arm, and subtract.",
            ),
            (
                is(&(&without - &everybody)),
                "The second model has both arms in it. Fit it on those who were called only.",
            ),
            (
                is(&(&everybody - &with_call)),
                "The first model has both arms in it. Fit it on those who were not called only.",
            ),
            (
                is(&(class(&without) - class(&with_call))),
                "You subtract classes, 0 or 1. Subtract probabilities: `probabilities`.",
            ),
            (
                is(&(&without / &with_call)),
                "That is the ratio of the risks. A call is worth the difference: a tenth of a small risk is little.",
            ),
            (
                spread < TOLERANCE,
                "Everybody has about the same uplift. With the call as a feature of one model it can't differ between \
                customers: fit a model for each arm.",
            ),
        ];
        let known = mistakes.iter().find(|(is_it, _)| *is_it);
        let reason = known.map_or(
            "Fit one model on those who were called and one on the others, predict the risk of each row of `new` with both, and subtract.",
            |(_, reason)| *reason,
        );
        Ok(Some(format!(
            "{reason}\nThe first row of `new` has an uplift of {:.3}, and you have {:.3}.",
            right[0], found[0]
        )))
    }
}
