//! Ratio metrics by the delta method: clicks per page view, revenue per session (question 26).
//!
//! Users are randomised, but the metric divides by what they do. Page views of one user are not independent,
//! so that the usual standard error over page views is too small. To first order Σy / Σd varies as the mean
//! of y − R d does, divided by the mean of d. After Deng, Knoblich and Lu, "Applying the delta method in metric
//! analytics", 2018, section 3.

use super::checks::check_sample;
use crate::alternative::Alternative;
use crate::checks::{inner_share, number};
use crate::distribution::normal;
use crate::error::count;
use crate::moments::root_of_squares;
use crate::{Error, Interval, Result};
use ndarray::ArrayRef1;

/// A rest of so small a share of its terms is rounding.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// What [`ratio_metric`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioMetric {
    /// Σ numerators / Σ denominators.
    pub ratio: f64,
    /// The standard error of the ratio.
    pub standard_error: f64,
}

/// What [`ratio_metric_test`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioMetricTest {
    /// The treatment's ratio minus the control's.
    pub difference: f64,
    /// The difference in standard errors.
    pub statistic: f64,
    /// The two-sided p-value.
    pub p_value: f64,
    /// The confidence interval of the difference, two-sided.
    pub interval: Interval,
}

/// A ratio of sums with its standard error; one numerator and one denominator for each user. O(n).
///
/// # Errors
/// [`Error::Shape`] if there are fewer than two users or the lengths differ; [`Error::OutOfRange`] if a value
/// is not finite; [`Error::Undefined`] if the denominators sum to 0, but for rounding.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::ratio_metric, ndarray::array};
/// let (clicks, views) = (array![1.0, 0.0, 9.0], array![10.0, 5.0, 15.0]);
/// let metric = ratio_metric(&clicks, &views)?;
/// assert!((metric.ratio - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ratio_metric(
    numerators: &ArrayRef1<f64>,
    denominators: &ArrayRef1<f64>,
) -> Result<RatioMetric> {
    check_sample("`numerators`", numerators, 2)?;
    if denominators.len() != numerators.len() {
        return Err(Error::Shape {
            what: "`denominators`",
            found: count(denominators.len(), "value"),
            expected: format!("{}, one for each user", count(numerators.len(), "value")),
        });
    }
    check_sample("`denominators`", denominators, 2)?;
    let n = numerators.len() as f64;
    let total = denominators.sum();
    let size: f64 = denominators.iter().map(|d| d.abs()).sum();
    if total.abs() <= ROUNDING * size {
        return Err(Error::Undefined {
            what: "a ratio metric",
            reason: "the denominators sum to 0".to_owned(),
            remedy: "Leave out users without a denominator, or choose another metric.",
        });
    }
    let first = numerators.sum() / total;
    let rests = |ratio: f64| {
        numerators
            .iter()
            .zip(denominators)
            .map(move |(y, d)| y - ratio * d)
    };
    // What the sum lost to rounding.
    let ratio = first + rests(first).sum::<f64>() / total;
    let mut pairs = numerators.iter().zip(denominators);
    let is_rounding =
        |(y, d): (&f64, &f64)| (y - ratio * d).abs() <= ROUNDING * (y.abs() + (ratio * d).abs());
    let spread = match pairs.all(is_rounding) {
        // All users have the same ratio.
        true => 0.0,
        false => root_of_squares(rests(ratio)),
    };
    let standard_error = spread * (n / (n - 1.0)).sqrt() / total.abs();
    if !(ratio.is_finite() && standard_error.is_finite()) {
        return Err(Error::Undefined {
            what: "a ratio metric",
            reason: "its sums overflow".to_owned(),
            remedy: "Give the values in another unit.",
        });
    }
    Ok(RatioMetric {
        ratio,
        standard_error,
    })
}

/// Tests whether a ratio metric differs between the arms; each arm is (numerators, denominators), one of
/// each for each user. O(n).
///
/// # Errors
/// As [`ratio_metric`]; also [`Error::OutOfRange`] if `confidence` is not between 0 and 1, and
/// [`Error::Undefined`] if all users of both arms have their arm's ratio.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::ratio_metric_test, ndarray::array};
/// let (clicks, views) = (array![1.0, 0.0, 2.0, 1.0], array![10.0, 5.0, 15.0, 9.0]);
/// let (more_clicks, their_views) = (array![3.0, 1.0, 4.0, 2.0], array![11.0, 6.0, 14.0, 8.0]);
/// let test = ratio_metric_test((&clicks, &views), (&more_clicks, &their_views), 0.95)?;
/// assert!(test.p_value < 0.001 && !test.interval.contains(0.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ratio_metric_test(
    control: (&ArrayRef1<f64>, &ArrayRef1<f64>),
    treatment: (&ArrayRef1<f64>, &ArrayRef1<f64>),
    confidence: f64,
) -> Result<RatioMetricTest> {
    inner_share("`confidence`", confidence)?;
    let one = ratio_metric(control.0, control.1)?;
    let two = ratio_metric(treatment.0, treatment.1)?;
    let se = one.standard_error.hypot(two.standard_error);
    if se == 0.0 {
        return Err(Error::Undefined {
            what: "the z statistic",
            reason: "all users have their arm's ratio, so that the standard error is 0".to_owned(),
            remedy: "Check that the metric is recorded for each user.",
        });
    }
    let difference = two.ratio - one.ratio;
    let statistic = number("the z statistic", difference / se)?;
    let margin = normal::two_sided_quantile(confidence) * se;
    let interval = Interval::around(difference, margin);
    number("the interval of the difference", interval.width())?;
    Ok(RatioMetricTest {
        difference,
        statistic,
        p_value: normal::two_sided_p(statistic),
        interval,
    })
}

impl RatioMetricTest {
    /// The p-value against another alternative than the two-sided one of [`RatioMetricTest::p_value`].
    pub fn p_value_for(&self, alternative: Alternative) -> f64 {
        alternative.normal_p(self.statistic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    /// The weighted regression of y / d on a constant with weights d is the ratio of sums, and its robust
    /// standard error the delta method's: `WLS(y / d, ones, weights=d).fit(cov_type="HC1")`, statsmodels
    /// 0.15.0: `tests/peers/experiment.py`.
    #[test]
    fn ratio_and_standard_error_equal_a_robust_regression() -> Result<()> {
        let clicks = array![1.0, 0.0, 9.0, 3.0, 2.0, 0.0, 5.0];
        let views = array![10.0, 5.0, 15.0, 8.0, 20.0, 3.0, 6.0];
        let metric = ratio_metric(&clicks, &views)?;
        assert!((metric.ratio - RATIO).abs() < 1e-14, "{metric:?}");
        assert!(
            (metric.standard_error - STANDARD_ERROR).abs() < 1e-14,
            "{metric:?}"
        );
        Ok(())
    }

    /// 400 experiments without an effect, whose users differ much in their own rates: at 5 % the delta
    /// method finds about 5 %, where counting page views as independent finds 30 % and more.
    #[test]
    fn the_type_1_error_is_kept_though_views_of_a_user_go_together() -> Result<()> {
        let mut rng = RandomState::seed(26);
        let mut found = 0;
        for _ in 0..400 {
            let mut arm = || -> Result<(Array1<f64>, Array1<f64>)> {
                let views = rng.poisson(20.0, 100)?.mapv(|n| n as f64 + 1.0);
                let rates = rng.rand(100)?;
                Ok((&views * &rates, views))
            };
            let (control, treatment) = (arm()?, arm()?);
            let test =
                ratio_metric_test((&control.0, &control.1), (&treatment.0, &treatment.1), 0.95)?;
            let [less, greater] =
                [Alternative::Less, Alternative::Greater].map(|side| test.p_value_for(side));
            assert!((2.0 * less.min(greater) - test.p_value).abs() < 1e-12);
            found += usize::from(test.p_value < 0.05);
        }
        // 20 are expected, with a standard deviation of 4.4.
        assert!((7..=36).contains(&found), "{found}");
        Ok(())
    }

    #[test]
    fn equal_ratios_and_missing_denominators_are_said() {
        let (price, one) = (Array1::from_elem(47, 4.35), Array1::from_elem(47, 0.7));
        let metric = ratio_metric(&price, &one).unwrap();
        assert_eq!(metric.standard_error, 0.0);
        let arm = (&*price, &*one);
        let test = ratio_metric_test(arm, arm, 0.95);
        assert!(matches!(test, Err(Error::Undefined { .. })));
        assert!(ratio_metric(&price, &Array1::zeros(47)).is_err());
        assert!(ratio_metric(&price, &Array1::zeros(46)).is_err());
        assert!(ratio_metric(&array![1.0], &array![1.0]).is_err());
        assert!(ratio_metric(&array![1.0, f64::NAN], &array![1.0, 1.0]).is_err());
    }

    const RATIO: f64 = 0.29850746268656714;
    const STANDARD_ERROR: f64 = 0.11830851765615535;

    /// With denominators of 1 it is the standard error of a mean, at any offset, of any size.
    #[test]
    fn an_offset_or_a_unit_does_not_change_the_standard_error() -> Result<()> {
        for (n, offset) in [(10_000, 1e9), (1_000_000, 1e6), (1_000_000, 1e12)] {
            let values = Array1::from_shape_fn(n, |i| offset + ((i * 7919) % 101) as f64 / 64.0);
            let found = ratio_metric(&values, &Array1::ones(n))?;
            let expected = crate::moments::Moments::of(values.view()).standard_error();
            assert!(
                (found.standard_error / expected - 1.0).abs() < 1e-9,
                "{n}, {offset:e}"
            );
        }
        let tiny = ratio_metric(&array![1e-170, 2e-170, 4e-170], &array![1.0, 1.0, 1.0])?;
        assert!((tiny.standard_error / 8.81917103688197e-171 - 1.0).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn one_ratio_of_all_users_has_no_error_and_denominators_that_cancel_no_ratio() -> Result<()> {
        let d = Array1::from_shape_fn(100_000, |i| 1.0 + ((i * 31) % 17) as f64 * 0.1);
        assert_eq!(ratio_metric(&(&d * 19.99), &d)?.standard_error, 0.0);
        let cancelled = ratio_metric(&array![1.0, 2.0, 4.0], &array![0.1, 0.2, -0.3]);
        assert!(matches!(cancelled, Err(Error::Undefined { .. })));
        Ok(())
    }
}
