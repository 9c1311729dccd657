//! The fast way to grow a boosted tree: histograms, as in LightGBM (Ke et al., 2017).
//!
//! Each feature is cut once into at most 256 bins. To split a node, the derivatives of its rows are
//! summed for each bin; then only the boundaries of bins have to be tried. Of two children only the
//! smaller is summed: the other is the parent's histogram minus its sister's. O(features · rows) for
//! a level, with sums kept in the fastest cache.

use super::bins::{Bins, MOST_BINS};
use super::growth::{Best, Candidate, Gradient, Grow, Limits, Sums};
use crate::trees::ensemble::Ensemble;
use std::ops::Range;

/// One row of sums for each feature.
type Histogram = Vec<[Sums; MOST_BINS]>;

pub(super) struct HistogramGrower {
    bins: Bins,
    limits: Limits,
    /// The rows of each node lie side by side.
    rows: Vec<u32>,
    leaves: Vec<(Range<usize>, f64)>,
    /// The right rows, while a node is split.
    right: Vec<u32>,
    /// The derivatives of a node's rows, in their order.
    ordered: Vec<Gradient>,
    /// Histograms that are free to be used again.
    free: Vec<Histogram>,
}

/// A node that is to be split.
struct Open {
    node: usize,
    depth: usize,
    range: Range<usize>,
    sums: Sums,
}

impl HistogramGrower {
    pub(super) fn new(bins: Bins, limits: Limits) -> Self {
        HistogramGrower {
            bins,
            limits,
            rows: Vec::new(),
            leaves: Vec::new(),
            right: Vec::new(),
            ordered: Vec::new(),
            free: Vec::new(),
        }
    }

    fn sum(&mut self, range: Range<usize>, gradients: &[Gradient]) -> Histogram {
        let empty = || vec![[Sums::default(); MOST_BINS]; self.bins.features()];
        let mut histogram = self.free.pop().unwrap_or_else(empty);
        let rows = &self.rows[range];
        self.ordered.clear();
        self.ordered
            .extend(rows.iter().map(|&row| gradients[row as usize]));
        for (feature, sums) in histogram.iter_mut().enumerate() {
            sums[..self.bins.count(feature)].fill(Sums::default());
            let column = self.bins.column(feature);
            for (&row, &gradient) in rows.iter().zip(&self.ordered) {
                sums[column[row as usize] as usize] += gradient.into();
            }
        }
        histogram
    }

    /// Makes the larger child's histogram of its parent's.
    fn subtract(&self, parent: &mut Histogram, smaller: &Histogram) {
        for (feature, (parent, smaller)) in parent.iter_mut().zip(smaller).enumerate() {
            let bins = self.bins.count(feature);
            for (sums, &taken) in parent[..bins].iter_mut().zip(smaller) {
                *sums = *sums - taken;
            }
        }
    }

    fn best_split(&self, histogram: &Histogram, node: Sums) -> Option<(Candidate<u8>, f64)> {
        let mut best = Best::new(&self.limits, node);
        for (feature, sums) in histogram.iter().enumerate() {
            let mut left = Sums::default();
            for (bin, &sums) in sums[..self.bins.count(feature)].iter().enumerate() {
                left += sums;
                if left.rows == node.rows {
                    break;
                }
                if sums.rows > 0 {
                    best.consider(feature, left, || bin as u8);
                }
            }
        }
        best.split()
    }

    /// Moves the rows up to bin `bin` to the front, in their order; returns where the others begin.
    fn partition(&mut self, range: Range<usize>, feature: usize, bin: u8) -> usize {
        let column = self.bins.column(feature);
        let rows = &mut self.rows[range.clone()];
        self.right.resize(rows.len(), 0);
        let (mut to_left, mut to_right) = (0, 0);
        for i in 0..rows.len() {
            let row = rows[i];
            let goes_left = usize::from(column[row as usize] <= bin);
            rows[to_left] = row;
            self.right[to_right] = row;
            to_left += goes_left;
            to_right += 1 - goes_left;
        }
        rows[to_left..].copy_from_slice(&self.right[..to_right]);
        range.start + to_left
    }

    fn grow_node(
        &mut self,
        open: Open,
        mut histogram: Histogram,
        gradients: &[Gradient],
        ensemble: &mut Ensemble,
    ) {
        let Some((split, gain)) = self.best_split(&histogram, open.sums) else {
            self.close(&open);
            self.free.push(histogram);
            return;
        };
        let middle = self.partition(open.range.clone(), split.feature, split.place);
        let threshold = self.bins.threshold(split.feature, split.place);
        let sums = [split.left, open.sums - split.left];
        let values = sums.map(|sums| [self.limits.value(sums)]);
        let node = ensemble.split(
            open.node,
            open.depth,
            (split.feature, threshold, gain),
            [0, 1].map(|side| (&values[side][..], sums[side].rows as usize)),
        );
        let child = |side: usize, range| Open {
            node: node + side,
            depth: open.depth + 1,
            range,
            sums: sums[side],
        };
        let mut larger = child(0, open.range.start..middle);
        let mut smaller = child(1, middle..open.range.end);
        if larger.range.len() < smaller.range.len() {
            std::mem::swap(&mut larger, &mut smaller);
        }
        let deeper = |open: &Open| self.limits.may_split(open.depth, open.range.len());
        match (deeper(&larger), deeper(&smaller)) {
            (false, _) => {
                self.free.push(histogram);
                self.close(&larger);
                self.close(&smaller);
            }
            (true, smaller_too) => {
                let summed = self.sum(smaller.range.clone(), gradients);
                self.subtract(&mut histogram, &summed);
                self.grow_node(larger, histogram, gradients, ensemble);
                if smaller_too {
                    self.grow_node(smaller, summed, gradients, ensemble);
                } else {
                    self.free.push(summed);
                    self.close(&smaller);
                }
            }
        }
    }

    fn close(&mut self, leaf: &Open) {
        let value = self.limits.value(leaf.sums);
        self.leaves.push((leaf.range.clone(), value));
    }
}

impl Grow for HistogramGrower {
    fn grow(&mut self, rows: &[u32], gradients: &[Gradient], ensemble: &mut Ensemble) {
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        self.leaves.clear();
        let mut sums = Sums::default();
        for &row in rows {
            sums += gradients[row as usize].into();
        }
        let open = Open {
            node: ensemble.plant(&[self.limits.value(sums)], rows.len()),
            depth: 0,
            range: 0..rows.len(),
            sums,
        };
        if self.limits.may_split(0, rows.len()) {
            let histogram = self.sum(0..rows.len(), gradients);
            self.grow_node(open, histogram, gradients, ensemble);
        } else {
            self.close(&open);
        }
    }

    fn rows(&self) -> &[u32] {
        &self.rows
    }

    fn leaves(&self) -> &[(Range<usize>, f64)] {
        &self.leaves
    }
}
