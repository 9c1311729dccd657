//! The ratio of two rates, for "18 % fewer" with its interval (questions 26 and 29).
//!
//! The interval is that of the logarithm, after Katz, Baptista, Azen and Pike, "Obtaining confidence intervals
//! for the risk ratio in cohort studies", 1978.

use super::Conversions;
use crate::checks::inner_share;
use crate::distribution::normal;
use crate::error::out_of_range;
use crate::{Error, Interval, Result};

/// What [`risk_ratio`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskRatio {
    /// The treatment's rate divided by the control's; 0.82 is a relative reduction of 18 %.
    pub ratio: f64,
    /// The confidence interval of the ratio.
    pub interval: Interval,
}

/// The ratio of the treatment's rate to the control's, with its confidence interval.
///
/// # Errors
/// [`Error::OutOfRange`] if an arm has no users or more conversions than users, or `confidence` is not between 0
/// and 1; [`Error::Undefined`] if an arm has no conversions, or all users of both arms converted.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Conversions, risk_ratio};
///
/// let control = Conversions { converted: 200, users: 1000 };
/// let treatment = Conversions { converted: 164, users: 1000 };
/// let ratio = risk_ratio(control, treatment, 0.95)?;
/// assert!((ratio.ratio - 0.82).abs() < 1e-12);         // 18 % fewer, relatively,
/// assert!(ratio.interval.lower < 0.69 && ratio.interval.upper > 0.98);    // or 1 to 32 %
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn risk_ratio(
    control: Conversions,
    treatment: Conversions,
    confidence: f64,
) -> Result<RiskRatio> {
    inner_share("`confidence`", confidence)?;
    for (what, arm) in [("`control`", control), ("`treatment`", treatment)] {
        if arm.users == 0 || arm.converted > arm.users {
            let found = format!("{} of {}", arm.converted, arm.users);
            return Err(out_of_range(what, found, "some of at least 1 user"));
        }
        if arm.converted == 0 {
            return Err(Error::Undefined {
                what: "the interval of a risk ratio",
                reason: format!("nobody converted in {what}"),
                remedy: "Collect more users, or give the difference of the rates.",
            });
        }
    }
    let rate = |arm: Conversions| arm.converted as f64 / arm.users as f64;
    let ratio = rate(treatment) / rate(control);
    // 1 / x − 1 / n, in which nothing cancels.
    let variance = |arm: Conversions| arm.others() as f64 / arm.users as f64 / arm.converted as f64;
    let se = (variance(control) + variance(treatment)).sqrt();
    if se == 0.0 {
        return Err(Error::Undefined {
            what: "the interval of a risk ratio",
            reason: "all users of both arms converted, so that the standard error is 0".to_owned(),
            remedy: "Collect more users, or give the interval of the difference by `newcombe_interval`.",
        });
    }
    let factor = (normal::two_sided_quantile(confidence) * se).exp();
    Ok(RiskRatio {
        ratio,
        interval: Interval::from((ratio / factor, ratio * factor)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(converted: u64, users: u64) -> Conversions {
        Conversions { converted, users }
    }

    /// `scipy.stats.contingency.relative_risk(164, 1000, 200, 1000)`, SciPy 1.17.1.
    #[test]
    fn ratio_and_interval_equal_scipys() {
        let ratio = risk_ratio(arm(200, 1000), arm(164, 1000), 0.95).unwrap();
        assert!(
            (ratio.interval.lower - 0.680182231807224).abs() < 1e-10,
            "{ratio:?}"
        );
        assert!(
            (ratio.interval.upper - 0.9885586076152754).abs() < 1e-10,
            "{ratio:?}"
        );
    }

    #[test]
    fn impossible_arms_are_refused() {
        assert!(risk_ratio(arm(0, 10), arm(1, 10), 0.95).is_err());
        assert!(risk_ratio(arm(11, 10), arm(1, 10), 0.95).is_err());
        assert!(risk_ratio(arm(1, 0), arm(1, 10), 0.95).is_err());
        assert!(risk_ratio(arm(1, 10), arm(1, 10), f64::NAN).is_err());
    }

    #[test]
    fn arms_in_which_all_users_converted_have_no_interval() {
        let all = Conversions {
            converted: 10,
            users: 10,
        };
        let error = risk_ratio(all, all, 0.95).unwrap_err();
        assert!(matches!(error, Error::Undefined { .. }), "{error}");
    }
}
