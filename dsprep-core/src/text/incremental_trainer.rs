//! A trainer for byte-pair encoding that counts each pair once.
//!
//! The counts are kept from merge to merge: only the words that hold the merged pair change them. A
//! heap offers the most frequent pair. Its entries are not updated when a count falls; an entry that
//! is out of date is found when it comes to the top, and put back with what is true now. That works
//! because an old entry never promises less than the truth. The idea is that of `subword-nmt` and of
//! Hugging Face's `tokenizers`; the merges, ties included, equal those of
//! [`bpe_trainer`](super::bpe_trainer).

use super::counted_words::{CountedWords, Pair, pairs};
use super::merge::merge_ids;
use super::symbols::Symbols;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Where a pair stands first: the word, and the number of bytes before it in that word. Bytes, unlike
/// symbols, stay the same number when something before them is merged.
type Place = (u32, usize);

/// A heap entry: the greatest is the most frequent pair, among equals the one that stands first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    count: u64,
    first: Reverse<Place>,
    pair: Pair,
}

/// What is known of a pair.
#[derive(Debug, Default)]
struct Occurrences {
    count: u64,
    /// The words that held the pair when they were noted; some may not any more.
    words: Vec<u32>,
}

impl Occurrences {
    /// Adds a word, given `times` over in the corpus.
    fn add(&mut self, word: u32, times: u64) {
        self.count += times;
        if self.words.last() != Some(&word) {
            self.words.push(word);
        }
    }

    /// An entry that promises at least what is true: the pair may stand at the start of its first word.
    fn at_best(&self, pair: Pair) -> Option<Candidate> {
        let first = *self.words.iter().min()?;
        Some(Candidate {
            count: self.count,
            first: Reverse((first, 0)),
            pair,
        })
    }
}

/// Learns up to `merges` merges and applies them to `corpus`.
///
/// O(m log m) for m symbols in the different words together, the words being short.
pub(super) fn train(corpus: &mut CountedWords, symbols: &mut Symbols, merges: usize) -> Vec<Pair> {
    let mut state = Training::new(corpus, symbols);
    let mut learned = Vec::new();
    while learned.len() < merges {
        crate::cell::check_interrupt();
        let Some(best) = state.most_frequent_pair() else {
            break;
        };
        state.merge(best);
        learned.push(best);
    }
    learned
}

struct Training<'c> {
    corpus: &'c mut CountedWords,
    symbols: &'c mut Symbols,
    known: HashMap<Pair, Occurrences>,
    heap: BinaryHeap<Candidate>,
}

impl<'c> Training<'c> {
    fn new(corpus: &'c mut CountedWords, symbols: &'c mut Symbols) -> Self {
        let mut known: HashMap<Pair, Occurrences> = HashMap::new();
        for (at, (word, count)) in (0..).zip(corpus.iter()) {
            for pair in pairs(word) {
                known.entry(pair).or_default().add(at, count);
            }
        }
        let heap = known
            .iter()
            .filter_map(|(&pair, occurrences)| occurrences.at_best(pair))
            .collect();
        Training {
            corpus,
            symbols,
            known,
            heap,
        }
    }

    /// Takes entries off the heap until one is up to date.
    fn most_frequent_pair(&mut self) -> Option<Pair> {
        loop {
            let top = self.heap.pop()?;
            match self.up_to_date(top.pair) {
                Some(now) if now == top => return Some(top.pair),
                Some(now) => self.heap.push(now),
                None => {}
            }
        }
    }

    /// The entry of `pair` as it must be now, or `None` if the pair is gone.
    fn up_to_date(&mut self, pair: Pair) -> Option<Candidate> {
        let occurrences = self.known.get_mut(&pair)?;
        if occurrences.count == 0 {
            self.known.remove(&pair);
            return None;
        }
        if !occurrences.words.is_sorted() {
            occurrences.words.sort_unstable();
        }
        let (skipped, first) =
            occurrences
                .words
                .iter()
                .enumerate()
                .find_map(|(skipped, &at)| {
                    let bytes = bytes_before(&self.corpus.words[at as usize], pair, self.symbols)?;
                    Some((skipped, (at, bytes)))
                })?;
        occurrences.words.drain(..skipped);
        Some(Candidate {
            count: occurrences.count,
            first: Reverse(first),
            pair,
        })
    }

    /// Merges `pair` in the words that hold it, and corrects the counts of its neighbours.
    fn merge(&mut self, pair: Pair) {
        let merged = self.symbols.concat(pair);
        let Some(mut occurrences) = self.known.remove(&pair) else {
            return;
        };
        occurrences.words.dedup();
        let mut more_frequent = Vec::new();
        for at in occurrences.words {
            let word = &mut self.corpus.words[at as usize];
            let count = self.corpus.counts[at as usize];
            if !pairs(word).any(|found| found == pair) {
                continue;
            }
            for old in pairs(word) {
                if let Some(occurrences) = self.known.get_mut(&old) {
                    occurrences.count -= count;
                }
            }
            merge_ids(word, pair, merged);
            for new in pairs(word) {
                let occurrences = self.known.entry(new).or_default();
                if new.0 == merged || new.1 == merged {
                    occurrences.add(at, count);
                    more_frequent.push(new);
                } else {
                    occurrences.count += count;
                }
            }
        }
        more_frequent.sort_unstable();
        more_frequent.dedup();
        let known = &self.known;
        self.heap.extend(
            more_frequent
                .iter()
                .filter_map(|pair| known.get(pair)?.at_best(*pair)),
        );
    }
}

/// The number of bytes before the first `pair` in `word`, or `None` if it is not there.
fn bytes_before(word: &[u32], pair: Pair, symbols: &Symbols) -> Option<usize> {
    let at = pairs(word).position(|found| found == pair)?;
    Some(word[..at].iter().map(|&id| symbols.bytes(id).len()).sum())
}

#[cfg(test)]
mod tests {
    use super::super::bpe_trainer;
    use super::*;
    use crate::random::RandomState;

    /// Up to `words` words of up to `length` letters of an alphabet of `letters`.
    fn random_corpus(
        rng: &mut RandomState,
        (words, length, letters): (usize, usize, usize),
    ) -> (CountedWords, Symbols) {
        let mut symbols = Symbols::default();
        for letter in 0..letters {
            symbols.intern(&[b'a' + letter as u8]);
        }
        let words: Vec<String> = (0..rng.choice(words, ()).unwrap())
            .map(|_| {
                let length = 1 + rng.choice(length, ()).unwrap();
                let drawn = rng.choice(letters, length).unwrap();
                drawn.iter().map(|&l| char::from(b'a' + l as u8)).collect()
            })
            .collect();
        let corpus = CountedWords::count(words.iter().map(String::as_str), |word| {
            word.bytes().map(|b| symbols.intern(&[b])).collect()
        });
        (corpus, symbols)
    }

    #[test]
    fn both_trainers_learn_the_same_merges_in_the_same_order() {
        let mut rng = RandomState::seed(22);
        let sizes = [
            (60, 8, 4),
            (60, 8, 2),
            (10, 30, 2),
            (10, 30, 3),
            (30, 20, 2),
            (5, 9, 1),
        ];
        for round in 0..600 {
            let (mut plain, mut plain_symbols) = random_corpus(&mut rng, sizes[round % 6]);
            let (mut fast, mut fast_symbols) = (plain.clone(), plain_symbols.clone());
            let expected = bpe_trainer::train(&mut plain, &mut plain_symbols, 50);
            let found = train(&mut fast, &mut fast_symbols, 50);
            assert_eq!(found, expected, "round {round}");
            assert_eq!(fast, plain, "round {round}");
        }
    }

    #[test]
    fn training_ends_when_every_word_is_one_symbol() {
        let mut symbols = Symbols::default();
        let mut corpus = CountedWords::count(["abc"].into_iter(), |word| {
            word.bytes().map(|b| symbols.intern(&[b])).collect()
        });
        assert_eq!(train(&mut corpus, &mut symbols, 100).len(), 2);
        assert_eq!(corpus.words, [[4]]);
    }
}
