//! A corpus as counted words.

use super::symbols::Symbols;
use std::collections::HashMap;

/// Two neighbouring symbols.
pub(super) type Pair = (u32, u32);

/// The different words of a corpus as symbol ids, in order of first appearance, with their counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CountedWords {
    pub words: Vec<Vec<u32>>,
    pub counts: Vec<u64>,
}

impl CountedWords {
    /// Counts `words` and splits each different one by `split`. O(length of the corpus).
    pub fn count<'t>(
        words: impl Iterator<Item = &'t str>,
        mut split: impl FnMut(&'t str) -> Vec<u32>,
    ) -> Self {
        let mut counted = CountedWords::default();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for word in words {
            let place = *places.entry(word).or_insert_with(|| {
                counted.words.push(split(word));
                counted.counts.push(0);
                counted.counts.len() - 1
            });
            counted.counts[place] += 1;
        }
        counted
    }

    /// Each word and its count.
    pub fn iter(&self) -> impl Iterator<Item = (&Vec<u32>, u64)> {
        self.words.iter().zip(self.counts.iter().copied())
    }
}

/// The neighbouring pairs of `word`.
pub(super) fn pairs(word: &[u32]) -> impl Iterator<Item = Pair> {
    word.iter().copied().zip(word.iter().copied().skip(1))
}

/// The symbols of `word` as text.
pub(super) fn spell(word: &[u32], symbols: &Symbols) -> Vec<String> {
    word.iter().map(|&id| symbols.text(id)).collect()
}
