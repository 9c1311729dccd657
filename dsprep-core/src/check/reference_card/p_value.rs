//! A p-value by shuffling, after R. A. Fisher, 1935, and Phipson and Smyth, 2010.

use super::near;
use crate::check::Verdict;
use crate::random::RandomState;

/// A p-value from an observed difference and those after shuffling.
type PValue = fn(f64, &[f64]) -> f64;

/// The share of the differences that `counts` finds extreme, with the observed one among them if `with_own`.
fn share(
    observed: f64,
    shuffled: &[f64],
    with_own: bool,
    counts: impl Fn(f64, f64) -> bool,
) -> f64 {
    let extreme = shuffled
        .iter()
        .filter(|difference| counts(**difference, observed))
        .count();
    let own = usize::from(with_own);
    (extreme + own) as f64 / (shuffled.len() + own) as f64
}

fn p_value(observed: f64, shuffled: &[f64]) -> f64 {
    share(observed, shuffled, true, |a, b| a.abs() >= b.abs())
}

const STRICT: &str = "At least this extreme: a shuffled difference of just the same size counts as well, so `>=` and \
    not `>`. With few different values, as for counts, it matters.";
const EXACT: &str = "You count the differences that are exactly this extreme, as the printed line says. For continuous \
    data there are none: a p-value is the probability of a tail, of differences at least as large.";
const OWN: &str = "The shares are right, but the observed difference is one of those that shuffling can give: count it \
    above and below the line. Otherwise 999 shuffles can give p = 0, which no test can know.";
const ONE_SIDED: &str = "You look at one side only. A difference as large in the other direction would have surprised you \
    just as much: compare sizes, with `abs()` on both.";

const WRONG_P_VALUES: [(PValue, &str); 10] = [
    (|o, s| share(o, s, true, |a, b| a.abs() > b.abs()), STRICT),
    (|o, s| share(o, s, false, |a, b| a.abs() > b.abs()), STRICT),
    (|o, s| share(o, s, true, |a, b| a.abs() == b.abs()), EXACT),
    (|o, s| share(o, s, false, |a, b| a.abs() == b.abs()), EXACT),
    (|o, s| share(o, s, false, |a, b| a == b), EXACT),
    (|o, s| share(o, s, false, |a, b| a.abs() >= b.abs()), OWN),
    (|o, s| share(o, s, true, |a, b| a >= b), ONE_SIDED),
    (|o, s| share(o, s, false, |a, b| a >= b), ONE_SIDED),
    (
        |o, s| share(o, s, true, |a, b| a.abs() >= b),
        "You take the size of the shuffled differences, but not of the observed one: if it is negative, all of \
         them are at least as large. `observed.abs()`.",
    ),
    (
        |o, s| 1.0 - p_value(o, s),
        "That is 1 − p, the share of the less extreme differences. It is not the probability that H0 is false \
         either.",
    ),
];

/// Exercise 1 of the reference card: the two-sided p-value of a permutation test, from the observed
/// difference and the differences after the labels were shuffled.
///
/// The observed difference counts as one of the shuffles (Phipson and Smyth, 2010), so that p is
/// never 0.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_card_p_value;
///
/// let strict = check_card_p_value(|observed, shuffled| {
///     let extreme = shuffled.iter().filter(|d| d.abs() > observed.abs()).count();
///     (1 + extreme) as f64 / (1 + shuffled.len()) as f64
/// });
/// assert!(strict.message().contains("least"));
/// ```
pub fn check_card_p_value(answer: impl Fn(f64, &[f64]) -> f64) -> Verdict {
    Verdict::of(|| {
        let cases = differences();
        let wrong = |(observed, shuffled): &&(f64, Vec<f64>)| {
            !near(answer(*observed, shuffled), p_value(*observed, shuffled))
        };
        let Some((observed, shuffled)) = cases.iter().find(wrong) else {
            return Verdict::passed(
                "A tail, on both sides, with the observed difference in it: p is at least 1 / (number of shuffles + 1). If \
             H0 is true, a p-value below 0.05 comes in at most 5 % of such tests; it is not P(H0 is true).",
            );
        };
        let found = answer(*observed, shuffled);
        if !(0.0..=1.0).contains(&found) {
            return Verdict::not_yet(format!(
                "You return {found}, and a probability lies between 0 and 1."
            ));
        }
        let is_always = |wrong: PValue| {
            let mut cases = cases.iter();
            cases.all(|(o, s)| near(answer(*o, s), wrong(*o, s)))
        };
        if let Some((_, message)) = WRONG_P_VALUES.iter().find(|(wrong, _)| is_always(*wrong)) {
            return Verdict::not_yet(*message);
        }
        if is_constant(&cases, &answer, found) {
            return Verdict::not_yet(format!(
                "You return {found} whatever the data are. Count the shuffled differences that are at least as large as the \
             observed one."
            ));
        }
        Verdict::not_yet(format!(
            "For an observed difference of {observed} and {} shuffles you return {found:.4}, not {:.4}: one more than the \
         shuffles with |difference| >= |observed|, divided by one more than all of them.",
            shuffled.len(),
            p_value(*observed, shuffled)
        ))
    })
}

fn is_constant(
    cases: &[(f64, Vec<f64>)],
    answer: &impl Fn(f64, &[f64]) -> f64,
    found: f64,
) -> bool {
    cases.iter().all(|(o, s)| near(answer(*o, s), found))
}

/// Whole numbers, so that differences of the same size occur; the first is the one of the exercise.
fn differences() -> Vec<(f64, Vec<f64>)> {
    let mut rng = RandomState::seed(1);
    let mut draw = |number: usize| {
        (0..number)
            .map(|_| (3.0 * rng.randn(())).round())
            .collect::<Vec<f64>>()
    };
    vec![
        (3.0, vec![-5.0, -4.0, -3.0, -1.0, 0.0, 1.0, 2.0, 3.0, 6.0]),
        (-4.0, draw(99)),
        (2.0, draw(199)),
        (-1.0, draw(50)),
        (25.0, draw(999)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_p_value_passes_and_each_wrong_one_has_its_message() {
        assert!(check_card_p_value(p_value).has_passed());
        for (wrong, message) in WRONG_P_VALUES {
            assert_eq!(check_card_p_value(wrong).told(), message);
        }
        assert!(
            check_card_p_value(|_, _| 0.6)
                .told()
                .contains("whatever the data")
        );
        let copied = |o: f64, s: &[f64]| if o == 3.0 { 0.6 } else { p_value(o, s) / 2.0 };
        assert!(check_card_p_value(copied).told().contains("99 shuffles"));
    }

    #[test]
    fn the_p_value_of_the_exercise_is_six_tenths() {
        let (observed, shuffled) = differences().remove(0);
        assert!(near(p_value(observed, &shuffled), 0.6));
    }

    #[test]
    fn a_p_value_that_is_no_probability_is_told() {
        for nonsense in [f64::NAN, -1.0, 7.0, f64::INFINITY] {
            let message = check_card_p_value(|_, _| nonsense).told();
            assert!(message.contains("between 0 and 1"), "{message}");
        }
    }
}
