//! How far apart are two distributions? Distances, which take no decision (question 25).
//!
//! Kolmogorov-Smirnov sees the largest gap of two distribution functions only. The Wasserstein distance tells how far the
//! values have moved, in their own unit; the Jensen-Shannon distance compares shares of categories or bins, and has a largest value.

use super::sorted_samples;
use crate::checks::{check, number};
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef1;
use std::f64::consts::LN_2;

/// The Wasserstein distance of two samples, also called earth mover's distance: how far the values have to be moved on average to turn
/// one sample into the other, ∫ |F − G| dx. Equal to SciPy's `wasserstein_distance`. O(n log n).
///
/// # Errors
/// [`Error::Empty`] if a sample has no values, [`Error::OutOfRange`] if one is not finite, [`Error::Undefined`] if the distance
/// overflows.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::drift::wasserstein_distance, ndarray::array};
/// let before = array![1.0, 2.0, 3.0];
/// assert_eq!(wasserstein_distance(&before, &(&before + 5.0))?, 5.0);
/// assert_eq!(wasserstein_distance(&before, &array![3.0, 1.0, 2.0])?, 0.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn wasserstein_distance(reference: &ArrayRef1<f64>, current: &ArrayRef1<f64>) -> Result<f64> {
    let (reference, current) = sorted_samples(reference, current)?;
    let mut values = [reference.as_slice(), &current].concat();
    values.sort_by(f64::total_cmp);
    let share_up_to = |sample: &[f64], value: f64| {
        sample.partition_point(|&other| other <= value) as f64 / sample.len() as f64
    };
    let moved = values.windows(2).map(|pair| {
        let gap = share_up_to(&reference, pair[0]) - share_up_to(&current, pair[0]);
        // By halves, as a difference of two numbers may overflow.
        2.0 * (gap.abs() * (pair[1] / 2.0 - pair[0] / 2.0))
    });
    number("the Wasserstein distance", moved.sum())
}

/// The Jensen-Shannon distance of two distributions over the same categories or bins, from counts or shares: the square root of the mean
/// divergence from their average, in bits. 0 if the shares are the same, 1 if they have nothing in common; infinite never, where
/// an empty bin makes Kullback and Leibler's infinite. Equal to SciPy's `jensenshannon(p, q, base=2)`. After Endres and Schindelin, "A
/// new metric for probability distributions", 2003.
///
/// # Errors
/// [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a number is negative or not finite, [`Error::Undefined`] if all
/// numbers of one are 0.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::drift::jensen_shannon_distance, ndarray::array};
/// assert_eq!(jensen_shannon_distance(&array![30.0, 10.0], &array![0.75, 0.25])?, 0.0);
/// assert_eq!(jensen_shannon_distance(&array![5.0, 0.0], &array![0.0, 1.0])?, 1.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn jensen_shannon_distance(
    reference: &ArrayRef1<f64>,
    current: &ArrayRef1<f64>,
) -> Result<f64> {
    if current.len() != reference.len() {
        return Err(Error::Shape {
            what: "`current`",
            found: count(current.len(), "value"),
            expected: format!(
                "{}, as many as `reference`",
                count(reference.len(), "value")
            ),
        });
    }
    let (p, q) = (
        shares("`reference`", reference)?,
        shares("`current`", current)?,
    );
    let pairs = p.iter().zip(&q);
    let divergence: f64 = pairs.map(|(&p, &q)| divergence(p, q)).sum();
    Ok(divergence.clamp(0.0, 1.0).sqrt())
}

/// (p log₂(p/m) + q log₂(q/m)) / 2 with the mean m of both. With p = m (1 + x) and q = m (1 − x) it is
/// m (ln(1 − x²) + x ln((1 + x) / (1 − x))) / (2 ln 2), from which shares that hardly differ come out with all digits.
fn divergence(p: f64, q: f64) -> f64 {
    let mean = p / 2.0 + q / 2.0;
    if p == q {
        return 0.0;
    }
    let x = ((p - q) / 2.0 / mean).abs();
    if x >= 1.0 {
        // One of them is 0.
        return mean;
    }
    let nats = (-x * x).ln_1p() + x * (x.ln_1p() - (-x).ln_1p());
    mean * nats / (2.0 * LN_2)
}

/// Each number divided by their sum.
fn shares(what: &'static str, counts: &ArrayRef1<f64>) -> Result<Vec<f64>> {
    for (at, &count) in counts.iter().enumerate() {
        let holds = count >= 0.0 && count.is_finite();
        let name = format!("{}[{at}]`", what.trim_end_matches('`'));
        check(&name, count, holds, "a finite number, 0 or greater")?;
    }
    let largest = counts.fold(0.0_f64, |largest, &count| largest.max(count));
    if largest == 0.0 {
        return Err(Error::Undefined {
            what: "the Jensen-Shannon distance",
            reason: format!("{what} holds nothing but zeros"),
            remedy: "Give counts or shares of which one at least is above 0.",
        });
    }
    // The largest first becomes 1, so that the sum can't overflow.
    let scaled = counts.mapv(|count| count / largest);
    let sum = scaled.sum();
    Ok(scaled.iter().map(|share| share / sum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// scipy.stats.wasserstein_distance(a, b), SciPy 1.17.1.
    #[test]
    fn the_wasserstein_distance_equals_scipys() -> Result<()> {
        let a = array![0.3, -1.2, 4.0, 4.0, 2.5];
        let b = array![1.0, 1.0, -3.5, 7.25, 0.0, 2.5, 9.0];
        assert!((wasserstein_distance(&a, &b)? - 2.1100000000000003).abs() < 1e-14);
        assert_eq!(wasserstein_distance(&a, &b)?, wasserstein_distance(&b, &a)?);
        Ok(())
    }

    /// scipy.spatial.distance.jensenshannon(p, q, base=2), SciPy 1.17.1.
    #[test]
    fn the_jensen_shannon_distance_equals_scipys() -> Result<()> {
        let (p, q) = (array![10.0, 0.0, 5.0, 85.0], array![0.2, 0.1, 0.0, 0.7]);
        assert!((jensen_shannon_distance(&p, &q)? - 0.3041371641111195).abs() < 1e-14);
        let difference = jensen_shannon_distance(&p, &q)? - jensen_shannon_distance(&q, &p)?;
        assert!(difference.abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn what_has_no_distance_is_named() {
        let zeros = Array1::zeros(3);
        let message = |p: &Array1<f64>, q: &Array1<f64>| {
            jensen_shannon_distance(p, q).unwrap_err().to_string()
        };
        assert!(message(&zeros, &array![1.0, 2.0, 3.0]).contains("nothing but zeros"));
        assert!(message(&array![1.0, -1.0], &array![1.0, 2.0]).starts_with("`reference[1]` is -1"));
        assert!(message(&array![1.0], &array![1.0, 2.0]).contains("2 values"));
        assert!(message(&array![], &array![]).contains("nothing but zeros"));
        let far = (array![f64::MAX], array![-f64::MAX]);
        assert!(wasserstein_distance(&far.0, &far.1).is_err());
        assert_eq!(wasserstein_distance(&far.0, &far.0).unwrap(), 0.0);
        assert!(wasserstein_distance(&zeros, &array![]).is_err());
    }

    /// Computed with 60 digits by mpmath.
    #[test]
    fn shares_that_hardly_differ_keep_their_digits() -> Result<()> {
        let near = jensen_shannon_distance(&array![0.5, 0.5], &array![0.5 + 1e-10, 0.5 - 1e-10])?;
        assert!((near / 8.4932187056122e-11 - 1.0).abs() < 1e-5, "{near}");
        let same = jensen_shannon_distance(&array![1.0, 2.0, 0.7], &array![10.0, 20.0, 7.0])?;
        assert!(same < 1e-15, "{same}");
        Ok(())
    }
}
