//! The z-test of two proportions (question 26).
//!
//! The test pools both arms, as the null hypothesis has it; the interval does not. After Fleiss, Levin
//! and Paik, "Statistical methods for rates and proportions", 2003, sections 3.1 and 3.3.

use crate::alternative::Alternative;
use crate::checks::inner_share;
use crate::distribution::normal;
use crate::error::out_of_range;
use crate::{Error, Interval, Result};
use serde::{Deserialize, Serialize};

/// One arm's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversions {
    /// Users who converted.
    pub converted: u64,
    /// All users of the arm.
    pub users: u64,
}

/// What [`two_proportion_z_test`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZTest {
    /// The treatment's rate minus the control's.
    pub difference: f64,
    /// The difference in pooled standard errors.
    pub statistic: f64,
    /// The two-sided p-value.
    pub p_value: f64,
    /// The confidence interval of the difference.
    pub interval: Interval,
}

/// Tests whether two conversion rates differ, with a confidence interval of the difference.
///
/// The interval is Wald's, with each arm's own variance; it needs about ten conversions, and as many
/// non-conversions, in each arm.
///
/// # Errors
/// [`Error::OutOfRange`] if an arm has no users or more conversions than users, or `confidence` is not
/// between 0 and 1; [`Error::Undefined`] if all users of both arms did the same.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Conversions, two_proportion_z_test};
/// let control = Conversions { converted: 100, users: 1000 };
/// let treatment = Conversions { converted: 130, users: 1000 };
/// let test = two_proportion_z_test(control, treatment, 0.95)?;
/// assert!((test.p_value - 0.0355).abs() < 1e-4);
/// assert!(test.interval.lower > 0.0 && test.interval.upper < 0.06);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn two_proportion_z_test(
    control: Conversions,
    treatment: Conversions,
    confidence: f64,
) -> Result<ZTest> {
    inner_share("`confidence`", confidence)?;
    let (p1, n1) = rate("`control`", control)?;
    let (p2, n2) = rate("`treatment`", treatment)?;
    let pooled = (control.converted as f64 + treatment.converted as f64) / (n1 + n2);
    if pooled == 0.0 || pooled == 1.0 {
        return Err(Error::Undefined {
            what: "the z statistic",
            reason: format!("the rate is {pooled} in both arms, so that the standard error is 0"),
            remedy: "Collect more users; such arms can't be told apart.",
        });
    }
    let difference = p2 - p1;
    let statistic = difference / (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)).sqrt();
    let se = (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2).sqrt();
    let margin = normal::two_sided_quantile(confidence) * se;
    Ok(ZTest {
        difference,
        statistic,
        p_value: normal::two_sided_p(statistic),
        interval: Interval::around(difference, margin),
    })
}

pub(super) fn rate(what: &str, arm: Conversions) -> Result<(f64, f64)> {
    if arm.users == 0 {
        return Err(out_of_range(format!("{what}, its users,"), 0, "at least 1"));
    }
    if arm.converted > arm.users {
        return Err(out_of_range(
            format!("{what}, its conversions,"),
            arm.converted,
            "at most the number of its users",
        ));
    }
    Ok((arm.converted as f64 / arm.users as f64, arm.users as f64))
}

impl ZTest {
    /// The p-value against another alternative than the two-sided one of [`ZTest::p_value`].
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::experiment::{Alternative, Conversions, two_proportion_z_test};
    /// let control = Conversions { converted: 100, users: 1000 };
    /// let treatment = Conversions { converted: 130, users: 1000 };
    /// let test = two_proportion_z_test(control, treatment, 0.95)?;
    /// assert!((test.p_value_for(Alternative::Greater) - test.p_value / 2.0).abs() < 1e-15);
    /// assert!(test.p_value_for(Alternative::Less) > 0.98);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn p_value_for(&self, alternative: Alternative) -> f64 {
        alternative.normal_p(self.statistic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(converted: u64, users: u64) -> Conversions {
        Conversions { converted, users }
    }

    /// `proportions_ztest([130, 100], [1000, 1200])` and `confint_proportions_2indep(130, 1000, 100, 1200,
    /// method="wald")`, statsmodels 0.15.0.
    #[test]
    fn test_and_interval_equal_statsmodels() {
        let test = two_proportion_z_test(arm(100, 1200), arm(130, 1000), 0.95).unwrap();
        assert!((test.statistic - 3.5621459802208753).abs() < 1e-10);
        assert!((test.p_value - 0.00036783574398006555).abs() < 1e-12);
        assert!((test.interval.lower - 0.02060891730475496).abs() < 1e-10);
        assert!((test.interval.upper - 0.07272441602857839).abs() < 1e-10);
    }

    #[test]
    fn arms_without_any_conversion_have_no_statistic() {
        let error = two_proportion_z_test(arm(0, 10), arm(0, 20), 0.95).unwrap_err();
        assert!(matches!(error, Error::Undefined { .. }));
    }

    #[test]
    fn more_conversions_than_users_is_an_error() {
        let error = two_proportion_z_test(arm(1, 10), arm(21, 20), 0.95).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`treatment`, its conversions, is 21, but it must be at most the number of its users."
        );
    }
}
