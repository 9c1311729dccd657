//! Multi-head attention with learned projections (question 20).
//!
//! Each head projects queries, keys and values to a smaller space of its own, attends there, and the
//! heads' outputs, side by side, are projected back: Concat(head₁ … head_h) W_O, where head_i =
//! Attention(Q W_Q⁽ⁱ⁾, K W_K⁽ⁱ⁾, V W_V⁽ⁱ⁾). After Vaswani et al., "Attention is all you need", 2017,
//! section 3.2.2; no biases, as there.
//!
//! In self-attention all three come from the same sequence; in cross-attention (decoder over encoder)
//! keys and values come from another one.

use super::attention::{attention, masked_attention};
use crate::checks::{finite_entries, numbers, room_for};
use crate::error::count;
use crate::random::RandomState;
use crate::saved::checked;
use crate::{Error, Result};
use ndarray::{Array2, Array3, ArrayRef1, ArrayRef2, Axis, s};
use serde::{Deserialize, Serialize};

/// The projections of a multi-head attention layer, each d_model×d_model.
///
/// The columns of the head i are `i * d_head..(i + 1) * d_head`, with d_head = d_model / heads.
///
/// # Examples
/// ```
/// use dsprep_core::neural::{MultiHead, causal_mask};
/// use dsprep_core::random::RandomState;
///
/// let mut rng = RandomState::seed(7);
/// let layer = MultiHead::new(8, 2, &mut rng)?;
/// let x = rng.randn((4, 8))?;                                   // four tokens
/// let result = layer.self_attention(&x, Some(&causal_mask(4)?))?;
/// assert_eq!(result.output.dim(), (4, 8));
/// assert_eq!(result.weights.dim(), (2, 4, 4));                  // heads × queries × keys
/// assert_eq!(result.weights[[1, 0, 3]], 0.0);                   // the first token can't see the last
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct MultiHead {
    heads: usize,
    #[serde(with = "crate::saved::array")]
    query: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    key: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    value: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    output: Array2<f64>,
}

/// What a [`MultiHead`] layer returns.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiHeadAttention {
    /// One row for each query, n×d_model.
    pub output: Array2<f64>,
    /// How much each query looks at each key in each head, heads×n×m.
    pub weights: Array3<f64>,
}

checked!(MultiHead);

impl MultiHead {
    /// Projections drawn from a normal distribution with variance 1 / d_model, in the order query, key,
    /// value, output.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `heads` does not divide `d_model` or one of them is 0.
    pub fn new(d_model: usize, heads: usize, rng: &mut RandomState) -> Result<Self> {
        check_heads(d_model, heads)?;
        room_for("`d_model`, squared,", d_model, d_model)?;
        let mut draw = || Ok::<_, Error>(rng.randn((d_model, d_model))? / (d_model as f64).sqrt());
        let (query, key, value, output) = (draw()?, draw()?, draw()?, draw()?);
        Ok(MultiHead {
            heads,
            query,
            key,
            value,
            output,
        })
    }

    /// A layer with given projections: `[query, key, value, output]`, each d_model×d_model.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::Shape`] if a projection is not square or not as large as the
    /// first; [`Error::OutOfRange`] if it has a number that is not finite.
    pub fn from_projections(heads: usize, projections: [Array2<f64>; 4]) -> Result<Self> {
        let d_model = projections[0].nrows();
        check_heads(d_model, heads)?;
        if let Some(wrong) = projections.iter().find(|p| p.dim() != (d_model, d_model)) {
            return Err(Error::Shape {
                what: "a projection",
                found: format!("the shape {}×{}", wrong.nrows(), wrong.ncols()),
                expected: format!("{d_model}×{d_model}"),
            });
        }
        for projection in &projections {
            finite_entries("a projection", projection)?;
        }
        let [query, key, value, output] = projections;
        Ok(MultiHead {
            heads,
            query,
            key,
            value,
            output,
        })
    }

    /// How many heads there are.
    pub fn heads(&self) -> usize {
        self.heads
    }

    /// The projections: query, key, value, output, each d_model × d_model.
    pub fn projections(&self) -> [&Array2<f64>; 4] {
        [&self.query, &self.key, &self.value, &self.output]
    }

    /// How many parameters the layer has: 4 d_model², whatever the number of heads.
    pub fn parameters(&self) -> usize {
        4 * self.query.len()
    }

    /// Attention of the tokens of `x` (n×d_model) to each other; `mask` is n×n.
    ///
    /// # Errors
    /// As [`attend`](Self::attend).
    pub fn self_attention(
        &self,
        x: &ArrayRef2<f64>,
        mask: Option<&ArrayRef2<bool>>,
    ) -> Result<MultiHeadAttention> {
        self.attend(x, x, mask)
    }

    /// Attention of `x` (n×d_model) over `memory` (m×d_model): the query i sees the key j only if
    /// `mask[[i, j]]` is true, or always without a mask.
    ///
    /// O((n + m)·d_model² + n·m·d_model) time, O(heads·n·m) memory for the weights.
    ///
    /// # Errors
    /// [`Error::Shape`] if `x` or `memory` has not d_model columns or the mask is not n×m;
    /// [`Error::Empty`] without keys; [`Error::Undefined`] if a query sees no key or a sum overflows.
    pub fn attend(
        &self,
        x: &ArrayRef2<f64>,
        memory: &ArrayRef2<f64>,
        mask: Option<&ArrayRef2<bool>>,
    ) -> Result<MultiHeadAttention> {
        let d_model = self.query.nrows();
        check_columns("`x`", x, d_model)?;
        check_columns("`memory`", memory, d_model)?;
        let (q, k, v) = (
            x.dot(&self.query),
            memory.dot(&self.key),
            memory.dot(&self.value),
        );
        let d_head = d_model / self.heads;
        let mut joined = Array2::zeros((x.nrows(), d_model));
        let mut weights = Array3::zeros((self.heads, x.nrows(), memory.nrows()));
        for head in 0..self.heads {
            let columns = s![.., head * d_head..(head + 1) * d_head];
            let (q, k, v) = (q.slice(columns), k.slice(columns), v.slice(columns));
            let result = match mask {
                Some(mask) => masked_attention(&q, &k, &v, mask)?,
                None => attention(&q, &k, &v)?,
            };
            joined.slice_mut(columns).assign(&result.output);
            weights
                .index_axis_mut(Axis(0), head)
                .assign(&result.weights);
        }
        let output = joined.dot(&self.output);
        numbers("the output of the heads", &output)?;
        Ok(MultiHeadAttention { output, weights })
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let projections = [&self.query, &self.key, &self.value, &self.output];
        Self::from_projections(self.heads, projections.map(Array2::clone)).map(|_| ())
    }
}

/// The mask (queries×keys) that hides padding: every query sees the keys that are `real`.
///
/// Combine it with [`causal_mask`](super::causal_mask) by `&`. A query that sees no key is an error, so
/// let padding stand at the end when both are used.
///
/// # Errors
/// [`Error::OutOfRange`] if memory can't hold it.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::{causal_mask, padding_mask};
///
/// let padding = padding_mask(3, &array![true, true, false])?;      // the third token is padding
/// let both = padding & causal_mask(3)?;
/// assert_eq!(both, array![[true, false, false], [true, true, false], [true, true, false]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn padding_mask(queries: usize, real: &ArrayRef1<bool>) -> Result<Array2<bool>> {
    room_for("the size of the mask", queries, real.len())?;
    let shape = (queries, real.len());
    Ok(Array2::from_shape_fn(shape, |(_, key)| real[key]))
}

fn check_heads(d_model: usize, heads: usize) -> Result<()> {
    if d_model == 0 || heads == 0 || !d_model.is_multiple_of(heads) {
        return Err(Error::OutOfRange {
            what: "`heads`".to_owned(),
            found: format!("{heads} (with d_model = {d_model})"),
            expected: "a divisor of d_model, at least 1",
        });
    }
    Ok(())
}

fn check_columns(what: &'static str, x: &ArrayRef2<f64>, d_model: usize) -> Result<()> {
    if x.ncols() == d_model {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        found: count(x.ncols(), "column"),
        expected: format!("{}, d_model", count(d_model, "column")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::{causal_mask, softmax};
    use ndarray::{Array1, array};

    fn largest_difference(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> f64 {
        (a - b).fold(0.0, |largest: f64, d| largest.max(d.abs()))
    }

    fn layer_and_tokens(heads: usize, n: usize) -> Result<(MultiHead, Array2<f64>)> {
        let mut rng = RandomState::seed(17);
        Ok((MultiHead::new(6, heads, &mut rng)?, rng.randn((n, 6))?))
    }

    #[test]
    fn one_head_without_projections_is_plain_attention() -> Result<()> {
        let x = RandomState::seed(1).randn((5, 4))?;
        let layer = MultiHead::from_projections(1, [(); 4].map(|()| Array2::eye(4)))?;
        let result = layer.self_attention(&x, None)?;
        let plain = attention(&x, &x, &x)?;
        assert!(largest_difference(&result.output, &plain.output) < 1e-14);
        assert!(largest_difference(&result.weights.index_axis(Axis(0), 0), &plain.weights) < 1e-14);
        Ok(())
    }

    /// Every number on its own, without matrix products.
    #[test]
    fn the_formula_number_by_number_gives_the_same() -> Result<()> {
        let (layer, x) = layer_and_tokens(3, 4)?;
        let memory = RandomState::seed(2).randn((5, 6))?;
        let project = |x: &Array2<f64>, w: &Array2<f64>, row: usize, column: usize| -> f64 {
            (0..6).map(|i| x[[row, i]] * w[[i, column]]).sum()
        };
        let result = layer.attend(&x, &memory, None)?;
        for query in 0..4 {
            let mut joined = Array1::zeros(6);
            for head in 0..3 {
                let columns = [2 * head, 2 * head + 1];
                let score = |key: usize| -> f64 {
                    let product = |c| {
                        project(&x, &layer.query, query, c) * project(&memory, &layer.key, key, c)
                    };
                    columns.map(product).iter().sum::<f64>() / 2_f64.sqrt()
                };
                let weights = softmax(&(0..5).map(score).collect::<Array1<f64>>()).unwrap();
                for column in columns {
                    joined[column] = (0..5)
                        .map(|key| weights[key] * project(&memory, &layer.value, key, column))
                        .sum();
                }
            }
            let expected = joined.dot(&layer.output);
            let found = result.output.row(query);
            assert!(
                expected
                    .iter()
                    .zip(found)
                    .all(|(a, b)| (a - b).abs() < 1e-12)
            );
        }
        Ok(())
    }

    #[test]
    fn with_a_causal_mask_no_later_token_changes_an_earlier_output() -> Result<()> {
        let (layer, x) = layer_and_tokens(2, 6)?;
        let mask = causal_mask(6)?;
        let before = layer.self_attention(&x, Some(&mask))?.output;
        let mut changed = x.clone();
        changed.row_mut(4).fill(100.0);
        let after = layer.self_attention(&changed, Some(&mask))?.output;
        assert_eq!(before.slice(s![..4, ..]), after.slice(s![..4, ..]));
        assert_ne!(before.row(5), after.row(5));
        Ok(())
    }

    #[test]
    fn padded_tokens_change_nothing() -> Result<()> {
        let (layer, x) = layer_and_tokens(2, 5)?;
        let real = array![true, true, true, false, false];
        let padded = layer.self_attention(&x, Some(&padding_mask(5, &real)?))?;
        let short = layer.self_attention(&x.slice(s![..3, ..]), None)?;
        let first = padded.output.slice(s![..3, ..]);
        assert!(largest_difference(&first, &short.output) < 1e-13);
        Ok(())
    }

    #[test]
    fn permuting_the_tokens_permutes_the_output() -> Result<()> {
        let (layer, x) = layer_and_tokens(2, 5)?;
        let order = [3, 1, 4, 0, 2];
        let permuted = layer
            .self_attention(&x.select(Axis(0), &order), None)?
            .output;
        let expected = layer
            .self_attention(&x, None)?
            .output
            .select(Axis(0), &order);
        assert!(largest_difference(&permuted, &expected) < 1e-13);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_named() -> Result<()> {
        let mut rng = RandomState::seed(1);
        let message = |error: Error| error.to_string();
        assert_eq!(
            message(MultiHead::new(6, 4, &mut rng).unwrap_err()),
            "`heads` is 4 (with d_model = 6), but it must be a divisor of d_model, at least 1."
        );
        let (layer, x) = layer_and_tokens(2, 3)?;
        let narrow = x.slice(s![.., ..4]).to_owned();
        assert_eq!(
            message(layer.self_attention(&narrow, None).unwrap_err()),
            "`x` has 4 columns, but it must have 6 columns, d_model."
        );
        let blind = padding_mask(3, &array![false, false, false])?;
        let error = message(layer.self_attention(&x, Some(&blind)).unwrap_err());
        assert!(error.contains("hides every key"));
        let odd = MultiHead::from_projections(1, [4, 4, 3, 4].map(Array2::eye));
        assert!(message(odd.unwrap_err()).contains("3×3"));
        Ok(())
    }
}
