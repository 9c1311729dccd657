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
    let one = rate("`control`", control)?;
    let two = rate("`treatment`", treatment)?;
    let users = one.users + two.users;
    let converted = (control.converted as f64 + treatment.converted as f64) / users;
    let others = (control.others() as f64 + treatment.others() as f64) / users;
    if converted == 0.0 || others == 0.0 {
        return Err(Error::Undefined {
            what: "the z statistic",
            reason: format!(
                "the rate is {} in both arms, so that the standard error is 0",
                one.converted
            ),
            remedy: "Collect more users; such arms can't be told apart.",
        });
    }
    let difference = difference(control, treatment);
    let pooled = converted * others * (1.0 / one.users + 1.0 / two.users);
    let statistic = difference / pooled.sqrt();
    let se = (one.variance() + two.variance()).sqrt();
    let margin = normal::two_sided_quantile(confidence) * se;
    Ok(ZTest {
        difference,
        statistic,
        p_value: normal::two_sided_p(statistic),
        interval: Interval::around(difference, margin),
    })
}

impl Conversions {
    /// Users who did not convert.
    pub(super) fn others(self) -> u64 {
        self.users - self.converted
    }
}

/// A rate and what is left to 1, each from its own count: 1 minus a rate of nearly 1 would have hardly a digit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) converted: f64,
    pub(super) others: f64,
    pub(super) users: f64,
}

impl Rate {
    /// The variance of the rate.
    pub(super) fn variance(self) -> f64 {
        self.converted * self.others / self.users
    }

    /// The rate of those who did not convert.
    pub(super) fn mirrored(self) -> Self {
        Rate {
            converted: self.others,
            others: self.converted,
            ..self
        }
    }
}

/// The treatment's rate minus the control's, by whole numbers over their common denominator: two rates that nearly agree
/// would lose the digits in which they differ.
pub(super) fn difference(control: Conversions, treatment: Conversions) -> f64 {
    let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
    let plus = product(treatment.converted, control.users);
    let minus = product(control.converted, treatment.users);
    let size = plus.abs_diff(minus) as f64 / (control.users as f64 * treatment.users as f64);
    if plus < minus { -size } else { size }
}

pub(super) fn rate(what: &str, arm: Conversions) -> Result<Rate> {
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
    let users = arm.users as f64;
    Ok(Rate {
        converted: arm.converted as f64 / users,
        others: arm.others() as f64 / users,
        users,
    })
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

    /// Computed with 50 digits by mpmath from the counts.
    #[test]
    fn rates_near_1_and_of_very_many_users_keep_their_digits() -> Result<()> {
        let billion = 1_000_000_000;
        let test =
            two_proportion_z_test(arm(billion - 1, billion), arm(billion - 2, billion), 0.95)?;
        assert_eq!(test.difference, -1e-9);
        assert!((test.statistic / -0.5773502696226385 - 1.0).abs() < 1e-12);
        let most = u64::MAX;
        let test = two_proportion_z_test(arm(most - 9, most), arm(most - 1, most), 0.95)?;
        assert!((test.statistic / 2.5298221281347035 - 1.0).abs() < 1e-12);
        let error = two_proportion_z_test(arm(most, most), arm(7, 7), 0.95).unwrap_err();
        assert!(
            error.to_string().contains("the rate is 1 in both arms"),
            "{error}"
        );
        Ok(())
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
