//! The standard normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};

/// Φ⁻¹(p).
pub(super) fn quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// Φ(z).
pub(super) fn cdf(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// The probability of a value at least as far from 0 as `z`, on either side.
pub(super) fn two_sided_p(z: f64) -> f64 {
    2.0 * cdf(-z.abs())
}
