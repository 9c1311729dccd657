//! The exercises of the notebook on Rust for people who know Python.

mod mean;
mod parse;
mod standardise;

pub use mean::check_rust_mean;
pub use parse::check_rust_parse;
pub use standardise::check_rust_standardise;
