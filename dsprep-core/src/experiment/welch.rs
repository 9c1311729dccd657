//! Welch's t-test: two means with unequal variances (question 26).
//!
//! After Welch, "The generalization of 'Student's' problem when several different population variances
//! are involved", 1947; degrees of freedom by Satterthwaite, 1946.

use super::checks::{check_sample, check_share};
use crate::{Error, Result};
use ndarray::ArrayRef1;
use statrs::distribution::{ContinuousCDF, StudentsT};

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
    /// The confidence interval of the difference, low and high.
    pub interval: (f64, f64),
}

/// Tests whether two means differ, with a confidence interval of the difference. O(n).
///
/// # Errors
/// [`Error::Shape`] if an arm has fewer than two values; [`Error::OutOfRange`] if a value is not finite or
/// `confidence` is not between 0 and 1; [`Error::Undefined`] if neither arm varies.
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
    check_share("`confidence`", confidence)?;
    check_sample("`control`", control, 2)?;
    check_sample("`treatment`", treatment, 2)?;
    let (mean1, v1, n1) = mean_and_its_variance(control);
    let (mean2, v2, n2) = mean_and_its_variance(treatment);
    let variance = v1 + v2;
    let df = variance.powi(2) / (v1.powi(2) / (n1 - 1.0) + v2.powi(2) / (n2 - 1.0));
    let t = StudentsT::new(0.0, 1.0, df).map_err(|_| Error::Undefined {
        what: "the t statistic",
        reason: "no value differs from its arm's mean, so that the standard error is 0".to_owned(),
        remedy: "Check that the metric is recorded for each user.",
    })?;
    let difference = mean2 - mean1;
    let statistic = difference / variance.sqrt();
    let margin = t.inverse_cdf(0.5 + confidence / 2.0) * variance.sqrt();
    Ok(WelchTest {
        difference,
        statistic,
        degrees_of_freedom: df,
        p_value: 2.0 * t.cdf(-statistic.abs()),
        interval: (difference - margin, difference + margin),
    })
}

/// The mean, the variance of the mean, and the number of values.
fn mean_and_its_variance(values: &ArrayRef1<f64>) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.sum() / n;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    (mean, squares / (n - 1.0) / n, n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

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
        assert!((test.interval.0 - 1.0033320346903456).abs() < 1e-8);
        assert!((test.interval.1 - 5.583334631976328).abs() < 1e-8);
    }

    #[test]
    fn arms_that_do_not_vary_have_no_statistic() {
        let flat = array![1.0, 1.0];
        assert!(matches!(
            welch_t_test(&flat, &flat, 0.95).unwrap_err(),
            Error::Undefined { .. }
        ));
    }

    #[test]
    fn a_value_that_is_not_finite_is_named() {
        let error = welch_t_test(&array![1.0, f64::NAN], &array![1.0, 2.0], 0.95).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`control`[1] is NaN, but it must be a finite number."
        );
    }
}
