//! The logistic function, which turns log odds into a probability.

use ndarray::{Array2, ArrayRef1};

/// 1 / (1 + e⁻ᶻ), in the form that does not overflow.
pub(crate) fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + (-z).exp())
    } else {
        let e = z.exp();
        e / (1.0 + e)
    }
}

/// The probabilities of class 0 and class 1, side by side: rows × 2.
pub(crate) fn both_classes(of_class_1: &ArrayRef1<f64>) -> Array2<f64> {
    Array2::from_shape_fn((of_class_1.len(), 2), |(row, class)| match class {
        0 => 1.0 - of_class_1[row],
        _ => of_class_1[row],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_log_odds_overflow() {
        assert_eq!([-1000.0, 0.0, 1000.0].map(sigmoid), [0.0, 0.5, 1.0]);
        assert!((sigmoid(-700.0) / (-700.0_f64).exp() - 1.0).abs() < 1e-12);
        assert!(sigmoid(f64::NAN).is_nan());
    }
}
