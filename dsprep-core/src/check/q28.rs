//! Question 28: naming five faults by their symptoms, and serving what was trained.

mod encode;

pub use encode::check_q28_encode;

use super::Verdict;
use crate::random::RandomState;
use crate::triage::{PipelineFault, Symptoms, faulty_systems, row_parity};
use crate::{Error, Result};
use ndarray::{Array1, Array2};

/// The answer to exercise 1.
type Diagnose = fn(&Symptoms) -> Option<PipelineFault>;
/// The answer to exercise 2: from cents, the age if it is known, and the median age of the training data, the
/// two features.
type Serve = fn(i64, Option<f64>, f64) -> Array1<f64>;

/// Checks `diagnose` on the five systems of [`faulty_systems`], on others with the same faults, and on healthy
/// ones, for which it has to return `None`.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q28_faults;
/// assert!(!check_q28_faults(|_| None).has_passed());
/// ```
pub fn check_q28_faults(diagnose: Diagnose) -> Verdict {
    Verdict::of(|| {
        let verdict = || -> Result<Verdict> {
            for (system, letter) in faulty_systems()?.iter().zip('A'..) {
                let right = system.diagnose();
                let answer = diagnose(system);
                if answer != right {
                    return Ok(Verdict::not_yet(format!(
                        "System {letter}: {}",
                        wrong(answer, right)
                    )));
                }
            }
            for seed in 100..103 {
                for fault in PipelineFault::ALL.map(Some).into_iter().chain([None]) {
                    let mut hidden = Symptoms::of(fault, &mut RandomState::seed(seed))?;
                    if seed == 101 && fault == Some(PipelineFault::ConceptShift) {
                        // The same change the other way: fewer positives for more, or more for fewer.
                        hidden.calibration_z = -hidden.calibration_z;
                    }
                    let answer = diagnose(&hidden);
                    if answer != fault {
                        return Ok(Verdict::not_yet(format!(
                            "The five of the exercise are right, but another system is not: {}",
                            wrong(answer, fault)
                        )));
                    }
                }
            }
            Ok(Verdict::passed(
                "Bugs first: parity and shared rows are exact and need no statistics. Then the test itself: is it as \
             good on fresh rows? Only what is left is the world, and labels tell its two kinds apart.",
            ))
        };
        verdict().unwrap_or_else(|error: Error| Verdict::not_yet(error.to_string()))
    })
}

fn wrong(answer: Option<PipelineFault>, right: Option<PipelineFault>) -> String {
    let Some(right) = right else {
        return format!(
            "nothing is wrong with it, and you say {}. Small differences are chance: the AUC of the domain is \
             near 0.5, the calibration within a few standard errors.",
            name(answer)
        );
    };
    let why = match (right, answer) {
        (
            PipelineFault::Skew,
            Some(PipelineFault::CovariateShift | PipelineFault::ConceptShift),
        ) => {
            "the inputs and the calibration differ, but so they would if we computed a feature in another way; and \
             we do: the same raw rows have two values. Look at `parity_faults` before you blame the world."
        }
        (PipelineFault::Skew, _) => "look at `parity_faults`: the same raw rows have two values.",
        (PipelineFault::SharedRows, Some(PipelineFault::TargetLeak)) => {
            "offline is better than fresh rows, as with any leak, but here the reason can be counted: look at \
             `shared_rows`."
        }
        (PipelineFault::SharedRows, _) => {
            "rows of the test are in the training data. Until the test is honest, no other number can be read."
        }
        (
            PipelineFault::TargetLeak,
            Some(PipelineFault::CovariateShift | PipelineFault::ConceptShift),
        ) => {
            "it is poor on fresh rows of the same months already (`fresh_auc`), so that no change of the world can \
             be the reason. Its calibration is off because it trusts a feature that is worth nothing."
        }
        (PipelineFault::TargetLeak, _) => {
            "compare `offline_auc` with `fresh_auc`, the same months through the same pipeline: the test knew \
             something."
        }
        (PipelineFault::CovariateShift, Some(PipelineFault::ConceptShift)) => {
            "other rows come (`domain_auc`), of which the training data held few. That explains both the lower AUC \
             and the wrong rate; whether P(y | x) has changed as well can be asked only on rows that are alike, \
             after reweighting."
        }
        (PipelineFault::CovariateShift, _) => {
            "other rows come: `domain_auc` says how well they are told from the training data. The AUC alone does \
             not show it: it may fall, as here, or stay."
        }
        (PipelineFault::ConceptShift, Some(PipelineFault::CovariateShift)) => {
            "the rows are the same as ever (`domain_auc` near 0.5), but more or fewer positives follow from them \
             (`calibration_z`): P(y | x) has changed."
        }
        (PipelineFault::ConceptShift, _) => {
            "many standard errors lie between the positives that were predicted and those that came \
             (`calibration_z`); the AUC does not show it here, because this change keeps the ranking."
        }
    };
    format!("{} is not it: {why}", name(answer))
}

fn name(answer: Option<PipelineFault>) -> String {
    answer.map_or("nothing".to_owned(), |fault| format!("{fault:?}"))
}

/// Checks `serve(cents, age, median_age)`, which has to return what the training pipeline makes of the same
/// request: ln(1 + euros), and the age or, where it is missing, the median of the training data.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q28_serve;
/// use dsprep_core::ndarray::array;
/// let verdict = check_q28_serve(|cents, age, _| array![cents as f64, age.unwrap_or(0.0)]);
/// assert!(verdict.message().contains("euros"));
/// ```
pub fn check_q28_serve(serve: Serve) -> Verdict {
    Verdict::of(|| {
        let verdict = || -> Result<Verdict> {
            let mut rng = RandomState::seed(2800);
            let drawn = rng.lognormal(8.0, 1.5, 20)?;
            let ages = rng.uniform(18.0, 80.0, 20)?;
            let mut requests = vec![
                (1250, Some(34.0), 38.0),
                (0, Some(51.0), 38.0),
                (999, None, 38.0),
            ];
            requests.extend(
                drawn
                    .iter()
                    .zip(&ages)
                    .enumerate()
                    .map(|(row, (cents, age))| {
                        let median = if row % 2 == 0 { 41.5 } else { 29.0 };
                        (*cents as i64, (row % 3 > 0).then_some(*age), median)
                    }),
            );
            let mut training = Array2::zeros((requests.len(), 2));
            let mut serving = training.clone();
            for (row, &(cents, age, median)) in requests.iter().enumerate() {
                let right = [(cents as f64 / 100.0).ln_1p(), age.unwrap_or(median)];
                let answer = serve(cents, age, median);
                if answer.len() != 2 {
                    return Ok(Verdict::not_yet(format!(
                        "The model takes 2 features, and yours are {}.",
                        answer.len()
                    )));
                }
                if let Some(message) = wrong_row(&answer, right, cents, age.is_none()) {
                    return Ok(Verdict::not_yet(message));
                }
                for (column, value) in right.into_iter().enumerate() {
                    training[[row, column]] = value;
                    serving[[row, column]] = answer[column];
                }
            }
            let faults = row_parity(&["amount", "age"], &training, &serving, 1e-6)?;
            Ok(match faults.first() {
                Some(fault) => Verdict::not_yet(format!("The pipelines disagree in {fault}.")),
                None => Verdict::passed(
                    "The same 23 requests, the same features. Keep this as a test in CI, and better still have one \
                 function for both, with what was fitted (the median) saved next to the model.",
                ),
            })
        };
        verdict().unwrap_or_else(|error: Error| Verdict::not_yet(error.to_string()))
    })
}

fn wrong_row(answer: &Array1<f64>, right: [f64; 2], cents: i64, no_age: bool) -> Option<String> {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs();
    let (amount, age) = (answer[0], answer[1]);
    let (cents, euros) = (cents as f64, cents as f64 / 100.0);
    if near(amount, right[0]) && near(age, right[1]) {
        return None;
    }
    let message = if !near(amount, right[0]) {
        if near(amount, cents.ln_1p()) || near(amount, cents) {
            "The model was trained on euros, and you serve cents: divide by 100 before the logarithm."
        } else if near(amount, cents.ln()) {
            "You serve ln(cents), and the model was trained on ln(1 + euros): divide by 100 first, then take `ln_1p`, \
             the logarithm of one more."
        } else if near(amount, euros.ln()) {
            "ln of 0 euros is −∞: the training pipeline takes ln(1 + euros), `ln_1p`."
        } else if near(amount, euros) {
            "The amount is in euros, but the logarithm is missing: the model was trained on ln(1 + euros)."
        } else if near(amount, (cents / 100.0).floor().ln_1p()) {
            "The cents are cut off: divide as `f64`, not as an integer."
        } else if amount.is_nan() {
            "The amount is NaN."
        } else {
            return Some(format!(
                "The feature of {cents} cents is ln(1 + {euros}) = {:.4} in training, and {amount:.4} when serving.",
                right[0]
            ));
        }
    } else if no_age && age == 0.0 {
        "A missing age became 0, a newborn: the training pipeline filled in the median."
    } else if no_age {
        "A missing age has to become the median of the training data, which is saved with the model: not NaN, \
         and not a number of your own."
    } else {
        "A known age has to go through unchanged."
    };
    Some(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn told(diagnose: Diagnose) -> String {
        check_q28_faults(diagnose).told()
    }

    #[test]
    fn the_decision_list_of_the_lesson_passes() {
        let verdict = check_q28_faults(Symptoms::diagnose);
        assert!(verdict.has_passed(), "{verdict}");
    }

    #[test]
    fn the_systems_of_the_exercise_have_one_fault_each() -> Result<()> {
        let faults: Vec<_> = faulty_systems()?.iter().map(Symptoms::diagnose).collect();
        let order = [3, 0, 2, 4, 1].map(|place| Some(PipelineFault::ALL[place]));
        assert_eq!(faults, order);
        Ok(())
    }

    #[test]
    fn each_confusion_is_named() {
        let no_parity: Diagnose = |s| {
            Symptoms::diagnose(&Symptoms {
                parity_faults: 0,
                ..*s
            })
        };
        assert!(told(no_parity).contains("before you blame the world"));
        let no_shared: Diagnose = |s| {
            Symptoms::diagnose(&Symptoms {
                shared_rows: 0,
                ..*s
            })
        };
        assert!(told(no_shared).contains("can be counted"));
        let no_fresh: Diagnose = |s| {
            Symptoms::diagnose(&Symptoms {
                fresh_auc: s.offline_auc,
                ..*s
            })
        };
        assert!(told(no_fresh).contains("`fresh_auc`"));
        let no_domain: Diagnose = |s| {
            Symptoms::diagnose(&Symptoms {
                domain_auc: 0.5,
                ..*s
            })
        };
        assert!(told(no_domain).contains("other rows come"));
        let swapped: Diagnose = |s| match s.diagnose() {
            Some(PipelineFault::ConceptShift) => Some(PipelineFault::CovariateShift),
            other => other,
        };
        assert!(told(swapped).contains("same as ever"));
        let one_sided: Diagnose = |s| match s.diagnose() {
            Some(PipelineFault::ConceptShift) if s.calibration_z < 0.0 => None,
            other => other,
        };
        assert!(told(one_sided).contains("`calibration_z`"));
        let other_side: Diagnose = |s| match s.diagnose() {
            Some(PipelineFault::ConceptShift) if s.calibration_z > 0.0 => None,
            other => other,
        };
        assert!(told(other_side).contains("`calibration_z`"));
        let always: Diagnose = |s| s.diagnose().or(Some(PipelineFault::ConceptShift));
        assert!(told(always).contains("nothing is wrong"));
    }

    #[test]
    fn a_constant_diagnosis_does_not_pass() {
        assert!(told(|_| None).contains("nothing is not it"));
        assert!(told(|_| Some(PipelineFault::CovariateShift)).contains("System B"));
        assert!(told(|_| Some(PipelineFault::ConceptShift)).contains("after reweighting"));
    }

    fn told_of(serve: Serve) -> String {
        check_q28_serve(serve).told()
    }

    #[test]
    fn the_training_features_pass() {
        let right: Serve =
            |cents, age, median| array![(cents as f64 / 100.0).ln_1p(), age.unwrap_or(median)];
        assert!(check_q28_serve(right).has_passed());
    }

    #[test]
    fn each_typical_skew_is_named() {
        assert!(told_of(|c, a, m| array![(c as f64).ln_1p(), a.unwrap_or(m)]).contains("cents"));
        assert!(told_of(|c, a, m| array![c as f64 / 100.0, a.unwrap_or(m)]).contains("missing"));
        assert!(told_of(|c, a, m| array![(c as f64).ln(), a.unwrap_or(m)]).contains("ln(cents)"));
        let ln: Serve = |c, a, m| array![(c as f64 / 100.0).ln(), a.unwrap_or(m)];
        assert!(told_of(ln).contains("ln(1 + euros)"));
        let cut: Serve = |c, a, m| array![((c / 100) as f64).ln_1p(), a.unwrap_or(m)];
        assert!(told_of(cut).contains("cut off"));
        let newborn: Serve = |c, a, _| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(0.0)];
        assert!(told_of(newborn).contains("newborn"));
        let own: Serve = |c, a, _| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(38.0)];
        assert!(told_of(own).contains("of your own"));
        let median: Serve = |c, _, m| array![(c as f64 / 100.0).ln_1p(), m];
        assert!(told_of(median).contains("unchanged"));
    }

    #[test]
    fn nonsense_is_told_and_does_not_panic() {
        assert!(told_of(|_, _, _| array![]).contains("yours are 0"));
        assert!(told_of(|_, _, _| array![f64::NAN, 1.0]).contains("NaN"));
        assert!(told_of(|_, _, _| array![-7.0, 1.0]).contains("when serving"));
        let nan: Serve = |c, a, _| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(f64::NAN)];
        assert!(told_of(nan).contains("not NaN"));
    }
}
