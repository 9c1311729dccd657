//! A random forest: trees on bootstrap samples, averaged (reference card).
//!
//! Averaging many deep trees lowers the variance without adding bias, the more the less the trees are
//! alike; so each tree gets rows of its own, drawn with replacement, and each split only some features.
//! About e⁻¹ = 37 % of the rows are not drawn for a tree ("out of bag"): predicted by the trees that have
//! not seen them, they give an honest error without a test set. After Breiman, "Random forests", 2001.

use super::cart::{Criterion, Growth, Targets, grow};
use super::checks::{check_features, check_labels, check_room, check_targets};
use super::decision_tree::{largest, most_frequent};
use super::ensemble::Ensemble;
use super::{Classification, Regression};
use crate::Result;
use crate::checks::{at_least_one, check, columns_of_fit};
use crate::options::setters;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// A random forest, to be set up and fitted.
///
/// # Examples
/// ```
/// use dsprep_core::{random::RandomState, trees::RandomForest};
/// let mut rng = RandomState::seed(1);
/// let x = rng.randn((300, 4))?;
/// let y = x.column(2).mapv(|z| usize::from(z.abs() < 0.7));
/// let forest = RandomForest::classifier().trees(50).fit(&x, &y, &mut rng)?;
/// assert!(forest.oob_error().is_some_and(|error| error < 0.1));
/// assert!(forest.feature_importance()[2] > 0.6);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RandomForest<Task> {
    trees: usize,
    depth: usize,
    min_leaf: usize,
    features_per_split: Option<usize>,
    criterion: Criterion,
    task: PhantomData<Task>,
}

impl<Task> RandomForest<Task> {
    fn new(min_leaf: usize) -> Self {
        RandomForest {
            trees: 100,
            depth: usize::MAX,
            min_leaf,
            features_per_split: None,
            criterion: Criterion::Gini,
            task: PhantomData,
        }
    }

    setters! {
        /// How many trees are averaged; 100 by default. More never overfit; they only cost time.
        trees: usize => trees,
        /// How many splits lie between a root and a leaf at most; unlimited by default.
        depth: usize => depth,
        /// How many training rows a leaf holds at least; by default 1 for classes and 5 for numbers.
        min_leaf: usize => min_leaf,
    }

    /// How many features, drawn anew, are tried at each split; by default √features for classes and
    /// a third for numbers, rounded down, but at least 1. All of them make it bagging (Breiman, 1996).
    pub fn features_per_split(mut self, features: usize) -> Self {
        self.features_per_split = Some(features);
        self
    }

    /// Grows the trees. Also sums, for each row, the predictions of the trees that have not seen it,
    /// and counts these trees.
    fn grow(
        &self,
        x: &ArrayRef2<f64>,
        targets: &Targets<'_>,
        usual_features: usize,
        rng: &mut RandomState,
    ) -> Result<(Ensemble, OutOfBag)> {
        at_least_one("`trees`", self.trees)?;
        at_least_one("`min_leaf`", self.min_leaf)?;
        check_room(self.trees, targets.width(), self.depth)?;
        let features = self.features_per_split.unwrap_or(usual_features.max(1));
        let holds = (1..=x.ncols()).contains(&features);
        check(
            "`features_per_split`",
            features,
            holds,
            "1 to the number of features",
        )?;
        let growth = Growth {
            x,
            targets,
            depth: self.depth,
            min_leaf: self.min_leaf,
            features_per_split: features,
        };
        let mut ensemble = Ensemble::new(x.ncols(), targets.width());
        let mut out_of_bag = OutOfBag {
            sums: Array2::zeros((x.nrows(), targets.width())),
            trees: Array1::zeros(x.nrows()),
        };
        for tree in 0..self.trees {
            crate::cell::check_interrupt();
            let drawn = rng.choice(x.nrows(), x.nrows())?;
            let rows: Vec<u32> = drawn.iter().map(|&row| row as u32).collect();
            grow(&growth, &rows, rng, &mut ensemble);
            let mut seen = vec![false; x.nrows()];
            drawn.iter().for_each(|&row| seen[row] = true);
            for row in (0..x.nrows()).filter(|&row| !seen[row]) {
                let leaf = ensemble.leaf(tree, &x.row(row).to_vec());
                for (sum, value) in out_of_bag
                    .sums
                    .row_mut(row)
                    .iter_mut()
                    .zip(ensemble.values(leaf))
                {
                    *sum += value;
                }
                out_of_bag.trees[row] += 1;
            }
        }
        Ok((ensemble, out_of_bag))
    }
}

/// What the trees that have not seen a row predict for it.
struct OutOfBag {
    sums: Array2<f64>,
    trees: Array1<usize>,
}

impl OutOfBag {
    /// The mean of `loss(row, mean prediction)` over the rows that some tree has not seen.
    fn mean_loss(&self, loss: impl Fn(usize, Vec<f64>) -> f64) -> Option<f64> {
        let rows: Vec<usize> = (0..self.trees.len())
            .filter(|&row| self.trees[row] > 0)
            .collect();
        let losses = rows.iter().map(|&row| {
            let trees = self.trees[row] as f64;
            loss(
                row,
                self.sums.row(row).iter().map(|sum| sum / trees).collect(),
            )
        });
        (!rows.is_empty()).then(|| losses.sum::<f64>() / rows.len() as f64)
    }
}

impl RandomForest<Classification> {
    /// For classes, numbered 0, 1, 2, ...
    pub fn classifier() -> Self {
        Self::new(1)
    }

    setters! {
        /// What a split lowers; the Gini impurity by default.
        criterion: Criterion => criterion,
    }

    /// Fits to `x` (rows × features) and `y` (a class for each row); `rng` draws rows and features. O(trees · depth ·
    /// features_per_split · rows · log rows).
    ///
    /// # Errors
    /// As [`DecisionTree::fit`](super::DecisionTree::fit).
    pub fn fit(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<usize>,
        rng: &mut RandomState,
    ) -> Result<FittedForest<Classification>> {
        check_features(x)?;
        check_labels(y, x.nrows())?;
        let targets = Targets::labels(y, self.criterion);
        let (ensemble, out_of_bag) = self.grow(x, &targets, x.ncols().isqrt(), rng)?;
        let oob_error =
            out_of_bag.mean_loss(|row, shares| f64::from(u8::from(largest(&shares) != y[row])));
        Ok(FittedForest::new(ensemble, oob_error))
    }
}

impl RandomForest<Regression> {
    /// For numbers.
    pub fn regressor() -> Self {
        Self::new(5)
    }

    /// Fits to `x` (rows × features) and `y` (a number for each row); `rng` draws rows and features. O(trees · depth ·
    /// features_per_split · rows · log rows).
    ///
    /// # Errors
    /// As [`DecisionTree::fit`](super::DecisionTree::fit).
    pub fn fit(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<f64>,
        rng: &mut RandomState,
    ) -> Result<FittedForest<Regression>> {
        check_features(x)?;
        check_targets(y, x.nrows())?;
        let (ensemble, out_of_bag) = self.grow(x, &Targets::numbers(y), x.ncols() / 3, rng)?;
        let oob_error = out_of_bag.mean_loss(|row, mean| (y[row] - mean[0]).powi(2));
        Ok(FittedForest::new(ensemble, oob_error))
    }
}

/// A random forest that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "", remote = "Self")]
pub struct FittedForest<Task> {
    ensemble: Ensemble,
    oob_error: Option<f64>,
    #[serde(skip)]
    task: PhantomData<Task>,
}

checked!(FittedForest<Task>, Task);

impl<Task> FittedForest<Task> {
    fn new(ensemble: Ensemble, oob_error: Option<f64>) -> Self {
        FittedForest {
            ensemble,
            oob_error,
            task: PhantomData,
        }
    }

    /// The error on the rows that trees have not seen: for classes the share of wrong ones, for
    /// numbers the mean squared error. None if each tree has seen every row.
    pub fn oob_error(&self) -> Option<f64> {
        self.oob_error
    }

    /// The share of each feature in what all splits of all trees lower the impurity by. The shares
    /// sum to 1, or are all 0 if nothing was split.
    pub fn feature_importance(&self) -> Array1<f64> {
        Array1::from(self.ensemble.importance())
    }

    /// How many trees there are.
    pub fn trees(&self) -> usize {
        self.ensemble.trees()
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        unless_consistent(self.ensemble.trees() > 0, "at least one tree")
    }
}

impl FittedForest<Classification> {
    /// The mean of the trees' shares of the classes for each row of `x` (rows × features): rows ×
    /// classes.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`,
    /// [`Error::Empty`](crate::Error::Empty) without rows,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite.
    pub fn predict_proba(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        columns_of_fit(x, self.ensemble.features())?;
        Ok(self.ensemble.means(x))
    }

    /// The class of the greatest mean share, the first of equals, for each row of `x` (rows ×
    /// features).
    ///
    /// # Errors
    /// As [`predict_proba`](Self::predict_proba).
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<usize>> {
        Ok(most_frequent(&self.predict_proba(x)?))
    }
}

impl FittedForest<Regression> {
    /// The mean of the trees' predictions for each row of `x` (rows × features).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`,
    /// [`Error::Empty`](crate::Error::Empty) without rows,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite.
    pub fn predict(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        columns_of_fit(x, self.ensemble.features())?;
        Ok(self.ensemble.means(x).column(0).to_owned())
    }
}

#[cfg(test)]
mod tests;
