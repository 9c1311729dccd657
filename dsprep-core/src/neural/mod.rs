//! Neural networks, from their formulas.

mod attention;
mod streaming_attention;

pub use attention::{
    Attention, attention, causal_mask, masked_attention, row_entropy, softmax, softmax_rows,
};
pub use streaming_attention::streaming_attention;
