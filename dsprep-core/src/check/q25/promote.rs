//! Is a challenger to be promoted?

use super::super::Verdict;
use crate::evaluate::{roc_auc_difference, roc_auc_interval};
use crate::random::RandomState;
use ndarray::Array1;

/// Labels, the challenger's scores and the champion's.
type Shadow = (Array1<usize>, Array1<f64>, Array1<f64>);
type PromotionRule = fn(&Shadow) -> bool;

fn right_promotion((y, challenger, champion): &Shadow) -> bool {
    roc_auc_difference(y, challenger, champion, 0.95).is_ok_and(|test| test.interval.lower > 0.0)
}

const WRONG_PROMOTION: [(PromotionRule, &str); 4] = [
    (
        |(y, challenger, champion)| {
            let auc = |scores| roc_auc_interval(y, scores, 0.95).map_or(0.0, |it| it.auc);
            auc(challenger) > auc(champion)
        },
        "You promote the higher AUC. Of two equal models one is higher every time: ask for the lower end of the difference's interval to be above 0.",
    ),
    (
        |(y, challenger, champion)| {
            let interval = |scores| roc_auc_interval(y, scores, 0.95);
            match (interval(challenger), interval(champion)) {
                (Ok(new), Ok(old)) => new.interval.lower > old.interval.upper,
                _ => false,
            }
        },
        "You wait until the two intervals are apart. Both models err on the same rows, so the difference is known far better than each AUC: use `roc_auc_difference`.",
    ),
    (
        |(y, challenger, champion)| {
            roc_auc_difference(y, challenger, champion, 0.95).is_ok_and(|test| test.p_value < 0.05)
        },
        "A small p-value says that they differ, not which is better: you promote a challenger that is significantly worse.",
    ),
    (
        |(y, challenger, champion)| {
            roc_auc_difference(y, challenger, champion, 0.95)
                .is_ok_and(|test| test.interval.upper < 0.0)
        },
        "The sign is the wrong way round: `roc_auc_difference` takes the challenger first and gives challenger minus champion.",
    ),
];

/// `rows` labels; scores of a champion, and of a challenger that sees `gain` more of the signal and differs by
/// some noise of its own.
fn shadow(seed: u32, rows: usize, noise: f64, gain: f64) -> Shadow {
    let mut rng = RandomState::seed(seed);
    let y = Array1::from_shape_simple_fn(rows, || usize::from(rng.rand(()) < 0.3));
    let signal = y.mapv(|label| label as f64);
    let mut normal = || Array1::from_shape_simple_fn(rows, || rng.randn(()));
    let shared = &signal + &normal();
    let champion = &shared + &(normal() * noise);
    let challenger = &shared + &(normal() * noise) + &(signal * gain);
    (y, challenger, champion)
}

/// A shadow run whose difference is `z` standard errors: the gain is found by bisection.
fn shadow_at(seed: u32, rows: usize, noise: f64, z: f64) -> Shadow {
    let (mut low, mut high) = (-3.0, 3.0);
    for _ in 0..16 {
        let middle = 0.5 * (low + high);
        let (y, challenger, champion) = shadow(seed, rows, noise, middle);
        let reached = roc_auc_difference(&y, &challenger, &champion, 0.95)
            .is_ok_and(|test| test.difference > z * test.standard_error);
        match reached {
            true => high = middle,
            false => low = middle,
        }
    }
    shadow(seed, rows, noise, 0.5 * (low + high))
}

/// The place of the challenger that is a little less certain than 95 %, with a large difference on few rows.
const FEW_ROWS: usize = 7;
/// The place of the one that is a little more certain than 95 %, with a small difference on many rows.
const MANY_ROWS: usize = 8;

/// Clearly better, better by a little, equal, worse by a little, and the very same scores; then two near the limit,
/// in which the larger difference is the less certain one.
fn shadows() -> Vec<Shadow> {
    let mut all: Vec<Shadow> = [(1, 2.0), (2, 0.2), (3, 0.0), (4, 0.0), (5, -0.3), (6, 0.0)]
        .into_iter()
        .map(|(seed, gain)| shadow(seed, 600, 0.2, gain))
        .collect();
    let (y, challenger, _) = shadow(7, 600, 0.2, 0.0);
    all.push((y, challenger.clone(), challenger));
    all.push(shadow_at(8, 200, 0.5, 1.88));
    all.push(shadow_at(9, 3000, 0.1, 2.05));
    all
}

/// Checks a rule that says whether a challenger is to be promoted: given labels, its scores and the
/// champion's on the same rows, whether the 95 % interval of the paired difference lies above 0.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q25_promote;
/// assert!(!check_q25_promote(|_, _, _| true).has_passed());
/// ```
pub fn check_q25_promote(
    answer: impl Fn(&Array1<usize>, &Array1<f64>, &Array1<f64>) -> bool,
) -> Verdict {
    Verdict::of(|| {
        let cases = shadows();
        let found: Vec<bool> = cases
            .iter()
            .map(|(y, new, old)| answer(y, new, old))
            .collect();
        let of = |rule: PromotionRule| -> Vec<bool> { cases.iter().map(rule).collect() };
        let right = of(right_promotion);
        if found == right {
            return Verdict::passed(
                "Promoted on evidence: the interval of the paired difference lies above 0. A challenger that is only new stays where it is.",
            );
        }
        if let Some((_, message)) = WRONG_PROMOTION.iter().find(|(rule, _)| of(*rule) == found) {
            return Verdict::not_yet(*message);
        }
        if found.iter().all(|&promoted| promoted) {
            return Verdict::not_yet(
                "You promote every challenger. Some of these are worse than the champion, and one is the champion itself.",
            );
        }
        if !found.contains(&true) {
            return Verdict::not_yet(
                "You promote nobody, and some of these challengers are better beyond doubt. An error (equal rankings) means no, a lower end above 0 means yes.",
            );
        }
        let wrong = |place: usize| found.get(place) != right.get(place);
        let wrong_places = found.iter().zip(&right).filter(|(a, b)| a != b).count();
        let near_the_limit = match (wrong(FEW_ROWS), wrong(MANY_ROWS)) {
            (true, true) => Some(
                "You go by the size of the difference. A large one on 200 rows may be chance, and a small one on 3,000 rows is none: compare it with its standard error, by the interval.",
            ),
            (true, false) if wrong_places == 1 => Some(
                "You promote one whose 95 % interval still holds 0: its difference is large, but there are 200 rows. Is your level below 0.95, or the test one-sided?",
            ),
            (false, true) if wrong_places == 1 => Some(
                "You refuse one whose 95 % interval lies above 0: a difference is no less certain for being small. Is your level above 0.95, or do you ask for a minimum on top?",
            ),
            _ => None,
        };
        if let Some(message) = near_the_limit {
            return Verdict::not_yet(message);
        }
        Verdict::not_yet(
            "Some of the challengers get the wrong answer. Take `roc_auc_difference(y, challenger, champion, 0.95)` and promote if its `lower` is above 0.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_rule_is_told_its_own_mistake() {
        let check = |rule: PromotionRule| {
            check_q25_promote(|y, new, old| rule(&(y.clone(), new.clone(), old.clone())))
        };
        assert!(check(right_promotion).has_passed());
        for (rule, message) in WRONG_PROMOTION {
            assert_eq!(check(rule).message(), message);
        }
    }

    #[test]
    fn the_larger_difference_of_the_two_near_the_limit_is_the_less_certain() {
        let all = shadows();
        let of = |place: usize| {
            let (y, new, old) = &all[place];
            roc_auc_difference(y, new, old, 0.95).expect("they differ")
        };
        let (few, many) = (of(FEW_ROWS), of(MANY_ROWS));
        assert!(
            few.difference > 0.02 && many.difference < 0.01,
            "{few:?} {many:?}"
        );
        assert!(
            few.interval.lower < 0.0 && many.interval.lower > 0.0,
            "{few:?} {many:?}"
        );
    }
}
