//! The textbook's trainer for byte-pair encoding.
//!
//! Count all neighbouring pairs, merge the most frequent, count again. After Sennrich, Haddow and
//! Birch, "Neural machine translation of rare words with subword units", 2016, algorithm 1. Of equally
//! frequent pairs the one counted first wins, which is what the original notebook's
//! `Counter.most_common(1)` does. [`incremental_trainer`](super::incremental_trainer) gives the same
//! merges without counting everything again.

use super::counted_words::{CountedWords, Pair, pairs};
use super::merge::merge_ids;
use super::symbols::Symbols;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Learns up to `merges` merges and applies them to `corpus`. O(merges · size of the corpus).
pub(super) fn train(corpus: &mut CountedWords, symbols: &mut Symbols, merges: usize) -> Vec<Pair> {
    let mut learned = Vec::new();
    while learned.len() < merges {
        crate::cell::check_interrupt();
        let Some(best) = most_frequent_pair(corpus) else {
            break;
        };
        let merged = symbols.concat(best);
        for word in &mut corpus.words {
            merge_ids(word, best, merged);
        }
        learned.push(best);
    }
    learned
}

/// The pair with the highest count, the first counted among equals.
fn most_frequent_pair(corpus: &CountedWords) -> Option<Pair> {
    let mut counted: HashMap<Pair, (u64, usize)> = HashMap::new();
    for (word, count) in corpus.iter() {
        for pair in pairs(word) {
            let order = counted.len();
            counted.entry(pair).or_insert((0, order)).0 += count;
        }
    }
    counted
        .into_iter()
        .max_by_key(|&(_, (count, order))| (count, Reverse(order)))
        .map(|(pair, _)| pair)
}
