//! Gamma and Beta distributions.

use super::kinds::Real;
use super::{RandomState, Size};
use crate::Result;
use crate::checks::{check, positive};

/// Below, the logarithm of a draw may not be finite.
const SMALLEST: f64 = 1e-300;

impl RandomState {
    /// Gamma numbers with this `shape` and `scale`: mean shape · scale, variance shape · scale².
    ///
    /// From shape 1 on by Marsaglia and Tsang, "A simple method for generating gamma variables", 2000, below it
    /// by Ahrens and Dieter's rejection, 1974, as in NumPy.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `shape` or `scale` is not positive and finite.
    /// [`Error::Undefined`](crate::Error::Undefined) if a number is greater than the largest; NumPy gives ∞.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let x = RandomState::seed(1).gamma(2.0, 3.0, 20_000)?;
    /// assert!((x.sum() / 20_000.0 - 6.0).abs() < 0.15);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn gamma<S: Size>(&mut self, shape: f64, scale: f64, size: S) -> Result<S::Out<f64>> {
        positive("`shape`", shape)?;
        positive("`scale`", scale)?;
        self.reals(size, Real::Gamma { shape, scale })
    }

    /// Beta numbers, between 0 and 1, with mean a / (a + b).
    ///
    /// If both parameters are at most 1 by Jöhnk's rejection, 1964, else from two gamma numbers, as in NumPy.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `a` or `b` is not positive and finite.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// // What 3 conversions of 10 users say about the rate.
    /// let rates = RandomState::seed(1).beta(1.0 + 3.0, 1.0 + 7.0, 20_000)?;
    /// assert!((rates.sum() / 20_000.0 - 4.0 / 12.0).abs() < 0.01);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn beta<S: Size>(&mut self, a: f64, b: f64, size: S) -> Result<S::Out<f64>> {
        for (what, value) in [("`a`", a), ("`b`", b)] {
            let holds = value >= SMALLEST && value.is_finite();
            check(what, value, holds, "a finite number of at least 1e-300")?;
        }
        self.reals(size, Real::Beta { a, b })
    }

    fn next_exponential(&mut self) -> f64 {
        -(1.0 - self.twister.next_f64()).ln()
    }

    pub(super) fn next_gamma(&mut self, shape: f64) -> f64 {
        if shape == 1.0 {
            return self.next_exponential();
        }
        if shape < 1.0 {
            return self.next_small_gamma(shape);
        }
        let b = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * b).sqrt();
        loop {
            let (x, v) = loop {
                let x = self.randn(());
                let v = 1.0 + c * x;
                if v > 0.0 {
                    break (x, v * v * v);
                }
            };
            let u = self.twister.next_f64();
            if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln())
            {
                return b * v;
            }
        }
    }

    fn next_small_gamma(&mut self, shape: f64) -> f64 {
        loop {
            let u = self.twister.next_f64();
            let v = self.next_exponential();
            if u <= 1.0 - shape {
                let x = u.powf(1.0 / shape);
                if x <= v {
                    return x;
                }
            } else {
                let y = -((1.0 - u) / shape).ln();
                let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                if x <= v + y {
                    return x;
                }
            }
        }
    }

    pub(super) fn next_beta(&mut self, a: f64, b: f64) -> f64 {
        if a > 1.0 || b > 1.0 {
            let (x, y) = (self.next_gamma(a), self.next_gamma(b));
            return match (x + y).is_finite() {
                true => x / (x + y),
                false => x / 2.0 / (x / 2.0 + y / 2.0),
            };
        }
        loop {
            let (u, v) = (self.twister.next_f64(), self.twister.next_f64());
            let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
            let sum = x + y;
            if sum <= 1.0 && u + v > 0.0 {
                if sum > 0.0 {
                    return x / sum;
                }
                // Both powers underflow; their logarithms do not.
                let (log_x, log_y) = (u.ln() / a, v.ln() / b);
                let larger = log_x.max(log_y);
                let (log_x, log_y) = (log_x - larger, log_y - larger);
                return (log_x - (log_x.exp() + log_y.exp()).ln()).exp();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `np.random.RandomState(7).gamma(shape, 2.0, 3)` and `.beta(a, b, 3)`, NumPy 2: `tests/peers/experiment.py`.
    #[test]
    fn numbers_equal_numpys() -> Result<()> {
        for (shape, expected) in GAMMA {
            let found = RandomState::seed(7).gamma(shape, 2.0, 3)?;
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found / expected - 1.0).abs() < 1e-14,
                    "{shape}: {found} {expected}"
                );
            }
        }
        for ((a, b), expected) in BETA {
            let found = RandomState::seed(7).beta(a, b, 3)?;
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() <= 1e-13 * expected,
                    "{a}, {b}: {found} {expected}"
                );
            }
        }
        Ok(())
    }

    #[test]
    fn parameters_that_are_not_positive_are_named() {
        let mut rng = RandomState::seed(0);
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(rng.gamma(wrong, 1.0, ()).is_err() && rng.beta(1.0, wrong, ()).is_err());
        }
        let x = rng.beta(1e-3, 1e-3, 500).unwrap();
        assert!(x.iter().all(|x| (0.0..=1.0).contains(x)));
    }

    #[rustfmt::skip]
    const GAMMA: [(f64, [f64; 3]); 4] = [
        (0.3, [0.00037693724803193054, 0.12802524931051068, 0.0249563995101971]),
        (1.0, [0.15875381904288902, 3.0275173491175735, 1.1539637283130315]),
        (2.5, [3.101292199817763, 2.4010297771869547, 4.339417060156882]),
        (1000000000.0, [2000106919.4719195, 1999970531.0113118, 1999950103.8748934]),
    ];
    #[rustfmt::skip]
    const BETA: [((f64, f64), [f64; 3]); 5] = [
        ((0.5, 0.5), [0.009482153272006313, 0.2685878155406901, 0.9797459976727148]),
        ((0.001, 0.002), [0.0, 0.0, 1.0]),
        ((1.0, 1.0), [0.08912155549916569, 0.8742939571074294, 0.349383671764379]),
        ((4.0, 0.5), [0.964610474368256, 0.9752961495125549, 0.9992736170333943]),
        ((100000000.0, 900000000.0), [0.10001661307826148, 0.0999928933604581, 0.10000735725108278]),
    ];

    #[test]
    fn the_greatest_parameters_of_beta_have_a_share() -> Result<()> {
        let drawn = RandomState::seed(0).beta(1e308, 1e308, 5)?;
        assert!(
            drawn.iter().all(|share| (share - 0.5).abs() < 1e-9),
            "{drawn}"
        );
        Ok(())
    }
}
