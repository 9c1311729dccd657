//! Layer normalisation and RMS normalisation (question 20).
//!
//! Each token by itself: its features are moved to mean 0 and variance 1, then scaled and shifted by what is
//! learned. Unlike batch normalisation it needs no other rows, and does the same in training and in use. After Ba,
//! Kiros and Hinton, "Layer normalization", 2016; without the mean, as most models do now, after Zhang and
//! Sennrich, "Root mean square layer normalization", 2019.

use crate::checks::{finite, finite_matrix, numbers};
use crate::error::count;
use crate::{Error, Result};
use ndarray::{Array2, ArrayRef1, ArrayRef2};

/// What is added to the variance, so that equal features divide nothing by 0: PyTorch's default.
const EPSILON: f64 = 1e-5;

/// (x − mean) / √(variance + 10⁻⁵) · `scale` + `shift` for each row of `x` (tokens × features); the variance has the
/// divisor n. O(tokens · features).
///
/// # Errors
/// [`Error::Empty`] without tokens or features; [`Error::Shape`] if `scale` or `shift` has not one value for each
/// feature; [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::{Array1, array}, neural::layer_norm};
/// let x = array![[1.0, 3.0], [-40.0, 40.0]];
/// let y = layer_norm(&x, &Array1::ones(2), &Array1::zeros(2))?;
/// assert!((y[[0, 1]] - 1.0).abs() < 1e-4 && (y[[1, 0]] + 1.0).abs() < 1e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn layer_norm(
    x: &ArrayRef2<f64>,
    scale: &ArrayRef1<f64>,
    shift: &ArrayRef1<f64>,
) -> Result<Array2<f64>> {
    check(x, "`scale`", scale)?;
    check(x, "`shift`", shift)?;
    let features = x.ncols() as f64;
    let mut normed = x.to_owned();
    for mut token in normed.rows_mut() {
        // As shares of the largest, whose squares can't overflow, and from the first on, which keeps the digits of small
        // differences between large features.
        let largest = largest(&token);
        let first = token[0] / largest;
        token.mapv_inplace(|x| x / largest - first);
        let mean = token.sum() / features;
        token.mapv_inplace(|x| x - mean);
        let variance = token.iter().map(|x| x * x).sum::<f64>() / features;
        let deviation = (variance + EPSILON / largest / largest).sqrt();
        if deviation > 0.0 {
            token.mapv_inplace(|x| x / deviation);
        }
    }
    let moved = normed * scale + shift;
    numbers("a normalised feature", &moved)?;
    Ok(moved)
}

/// x / √(mean of x² + 10⁻⁵) · `scale` for each row of `x` (tokens × features). O(tokens · features).
///
/// # Errors
/// As [`layer_norm`].
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::{Array1, array}, neural::rms_norm};
/// let y = rms_norm(&array![[3.0, 3.0]], &Array1::ones(2))?;
/// assert!((y[[0, 0]] - 1.0).abs() < 1e-5);        // the mean stays
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn rms_norm(x: &ArrayRef2<f64>, scale: &ArrayRef1<f64>) -> Result<Array2<f64>> {
    check(x, "`scale`", scale)?;
    let features = x.ncols() as f64;
    let mut normed = x.to_owned();
    for mut token in normed.rows_mut() {
        let largest = largest(&token);
        token.mapv_inplace(|x| x / largest);
        let square = token.iter().map(|x| x * x).sum::<f64>() / features;
        let size = (square + EPSILON / largest / largest).sqrt();
        token.mapv_inplace(|x| x / size);
    }
    let scaled = normed * scale;
    numbers("a normalised feature", &scaled)?;
    Ok(scaled)
}

/// The largest size of a feature, at least 1.
fn largest(token: &ArrayRef1<f64>) -> f64 {
    let largest = token
        .iter()
        .fold(1.0, |largest: f64, x| largest.max(x.abs()));
    2.0_f64.powi(largest.log2().floor() as i32)
}

/// `what` is the name of `values` in quotes.
fn check(x: &ArrayRef2<f64>, what: &'static str, values: &ArrayRef1<f64>) -> Result<()> {
    finite_matrix("`x`", x)?;
    if values.len() != x.ncols() {
        return Err(Error::Shape {
            what,
            found: count(values.len(), "value"),
            expected: format!("{}, one for each feature", count(x.ncols(), "value")),
        });
    }
    finite(what.trim_matches('`'), values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    /// `(x - x.mean(1)) / np.sqrt(x.var(1) + 1e-5) * scale + shift`, NumPy:
    /// `tests/peers/neural.py`.
    #[test]
    fn both_equal_numpys_formula() -> Result<()> {
        let x = array![[0.5, -1.0, 2.0, 0.0], [1e-3, 2e-3, -1e-3, 0.0]];
        let (scale, shift) = (array![1.0, 2.0, 0.5, -1.0], array![0.1, 0.0, -0.1, 0.3]);
        for (found, expected) in layer_norm(&x, &scale, &shift)?.iter().zip(LAYER) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        for (found, expected) in rms_norm(&x, &scale)?.iter().zip(RMS) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn equal_features_become_0_and_huge_ones_stay_numbers() -> Result<()> {
        let (one, zero) = (Array1::ones(3), Array1::zeros(3));
        let same = layer_norm(&Array2::from_elem((1, 3), 4.0), &one, &zero)?;
        assert!(same.iter().all(|y| y.abs() < 1e-12));
        let x = array![[1e300, -1e300, 0.0]];
        let (layer, rms) = (layer_norm(&x, &one, &zero)?, rms_norm(&x, &one)?);
        assert!(
            (layer[[0, 0]] - 1.5_f64.sqrt()).abs() < 1e-12
                && (rms[[0, 1]] + 1.5_f64.sqrt()).abs() < 1e-12
        );
        assert!(layer_norm(&x, &Array1::ones(2), &zero).is_err());
        assert!(layer_norm(&x, &one, &array![0.0, f64::NAN, 0.0]).is_err());
        assert!(rms_norm(&array![[f64::INFINITY]], &array![1.0]).is_err());
        Ok(())
    }

    const LAYER: [f64; 8] = [
        0.21546956116884852,
        -2.5403303457146675,
        0.6505521475975155,
        0.6464086835065456,
        0.24907119849998596,
        0.8944271909999159,
        -0.32360679774997897,
        0.44907119849998595,
    ];
    const RMS: [f64; 8] = [
        0.4364341178689883,
        -1.7457364714759531,
        0.8728682357379766,
        -0.0,
        0.29488391230979427,
        1.179535649239177,
        -0.14744195615489714,
        -0.0,
    ];
}
