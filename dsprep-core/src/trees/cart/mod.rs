//! The greedy search of CART, for single trees and for forests.
//!
//! At each node every threshold of every feature is tried, and the one that lowers the impurity most is
//! taken; then the two parts are split in the same way. After Breiman, Friedman, Olshen and Stone,
//! "Classification and regression trees", 1984, chapters 2, 4 and 8.

mod grow;
mod impurity;

pub(super) use grow::{Growth, grow};
pub use impurity::Criterion;
pub(super) use impurity::Targets;
