//! The plain way to grow a boosted tree: every threshold of every feature is tried, with the rows
//! of the node sorted by the feature. O(features · rows · log rows) for each level.

use super::growth::{Best, Candidate, Gradient, Grow, Limits, Sums};
use crate::trees::ensemble::Ensemble;
use crate::trees::threshold::between;
use ndarray::ArrayRef2;
use std::ops::Range;

pub(super) struct ExactGrower<'a> {
    x: &'a ArrayRef2<f64>,
    limits: Limits,
    rows: Vec<u32>,
    leaves: Vec<(Range<usize>, f64)>,
}

impl<'a> ExactGrower<'a> {
    pub(super) fn new(x: &'a ArrayRef2<f64>, limits: Limits) -> Self {
        ExactGrower {
            x,
            limits,
            rows: Vec::new(),
            leaves: Vec::new(),
        }
    }

    fn value(&self, row: u32, feature: usize) -> f64 {
        self.x[[row as usize, feature]]
    }

    fn best_split(
        &self,
        rows: &[u32],
        node: Sums,
        gradients: &[Gradient],
    ) -> Option<(Candidate<f64>, f64)> {
        let mut best = Best::new(&self.limits, node);
        let mut sorted = rows.to_vec();
        for feature in 0..self.x.ncols() {
            let value = |row| self.value(row, feature);
            sorted.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
            let mut left = Sums::default();
            for pair in sorted.windows(2) {
                left += gradients[pair[0] as usize].into();
                let (low, high) = (value(pair[0]), value(pair[1]));
                if low < high {
                    best.consider(feature, left, || between(low, high));
                }
            }
        }
        best.split()
    }

    fn grow_node(
        &mut self,
        (node, depth, sums): (usize, usize, Sums),
        range: Range<usize>,
        gradients: &[Gradient],
        ensemble: &mut Ensemble,
    ) {
        let found = if self.limits.may_split(depth, range.len()) {
            self.best_split(&self.rows[range.clone()], sums, gradients)
        } else {
            None
        };
        let Some((split, gain)) = found else {
            self.leaves.push((range, self.limits.value(sums)));
            return;
        };
        let (left, right): (Vec<u32>, Vec<u32>) = self.rows[range.clone()]
            .iter()
            .partition(|&&row| self.value(row, split.feature) <= split.place);
        let middle = range.start + left.len();
        self.rows[range.start..middle].copy_from_slice(&left);
        self.rows[middle..range.end].copy_from_slice(&right);
        let sums = [split.left, sums - split.left];
        let values = sums.map(|sums| [self.limits.value(sums)]);
        let child = ensemble.split(
            node,
            depth,
            (split.feature, split.place, gain),
            [(&values[0], left.len()), (&values[1], right.len())],
        );
        let ranges = [range.start..middle, middle..range.end];
        for (side, range) in ranges.into_iter().enumerate() {
            let below = (child + side, depth + 1, sums[side]);
            self.grow_node(below, range, gradients, ensemble);
        }
    }
}

impl Grow for ExactGrower<'_> {
    fn grow(&mut self, rows: &[u32], gradients: &[Gradient], ensemble: &mut Ensemble) {
        self.rows = rows.to_vec();
        self.leaves.clear();
        let mut sums = Sums::default();
        for &row in rows {
            sums += gradients[row as usize].into();
        }
        let root = ensemble.plant(&[self.limits.value(sums)], rows.len());
        self.grow_node((root, 0, sums), 0..rows.len(), gradients, ensemble);
    }

    fn rows(&self) -> &[u32] {
        &self.rows
    }

    fn leaves(&self) -> &[(Range<usize>, f64)] {
        &self.leaves
    }
}
