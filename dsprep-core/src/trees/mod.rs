//! Decision trees and what is built of them (reference card, and the models of questions 23 and 24).
//!
//! | model | how |
//! |---|---|
//! | [`DecisionTree`] | CART: the best split first, then each part by itself |
//! | [`RandomForest`] | deep trees on bootstrap samples, averaged: less variance |
//! | [`GradientBoosting`] | small trees, each fitted to the gradient that is left: less bias |
//! | [`IsolationForest`] | random cuts, without labels: a row that is soon alone is unlike the others |
//!
//! [`GradientBoosting`] grows its trees the plain way, which tries every threshold, or the fast way, over
//! histograms; the two agree if the values are few.
//!
//! No tree takes NaN unasked: `fit` and `predict` name the place. Fill the gap, and add a column that says that it was
//! one; or let boosting handle it, by [`GradientBoosting::allow_missing`].

mod boosting;
mod cart;
mod checks;
mod decision_tree;
mod ensemble;
mod isolation_forest;
mod random_forest;
mod rules;
#[cfg(test)]
mod sample;
mod task;
mod threshold;

#[cfg(test)]
pub(crate) use sample::coarse;

pub use boosting::{BoostedClassifier, BoostedTrees, Contributions, GradientBoosting, SplitSearch};
pub use cart::Criterion;
pub use decision_tree::{DecisionTree, FittedTree};
pub use isolation_forest::{FittedIsolationForest, IsolationForest};
pub use random_forest::{FittedForest, RandomForest};
pub use task::{Classification, Regression};
