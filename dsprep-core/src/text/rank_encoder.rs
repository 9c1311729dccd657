//! Applying learned merges to a sequence.
//!
//! Among the pairs present, the one learned first is merged, everywhere, until none is left: GPT-2's
//! `bpe` function. [`merge_by_scanning`] looks for that pair by going through the sequence and is the
//! faster for short ones; [`merge_by_heap`] keeps the pairs in a heap, so that a long run without a
//! space does not take quadratic time.

use super::counted_words::{Pair, pairs};
use super::merge::merge_ids;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Up to here scanning is faster than the heap.
const SHORT: usize = 64;

/// For each merge its rank, 0 for the first learned, and the symbol that it makes.
pub(super) type Ranks = HashMap<Pair, (u32, u32)>;

/// Merges `word` with the quicker of the two ways.
pub(super) fn merge_by_rank(word: &mut Vec<u32>, ranks: &Ranks) {
    if word.len() <= SHORT {
        merge_by_scanning(word, ranks);
    } else {
        merge_by_heap(word, ranks);
    }
}

/// O(n²) for n symbols.
fn merge_by_scanning(word: &mut Vec<u32>, ranks: &Ranks) {
    loop {
        let first_learned = pairs(word)
            .filter_map(|pair| Some((*ranks.get(&pair)?, pair)))
            .min();
        let Some(((_, merged), pair)) = first_learned else {
            return;
        };
        merge_ids(word, pair, merged);
    }
}

/// O(n log n) for n symbols.
fn merge_by_heap(word: &mut Vec<u32>, ranks: &Ranks) {
    let mut chain = Chain::new(word);
    let mut heap: Heap = (0..word.len())
        .filter_map(|at| Some(Reverse((chain.merge_at(at, ranks)?.0, at))))
        .collect();
    while let Some(&Reverse((rank, _))) = heap.peek() {
        let mut changed = Vec::new();
        while let Some(at) = pop_of_rank(&mut heap, rank) {
            if let Some((found, merged)) = chain.merge_at(at, ranks)
                && found == rank
            {
                chain.merge(at, merged);
                changed.push(at);
            }
        }
        for at in changed {
            for start in [chain.before[at], Some(at)].into_iter().flatten() {
                if let Some((rank, _)) = chain.merge_at(start, ranks) {
                    heap.push(Reverse((rank, start)));
                }
            }
        }
    }
    *word = chain.symbols.into_iter().flatten().collect();
}

/// Rank and place of a pair, the lowest on top.
type Heap = BinaryHeap<Reverse<(u32, usize)>>;

/// The next place with this rank.
fn pop_of_rank(heap: &mut Heap, rank: u32) -> Option<usize> {
    let &Reverse((lowest, at)) = heap.peek()?;
    if lowest != rank {
        return None;
    }
    heap.pop();
    Some(at)
}

/// Symbols linked to their neighbours, so that one can be taken out in constant time.
struct Chain {
    /// `None` where a symbol was merged into the one before it.
    symbols: Vec<Option<u32>>,
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl Chain {
    fn new(word: &[u32]) -> Self {
        Chain {
            symbols: word.iter().copied().map(Some).collect(),
            before: (0..word.len()).map(|at| at.checked_sub(1)).collect(),
            after: (1..=word.len())
                .map(|next| (next < word.len()).then_some(next))
                .collect(),
        }
    }

    /// The rank and result of merging the symbol at `at` with the next.
    fn merge_at(&self, at: usize, ranks: &Ranks) -> Option<(u32, u32)> {
        let next = self.after[at]?;
        let pair = (self.symbols[at]?, self.symbols[next]?);
        ranks.get(&pair).copied()
    }

    fn merge(&mut self, at: usize, merged: u32) {
        let Some(gone) = self.after[at] else {
            return;
        };
        self.symbols[at] = Some(merged);
        self.symbols[gone] = None;
        self.after[at] = self.after[gone];
        if let Some(next) = self.after[gone] {
            self.before[next] = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn scanning_and_the_heap_agree_also_when_merges_share_a_symbol() {
        let mut rng = RandomState::seed(3);
        for round in 0..1000 {
            let mut ranks = Ranks::new();
            for rank in 0..12 {
                let made = rng.randint(3, 9, ()).unwrap() as u32;
                let below = |rng: &mut RandomState| rng.choice(made as usize, ()).unwrap() as u32;
                let pair = (below(&mut rng), below(&mut rng));
                ranks.entry(pair).or_insert((rank, made));
            }
            let length = rng.choice(40, ()).unwrap();
            let word: Vec<u32> = rng
                .choice(3, length)
                .unwrap()
                .iter()
                .map(|&s| s as u32)
                .collect();
            let (mut scanned, mut heaped) = (word.clone(), word);
            merge_by_scanning(&mut scanned, &ranks);
            merge_by_heap(&mut heaped, &ranks);
            assert_eq!(heaped, scanned, "round {round}");
        }
    }

    #[test]
    fn a_long_run_of_one_symbol_is_merged_by_doubling() {
        let ranks: Ranks = (0..16).map(|k| ((k, k), (k, k + 1))).collect();
        let mut word = vec![0; 1 << 16];
        merge_by_rank(&mut word, &ranks);
        assert_eq!(word, [16]);
    }
}
