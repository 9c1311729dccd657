//! Rotary positions (question 20).
//!
//! Instead of adding a position to a token, queries and keys are turned: the pair of features i by the angle
//! p / 10000^(2i / d) at place p. A query at p and a key at q then meet at an angle that depends on p − q alone, so
//! that attention sees distances. After Su et al., "RoFormer: enhanced transformer with rotary position embedding",
//! 2021. Pairs are neighbours, (0, 1), (2, 3), ..., as in the paper; Llama's code pairs i with i + d/2, which is the same
//! with the features in another order.

use crate::checks::{finite_matrix, numbers};
use crate::{Error, Result};
use ndarray::{Array2, ArrayRef2};

/// The rows of `x` (tokens × features), queries or keys of one head, turned for the places `first`, `first` + 1, ...
/// O(tokens · features).
///
/// # Errors
/// [`Error::Empty`] without tokens or features; [`Error::OutOfRange`] if their number is odd or a value is not finite;
/// [`Error::Undefined`] if a rotated one overflows.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, neural::rotary_positions};
/// let (q, k) = (array![[1.0, 2.0]], array![[3.0, -1.0]]);
/// let score = |p: usize, at: usize| -> dsprep_core::Result<f64> {
///     Ok(rotary_positions(&q, p)?.row(0).dot(&rotary_positions(&k, at)?.row(0)))
/// };
/// assert!((score(7, 5)? - score(102, 100)?).abs() < 1e-12);       // two apart, wherever they stand
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn rotary_positions(x: &ArrayRef2<f64>, first: usize) -> Result<Array2<f64>> {
    finite_matrix("`x`", x)?;
    if !x.ncols().is_multiple_of(2) {
        return Err(Error::OutOfRange {
            what: "the number of features".to_owned(),
            found: x.ncols().to_string(),
            expected: "even, because they are turned in pairs",
        });
    }
    let mut turned = x.to_owned();
    for (token, mut row) in turned.rows_mut().into_iter().enumerate() {
        for pair in 0..x.ncols() / 2 {
            let speed = 10_000_f64.powf(-2.0 * pair as f64 / x.ncols() as f64);
            let (sin, cos) = ((first as f64 + token as f64) * speed).sin_cos();
            let (a, b) = (row[2 * pair], row[2 * pair + 1]);
            row[2 * pair] = a * cos - b * sin;
            row[2 * pair + 1] = a * sin + b * cos;
        }
    }
    numbers("a turned feature", &turned)?;
    Ok(turned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    /// As complex numbers times exp(i p θ), NumPy: `tests/peers/neural.py`.
    #[test]
    fn it_is_a_product_of_complex_numbers() -> Result<()> {
        let x = RandomState::seed(20).randn((2, 4))?;
        for (found, expected) in rotary_positions(&x, 3)?.iter().zip(EXPECTED) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn lengths_stay_and_the_first_place_changes_nothing() -> Result<()> {
        let x = RandomState::seed(21).randn((5, 6))?;
        let turned = rotary_positions(&x, 0)?;
        assert_eq!(turned.row(0), x.row(0));
        for (turned, x) in turned.rows().into_iter().zip(x.rows()) {
            assert!((turned.dot(&turned) - x.dot(&x)).abs() < 1e-12);
        }
        assert!(rotary_positions(&array![[1.0, 2.0, 3.0]], 0).is_err());
        assert!(rotary_positions(&Array2::zeros((0, 2)), 0).is_err());
        Ok(())
    }

    const EXPECTED: [f64; 8] = [
        -0.9026880227765833,
        -0.06916989898712834,
        0.427662949484765,
        -2.3314830302307534,
        1.132673448840415,
        0.4551620998832086,
        0.9778466799694829,
        -0.9401296078612505,
    ];
}
