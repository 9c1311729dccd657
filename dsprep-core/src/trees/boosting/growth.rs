//! What both ways to grow a boosted tree have in common: the gain of a split and the value of a
//! leaf.

use crate::trees::ensemble::Ensemble;
use std::ops::{Add, AddAssign, Range, Sub};

/// A child whose second derivatives sum to less than this is not made.
const LEAST_HESSIAN: f64 = 1e-3;
/// A gain smaller than this share of the score is taken for a rounding error.
const ROUNDING: f64 = 1e-10;

/// First and second derivatives of the loss by the score, for one row.
pub(super) type Gradient = [f64; 2];

/// Derivatives and rows, summed over the rows of a node or of a bin.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) gradient: f64,
    pub(super) hessian: f64,
    pub(super) rows: u32,
}

impl AddAssign for Sums {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
        self.rows += other.rows;
    }
}

impl Add for Sums {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Sub for Sums {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Sums {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }
}

impl From<Gradient> for Sums {
    #[inline]
    fn from([gradient, hessian]: Gradient) -> Self {
        Sums {
            gradient,
            hessian,
            rows: 1,
        }
    }
}

/// How far a tree may grow, and how its leaves are valued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    pub(super) depth: usize,
    pub(super) min_leaf: usize,
    pub(super) l2: f64,
    pub(super) learning_rate: f64,
}

impl Limits {
    /// −G / (H + λ), the Newton step, times the learning rate.
    pub(super) fn value(&self, node: Sums) -> f64 {
        if node.hessian + self.l2 > 0.0 {
            -self.learning_rate * node.gradient / (node.hessian + self.l2)
        } else {
            0.0
        }
    }

    /// G² / (H + λ): twice what the node's Newton step lowers the loss by.
    #[inline]
    pub(super) fn score(&self, node: Sums) -> f64 {
        node.gradient * node.gradient / (node.hessian + self.l2)
    }

    #[inline]
    pub(super) fn allow(&self, child: Sums) -> bool {
        child.rows as usize >= self.min_leaf && child.hessian >= LEAST_HESSIAN
    }

    /// Whether a split of a node with `rows` rows at `depth` can be thought of.
    pub(super) fn may_split(&self, depth: usize, rows: usize) -> bool {
        depth < self.depth && rows >= self.min_leaf.saturating_mul(2)
    }
}

/// The best split of a node so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<P> {
    pub(super) feature: usize,
    /// Where the split is made.
    pub(super) place: P,
    /// The two children's score.
    score: f64,
    pub(super) left: Sums,
}

/// Keeps the candidate with the greatest score, the first of equals.
pub(super) struct Best<'a, P> {
    limits: &'a Limits,
    node: Sums,
    found: Option<Candidate<P>>,
}

impl<'a, P: Copy> Best<'a, P> {
    pub(super) fn new(limits: &'a Limits, node: Sums) -> Self {
        Best {
            limits,
            node,
            found: None,
        }
    }

    #[inline]
    pub(super) fn consider(&mut self, feature: usize, left: Sums, place: impl FnOnce() -> P) {
        let right = self.node - left;
        if !self.limits.allow(left) || !self.limits.allow(right) {
            return;
        }
        let score = self.limits.score(left) + self.limits.score(right);
        if self.found.is_none_or(|best| score > best.score) {
            self.found = Some(Candidate {
                feature,
                place: place(),
                score,
                left,
            });
        }
    }

    /// The best split and its gain, if it gains anything.
    pub(super) fn split(self) -> Option<(Candidate<P>, f64)> {
        let found = self.found?;
        let gain = found.score - self.limits.score(self.node);
        (gain > ROUNDING * found.score).then_some((found, gain))
    }
}

/// A way to grow one tree.
pub(super) trait Grow {
    /// Grows a tree on the `rows` with these `gradients` (one for each row of the data) and plants
    /// it in `ensemble`.
    fn grow(&mut self, rows: &[u32], gradients: &[Gradient], ensemble: &mut Ensemble);

    /// The rows of the tree grown last, in the order of its leaves.
    fn rows(&self) -> &[u32];

    /// The leaves of the tree grown last: places in [`rows`](Self::rows), and the value.
    fn leaves(&self) -> &[(Range<usize>, f64)];
}
