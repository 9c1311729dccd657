//! Scaled dot-product attention (question 20).
//!
//! Each query looks at every key and takes a weighted mean of the values:
//! softmax(Q Kᵀ / √d_k) V. After Vaswani et al., "Attention is all you need", 2017, section 3.2.1.
//!
//! [`attention`] is the formula as written; [`masked_attention`] hides some keys from some queries,
//! with [`causal_mask`] for decoders, in which no token may see a later one.
//! [`streaming_attention`](super::streaming_attention) gives the same result with less memory.

use super::softmax_in_place::softmax_in_place;
use crate::checks::{finite_entries as check_finite, room_for};
use crate::error::out_of_range;
use crate::memory::large_zeros;
use crate::{Error, Result};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayRef2, Axis};

/// What [`attention`] returns.
#[derive(Debug, Clone, PartialEq)]
pub struct Attention {
    /// The weighted means of the values, n×d_v.
    pub output: Array2<f64>,
    /// How much each query (row) looks at each key (column), n×m; each row sums to 1.
    pub weights: Array2<f64>,
}

/// Attention of `q` (n×d_k) over `k` (m×d_k) and `v` (m×d_v).
///
/// Returns the output (n×d_v) and the weights (n×m); each row of the weights sums to 1.
/// Costs O(n·m·(d_k + d_v)) time and O(n·m) memory.
///
/// # Errors
/// [`Error::Shape`] if `k` has not as many columns as `q` or `v` not as many rows as `k`;
/// [`Error::Empty`] if there are no keys or no columns; [`Error::OutOfRange`] if a value is not finite or memory can't hold
/// the weights; [`streaming_attention`](super::streaming_attention) does without them.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::attention;
///
/// // Both keys are the same, so that the output is the plain mean of the values.
/// let q = array![[1.0, 2.0]];
/// let k = array![[3.0, 4.0], [3.0, 4.0]];
/// let v = array![[10.0], [20.0]];
/// let result = attention(&q, &k, &v)?;
/// assert_eq!(result.weights, array![[0.5, 0.5]]);
/// assert_eq!(result.output, array![[15.0]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn attention(q: &ArrayRef2<f64>, k: &ArrayRef2<f64>, v: &ArrayRef2<f64>) -> Result<Attention> {
    check_shapes(q, k, v)?;
    Ok(weighted_means(scores(q, k)?, v))
}

/// [`attention`] in which the query i sees the key j only if `mask[[i, j]]` is true.
///
/// # Errors
/// As [`attention`]; [`Error::Shape`] if `mask` is not n×m; [`Error::Undefined`] if a query sees no key.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::{causal_mask, masked_attention};
///
/// let x = array![[1.0], [2.0]];
/// let result = masked_attention(&x, &x, &x, &causal_mask(2)?)?;
/// assert_eq!(result.weights.row(0), array![1.0, 0.0]);     // the first token sees itself only
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn masked_attention(
    q: &ArrayRef2<f64>,
    k: &ArrayRef2<f64>,
    v: &ArrayRef2<f64>,
    mask: &ArrayRef2<bool>,
) -> Result<Attention> {
    check_shapes(q, k, v)?;
    check_mask(q, k, mask)?;
    let mut scores = scores(q, k)?;
    scores.zip_mut_with(mask, |score, &visible| {
        if !visible {
            *score = f64::NEG_INFINITY;
        }
    });
    Ok(weighted_means(scores, v))
}

/// The mask of a decoder over `n` tokens (n×n): each token sees itself and what came before.
///
/// # Errors
/// [`Error::OutOfRange`] if memory can't hold it.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::causal_mask;
///
/// assert_eq!(causal_mask(2)?, array![[true, false], [true, true]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn causal_mask(n: usize) -> Result<Array2<bool>> {
    room_for("`n`, squared,", n, n)?;
    Ok(Array2::from_shape_fn((n, n), |(query, key)| key <= query))
}

/// The entropy of each row of `weights`, in nats: 0 if one key gets everything, ln m if all m keys get
/// the same.
///
/// # Errors
/// [`Error::OutOfRange`] if a weight is negative or not finite.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::row_entropy;
///
/// assert_eq!(row_entropy(&array![[1.0, 0.0], [0.5, 0.5]])?, array![0.0, 2_f64.ln()]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn row_entropy(weights: &ArrayRef2<f64>) -> Result<Array1<f64>> {
    let is_weight = |weight: f64| weight >= 0.0 && weight.is_finite();
    if let Some(((row, column), weight)) = weights.indexed_iter().find(|(_, w)| !is_weight(**w)) {
        let what = format!("`weights[[{row}, {column}]]`");
        return Err(out_of_range(what, weight, "a finite number, 0 or greater"));
    }
    let information = |w: f64| if w > 0.0 { -w * w.ln() } else { 0.0 };
    Ok(weights.mapv(information).sum_axis(Axis(1)))
}

/// Q Kᵀ / √d_k: without the root, scores of unit-variance components have variance d_k.
fn scores(q: &ArrayRef2<f64>, k: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    room_for("the number of queries and keys", q.nrows(), k.nrows())?;
    let mut scores = large_zeros(q.nrows(), k.nrows());
    scores_into(&mut scores, q, k);
    Ok(scores)
}

/// Writes Q Kᵀ / √d_k.
pub(super) fn scores_into(scores: &mut ArrayRef2<f64>, q: &ArrayRef2<f64>, k: &ArrayRef2<f64>) {
    general_mat_mul(1.0 / (k.ncols() as f64).sqrt(), q, &k.t(), 0.0, scores);
}

/// softmax(scores) V. The weights take the place of the scores.
fn weighted_means(mut scores: Array2<f64>, v: &ArrayRef2<f64>) -> Attention {
    let keys = scores.ncols();
    if let Some(numbers) = scores.as_slice_mut() {
        softmax_in_place(numbers, keys);
    }
    Attention {
        output: scores.dot(v),
        weights: scores,
    }
}

pub(super) fn check_shapes(
    q: &ArrayRef2<f64>,
    k: &ArrayRef2<f64>,
    v: &ArrayRef2<f64>,
) -> Result<()> {
    if k.is_empty() {
        return Err(Error::Empty {
            what: "`k`",
            item: "key",
        });
    }
    if k.ncols() != q.ncols() {
        return Err(Error::Shape {
            what: "`k`",
            found: format!("the shape {}×{}", k.nrows(), k.ncols()),
            expected: format!("{} columns, as many as `q`", q.ncols()),
        });
    }
    if v.nrows() != k.nrows() {
        return Err(Error::Shape {
            what: "`v`",
            found: format!("the shape {}×{}", v.nrows(), v.ncols()),
            expected: format!("{} rows, as many as `k`", k.nrows()),
        });
    }
    check_finite("`q`", q)?;
    check_finite("`k`", k)?;
    check_finite("`v`", v)?;
    // No score is larger than this, and no sum of values larger than the second.
    let largest = |x: &ArrayRef2<f64>| x.fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let bounds = [
        largest(q) * largest(k) * k.ncols() as f64,
        largest(v) * k.nrows() as f64,
    ];
    if bounds.iter().all(|bound| bound.is_finite()) {
        return Ok(());
    }
    Err(Error::Undefined {
        what: "attention",
        reason: "the products of `q` and `k`, or the sums of `v`, may overflow".to_owned(),
        remedy: "Scale the queries, keys or values down.",
    })
}

fn check_mask(q: &ArrayRef2<f64>, k: &ArrayRef2<f64>, mask: &ArrayRef2<bool>) -> Result<()> {
    if mask.dim() != (q.nrows(), k.nrows()) {
        return Err(Error::Shape {
            what: "`mask`",
            found: format!("the shape {}×{}", mask.nrows(), mask.ncols()),
            expected: format!("{}×{}, queries by keys", q.nrows(), k.nrows()),
        });
    }
    let blind = mask
        .rows()
        .into_iter()
        .position(|row| !row.iter().any(|&visible| visible));
    match blind {
        None => Ok(()),
        Some(query) => Err(Error::Undefined {
            what: "attention",
            reason: format!("the mask hides every key from the query {query}"),
            remedy: "Let each query see at least one key.",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::softmax_rows;
    use crate::random::RandomState;
    use ndarray::{array, s};

    fn random(n: usize, m: usize) -> (Array2<f64>, Array2<f64>, Array2<f64>) {
        let mut rng = RandomState::seed(11);
        (
            rng.randn((n, 8)).unwrap(),
            rng.randn((m, 8)).unwrap(),
            rng.randn((m, 3)).unwrap(),
        )
    }

    fn largest_difference(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> f64 {
        (a - b).fold(0.0, |largest: f64, d| largest.max(d.abs()))
    }

    #[test]
    fn the_entropy_of_what_is_no_weight_is_refused() {
        for weight in [f64::NAN, -0.5, f64::INFINITY] {
            let error = row_entropy(&array![[1.0], [weight]])
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("`weights[[1, 0]]` is "), "{error}");
        }
    }

    #[test]
    fn every_row_of_the_weights_sums_to_one() -> Result<()> {
        let (q, k, v) = random(5, 7);
        let result = attention(&q, &k, &v)?;
        assert_eq!(result.output.dim(), (5, 3));
        assert!(
            result
                .weights
                .sum_axis(Axis(1))
                .iter()
                .all(|sum| (sum - 1.0).abs() < 1e-12)
        );
        Ok(())
    }

    #[test]
    fn it_is_the_formula_as_written_in_any_memory_order() -> Result<()> {
        let (q, k, v) = random(9, 21);
        let weights = softmax_rows(&(q.dot(&k.t()) / 8_f64.sqrt()))?;
        let mut by_columns = Array2::zeros((8, 9)).reversed_axes();
        by_columns.assign(&q);
        for q in [q, by_columns] {
            let result = attention(&q, &k, &v)?;
            assert!(largest_difference(&result.weights, &weights) < 1e-15);
            assert!(largest_difference(&result.output, &weights.dot(&v)) < 1e-14);
        }
        Ok(())
    }

    #[test]
    fn the_order_of_keys_and_values_does_not_matter() -> Result<()> {
        let (q, k, v) = random(4, 6);
        let backwards = s![..;-1, ..];
        let turned = attention(&q, &k.slice(backwards), &v.slice(backwards))?;
        assert!(largest_difference(&attention(&q, &k, &v)?.output, &turned.output) < 1e-12);
        Ok(())
    }

    #[test]
    fn under_a_causal_mask_the_future_changes_nothing() -> Result<()> {
        let (q, k, v) = random(6, 6);
        let before = masked_attention(&q, &k, &v, &causal_mask(6)?)?.output;
        let (mut k, mut v) = (k, v);
        k.row_mut(5).fill(9.0);
        v.row_mut(5).fill(-9.0);
        let after = masked_attention(&q, &k, &v, &causal_mask(6)?)?.output;
        assert_eq!(before.slice(s![..5, ..]), after.slice(s![..5, ..]));
        assert_ne!(before.row(5), after.row(5));
        Ok(())
    }

    #[test]
    fn a_number_that_is_missing_is_named_and_spreads_nowhere() -> Result<()> {
        let (q, k, v) = random(2, 3);
        let mut gap = k.clone();
        gap[[1, 0]] = f64::NAN;
        let error = attention(&q, &gap, &v).unwrap_err().to_string();
        assert!(error.starts_with("`k`, row 1, column 0, is NaN"), "{error}");
        let error = masked_attention(&k, &k, &gap, &causal_mask(3)?).unwrap_err();
        assert!(error.to_string().starts_with("`v`, row 1"), "{error}");
        Ok(())
    }

    #[test]
    fn wrong_shapes_are_named() {
        let message = |q: Array2<f64>, k: Array2<f64>, v: Array2<f64>| {
            attention(&q, &k, &v).unwrap_err().to_string()
        };
        let zeros = Array2::<f64>::zeros;
        assert_eq!(
            message(zeros((2, 8)), zeros((4, 7)), zeros((4, 8))),
            "`k` has the shape 4×7, but it must have 8 columns, as many as `q`."
        );
        assert_eq!(
            message(zeros((2, 8)), zeros((4, 8)), zeros((3, 8))),
            "`v` has the shape 3×8, but it must have 4 rows, as many as `k`."
        );
        assert_eq!(
            message(zeros((2, 8)), zeros((0, 8)), zeros((0, 8))),
            "`k` is empty, but it must hold at least one key."
        );
    }

    #[test]
    fn a_query_that_sees_nothing_is_an_error_and_not_a_nan() {
        let x = array![[1.0], [2.0]];
        let mask = array![[true, true], [false, false]];
        let error = masked_attention(&x, &x, &x, &mask).unwrap_err().to_string();
        assert!(
            error.contains("hides every key from the query 1"),
            "{error}"
        );
    }

    #[test]
    fn products_that_overflow_are_named() -> Result<()> {
        let (huge, one) = (array![[1e200, -1e200]], array![[1.0, 2.0]]);
        for (q, k, v) in [
            (&huge, &huge, &one),
            (&one, &one, &array![[f64::MAX * 0.9, 1.0]]),
        ] {
            match attention(q, k, v) {
                Ok(found) => assert!(found.output.iter().all(|x| x.is_finite())),
                Err(error) => assert!(error.to_string().contains("Scale the queries")),
            }
        }
        assert!(attention(&huge, &huge, &one).is_err());
        assert!(
            attention(&huge, &one, &one)?
                .output
                .iter()
                .all(|x| x.is_finite())
        );
        Ok(())
    }
}
