//! How often a drift alarm is raised for nothing: measured, not promised (question 25).
//!
//! An alarm that is wrong every other week is switched off by those who get it. On a stable stream, m
//! uncorrected tests at level α raise at least one alarm in a share 1 − (1 − α)^m of the weeks; and a p-value
//! alone raises one for any difference, however small, once there are enough rows.

use super::drift::{DriftPolicy, DriftReference};
use crate::Result;
use crate::checks::room_for;
use crate::error::out_of_range;
use crate::random::RandomState;

/// The share of `weeks` in which `policy` finds drift in at least one of `features` columns.
///
/// The reference and each week have `rows` rows of standard normal features, and each week all features are
/// moved by `shift` standard deviations: with 0 every alarm is false, with 0.02 it is pointless. Each week
/// has a reference of its own, so that the weeks are independent. O(weeks · features · rows log rows).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if a number is 0, `shift` is not finite or the policy
/// makes no sense.
///
/// # Examples
/// ```
/// use dsprep_core::{monitor::{Correction, DriftPolicy, alarm_rate}, random::RandomState};
/// let raw = DriftPolicy::default().alpha(0.05).correction(Correction::None).min_ks(0.0).min_psi(0.0);
/// assert!(alarm_rate(200, 20, 0.0, 50, &raw, &mut RandomState::seed(1))? > 0.4); // 1 − 0.95²⁰ = 0.64
/// assert!(alarm_rate(200, 20, 0.0, 50, &raw.correction(Correction::Holm), &mut RandomState::seed(1))? < 0.2);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn alarm_rate(
    rows: usize,
    features: usize,
    shift: f64,
    weeks: usize,
    policy: &DriftPolicy,
    rng: &mut RandomState,
) -> Result<f64> {
    for (what, number) in [
        ("`rows`", rows),
        ("`features`", features),
        ("`weeks`", weeks),
    ] {
        if number == 0 {
            return Err(out_of_range(what, number, "1 or greater"));
        }
    }
    if !shift.is_finite() {
        return Err(out_of_range("`shift`", shift, "a finite number"));
    }
    room_for("the size of a week", rows, features)?;
    let mut alarms = 0;
    for _ in 0..weeks {
        crate::cell::check_interrupt();
        let reference = DriftReference::new(&rng.randn((rows, features))?)?;
        let report = reference.check(&(rng.randn((rows, features))? + shift), policy)?;
        alarms += usize::from(report.columns.iter().any(|column| column.drifted));
    }
    Ok(alarms as f64 / weeks as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::Correction;

    fn raw() -> DriftPolicy {
        DriftPolicy {
            alpha: 0.05,
            correction: Correction::None,
            min_ks: 0.0,
            min_psi: 0.0,
            ..DriftPolicy::default()
        }
    }

    #[test]
    fn without_a_correction_false_alarms_grow_with_the_features_as_the_formula_says() -> Result<()>
    {
        for features in [1, 10] {
            let measured = alarm_rate(400, features, 0.0, 400, &raw(), &mut RandomState::seed(5))?;
            let expected = 1.0 - 0.95_f64.powi(features as i32);
            let error = (expected * (1.0 - expected) / 400.0).sqrt();
            // The asymptotic p-value of discrete steps is a little too large, so the rate is a little low.
            assert!(measured < expected + 3.0 * error, "{features}: {measured}");
            assert!(measured > 0.6 * expected, "{features}: {measured}");
        }
        Ok(())
    }

    #[test]
    fn holm_keeps_the_rate_below_alpha_for_any_number_of_features() -> Result<()> {
        let holm = DriftPolicy {
            correction: Correction::Holm,
            ..raw()
        };
        for features in [5, 25] {
            let measured = alarm_rate(300, features, 0.0, 300, &holm, &mut RandomState::seed(6))?;
            assert!(
                measured < 0.05 + 3.0 * (0.05 * 0.95 / 300.0_f64).sqrt(),
                "{measured}"
            );
        }
        Ok(())
    }

    #[test]
    fn a_shift_that_does_not_matter_raises_alarms_until_an_effect_size_is_asked_for() -> Result<()>
    {
        let holm = DriftPolicy {
            correction: Correction::Holm,
            ..raw()
        };
        assert_eq!(
            alarm_rate(20_000, 5, 0.05, 10, &holm, &mut RandomState::seed(7))?,
            1.0
        );
        assert_eq!(
            alarm_rate(
                20_000,
                5,
                0.05,
                10,
                &DriftPolicy::default(),
                &mut RandomState::seed(7)
            )?,
            0.0
        );
        Ok(())
    }

    #[test]
    fn nothing_to_measure_is_refused() {
        let error = alarm_rate(10, 0, 0.0, 10, &raw(), &mut RandomState::seed(1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`features` is 0, but it must be 1 or greater."
        );
        assert!(alarm_rate(10, 1, f64::NAN, 10, &raw(), &mut RandomState::seed(1)).is_err());
    }
}
