//! Intervals of rates that hold for few users and rates near 0 or 1 (question 26).
//!
//! The usual rate ± z · standard error has no width where nobody converted. Wilson asks instead which
//! rates would not be rejected: "Probable inference, the law of succession, and statistical inference", 1927.
//! For the difference of two rates Newcombe joins two such intervals: "Interval estimation for the difference
//! between independent proportions", 1998, method 10.

use super::z_test::{Conversions, Rate, difference, rate};
use crate::checks::inner_share;
use crate::distribution::normal;
use crate::{Interval, Result};

/// Wilson's confidence interval of a conversion rate.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no users or more conversions than users, or
/// `confidence` is not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Conversions, wilson_interval};
/// // The rule of three says 3 / 100 at most; Wilson agrees nearly, and does not say 0 to 0.
/// let nobody = wilson_interval(Conversions { converted: 0, users: 100 }, 0.95)?;
/// assert!(nobody.lower == 0.0 && (nobody.upper - 0.037).abs() < 1e-3);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn wilson_interval(arm: Conversions, confidence: f64) -> Result<Interval> {
    inner_share("`confidence`", confidence)?;
    let arm = rate("`arm`", arm)?;
    Ok(wilson(arm, normal::two_sided_quantile(confidence)))
}

/// Newcombe's confidence interval of the treatment's rate minus the control's.
///
/// # Errors
/// As [`wilson_interval`].
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Conversions, newcombe_interval};
/// let control = Conversions { converted: 0, users: 10 };
/// let treatment = Conversions { converted: 2, users: 10 };
/// assert!(newcombe_interval(control, treatment, 0.95)?.contains(0.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn newcombe_interval(
    control: Conversions,
    treatment: Conversions,
    confidence: f64,
) -> Result<Interval> {
    inner_share("`confidence`", confidence)?;
    let one = rate("`control`", control)?;
    let two = rate("`treatment`", treatment)?;
    let z = normal::two_sided_quantile(confidence);
    let difference = difference(control, treatment);
    let (below, above) = margins(one, two, z);
    Ok(Interval {
        lower: difference - below,
        upper: difference + above,
    })
}

/// How far the interval of the second rate minus the first reaches below and above it. Near 1 by the rates of the others,
/// which are near 0 and keep their digits.
fn margins(one: Rate, two: Rate, z: f64) -> (f64, f64) {
    if one.converted > 0.5 && two.converted > 0.5 {
        let (above, below) = margins(one.mirrored(), two.mirrored(), z);
        return (below, above);
    }
    let (p1, p2) = (one.converted, two.converted);
    let (one, two) = (wilson(one, z), wilson(two, z));
    (
        (p2 - two.lower).hypot(one.upper - p1),
        (two.upper - p2).hypot(p1 - one.lower),
    )
}

fn wilson(arm: Rate, z: f64) -> Interval {
    let (p, n) = (arm.converted, arm.users);
    let weight = 1.0 + z * z / n;
    let middle = (p + z * z / (2.0 * n)) / weight;
    let margin = z * (arm.variance() + z * z / (4.0 * n * n)).sqrt() / weight;
    // At the ends the two terms are equal, and only rounding can part them.
    Interval {
        lower: if p == 0.0 {
            0.0
        } else {
            (middle - margin).max(0.0)
        },
        upper: if arm.others == 0.0 {
            1.0
        } else {
            (middle + margin).min(1.0)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(converted: u64, users: u64) -> Conversions {
        Conversions { converted, users }
    }

    /// `proportion_confint(x, n, method="wilson")` and `confint_proportions_2indep(x2, n2, x1, n1,
    /// method="newcomb")`, statsmodels 0.15.0: `tests/peers/experiment.py`.
    #[test]
    fn intervals_equal_statsmodels_from_few_users_to_a_billion() -> Result<()> {
        for ((converted, users), lower, upper) in WILSON {
            let found = wilson_interval(arm(converted, users), 0.95)?;
            assert!(
                (found.lower - lower).abs() <= 1e-9 * lower,
                "{converted}/{users}: {found}"
            );
            assert!(
                (found.upper - upper).abs() <= 1e-9 * upper,
                "{converted}/{users}: {found}"
            );
        }
        for ((one, two), lower, upper) in NEWCOMBE {
            let found = newcombe_interval(arm(one.0, one.1), arm(two.0, two.1), 0.9)?;
            assert!((found.lower - lower).abs() < 1e-10, "{found}");
            assert!((found.upper - upper).abs() < 1e-10, "{found}");
        }
        Ok(())
    }

    #[test]
    fn impossible_arms_and_levels_are_refused() {
        assert!(wilson_interval(arm(0, 0), 0.95).is_err());
        assert!(wilson_interval(arm(2, 1), 0.95).is_err());
        assert!(wilson_interval(arm(1, 2), 1.0).is_err());
        assert!(newcombe_interval(arm(1, 2), arm(3, 2), 0.95).is_err());
    }

    #[rustfmt::skip]
    const WILSON: [((u64, u64), f64, f64); 7] = [
        ((0, 100), 0.0, 0.03699349820698569),
        ((3, 10), 0.10779126740630104, 0.6032218525388546),
        ((10, 10), 0.7224672001371106, 1.0),
        ((1, 1), 0.2065493143772374, 1.0),
        ((20, 1000), 0.012983682916415138, 0.03069000522971779),
        ((123456, 1000000000), 0.00012276930114666216, 0.0001241465393636415),
        ((999999999, 1000000000), 0.9999999943350657, 0.9999999998234754),
    ];
    /// Conversions and users of both arms, and the ends of the interval.
    type Difference = (((u64, u64), (u64, u64)), f64, f64);

    #[rustfmt::skip]
    const NEWCOMBE: [Difference; 3] = [
        (((0, 10), (2, 10)), -0.05024245285444562, 0.45920719431251217),
        (((100, 1200), (130, 1000)), 0.024976542643654488, 0.06882660929664576),
        (((10, 10), (9, 10)), -0.34771866733585854, 0.1265604554419944),
    ];

    /// Newcombe's formula with 60 digits by mpmath.
    #[test]
    fn a_difference_of_rates_near_1_keeps_its_digits() -> Result<()> {
        let arm = |others: u64| Conversions {
            converted: 1_000_000_000 - others,
            users: 1_000_000_000,
        };
        let interval = newcombe_interval(arm(1), arm(2), 0.95)?;
        assert!((interval.lower / -6.356661227700352e-9 - 1.0).abs() < 1e-9);
        assert!((interval.upper / 3.885544455555203e-9 - 1.0).abs() < 1e-9);
        Ok(())
    }
}
