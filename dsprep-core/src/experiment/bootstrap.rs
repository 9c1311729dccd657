//! Confidence intervals by resampling, for any statistic (question 26).
//!
//! After Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 13 and 14. The draws and
//! the interpolation are those of `scipy.stats.bootstrap` with a `RandomState`, so that both give the same
//! interval for the same seed.

use super::checks::check_sample;
use crate::checks::{at_least_one, inner_share, room_for};
use crate::distribution::normal;
use crate::random::RandomState;
use crate::{Error, Interval, Result};
use ndarray::{Array1, ArrayRef1};

/// How an interval is read from the resampled statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootstrapMethod {
    /// Their quantiles as they are.
    Percentile,
    /// Quantiles corrected for bias and for a spread that depends on the value (bias-corrected and
    /// accelerated). Better for skewed data; still too narrow for small samples of heavy-tailed data.
    Bca,
}

/// The confidence interval of `statistic` of `data`, from `resamples` samples of the same
/// size drawn with replacement.
///
/// 1,000 resamples give a first impression, 10,000 an interval to report.
/// O(resamples · cost of the statistic), and n times the statistic more for [`BootstrapMethod::Bca`].
///
/// # Errors
/// [`Error::Shape`] if there are fewer than two values; [`Error::OutOfRange`] if a value is not finite,
/// `confidence` is not between 0 and 1, or `resamples` is 0; [`Error::Undefined`] if the statistic is not a
/// finite number for some resample, or, for BCa, does not vary.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{BootstrapMethod, bootstrap_interval};
/// use dsprep_core::{ndarray::array, random::RandomState};
///
/// let data = array![2.1, 3.4, 1.2, 8.9, 4.4, 2.8, 3.9, 15.2, 1.1, 2.2, 5.0, 3.3];
/// let mean = |sample: &dsprep_core::ndarray::ArrayRef1<f64>| sample.sum() / sample.len() as f64;
/// let mut rng = RandomState::seed(26);
/// let interval = bootstrap_interval(&data, mean, BootstrapMethod::Percentile, 0.9, 999, &mut rng)?;
/// assert!((interval.lower - 2.8325).abs() < 1e-9 && (interval.upper - 6.37083333).abs() < 1e-8);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn bootstrap_interval(
    data: &ArrayRef1<f64>,
    statistic: impl Fn(&ArrayRef1<f64>) -> f64,
    method: BootstrapMethod,
    confidence: f64,
    resamples: usize,
    rng: &mut RandomState,
) -> Result<Interval> {
    interval_of(data, &statistic, method, confidence, resamples, rng)
}

/// A statistic of a sample. Behind a pointer, so that this file is compiled once and not in each cell.
type Statistic<'a> = &'a dyn Fn(&ArrayRef1<f64>) -> f64;

fn interval_of(
    data: &ArrayRef1<f64>,
    statistic: Statistic<'_>,
    method: BootstrapMethod,
    confidence: f64,
    resamples: usize,
    rng: &mut RandomState,
) -> Result<Interval> {
    check_sample("`data`", data, 2)?;
    inner_share("`confidence`", confidence)?;
    at_least_one("`resamples`", resamples)?;
    room_for("`resamples`", resamples, 1)?;
    let mut replicates = Vec::with_capacity(resamples);
    for at in 0..resamples {
        crate::cell::check_interrupt();
        let drawn: Array1<f64> = rng.choice(data.len(), data.len())?.mapv(|at| data[at]);
        replicates.push(finite_statistic(statistic, &drawn, || {
            format!("resample {at}")
        })?);
    }
    replicates.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    let (low, high) = match method {
        BootstrapMethod::Percentile => (tail, 1.0 - tail),
        BootstrapMethod::Bca => corrected_tails(data, statistic, &replicates, tail)?,
    };
    Ok(Interval {
        lower: quantile(&replicates, low),
        upper: quantile(&replicates, high),
    })
}

/// The statistic of a sample, which must be a finite number: a ratio with the denominator 0 is none.
fn finite_statistic(
    statistic: Statistic<'_>,
    sample: &ArrayRef1<f64>,
    which: impl Fn() -> String,
) -> Result<f64> {
    let value = statistic(sample);
    if value.is_finite() {
        return Ok(value);
    }
    Err(Error::Undefined {
        what: "the bootstrap interval",
        reason: format!(
            "the statistic of {} is {value}, not a finite number",
            which()
        ),
        remedy: "Use a statistic that has a value for every sample, constant ones too.",
    })
}

/// The shares of the replicates below the BCa limits: Efron and Tibshirani, equation 14.10.
fn corrected_tails(
    data: &ArrayRef1<f64>,
    statistic: Statistic<'_>,
    replicates: &[f64],
    tail: f64,
) -> Result<(f64, f64)> {
    let of_data = finite_statistic(statistic, data, || "`data`".to_owned())?;
    let bias = normal::quantile(share_below(replicates, of_data));
    let acceleration = acceleration(data, statistic)?;
    let corrected = |z: f64| {
        let shifted = bias + z;
        let room = 1.0 - acceleration * shifted;
        // Where the room shrinks to 0 the limit goes to the end; beyond, the formula would come back from the other one.
        match room <= 0.0 {
            true => f64::from(u8::from(shifted > 0.0)),
            false => normal::cdf(bias + shifted / room),
        }
    };
    let z = normal::quantile(tail);
    let (low, high) = (corrected(z), corrected(-z));
    if low.is_nan() || high.is_nan() || bias.is_infinite() {
        return Err(Error::Undefined {
            what: "the BCa interval",
            reason: "the statistic does not vary, or all resamples lie on one side of it"
                .to_owned(),
            remedy: "Use the percentile method, or more data.",
        });
    }
    Ok((low, high))
}

/// The share of sorted `replicates` below `value`, those equal to it counted half.
fn share_below(replicates: &[f64], value: f64) -> f64 {
    let below = replicates.partition_point(|&replicate| replicate < value);
    let up_to = replicates.partition_point(|&replicate| replicate <= value);
    (below + up_to) as f64 / (2 * replicates.len()) as f64
}

/// A sixth of the skewness of the statistic's influence values, by leaving out one value after the other:
/// Efron and Tibshirani, equation 14.15.
fn acceleration(data: &ArrayRef1<f64>, statistic: Statistic<'_>) -> Result<f64> {
    let n = data.len();
    let without = (0..n).map(|left_out| {
        let rest: Array1<f64> = (0..n)
            .filter(|&at| at != left_out)
            .map(|at| data[at])
            .collect();
        finite_statistic(statistic, &rest, || {
            format!("all values but number {left_out}")
        })
    });
    let without: Array1<f64> = without.collect::<Result<Vec<f64>>>()?.into();
    let deviations = without.sum() / n as f64 - &without;
    // In units of the largest, whose cube would soon overflow.
    let largest = deviations.fold(0.0_f64, |largest, d| largest.max(d.abs()));
    let deviations = deviations / largest;
    let squares: f64 = deviations.iter().map(|d| d.powi(2)).sum();
    let cubes: f64 = deviations.iter().map(|d| d.powi(3)).sum();
    Ok(cubes / (6.0 * squares.powf(1.5)))
}

/// The quantile `share` of sorted values, linear between them, as `np.quantile`.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    match (above - below).is_finite() {
        true => below + (above - below) * place.fract(),
        false => below * (1.0 - place.fract()) + above * place.fract(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn mean(sample: &ArrayRef1<f64>) -> f64 {
        sample.sum() / sample.len() as f64
    }

    fn median(sample: &ArrayRef1<f64>) -> f64 {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        quantile(&sorted, 0.5)
    }

    fn sd(sample: &ArrayRef1<f64>) -> f64 {
        let mean = mean(sample);
        let squares: f64 = sample.iter().map(|x| (x - mean).powi(2)).sum();
        (squares / (sample.len() - 1) as f64).sqrt()
    }

    /// `scipy.stats.bootstrap((x,), f, n_resamples=999, confidence_level=0.9, method=m,
    /// random_state=np.random.RandomState(26))`, SciPy 1.17.1: see `tests/peers/experiment.py`.
    #[test]
    fn intervals_equal_scipys_from_the_same_seed() {
        use BootstrapMethod::{Bca, Percentile};
        let x = array![2.1, 3.4, 1.2, 8.9, 4.4, 2.8, 3.9, 15.2, 1.1, 2.2, 5.0, 3.3];
        type Statistic = fn(&ArrayRef1<f64>) -> f64;
        let cases: [(Statistic, BootstrapMethod, (f64, f64)); 6] = [
            (mean, Percentile, (2.8325, 6.37083333333333)),
            (mean, Bca, (3.15, 7.189567649709581)),
            (median, Percentile, (2.2, 4.4)),
            (median, Bca, (2.45, 4.45)),
            (sd, Percentile, (1.2007758598368965, 5.570059219647291)),
            (sd, Bca, (2.0467140657561647, 6.356782905689826)),
        ];
        for (case, (statistic, method, expected)) in cases.into_iter().enumerate() {
            let mut rng = RandomState::seed(26);
            let found = bootstrap_interval(&x, statistic, method, 0.9, 999, &mut rng).unwrap();
            assert!(
                (found.lower - expected.0).abs() < 1e-9,
                "case {case}: {found:?}"
            );
            assert!(
                (found.upper - expected.1).abs() < 1e-9,
                "case {case}: {found:?}"
            );
        }
    }

    #[test]
    fn constant_data_have_a_percentile_interval_but_no_bca_interval() {
        let flat = array![2.0, 2.0, 2.0];
        let interval =
            |method| bootstrap_interval(&flat, mean, method, 0.9, 100, &mut RandomState::seed(0));
        assert_eq!(
            interval(BootstrapMethod::Percentile).unwrap(),
            Interval::from((2.0, 2.0))
        );
        assert!(interval(BootstrapMethod::Bca).is_err());
    }

    #[test]
    fn a_statistic_that_is_not_a_number_is_an_error() {
        let result = bootstrap_interval(
            &array![1.0, 2.0],
            |_| f64::NAN,
            BootstrapMethod::Percentile,
            0.9,
            10,
            &mut RandomState::seed(0),
        );
        assert!(result.unwrap_err().to_string().contains("resample 0"));
    }

    /// The resample that is all zeros makes the ratio infinite, from which quantiles would be NaN.
    #[test]
    fn an_infinite_statistic_is_an_error() {
        let data = array![0.0, 1.0, 2.0];
        for method in [BootstrapMethod::Percentile, BootstrapMethod::Bca] {
            let ratio = |sample: &ArrayRef1<f64>| 1.0 / sample.sum();
            let mut rng = RandomState::seed(0);
            let error = bootstrap_interval(&data, ratio, method, 0.9, 500, &mut rng).unwrap_err();
            assert!(error.to_string().contains("is inf"), "{error}");
        }
    }

    #[test]
    fn the_unit_of_the_data_does_not_matter() -> Result<()> {
        let data = array![1.0, 2.0, 3.5, 10.0, 4.0, 2.5, 7.0, 30.0];
        let interval = |unit: f64| {
            let (data, rng) = (&data * unit, &mut RandomState::seed(0));
            let mean = |x: &ArrayRef1<f64>| x.sum() / x.len() as f64;
            bootstrap_interval(&data, mean, BootstrapMethod::Bca, 0.95, 500, rng)
        };
        let plain = interval(1.0)?;
        for exponent in [-1000, -500, -350, 400, 1000] {
            let unit = 2.0_f64.powi(exponent);
            let other = interval(unit)?;
            assert!(
                (other.upper / unit - plain.upper).abs() < 1e-9,
                "2^{exponent}"
            );
        }
        Ok(())
    }

    /// One outlier makes the acceleration great: beyond the limit's pole, the upper end came out below the lower one.
    #[test]
    fn bca_keeps_its_order_at_great_confidence() -> Result<()> {
        let mut data = Array1::from_shape_fn(400, |i| (i % 3) as f64 * 1e-6);
        data[0] = 1000.0;
        let mean = |x: &ArrayRef1<f64>| x.sum() / x.len() as f64;
        for confidence in [0.95, 0.9999999, 0.999999999, 1.0 - 1e-13] {
            let rng = &mut RandomState::seed(0);
            let found =
                bootstrap_interval(&data, mean, BootstrapMethod::Bca, confidence, 500, rng)?;
            assert!(found.lower < found.upper, "{confidence}: {found}");
        }
        Ok(())
    }

    #[test]
    fn a_quantile_between_the_greatest_numbers_is_a_number() {
        assert_eq!(quantile(&[-1.7e308, 1.7e308], 0.5), 0.0);
        assert_eq!(quantile(&[-1.7e308, 1.7e308], 0.0), -1.7e308);
    }
}
