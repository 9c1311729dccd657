//! Not worse by more than a margin, and equivalent within one (question 26).
//!
//! "No significant difference" is no proof of equality: few users never find one. Here the burden is turned
//! round. The treatment is not inferior if a loss of the margin or more is rejected, and equivalent if a gain
//! of the margin or more is rejected too (two one-sided tests). After Blackwelder, "'Proving the null
//! hypothesis' in clinical trials", 1982, and Schuirmann, "A comparison of the two one-sided tests procedure
//! and the power approach", 1987.

use super::welch::{Difference, no_number};
use super::z_test::{Conversions, difference, rate};
use crate::alternative::Alternative;
use crate::checks::positive;
use crate::distribution::{normal, student_t};
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// What [`non_inferiority_proportions`] and [`non_inferiority_means`] return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NonInferiority {
    /// The treatment's rate or mean minus the control's.
    pub difference: f64,
    /// The loss that is to be ruled out.
    pub margin: f64,
    /// The p-value of "the treatment is worse by the margin or more": below α it is not inferior.
    pub p_value: f64,
    /// The p-value of "they differ by the margin or more, in either direction": below α they are equivalent.
    pub equivalence_p_value: f64,
}

/// Tests whether the treatment's rate is not worse than the control's by `margin`, an absolute difference, or
/// more. More conversions are better.
///
/// By the normal approximation with each arm's own variance; it needs about ten conversions, and as many
/// non-conversions, in each arm.
///
/// # Errors
/// [`Error::OutOfRange`] if an arm has no users or more conversions than users, or `margin` is not positive;
/// [`Error::Undefined`] if in each arm all users did the same.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Conversions, non_inferiority_proportions};
/// let control = Conversions { converted: 5_000, users: 50_000 };
/// let treatment = Conversions { converted: 4_980, users: 50_000 };
/// let test = non_inferiority_proportions(control, treatment, 0.005)?;
/// assert!(test.p_value < 0.05);          // a loss of half a percentage point is ruled out
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn non_inferiority_proportions(
    control: Conversions,
    treatment: Conversions,
    margin: f64,
) -> Result<NonInferiority> {
    positive("`margin`", margin)?;
    let one = rate("`control`", control)?;
    let two = rate("`treatment`", treatment)?;
    let se = (one.variance() + two.variance()).sqrt();
    if se == 0.0 {
        return Err(Error::Undefined {
            what: "the test of non-inferiority",
            reason: "within each arm all users did the same, so that the standard error is 0"
                .to_owned(),
            remedy: "Collect more users.",
        });
    }
    let difference = difference(control, treatment);
    against_margin(difference, margin, se, |z| Some(normal::two_sided_p(z))).ok_or_else(no_number)
}

/// Tests whether the treatment's mean is not worse than the control's by `margin`, in the metric's unit, or
/// more, by Welch's t. A greater mean is better; where a smaller one is, change the values' signs. O(n).
///
/// # Errors
/// [`Error::Shape`] if an arm has fewer than two values; [`Error::OutOfRange`] if a value is not finite or
/// `margin` is not positive; [`Error::Undefined`] if neither arm varies.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::non_inferiority_means, ndarray::array};
/// let control = array![5.0, 5.2, 4.9, 5.1, 5.0];
/// let treatment = array![5.0, 5.1, 4.8, 5.2, 5.1];
/// assert!(non_inferiority_means(&control, &treatment, 0.5)?.equivalence_p_value < 0.01);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn non_inferiority_means(
    control: &ArrayRef1<f64>,
    treatment: &ArrayRef1<f64>,
    margin: f64,
) -> Result<NonInferiority> {
    positive("`margin`", margin)?;
    let difference = Difference::of(control, treatment)?;
    let df = difference.degrees_of_freedom;
    let two_sided = |t| student_t::two_sided_p(t, df);
    against_margin(
        difference.value,
        margin,
        difference.standard_error,
        two_sided,
    )
    .ok_or_else(no_number)
}

/// Both one-sided tests, of a statistic whose two-sided p-value is `two_sided`.
fn against_margin(
    difference: f64,
    margin: f64,
    se: f64,
    two_sided: impl Fn(f64) -> Option<f64>,
) -> Option<NonInferiority> {
    let p = |statistic: f64, alternative: Alternative| {
        Some(alternative.symmetric_p(statistic, two_sided(statistic)?))
    };
    let p_value = p((difference + margin) / se, Alternative::Greater)?;
    let not_superior = p((difference - margin) / se, Alternative::Less)?;
    Some(NonInferiority {
        difference,
        margin,
        p_value,
        equivalence_p_value: p_value.max(not_superior),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// `test_proportions_2indep(..., value=-margin, method="wald", alternative="larger")`,
    /// `tost_proportions_2indep(..., method="wald")` and `ttost_ind(..., usevar="unequal")`, statsmodels
    /// 0.15.0: `tests/peers/experiment.py`.
    #[test]
    fn p_values_equal_statsmodels() -> Result<()> {
        let arm = |converted, users| Conversions { converted, users };
        let test = non_inferiority_proportions(arm(100, 1000), arm(130, 1200), 0.02)?;
        assert!((test.p_value - RATES[0]).abs() < 1e-10, "{test:?}");
        assert!(
            (test.equivalence_p_value - RATES[1]).abs() < 1e-10,
            "{test:?}"
        );
        let (a, b) = (
            array![5.0, 5.2, 4.9, 5.1, 5.0, 5.4],
            array![5.0, 5.1, 4.8, 5.2, 5.6],
        );
        let test = non_inferiority_means(&a, &b, 0.4)?;
        assert!((test.p_value - MEANS[0]).abs() < 1e-10, "{test:?}");
        assert!(
            (test.equivalence_p_value - MEANS[1]).abs() < 1e-10,
            "{test:?}"
        );
        Ok(())
    }

    #[test]
    fn constant_arms_and_impossible_margins_are_refused() {
        let arm = |converted, users| Conversions { converted, users };
        let nobody = non_inferiority_proportions(arm(0, 10), arm(0, 10), 0.1);
        assert!(matches!(nobody, Err(Error::Undefined { .. })));
        let price = Array1::from_elem(47, 4.35);
        let test = non_inferiority_means(&price, &Array1::from_elem(59, 4.35), 0.1);
        assert!(matches!(test, Err(Error::Undefined { .. })), "{test:?}");
        for margin in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(non_inferiority_proportions(arm(1, 10), arm(1, 10), margin).is_err());
        }
    }

    const RATES: [f64; 2] = [0.01500745580307437, 0.18579859639825846];
    const MEANS: [f64; 2] = [0.012772702609499254, 0.026416640529656244];

    #[test]
    fn rates_near_1_keep_their_digits() -> Result<()> {
        let arm = |others: u64| Conversions {
            converted: 1_000_000_000 - others,
            users: 1_000_000_000,
        };
        // The loss is exactly the margin.
        let test = non_inferiority_proportions(arm(1), arm(2), 1e-9)?;
        assert_eq!((test.difference, test.p_value), (-1e-9, 0.5));
        Ok(())
    }
}
