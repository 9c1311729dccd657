//! How a boosted model is set up and fitted.

use super::bins::{Bins, MOST_BINS};
use super::exact::ExactGrower;
use super::growth::{Gradient, Grow, Limits};
use super::histogram::HistogramGrower;
use super::{BoostedClassifier, BoostedTrees};
use crate::Result;
use crate::linear::sigmoid;
use crate::random::RandomState;
use crate::trees::checks::{
    check, check_at_least_one, check_binary, check_features, check_length, check_share,
    check_targets,
};
use crate::trees::ensemble::Ensemble;
use crate::trees::{Classification, Regression};
use ndarray::{Array1, ArrayRef1, ArrayRef2};
use std::marker::PhantomData;

/// How the best split of a node is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitSearch {
    /// Between the bins of a histogram: fast, and exact if no feature has more distinct values than
    /// bins.
    Histogram {
        /// The most bins of a feature, 2 to 256.
        bins: usize,
    },
    /// Every threshold: the plain way, for small data.
    Exact,
}

/// Gradient boosting of regression trees, to be set up and fitted.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::{Array1, Array2}, trees::GradientBoosting};
///
/// // Exclusive or: no single feature tells anything.
/// let x = Array2::from_shape_fn((200, 2), |(i, j)| ((i >> j) % 2) as f64);
/// let y = Array1::from_shape_fn(200, |i| (i % 2) ^ (i / 2 % 2));
/// let model = GradientBoosting::classifier().trees(20).depth(2).fit(&x, &y)?;
/// assert_eq!(model.predict(&x)?, y);
/// assert!(model.predict_proba_row(&[0.0, 1.0])? > 0.8);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientBoosting<Task> {
    trees: usize,
    limits: Limits,
    subsample: f64,
    search: SplitSearch,
    seed: u32,
    task: PhantomData<Task>,
}

impl<Task> GradientBoosting<Task> {
    fn new() -> Self {
        GradientBoosting {
            trees: 100,
            limits: Limits {
                depth: 4,
                min_leaf: 20,
                l2: 1.0,
                learning_rate: 0.1,
            },
            subsample: 1.0,
            search: SplitSearch::Histogram { bins: MOST_BINS },
            seed: 0,
            task: PhantomData,
        }
    }

    /// How many trees are added; 100 unless told.
    pub fn trees(mut self, trees: usize) -> Self {
        self.trees = trees;
        self
    }

    /// How many splits lie between the root and a leaf at most; 4 unless told. A tree of depth d
    /// can join up to d features to one condition.
    pub fn depth(mut self, depth: usize) -> Self {
        self.limits.depth = depth;
        self
    }

    /// The share of each tree's prediction that is added (Friedman's ν, shrinkage); 0.1 unless told.
    pub fn learning_rate(mut self, learning_rate: f64) -> Self {
        self.limits.learning_rate = learning_rate;
        self
    }

    /// How many training rows a leaf holds at least; 20 unless told. Independently of this, the
    /// second derivatives of a leaf's rows sum to 0.001 or more.
    pub fn min_leaf(mut self, min_leaf: usize) -> Self {
        self.limits.min_leaf = min_leaf;
        self
    }

    /// The L2 penalty λ on the values of the leaves; 1 unless told.
    pub fn l2(mut self, l2: f64) -> Self {
        self.limits.l2 = l2;
        self
    }

    /// The share of rows, drawn anew without replacement, on which each tree is grown; 1 unless told.
    pub fn subsample(mut self, subsample: f64) -> Self {
        self.subsample = subsample;
        self
    }

    /// How splits are looked for; by histograms of 256 bins unless told.
    pub fn split_search(mut self, search: SplitSearch) -> Self {
        self.search = search;
        self
    }

    /// Where the sampling of rows begins; 0 unless told. Without sampling nothing is random.
    pub fn seed(mut self, seed: u32) -> Self {
        self.seed = seed;
        self
    }

    fn check(&self) -> Result<()> {
        let Limits {
            depth,
            min_leaf,
            l2,
            learning_rate,
        } = self.limits;
        check_at_least_one("`trees`", self.trees)?;
        check("`depth`", depth, (1..=32).contains(&depth), "1 to 32")?;
        check_at_least_one("`min_leaf`", min_leaf)?;
        let holds = l2 >= 0.0 && l2.is_finite();
        check("`l2`", l2, holds, "a finite number, 0 or greater")?;
        check_share("`learning_rate`", learning_rate)?;
        check_share("`subsample`", self.subsample)?;
        if let SplitSearch::Histogram { bins } = self.search {
            let holds = (2..=MOST_BINS).contains(&bins);
            check("`bins`", bins, holds, "2 to 256")?;
        }
        Ok(())
    }

    /// Adds the trees one by one. `gradients_at` gives the derivatives at the scores.
    fn boost(
        &self,
        x: &ArrayRef2<f64>,
        base: f64,
        mut gradients_at: impl FnMut(&Array1<f64>, &mut Vec<Gradient>) -> Result<()>,
    ) -> Result<BoostedTrees> {
        let x = x.as_standard_layout();
        let mut grower: Box<dyn Grow + '_> = match self.search {
            SplitSearch::Histogram { bins } => {
                Box::new(HistogramGrower::new(Bins::new(&x, bins), self.limits))
            }
            SplitSearch::Exact => Box::new(ExactGrower::new(&x, self.limits)),
        };
        let mut rng = RandomState::seed(self.seed);
        let mut scores = Array1::from_elem(x.nrows(), base);
        let mut gradients = Vec::with_capacity(x.nrows());
        let mut ensemble = Ensemble::new(x.ncols(), 1);
        let all: Vec<u32> = (0..x.nrows() as u32).collect();
        for _ in 0..self.trees {
            gradients.clear();
            gradients_at(&scores, &mut gradients)?;
            if self.subsample < 1.0 {
                let mut drawn = self.draw(x.nrows(), &mut rng)?;
                let (sample, rest) = drawn.split_at_mut(self.sample_size(x.nrows()));
                sample.sort_unstable();
                grower.grow(sample, &gradients, &mut ensemble);
                for &row in rest.iter() {
                    let tree = ensemble.trees() - 1;
                    let leaf = ensemble.leaf(tree, row_of(&x, row as usize));
                    scores[row as usize] += ensemble.values(leaf)[0];
                }
            } else {
                grower.grow(&all, &gradients, &mut ensemble);
            }
            for (places, value) in grower.leaves() {
                for &row in &grower.rows()[places.clone()] {
                    scores[row as usize] += value;
                }
            }
        }
        Ok(BoostedTrees::new(base, ensemble))
    }

    fn sample_size(&self, rows: usize) -> usize {
        ((rows as f64 * self.subsample).round() as usize).max(1)
    }

    fn draw(&self, rows: usize, rng: &mut RandomState) -> Result<Vec<u32>> {
        let order = rng.permutation(rows);
        Ok(order.iter().map(|&row| row as u32).collect())
    }
}

impl GradientBoosting<Classification> {
    /// For labels 0 and 1, by the log loss: −y ln p − (1 − y) ln(1 − p), p = σ(F), whose derivatives
    /// by F are p − y and p (1 − p).
    pub fn classifier() -> Self {
        Self::new()
    }

    /// Fits to `x` (rows × features) and `y` (labels, 0 or 1). The scores begin at the log odds of
    /// class 1. O(trees · depth · rows · features) with histograms.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns;
    /// [`Error::Shape`](crate::Error::Shape) if the number of labels is not that of the rows;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite, or a label or a
    /// setting is not valid; [`Error::Undefined`](crate::Error::Undefined) with one class only.
    pub fn fit(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<usize>) -> Result<BoostedClassifier> {
        self.check()?;
        check_features(x)?;
        check_binary(y, x.nrows())?;
        let positives = y.sum() as f64;
        let base = (positives / (y.len() as f64 - positives)).ln();
        let trees = self.boost(x, base, |scores, gradients| {
            gradients.extend(scores.iter().zip(y).map(|(&score, &label)| {
                let p = sigmoid(score);
                [p - label as f64, p * (1.0 - p)]
            }));
            Ok(())
        })?;
        Ok(BoostedClassifier::new(trees))
    }
}

impl GradientBoosting<Regression> {
    /// For numbers, by the squared loss ½ (y − F)², whose derivatives by F are F − y and 1; or, in
    /// [`fit_gradients`](Self::fit_gradients), by any loss.
    pub fn regressor() -> Self {
        Self::new()
    }

    /// Fits to `x` (rows × features) and `y` (a number for each row). The scores begin at the mean
    /// of `y`. O(trees · depth · rows · features) with histograms.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns;
    /// [`Error::Shape`](crate::Error::Shape) if the number of targets is not that of the rows;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite, or a setting is
    /// not valid.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::{Array1, Array2}, trees::GradientBoosting};
    /// let x = Array2::from_shape_fn((100, 1), |(i, _)| i as f64);
    /// let y = Array1::from_shape_fn(100, |i| if i < 50 { -1.0 } else { 3.0 });
    /// let model = GradientBoosting::regressor().l2(0.0).fit(&x, &y)?;
    /// // After m trees, a share of 0.9^m of the error is left.
    /// assert!((model.predict_row(&[70.0])? - (3.0 - 2.0 * 0.9_f64.powi(100))).abs() < 1e-12);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<BoostedTrees> {
        self.check()?;
        check_features(x)?;
        check_targets(y, x.nrows())?;
        self.boost(x, y.sum() / y.len() as f64, |scores, gradients| {
            gradients.extend(scores.iter().zip(y).map(|(score, y)| [score - y, 1.0]));
            Ok(())
        })
    }

    /// Fits to `x` (rows × features) by a loss of your own. `derivatives` takes the scores (rows),
    /// which begin at 0, and returns the first and second derivatives of the loss by each score.
    ///
    /// So a ranker is trained: LambdaMART is these trees on the gradients of pairs (Burges, "From
    /// RankNet to LambdaRank to LambdaMART", 2010).
    ///
    /// # Errors
    /// As [`fit`](Self::fit); also if a derivative is NaN or infinite or a second derivative is
    /// negative.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::{Array1, array}, trees::GradientBoosting};
    /// // The absolute loss: the sign of the error, and 1 in place of the second derivative, which is 0.
    /// let (x, y) = (array![[1.0], [2.0], [3.0], [4.0]], array![0.0, 0.0, 8.0, 8.0]);
    /// let model = GradientBoosting::regressor().min_leaf(1).fit_gradients(&x, |scores| {
    ///     ((scores - &y).mapv(f64::signum), Array1::ones(4))
    /// })?;
    /// assert!(model.predict_row(&[4.0])? > 5.0);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit_gradients(
        &self,
        x: &ArrayRef2<f64>,
        mut derivatives: impl FnMut(&Array1<f64>) -> (Array1<f64>, Array1<f64>),
    ) -> Result<BoostedTrees> {
        self.check()?;
        check_features(x)?;
        self.boost(x, 0.0, |scores, gradients| {
            let (first, second) = derivatives(scores);
            check_length("the first derivative", first.len(), scores.len())?;
            check_length("the second derivative", second.len(), scores.len())?;
            for (row, (&first, &second)) in first.iter().zip(&second).enumerate() {
                let what = |order: &str| format!("the {order} derivative at row {row}");
                check(&what("first"), first, first.is_finite(), "a finite number")?;
                let holds = second >= 0.0 && second.is_finite();
                check(&what("second"), second, holds, "finite and not negative")?;
                gradients.push([first, second]);
            }
            Ok(())
        })
    }
}

/// The row of a matrix in row-major order.
fn row_of(x: &ArrayRef2<f64>, row: usize) -> &[f64] {
    x.as_slice()
        .map_or(&[], |all| &all[row * x.ncols()..(row + 1) * x.ncols()])
}
