//! Decision trees and what is built of them (reference card, and the models of questions 23 and 24).
//!
//! [`GradientBoosting`] is Friedman's; it grows its trees the plain way, which tries every threshold, or
//! the fast way, over histograms.
//!
//! No tree here takes NaN: `fit` and `predict` name the place. Fill the gap, and add a column that says
//! that it was one.

mod boosting;
mod checks;
mod ensemble;
mod threshold;

pub use boosting::{
    BoostedClassifier, BoostedTrees, Classification, Contributions, GradientBoosting, Regression,
    SplitSearch,
};
