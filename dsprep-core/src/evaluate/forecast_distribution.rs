//! Scores for quantiles and whole distributions (question 30).
//!
//! A point forecast hides how sure it is. [`pinball_loss`] scores one quantile, the CRPS a whole
//! distribution: it is the pinball loss averaged over all quantiles, times 2, and equals the absolute
//! error if the distribution is a single point. Both are proper: nobody gains by telling anything but
//! what they believe. After Gneiting and Raftery, "Strictly proper scoring rules, prediction, and
//! estimation", 2007, sections 4.2 and 6.1.

use super::forecast::mean_of;
use crate::checks::{finite, finite_number};
use crate::{Error, Result};
use ndarray::ArrayRef1;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// The pinball (quantile) loss of forecasts of the quantile `q`, in the unit of the data: the mean of
/// `q` (y − f) where the actual value lies above the forecast and (1 − `q`) (f − y) where below.
///
/// The forecast that minimises it is the quantile `q`; for 0.5 it is half of the MAE.
///
/// # Errors
/// [`Error::Empty`] without values, [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if `q`
/// is not between 0 and 1 or a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::pinball_loss, ndarray::array};
/// // To run out costs nine times as much as to have one too many.
/// assert_eq!(pinball_loss(&array![10.0], &array![9.0], 0.9)?, 0.9);
/// assert!((pinball_loss(&array![10.0], &array![11.0], 0.9)? - 0.1).abs() < 1e-15);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn pinball_loss(actual: &ArrayRef1<f64>, forecast: &ArrayRef1<f64>, q: f64) -> Result<f64> {
    if !(q > 0.0 && q < 1.0) {
        return Err(Error::OutOfRange {
            what: "`q`".to_owned(),
            found: q.to_string(),
            expected: "between 0 and 1: 0.9 for the 90 % quantile",
        });
    }
    mean_of(actual, forecast, |y, f| match y - f {
        low if low >= 0.0 => q * low,
        high => (q - 1.0) * high,
    })
}

/// The continuous ranked probability score of a `sample` from the forecast for one `actual` value, in
/// the unit of the data: mean |x − y| − ½ mean |x − x′| over all pairs.
///
/// Sorted, so that it takes O(n log n); [`crps_by_pairs`] is the definition as written.
///
/// # Errors
/// [`Error::Empty`] without a sample, [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::crps_sample, ndarray::array};
/// assert_eq!(crps_sample(3.0, &array![5.0])?, 2.0);            // one point: the absolute error
/// assert_eq!(crps_sample(0.0, &array![-1.0, 1.0])?, 0.5);      // 1 − ½ · 1
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn crps_sample(actual: f64, sample: &ArrayRef1<f64>) -> Result<f64> {
    check_sample(actual, sample)?;
    // Measured from the actual value: the sums below are the same, and no offset cancels in them.
    let mut sorted = sample.mapv(|x| x - actual).to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let error = sorted.iter().map(|x| x.abs()).sum::<f64>() / n;
    // The i-th smallest of n is the larger one in i pairs and the smaller one in n − 1 − i.
    let rank_sum: f64 = sorted
        .iter()
        .enumerate()
        .map(|(i, x)| (2.0 * i as f64 + 1.0 - n) * x)
        .sum();
    finite_score(error - rank_sum / (n * n))
}

/// [`crps_sample`] from its definition, over all pairs: O(n²).
///
/// # Errors
/// As [`crps_sample`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::crps_by_pairs, ndarray::array};
/// assert_eq!(crps_by_pairs(0.0, &array![-1.0, 1.0])?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn crps_by_pairs(actual: f64, sample: &ArrayRef1<f64>) -> Result<f64> {
    check_sample(actual, sample)?;
    let n = sample.len() as f64;
    let error = sample.iter().map(|x| (x - actual).abs()).sum::<f64>() / n;
    let to_others = |x: &f64| sample.iter().map(|other| (x - other).abs()).sum::<f64>();
    let spread = sample.iter().map(to_others).sum::<f64>() / (n * n);
    finite_score(error - spread / 2.0)
}

/// The continuous ranked probability score of a normal forecast with `mean` and `standard_deviation` for
/// one `actual` value, in the unit of the data.
///
/// σ (z (2 Φ(z) − 1) + 2 φ(z) − 1/√π) with z = (y − μ) / σ: Gneiting and Raftery,
/// section 4.2, with the sign that makes low values good.
///
/// # Errors
/// [`Error::OutOfRange`] if a number is not finite or the standard deviation not positive.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::crps_normal;
/// assert!((crps_normal(0.0, 0.0, 1.0)? - 0.2337).abs() < 1e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn crps_normal(actual: f64, mean: f64, standard_deviation: f64) -> Result<f64> {
    finite_number("`actual`", actual)?;
    finite_number("`mean`", mean)?;
    if !(standard_deviation > 0.0 && standard_deviation.is_finite()) {
        return Err(Error::OutOfRange {
            what: "`standard_deviation`".to_owned(),
            found: standard_deviation.to_string(),
            expected: "greater than 0; for a single point the CRPS is the absolute error",
        });
    }
    let z = (actual - mean) / standard_deviation;
    let root_of_pi = std::f64::consts::PI.sqrt();
    if z.abs() > 1e9 {
        // Far out, both tails are 0; z itself may be infinite.
        return finite_score((actual - mean).abs() - standard_deviation / root_of_pi);
    }
    let normal = Normal::standard();
    let score = z * (2.0 * normal.cdf(z) - 1.0) + 2.0 * normal.pdf(z) - 1.0 / root_of_pi;
    Ok(standard_deviation * score)
}

fn finite_score(score: f64) -> Result<f64> {
    if score.is_finite() {
        return Ok(score);
    }
    Err(Error::Undefined {
        what: "the CRPS",
        reason: "the values are so far apart that their distance overflows".to_owned(),
        remedy: "Give the values in another unit.",
    })
}

fn check_sample(actual: f64, sample: &ArrayRef1<f64>) -> Result<()> {
    finite_number("`actual`", actual)?;
    if sample.is_empty() {
        return Err(Error::Empty {
            what: "`sample`",
            item: "value",
        });
    }
    finite("sample", sample)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    #[test]
    fn sorting_gives_the_same_as_all_pairs() -> Result<()> {
        let mut rng = RandomState::seed(12);
        for n in [1, 2, 7, 50] {
            let sample = rng.randn(n)? * 3.0 + 1.0;
            for actual in [-20.0, 0.0, sample[0], 15.0] {
                let (fast, plain) = (
                    crps_sample(actual, &sample)?,
                    crps_by_pairs(actual, &sample)?,
                );
                assert!((fast - plain).abs() < 1e-12, "{n} {actual}: {fast} {plain}");
            }
        }
        Ok(())
    }

    #[test]
    fn a_large_normal_sample_scores_as_the_formula() -> Result<()> {
        let sample = RandomState::seed(3).normal(2.0, 1.5, 200_000)?;
        for actual in [2.0, 4.0, -3.0] {
            let difference = crps_sample(actual, &sample)? - crps_normal(actual, 2.0, 1.5)?;
            assert!(difference.abs() < 0.01, "{difference}");
        }
        Ok(())
    }

    /// ∫ (F(x) − 1{x ≥ y})² dx, the definition.
    #[test]
    fn the_normal_formula_equals_the_integral() -> Result<()> {
        let normal = Normal::standard();
        for actual in [0.0, 0.7, -2.5] {
            let step = 1e-3;
            let integrand = |i: i32| {
                let x = f64::from(i) * step + step / 2.0;
                (normal.cdf(x) - f64::from(u8::from(x >= actual))).powi(2)
            };
            let integral = (-10_000..10_000).map(integrand).sum::<f64>() * step;
            assert!((integral - crps_normal(actual, 0.0, 1.0)?).abs() < 1e-6);
        }
        Ok(())
    }

    #[test]
    fn the_true_quantile_has_the_smallest_pinball_loss() -> Result<()> {
        let actual: Array1<f64> = (1..=100).map(f64::from).collect();
        let loss = |forecast: f64| pinball_loss(&actual, &Array1::from_elem(100, forecast), 0.9);
        assert!(loss(90.5)? < loss(85.0)? && loss(90.5)? < loss(95.0)?);
        let middle = pinball_loss(&actual, &Array1::from_elem(100, 40.0), 0.5)?;
        let mae = crate::evaluate::mae(&actual, &Array1::from_elem(100, 40.0))?;
        assert!((middle - mae / 2.0).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let one = array![1.0];
        let message = |result: Result<f64>| result.unwrap_err().to_string();
        assert!(message(pinball_loss(&one, &one, 90.0)).contains("`q` is 90"));
        assert!(message(pinball_loss(&one, &array![1.0, 2.0], 0.9)).contains("2 values"));
        assert!(message(crps_sample(1.0, &Array1::zeros(0))).contains("`sample` is empty"));
        assert!(message(crps_sample(f64::NAN, &one)).contains("`actual` is NaN"));
        assert!(message(crps_normal(0.0, 0.0, 0.0)).contains("the absolute error"));
    }

    /// Milliseconds since 1970 and more: the rank sum over the raw values lost all digits.
    #[test]
    fn an_offset_changes_no_score_and_distances_without_a_number_are_named() -> Result<()> {
        let sample = RandomState::seed(4)
            .randn(200)?
            .mapv(|x| (x * 64.0).round() / 8.0);
        let near = crps_sample(0.25, &sample)?;
        for offset in [1.7e12, -1e15] {
            let far = crps_sample(offset + 0.25, &(&sample + offset))?;
            let spread = crps_by_pairs(offset + 0.25, &(&sample + offset))?;
            assert!((far - spread).abs() < 1e-9, "{offset}: {far} {spread}");
            assert!((far - near).abs() < 0.1, "{offset}: {far} {near}");
        }
        assert!(
            (crps_sample(1.7e12, &(&sample + 1.7e12))? - crps_sample(0.0, &sample)?).abs() < 1e-9
        );
        let apart = Array1::from(vec![f64::MAX, -f64::MAX]);
        assert!(crps_sample(-f64::MAX, &apart).is_err() && crps_by_pairs(0.0, &apart).is_err());
        assert_eq!(crps_normal(1e300, 0.0, 1e-300)?, 1e300);
        assert!(crps_normal(f64::MAX, -f64::MAX, 1.0).is_err());
        Ok(())
    }

    #[test]
    fn far_out_the_normal_score_keeps_its_digits() {
        assert_eq!(crps_normal(2e9, 0.0, 1.0).unwrap(), 1999999999.4358104);
    }
}
