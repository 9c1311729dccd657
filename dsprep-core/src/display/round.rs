//! Rounding for display.

use ndarray::{Array, ArrayRef, Dimension};

/// `array` rounded to a number of decimals, halves to even, as `np.round` does.
///
/// # Examples
/// ```
/// use dsprep_core::display::round;
/// use dsprep_core::ndarray::array;
///
/// assert_eq!(round(&array![0.17884, 0.5], 3), array![0.179, 0.5]);
/// ```
pub fn round<D: Dimension>(array: &ArrayRef<f64, D>, decimals: i32) -> Array<f64, D> {
    let scale = 10_f64.powi(decimals);
    array.mapv(|value| match (value * scale).round_ties_even() / scale {
        rounded if rounded.is_finite() || !value.is_finite() => rounded,
        // No number has so many decimals, or so many digits before the point.
        _ if decimals > 0 => value,
        _ => 0.0,
    })
}
