//! How many users an A/B test needs, and what power it has (question 26).
//!
//! The normal approximation: with standard deviations σ₀ under the null hypothesis and σ₁ under the
//! alternative, a difference δ is found with the wanted power by
//!
//! n = ((z₁₋α⁄₂ σ₀ + z_power σ₁) / δ)² control users,
//!
//! where σ² = σ_control² + σ_treatment² / ratio is the variance of the difference times n. After Fleiss,
//! Levin and Paik, "Statistical methods for rates and proportions", 2003, chapter 4.

use super::design::{Design, Lift, SampleSize, Sides, Variance};
use crate::Result;
use crate::checks::{finite_number, inner_share, number, numbers, positive};
use crate::distribution::normal;
use crate::error::out_of_range;

/// Users needed to detect `lift` on a conversion rate of `baseline`.
///
/// # Errors
/// `Error::OutOfRange` if `baseline` or the lifted rate is not between 0 and 1, the lift is 0, or
/// `design` has a share outside (0, 1) or a ratio that is not positive.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, Variance, sample_size_proportions};
///
/// // The original notebook: 10 % to 12 %, the control's variance for both arms.
/// let original = Design::default().variance(Variance::Baseline);
/// let n = sample_size_proportions(0.10, Lift::Absolute(0.02), &original)?;
/// assert_eq!(n.rounded_up(), (3532, 3532));
///
/// // With each arm's own variance; and for a lift of 2 %, which is what the original says.
/// let design = Design::default();
/// assert_eq!(sample_size_proportions(0.10, Lift::Absolute(0.02), &design)?.rounded_up().0, 3839);
/// assert_eq!(sample_size_proportions(0.10, Lift::Relative(0.02), &original)?.rounded_up().0, 353_200);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn sample_size_proportions(baseline: f64, lift: Lift, design: &Design) -> Result<SampleSize> {
    let effect = Effect::of_proportions(baseline, lift, design)?;
    effect.sample_size(design)
}

/// Users needed to detect `lift` on a mean of `baseline`, with the standard deviations
/// `sd = (control, treatment)`, all in the metric's unit.
///
/// With [`Variance::Baseline`] the control's standard deviation is taken for both arms. The normal
/// approximation: below about 30 users an arm, the t-test needs one or two users more.
///
/// # Errors
/// `Error::OutOfRange` if a standard deviation is not positive, the lift is 0 or not finite, or `design`
/// is not valid.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, sample_size_means};
/// // Half a standard deviation: the textbook's 63 users an arm.
/// let n = sample_size_means(20.0, Lift::Absolute(5.0), (10.0, 10.0), &Design::default())?;
/// assert_eq!(n.rounded_up(), (63, 63));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn sample_size_means(
    baseline: f64,
    lift: Lift,
    sd: (f64, f64),
    design: &Design,
) -> Result<SampleSize> {
    let effect = Effect::of_means(baseline, lift, sd, design)?;
    effect.sample_size(design)
}

/// The probability that a test with `control` and `treatment` users finds `lift` on a rate of `baseline`.
///
/// `design.power` and `design.ratio` are not used, though a design is checked as a whole. On two sides, findings in the wrong direction count.
///
/// # Errors
/// As [`sample_size_proportions`]; `Error::OutOfRange` if an arm has no users.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, power_proportions, sample_size_proportions};
/// let (design, lift) = (Design::default(), Lift::Absolute(0.02));
/// let n = sample_size_proportions(0.10, lift, &design)?;
/// assert!((power_proportions(0.10, lift, n, &design)? - 0.8).abs() < 1e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn power_proportions(
    baseline: f64,
    lift: Lift,
    users: SampleSize,
    design: &Design,
) -> Result<f64> {
    let design = with_ratio_of(users, design)?;
    let effect = Effect::of_proportions(baseline, lift, &design)?;
    number("the power", effect.power(users, &design))
}

/// The probability that a test with `users` finds `lift` on a mean of `baseline`.
///
/// As [`power_proportions`], with the arguments of [`sample_size_means`].
///
/// # Errors
/// As [`sample_size_means`]; `Error::OutOfRange` if an arm has no users.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, SampleSize, power_means};
/// let users = SampleSize { control: 100.0, treatment: 100.0 };
/// let power = power_means(0.0, Lift::Absolute(0.5), (1.0, 1.0), users, &Design::default())?;
/// assert!((power - 0.9424).abs() < 1e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn power_means(
    baseline: f64,
    lift: Lift,
    sd: (f64, f64),
    users: SampleSize,
    design: &Design,
) -> Result<f64> {
    let design = with_ratio_of(users, design)?;
    let effect = Effect::of_means(baseline, lift, sd, &design)?;
    number("the power", effect.power(users, &design))
}

/// A difference, and the standard deviation of its estimate times √n, n being the control's users.
struct Effect {
    difference: f64,
    sd_null: f64,
    sd_alternative: f64,
}

impl Effect {
    fn of_proportions(baseline: f64, lift: Lift, design: &Design) -> Result<Self> {
        design.check()?;
        inner_share("`baseline`", baseline)?;
        let difference = lift.checked_difference(baseline)?;
        let lifted = baseline + difference;
        inner_share("the baseline with its lift", lifted)?;
        let r = design.ratio;
        let both_arms = variance(baseline) + variance(lifted) / r;
        let (null, alternative) = match design.variance {
            Variance::Baseline => {
                let both_as_control = variance(baseline) * (1.0 + 1.0 / r);
                (both_as_control, both_as_control)
            }
            Variance::BothArms => (both_arms, both_arms),
            Variance::Pooled => {
                let pooled = (baseline + r * lifted) / (1.0 + r);
                (variance(pooled) * (1.0 + 1.0 / r), both_arms)
            }
        };
        Ok(Effect {
            difference: difference.abs(),
            sd_null: null.sqrt(),
            sd_alternative: alternative.sqrt(),
        })
    }

    fn of_means(baseline: f64, lift: Lift, sd: (f64, f64), design: &Design) -> Result<Self> {
        design.check()?;
        finite_number("`baseline`", baseline)?;
        positive("the control's standard deviation", sd.0)?;
        positive("the treatment's standard deviation", sd.1)?;
        let treated = match design.variance {
            Variance::Baseline => sd.0,
            Variance::BothArms | Variance::Pooled => sd.1,
        };
        let both = sd.0.hypot(treated / design.ratio.sqrt());
        Ok(Effect {
            difference: lift.checked_difference(baseline)?.abs(),
            sd_null: both,
            sd_alternative: both,
        })
    }

    fn sample_size(&self, design: &Design) -> Result<SampleSize> {
        let z = design.critical_z() * self.sd_null
            + normal::quantile(design.power) * self.sd_alternative;
        let control = (z / self.difference).powi(2);
        let treatment = control * design.ratio;
        numbers("the sample size", &[control, treatment])?;
        Ok(SampleSize { control, treatment })
    }

    fn power(&self, users: SampleSize, design: &Design) -> f64 {
        let threshold = design.critical_z() * self.sd_null / users.control.sqrt();
        let se = self.sd_alternative / users.control.sqrt();
        let right = normal::cdf((self.difference - threshold) / se);
        match design.sides {
            Sides::One => right,
            Sides::Two => right + normal::cdf((-self.difference - threshold) / se),
        }
    }
}

/// The variance of one user's conversion.
fn variance(rate: f64) -> f64 {
    rate * (1.0 - rate)
}

fn with_ratio_of(users: SampleSize, design: &Design) -> Result<Design> {
    for (what, users) in [
        ("`control`", users.control),
        ("`treatment`", users.treatment),
    ] {
        if !(users.is_finite() && users > 0.0) {
            return Err(out_of_range(
                what,
                users,
                "a finite number of users above 0",
            ));
        }
    }
    Ok(Design {
        ratio: users.treatment / users.control,
        ..*design
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64) {
        let error = (found / expected - 1.0).abs();
        assert!(error < 1e-9, "{found} is not {expected}");
    }

    /// The original notebook's `n_required`.
    const ORIGINAL: f64 = 3531.9958804570897;

    #[test]
    fn the_originals_sample_size_is_reproduced() {
        let design = Design {
            variance: Variance::Baseline,
            ..Design::default()
        };
        let n = sample_size_proportions(0.10, Lift::Absolute(0.02), &design).unwrap();
        assert_close(n.control, ORIGINAL);
        assert_close(n.treatment, ORIGINAL);
        let relative = sample_size_proportions(0.10, Lift::Relative(0.02), &design).unwrap();
        assert_close(relative.treatment, 100.0 * ORIGINAL);
    }

    /// `samplesize_proportions_2indep_onetail`, statsmodels 0.15.0: see `tests/peers/experiment.py`.
    #[test]
    fn pooled_sample_sizes_equal_statsmodels() {
        let pooled = Design {
            variance: Variance::Pooled,
            ..Design::default()
        };
        let equal = sample_size_proportions(0.1, Lift::Absolute(0.02), &pooled).unwrap();
        assert_close(equal.treatment, 3840.8474824362734);

        let canary = Design {
            alpha: 0.01,
            power: 0.9,
            ratio: 1.0 / 99.0,
            ..pooled
        };
        let canary = sample_size_proportions(0.1, Lift::Absolute(0.002), &canary).unwrap();
        assert_close(canary.treatment, 340174.8493545517);
        assert_close(canary.control, 33677310.086100616);

        let one_sided = Design {
            sides: Sides::One,
            ratio: 2.0,
            ..pooled
        };
        let fall = sample_size_proportions(0.3, Lift::Absolute(-0.05), &one_sided).unwrap();
        assert_close(fall.treatment, 1468.1783766719516);
        assert_close(fall.control, 734.0891883359758);
    }

    /// `power_proportions_2indep(0.02, 0.1, 2000, ratio=1.5)` and `(0.005, 0.1, 500)`, statsmodels 0.15.0.
    #[test]
    fn pooled_power_equals_statsmodels() {
        let pooled = Design {
            variance: Variance::Pooled,
            ..Design::default()
        };
        let power = |lift, control, treatment| {
            let users = SampleSize { control, treatment };
            power_proportions(0.1, Lift::Absolute(lift), users, &pooled).unwrap()
        };
        assert_close(power(0.02, 3000.0, 2000.0), 0.6056790102317794);
        assert_close(power(0.005, 500.0, 500.0), 0.05781069914058668);
    }

    /// `NormalIndPower().solve_power(0.25, power=0.9, ...)`, `normal_sample_size_one_tail` and
    /// `normal_power_het`, statsmodels 0.15.0. `solve_power` also counts findings in the wrong direction on
    /// two sides, which makes a difference of 3.5e-7.
    #[test]
    fn means_equal_statsmodels() {
        let design = Design {
            power: 0.9,
            ..Design::default()
        };
        let lift = Lift::Absolute(0.25);
        let n = sample_size_means(0.0, lift, (1.0, 1.0), &design).unwrap();
        assert!((n.control / 336.2374211293895 - 1.0).abs() < 1e-6);
        let one_sided = Design {
            sides: Sides::One,
            ratio: 0.5,
            ..design
        };
        let n = sample_size_means(0.0, lift, (1.0, 1.0), &one_sided).unwrap();
        assert_close(n.control, 411.0646728499152);

        let unequal = Design {
            ratio: 0.5,
            ..Design::default()
        };
        let n = sample_size_means(10.0, Lift::Relative(0.15), (3.0, 4.0), &unequal).unwrap();
        assert_close(n.control, 143.02403071480566);
        let users = SampleSize {
            control: 50.0,
            treatment: 100.0,
        };
        let power = power_means(10.0, Lift::Absolute(1.5), (3.0, 4.0), users, &unequal).unwrap();
        assert_close(power, 0.729904308294606);
    }

    #[test]
    fn no_lift_and_rates_above_1_are_errors_that_say_so() {
        let error =
            sample_size_proportions(0.1, Lift::Relative(0.0), &Design::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the lift is 0, but it must be other than 0, or no sample is large enough."
        );
        let error =
            sample_size_proportions(0.9, Lift::Absolute(0.1), &Design::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the baseline with its lift is 1, but it must be between 0 and 1, both excluded."
        );
    }

    #[test]
    fn the_unit_of_a_mean_does_not_matter() -> Result<()> {
        let design = Design::default();
        let users = SampleSize {
            control: 100.0,
            treatment: 100.0,
        };
        for unit in [1e-300, 1e-170, 1e-161, 1.0, 1e160, 1e300] {
            let (lift, sd) = (Lift::Absolute(0.5 * unit), (unit, unit));
            let needed = sample_size_means(0.0, lift, sd, &design)?.control;
            assert!(
                (needed - 62.79103787479271).abs() < 1e-9,
                "{unit:e}: {needed}"
            );
            let power = power_means(0.0, lift, sd, users, &design)?;
            assert!((power - 0.94243754318504).abs() < 1e-9, "{unit:e}: {power}");
        }
        Ok(())
    }
}
