//! The exercises on monitoring a model (question 25).
//!
//! Each check knows the usual wrong rules. An answer that behaves as one of them on every case, visible or
//! hidden, is told which one it is.

use super::Verdict;
use crate::evaluate::{roc_auc_difference, roc_auc_interval};
use crate::experiment::{benjamini_hochberg, bonferroni, holm};
use crate::monitor::MonitorAction;
use crate::random::RandomState;
use ndarray::Array1;

const ALPHA: f64 = 0.05;
const MIN_KS: f64 = 0.1;

/// The p-values of a week's features and their KS statistics; the first case is the one shown.
const WEEKS: [(&[f64], &[f64]); 6] = [
    (
        &[0.03, 0.2, 1e-9, 1e-6, 0.6],
        &[0.11, 0.06, 0.2, 0.02, 0.01],
    ),
    (&[0.01, 0.04, 0.03, 0.02, 0.9, 0.6], &[0.12; 6]),
    (&[1e-30, 1e-20], &[0.03, 0.02]),
    (&[0.012, 0.02, 0.04], &[0.3, 0.3, 0.3]),
    (&[0.03, 0.04, 0.045], &[0.3, 0.3, 0.3]),
    (&[1e-8, 0.5], &[0.1, 0.4]),
];

type DriftRule = fn(&[f64], &[f64]) -> Vec<bool>;

fn significant_and_large(adjusted: Vec<f64>, ks: &[f64]) -> Vec<bool> {
    let columns = adjusted.iter().zip(ks);
    columns.map(|(&p, &ks)| p < ALPHA && ks >= MIN_KS).collect()
}

fn right_drift(p_values: &[f64], ks: &[f64]) -> Vec<bool> {
    significant_and_large(holm(p_values).unwrap_or_default(), ks)
}

/// Wrong rules, and what to say to those who follow them.
const WRONG_DRIFT: [(DriftRule, &str); 6] = [
    (
        |p, ks| significant_and_large(p.to_vec(), ks),
        "You compare the p-values as they are. With 50 stable features, 92 of 100 weeks have one below 0.05: correct for their number with `holm`.",
    ),
    (
        |p, _| {
            holm(p)
                .unwrap_or_default()
                .iter()
                .map(|&p| p < ALPHA)
                .collect()
        },
        "You corrected the p-values and left out the effect size. With enough rows a KS of 0.02 has a p-value of 1e-20: ask for KS ≥ 0.1 too.",
    ),
    (
        |p, _| p.iter().map(|&p| p < ALPHA).collect(),
        "This is the original's rule, p < 0.05. It grows with the number of rows and of features: correct with `holm`, and ask for KS ≥ 0.1 too.",
    ),
    (
        |_, ks| ks.iter().map(|&ks| ks >= MIN_KS).collect(),
        "You look at the effect size alone. In a small week a KS of 0.4 is chance: the corrected p-value has to be below 0.05 too.",
    ),
    (
        |p, ks| significant_and_large(bonferroni(p).unwrap_or_default(), ks),
        "Bonferroni keeps its promise and loses power: `holm` makes the same promise and finds more.",
    ),
    (
        |p, ks| significant_and_large(benjamini_hochberg(p).unwrap_or_default(), ks),
        "Benjamini and Hochberg bound the share of false ones among the columns found, not the probability of a false alarm in a week: use `holm`.",
    ),
];

/// Checks a rule that says which features of a week have drifted: given their p-values and their KS
/// statistics, those whose p-value is below 0.05 after Holm's correction and whose KS is at least 0.1.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q25_drifted;
/// let raw = |p: &[f64], _: &[f64]| p.iter().map(|&p| p < 0.05).collect();
/// assert!(check_q25_drifted(raw).to_string().starts_with("Not yet. This is the original's rule"));
/// ```
pub fn check_q25_drifted(answer: impl Fn(&[f64], &[f64]) -> Vec<bool>) -> Verdict {
    let found: Vec<Vec<bool>> = WEEKS.iter().map(|(p, ks)| answer(p, ks)).collect();
    for (found, (p_values, _)) in found.iter().zip(&WEEKS) {
        if found.len() != p_values.len() {
            return Verdict::not_yet(format!(
                "For {} features your answer has {} values: one `bool` for each feature is wanted.",
                p_values.len(),
                found.len()
            ));
        }
    }
    let of =
        |rule: DriftRule| -> Vec<Vec<bool>> { WEEKS.iter().map(|(p, ks)| rule(p, ks)).collect() };
    let right = of(right_drift);
    if found == right {
        return Verdict::passed(
            "Significant after the correction, and large enough to matter: the first keeps the alarms honest for any number of features, the second for any number of rows.",
        );
    }
    if let Some((_, message)) = WRONG_DRIFT.iter().find(|(rule, _)| of(*rule) == found) {
        return Verdict::not_yet(*message);
    }
    let place = found
        .iter()
        .zip(&right)
        .position(|(found, right)| found != right);
    let (p_values, ks) = WEEKS[place.unwrap_or(0)];
    Verdict::not_yet(format!(
        "For the p-values {p_values:?} and the KS statistics {ks:?} your answer is wrong. Correct the p-values with `holm`, compare with 0.05, and ask for KS ≥ 0.1 as well."
    ))
}

/// A fault, drift, and the drop of the AUC with its standard error.
type Findings = (bool, bool, Option<(f64, f64)>);
type DecisionRule = fn(Findings) -> MonitorAction;

const FINDINGS: [Findings; 10] = [
    (false, false, Some((0.005, 0.01))),
    (false, true, Some((0.005, 0.01))),
    (false, false, Some((0.15, 0.01))),
    (false, true, Some((0.15, 0.01))),
    (true, true, Some((0.15, 0.01))),
    (true, false, None),
    (false, true, None),
    (false, false, None),
    (false, false, Some((0.04, 0.03))),
    (false, true, Some((0.03, 0.009))),
];

fn dropped(drop: Option<(f64, f64)>) -> bool {
    drop.is_some_and(|(drop, error)| drop - 1.96 * error > 0.02)
}

fn right_decision((fault, drifted, drop): Findings) -> MonitorAction {
    match (fault, dropped(drop), drifted) {
        (true, ..) => MonitorAction::Repair,
        (_, true, _) => MonitorAction::Retrain,
        (.., true) => MonitorAction::Investigate,
        _ => MonitorAction::Keep,
    }
}

const WRONG_DECISION: [(DecisionRule, &str); 6] = [
    (
        |(fault, drifted, drop)| match fault {
            true => MonitorAction::Repair,
            false if drifted || dropped(drop) => MonitorAction::Retrain,
            false => MonitorAction::Keep,
        },
        "You retrain on drift alone, as the original does. A right model stays right when only P(x) moves: investigate.",
    ),
    (
        |(_, drifted, drop)| match (drifted, dropped(drop)) {
            (_, true) => MonitorAction::Retrain,
            (true, _) => MonitorAction::Investigate,
            _ => MonitorAction::Keep,
        },
        "You overlook the fault. A model that is trained on a broken feature learns the fault: repair first.",
    ),
    (
        |(fault, drifted, drop)| match (dropped(drop), fault, drifted) {
            (true, ..) => MonitorAction::Retrain,
            (_, true, _) => MonitorAction::Repair,
            (.., true) => MonitorAction::Investigate,
            _ => MonitorAction::Keep,
        },
        "When a feature is broken and the AUC has dropped, you retrain. The fault is the likely cause, and the training data hold it: repair first.",
    ),
    (
        |(fault, drifted, drop)| match (fault, drop.is_some_and(|(drop, _)| drop > 0.02), drifted) {
            (true, ..) => MonitorAction::Repair,
            (_, true, _) => MonitorAction::Retrain,
            (.., true) => MonitorAction::Investigate,
            _ => MonitorAction::Keep,
        },
        "You compare the drop itself with 0.02. A drop of 0.04 ± 0.06 may be none at all: the lower end, drop − 1.96 · standard error, has to be above 0.02.",
    ),
    (
        |(fault, drifted, drop)| match (fault, drifted && dropped(drop), drifted) {
            (true, ..) => MonitorAction::Repair,
            (_, true, _) => MonitorAction::Retrain,
            (.., true) => MonitorAction::Investigate,
            _ => MonitorAction::Keep,
        },
        "You wait for drift before you believe the drop. Concept drift leaves P(x) as it is, and only the labels show it: a drop is enough.",
    ),
    (
        |(fault, _, drop)| match (fault, dropped(drop)) {
            (true, _) => MonitorAction::Repair,
            (_, true) => MonitorAction::Retrain,
            _ => MonitorAction::Keep,
        },
        "You ignore drift that has done no harm yet. While the labels are not there, it is the only warning: investigate.",
    ),
];

/// Checks a rule that decides from a fault, drift and the drop of the AUC with its standard error (none while
/// no labels have matured).
///
/// # Examples
/// ```
/// use dsprep_core::{check::check_q25_decide, monitor::MonitorAction};
/// let verdict = check_q25_decide(|_, _, _| MonitorAction::Keep);
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q25_decide(
    answer: impl Fn(bool, bool, Option<(f64, f64)>) -> MonitorAction,
) -> Verdict {
    let found = FINDINGS.map(|(fault, drifted, drop)| answer(fault, drifted, drop));
    let right = FINDINGS.map(right_decision);
    if found == right {
        return Verdict::passed(
            "Faults first, since they poison the training data; then proven harm; then drift, which a person should look at. A drop counts once its interval is clear of the tolerance.",
        );
    }
    let same = WRONG_DECISION
        .iter()
        .find(|(rule, _)| FINDINGS.map(*rule) == found);
    if let Some((_, message)) = same {
        return Verdict::not_yet(*message);
    }
    let place = found
        .iter()
        .zip(&right)
        .position(|(found, right)| found != right);
    let place = place.unwrap_or(0);
    let (fault, drifted, drop) = FINDINGS[place];
    let drop = drop.map_or_else(
        || "no labels yet".to_owned(),
        |(drop, error)| format!("a drop of {drop} ± {error}"),
    );
    Verdict::not_yet(format!(
        "With fault {fault}, drift {drifted} and {drop} you decide {:?}. Go in this order: a fault is repaired, a proven drop is retrained, drift is investigated, otherwise keep.",
        found[place]
    ))
}

/// Labels, the challenger's scores and the champion's.
type Shadow = (Array1<usize>, Array1<f64>, Array1<f64>);
type PromotionRule = fn(&Shadow) -> bool;

fn right_promotion((y, challenger, champion): &Shadow) -> bool {
    roc_auc_difference(y, challenger, champion, 0.95).is_ok_and(|test| test.lower > 0.0)
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
                (Ok(new), Ok(old)) => new.lower > old.upper,
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
            roc_auc_difference(y, challenger, champion, 0.95).is_ok_and(|test| test.upper < 0.0)
        },
        "The sign is the wrong way round: `roc_auc_difference` takes the challenger first and gives challenger minus champion.",
    ),
];

/// 600 labels; scores of a champion, and of a challenger that sees `gain` more of the signal and differs by
/// some noise of its own.
fn shadow(seed: u32, gain: f64) -> Shadow {
    let mut rng = RandomState::seed(seed);
    let y = rng.rand(600).mapv(|u| usize::from(u < 0.3));
    let signal = y.mapv(|label| label as f64);
    let shared = &signal + &rng.randn(600);
    let champion = &shared + &(rng.randn(600) * 0.2);
    let challenger = &shared + &(rng.randn(600) * 0.2) + &(signal * gain);
    (y, challenger, champion)
}

/// Clearly better, better by a little, equal, worse by a little, and the very same scores.
fn shadows() -> Vec<Shadow> {
    let mut all: Vec<Shadow> = [(1, 2.0), (2, 0.2), (3, 0.0), (4, 0.0), (5, -0.3), (6, 0.0)]
        .into_iter()
        .map(|(seed, gain)| shadow(seed, gain))
        .collect();
    let (y, challenger, _) = shadow(7, 0.0);
    all.push((y, challenger.clone(), challenger));
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
    Verdict::not_yet(
        "Some of the challengers get the wrong answer. Take `roc_auc_difference(y, challenger, champion, 0.95)` and promote if its `lower` is above 0.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_rules_pass() {
        assert!(check_q25_drifted(right_drift).has_passed());
        assert!(
            check_q25_decide(|fault, drift, drop| right_decision((fault, drift, drop)))
                .has_passed()
        );
        let promote = |y: &Array1<usize>, new: &Array1<f64>, old: &Array1<f64>| {
            right_promotion(&(y.clone(), new.clone(), old.clone()))
        };
        assert!(check_q25_promote(promote).has_passed());
    }

    #[test]
    fn each_wrong_drift_rule_is_told_its_own_mistake() {
        for (rule, message) in WRONG_DRIFT {
            assert_eq!(check_q25_drifted(rule).message(), message);
        }
    }

    #[test]
    fn each_wrong_decision_is_told_its_own_mistake() {
        for (rule, message) in WRONG_DECISION {
            let verdict = check_q25_decide(|fault, drift, drop| rule((fault, drift, drop)));
            assert_eq!(verdict.message(), message);
        }
    }

    #[test]
    fn each_wrong_promotion_is_told_its_own_mistake() {
        for (rule, message) in WRONG_PROMOTION {
            let verdict =
                check_q25_promote(|y, new, old| rule(&(y.clone(), new.clone(), old.clone())));
            assert_eq!(verdict.message(), message);
        }
    }

    #[test]
    fn nonsense_is_answered_and_never_a_panic() {
        assert!(
            check_q25_drifted(|_, _| Vec::new())
                .message()
                .contains("has 0 values")
        );
        assert!(
            check_q25_drifted(|p, _| vec![true; p.len()])
                .message()
                .contains("is wrong")
        );
        assert!(
            check_q25_drifted(|_, _| vec![false; 1000])
                .message()
                .contains("has 1000 values")
        );
        assert!(
            check_q25_decide(|_, _, _| MonitorAction::RollBack)
                .message()
                .contains("RollBack")
        );
        assert!(
            check_q25_promote(|_, _, _| true)
                .message()
                .contains("every challenger")
        );
        assert!(
            check_q25_promote(|_, _, _| false)
                .message()
                .contains("promote nobody")
        );
    }

    #[test]
    fn an_answer_that_knows_only_the_case_shown_does_not_pass() {
        let copied = |p: &[f64], _: &[f64]| {
            let mut found = vec![false; p.len()];
            if let Some(third) = found.get_mut(2) {
                *third = true;
            }
            found
        };
        assert!(!check_q25_drifted(copied).has_passed());
    }
}
