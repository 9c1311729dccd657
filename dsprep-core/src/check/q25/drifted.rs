//! Which features of a week have drifted?

use super::super::Verdict;
use crate::experiment::{benjamini_hochberg, bonferroni, holm};

const ALPHA: f64 = 0.05;
const MIN_KS: f64 = 0.1;

/// The p-values of a week's features and their KS statistics; the first case is the one shown.
const WEEKS: [(&[f64], &[f64]); 7] = [
    (
        &[0.03, 0.2, 1e-9, 1e-6, 0.6],
        &[0.11, 0.06, 0.2, 0.02, 0.01],
    ),
    (&[0.01, 0.04, 0.03, 0.02, 0.9, 0.6], &[0.12; 6]),
    (&[1e-30, 1e-20], &[0.03, 0.02]),
    (&[0.012, 0.02, 0.04], &[0.3, 0.3, 0.3]),
    (&[0.03, 0.04, 0.045], &[0.3, 0.3, 0.3]),
    (&[1e-8, 0.5], &[0.1, 0.4]),
    // Exactly at the limit: not below 0.05.
    (&[0.05], &[0.3]),
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
    Verdict::of(|| {
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
        let of = |rule: DriftRule| -> Vec<Vec<bool>> {
            WEEKS.iter().map(|(p, ks)| rule(p, ks)).collect()
        };
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
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_rule_is_told_its_own_mistake() {
        assert!(check_q25_drifted(right_drift).has_passed());
        for (rule, message) in WRONG_DRIFT {
            assert_eq!(check_q25_drifted(rule).message(), message);
        }
    }

    #[test]
    fn nonsense_is_answered_and_never_a_panic() {
        let told = |answer: fn(&[f64], &[f64]) -> Vec<bool>| check_q25_drifted(answer).told();
        assert!(told(|_, _| Vec::new()).contains("has 0 values"));
        assert!(told(|p, _| vec![true; p.len()]).contains("is wrong"));
        assert!(told(|_, _| vec![false; 1000]).contains("has 1000 values"));
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
