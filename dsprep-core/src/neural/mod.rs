//! Neural networks, from their formulas.

mod attention;

pub use attention::{
    Attention, attention, causal_mask, masked_attention, row_entropy, softmax, softmax_rows,
};
