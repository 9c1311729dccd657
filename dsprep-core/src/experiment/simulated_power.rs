//! The power of a test of two rates, by running it (question 26).

use super::z_test::{Conversions, two_proportion_z_test};
use crate::checks::{at_least_one, check, inner_share};
use crate::error::out_of_range;
use crate::random::RandomState;
use crate::{Error, Result};

/// So many users of an arm are drawn in a moment.
const MOST_USERS: u64 = 100_000_000;

/// The share of simulated experiments in which the two-sided z-test finds a difference at level `alpha`,
/// where the arms convert at `rates` and have `users`, both (control, treatment).
///
/// Its standard error is √(power (1 − power) / experiments). With equal rates this is the type-I error.
/// O(experiments · users).
///
/// # Errors
/// [`Error::OutOfRange`] if a rate or `alpha` is not between 0 and 1, an arm has no users, or there are no
/// experiments.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::simulated_power, random::RandomState};
/// let mut rng = RandomState::seed(26);
/// let power = simulated_power((0.1, 0.2), (200, 200), 0.05, 500, &mut rng)?;
/// assert!((power - 0.81).abs() < 0.06);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulated_power(
    rates: (f64, f64),
    users: (u64, u64),
    alpha: f64,
    experiments: usize,
    rng: &mut RandomState,
) -> Result<f64> {
    inner_share("the control's rate", rates.0)?;
    inner_share("the treatment's rate", rates.1)?;
    inner_share("`alpha`", alpha)?;
    at_least_one("`experiments`", experiments)?;
    if users.0 == 0 || users.1 == 0 {
        return Err(out_of_range(
            "the number of users of an arm",
            0,
            "at least 1",
        ));
    }
    check(
        "the number of users of an arm",
        users.0.max(users.1),
        users.0.max(users.1) <= MOST_USERS,
        "at most 100,000,000: each of them is drawn; for more take `power_proportions`",
    )?;
    let mut findings = 0;
    for _ in 0..experiments {
        crate::cell::check_interrupt();
        let control = converted(rates.0, users.0, rng);
        let treatment = converted(rates.1, users.1, rng);
        match two_proportion_z_test(control, treatment, 1.0 - alpha) {
            Ok(test) if test.p_value < alpha => findings += 1,
            // No finding; or all users did the same, and there is nothing to find.
            Ok(_) | Err(Error::Undefined { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(findings as f64 / experiments as f64)
}

/// Users who convert at `rate`, drawn one by one.
fn converted(rate: f64, users: u64, rng: &mut RandomState) -> Conversions {
    let converted = (0..users).filter(|_| rng.random_sample(()) < rate).count() as u64;
    Conversions { converted, users }
}

#[cfg(test)]
mod tests {
    use super::super::design::{Design, Lift, SampleSize, Variance};
    use super::super::sample_size::power_proportions;
    use super::*;

    #[test]
    fn the_formula_agrees_with_simulation_within_its_monte_carlo_error() {
        let users = SampleSize {
            control: 1500.0,
            treatment: 1000.0,
        };
        let design = Design {
            variance: Variance::Pooled,
            ..Design::default()
        };
        let formula = power_proportions(0.10, Lift::Absolute(0.03), users, &design).unwrap();
        let mut rng = RandomState::seed(26);
        let simulated = simulated_power((0.10, 0.13), (1500, 1000), 0.05, 4000, &mut rng).unwrap();
        let error = (formula * (1.0 - formula) / 4000.0).sqrt();
        assert!(
            (simulated - formula).abs() < 3.0 * error,
            "{simulated} {formula}"
        );
    }

    #[test]
    fn without_an_effect_a_finding_is_as_rare_as_alpha() {
        let mut rng = RandomState::seed(5);
        let error = simulated_power((0.2, 0.2), (500, 500), 0.05, 4000, &mut rng).unwrap();
        assert!((error - 0.05).abs() < 0.012, "{error}");
    }
}
