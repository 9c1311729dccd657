//! Sinusoidal positions (question 20).
//!
//! Attention does not know the order of its tokens. The original transformer adds to each token a vector
//! that tells its place: sin(p ω) and cos(p ω) for d/2 frequencies ω from 1 down to almost 1/10000. After
//! Vaswani et al., "Attention is all you need", 2017, section 3.5.
//!
//! A step of k places turns each pair (sin, cos) by the angle k ω, whatever the place: relative positions
//! are a linear map.

use crate::checks::room_for;
use crate::{Error, Result};
use ndarray::Array2;

/// The encodings of the places 0 to `length` − 1, length×`d_model`.
///
/// Column 2i holds sin(p / 10000^(2i / d_model)), column 2i + 1 the cosine of the same angle.
///
/// # Errors
/// [`Error::OutOfRange`] if `d_model` is odd or 0, because sines and cosines come in pairs.
///
/// # Examples
/// ```
/// use dsprep_core::{neural::positional_encoding, ndarray::array};
/// let positions = positional_encoding(2, 2)?;
/// assert_eq!(positions, array![[0.0, 1.0], [1_f64.sin(), 1_f64.cos()]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn positional_encoding(length: usize, d_model: usize) -> Result<Array2<f64>> {
    if d_model == 0 || !d_model.is_multiple_of(2) {
        return Err(Error::OutOfRange {
            what: "`d_model`".to_owned(),
            found: d_model.to_string(),
            expected: "even and at least 2, because sines and cosines come in pairs",
        });
    }
    room_for("the number of places and features", length, d_model)?;
    Ok(Array2::from_shape_fn(
        (length, d_model),
        |(place, column)| {
            let pair = (column / 2) as f64;
            let angle = place as f64 / 10_000_f64.powf(2.0 * pair / d_model as f64);
            if column % 2 == 0 {
                angle.sin()
            } else {
                angle.cos()
            }
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_turns_every_pair_by_the_same_angle_wherever_it_starts() -> Result<()> {
        let (d_model, step) = (8, 5);
        let positions = positional_encoding(40, d_model)?;
        for start in [0, 3, 34] {
            for pair in 0..d_model / 2 {
                let frequency = 10_000_f64.powf(-2.0 * pair as f64 / d_model as f64);
                let (sin, cos) = (step as f64 * frequency).sin_cos();
                let (a, b) = (
                    positions[[start, 2 * pair]],
                    positions[[start, 2 * pair + 1]],
                );
                let turned = (a * cos + b * sin, b * cos - a * sin);
                assert!((positions[[start + step, 2 * pair]] - turned.0).abs() < 1e-12);
                assert!((positions[[start + step, 2 * pair + 1]] - turned.1).abs() < 1e-12);
            }
        }
        Ok(())
    }

    #[test]
    fn the_product_of_two_positions_depends_on_their_distance_only() -> Result<()> {
        let positions = positional_encoding(50, 16)?;
        let product = |a: usize, b: usize| positions.row(a).dot(&positions.row(b));
        assert!((product(0, 7) - product(30, 37)).abs() < 1e-12);
        assert!((product(4, 4) - 8.0).abs() < 1e-12);
        assert!(product(10, 11) > product(10, 14));
        Ok(())
    }

    #[test]
    fn an_odd_width_is_refused() {
        let error = positional_encoding(3, 5).unwrap_err().to_string();
        assert!(error.starts_with("`d_model` is 5, but it must be even"));
    }
}
