//! Growing one tree.

use super::impurity::Targets;
use crate::random::RandomState;
use crate::trees::ensemble::Ensemble;
use crate::trees::threshold::between;
use ndarray::ArrayRef2;

/// The data and the limits of a tree.
pub(in crate::trees) struct Growth<'a> {
    pub(in crate::trees) x: &'a ArrayRef2<f64>,
    pub(in crate::trees) targets: &'a Targets<'a>,
    pub(in crate::trees) depth: usize,
    pub(in crate::trees) min_leaf: usize,
    /// How many features, drawn anew at each node, are tried.
    pub(in crate::trees) features_per_split: usize,
}

struct BestSplit {
    feature: usize,
    threshold: f64,
    impurity: f64,
}

/// Grows a tree on `rows`, in which a row may be repeated, and plants it in `ensemble`. O(features ·
/// rows · log rows) for each level. `rng` is used only if not all features are tried.
pub(in crate::trees) fn grow(
    growth: &Growth<'_>,
    rows: &[u32],
    rng: &mut RandomState,
    ensemble: &mut Ensemble,
) {
    let prediction = growth.targets.prediction(&growth.targets.sum(rows));
    let mut open = vec![Open {
        node: ensemble.plant(&prediction, rows.len()),
        depth: 0,
        rows: rows.to_vec(),
    }];
    // No recursion: a tree may be as deep as there are rows. The left child is taken up first.
    while let Some(leaf) = open.pop() {
        open.extend(growth.split(leaf, rng, ensemble).into_iter().flatten());
    }
}

/// A leaf that may be split yet.
struct Open {
    node: usize,
    depth: usize,
    rows: Vec<u32>,
}

impl Growth<'_> {
    /// Splits a leaf, if it can be, into its right and its left child.
    fn split(
        &self,
        Open { node, depth, rows }: Open,
        rng: &mut RandomState,
        ensemble: &mut Ensemble,
    ) -> Option<[Open; 2]> {
        if depth >= self.depth
            || rows.len() < self.min_leaf.saturating_mul(2)
            || self.targets.all_equal(&rows)
        {
            return None;
        }
        let best = self.best_split(&rows, rng)?;
        let before = self.targets.impurity(&self.targets.sum(&rows));
        let (left, right): (Vec<u32>, Vec<u32>) = rows
            .into_iter()
            .partition(|&row| self.x[[row as usize, best.feature]] <= best.threshold);
        let predictions =
            [&left, &right].map(|rows| self.targets.prediction(&self.targets.sum(rows)));
        let child = ensemble.split(
            node,
            depth,
            (
                best.feature,
                best.threshold,
                (before - best.impurity).max(0.0),
            ),
            [
                (&predictions[0], left.len()),
                (&predictions[1], right.len()),
            ],
        );
        let below = |node, rows| Open {
            node,
            depth: depth + 1,
            rows,
        };
        Some([below(child + 1, right), below(child, left)])
    }

    /// The split after which the children's impurities sum to least. One that lowers nothing counts
    /// too, since the next may (exclusive or).
    fn best_split(&self, rows: &[u32], rng: &mut RandomState) -> Option<BestSplit> {
        let mut features: Vec<usize> = (0..self.x.ncols()).collect();
        if self.features_per_split < features.len() {
            rng.shuffle(&mut features);
        }
        let mut best: Option<BestSplit> = None;
        for (tried, feature) in features.into_iter().enumerate() {
            crate::cell::check_interrupt();
            // If none of the drawn features can be split, others are tried.
            if tried >= self.features_per_split && best.is_some() {
                break;
            }
            self.try_thresholds(feature, rows, &mut best);
        }
        best
    }

    fn try_thresholds(&self, feature: usize, rows: &[u32], best: &mut Option<BestSplit>) {
        let mut sorted: Vec<(f64, u32)> = rows
            .iter()
            .map(|&row| (self.x[[row as usize, feature]], row))
            .collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut right = self.targets.sum(rows);
        let mut left = right.none();
        for pair in sorted.windows(2) {
            let ((low, row), (high, _)) = (pair[0], pair[1]);
            self.targets.add(&mut left, row);
            self.targets.take(&mut right, row);
            if low >= high || left.rows < self.min_leaf || right.rows < self.min_leaf {
                continue;
            }
            let impurity = self.targets.impurity(&left) + self.targets.impurity(&right);
            if best.as_ref().is_none_or(|best| impurity < best.impurity) {
                *best = Some(BestSplit {
                    feature,
                    threshold: between(low, high),
                    impurity,
                });
            }
        }
    }
}
