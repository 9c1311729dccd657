//! CUPED: less variance by what was known before (question 26).
//!
//! A user's metric before the experiment, X, cannot be changed by the treatment, but explains part of the
//! metric Y. Y − θ (X − X̄) with θ = cov(X, Y) / var(X) has the same expected difference between the arms
//! and 1 − ρ² times the variance. After Deng, Xu, Kohavi and Walker, "Improving the sensitivity of online
//! controlled experiments by utilizing pre-experiment data", 2013.

use super::checks::check_sample;
use crate::checks::numbers;
use crate::error::count;
use crate::moments::Moments;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use serde::{Deserialize, Serialize};

/// An adjustment, fitted on all users of both arms together.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::Cuped, ndarray::array};
///
/// let before = array![1.0, 2.0, 3.0, 4.0];
/// let during = array![2.0, 4.0, 6.0, 8.0];                 // wholly explained by `before`
/// let cuped = Cuped::fit(&during, &before)?;
/// assert_eq!(cuped.theta, 2.0);
/// assert_eq!(cuped.adjust(&during, &before)?, array![5.0, 5.0, 5.0, 5.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cuped {
    /// cov(X, Y) / var(X), in units of Y per unit of X.
    pub theta: f64,
    /// The mean of X over all users.
    pub covariate_mean: f64,
    /// ρ, the correlation of X and Y.
    pub correlation: f64,
}

impl Cuped {
    /// Fits θ on `metric` (Y) and `covariate` (X, from before the experiment), one value for each user of
    /// both arms. O(n).
    ///
    /// # Errors
    /// [`Error::Shape`] if there are fewer than two users or the lengths differ; [`Error::OutOfRange`] if a
    /// value is not finite; [`Error::Undefined`] if X or Y does not vary.
    pub fn fit(metric: &ArrayRef1<f64>, covariate: &ArrayRef1<f64>) -> Result<Self> {
        check_pairs(metric, covariate)?;
        check_sample("`metric`", metric, 2)?;
        check_sample("`covariate`", covariate, 2)?;
        let (y, x) = (Moments::of(metric.view()), Moments::of(covariate.view()));
        if x.is_constant() || y.is_constant() {
            return Err(Error::Undefined {
                what: "the correlation of metric and covariate",
                reason: "one of them has the same value for all users".to_owned(),
                remedy: "Choose a covariate that varies, or test without CUPED.",
            });
        }
        // In units of the spreads, so that no square of the data is needed.
        let pairs = metric.iter().zip(covariate);
        let correlation: f64 = pairs
            .map(|(yi, xi)| (yi - y.mean) / y.root_squares * ((xi - x.mean) / x.root_squares))
            .sum();
        let theta = correlation * (y.root_squares / x.root_squares);
        if !theta.is_finite() {
            return Err(Error::Undefined {
                what: "θ",
                reason: "the values are so far apart that their variance overflows".to_owned(),
                remedy: "Give metric and covariate in other units.",
            });
        }
        Ok(Cuped {
            theta,
            covariate_mean: x.mean,
            correlation: correlation.clamp(-1.0, 1.0),
        })
    }

    /// Y − θ (X − X̄) for the users of one arm. Its mean estimates the arm's mean of Y.
    ///
    /// # Errors
    /// [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a value is not finite.
    pub fn adjust(
        &self,
        metric: &ArrayRef1<f64>,
        covariate: &ArrayRef1<f64>,
    ) -> Result<Array1<f64>> {
        check_pairs(metric, covariate)?;
        check_sample("`metric`", metric, 0)?;
        check_sample("`covariate`", covariate, 0)?;
        let adjusted: Array1<f64> = metric
            .iter()
            .zip(covariate)
            .map(|(y, x)| y - self.theta * (x - self.covariate_mean))
            .collect();
        numbers("an adjusted value", &adjusted)?;
        Ok(adjusted)
    }

    /// 1 − ρ²: the variance that is left, and so the share of users that still is needed.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::experiment::Cuped;
    /// let cuped = Cuped { theta: 1.0, covariate_mean: 0.0, correlation: 0.6 };
    /// assert_eq!(cuped.variance_ratio(), 0.64);
    /// ```
    pub fn variance_ratio(&self) -> f64 {
        1.0 - self.correlation.powi(2)
    }
}

fn check_pairs(metric: &ArrayRef1<f64>, covariate: &ArrayRef1<f64>) -> Result<()> {
    if metric.len() == covariate.len() {
        return Ok(());
    }
    Err(Error::Shape {
        what: "`covariate`",
        found: count(covariate.len(), "value"),
        expected: format!("{}, one for each of `metric`", count(metric.len(), "value")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    fn variance(values: &ArrayRef1<f64>) -> f64 {
        let mean = values.sum() / values.len() as f64;
        values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64
    }

    #[test]
    fn a_gap_in_an_arm_is_named_and_not_adjusted() {
        let cuped = Cuped {
            theta: 0.5,
            covariate_mean: 1.0,
            correlation: 0.7,
        };
        let error = cuped.adjust(&Array1::zeros(2), &Array1::from(vec![1.0, f64::NAN]));
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("`covariate[1]` is NaN")
        );
    }

    #[test]
    fn in_the_sample_the_variance_falls_by_exactly_rho_squared() {
        let mut rng = RandomState::seed(2);
        let before = rng.lognormal(2.0, 1.0, 500).unwrap();
        let during = &before * 0.7 + rng.normal(3.0, 4.0, 500).unwrap();
        let cuped = Cuped::fit(&during, &before).unwrap();
        let adjusted = cuped.adjust(&during, &before).unwrap();
        let ratio = variance(&adjusted) / variance(&during);
        assert!((ratio - cuped.variance_ratio()).abs() < 1e-12);
    }

    /// 2,000 experiments with ρ = 0.8: the estimated lift keeps its mean, and its variance over the
    /// experiments falls to 1 − 0.64 = 0.36.
    #[test]
    fn over_experiments_the_lift_is_unbiased_with_one_minus_rho_squared_of_the_variance() {
        let (arm, lift, rho) = (100, 0.3, 0.8_f64);
        let mut rng = RandomState::seed(26);
        let mut plain = Vec::new();
        let mut adjusted = Vec::new();
        for _ in 0..2000 {
            let before = rng.randn(2 * arm).unwrap();
            let mut during = &before * rho + rng.randn(2 * arm).unwrap() * (1.0 - rho * rho).sqrt();
            for treated in during.iter_mut().skip(arm) {
                *treated += lift;
            }
            let better = Cuped::fit(&during, &before)
                .unwrap()
                .adjust(&during, &before)
                .unwrap();
            plain.push(difference_of_halves(&during));
            adjusted.push(difference_of_halves(&better));
        }
        let (plain, adjusted) = (Array1::from(plain), Array1::from(adjusted));
        assert!((adjusted.sum() / 2000.0 - lift).abs() < 0.01);
        let ratio = variance(&adjusted) / variance(&plain);
        assert!((ratio - 0.36).abs() < 0.04, "{ratio}");
    }

    fn difference_of_halves(values: &ArrayRef1<f64>) -> f64 {
        let arm = values.len() / 2;
        let sum = |skip: usize| values.iter().skip(skip).take(arm).sum::<f64>();
        (sum(arm) - sum(0)) / arm as f64
    }

    #[test]
    fn a_constant_price_has_no_correlation_and_an_offset_changes_none() {
        let price = Array1::from_elem(1000, 19.99);
        let spread = RandomState::seed(1).randn(1000).unwrap();
        assert!(Cuped::fit(&price, &spread).is_err() && Cuped::fit(&spread, &price).is_err());
        let metric = &spread * 0.5 + RandomState::seed(2).randn(1000).unwrap();
        let near = Cuped::fit(&metric, &spread).unwrap();
        let far = Cuped::fit(&(&metric + 1e12), &(&spread - 1e12)).unwrap();
        assert!((far.theta - near.theta).abs() < 1e-3);
    }

    #[test]
    fn a_constant_covariate_is_an_error_that_says_what_to_do() {
        let error = Cuped::fit(&ndarray::array![1.0, 2.0], &ndarray::array![3.0, 3.0]).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("Choose a covariate that varies, or test without CUPED.")
        );
    }
}
