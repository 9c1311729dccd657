//! One decision tree, as CART grows it (reference card).

use super::cart::{Criterion, Growth, Targets, grow};
use super::checks::{check_features, check_labels, check_room, check_targets};
use super::ensemble::Ensemble;
use super::rules::rules;
use super::{Classification, Regression};
use crate::Result;
use crate::checks::{at_least_one, columns_of_fit};
use crate::options::setters;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// A decision tree, to be set up and fitted.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, trees::DecisionTree};
/// let x = array![[22.0, 1.0], [35.0, 0.0], [41.0, 1.0], [58.0, 0.0]];
/// let tree = DecisionTree::classifier().fit(&x, &array![0, 0, 1, 1])?;
/// assert_eq!(tree.predict(&array![[60.0, 1.0]])?, array![1]);
/// assert_eq!(tree.rules(&["age", "member"])?, "\
/// age <= 38: class 0 (2 rows, 100 %)
/// age > 38: class 1 (2 rows, 100 %)
/// ");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionTree<Task> {
    depth: usize,
    min_leaf: usize,
    criterion: Criterion,
    task: PhantomData<Task>,
}

impl<Task> DecisionTree<Task> {
    fn new() -> Self {
        DecisionTree {
            depth: usize::MAX,
            min_leaf: 1,
            criterion: Criterion::Gini,
            task: PhantomData,
        }
    }

    setters! {
        /// How many splits lie between the root and a leaf at most; unlimited by default.
        depth: usize => depth,
        /// How many training rows a leaf holds at least; 1 by default.
        min_leaf: usize => min_leaf,
    }

    fn grow(&self, x: &ArrayRef2<f64>, targets: &Targets<'_>) -> Result<FittedTree<Task>> {
        at_least_one("`min_leaf`", self.min_leaf)?;
        check_room(1, targets.width(), self.depth)?;
        let growth = Growth {
            x,
            targets,
            depth: self.depth,
            min_leaf: self.min_leaf,
            features_per_split: x.ncols(),
        };
        let rows: Vec<u32> = (0..x.nrows() as u32).collect();
        let mut ensemble = Ensemble::new(x.ncols(), targets.width());
        grow(&growth, &rows, &mut RandomState::seed(0), &mut ensemble);
        Ok(FittedTree {
            ensemble,
            task: PhantomData,
        })
    }
}

impl DecisionTree<Classification> {
    /// For classes, numbered 0, 1, 2, ...
    pub fn classifier() -> Self {
        Self::new()
    }

    setters! {
        /// What a split lowers; the Gini impurity by default.
        criterion: Criterion => criterion,
    }

    /// Fits to `x` (rows × features) and `y` (a class for each row). O(depth · features · rows · log
    /// rows).
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns;
    /// [`Error::Shape`](crate::Error::Shape) if the number of labels is not that of the rows;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite, a label is not
    /// smaller than the number of rows, a setting is not valid, or there are more classes than memory can hold for
    /// each node.
    pub fn fit(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<usize>,
    ) -> Result<FittedTree<Classification>> {
        check_features(x)?;
        check_labels(y, x.nrows())?;
        self.grow(x, &Targets::labels(y, self.criterion))
    }
}

impl DecisionTree<Regression> {
    /// For numbers. A split lowers the sum of squared differences from the means of the leaves.
    pub fn regressor() -> Self {
        Self::new()
    }

    /// Fits to `x` (rows × features) and `y` (a number for each row). O(depth · features · rows · log
    /// rows).
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns;
    /// [`Error::Shape`](crate::Error::Shape) if the number of targets is not that of the rows;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite or a setting is
    /// not valid; [`Error::Undefined`](crate::Error::Undefined) if the squares of `y`
    /// overflow or underflow.
    pub fn fit(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<FittedTree<Regression>> {
        check_features(x)?;
        check_targets(y, x.nrows())?;
        self.grow(x, &Targets::numbers(y))
    }
}

/// A decision tree that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "", remote = "Self")]
pub struct FittedTree<Task> {
    ensemble: Ensemble,
    #[serde(skip)]
    task: PhantomData<Task>,
}

checked!(FittedTree<Task>, Task);

impl<Task> FittedTree<Task> {
    /// The share of each feature in what all splits lower the impurity by: scikit-learn's
    /// `feature_importances_`. The shares sum to 1, or are all 0 if nothing was split.
    pub fn feature_importance(&self) -> Array1<f64> {
        Array1::from(self.ensemble.importance())
    }

    /// How many splits lie between the root and the deepest leaf.
    pub fn depth(&self) -> usize {
        self.ensemble.depth(0)
    }

    /// How many leaves there are.
    pub fn leaves(&self) -> usize {
        let nodes = self.ensemble.nodes_of(0);
        nodes
            .filter(|&node| self.ensemble.split_of(node).is_none())
            .count()
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        unless_consistent(self.ensemble.trees() == 1, "one tree")
    }
}

impl FittedTree<Classification> {
    /// The share of each class in the leaf of each row of `x` (rows × features): rows × classes.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`,
    /// [`Error::Empty`](crate::Error::Empty) without rows,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite.
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        columns_of_fit(x, self.ensemble.features())?;
        Ok(self.ensemble.means(x))
    }

    /// The most frequent class, the first of equals, in the leaf of each row of `x` (rows ×
    /// features).
    ///
    /// # Errors
    /// As [`predict_proba`](Self::predict_proba).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        Ok(most_frequent(&self.predict_proba(x)?))
    }

    /// The tree as text: a line for each split and leaf, with the class of each leaf, how many
    /// training rows came to it and the share of the class among them.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if there is not one of `names` for each feature,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the tree is deeper than 1,000.
    pub fn rules(&self, names: &[&str]) -> Result<String> {
        rules(&self.ensemble, names, |shares| {
            let class = largest(shares);
            let percent = 100.0 * shares[class];
            (format!("class {class}"), format!(", {percent:.0} %"))
        })
    }
}

impl FittedTree<Regression> {
    /// The mean of the leaf of each row of `x` (rows × features).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`,
    /// [`Error::Empty`](crate::Error::Empty) without rows,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite.
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        columns_of_fit(x, self.ensemble.features())?;
        Ok(self.ensemble.means(x).column(0).to_owned())
    }

    /// The tree as text: a line for each split and leaf, with the mean of each leaf and how many
    /// training rows came to it.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if there is not one of `names` for each feature,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the tree is deeper than 1,000.
    pub fn rules(&self, names: &[&str]) -> Result<String> {
        rules(&self.ensemble, names, |mean| {
            (format!("{:.4}", mean[0]), String::new())
        })
    }
}

/// The class of the greatest share in each row, the first of equals.
pub(super) fn most_frequent(shares: &Array2<f64>) -> Array1<usize> {
    shares
        .rows()
        .into_iter()
        .map(|row| largest(&row.to_vec()))
        .collect()
}

/// The class of the greatest share, the first of equals.
pub(super) fn largest(shares: &[f64]) -> usize {
    let mut class = 0;
    for (k, &share) in shares.iter().enumerate() {
        if share > shares[class] {
            class = k;
        }
    }
    class
}

#[cfg(test)]
mod tests;
