//! A transformer block, and its generation with a cache of keys and values (question 20).
//!
//! Two steps, each added to what was there: x + attention(norm(x)), then x + MLP(norm(x)). The norm stands before each
//! step (pre-norm), as in GPT-2 and since: gradients reach the first block unhindered (Xiong et al., "On layer
//! normalization in the transformer architecture", 2020). After Vaswani et al., "Attention is all you need", 2017.
//!
//! To generate, each new token asks the keys and values of all before it. They do not change, so they are kept: one
//! token costs O(n d + d²) instead of O(n² d + n d²). What is kept is 2 · layers · n · d numbers, more than the model for
//! long texts: [`cache_bytes`](super::cache_bytes).

use super::activation::Activation;
use super::attention::{attention, causal_mask};
use super::layer_norm::layer_norm;
use super::multi_head::MultiHead;
use crate::checks::{numbers, room_for};
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, concatenate, s};
use serde::{Deserialize, Serialize};

/// A block of a decoder: causal self-attention and a multilayer perceptron with 4 d hidden units.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::Axis, neural::TransformerBlock, random::RandomState};
///
/// let mut rng = RandomState::seed(20);
/// let block = TransformerBlock::new(8, 2, &mut rng)?;
/// let x = rng.randn((5, 8))?;                      // five tokens
/// let all = block.forward(&x)?;
/// // One token after the other, with a cache, comes to the same.
/// let mut cache = block.cache();
/// for token in 0..5 {
///     let y = block.step(&x.row(token), &mut cache)?;
///     assert!((&y - &all.row(token)).iter().all(|rest| rest.abs() < 1e-12));
/// }
/// assert_eq!(cache.tokens(), 5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct TransformerBlock {
    attention: MultiHead,
    /// d × 4d and 4d × d.
    #[serde(with = "crate::saved::array")]
    up: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    down: Array2<f64>,
    /// Scale and shift of the norm before attention, and of that before the MLP.
    norms: [Norm; 2],
}

/// What a layer norm has learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Norm {
    #[serde(with = "crate::saved::array")]
    scale: Array1<f64>,
    #[serde(with = "crate::saved::array")]
    shift: Array1<f64>,
}

checked!(TransformerBlock);

/// The keys and values of the tokens so far: tokens × d_model each.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyValueCache {
    keys: Array2<f64>,
    values: Array2<f64>,
}

impl KeyValueCache {
    /// How many tokens it holds.
    pub fn tokens(&self) -> usize {
        self.keys.nrows()
    }
}

impl TransformerBlock {
    /// A block with weights drawn with variance 1 / inputs, and norms that do nothing more.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `heads` does not divide `d_model` or one of them is 0.
    pub fn new(d_model: usize, heads: usize, rng: &mut RandomState) -> Result<Self> {
        let attention = MultiHead::new(d_model, heads, rng)?;
        let hidden = d_model.saturating_mul(4);
        room_for("a matrix of the block", d_model, hidden)?;
        let norm = || Norm {
            scale: Array1::ones(d_model),
            shift: Array1::zeros(d_model),
        };
        Ok(TransformerBlock {
            attention,
            up: rng.randn((d_model, hidden))? / (d_model as f64).sqrt(),
            down: rng.randn((hidden, d_model))? / (hidden as f64).sqrt(),
            norms: [norm(), norm()],
        })
    }

    /// How many parameters the block has: 12 d² in its matrices (4 d² for attention, 8 d² for the MLP), 4 d in its norms.
    pub fn parameters(&self) -> usize {
        let norms = self
            .norms
            .iter()
            .map(|norm| norm.scale.len() + norm.shift.len());
        self.attention.parameters() + self.up.len() + self.down.len() + norms.sum::<usize>()
    }

    /// The block's output for the tokens of `x` (n × d_model), no token seeing a later one. O(n² d + n d²).
    ///
    /// # Errors
    /// [`Error::Empty`] without tokens; [`Error::Shape`] if `x` has not d_model columns; [`Error::OutOfRange`] if a value
    /// is not finite; [`Error::Undefined`] if a sum overflows.
    pub fn forward(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.check(x)?;
        let normed = self.norm(0, x)?;
        let mask = causal_mask(x.nrows())?;
        let seen = self.attention.self_attention(&normed, Some(&mask))?;
        let x = x.to_owned() + seen.output;
        let output = self.mlp(&x)? + x;
        numbers("the output of the block", &output)?;
        Ok(output)
    }

    /// A cache without tokens.
    pub fn cache(&self) -> KeyValueCache {
        let empty = || Array2::zeros((0, self.up.nrows()));
        KeyValueCache {
            keys: empty(),
            values: empty(),
        }
    }

    /// The block's output for the next token `x` (d_model), which sees those in the cache and itself and is added to it.
    /// O(n d + d²) for n tokens in the cache.
    ///
    /// # Errors
    /// [`Error::Shape`] if `x` has not d_model values or the cache is that of another block; [`Error::OutOfRange`] if a value
    /// is not finite; [`Error::Undefined`] if a sum overflows.
    pub fn step(&self, x: &ArrayRef1<f64>, cache: &mut KeyValueCache) -> Result<Array1<f64>> {
        let x = x.view().insert_axis(Axis(0));
        self.check(&x)?;
        let d_model = self.up.nrows();
        if cache.keys.ncols() != d_model {
            return Err(Error::Shape {
                what: "`cache`",
                found: format!("keys of {} values", cache.keys.ncols()),
                expected: format!("{d_model}, as the block"),
            });
        }
        let normed = self.norm(0, &x)?;
        let [query, key, value, output] = self.attention.projections();
        let grown = |kept: &Array2<f64>, new: Array2<f64>| {
            // Both have d_model columns.
            concatenate(Axis(0), &[kept.view(), new.view()]).unwrap_or(new)
        };
        let keys = grown(&cache.keys, normed.dot(key));
        let values = grown(&cache.values, normed.dot(value));
        let q = normed.dot(query);
        let mut joined = Array2::zeros((1, d_model));
        let d_head = d_model / self.attention.heads();
        for head in 0..self.attention.heads() {
            let columns = s![.., head * d_head..(head + 1) * d_head];
            let (q, k, v) = (q.slice(columns), keys.slice(columns), values.slice(columns));
            joined
                .slice_mut(columns)
                .assign(&attention(&q, &k, &v)?.output);
        }
        let x = x.to_owned() + joined.dot(output);
        let output = self.mlp(&x)? + x;
        numbers("the output of the block", &output)?;
        (cache.keys, cache.values) = (keys, values);
        Ok(output.remove_axis(Axis(0)))
    }

    fn norm(&self, which: usize, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let Norm { scale, shift } = &self.norms[which];
        layer_norm(x, scale, shift)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let (d, hidden) = self.up.dim();
        let fits = self.attention.projections()[0].nrows() == d
            && self.down.dim() == (hidden, d)
            && self
                .norms
                .iter()
                .all(|norm| norm.scale.len() == d && norm.shift.len() == d);
        unless_consistent(fits, "matrices that fit each other")
    }

    fn mlp(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let hidden = Activation::Relu.apply(&self.norm(1, x)?.dot(&self.up));
        Ok(hidden.dot(&self.down))
    }

    fn check(&self, x: &ArrayRef2<f64>) -> Result<()> {
        if x.ncols() != self.up.nrows() {
            return Err(Error::Shape {
                what: "`x`",
                found: format!("{} columns", x.ncols()),
                expected: format!("{}, as d_model", self.up.nrows()),
            });
        }
        crate::checks::finite_matrix("`x`", x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_sees_a_later_one_and_each_sees_the_earlier_ones() -> Result<()> {
        let mut rng = RandomState::seed(20);
        let block = TransformerBlock::new(6, 3, &mut rng)?;
        let x = rng.randn((4, 6))?;
        let mut other = x.clone();
        // Not by the same for all features: the norm would take that away.
        other[[2, 0]] += 1.0;
        let (a, b) = (block.forward(&x)?, block.forward(&other)?);
        for token in 0..4 {
            let same = (&a.row(token) - &b.row(token))
                .iter()
                .all(|rest| rest.abs() < 1e-12);
            assert_eq!(same, token < 2, "{token}");
        }
        assert_eq!(block.parameters(), 12 * 36 + 4 * 6);
        Ok(())
    }

    /// The formula in NumPy with the same draws: `tests/peers/neural.py`.
    #[test]
    fn the_output_equals_numpys() -> Result<()> {
        let mut rng = RandomState::seed(20);
        let block = TransformerBlock::new(4, 2, &mut rng)?;
        let y = block.forward(&rng.randn((3, 4))?)?;
        for (found, expected) in y.iter().zip(BLOCK) {
            assert!((found - expected).abs() < 1e-10, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn shapes_that_do_not_fit_are_named_and_leave_the_cache_as_it_is() -> Result<()> {
        let mut rng = RandomState::seed(20);
        assert!(TransformerBlock::new(6, 4, &mut rng).is_err());
        let (block, other) = (
            TransformerBlock::new(4, 2, &mut rng)?,
            TransformerBlock::new(6, 2, &mut rng)?,
        );
        let mut cache = block.cache();
        assert!(block.step(&Array1::zeros(3), &mut cache).is_err());
        assert!(
            block
                .step(&Array1::from_elem(4, f64::NAN), &mut cache)
                .is_err()
        );
        assert!(other.step(&Array1::zeros(6), &mut cache).is_err());
        assert_eq!(cache.tokens(), 0);
        assert!(block.forward(&Array2::zeros((0, 4))).is_err());
        Ok(())
    }

    const BLOCK: [f64; 12] = [
        2.2855670571949744,
        1.5001693703188224,
        0.8755882433187134,
        -2.1104023795706555,
        -1.0087175048573176,
        -0.8741429916173291,
        0.5823943516038541,
        -0.2399620134533707,
        -0.4101348692430892,
        0.9720696863477859,
        0.8101813706597457,
        -0.06946551716158939,
    ];
}
