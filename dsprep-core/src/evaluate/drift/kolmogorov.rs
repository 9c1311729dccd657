//! The distribution of the one-sample Kolmogorov-Smirnov statistic (question 25).
//!
//! No single formula serves everywhere, so there are three, chosen as Simard and L'Ecuyer do,
//! "Computing the two-sided Kolmogorov-Smirnov distribution", 2011: far out, twice the one-sided
//! probability; for small n, the matrix power of Marsaglia, Tsang and Wang, 2003; otherwise the
//! expansion of Pelz and Good, 1976.

use crate::Result;
use crate::error::out_of_range;
use ndarray::Array2;
use statrs::function::gamma::ln_gamma;
use std::f64::consts::{PI, TAU};

/// The probability that the empirical distribution function of `n` values strays from the true one
/// by `statistic` or more.
///
/// The same as SciPy's `kstwo.sf(statistic, n)`. At most O(n) or a power of a matrix of at most 140 rows.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if `statistic` is NaN or `n` is 0.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::drift::kolmogorov_survival;
/// // One value u: the gap is max(u, 1 − u), which is 0.75 or more with probability 1/2.
/// assert!((kolmogorov_survival(0.75, 1)? - 0.5).abs() < 1e-15);
/// // The classical 5 % point for large n is 1.358 / √n.
/// assert!((kolmogorov_survival(0.01358, 10_000)? - 0.05).abs() < 5e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn kolmogorov_survival(statistic: f64, n: usize) -> Result<f64> {
    if statistic.is_nan() {
        return Err(out_of_range("`statistic`", statistic, "a number, 0 to 1"));
    }
    if n == 0 {
        return Err(out_of_range("`n`", n, "at least 1"));
    }
    Ok(survival(statistic, n))
}

/// [`kolmogorov_survival`] of a statistic that is a number, and at least one value.
pub(super) fn survival(statistic: f64, n: usize) -> f64 {
    let size = n as f64;
    if statistic >= 1.0 {
        return 0.0;
    }
    if size * statistic <= 0.5 {
        return 1.0;
    }
    let small = n <= 140;
    let far_out = size * statistic * statistic >= if small { 4.0 } else { 2.2 };
    let survival = if statistic >= 0.5 || far_out {
        2.0 * one_sided_survival(statistic, n)
    } else if small || (n <= 100_000 && size * statistic.powf(1.5) <= 1.4) {
        1.0 - by_matrix_power(statistic, n)
    } else {
        1.0 - by_expansion(statistic, size)
    };
    survival.clamp(0.0, 1.0)
}

/// The probability that the distribution function strays to one given side,
/// after Birnbaum and Tingey, 1951: d Σ_j C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j).
///
/// Beyond a million values the sum would take seconds to minutes, and its limit with the first correction is as good:
/// exp(−(6 n d + 1)² / 18 n), after Maag and Dicaire, 1971.
fn one_sided_survival(statistic: f64, n: usize) -> f64 {
    const MOST_TERMS: usize = 1_000_000;
    let size = n as f64;
    if n > MOST_TERMS {
        return (-(6.0 * size * statistic + 1.0).powi(2) / (18.0 * size)).exp();
    }
    let terms = (0..=n)
        .map(|j| j as f64)
        .take_while(|j| 1.0 - statistic - j / size > 0.0)
        .map(|j| {
            let ways = ln_gamma(size + 1.0) - ln_gamma(j + 1.0) - ln_gamma(size - j + 1.0);
            let above = (j - 1.0) * (statistic + j / size).ln();
            let below = (size - j) * (1.0 - statistic - j / size).ln();
            (ways + above + below).exp()
        });
    statistic * terms.sum::<f64>()
}

/// P(D < d): n!/nⁿ times the middle element of Hⁿ (Marsaglia, Tsang and Wang).
fn by_matrix_power(statistic: f64, n: usize) -> f64 {
    let size = n as f64;
    let k = (size * statistic) as usize + 1;
    let h = k as f64 - size * statistic;
    let power = scaled_power(transition_matrix(2 * k - 1, h), n);
    let mut value = power.matrix[[k - 1, k - 1]];
    let mut logarithm = power.exponent;
    for i in 1..=n {
        value *= i as f64 / size;
        if value < 1e-140 {
            value *= 1e140;
            logarithm -= 140;
        }
    }
    value * 10_f64.powi(logarithm)
}

/// The matrix H: 1 / (i − j + 1)! below and on the first diagonal above, corrected at the left and
/// bottom edges for the part `h` of a step.
fn transition_matrix(rows: usize, h: f64) -> Array2<f64> {
    let last = rows - 1;
    Array2::from_shape_fn((rows, rows), |(i, j)| {
        if i + 1 < j {
            return 0.0;
        }
        let mut numerator = 1.0;
        if j == 0 {
            numerator -= h.powi(i as i32 + 1);
        }
        if i == last {
            numerator -= h.powi((rows - j) as i32);
        }
        if i == last && j == 0 {
            numerator += (2.0 * h - 1.0).max(0.0).powi(rows as i32);
        }
        numerator * (-ln_gamma((i + 2 - j) as f64)).exp()
    })
}

/// `matrix` · 10^`exponent`.
struct Scaled {
    matrix: Array2<f64>,
    exponent: i32,
}

impl Scaled {
    /// Moves the size of the middle element to the exponent if it has grown large.
    fn normalised(mut self) -> Self {
        let middle = self.matrix.nrows() / 2;
        if self.matrix[[middle, middle]] > 1e140 {
            self.matrix *= 1e-140;
            self.exponent += 140;
        }
        self
    }
}

/// The `n`-th power by repeated squaring.
fn scaled_power(base: Array2<f64>, n: usize) -> Scaled {
    let mut result = Scaled {
        matrix: Array2::eye(base.nrows()),
        exponent: 0,
    };
    let mut square = Scaled {
        matrix: base,
        exponent: 0,
    };
    let mut left = n;
    while left > 0 {
        if left % 2 == 1 {
            result = product(&result, &square);
        }
        left /= 2;
        if left > 0 {
            square = product(&square, &square);
        }
    }
    result
}

fn product(a: &Scaled, b: &Scaled) -> Scaled {
    Scaled {
        matrix: a.matrix.dot(&b.matrix),
        exponent: a.exponent + b.exponent,
    }
    .normalised()
}

/// P(D < d) for large n: the limit K₀ and its corrections of order n^(−1/2), n^(−1), n^(−3/2) (Pelz
/// and Good).
fn by_expansion(statistic: f64, n: f64) -> f64 {
    let z2 = n * statistic * statistic;
    let z = z2.sqrt();
    let [z3, z4, z6] = [3, 4, 6].map(|power| z.powi(power));
    let [pi2, pi4, pi6] = [2, 4, 6].map(|power| PI.powi(power));
    let mut k = [0.0; 4];
    for i in 1..=20 {
        let whole = f64::from(i * i);
        let odd = f64::from((2 * i - 1) * (2 * i - 1));
        let odd_weight = (-pi2 * odd / (8.0 * z2)).exp();
        let whole_weight = (-pi2 * whole / (2.0 * z2)).exp();
        if odd_weight < 1e-200 {
            break;
        }
        k[0] += odd_weight / z;
        k[1] += odd_weight * (pi2 * odd / 4.0 - z2) / (6.0 * z4);
        let second = 6.0 * z6
            + 2.0 * z4
            + pi2 * (2.0 * z4 - 5.0 * z2) * odd / 4.0
            + pi4 * (1.0 - 2.0 * z2) * odd * odd / 16.0;
        k[2] += odd_weight * second / (72.0 * z6 * z) - whole_weight * pi2 * whole / (36.0 * z3);
        let third = pi6 * (5.0 - 30.0 * z2) * odd.powi(3) / 64.0
            + pi4 * (212.0 * z4 - 60.0 * z2) * odd * odd / 16.0
            + pi2 * (135.0 * z4 - 96.0 * z6) * odd / 4.0
            - 30.0 * z6
            - 90.0 * z6 * z2;
        k[3] += odd_weight * third / (6480.0 * z6 * z4)
            + whole_weight * pi2 * whole * (3.0 * z2 - pi2 * whole) / (216.0 * z6);
    }
    let sum = k[0] + k[1] / n.sqrt() + k[2] / n + k[3] / n.powf(1.5);
    TAU.sqrt() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_equals_scipy_in_every_region() {
        // scipy.stats.kstwo.sf(statistic, n), SciPy 1.17.1.
        let values = [
            (10, 0.04, 1.0),
            (10, 0.08, 0.9999978058034054),
            (10, 0.2, 0.7487190399999999),
            (10, 0.3, 0.27053557479999946),
            (10, 0.49, 0.009763393811568877),
            (10, 0.6, 0.0005681672000000003),
            (10, 0.95, 1.9531250000000172e-13),
            (100, 0.03, 0.9999692479033473),
            (100, 0.1, 0.2526927570063874),
            (100, 0.2, 0.0005551927327988775),
            (140, 0.09, 0.1946946629845738),
            (500, 0.01, 0.9999999991073389),
            (500, 0.03, 0.7473166700457021),
            (500, 0.05, 0.15866260223815387),
            (500, 0.1, 8.342293067263533e-05),
            (3429, 0.015, 0.41920761515806493),
            (3429, 0.035, 0.0004381329614926383),
            (20_000, 0.003, 0.9935433419563655),
            (20_000, 0.008, 0.15371596723031855),
            (20_000, 0.02, 2.2181270070049744e-07),
            (200_000, 0.0005, 0.999999999766341),
            (200_000, 0.002, 0.39995085369038097),
            (200_000, 0.01, 8.433125699870092e-18),
            (1_000_000, 0.0008, 0.5438713666611479),
        ];
        for (n, statistic, expected) in values {
            let found = survival(statistic, n);
            let error = (found - expected).abs() / expected;
            assert!(
                error < 1e-9,
                "n = {n}, d = {statistic}: {found} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_formulas_agree_where_they_meet() {
        for n in [1000, 10_000] {
            let statistic = (1.0 / n as f64).sqrt();
            let by_matrix = by_matrix_power(statistic, n);
            assert!((by_matrix - by_expansion(statistic, n as f64)).abs() < 1e-7);
            let statistic = (3.0 / n as f64).sqrt();
            let far_out = 2.0 * one_sided_survival(statistic, n);
            assert!((1.0 - by_matrix_power(statistic, n) - far_out).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_no_number_has_no_probability() {
        assert!(
            kolmogorov_survival(f64::NAN, 10)
                .unwrap_err()
                .to_string()
                .contains("is NaN")
        );
        assert!(kolmogorov_survival(0.5, 0).is_err());
        assert_eq!(kolmogorov_survival(f64::NEG_INFINITY, 10).unwrap(), 1.0);
        for n in [1_000_000_000, usize::MAX] {
            let p = kolmogorov_survival(1.358 / (n as f64).sqrt(), n).unwrap();
            assert!((p - 0.05).abs() < 5e-4, "{n}: {p}");
        }
    }
}
