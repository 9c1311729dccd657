//! Welch's t-test: two means with unequal variances (question 26).
//!
//! After Welch, "The generalization of 'Student's' problem when several different population variances
//! are involved", 1947; degrees of freedom by Satterthwaite, 1946.

use super::checks::check_sample;
use crate::alternative::Alternative;
use crate::checks::inner_share;
use crate::distribution::student_t;
use crate::moments::Moments;
use crate::{Error, Interval, Result};
use ndarray::ArrayRef1;

/// What [`welch_t_test`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WelchTest {
    /// The treatment's mean minus the control's.
    pub difference: f64,
    /// The difference in standard errors.
    pub statistic: f64,
    /// Satterthwaite's degrees of freedom.
    pub degrees_of_freedom: f64,
    /// The two-sided p-value.
    pub p_value: f64,
    /// The confidence interval of the difference.
    pub interval: Interval,
}

/// Tests whether two means differ, with a confidence interval of the difference. O(n).
///
/// # Errors
/// [`Error::Shape`] if an arm has fewer than two values; [`Error::OutOfRange`] if a value is not finite or
/// `confidence` is not between 0 and 1; [`Error::Undefined`] if neither arm varies, but for
/// rounding, or the values are so large that their variance overflows.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::welch_t_test, ndarray::array};
/// let test = welch_t_test(&array![1.0, 2.0, 3.0], &array![3.0, 4.0, 5.0], 0.95)?;
/// assert_eq!(test.difference, 2.0);
/// assert!((test.degrees_of_freedom - 4.0).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn welch_t_test(
    control: &ArrayRef1<f64>,
    treatment: &ArrayRef1<f64>,
    confidence: f64,
) -> Result<WelchTest> {
    inner_share("`confidence`", confidence)?;
    let difference = Difference::of(control, treatment)?;
    let df = difference.degrees_of_freedom;
    let critical = student_t::two_sided_quantile(confidence, df).ok_or_else(no_number)?;
    let margin = critical * difference.standard_error;
    let test = WelchTest {
        difference: difference.value,
        statistic: difference.value / difference.standard_error,
        degrees_of_freedom: df,
        p_value: difference.p_value()?,
        interval: Interval::around(difference.value, margin),
    };
    if test.interval.width().is_finite() && test.statistic.is_finite() {
        Ok(test)
    } else {
        Err(no_number())
    }
}

/// The p-value of [`welch_t_test`] alone.
pub(super) fn welch_p_value(control: &ArrayRef1<f64>, treatment: &ArrayRef1<f64>) -> Result<f64> {
    Difference::of(control, treatment)?.p_value()
}

/// A difference of means with its standard error and Satterthwaite's degrees of freedom.
pub(super) struct Difference {
    pub(super) value: f64,
    pub(super) standard_error: f64,
    pub(super) degrees_of_freedom: f64,
}

impl Difference {
    pub(super) fn of(control: &ArrayRef1<f64>, treatment: &ArrayRef1<f64>) -> Result<Self> {
        check_sample("`control`", control, 2)?;
        check_sample("`treatment`", treatment, 2)?;
        let [before, after] = [control, treatment].map(|arm| Moments::of(arm.view()));
        if before.is_constant() && after.is_constant() {
            return Err(Error::Undefined {
                what: "the t statistic",
                reason: "no value differs from its arm's mean, so that the standard error is 0"
                    .to_owned(),
                remedy: "Check that the metric is recorded for each user.",
            });
        }
        let standard_error = before.standard_error().hypot(after.standard_error());
        // As shares of the variance, so that no fourth power of the data is needed.
        let of_control = (before.standard_error() / standard_error).powi(2);
        let of_treatment = (after.standard_error() / standard_error).powi(2);
        let inverse =
            of_control.powi(2) / (before.n - 1.0) + of_treatment.powi(2) / (after.n - 1.0);
        let difference = Difference {
            value: after.mean - before.mean,
            standard_error,
            degrees_of_freedom: 1.0 / inverse,
        };
        if difference.value.is_finite() && standard_error.is_finite() && standard_error > 0.0 {
            Ok(difference)
        } else {
            Err(no_number())
        }
    }

    fn p_value(&self) -> Result<f64> {
        let statistic = self.value / self.standard_error;
        student_t::two_sided_p(statistic, self.degrees_of_freedom).ok_or_else(no_number)
    }
}

pub(super) fn no_number() -> Error {
    Error::Undefined {
        what: "the t statistic",
        reason:
            "the values are so far apart, or so small, that their variance overflows or vanishes"
                .to_owned(),
        remedy: "Give the metric in another unit.",
    }
}

impl WelchTest {
    /// The p-value against another alternative than the two-sided one of [`WelchTest::p_value`].
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{experiment::{Alternative, welch_t_test}, ndarray::array};
    /// let test = welch_t_test(&array![1.0, 2.0, 3.0], &array![3.0, 4.0, 5.0], 0.95)?;
    /// assert!((test.p_value_for(Alternative::Greater) - test.p_value / 2.0).abs() < 1e-15);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn p_value_for(&self, alternative: Alternative) -> f64 {
        alternative.symmetric_p(self.statistic, self.p_value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// `scipy.stats.ttest_ind(b, a, equal_var=False)` and its `confidence_interval(0.95)`, SciPy 1.17.1.
    #[test]
    fn test_and_interval_equal_scipys() {
        let a = array![
            27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7,
            21.4
        ];
        let b = array![
            27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5,
            31.3
        ];
        let test = welch_t_test(&a, &b, 0.95).unwrap();
        assert!((test.statistic - 2.949236837313109).abs() < 1e-10);
        assert!((test.degrees_of_freedom - 27.31161047222031).abs() < 1e-10);
        assert!((test.p_value - 0.006460408027460322).abs() < 1e-10);
        assert!((test.interval.lower - 1.0033320346903456).abs() < 1e-8);
        assert!((test.interval.upper - 5.583334631976328).abs() < 1e-8);
    }

    #[test]
    fn arms_that_do_not_vary_have_no_statistic() {
        let flat = array![1.0, 1.0];
        assert!(matches!(
            welch_t_test(&flat, &flat, 0.95).unwrap_err(),
            Error::Undefined { .. }
        ));
    }

    /// The mean of equal values, by sum and division, is not their value: 1000 times 19.99 against 900 times
    /// gave t = 27.9.
    #[test]
    fn arms_that_do_not_vary_but_for_rounding_have_no_statistic() {
        for (value, n1, n2) in [
            (19.99, 1000, 900),
            (4.35, 47, 59),
            (0.1, 2, 3),
            (1e12 + 0.1, 9, 8),
        ] {
            let arm = |n| Array1::from_elem(n, value);
            let error = welch_t_test(&arm(n1), &arm(n2), 0.95).unwrap_err();
            assert!(
                error.to_string().contains("the standard error is 0"),
                "{error}"
            );
        }
        let error = welch_t_test(&array![0.3, 0.3, 0.3], &array![0.1 + 0.2, 0.3], 0.95);
        assert!(error.is_err());
    }

    /// `scipy.stats.t.isf(0.025, 2 * n - 2)`: see `tests/peers/distribution.py`.
    #[test]
    fn with_ten_million_users_the_interval_is_the_normal_one() {
        let arm = |shift: f64| Array1::from_shape_fn(10_000_000, |i| (i % 2) as f64 + shift);
        let test = welch_t_test(&arm(0.0), &arm(0.001), 0.95).unwrap();
        let variance: f64 = 0.25 * 1e7 / (1e7 - 1.0) / 1e7;
        let margin = 1.959964103153622 * (2.0 * variance).sqrt();
        assert!((test.interval.upper - test.difference - margin).abs() < 1e-9 * margin);
        assert!((test.degrees_of_freedom / 19_999_998.0 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_unit_of_the_metric_changes_no_statistic() {
        let (a, b) = (array![1.0, 2.0, 4.0], array![3.0, 4.0, 9.0]);
        let plain = welch_t_test(&a, &b, 0.95).unwrap();
        for unit in [1e-200, 1e-160, 1e160, 1e300] {
            let test = welch_t_test(&(&a * unit), &(&b * unit), 0.95).unwrap();
            assert!(
                (test.statistic / plain.statistic - 1.0).abs() < 1e-9,
                "{unit}: {test:?}"
            );
            assert!(
                (test.p_value / plain.p_value - 1.0).abs() < 1e-9,
                "{unit}: {test:?}"
            );
        }
        let error = welch_t_test(&array![f64::MAX, -f64::MAX], &array![1.0, 2.0], 0.95);
        assert!(error.unwrap_err().to_string().contains("another unit"));
    }

    #[test]
    fn a_value_that_is_not_finite_is_named() {
        let error = welch_t_test(&array![1.0, f64::NAN], &array![1.0, 2.0], 0.95).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`control[1]` is NaN, but it must be a finite number."
        );
    }
}
