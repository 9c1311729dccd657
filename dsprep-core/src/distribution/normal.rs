//! The standard normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::erf::erf_inv;
use std::f64::consts::SQRT_2;

/// Φ⁻¹(p).
pub(crate) fn quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// How many standard errors a two-sided interval reaches to either side: the point that is exceeded with
/// probability (1 − `confidence`) / 2. It is computed from the lower tail, which is exact where 1 minus
/// it would be rounded to 1; for low confidence from the middle, which 1 minus it would round away.
pub(crate) fn two_sided_quantile(confidence: f64) -> f64 {
    if confidence < 0.5 {
        return SQRT_2 * erf_inv(confidence);
    }
    -quantile((1.0 - confidence) / 2.0)
}

/// Φ(z).
pub(crate) fn cdf(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// The probability of a value at least as far from 0 as `z`, on either side.
pub(crate) fn two_sided_p(z: f64) -> f64 {
    2.0 * cdf(-z.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_confidence_below_1_still_has_a_quantile() {
        assert!((two_sided_quantile(0.95) - 1.959963984540054).abs() < 1e-9);
        // scipy.stats.norm.isf(2 ** -54)
        let last = two_sided_quantile(1.0 - f64::EPSILON / 2.0);
        assert!((last - 8.292361075813595).abs() < 1e-6, "{last}");
    }

    #[test]
    fn little_confidence_has_a_quantile_with_all_digits() {
        // Near 0 the density is 1 / √(2π).
        for confidence in [1e-300, 1e-12, 1e-6] {
            let expected = confidence * 1.2533141373155003;
            assert!((two_sided_quantile(confidence) / expected - 1.0).abs() < 1e-10);
        }
    }
}
