//! The Diebold-Mariano test: is one forecast better than another, or was it luck? (question 30)
//!
//! The mean difference of the two losses over its standard error, in which neighbouring errors of a forecast h steps
//! ahead are correlated up to lag h − 1. After Diebold and Mariano, "Comparing predictive accuracy", 1995; with the
//! correction for short series and Student's t of Harvey, Leybourne and Newbold, "Testing the equality of
//! prediction mean squared errors", 1997.

use crate::alternative::Alternative;
use crate::checks::at_least_one;
use crate::distribution::student_t;
use crate::error::{count, out_of_range};
use crate::moments::Moments;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};

/// What [`diebold_mariano`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DieboldMariano {
    /// The mean loss of the first forecast minus that of the second: negative if the first is better.
    pub difference: f64,
    /// The difference in standard errors, corrected for the length of the series.
    pub statistic: f64,
    /// The p-value against the alternative asked for.
    pub p_value: f64,
}

/// Tests whether two forecasts of the same values, `horizon` steps ahead, have the same expected loss. `first` and
/// `second` are the losses of each forecast at each time: |e| for a test by MAE, e² by RMSE. [`Alternative::Less`] is that the
/// first loses less. O(n).
///
/// # Errors
/// [`Error::Shape`] if the lengths differ or there are not more than `horizon` values and at least two;
/// [`Error::OutOfRange`] if a loss is not finite or `horizon` is 0; [`Error::Undefined`] if the differences do not
/// vary, or the estimated variance is not positive, which happens with few values and a long horizon.
///
/// # Examples
/// ```
/// use dsprep_core::{Alternative, evaluate::diebold_mariano, ndarray::array};
/// let first = array![1.0, 0.5, 2.0, 1.5, 0.5, 1.0, 0.5, 1.0];
/// let second = array![2.0, 1.5, 2.5, 2.5, 1.0, 2.5, 1.0, 1.5];
/// let test = diebold_mariano(&first, &second, 1, Alternative::TwoSided)?;
/// assert!(test.difference < 0.0 && test.p_value < 0.001);     // the first is better
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn diebold_mariano(
    first: &ArrayRef1<f64>,
    second: &ArrayRef1<f64>,
    horizon: usize,
    alternative: Alternative,
) -> Result<DieboldMariano> {
    at_least_one("`horizon`", horizon)?;
    if first.len() < 2 || first.len() <= horizon {
        return Err(Error::Shape {
            what: "`first`",
            found: count(first.len(), "loss"),
            expected: "more than the horizon, and at least 2".to_owned(),
        });
    }
    if second.len() != first.len() {
        return Err(Error::Shape {
            what: "`second`",
            found: count(second.len(), "loss"),
            expected: format!("as many as `first`, {}", first.len()),
        });
    }
    crate::checks::finite("first", first)?;
    crate::checks::finite("second", second)?;
    let n = first.len() as f64;
    let h = horizon as f64;
    let differences = first - second;
    let mean = Moments::of(differences.view()).mean;
    let centred = &differences - mean;
    let size = first
        .iter()
        .chain(second)
        .fold(0.0_f64, |size, loss| size.max(loss.abs()));
    let spread = centred
        .iter()
        .fold(0.0_f64, |spread, d| spread.max(d.abs()));
    // In units of the largest, whose square may overflow.
    let variance = long_run_variance(&(&centred / spread), horizon) / n;
    if spread <= 8.0 * f64::EPSILON * size || !(variance > 0.0 && variance.is_finite()) {
        let (reason, remedy) = match spread <= 8.0 * f64::EPSILON * size {
            true => (
                "the losses differ by the same at all times",
                "Compare the mean losses.",
            ),
            false => (
                "the variance is estimated as 0 or less, or overflows",
                "Use a shorter horizon or a longer series.",
            ),
        };
        return Err(Error::Undefined {
            what: "the Diebold-Mariano statistic",
            reason: reason.to_owned(),
            remedy,
        });
    }
    // √((n + 1 − 2h + h (h − 1) / n) / n), in which nothing cancels.
    let correction = ((n - h) * (n - h + 1.0)).sqrt() / n;
    let statistic = correction * (mean / spread) / variance.sqrt();
    let two_sided = student_t::two_sided_p(statistic, n - 1.0)
        .ok_or_else(|| out_of_range("the statistic", statistic, "a finite number"))?;
    Ok(DieboldMariano {
        difference: mean,
        statistic,
        p_value: alternative.symmetric_p(statistic, two_sided),
    })
}

/// The variance and twice the autocovariances up to lag `horizon` − 1, each with divisor n. Each value meets the sum of
/// those before it that are within reach, which moves along: O(n), whatever the horizon.
fn long_run_variance(centred: &Array1<f64>, horizon: usize) -> f64 {
    let (mut within_reach, mut sum) = (0.0, 0.0);
    for (at, value) in centred.iter().enumerate() {
        sum += value * (value + 2.0 * within_reach);
        if horizon > 1 {
            within_reach += value;
            if let Some(left) = (at + 1).checked_sub(horizon) {
                within_reach -= centred[left];
            }
        }
    }
    sum / centred.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    const TWO: Alternative = Alternative::TwoSided;

    /// The same by statsmodels 0.15.0: a regression of the differences on a constant whose standard error is robust
    /// to autocorrelation up to lag h − 1 with equal weights (HAC, uniform kernel), and the correction:
    /// `tests/peers/forecast.py`.
    #[test]
    fn statistic_and_p_value_equal_statsmodels() -> Result<()> {
        let first = array![1.2, 1.5, 1.9, 1.1, 0.6, 0.4, 0.6, 1.1, 2.0, 2.2, 1.4, 0.9];
        let second = array![1.0, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8, 0.9, 1.1, 0.8, 0.7, 0.8];
        for (horizon, statistic, p_value) in EXPECTED {
            let test = diebold_mariano(&first, &second, horizon, TWO)?;
            assert!(
                (test.statistic - statistic).abs() < 1e-10,
                "{horizon}: {test:?}"
            );
            assert!(
                (test.p_value - p_value).abs() < 1e-10,
                "{horizon}: {test:?}"
            );
            // The second lost less.
            let [less, greater] = [Alternative::Less, Alternative::Greater].map(|side| {
                diebold_mariano(&first, &second, horizon, side)
                    .map_or(f64::NAN, |test| test.p_value)
            });
            assert!(
                (2.0 * greater - p_value).abs() < 1e-10 && (less + greater - 1.0).abs() < 1e-12
            );
        }
        Ok(())
    }

    #[test]
    fn equally_good_forecasts_are_told_apart_no_more_often_than_5_percent() -> Result<()> {
        let mut rng = RandomState::seed(30);
        let mut found = 0;
        for _ in 0..1000 {
            let (a, b) = (rng.randn(30)?.mapv(f64::abs), rng.randn(30)?.mapv(f64::abs));
            found += usize::from(diebold_mariano(&a, &b, 1, TWO)?.p_value < 0.05);
        }
        // 50 are expected, with a standard deviation of 7.
        assert!((25..=75).contains(&found), "{found}");
        Ok(())
    }

    #[test]
    fn what_has_no_statistic_says_why() {
        let a = array![4.35, 4.35, 4.35];
        assert!(matches!(
            diebold_mariano(&a, &a, 1, TWO),
            Err(Error::Undefined { .. })
        ));
        assert!(matches!(
            diebold_mariano(&a, &(&a + 0.1), 1, TWO),
            Err(Error::Undefined { .. })
        ));
        let zigzag = array![0.0, 1.0, 0.0, 1.0];
        assert!(matches!(
            diebold_mariano(&zigzag, &array![0.5, 0.5, 0.5, 0.5], 2, TWO),
            Err(Error::Undefined { .. })
        ));
        assert!(diebold_mariano(&a, &array![1.0], 1, TWO).is_err());
        assert!(
            diebold_mariano(&a, &a, 0, TWO).is_err() && diebold_mariano(&a, &a, 3, TWO).is_err()
        );
        assert!(diebold_mariano(&a, &array![1.0, f64::NAN, 0.0], 1, TWO).is_err());
    }

    const EXPECTED: [(usize, f64, f64); 2] = [
        (1, 1.9405408658739813, 0.07836937235750381),
        (2, 1.2073035803306436, 0.25263474610600334),
    ];

    #[test]
    fn the_unit_of_the_losses_does_not_matter() -> Result<()> {
        let (first, second) = (
            array![1.0, 3.0, 2.0, 5.0, 1.0],
            array![0.0, 1.0, 1.0, 2.0, 3.0],
        );
        let test = |unit: f64| {
            diebold_mariano(
                &(&first * unit),
                &(&second * unit),
                1,
                Alternative::TwoSided,
            )
        };
        let plain = test(1.0)?;
        for unit in [1e-170, 1e-161, 1e160, 1e300] {
            let other = test(unit)?;
            assert!((other.p_value - plain.p_value).abs() < 1e-12, "{unit:e}");
            assert!((other.statistic - plain.statistic).abs() < 1e-9, "{unit:e}");
        }
        Ok(())
    }

    /// The sum of all autocovariances, one by one.
    #[test]
    fn the_moving_sum_is_the_sum_of_all_lags() {
        let centred = RandomState::seed(3).randn(40).unwrap();
        for horizon in [1, 2, 7, 39] {
            let lag = |lag: usize| -> f64 {
                let pairs = centred.iter().skip(lag).zip(&centred);
                pairs.map(|(a, b)| a * b).sum::<f64>() / 40.0
            };
            let expected = lag(0) + 2.0 * (1..horizon).map(lag).sum::<f64>();
            let found = long_run_variance(&centred, horizon);
            assert!(
                (found - expected).abs() < 1e-12,
                "{horizon}: {found} and {expected}"
            );
        }
    }
}
