//! A test that may be looked at after every user (question 26).
//!
//! The mixture sequential probability ratio test: the likelihood of the data is averaged over effects
//! drawn from N(0, τ²) and compared with the likelihood under no effect. Under the null hypothesis that ratio
//! exceeds 1/α at *any* time with a probability of at most α (Ville's inequality). After Robbins,
//! "Statistical methods related to the law of the iterated logarithm", 1970, and Johari, Koomen,
//! Pekelis and Walsh, "Peeking at A/B tests", 2017. The estimate is taken to be normal.
//!
//! Against an alternative with a side, effects are drawn from that half of N(0, τ²) alone. The error is kept for all effects
//! on the other side too, where the ratio falls in the mean.

use crate::alternative::Alternative;
use crate::checks::{beyond_numbers, finite_number, inner_share, positive};
use crate::distribution::normal;
use crate::saved::{checked, unless_consistent};
use crate::{Interval, Result};
use serde::{Deserialize, Serialize};

/// What is known after a look; it stays true whatever made you look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlwaysValid {
    /// The always-valid p-value, two-sided: the smallest so far.
    pub p_value: f64,
    /// The confidence interval of this look's estimate. All looks' intervals together hold
    /// the true difference with probability 1 − α.
    pub interval: Interval,
    /// The p-values of the two sides.
    less: f64,
    greater: f64,
}

impl AlwaysValid {
    /// The always-valid p-value against another alternative than the two-sided one of [`AlwaysValid::p_value`]: the smallest
    /// so far, too.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::experiment::{Alternative, MixtureSprt};
    /// let seen = MixtureSprt::new(0.02, 0.05)?.look(0.030, 0.006)?;
    /// assert!(seen.p_value_for(Alternative::Greater) < seen.p_value);
    /// assert_eq!(seen.p_value_for(Alternative::Less), 1.0);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn p_value_for(&self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => self.p_value,
            Alternative::Less => self.less,
            Alternative::Greater => self.greater,
        }
    }
}

/// The running test of a difference.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::MixtureSprt;
///
/// let mut test = MixtureSprt::new(0.02, 0.05)?;             // effects of about two points
/// let early = test.look(0.030, 0.012)?;                     // z = 2.5, an ordinary p of 0.012
/// assert!(early.p_value > 0.05 && early.interval.lower < 0.0);
/// let later = test.look(0.030, 0.006)?;                     // z = 5
/// assert!(later.p_value < 0.05 && later.interval.lower > 0.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct MixtureSprt {
    tau: f64,
    alpha: f64,
    smallest_p: f64,
    // Saved by an earlier version without: nothing is known yet.
    #[serde(default = "no_evidence")]
    smallest_less: f64,
    #[serde(default = "no_evidence")]
    smallest_greater: f64,
}

fn no_evidence() -> f64 {
    1.0
}

checked!(MixtureSprt);

impl MixtureSprt {
    /// A test of level `alpha` tuned for differences of about `tau`, in the metric's unit. Any `tau` keeps
    /// the error; one near the true effect finds it soonest.
    ///
    /// # Errors
    /// `Error::OutOfRange` if `tau` is not positive or `alpha` not between 0 and 1.
    pub fn new(tau: f64, alpha: f64) -> Result<Self> {
        positive("`tau`", tau)?;
        inner_share("`alpha`", alpha)?;
        Ok(MixtureSprt {
            tau,
            alpha,
            smallest_p: 1.0,
            smallest_less: 1.0,
            smallest_greater: 1.0,
        })
    }

    /// Looks at an estimated `difference` with its standard error, both from all users so far. O(1).
    ///
    /// # Errors
    /// `Error::OutOfRange` if the difference is not finite or the standard error not positive.
    pub fn look(&mut self, difference: f64, standard_error: f64) -> Result<AlwaysValid> {
        finite_number("`difference`", difference)?;
        positive("`standard_error`", standard_error)?;
        // With v the variance of the estimate: τ² / v and its inverse, so that the unit of the metric does not matter.
        let (in_errors, z) = (self.tau / standard_error, difference / standard_error);
        let inverse = (standard_error / self.tau).powi(2);
        let log_growth = match in_errors > 1e100 {
            true => 2.0 * in_errors.ln(),
            false => (in_errors * in_errors).ln_1p(),
        };
        let log_ratio = 0.5 * (z * z / (1.0 + inverse) - log_growth);
        let log_limit = 0.5 * log_growth - self.alpha.ln();
        let margin = standard_error * (2.0 * (1.0 + inverse) * log_limit).sqrt();
        let interval = Interval::around(difference, margin);
        if log_ratio.is_nan() || !interval.width().is_finite() {
            return Err(beyond_numbers("the mixture test"));
        }
        let smaller = |smallest: f64, log_ratio: f64| smallest.min((-log_ratio).exp());
        // The posterior probability of an effect above 0 is the share of the ratio that comes from that half.
        let above = z / (1.0 + inverse).sqrt();
        let half = |z: f64| log_ratio + (2.0 * normal::cdf(z)).ln();
        self.smallest_p = smaller(self.smallest_p, log_ratio);
        self.smallest_less = smaller(self.smallest_less, half(-above));
        self.smallest_greater = smaller(self.smallest_greater, half(above));
        Ok(AlwaysValid {
            p_value: self.smallest_p,
            interval,
            less: self.smallest_less,
            greater: self.smallest_greater,
        })
    }

    /// The difference that it is tuned for.
    pub fn tau(&self) -> f64 {
        self.tau
    }

    /// The largest probability of a false finding, over all looks together.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The always-valid p-value of all looks so far; 1 before the first.
    pub fn p_value(&self) -> f64 {
        self.smallest_p
    }

    /// Whether what was read can be one.
    fn check_stored(&self) -> Result<()> {
        let fits = self.tau > 0.0
            && self.tau.is_finite()
            && self.alpha > 0.0
            && self.alpha < 1.0
            && [self.smallest_p, self.smallest_less, self.smallest_greater]
                .iter()
                .all(|p| (0.0..=1.0).contains(p));
        unless_consistent(
            fits,
            "a positive `tau`, and an `alpha` and p-values from 0 to 1",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn the_p_value_falls_below_alpha_exactly_when_the_interval_leaves_0() {
        for step in 0..400 {
            let difference = f64::from(step) / 100.0;
            let seen = MixtureSprt::new(0.7, 0.05)
                .unwrap()
                .look(difference, 1.0)
                .unwrap();
            assert_eq!(
                seen.p_value < 0.05,
                seen.interval.lower > 0.0,
                "{difference}"
            );
        }
    }

    #[test]
    fn the_p_value_never_rises() {
        let mut test = MixtureSprt::new(1.0, 0.05).unwrap();
        let first = test.look(3.0, 0.5).unwrap().p_value;
        assert_eq!(test.look(0.0, 0.4).unwrap().p_value, first);
    }

    /// Small steps of an experiment whose treatment harms: the test for a gain finds one no more often than α.
    #[test]
    fn a_loss_is_found_to_be_a_gain_no_more_often_than_alpha() -> Result<()> {
        let mut rng = RandomState::seed(17);
        let (mut gains, mut losses) = (0, 0);
        for _ in 0..400 {
            let mut test = MixtureSprt::new(0.2, 0.05)?;
            let (mut sum, mut last) = (0.0, None);
            for (user, noise) in rng.normal(-0.02, 1.0, 500)?.iter().enumerate() {
                sum += noise;
                let users = user as f64 + 1.0;
                last = Some(test.look(sum / users, 1.0 / users.sqrt())?);
            }
            let found = |side| last.is_some_and(|seen| seen.p_value_for(side) < 0.05);
            gains += usize::from(found(Alternative::Greater));
            losses += usize::from(found(Alternative::Less));
        }
        // 20 would be expected at most, with a standard deviation of 4.4, at an effect of 0.
        assert!(gains <= 20 && losses > gains, "{gains} {losses}");
        Ok(())
    }

    /// The mixture integrated numerically over effects, instead of in closed form.
    #[test]
    fn the_ratio_equals_the_integral_over_effects() {
        let (tau, se, difference): (f64, f64, f64) = (0.8, 0.5, 1.3);
        let step = 1e-3;
        let mixture: f64 = (-8000..8000)
            .map(|i| f64::from(i) * step)
            .map(|effect: f64| {
                let prior = (-effect.powi(2) / (2.0 * tau.powi(2))).exp() / tau;
                let ratio =
                    ((2.0 * difference * effect - effect.powi(2)) / (2.0 * se.powi(2))).exp();
                prior * ratio * step / std::f64::consts::TAU.sqrt()
            })
            .sum();
        let p = MixtureSprt::new(tau, 0.05)
            .unwrap()
            .look(difference, se)
            .unwrap()
            .p_value;
        assert!((p - 1.0 / mixture).abs() < 1e-9);
    }

    #[test]
    fn the_unit_of_the_metric_does_not_matter() -> Result<()> {
        let look = |unit: f64| MixtureSprt::new(0.1 * unit, 0.05)?.look(0.3 * unit, 0.1 * unit);
        let plain = look(1.0)?;
        for unit in [1e-170, 1e-160, 1e160, 1e300] {
            let other = look(unit)?;
            assert!((other.p_value - plain.p_value).abs() < 1e-12, "{unit:e}");
            assert!((other.interval.upper / unit - plain.interval.upper).abs() < 1e-12);
        }
        Ok(())
    }

    #[test]
    fn a_stored_test_of_level_0_is_refused() -> Result<()> {
        use crate::saved::Saved;
        let json = MixtureSprt::new(0.1, 0.05)?.to_json()?;
        assert!(MixtureSprt::from_json(&json.replace("0.05", "0.0")).is_err());
        Ok(())
    }
}
