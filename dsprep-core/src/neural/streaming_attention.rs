//! Attention with memory linear in the sequence length (question 20).
//!
//! The n×m weights are never stored. A block of queries goes through the keys block by block and keeps
//! three things for each query: the largest score so far, the sum of e^(score − largest), and the sum of
//! the values with these weights. When a larger score turns up, both sums are rescaled. After Milakov and
//! Gimelshein, "Online normalizer calculation for softmax", 2018, with the blocks of FlashAttention (Dao et
//! al., 2022), so that both products are products of matrices that fit in the cache.

use super::attention::{check_shapes, scores_into};
use super::softmax_in_place::{largest, powers_of_e};
use crate::Result;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayRef2, Axis, s};

/// How many queries are looked at together.
const QUERIES: usize = 64;
/// How many keys they see at a time.
const KEYS: usize = 256;

/// The output of [`attention`](super::attention()) (n×d_v) without its weights.
///
/// Takes O(n·m·(d_k + d_v)) time, as [`attention`](super::attention()) does, but no memory beyond the
/// output and one block of scores.
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
    let mut output = Array2::zeros((q.nrows(), v.ncols()));
    let mut block_of_scores = Array2::zeros((QUERIES, KEYS));
    let blocks = q.axis_chunks_iter(Axis(0), QUERIES);
    for (queries, mut sums_of_values) in blocks.zip(output.axis_chunks_iter_mut(Axis(0), QUERIES)) {
        let mut largest_so_far = Array1::from_elem(queries.nrows(), f64::NEG_INFINITY);
        let mut sums = Array1::<f64>::zeros(queries.nrows());
        let keys_and_values = k
            .axis_chunks_iter(Axis(0), KEYS)
            .zip(v.axis_chunks_iter(Axis(0), KEYS));
        for (keys, values) in keys_and_values {
            let here = s![..queries.nrows(), ..keys.nrows()];
            let mut weights = block_of_scores.slice_mut(here);
            scores_into(&mut weights, &queries, &keys);
            for (row, mut scores) in weights.outer_iter_mut().enumerate() {
                let Some(scores) = scores.as_slice_mut() else {
                    continue;
                };
                let new_largest = largest_so_far[row].max(largest(scores));
                let rescale = (largest_so_far[row] - new_largest).exp();
                sums[row] = sums[row] * rescale + powers_of_e(scores, new_largest);
                sums_of_values
                    .row_mut(row)
                    .mapv_inplace(|sum| sum * rescale);
                largest_so_far[row] = new_largest;
            }
            general_mat_mul(1.0, &weights, &values, 1.0, &mut sums_of_values);
        }
        sums_of_values /= &sums.insert_axis(Axis(1));
    }
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
            // More than one block of each, and the last ones not full.
            let (q, k, v) = (
                rng.randn((QUERIES + 7, 8))? * scale,
                rng.randn((2 * KEYS + 50, 8))?,
                rng.randn((2 * KEYS + 50, 3))?,
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
