//! Byte-pair encoding on characters, as the textbooks show it (question 22).
//!
//! After Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units",
//! 2016. Words are split at white space, each ends with the mark [`END_OF_WORD`], and no merge crosses
//! a border between words.
//!
//! Unlike the original notebook's, merges work on symbols, not on strings; see
//! [`merge_by_string_replacement`](super::merge_by_string_replacement). For text of any kind use
//! [`ByteBpe`](super::ByteBpe).

use super::counted_words::{CountedWords, Pair, spell};
use super::merge::merge_symbols;
use super::symbols::Symbols;
use super::{bpe_trainer, incremental_trainer};
use serde::{Deserialize, Serialize};

/// The symbol that ends each word, so that "est" at the end differs from "est" inside. A text
/// that holds these four characters itself cannot be told from the mark; [`ByteBpe`](super::ByteBpe) needs none.
pub const END_OF_WORD: &str = "</w>";

/// Merges learned from a corpus, and the corpus as they split it.
///
/// # Examples
/// The original notebook's corpus and its five merges:
/// ```
/// use dsprep_core::text::CharBpe;
///
/// let bpe = CharBpe::train(&["low lower lowest", "newer newest new", "low low lower"], 5);
/// let learned: Vec<String> = bpe.merges().iter().map(|(a, b)| format!("{a}+{b}")).collect();
/// assert_eq!(learned, ["l+o", "lo+w", "low+</w>", "low+e", "r+</w>"]);
/// assert_eq!(bpe.encode("slower"), ["s", "lowe", "r</w>"]);
/// assert_eq!(bpe.encode("unhappiness").len(), 12);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharBpe {
    merges: Vec<(String, String)>,
    tokens: Vec<String>,
    words: Vec<(String, u64)>,
}

impl CharBpe {
    /// Learns up to `merges` merges, counting all pairs again for each of them.
    ///
    /// Of equally frequent pairs the one counted first is merged. Learning ends early when each word
    /// is one symbol. O(merges · size of the corpus's different words).
    pub fn train(corpus: &[impl AsRef<str>], merges: usize) -> Self {
        let corpus: Vec<&str> = corpus.iter().map(AsRef::as_ref).collect();
        Self::train_with(bpe_trainer::train, &corpus, merges)
    }

    /// The same merges as [`train`](Self::train), found with counts that are kept up to date.
    ///
    /// O(n + m log m) for n bytes of text with m characters in its different words together, if these are short: a
    /// merge passes over each word that it is in.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::CharBpe;
    /// let corpus = ["low lower lowest"];
    /// assert_eq!(CharBpe::train_incrementally(&corpus, 9), CharBpe::train(&corpus, 9));
    /// ```
    pub fn train_incrementally(corpus: &[impl AsRef<str>], merges: usize) -> Self {
        let corpus: Vec<&str> = corpus.iter().map(AsRef::as_ref).collect();
        Self::train_with(incremental_trainer::train, &corpus, merges)
    }

    /// The merged pairs, in the order in which they were learned.
    pub fn merges(&self) -> &[(String, String)] {
        &self.merges
    }

    /// All symbols: the corpus's characters and the end mark, then what the merges made.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The corpus's words as the merges split them, symbols joined by spaces, with their counts, in
    /// order of first appearance.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::CharBpe;
    /// let bpe = CharBpe::train(&["low low new"], 1);
    /// assert_eq!(bpe.words(), [("l o w</w>".to_owned(), 2), ("n e w</w>".to_owned(), 1)]);
    /// ```
    pub fn words(&self) -> &[(String, u64)] {
        &self.words
    }

    /// The symbols of `word`: its characters and the end mark, merged as learned, in that order. Give it one word
    /// at a time; in a sentence, a space would become a symbol like any other.
    ///
    /// A character that the corpus did not hold stays a symbol of its own, one without an id:
    /// out of vocabulary, which characters don't prevent and bytes do. O(merges · length).
    pub fn encode(&self, word: &str) -> Vec<String> {
        self.merges
            .iter()
            .fold(characters(word), |symbols, (left, right)| {
                merge_symbols(&symbols, left, right)
            })
    }

    /// The symbols of `word` at the start and after each merge that changes them: its merge tree.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::CharBpe;
    /// let bpe = CharBpe::train(&["low low"], 2);
    /// let steps: Vec<String> = bpe.encode_steps("low").iter().map(|s| s.join(" ")).collect();
    /// assert_eq!(steps, ["l o w </w>", "lo w </w>", "low </w>"]);
    /// ```
    pub fn encode_steps(&self, word: &str) -> Vec<Vec<String>> {
        let mut symbols = characters(word);
        let mut steps = vec![symbols.clone()];
        for (left, right) in &self.merges {
            let merged = merge_symbols(&symbols, left, right);
            if merged.len() < symbols.len() {
                steps.push(merged.clone());
                symbols = merged;
            }
        }
        steps
    }

    /// The text of `symbols`, words separated by one space: the corpus's own white space is lost.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::CharBpe;
    /// assert_eq!(CharBpe::decode(&["lo", "w</w>", "new", "</w>"]), "low new");
    /// ```
    pub fn decode(symbols: &[impl AsRef<str>]) -> String {
        let text: String = symbols.iter().map(AsRef::as_ref).collect();
        text.replace(END_OF_WORD, " ").trim_end().to_owned()
    }

    fn train_with(
        trainer: fn(&mut CountedWords, &mut Symbols, usize) -> Vec<Pair>,
        corpus: &[&str],
        merges: usize,
    ) -> Self {
        let mut symbols = Symbols::default();
        let words = corpus.iter().flat_map(|text| text.split_whitespace());
        let mut corpus = CountedWords::count(words, |word| {
            characters(word)
                .iter()
                .map(|character| symbols.intern(character.as_bytes()))
                .collect()
        });
        let learned = trainer(&mut corpus, &mut symbols, merges);
        CharBpe {
            merges: learned
                .into_iter()
                .map(|(left, right)| (symbols.text(left), symbols.text(right)))
                .collect(),
            tokens: (0..symbols.len())
                .map(|id| symbols.text(id as u32))
                .collect(),
            words: corpus
                .iter()
                .map(|(word, count)| (spell(word, &symbols).join(" "), count))
                .collect(),
        }
    }
}

/// The characters of `word` and the end mark.
fn characters(word: &str) -> Vec<String> {
    word.chars()
        .map(String::from)
        .chain([END_OF_WORD.to_owned()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    const CORPUS: [&str; 3] = ["low lower lowest", "newer newest new", "low low lower"];

    /// The original notebook's merges and final vocabulary (its run under Python 3).
    const MERGES: [(&str, &str); 5] = [
        ("l", "o"),
        ("lo", "w"),
        ("low", "</w>"),
        ("low", "e"),
        ("r", "</w>"),
    ];
    const FINAL_VOCABULARY: [(&str, u64); 6] = [
        ("low</w>", 3),
        ("lowe r</w>", 2),
        ("lowe s t </w>", 1),
        ("n e w e r</w>", 1),
        ("n e w e s t </w>", 1),
        ("n e w </w>", 1),
    ];

    #[test]
    fn both_trainers_give_the_originals_merges_and_vocabulary() {
        for bpe in [
            CharBpe::train(&CORPUS, 5),
            CharBpe::train_incrementally(&CORPUS, 5),
        ] {
            let merges = MERGES.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(bpe.merges(), merges);
            assert_eq!(
                bpe.words(),
                FINAL_VOCABULARY.map(|(w, n)| (w.to_owned(), n))
            );
        }
    }

    #[test]
    fn a_word_of_the_corpus_is_encoded_as_training_left_it() {
        let mut rng = RandomState::seed(1);
        for _ in 0..200 {
            let letters = rng.choice(3, 90).unwrap();
            let text: String = letters.iter().map(|&l| [' ', 'a', 'b'][l]).collect();
            let bpe = CharBpe::train_incrementally(&[&text], 12);
            for (word, symbols) in text.split_whitespace().zip(in_corpus_order(&bpe, &text)) {
                assert_eq!(bpe.encode(word).join(" "), symbols);
            }
        }
    }

    /// There the end mark and what merges make of its four characters are one symbol, which then appears in
    /// words that were passed before.
    #[test]
    fn both_trainers_agree_on_words_that_spell_the_end_mark() {
        let mut rng = RandomState::seed(4);
        let parts = ["</w>", "<", "/w", "w>", "x", " ", " "];
        for round in 0..600 {
            let drawn = rng.choice(parts.len(), 60).unwrap();
            let text: String = drawn.iter().map(|&part| parts[part]).collect();
            let plain = CharBpe::train(&[&text], 40);
            assert_eq!(
                CharBpe::train_incrementally(&[&text], 40),
                plain,
                "round {round}: {text}"
            );
        }
    }

    fn in_corpus_order(bpe: &CharBpe, text: &str) -> Vec<String> {
        let spelled = |symbols: &str| symbols.replace(' ', "").replace(END_OF_WORD, "");
        text.split_whitespace()
            .filter_map(|word| {
                bpe.words()
                    .iter()
                    .find(|(symbols, _)| spelled(symbols) == word)
            })
            .map(|(symbols, _)| symbols.clone())
            .collect()
    }

    #[test]
    fn decoding_gives_the_words_back() {
        let bpe = CharBpe::train(&CORPUS, 5);
        let symbols: Vec<String> = "low lower zoë 한글"
            .split(' ')
            .flat_map(|word| bpe.encode(word))
            .collect();
        assert_eq!(CharBpe::decode(&symbols), "low lower zoë 한글");
    }

    #[test]
    fn an_empty_corpus_teaches_nothing() {
        let bpe = CharBpe::train(&[""], 5);
        assert!(bpe.merges().is_empty() && bpe.tokens().is_empty());
        assert_eq!(bpe.encode("a"), ["a", END_OF_WORD]);
    }
}
