//! What has to be decided before the first user is assigned.

use crate::Result;
use crate::checks::{finite_number, inner_share, positive};
use crate::distribution::normal;
use crate::error::out_of_range;
use crate::options::options;

/// The effect to detect, with its scale said. "2 %" of a rate of 10 % may mean 12 % or 10.2 %, and the
/// second needs a hundred times the users.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::Lift;
/// assert_eq!(Lift::Absolute(0.02).difference(0.10), 0.02);     // 10 % to 12 %
/// assert_eq!(Lift::Relative(0.02).difference(0.10), 0.002);    // 10 % to 10.2 %
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lift {
    /// A difference in the metric's own unit; for rates, 0.01 is one percentage point.
    Absolute(f64),
    /// A share of the control's value.
    Relative(f64),
}

impl Lift {
    /// Treatment minus control, in the metric's unit, where the control has the value `baseline`.
    pub fn difference(self, baseline: f64) -> f64 {
        match self {
            Lift::Absolute(difference) => difference,
            Lift::Relative(share) => baseline * share,
        }
    }

    /// The difference, if it is one that can be detected.
    pub(super) fn checked_difference(self, baseline: f64) -> Result<f64> {
        let difference = self.difference(baseline);
        finite_number("the lift", difference)?;
        if difference == 0.0 {
            return Err(out_of_range(
                "the lift",
                difference,
                "other than 0, or no sample is large enough",
            ));
        }
        Ok(difference)
    }
}

/// Which differences count as a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Only those in the direction of the lift.
    One,
    /// Those in either direction.
    Two,
}

/// Which variance the difference of two rates is planned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variance {
    /// The control's for both arms, as in the original notebook. Too small for a lift towards 50 %.
    Baseline,
    /// Each arm's own.
    BothArms,
    /// The pooled rate's under the null hypothesis, each arm's own under the alternative: what the
    /// pooled z-test will use (Fleiss, Levin and Paik, 2003, section 4.2).
    Pooled,
}

options! {
    /// The errors allowed, and how users are split.
    ///
    /// Unless told otherwise: α = 0.05 on two sides, power 0.8, equal arms, each with its own variance.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::experiment::{Design, Sides};
    /// let one_sided = Design::default().sides(Sides::One);
    /// assert_eq!((one_sided.alpha, one_sided.power, one_sided.ratio), (0.05, 0.8, 1.0));
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Design {
        /// The probability of a finding where there is no effect.
        pub alpha: f64 = 0.05,
        /// The probability of a finding where the effect is the lift.
        pub power: f64 = 0.8,
        /// One- or two-sided.
        pub sides: Sides = Sides::Two,
        /// Treatment users for each control user: 1 for equal arms, 1/99 for a canary of 1 %.
        pub ratio: f64 = 1.0,
        /// Which variance to plan with.
        pub variance: Variance = Variance::BothArms,
    }
}

impl Design {
    pub(super) fn check(&self) -> Result<()> {
        inner_share("`alpha`", self.alpha)?;
        inner_share("`power`", self.power)?;
        positive("`ratio`", self.ratio)?;
        if self.power <= self.alpha {
            return Err(out_of_range(
                "`power`",
                self.power,
                "above `alpha`, which needs no effect at all",
            ));
        }
        Ok(())
    }

    /// z₁₋α or z₁₋α⁄₂: how many standard errors a finding lies from 0.
    pub(super) fn critical_z(&self) -> f64 {
        match self.sides {
            Sides::One => -normal::quantile(self.alpha),
            Sides::Two => -normal::quantile(self.alpha / 2.0),
        }
    }
}

/// Users in each arm. Not rounded; [`rounded_up`](Self::rounded_up) gives whole users.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSize {
    /// Users in control.
    pub control: f64,
    /// Users in treatment.
    pub treatment: f64,
}

impl SampleSize {
    /// Whole users in control and in treatment; at most the largest whole number of 64 bits, 1.8 · 10¹⁹.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::experiment::SampleSize;
    /// assert_eq!(SampleSize { control: 3531.996, treatment: 10.0 }.rounded_up(), (3532, 10));
    /// ```
    pub fn rounded_up(self) -> (u64, u64) {
        (self.control.ceil() as u64, self.treatment.ceil() as u64)
    }

    /// Users in both arms together.
    pub fn total(self) -> f64 {
        self.control + self.treatment
    }
}
