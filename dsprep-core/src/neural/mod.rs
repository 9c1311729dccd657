//! Neural networks, from their formulas.

mod activation;
mod attention;
mod autodiff;
mod digits;
mod gradient_check;
mod initial;
mod layer;
mod layer_norm;
mod loss;
mod mlp;
mod mlp_checks;
mod multi_head;
mod optimizer;
mod positional;
mod resnet;
mod rope;
mod sizes;
mod softmax;
mod softmax_in_place;
mod streaming_attention;
mod training;
mod transfer;
mod transformer;

pub use activation::Activation;
pub use attention::{Attention, attention, causal_mask, masked_attention, row_entropy};
pub use autodiff::Value;
pub use digits::{Digits, digits};
pub use gradient_check::{CheckedGradient, gradient_check, gradient_error_curve, relative_error};
pub use initial::InitialWeights;
pub use layer::Layer;
pub use layer_norm::{layer_norm, rms_norm};
pub use loss::Loss;
pub use mlp::{Forward, Gradients, LayerGradient, Mlp};
pub use multi_head::{MultiHead, MultiHeadAttention, padding_mask};
pub use optimizer::Optimizer;
pub use positional::positional_encoding;
pub use resnet::{LayerCount, ResNet};
pub use rope::rotary_positions;
pub use sizes::{LoraCount, cache_bytes, lora_count};
pub(crate) use softmax::row_weights;
pub use softmax::{softmax, softmax_rows};
pub use streaming_attention::streaming_attention;
pub use transfer::{
    TaskExamples, TransferCurves, TransferStrategy, pretrain, source_task, target_task, transfer,
    transfer_accuracy, transfer_curves,
};
pub use transformer::{KeyValueCache, TransformerBlock};
