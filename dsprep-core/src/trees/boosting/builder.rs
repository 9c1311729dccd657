//! How a boosted model is set up.

use super::bins::MOST_BINS;
use super::gaps::Columns;
use super::growth::Limits;
use crate::Result;
use crate::checks::{at_least_one, check};
use crate::options::setters;
use crate::random::RandomState;
use crate::trees::checks::{check_features, check_share};
use ndarray::ArrayRef2;
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
/// // The class is 1 where both features are.
/// let x = Array2::from_shape_fn((200, 2), |(i, j)| ((i >> j) % 2) as f64);
/// let y = Array1::from_shape_fn(200, |i| usize::from(i % 4 == 3));
/// let model = GradientBoosting::classifier().trees(20).depth(2).fit(&x, &y)?;
/// assert_eq!(model.predict(&x)?, y);
/// assert!(model.probability(&[1.0, 1.0])? > 0.7);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientBoosting<Task> {
    pub(super) trees: usize,
    pub(super) limits: Limits,
    pub(super) subsample: f64,
    pub(super) search: SplitSearch,
    /// Where the drawing of rows begins.
    pub(super) seed: u32,
    missing: bool,
    task: PhantomData<Task>,
}

impl<Task> GradientBoosting<Task> {
    pub(super) fn new() -> Self {
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
            missing: false,
            task: PhantomData,
        }
    }

    setters! {
        /// How many trees are added; 100 by default.
        trees: usize => trees,
        /// How many splits lie between the root and a leaf at most; 4 by default. A tree of depth d
        /// can join up to d features to one condition.
        depth: usize => limits.depth,
        /// The share of each tree's prediction that is added (Friedman's ν, shrinkage); 0.1 by default.
        learning_rate: f64 => limits.learning_rate,
        /// How many training rows a leaf holds at least; 20 by default. Independently of this, the
        /// second derivatives of a leaf's rows sum to 0.001 or more.
        min_leaf: usize => limits.min_leaf,
        /// The L2 penalty λ on the values of the leaves; 1 by default.
        l2: f64 => limits.l2,
    }

    /// The share of rows, drawn anew without replacement, on which each tree is grown; all of them by default. One number is
    /// drawn from `rng`, with which the drawing begins in each `fit`: the same settings fit the same model again.
    pub fn subsample(mut self, share: f64, rng: &mut RandomState) -> Self {
        self.subsample = share;
        self.seed = (rng.rand(()) * 2.0_f64.powi(32)) as u32;
        self
    }

    setters! {
        /// How splits are looked for; by histograms of 256 bins by default.
        split_search: SplitSearch => search,
    }

    /// Allows values to be missing (NaN). Each split sends the rows without a value to the side where they lower the loss more,
    /// as in XGBoost (Chen and Guestrin, 2016, section 3.4); so that they are missing may itself tell something. Only features
    /// that lack values in `fit` may lack them later.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::{Array1, Array2}, trees::GradientBoosting};
    /// // Who does not tell the income pays late.
    /// let x = Array2::from_shape_fn((100, 1), |(i, _)| if i % 4 == 0 { f64::NAN } else { i as f64 });
    /// let y = Array1::from_shape_fn(100, |i| usize::from(i % 4 == 0));
    /// let model = GradientBoosting::classifier().allow_missing().fit(&x, &y)?;
    /// assert!(model.probability(&[f64::NAN])? > 0.9 && model.probability(&[50.0])? < 0.1);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn allow_missing(mut self) -> Self {
        self.missing = true;
        self
    }

    /// The features, each once, or twice if values are missing.
    pub(super) fn columns(&self, x: &ArrayRef2<f64>) -> Result<Columns> {
        if self.missing {
            return Columns::with_gaps(x);
        }
        check_features(x)?;
        Ok(Columns::plain(x.ncols()))
    }

    pub(super) fn check(&self) -> Result<()> {
        let Limits {
            depth,
            min_leaf,
            l2,
            learning_rate,
        } = self.limits;
        at_least_one("`trees`", self.trees)?;
        check("`depth`", depth, (1..=32).contains(&depth), "1 to 32")?;
        at_least_one("`min_leaf`", min_leaf)?;
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
}
