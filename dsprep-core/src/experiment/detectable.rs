//! The smallest effect that an experiment of a given size can find (question 26).
//!
//! [`sample_size_proportions`](super::sample_size_proportions) turned round: the users are fixed by traffic
//! and patience, and the question is what would be seen. Ask before the experiment; asked of a finished one,
//! the interval of its difference is the answer.

use super::design::{Design, Lift, SampleSize};
use super::{power_means, power_proportions};
use crate::distribution::normal;
use crate::{Error, Result};

/// The smallest increase of a rate of `baseline` that `users` find with the power of `design`, as an absolute
/// difference. `design.ratio` is not used. O(1).
///
/// For a decrease ask for the rate of those who did *not* convert, 1 − `baseline`.
///
/// # Errors
/// [`Error::OutOfRange`] if `baseline` is not between 0 and 1 or `design` or `users` is not valid;
/// [`Error::Undefined`] if even a rate of nearly 1 would not be found.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, minimum_detectable_effect_proportions, sample_size_proportions};
/// let design = Design::default();
/// let users = sample_size_proportions(0.10, Lift::Absolute(0.02), &design)?;
/// let effect = minimum_detectable_effect_proportions(0.10, users, &design)?;
/// assert!((effect - 0.02).abs() < 1e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn minimum_detectable_effect_proportions(
    baseline: f64,
    users: SampleSize,
    design: &Design,
) -> Result<f64> {
    let power = |effect: f64| power_proportions(baseline, Lift::Absolute(effect), users, design);
    // Any effect will do for the checks of the arguments.
    power((1.0 - baseline) / 2.0)?;
    let (mut low, mut high) = (0.0, (1.0 - baseline) * (1.0 - 1e-12));
    if power(high)? < design.power {
        return Err(Error::Undefined {
            what: "the minimum detectable effect",
            reason: format!(
                "{} and {} users would not find even a rate of 1",
                users.control, users.treatment
            ),
            remedy: "Collect more users.",
        });
    }
    // The power grows with the effect. The middle of two neighbours is one of them.
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return Ok(high);
        }
        match power(middle)? < design.power {
            true => low = middle,
            false => high = middle,
        }
    }
}

/// The smallest difference of means that `users` find with the power of `design`, in the metric's unit, where
/// the standard deviations are `sd = (control, treatment)`. `design.ratio` is not used.
///
/// On two sides, findings in the wrong direction are not counted: at a power of 0.8 there is one in a million.
///
/// # Errors
/// [`Error::OutOfRange`] if a standard deviation is not positive or `design` or `users` is not valid.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, SampleSize, minimum_detectable_effect_means};
/// let users = SampleSize { control: 63.0, treatment: 63.0 };
/// let effect = minimum_detectable_effect_means((10.0, 10.0), users, &Design::default())?;
/// assert!((effect - 5.0).abs() < 0.01);      // half a standard deviation
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn minimum_detectable_effect_means(
    sd: (f64, f64),
    users: SampleSize,
    design: &Design,
) -> Result<f64> {
    // Checks the arguments; the effect itself follows from them.
    power_means(0.0, Lift::Absolute(1.0), sd, users, design)?;
    design.check()?;
    let se = (sd.0 / users.control.sqrt()).hypot(sd.1 / users.treatment.sqrt());
    Ok((design.critical_z() + normal::quantile(design.power)) * se)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Sides, Variance, sample_size_means, sample_size_proportions};

    /// SciPy's `brentq` on `power_proportions_2indep`, which is the pooled variance, and
    /// `NormalIndPower().solve_power(nobs1=..., ratio=...)`, whose solver stops after five digits, statsmodels 0.15.0:
    /// `tests/peers/experiment.py`.
    #[test]
    fn effects_equal_statsmodels() -> Result<()> {
        let pooled = Design {
            variance: Variance::Pooled,
            ..Design::default()
        };
        for (baseline, control, treatment, expected) in PROPORTIONS {
            let users = SampleSize { control, treatment };
            let found = minimum_detectable_effect_proportions(baseline, users, &pooled)?;
            assert!(
                (found - expected).abs() < 1e-8 * expected,
                "{found} {expected}"
            );
        }
        let users = SampleSize {
            control: 300.0,
            treatment: 150.0,
        };
        let one_sided = Design {
            sides: Sides::One,
            ..Design::default()
        };
        let found = minimum_detectable_effect_means((2.0, 2.0), users, &one_sided)?;
        assert!((found - MEANS).abs() < 1e-5, "{found}");
        Ok(())
    }

    #[test]
    fn the_users_for_an_effect_detect_just_this_effect_up_to_a_billion() -> Result<()> {
        let design = Design::default();
        for effect in [0.1, 1e-3, 1e-5] {
            let users = sample_size_proportions(0.3, Lift::Absolute(effect), &design)?;
            let found = minimum_detectable_effect_proportions(0.3, users, &design)?;
            assert!((found / effect - 1.0).abs() < 1e-3, "{found} {effect}");
            let users = sample_size_means(5.0, Lift::Absolute(effect), (2.0, 3.0), &design)?;
            let found = minimum_detectable_effect_means((2.0, 3.0), users, &design)?;
            assert!((found / effect - 1.0).abs() < 1e-9, "{found} {effect}");
        }
        Ok(())
    }

    #[test]
    fn too_few_users_and_impossible_arguments_are_said() {
        let design = Design::default();
        let users = |n: f64| SampleSize {
            control: n,
            treatment: n,
        };
        let few = minimum_detectable_effect_proportions(0.9, users(3.0), &design);
        assert!(matches!(few, Err(Error::Undefined { .. })), "{few:?}");
        for baseline in [0.0, 1.0, f64::NAN] {
            assert!(
                minimum_detectable_effect_proportions(baseline, users(100.0), &design).is_err()
            );
        }
        assert!(minimum_detectable_effect_proportions(0.5, users(0.0), &design).is_err());
        assert!(minimum_detectable_effect_means((0.0, 1.0), users(10.0), &design).is_err());
    }

    const PROPORTIONS: [(f64, f64, f64, f64); 3] = [
        (0.1, 3841.0, 3841.0, 0.01999956133011117),
        (0.02, 10000.0, 5000.0, 0.007296372958744729),
        (0.5, 200000000.0, 200000000.0, 0.00014007908756352654),
    ];
    const MEANS: f64 = 0.49729821109345723;

    #[test]
    fn an_effect_that_a_rate_can_not_show_is_found_too() -> Result<()> {
        let users = SampleSize {
            control: 1e40,
            treatment: 1e40,
        };
        let effect = minimum_detectable_effect_proportions(0.5, users, &Design::default())?;
        assert!((effect / 1.981e-20 - 1.0).abs() < 1e-4, "{effect}");
        Ok(())
    }
}
