//! Trees as flat arrays, and the walk through them.

use ndarray::{Array2, ArrayRef2};
use std::ops::Range;

mod stored;

/// The bit of a node's feature that says that a row without a value goes to the right.
const GAPS_RIGHT: u32 = 1 << 31;

/// One node. A row goes to node `left` if its value of `feature` is at most `threshold`, and to
/// `left` + 1 if it is greater. A leaf has the threshold ∞ and leads to itself, so that a walk takes
/// the same number of steps for every row and has no branch to mispredict. A row without a value (NaN) goes to the
/// left, or to the right if the node's feature has [`GAPS_RIGHT`].
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    threshold: f64,
    feature: u32,
    left: u32,
}

/// What is known of a split, for reports and for storing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) feature: usize,
    pub(super) threshold: f64,
    /// By how much the split lowers what is minimised, over the rows of the node.
    pub(super) gain: f64,
    /// The child for values up to the threshold; the other is the next one.
    pub(super) left: usize,
    /// Whether rows without a value go to the right.
    pub(super) gaps_right: bool,
}

impl Split {
    /// The child to which `row` goes.
    pub(super) fn child(&self, row: &[f64]) -> usize {
        let value = row[self.feature];
        self.left + usize::from(value > self.threshold || (value.is_nan() && self.gaps_right))
    }
}

/// Trees over the same features, each node with `width` values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ensemble {
    features: usize,
    width: usize,
    nodes: Vec<Node>,
    /// nodes × width.
    values: Vec<f64>,
    gains: Vec<f64>,
    /// How many training rows came to each node.
    rows: Vec<usize>,
    roots: Vec<usize>,
    depths: Vec<usize>,
    /// Whether rows may lack a value, for each feature; empty if none may.
    gaps: Vec<bool>,
}

impl Ensemble {
    pub(super) fn new(features: usize, width: usize) -> Self {
        Ensemble {
            features,
            width,
            nodes: Vec::new(),
            values: Vec::new(),
            gains: Vec::new(),
            rows: Vec::new(),
            roots: Vec::new(),
            depths: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// Begins a tree of one leaf, and returns this leaf.
    pub(super) fn plant(&mut self, values: &[f64], rows: usize) -> usize {
        let root = self.push_leaf(values, rows);
        self.roots.push(root);
        self.depths.push(0);
        root
    }

    /// Makes two leaves of the leaf `node` of the last tree, at depth `depth` below its root.
    /// Returns the left one; the right one is the next.
    pub(super) fn split(
        &mut self,
        node: usize,
        depth: usize,
        (feature, threshold, gain): (usize, f64, f64),
        children: [(&[f64], usize); 2],
    ) -> usize {
        let left = self.nodes.len();
        for (values, rows) in children {
            self.push_leaf(values, rows);
        }
        self.nodes[node] = Node {
            threshold,
            feature: feature as u32,
            left: left as u32,
        };
        self.gains[node] = gain;
        if let Some(deepest) = self.depths.last_mut() {
            *deepest = (*deepest).max(depth + 1);
        }
        left
    }

    fn push_leaf(&mut self, values: &[f64], rows: usize) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node {
            threshold: f64::INFINITY,
            feature: 0,
            left: node as u32,
        });
        self.values.extend_from_slice(values);
        self.gains.push(0.0);
        self.rows.push(rows);
        node
    }

    /// The leaf of tree `tree` to which `row` comes. O(depth).
    #[inline]
    pub(super) fn leaf(&self, tree: usize, row: &[f64]) -> usize {
        if !self.gaps.is_empty() {
            return self.last_of_path(tree, row);
        }
        let mut at = self.roots[tree];
        for _ in 0..self.depths[tree] {
            let node = &self.nodes[at];
            at = node.left as usize + usize::from(row[node.feature as usize] > node.threshold);
        }
        at
    }

    fn last_of_path(&self, tree: usize, row: &[f64]) -> usize {
        let mut at = self.roots[tree];
        while let Some(split) = self.split_of(at) {
            at = split.child(row);
        }
        at
    }

    /// The sum of the trees' first values for `row`.
    #[inline]
    pub(super) fn sum(&self, row: &[f64]) -> f64 {
        let leaves = (0..self.trees()).map(|tree| self.values[self.leaf(tree, row) * self.width]);
        leaves.sum()
    }

    /// The mean of the trees' values for each row of `x`: rows × width.
    pub(super) fn means(&self, x: &ArrayRef2<f64>) -> Array2<f64> {
        let mut means = Array2::zeros((x.nrows(), self.width));
        let x = x.as_standard_layout();
        for (row, mut sums) in x.rows().into_iter().zip(means.rows_mut()) {
            let Some(row) = row.to_slice() else { continue };
            for tree in 0..self.trees() {
                let values = self.values(self.leaf(tree, row));
                sums.iter_mut().zip(values).for_each(|(sum, v)| *sum += v);
            }
        }
        means / self.trees() as f64
    }

    /// The nodes of tree `tree` on the way of `row`, root and leaf included.
    pub(super) fn path(&self, tree: usize, row: &[f64]) -> Vec<usize> {
        let mut path = vec![self.roots[tree]];
        let mut at = self.roots[tree];
        while let Some(split) = self.split_of(at) {
            at = split.child(row);
            path.push(at);
        }
        path
    }

    pub(super) fn split_of(&self, node: usize) -> Option<Split> {
        let Node {
            threshold,
            feature,
            left,
        } = self.nodes[node];
        (left as usize != node).then_some(Split {
            feature: (feature & !GAPS_RIGHT) as usize,
            threshold,
            gain: self.gains[node],
            left: left as usize,
            gaps_right: feature & GAPS_RIGHT != 0,
        })
    }

    /// Leaves all trees out but the first `trees`.
    pub(super) fn truncate(&mut self, trees: usize) {
        if let Some(&end) = self.roots.get(trees) {
            self.nodes.truncate(end);
            self.values.truncate(end * self.width);
            self.gains.truncate(end);
            self.rows.truncate(end);
            self.roots.truncate(trees);
            self.depths.truncate(trees);
        }
    }

    /// Makes splits of `features` features of those of other columns, each of which stands for a feature and for where
    /// rows without a value go: to the right or not. `gaps` are the features that may lack one.
    pub(super) fn of_features(
        mut self,
        columns: &[(usize, bool)],
        features: usize,
        gaps: Vec<bool>,
    ) -> Self {
        for (at, node) in self.nodes.iter_mut().enumerate() {
            if node.left as usize != at {
                let (feature, right) = columns[node.feature as usize];
                node.feature = feature as u32 | if right { GAPS_RIGHT } else { 0 };
            }
        }
        (self.features, self.gaps) = (features, gaps);
        self
    }

    /// Whether rows may lack a value of this feature.
    pub(super) fn takes_gaps(&self, feature: usize) -> bool {
        self.gaps.get(feature).copied().unwrap_or(false)
    }

    pub(super) fn values(&self, node: usize) -> &[f64] {
        &self.values[node * self.width..(node + 1) * self.width]
    }

    pub(super) fn rows(&self, node: usize) -> usize {
        self.rows[node]
    }

    pub(super) fn trees(&self) -> usize {
        self.roots.len()
    }

    pub(super) fn features(&self) -> usize {
        self.features
    }

    pub(super) fn root(&self, tree: usize) -> usize {
        self.roots[tree]
    }

    pub(super) fn depth(&self, tree: usize) -> usize {
        self.depths[tree]
    }

    /// The nodes of tree `tree`, in the order in which they were made.
    pub(super) fn nodes_of(&self, tree: usize) -> Range<usize> {
        let end = self.roots.get(tree + 1).copied();
        self.roots[tree]..end.unwrap_or(self.nodes.len())
    }

    /// The share of each feature in the gains of all splits. The shares sum to 1, or are all 0 if
    /// there is no split.
    pub(super) fn importance(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.features];
        for node in 0..self.nodes.len() {
            if let Some(split) = self.split_of(node) {
                shares[split.feature] += split.gain;
            }
        }
        let total: f64 = shares.iter().sum();
        if total > 0.0 {
            shares.iter_mut().for_each(|share| *share /= total);
        }
        shares
    }
}
