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
/// let x = rng.randn((300, 4));
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
        /// How many trees are averaged; 100 unless told. More never overfit; they only cost time.
        trees: usize => trees,
        /// How many splits lie between a root and a leaf at most; without bound unless told.
        depth: usize => depth,
        /// How many training rows a leaf holds at least; unless told 1 for classes and 5 for numbers.
        min_leaf: usize => min_leaf,
    }

    /// How many features, drawn anew, are tried at each split; unless told √features for classes and
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
        /// What a split lowers; the Gini impurity unless told.
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
mod tests {
    use super::*;
    use crate::trees::DecisionTree;
    use crate::trees::sample::coarse;
    use ndarray::array;

    /// `RandomForestClassifier(n_estimators=300, max_depth=5, max_features=2, oob_score=True)`,
    /// scikit-learn 1.9.1, with the seeds 0 to 2: `oob_score_` is 0.8775 to 0.88, and of
    /// `feature_importances_` this is the mean.
    #[test]
    fn error_and_importance_are_about_those_of_scikit_learn() -> Result<()> {
        let (x, y) = coarse();
        let y = y.mapv(|y| usize::from(y > 0.0));
        let forest = RandomForest::classifier().trees(300).depth(5).fit(
            &x,
            &y,
            &mut RandomState::seed(0),
        )?;
        let error = forest.oob_error().unwrap_or(1.0);
        assert!((error - 0.1217).abs() < 0.02, "{error}");
        let expected = [0.603, 0.197, 0.116, 0.084];
        for (found, expected) in forest.feature_importance().iter().zip(expected) {
            assert!((found - expected).abs() < 0.02, "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn the_out_of_bag_error_tells_the_error_on_new_rows_and_one_tree_errs_more() -> Result<()> {
        let mut rng = RandomState::seed(6);
        let mut draw = |rows: usize| {
            let x = rng.randn((rows, 4));
            let y = &x.column(0) * &x.column(1) + x.column(2) + &(0.3 * rng.randn(rows));
            (x, y)
        };
        let ((x, y), (new_x, new_y)) = (draw(500), draw(2000));
        let squared = |errors: Array1<f64>| errors.dot(&errors) / errors.len() as f64;
        let forest = RandomForest::regressor()
            .trees(60)
            .features_per_split(2)
            .fit(&x, &y, &mut RandomState::seed(0))?;
        let error = squared(forest.predict(&new_x)? - &new_y);
        let estimate = forest.oob_error().unwrap_or(0.0);
        assert!((estimate / error - 1.0).abs() < 0.2, "{estimate} {error}");
        let tree = DecisionTree::regressor().min_leaf(5).fit(&x, &y)?;
        assert!(squared(tree.predict(&new_x)? - &new_y) > 1.2 * error);
        Ok(())
    }

    /// On coin flips no forest is better than chance. Ties among few trees, counted as right, gave 0.40 for 5
    /// trees and 0.45 for 20.
    #[test]
    fn on_pure_noise_the_out_of_bag_error_is_one_half() -> Result<()> {
        for trees in [5, 10, 20] {
            let mut rng = RandomState::seed(11);
            let (x, y) = (rng.randn((1000, 3)), rng.choice(2, 1000)?);
            let forest =
                RandomForest::classifier()
                    .trees(trees)
                    .fit(&x, &y, &mut RandomState::seed(2))?;
            let error = forest.oob_error().unwrap_or(0.0);
            assert!((error - 0.5).abs() < 0.045, "{trees} trees: {error}"); // 3 standard errors of 0.0158
        }
        Ok(())
    }

    #[test]
    fn the_seed_decides_and_probabilities_sum_to_1() -> Result<()> {
        let (x, y) = coarse();
        let y = y.mapv(|y| usize::from(y > -2.0) + usize::from(y > 1.0));
        let forest = RandomForest::classifier().trees(10);
        let fit = |seed| forest.fit(&x, &y, &mut RandomState::seed(seed));
        assert_eq!(fit(0)?, fit(0)?);
        assert_ne!(fit(0)?, fit(1)?);
        for row in fit(0)?.predict_proba(&x)?.rows() {
            assert!((row.sum() - 1.0).abs() < 1e-12);
        }
        Ok(())
    }

    #[test]
    fn settings_that_make_no_sense_are_named() {
        let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![0, 1]);
        let message = |forest: RandomForest<Classification>| {
            let fitted = forest.fit(&x, &y, &mut RandomState::seed(0));
            fitted.unwrap_err().to_string()
        };
        let forest = RandomForest::classifier;
        assert!(message(forest().trees(0)).contains("`trees` is 0"));
        assert!(message(forest().min_leaf(0)).contains("`min_leaf` is 0"));
        assert_eq!(
            message(forest().features_per_split(3)),
            "`features_per_split` is 3, but it must be 1 to the number of features."
        );
    }
}
