//! What a p-value is, and what it is not, by simulation (reference card, question 26).
//!
//! A p-value is the probability, if there is no effect, of a result at least as far from it as the one
//! seen. So without an effect it is uniform between 0 and 1, and a test at the level α finds something in a
//! share α of all experiments: the type-I error. It is not the probability that there is no effect, which
//! depends on how often there is one: see [`simulate_findings`]. After Wasserstein and Lazar, "The ASA
//! statement on p-values", 2016.

use super::welch::welch_p_value;
use crate::Result;
use crate::checks::{at_least_one, finite_number, inner_share, room_for};
use crate::error::out_of_range;
use crate::random::RandomState;
use ndarray::Array1;

/// The p-values of Welch's t-test in simulated experiments of two arms with `users` users each, whose
/// metric is normal with standard deviation 1 and whose means differ by `effect`. O(experiments · users).
///
/// # Errors
/// `Error::OutOfRange` if `effect` is not finite, there are fewer than two users or no experiments.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::simulate_p_values, random::RandomState};
/// let p = simulate_p_values(0.0, 20, 2000, &mut RandomState::seed(0))?;
/// let below = |bound: f64| p.iter().filter(|&&p| p < bound).count() as f64 / 2000.0;
/// assert!((below(0.05) - 0.05).abs() < 0.02 && (below(0.5) - 0.5).abs() < 0.05);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulate_p_values(
    effect: f64,
    users: usize,
    experiments: usize,
    rng: &mut RandomState,
) -> Result<Array1<f64>> {
    finite_number("`effect`", effect)?;
    check_users(users)?;
    at_least_one("`experiments`", experiments)?;
    room_for("`users`", users, 2)?;
    room_for("`experiments`", experiments, 1)?;
    (0..experiments)
        .map(|_| {
            crate::cell::check_interrupt();
            p_value(effect, users, rng)
        })
        .collect()
}

/// The two ways to err, as shares of experiments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorRates {
    /// Something is found though there is nothing: α, if the test is right.
    pub type_1: f64,
    /// Nothing is found though there is something: β.
    pub type_2: f64,
}

impl ErrorRates {
    /// 1 − β: how often an effect is found.
    pub fn power(&self) -> f64 {
        1.0 - self.type_2
    }
}

/// Both error rates of a test at level `alpha`, from `experiments` simulated experiments without an effect
/// and as many with one of `effect` standard deviations. The standard error of a rate r is √(r (1 − r) /
/// experiments).
///
/// # Errors
/// As [`simulate_p_values`]; `Error::OutOfRange` if `alpha` is not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::simulate_error_rates, random::RandomState};
/// // Half a standard deviation needs 64 users an arm for a power of 80 % (Cohen, 1988).
/// let rates = simulate_error_rates(0.5, 64, 0.05, 2000, &mut RandomState::seed(1))?;
/// assert!((rates.type_1 - 0.05).abs() < 0.02 && (rates.power() - 0.8).abs() < 0.04);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulate_error_rates(
    effect: f64,
    users: usize,
    alpha: f64,
    experiments: usize,
    rng: &mut RandomState,
) -> Result<ErrorRates> {
    inner_share("`alpha`", alpha)?;
    let mut found = |effect| -> Result<f64> {
        let p_values = simulate_p_values(effect, users, experiments, rng)?;
        let findings = p_values.iter().filter(|&&p| p < alpha).count();
        Ok(findings as f64 / experiments as f64)
    };
    Ok(ErrorRates {
        type_1: found(0.0)?,
        type_2: 1.0 - found(effect)?,
    })
}

/// What came of many experiments, some with an effect and some without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findings {
    /// There is an effect, and it was found.
    pub true_positives: usize,
    /// There is none, but one was found: a type-I error.
    pub false_positives: usize,
    /// There is an effect, but it was not found: a type-II error.
    pub false_negatives: usize,
    /// There is none, and none was found.
    pub true_negatives: usize,
}

impl Findings {
    /// The share of the findings that are false, whose mean is the false discovery rate; none if nothing was found. About
    /// α (1 − π) / (α (1 − π) + power · π), where π is the share of experiments with an effect.
    pub fn false_discovery_proportion(&self) -> Option<f64> {
        let findings = self.true_positives as f64 + self.false_positives as f64;
        (findings > 0.0).then(|| self.false_positives as f64 / findings)
    }
}

/// Simulates `experiments` experiments, of which a share `real` (0 to 1) have an effect of `effect` standard
/// deviations and the others none, and tests each at the level `alpha`.
///
/// Where effects are rare, many findings are false, though α is 5 % throughout (Ioannidis, "Why most
/// published research findings are false", 2005).
///
/// # Errors
/// As [`simulate_p_values`]; `Error::OutOfRange` if `real` is not in 0 to 1 or `alpha` not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::simulate_findings, random::RandomState};
/// // One idea in ten works, power 80 %: 0.045 / (0.045 + 0.08) = 36 % of the findings are false.
/// let findings = simulate_findings(0.1, 0.5, 64, 0.05, 5000, &mut RandomState::seed(2))?;
/// assert!(findings.false_discovery_proportion().is_some_and(|share| (share - 0.36).abs() < 0.06));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulate_findings(
    real: f64,
    effect: f64,
    users: usize,
    alpha: f64,
    experiments: usize,
    rng: &mut RandomState,
) -> Result<Findings> {
    if !(0.0..=1.0).contains(&real) {
        return Err(out_of_range("`real`", real, "between 0 and 1"));
    }
    inner_share("`alpha`", alpha)?;
    finite_number("`effect`", effect)?;
    check_users(users)?;
    at_least_one("`experiments`", experiments)?;
    room_for("`users`", users, 2)?;
    let mut findings = Findings {
        true_positives: 0,
        false_positives: 0,
        false_negatives: 0,
        true_negatives: 0,
    };
    for _ in 0..experiments {
        crate::cell::check_interrupt();
        let is_real = rng.random_sample(()) < real;
        let found = p_value(if is_real { effect } else { 0.0 }, users, rng)? < alpha;
        let count = match (is_real, found) {
            (true, true) => &mut findings.true_positives,
            (false, true) => &mut findings.false_positives,
            (true, false) => &mut findings.false_negatives,
            (false, false) => &mut findings.true_negatives,
        };
        *count += 1;
    }
    Ok(findings)
}

/// The p-value of one experiment.
fn p_value(effect: f64, users: usize, rng: &mut RandomState) -> Result<f64> {
    let control = rng.randn(users)?;
    let treatment = rng.randn(users)? + effect;
    welch_p_value(&control, &treatment)
}

fn check_users(users: usize) -> Result<()> {
    if users < 2 {
        return Err(out_of_range("`users`", users, "at least 2 in each arm"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_effect_p_is_uniform_and_with_one_it_is_not() -> Result<()> {
        let mut rng = RandomState::seed(3);
        let largest_gap = |p: Array1<f64>| {
            let mut sorted = p.to_vec();
            sorted.sort_by(f64::total_cmp);
            let n = sorted.len() as f64;
            let gaps = sorted.iter().enumerate();
            gaps.fold(0.0, |gap: f64, (i, p)| {
                gap.max((p - (i as f64 + 0.5) / n).abs())
            })
        };
        // Kolmogorov's 99 % point is 1.63 / √n.
        let gap = largest_gap(simulate_p_values(0.0, 12, 10_000, &mut rng)?);
        assert!(gap < 0.0163, "{gap}");
        assert!(largest_gap(simulate_p_values(0.8, 12, 10_000, &mut rng)?) > 0.2);
        Ok(())
    }

    /// The noncentral t-distribution: `power.t.test(n, delta, sd = 1)` of R gives 0.8015 for 64 users and
    /// 0.5, and 0.3377 for 20 and 0.5.
    #[test]
    fn power_is_that_of_the_noncentral_t_distribution() -> Result<()> {
        for (users, power) in [(64, 0.8015), (20, 0.3377)] {
            let mut rng = RandomState::seed(4);
            let rates = simulate_error_rates(0.5, users, 0.05, 20_000, &mut rng)?;
            assert!((rates.type_1 - 0.05).abs() < 0.006, "{rates:?}");
            assert!((rates.power() - power).abs() < 0.013, "{rates:?}");
        }
        Ok(())
    }

    #[test]
    fn a_lower_level_trades_one_error_for_the_other() -> Result<()> {
        let at = |alpha| simulate_error_rates(0.5, 30, alpha, 4000, &mut RandomState::seed(5));
        let (strict, loose) = (at(0.01)?, at(0.1)?);
        assert!(strict.type_1 < loose.type_1 && strict.type_2 > loose.type_2);
        Ok(())
    }

    #[test]
    fn every_experiment_is_counted_once_and_without_effects_all_findings_are_false() -> Result<()> {
        let mut rng = RandomState::seed(6);
        let findings = simulate_findings(0.0, 0.5, 10, 0.2, 500, &mut rng)?;
        assert_eq!(findings.false_discovery_proportion(), Some(1.0));
        assert_eq!(findings.false_positives + findings.true_negatives, 500);
        let all = simulate_findings(1.0, 9.0, 10, 0.05, 50, &mut rng)?;
        assert_eq!(
            (all.true_positives, all.false_discovery_proportion()),
            (50, Some(0.0))
        );
        let none = simulate_findings(0.0, 0.5, 10, 1e-9, 5, &mut rng)?;
        assert_eq!(none.false_discovery_proportion(), None);
        Ok(())
    }

    #[test]
    fn bad_arguments_are_named() {
        let mut rng = RandomState::seed(0);
        let mut message = |effect, users, experiments| {
            let p_values = simulate_p_values(effect, users, experiments, &mut rng);
            p_values.unwrap_err().to_string()
        };
        assert!(message(f64::NAN, 5, 1).contains("`effect` is NaN"));
        assert_eq!(
            message(0.0, 1, 1),
            "`users` is 1, but it must be at least 2 in each arm."
        );
        assert!(message(0.0, 5, 0).contains("`experiments` is 0"));
        assert!(simulate_error_rates(0.5, 5, 0.0, 5, &mut rng).is_err());
        assert!(simulate_findings(1.5, 0.5, 5, 0.05, 5, &mut rng).is_err());
    }

    #[test]
    fn very_many_findings_do_not_overflow() {
        let findings = Findings {
            true_positives: usize::MAX,
            false_positives: 1,
            false_negatives: 0,
            true_negatives: 0,
        };
        assert!(
            findings
                .false_discovery_proportion()
                .is_some_and(|share| share > 0.0 && share < 1e-18)
        );
    }
}
