//! An isolation forest: which rows are unlike the others, without a label (question 24).
//!
//! A tree cuts a small sample by features and thresholds drawn at random, until each row is alone. A row that is unlike the
//! others is alone after few cuts. Its path, averaged over the trees and divided by the usual length c(ψ) of ψ rows, gives the
//! score 2^(−path / c(ψ)). After Liu, Ting and Zhou, "Isolation forest", 2008.

use super::checks::check_features;
use super::ensemble::Ensemble;
use crate::Result;
use crate::checks::{at_least_one, check, columns_of_fit};
use crate::error::out_of_range;
use crate::options::setters;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use ndarray::{Array1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// Euler's constant, in H(n) ≈ ln n + γ.
const EULER: f64 = 0.577_215_664_901_532_9;

/// An isolation forest, to be set up and fitted.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, random::RandomState, trees::IsolationForest};
/// let x = array![[1.0, 5.0], [1.1, 5.1], [0.9, 4.9], [1.0, 5.1], [1.1, 4.9], [9.0, -3.0]];
/// let forest = IsolationForest::default().trees(50).fit(&x, &mut RandomState::seed(1))?;
/// let scores = forest.scores(&x)?;
/// assert!(scores[5] > 0.7 && scores.iter().take(5).all(|&score| score < 0.6));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsolationForest {
    trees: usize,
    sample: usize,
}

impl Default for IsolationForest {
    fn default() -> Self {
        IsolationForest {
            trees: 100,
            sample: 256,
        }
    }
}

impl IsolationForest {
    setters! {
        /// How many trees are averaged; 100 by default.
        trees: usize => trees,
        /// How many rows each tree gets, drawn without replacement, at least 2; by default 256, or all if there are fewer. A small
        /// sample is enough, and better where anomalies are many: they don't hide one another.
        sample: usize => sample,
    }

    /// Cuts samples of `x` (rows × features); `rng` draws rows, features and thresholds.
    /// O(trees · sample · features · log sample).
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or features; [`Error::OutOfRange`](crate::Error::OutOfRange) if a value
    /// is NaN or infinite, there is a single row, there are no trees, or a sample has fewer than two rows.
    pub fn fit(&self, x: &ArrayRef2<f64>, rng: &mut RandomState) -> Result<FittedIsolationForest> {
        check_features(x)?;
        at_least_one("`trees`", self.trees)?;
        check("`sample`", self.sample, self.sample >= 2, "at least 2")?;
        if x.nrows() < 2 {
            return Err(out_of_range("the number of rows", x.nrows(), "at least 2"));
        }
        let sample = self.sample.min(x.nrows());
        let mut ensemble = Ensemble::new(x.ncols(), 1);
        for _ in 0..self.trees {
            crate::cell::check_interrupt();
            let rows = rng.sample(x.nrows(), sample)?.to_vec();
            isolate(x, rows, rng, &mut ensemble)?;
        }
        Ok(FittedIsolationForest { ensemble, sample })
    }
}

/// Grows a tree over `rows`. The value of a node is the path of a row that ends there: its cuts, and for the rows that are
/// not told apart the usual number of further ones.
fn isolate(
    x: &ArrayRef2<f64>,
    rows: Vec<usize>,
    rng: &mut RandomState,
    ensemble: &mut Ensemble,
) -> Result<()> {
    let path = |depth: usize, rows: usize| depth as f64 + usual_path(rows);
    // Anomalies end above it: the depth of a balanced tree.
    let deepest = rows.len().next_power_of_two().ilog2() as usize;
    let root = ensemble.plant(&[path(0, rows.len())], rows.len());
    let mut open = vec![(root, 0, rows)];
    while let Some((node, depth, rows)) = open.pop() {
        if depth == deepest {
            continue;
        }
        let Some((feature, threshold)) = cut(x, &rows, rng)? else {
            continue;
        };
        let (left, right): (Vec<usize>, Vec<usize>) = rows
            .iter()
            .partition(|&&row| x[[row, feature]] <= threshold);
        let (of_left, of_right) = (path(depth + 1, left.len()), path(depth + 1, right.len()));
        let children = [(&[of_left][..], left.len()), (&[of_right][..], right.len())];
        let first = ensemble.split(node, depth, (feature, threshold, 0.0), children);
        open.push((first + 1, depth + 1, right));
        open.push((first, depth + 1, left));
    }
    Ok(())
}

/// A feature that is not the same in all `rows`, and a threshold between its smallest value and its largest; nothing if the
/// rows are alike.
fn cut(x: &ArrayRef2<f64>, rows: &[usize], rng: &mut RandomState) -> Result<Option<(usize, f64)>> {
    let range = |feature: usize| {
        let values = rows.iter().map(|&row| x[[row, feature]]);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let ranges: Vec<(usize, (f64, f64))> = (0..x.ncols())
        .map(|feature| (feature, range(feature)))
        .filter(|(_, (low, high))| low < high)
        .collect();
    if ranges.is_empty() {
        return Ok(None);
    }
    let (feature, (low, high)) = ranges[rng.choice(ranges.len(), ())?];
    let share = rng.uniform(0.0, 1.0, ())?;
    // The largest value stays on the right, however close the two are.
    let threshold = low * (1.0 - share) + high * share;
    let inside = (low..high).contains(&threshold);
    Ok(Some((feature, if inside { threshold } else { low })))
}

/// c(n): the mean length of an unsuccessful search in a binary search tree of n values, 2 H(n − 1) − 2 (n − 1) / n, with
/// H(n) ≈ ln n + γ from n = 3 on.
fn usual_path(rows: usize) -> f64 {
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let n = rows as f64;
            2.0 * ((n - 1.0).ln() + EULER) - 2.0 * (n - 1.0) / n
        }
    }
}

/// An isolation forest that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct FittedIsolationForest {
    ensemble: Ensemble,
    sample: usize,
}

checked!(FittedIsolationForest);

impl FittedIsolationForest {
    /// How unlike the others each row of `x` (rows × features) is, from 0 to 1: about 0.5 for a usual row, and the nearer to 1, the
    /// sooner it is alone. scikit-learn's `score_samples` is its negative. O(rows · trees · log sample).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the number of columns is not that of `fit`,
    /// [`Error::Empty`](crate::Error::Empty) without rows,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite.
    pub fn scores(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        let usual = usual_path(self.sample);
        Ok(self.path_lengths(x)?.mapv(|path| (-path / usual).exp2()))
    }

    /// The mean number of cuts after which each row of `x` (rows × features) is alone.
    ///
    /// # Errors
    /// As [`scores`](Self::scores).
    pub fn path_lengths(&self, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        columns_of_fit(x, self.ensemble.features())?;
        Ok(self.ensemble.means(x).column(0).to_owned())
    }

    /// How many trees there are.
    pub fn trees(&self) -> usize {
        self.ensemble.trees()
    }

    /// How many rows each tree has seen.
    pub fn sample(&self) -> usize {
        self.sample
    }

    /// How many features a row has.
    pub fn features(&self) -> usize {
        self.ensemble.features()
    }

    /// c(sample): the path that gives a score of 0.5.
    pub fn usual_path(&self) -> f64 {
        usual_path(self.sample)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let (trees, sample) = (self.ensemble.trees(), self.sample);
        let sees_sample = |tree| {
            let root = self.ensemble.root(tree);
            self.ensemble.rows(root) == sample && self.ensemble.values(root).len() == 1
        };
        let mut nodes = (0..trees).flat_map(|tree| self.ensemble.nodes_of(tree));
        let fits = trees > 0
            && sample >= 2
            && (0..trees).all(sees_sample)
            && nodes.all(|node| self.ensemble.values(node)[0] >= 0.0);
        unless_consistent(
            fits,
            "trees that have each seen as many rows, with a path for each node",
        )
    }
}

#[cfg(test)]
mod tests;
