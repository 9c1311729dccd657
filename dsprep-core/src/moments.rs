//! Mean and spread of a sample, right at any offset and of any size.
//!
//! Two passes, the second of which corrects the mean by what the first one lost to rounding: Chan, Golub and
//! LeVeque, "Algorithms for computing the sample variance", 1983. Values that differ by no more than the
//! rounding of a number of their size count as equal: 1000 times 19.99 has no variance, and neither have 0.3 and 0.1 + 0.2.

use ndarray::ArrayView1;

/// Values whose range is at most this share of the largest of them are equal but for rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// How many values there are, their mean, and √Σ (x − mean)².
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    /// The number of values.
    pub(crate) n: f64,
    /// Their mean.
    pub(crate) mean: f64,
    /// √Σ (x − mean)²: exactly 0 if the values are equal but for rounding, and infinite if they are so far
    /// apart that it overflows.
    pub(crate) root_squares: f64,
}

impl Moments {
    /// Of finite `values`, at least one. O(n).
    pub(crate) fn of(values: ArrayView1<'_, f64>) -> Self {
        let n = values.len() as f64;
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
            (low.min(x), high.max(x))
        });
        let sum = values.sum();
        let first = match sum.is_finite() {
            true => sum / n,
            false => values.iter().map(|x| x / n).sum(),
        };
        let lost = values.iter().map(|x| x - first).sum::<f64>() / n;
        let mean = (first + if lost.is_finite() { lost } else { 0.0 }).clamp(low, high);
        let root_squares = if equal_but_for_rounding(low, high) {
            0.0
        } else {
            root_of_squares(values.iter().map(|x| x - mean))
        };
        Moments {
            n,
            mean,
            root_squares,
        }
    }

    /// Whether all values are equal, but for rounding.
    pub(crate) fn is_constant(&self) -> bool {
        self.root_squares == 0.0
    }

    /// The standard error of the mean, by the variance with divisor n − 1.
    pub(crate) fn standard_error(&self) -> f64 {
        self.root_squares / (self.n - 1.0).sqrt() / self.n.sqrt()
    }
}

/// Whether the numbers from `low` to `high` differ only by the rounding of numbers of their size.
pub(crate) fn equal_but_for_rounding(low: f64, high: f64) -> bool {
    high - low <= ROUNDING * low.abs().max(high.abs())
}

/// √Σ x², in units of the largest where the squares themselves would overflow or underflow.
pub(crate) fn root_of_squares(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let plain: f64 = values.clone().map(|x| x.powi(2)).sum();
    if plain.is_nan() || plain.is_finite() && plain > 1e-280 {
        return plain.sqrt();
    }
    let largest = values
        .clone()
        .fold(0.0_f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    let in_units: f64 = values.map(|x| (x / largest).powi(2)).sum();
    largest * in_units.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    #[test]
    fn equal_values_have_their_own_value_as_mean_and_no_spread() {
        for value in [19.99, 4.35, 0.1, -1e12 - 0.1, 1e300, 5e-324, 0.0] {
            for n in [1, 2, 47, 1000] {
                let found = Moments::of(Array1::from_elem(n, value).view());
                assert_eq!(
                    (found.mean, found.root_squares),
                    (value, 0.0),
                    "{n} × {value}"
                );
            }
        }
        assert!(Moments::of(array![0.3, 0.1 + 0.2].view()).is_constant());
        assert!(!Moments::of(array![0.3, 0.3000000000001].view()).is_constant());
    }

    #[test]
    fn an_offset_changes_the_mean_only() {
        let values = Array1::from_shape_fn(100_000, |i| (i % 7) as f64);
        let near = Moments::of(values.view());
        for offset in [1e9, 1e12, -1e14] {
            let far = Moments::of((&values + offset).view());
            assert!((far.mean - offset - near.mean).abs() <= 2.0 * offset.abs() * f64::EPSILON);
            assert!((far.root_squares / near.root_squares - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn tiny_and_huge_values_have_a_spread_and_what_has_none_is_infinite() {
        for size in [1e-300, 1e-160, 1.0, 1e160, 1e307] {
            let found = Moments::of(array![size, 2.0 * size, 3.0 * size].view());
            assert!(
                (found.root_squares / size / 2_f64.sqrt() - 1.0).abs() < 1e-12,
                "{size}"
            );
        }
        let apart = Moments::of(array![f64::MAX, -f64::MAX, f64::MAX].view());
        assert_eq!(apart.root_squares, f64::INFINITY);
    }
}
