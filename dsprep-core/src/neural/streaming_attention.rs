//! Attention with memory linear in the sequence length (question 20).
//!
//! The n×m weights are never stored. Each query goes through the keys once and keeps three things: the
//! largest score so far, the sum of e^(score − largest), and the sum of the values with these weights.
//! When a larger score turns up, both sums are rescaled. After Milakov and Gimelshein, "Online normalizer
//! calculation for softmax", 2018; FlashAttention (Dao et al., 2022) does the same block by block.

use super::attention::check_shapes;
use crate::Result;
use ndarray::{Array2, ArrayRef2, Axis, Zip};

/// The output of [`attention`](super::attention()) (n×d_v) without its weights.
///
/// Takes O(n·m·(d_k + d_v)) time, as [`attention`](super::attention()) does, but no memory beyond the
/// output.
///
/// # Errors
/// As [`attention`](super::attention()).
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::streaming_attention;
///
/// let q = array![[1.0, 2.0]];
/// let k = array![[3.0, 4.0], [3.0, 4.0]];
/// let v = array![[10.0], [20.0]];
/// assert_eq!(streaming_attention(&q, &k, &v)?, array![[15.0]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn streaming_attention(
    q: &ArrayRef2<f64>,
    k: &ArrayRef2<f64>,
    v: &ArrayRef2<f64>,
) -> Result<Array2<f64>> {
    check_shapes(q, k, v)?;
    let root = (k.ncols() as f64).sqrt();
    let mut output = Array2::zeros((q.nrows(), v.ncols()));
    Zip::from(q.rows())
        .and(output.rows_mut())
        .for_each(|query, mut sum_of_values| {
            let mut largest = f64::NEG_INFINITY;
            let mut sum = 0.0;
            for (key, value) in k.axis_iter(Axis(0)).zip(v.axis_iter(Axis(0))) {
                let score = query.dot(&key) / root;
                let new_largest = largest.max(score);
                let rescale = (largest - new_largest).exp();
                let weight = (score - new_largest).exp();
                sum = sum * rescale + weight;
                sum_of_values *= rescale;
                sum_of_values.scaled_add(weight, &value);
                largest = new_largest;
            }
            sum_of_values /= sum;
        });
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::attention;
    use crate::random::RandomState;

    #[test]
    fn the_output_is_that_of_the_formula() -> Result<()> {
        let mut rng = RandomState::seed(20);
        for scale in [1.0, 1000.0] {
            let (q, k, v) = (
                rng.randn((7, 8)) * scale,
                rng.randn((50, 8)),
                rng.randn((50, 3)),
            );
            let difference = streaming_attention(&q, &k, &v)? - attention(&q, &k, &v)?.output;
            assert!(difference.iter().all(|d| d.abs() < 1e-12), "{difference}");
        }
        Ok(())
    }

    #[test]
    fn wrong_shapes_are_errors() {
        let zeros = Array2::<f64>::zeros;
        assert!(streaming_attention(&zeros((2, 3)), &zeros((4, 5)), &zeros((4, 5))).is_err());
    }
}
