//! Lists that were shown, for recall and NDCG.

use super::below;
use crate::random::RandomState;

/// A list that was shown.
#[derive(Clone)]
pub(super) struct List {
    pub(super) recommended: Vec<usize>,
    pub(super) relevant: Vec<usize>,
    pub(super) k: usize,
}

impl List {
    /// How many of the first k are relevant.
    pub(super) fn hits(&self) -> f64 {
        let first = self.recommended.iter().take(self.k);
        first.filter(|item| self.relevant.contains(item)).count() as f64
    }

    /// The sum of 1 / log₂(place + `offset`) over the hits among the first k, the first place being 0.
    pub(super) fn gain(&self, offset: f64, k: usize) -> f64 {
        let shown = self.recommended.iter().take(k).enumerate();
        let hits = shown.filter(|(_, item)| self.relevant.contains(item));
        hits.map(|(at, _)| 1.0 / (at as f64 + offset).log2()).sum()
    }

    /// The same of a list that has all its hits in front.
    pub(super) fn ideal(&self, offset: f64) -> f64 {
        let hits = self.relevant.len().min(self.k);
        (0..hits).map(|at| 1.0 / (at as f64 + offset).log2()).sum()
    }
}

/// The list of the notebook, and random ones.
pub(super) fn lists() -> Vec<List> {
    let mut rng = RandomState::seed(2300);
    let mut lists = vec![List {
        recommended: vec![4, 8, 15, 16, 23, 42],
        relevant: vec![8, 23, 99],
        k: 4,
    }];
    lists.push(List {
        recommended: vec![7, 9],
        relevant: vec![9, 11],
        k: 10,
    });
    for _ in 0..30 {
        let relevant = 1 + below(&mut rng, 9);
        lists.push(List {
            recommended: rng.order_of(25).to_vec(),
            relevant: rng.order_of(40).to_vec()[..relevant].to_vec(),
            k: 1 + below(&mut rng, 20),
        });
    }
    lists
}
