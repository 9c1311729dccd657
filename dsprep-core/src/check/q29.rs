//! Question 29: a story that holds up, an effect with its interval, and whom to call.

mod uplift;

pub use uplift::check_q29_uplift;

use super::Verdict;
use crate::Interval;
use crate::error::count;
use crate::experiment::{Conversions, risk_ratio, two_proportion_z_test};
use crate::interview::star::Story;
use crate::random::RandomState;
use std::collections::BTreeSet;

/// What a campaign did to the churn rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// By which share of the control's rate the treatment's rate is lower: 0.18 for 18 %.
    pub relative_reduction: f64,
    /// The control's rate minus the treatment's, in percentage points.
    pub points: f64,
    /// The 95 % interval of the relative reduction.
    pub interval: Interval,
}

/// Checks a story: nothing for an interviewer to find, and not somebody else's story.
pub fn check_q29_story(story: &Story) -> Verdict {
    Verdict::of(|| {
        if story == &Story::churn() {
            return Verdict::not_yet("That is the churn story as it was. Tell one of your own.");
        }
        let review = story.review();
        match review.findings() {
            [] => Verdict::passed(
                "It has a number with its baseline and its uncertainty, one decision of yours, and says what would have \
             happened without you. Now tell it aloud, and be ready for: what would you do differently?",
            ),
            [only] => Verdict::not_yet(only.to_string()),
            [first, rest @ ..] => Verdict::not_yet(format!("{first} ({} more.)", rest.len())),
        }
    })
}

/// Checks a function that reads a trial: (control, treatment) to the effect.
pub fn check_q29_effect(answer: fn(Conversions, Conversions) -> Effect) -> Verdict {
    Verdict::of(|| {
        let arm = |converted, users| Conversions { converted, users };
        let trials = [
            (arm(240, 1000), arm(197, 1000)),
            (arm(90, 400), arm(150, 900)),
            (arm(50, 700), arm(61, 650)),
        ];
        for (control, treatment) in trials {
            let Some(right) = effect(control, treatment) else {
                return Verdict::not_yet("The check could not compute its own answer.");
            };
            let given = answer(control, treatment);
            let case = format!(
                "{} of {} churned in control and {} of {} in treatment",
                control.converted, control.users, treatment.converted, treatment.users
            );
            if let Some(problem) = problem(given, right) {
                return Verdict::not_yet(format!("{problem} ({case}.)"));
            }
        }
        Verdict::passed(
            "A relative reduction alone hides the base rate, points alone hide the size, and both are noise without the \
         interval: give all three.",
        )
    })
}

fn effect(control: Conversions, treatment: Conversions) -> Option<Effect> {
    let ratio = risk_ratio(control, treatment, 0.95).ok()?;
    let test = two_proportion_z_test(control, treatment, 0.95).ok()?;
    Some(Effect {
        relative_reduction: 1.0 - ratio.ratio,
        points: -100.0 * test.difference,
        interval: one_minus(ratio.interval),
    })
}

/// The interval of a reduction, of that of the ratio; and the other way round.
fn one_minus(interval: Interval) -> Interval {
    Interval {
        lower: 1.0 - interval.upper,
        upper: 1.0 - interval.lower,
    }
}

/// What is wrong with the effect that was given, in the order in which it is best put right.
fn problem(given: Effect, right: Effect) -> Option<String> {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-3 * b.abs();
    let reduction = given.relative_reduction;
    let ratio = 1.0 - right.relative_reduction;
    if !near(reduction, right.relative_reduction) {
        let message = if near(reduction, ratio) {
            "That is the risk ratio. The reduction is 1 minus it."
        } else if near(reduction, 100.0 * right.relative_reduction) {
            "The relative reduction is to be a share, like 0.18, not per cent."
        } else if near(reduction, -right.relative_reduction) {
            "The sign: a reduction is positive where fewer churn in treatment than in control."
        } else if near(reduction, 1.0 - 1.0 / ratio) || near(reduction, 1.0 / ratio - 1.0) {
            "You divided by the treatment's rate. A reduction is relative to what would have been: the control's rate."
        } else if near(reduction, right.points / 100.0) {
            "That is the difference of the rates. Relative means: divided by the control's rate."
        } else {
            "The relative reduction is 1 − (treatment's rate / control's rate), with rates, not counts."
        };
        return Some(message.to_owned());
    }
    if !near(given.points, right.points) {
        let message = if near(given.points, right.points / 100.0) {
            "Percentage points: multiply the difference of the rates by 100."
        } else if near(given.points, -right.points) {
            "The sign of the points: control minus treatment."
        } else {
            "The points are 100 · (control's rate − treatment's rate)."
        };
        return Some(message.to_owned());
    }
    let Interval { lower, upper } = given.interval;
    let is = |other: Interval| near(lower, other.lower) && near(upper, other.upper);
    if is(right.interval) {
        return None;
    }
    let message = if is(one_minus(right.interval)) {
        "That is the interval of the risk ratio. Take 1 minus each end, and mind their order."
    } else if near(lower, right.interval.upper) && near(upper, right.interval.lower) {
        "The ends are swapped: the upper end of the ratio is the lower end of the reduction."
    } else if !given.interval.contains(reduction) {
        "The interval does not hold the estimate."
    } else {
        "The interval is not the 95 % one of `risk_ratio`, taken from 1."
    };
    Some(message.to_owned())
}

/// Checks a function that picks whom to call: (risk, uplift, at most how many) to indices.
pub fn check_q29_targets(answer: fn(&[f64], &[f64], usize) -> Vec<usize>) -> Verdict {
    Verdict::of(|| {
        let mut rng = RandomState::seed(2029);
        let shown = (vec![0.9, 0.3, 0.2, 0.6], vec![0.01, 0.12, 0.08, -0.05]);
        let risk = (0..40).map(|_| rng.rand(())).collect();
        let uplift = rng.uniform(-0.2, 0.2, 40);
        let uplift = uplift.map_or_else(|_| vec![0.1; 40], |uplift| uplift.to_vec());
        // A call that changes nothing, and customers whom every call harms.
        let nothing = (vec![0.5, 0.4, 0.7, 0.1], vec![0.0, -0.1, 0.05, 0.0]);
        let harm = (vec![0.5, 0.4], vec![-0.2, -0.1]);
        for (risk, uplift) in [shown, (risk, uplift), nothing, harm] {
            for most in [0, 1, 2, 10, risk.len()] {
                let given = answer(&risk, &uplift, most);
                if let Some(problem) = wrong_targets(&given, &risk, &uplift, most) {
                    return Verdict::not_yet(format!(
                        "{problem} ({}, at most {}.)",
                        count(risk.len(), "customer"),
                        count(most, "call")
                    ));
                }
            }
        }
        Verdict::passed(
            "You call those whom a call changes, and stop where it stops helping, even if there is budget left.",
        )
    })
}

fn wrong_targets(given: &[usize], risk: &[f64], uplift: &[f64], most: usize) -> Option<String> {
    let number = risk.len();
    if let Some(outside) = given.iter().find(|&&customer| customer >= number) {
        return Some(format!(
            "There is no customer {outside}; they count from 0."
        ));
    }
    let chosen: BTreeSet<usize> = given.iter().copied().collect();
    if chosen.len() < given.len() {
        return Some("A customer is called twice.".to_owned());
    }
    if given.len() > most {
        return Some(format!("{} customers are called.", given.len()));
    }
    let ranked = |scores: &[f64]| {
        let mut order: Vec<usize> = (0..number).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order
    };
    let first = |order: &[usize]| order.iter().copied().take(most).collect::<BTreeSet<_>>();
    let by_uplift = ranked(uplift);
    let helped: Vec<usize> = by_uplift
        .iter()
        .copied()
        .filter(|&c| uplift[c] > 0.0)
        .collect();
    if chosen == first(&helped) {
        return None;
    }
    let mut upside_down = by_uplift.clone();
    upside_down.reverse();
    let not_harmed: Vec<usize> = by_uplift
        .iter()
        .copied()
        .filter(|&c| uplift[c] >= 0.0)
        .collect();
    let message = if chosen == first(&not_harmed) {
        "An uplift of 0 is no reason to call: the call costs money and changes nothing. `> 0.0`, not `>=`."
    } else if chosen == first(&by_uplift) {
        "You call customers whom a call makes more likely to leave. Leave out those without a positive uplift."
    } else if chosen == first(&ranked(risk)) {
        "You call by risk. The riskiest leave anyway; sort by what a call changes, the uplift."
    } else if chosen == first(&upside_down) {
        "You call those whom a call helps least: sort in descending order."
    } else if given.is_empty() {
        "Nobody is called, although a call would keep some."
    } else {
        "Call the customers with the highest uplift, as many as you may, if it is positive."
    };
    Some(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::star::example::good;

    fn says(verdict: &Verdict, text: &str) {
        assert!(
            !verdict.has_passed() && verdict.message().contains(text),
            "{verdict}"
        );
    }

    #[test]
    fn only_a_story_that_holds_up_passes() {
        assert!(check_q29_story(&good()).has_passed());
        says(&check_q29_story(&Story::churn()), "Tell one of your own");
        says(
            &check_q29_story(&Story::default()),
            "The situation is missing. (3 more",
        );
        let spoil = |spoil: fn(&mut Story)| {
            let mut story = good();
            spoil(&mut story);
            check_q29_story(&story)
        };
        says(
            &spoil(|s| s.action = s.action.replace("I ", "We ")),
            "Say what you did yourself",
        );
        says(
            &spoil(|s| s.result = s.result.replace("control", "other")),
            "without you",
        );
        says(
            &spoil(|s| s.task = "Lower it by 15%, and make sure that it stays there.".into()),
            "relative",
        );
        says(
            &spoil(|s| s.result = "Churn is 18% now. ".repeat(8)),
            "compared with what",
        );
    }

    fn right(control: Conversions, treatment: Conversions) -> Effect {
        effect(control, treatment).unwrap_or(Effect {
            relative_reduction: f64::NAN,
            points: f64::NAN,
            interval: (f64::NAN, f64::NAN).into(),
        })
    }

    #[test]
    fn wrong_effects_are_told_their_misconception() {
        assert!(check_q29_effect(right).has_passed());
        let ratio: fn(Conversions, Conversions) -> Effect = |c, t| Effect {
            relative_reduction: 1.0 - right(c, t).relative_reduction,
            ..right(c, t)
        };
        says(&check_q29_effect(ratio), "risk ratio");
        says(
            &check_q29_effect(|c, t| right(t, c)),
            "divided by the treatment's rate",
        );
        says(
            &check_q29_effect(|c, t| Effect {
                relative_reduction: right(c, t).points / 100.0,
                ..right(c, t)
            }),
            "divided by the control's rate",
        );
        says(
            &check_q29_effect(|c, t| Effect {
                relative_reduction: 100.0 * right(c, t).relative_reduction,
                ..right(c, t)
            }),
            "not per cent",
        );
        says(
            &check_q29_effect(|c, t| Effect {
                points: right(c, t).points / 100.0,
                ..right(c, t)
            }),
            "multiply",
        );
        says(
            &check_q29_effect(|c, t| Effect {
                interval: (right(c, t).interval.upper, right(c, t).interval.lower).into(),
                ..right(c, t)
            }),
            "swapped",
        );
        says(
            &check_q29_effect(|c, t| Effect {
                interval: one_minus(right(c, t).interval),
                ..right(c, t)
            }),
            "interval of the risk ratio",
        );
        says(
            &check_q29_effect(|_, _| Effect {
                relative_reduction: f64::NAN,
                points: 0.0,
                interval: Interval::from((0.0, 0.0)),
            }),
            "with rates, not counts",
        );
    }

    fn highest(scores: &[f64], most: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order.truncate(most);
        order
    }

    #[test]
    fn wrong_targets_are_told_their_misconception() {
        let right: fn(&[f64], &[f64], usize) -> Vec<usize> = |_, uplift, most| {
            let mut order = highest(uplift, most);
            order.retain(|&customer| uplift[customer] > 0.0);
            order
        };
        assert!(check_q29_targets(right).has_passed());
        says(
            &check_q29_targets(|risk, _, most| highest(risk, most)),
            "You call by risk",
        );
        says(
            &check_q29_targets(|_, uplift, most| highest(uplift, most)),
            "more likely to leave",
        );
        says(
            &check_q29_targets(|_, uplift, most| {
                let negated: Vec<f64> = uplift.iter().map(|u| -u).collect();
                highest(&negated, most)
            }),
            "descending",
        );
        says(&check_q29_targets(|_, _, _| Vec::new()), "Nobody is called");
        says(
            &check_q29_targets(|_, _, most| vec![999; most]),
            "no customer 999",
        );
        says(&check_q29_targets(|_, _, most| vec![1; most]), "twice");
        says(
            &check_q29_targets(|risk, _, _| (0..risk.len()).collect()),
            "are called",
        );
    }
}
