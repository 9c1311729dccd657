//! Continuous distributions and the Poisson distribution.

use super::kinds::{Integer, Real};
use super::{RandomState, Size};
use crate::Result;
use crate::checks::{finite_number, not_negative};
use crate::error::out_of_range;

impl RandomState {
    /// Uniform numbers in [0, 1): `np.random.random_sample(size)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many. One number, of the size `()`, can't fail
    /// and comes without a `Result`.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(42).random_sample(()), 0.3745401188473625);
    /// ```
    pub fn random_sample<S: Size>(&mut self, size: S) -> S::Drawn<f64> {
        self.standard_reals(size, Real::UnitUniform)
    }

    /// The same as [`random_sample`](Self::random_sample), by its other name: `np.random.rand(...)`.
    pub fn rand<S: Size>(&mut self, size: S) -> S::Drawn<f64> {
        self.random_sample(size)
    }

    /// Uniform numbers in [`low`, `high`).
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the width of the range is not finite, or, as in all that follow, memory
    /// can't hold so many numbers.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let x = RandomState::seed(1).uniform(-2.0, 3.0, 100)?;
    /// assert!(x.iter().all(|&x| (-2.0..3.0).contains(&x)));
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn uniform<S: Size>(&mut self, low: f64, high: f64, size: S) -> Result<S::Out<f64>> {
        let width = high - low;
        if !width.is_finite() {
            return Err(out_of_range("`high - low`", width, "finite"));
        }
        self.reals(size, Real::Uniform { low, width })
    }

    /// Standard normal numbers: `np.random.randn(...)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many. One number, of the size `()`, can't fail
    /// and comes without a `Result`.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(0).randn(()), 1.764052345967664);
    /// ```
    pub fn randn<S: Size>(&mut self, size: S) -> S::Drawn<f64> {
        self.standard_reals(size, Real::StandardNormal)
    }

    /// The same as [`randn`](Self::randn), by its other name: `np.random.standard_normal(size)`.
    pub fn standard_normal<S: Size>(&mut self, size: S) -> S::Drawn<f64> {
        self.randn(size)
    }

    /// Normal numbers with mean `loc` and standard deviation `scale`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `scale` is negative or a parameter is not finite. NumPy gives NaN for the latter.
    /// [`Error::Undefined`](crate::Error::Undefined) if a number is greater than the largest; NumPy gives ∞.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(1).normal(5.0, 2.0, ())?, 8.248690727326483);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn normal<S: Size>(&mut self, loc: f64, scale: f64, size: S) -> Result<S::Out<f64>> {
        finite_number("`loc`", loc)?;
        not_negative("`scale`", scale)?;
        self.reals(size, Real::Normal { loc, scale })
    }

    /// Numbers whose logarithm is normal with mean `mean` and standard deviation `sigma`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `sigma` is negative or a parameter is not finite.
    /// [`Error::Undefined`](crate::Error::Undefined) if a number is greater than the largest; NumPy gives ∞.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let amounts = RandomState::seed(1).lognormal(3.0, 1.0, 3)?;
    /// assert_eq!(amounts[1], 10.894342157462795);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn lognormal<S: Size>(&mut self, mean: f64, sigma: f64, size: S) -> Result<S::Out<f64>> {
        finite_number("`mean`", mean)?;
        not_negative("`sigma`", sigma)?;
        self.reals(size, Real::Lognormal { mean, sigma })
    }

    /// Exponential numbers with mean `scale`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `scale` is negative or not finite.
    /// [`Error::Undefined`](crate::Error::Undefined) if a number is greater than the largest; NumPy gives ∞.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(1).exponential(2.0, ())?, 1.0792116745183709);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn exponential<S: Size>(&mut self, scale: f64, size: S) -> Result<S::Out<f64>> {
        not_negative("`scale`", scale)?;
        self.reals(size, Real::Exponential { scale })
    }

    /// Poisson counts with mean `lam`: multiplication of uniforms below 10, and from there on the
    /// transformed rejection of Hörmann, 1993 (algorithm PTRS).
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `lam` is negative or too large for a 64-bit count.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let counts = RandomState::seed(13).poisson(3.0, 5)?;
    /// assert_eq!(counts.to_vec(), [6, 3, 1, 4, 0]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn poisson<S: Size>(&mut self, lam: f64, size: S) -> Result<S::Out<i64>> {
        not_negative("`lam`", lam)?;
        let largest = i64::MAX as f64 - (i64::MAX as f64).sqrt() * 10.0;
        if lam > largest {
            return Err(out_of_range("`lam`", lam, "less than about 9.2e18"));
        }
        self.integers(size, Integer::Poisson { lam })
    }

    pub(super) fn next_poisson(&mut self, lam: f64) -> i64 {
        match lam {
            0.0 => 0,
            10.0.. => self.next_poisson_by_rejection(lam),
            _ => self.next_poisson_by_product(lam),
        }
    }

    /// One standard normal number, by Marsaglia's polar method: each pair of uniforms that falls
    /// into the unit circle gives two normals, of which the second is kept for the next call.
    #[inline]
    pub(super) fn next_normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let x1 = 2.0 * self.twister.next_f64() - 1.0;
            let x2 = 2.0 * self.twister.next_f64() - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * r2.ln() / r2).sqrt();
                self.spare_normal = Some(f * x1);
                return f * x2;
            }
        }
    }

    /// How many uniforms can be multiplied before the product falls below e⁻λ.
    fn next_poisson_by_product(&mut self, lam: f64) -> i64 {
        let limit = (-lam).exp();
        let mut product = self.twister.next_f64();
        let mut count = 0;
        while product > limit {
            count += 1;
            product *= self.twister.next_f64();
        }
        count
    }

    fn next_poisson_by_rejection(&mut self, lam: f64) -> i64 {
        let log_lam = lam.ln();
        let b = 0.931 + 2.53 * lam.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.twister.next_f64() - 0.5;
            let v = self.twister.next_f64();
            let u_s = 0.5 - u.abs();
            let k = ((2.0 * a / u_s + b) * u + lam + 0.43).floor();
            if u_s >= 0.07 && v <= v_r {
                return k as i64;
            }
            if k < 0.0 || (u_s < 0.013 && v > u_s) {
                continue;
            }
            let proposal = v.ln() + inverse_alpha.ln() - (a / (u_s * u_s) + b).ln();
            if proposal <= -lam + k * log_lam - ln_gamma(k + 1.0) {
                return k as i64;
            }
        }
    }
}

/// log Γ(x) by Stirling's series, shifted up to x ≥ 7. NumPy's own series is kept, since another
/// one, differing in the last bit, could accept another count.
fn ln_gamma(x: f64) -> f64 {
    const SERIES: [f64; 10] = [
        8.333333333333333e-2,
        -2.777777777777778e-3,
        7.936507936507937e-4,
        -5.952380952380952e-4,
        8.417508417508418e-4,
        -1.917526917526918e-3,
        6.41025641025641e-3,
        -2.955065359477124e-2,
        1.796443723688307e-1,
        -1.39243221690590e0,
    ];
    const LN_TWO_PI: f64 = 1.837_877_066_409_345_3;

    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let steps = if x < 7.0 { (7.0 - x) as u32 } else { 0 };
    let mut shifted = x + f64::from(steps);
    let inverse_square = (1.0 / shifted) * (1.0 / shifted);
    let series = SERIES
        .iter()
        .rev()
        .copied()
        .reduce(|sum, term| sum * inverse_square + term);
    let mut result =
        series.unwrap_or_default() / shifted + 0.5 * LN_TWO_PI + (shifted - 0.5) * shifted.ln()
            - shifted;
    for _ in 0..steps {
        shifted -= 1.0;
        result -= shifted.ln();
    }
    result
}
