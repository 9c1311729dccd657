//! What is to be done, from a fault, drift and the drop of the AUC?

use super::super::Verdict;
use crate::monitor::MonitorAction;

/// A fault, drift, and the drop of the AUC with its standard error.
type Findings = (bool, bool, Option<(f64, f64)>);
type DecisionRule = fn(Findings) -> MonitorAction;

/// What is known of the drop: nothing, none, one that may be chance, a proven one; then drops near the limit, a
/// small one that is certain, and a rise.
const DROPS: [Option<(f64, f64)>; 8] = [
    Some((0.005, 0.01)),
    Some((0.15, 0.01)),
    None,
    Some((0.04, 0.03)),
    Some((0.04, 0.011)),
    Some((0.04, 0.009)),
    Some((0.015, 0.001)),
    Some((-0.15, 0.01)),
];

/// All combinations, those without a fault first.
fn all_findings() -> Vec<Findings> {
    let faults = [false, true].into_iter();
    let both = faults.flat_map(|fault| DROPS.map(|drop| (fault, drop)));
    both.flat_map(|(fault, drop)| [false, true].map(|drifted| (fault, drifted, drop)))
        .collect()
}

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

const WRONG_DECISION: [(DecisionRule, &str); 8] = [
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
    (
        |(fault, drifted, drop)| {
            let moved = drop.is_some_and(|(drop, error)| drop.abs() - 1.96 * error > 0.02);
            match (fault, moved, drifted) {
                (true, ..) => MonitorAction::Repair,
                (_, true, _) => MonitorAction::Retrain,
                (.., true) => MonitorAction::Investigate,
                _ => MonitorAction::Keep,
            }
        },
        "A negative drop is a rise. You retrain a model that got better: leave the sign on the drop.",
    ),
    (
        |(fault, drifted, drop)| {
            let any = drop.is_some_and(|(drop, error)| drop - 1.96 * error > 0.0);
            match (fault, any, drifted) {
                (true, ..) => MonitorAction::Repair,
                (_, true, _) => MonitorAction::Retrain,
                (.., true) => MonitorAction::Investigate,
                _ => MonitorAction::Keep,
            }
        },
        "You retrain for any proven drop. One of 0.015 is certain here and still within the tolerance: the lower end has to be above 0.02, not above 0.",
    ),
];

/// What a decision that is not right shows about its rule.
fn why_wrong((fault, _, drop): Findings, found: MonitorAction) -> &'static str {
    match (fault, dropped(drop), found) {
        (true, true, MonitorAction::Retrain) => {
            "The fault is the likely cause of the drop, and the training data hold it: repair first, whatever else is found. "
        }
        (true, ..) => "A fault is repaired first, whatever else is found. ",
        (false, _, MonitorAction::Repair) => "There is no fault to repair. ",
        (false, true, _) => "The whole interval of the drop lies above 0.02. ",
        (false, false, MonitorAction::Retrain) => {
            "The lower end of the drop, drop − 1.96 · standard error, is not above 0.02. "
        }
        _ => "",
    }
}

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
    Verdict::of(|| {
        let findings = all_findings();
        let of = |rule: &dyn Fn(Findings) -> MonitorAction| -> Vec<MonitorAction> {
            findings.iter().copied().map(rule).collect()
        };
        let found = of(&|(fault, drifted, drop)| answer(fault, drifted, drop));
        let right = of(&right_decision);
        if found == right {
            return Verdict::passed(
                "Faults first, since they poison the training data; then proven harm; then drift, which a person should look at. A drop counts once its interval is clear of the tolerance.",
            );
        }
        let same = WRONG_DECISION.iter().find(|(rule, _)| of(rule) == found);
        if let Some((_, message)) = same {
            return Verdict::not_yet(*message);
        }
        let place = found
            .iter()
            .zip(&right)
            .position(|(found, right)| found != right);
        let place = place.unwrap_or(0);
        let (fault, drifted, drop) = findings[place];
        let why = why_wrong(findings[place], found[place]);
        let drop = drop.map_or_else(
            || "no labels yet".to_owned(),
            |(drop, error)| format!("a drop of {drop} ± {error}"),
        );
        Verdict::not_yet(format!(
            "With fault {fault}, drift {drifted} and {drop} you decide {:?}. {why}Go in this order: a fault is repaired, a proven drop is retrained, drift is investigated, otherwise keep.",
            found[place]
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_rule_is_told_its_own_mistake() {
        let check = |rule: DecisionRule| {
            check_q25_decide(|fault, drifted, drop| rule((fault, drifted, drop)))
        };
        assert!(check(right_decision).has_passed());
        for (rule, message) in WRONG_DECISION {
            assert_eq!(check(rule).message(), message);
        }
    }
}
