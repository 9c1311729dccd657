//! WordPiece, the subwords of BERT (question 22).
//!
//! A word's first piece is written as it is, each further piece with `##` before it. Training merges
//! the pair with the highest count(ab) / (count(a) · count(b)), where byte-pair encoding takes the
//! highest count(ab): pieces that seldom stand apart. Schuster and Nakajima, "Japanese and Korean voice
//! search", 2012; the score is the one of the Hugging Face course, chapter 6, since Google's trainer is
//! not public. Encoding takes the longest known piece, again and again (Devlin et al., 2019).

use super::counted_words::{CountedWords, Pair, pairs, spell};
use super::merge::merge_ids;
use super::symbols::Symbols;
use super::word::word_tokens;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The token for a word that the vocabulary cannot spell.
pub const UNKNOWN: &str = "[UNK]";

/// What marks a piece that continues a word.
const CONTINUES: &str = "##";
/// BERT gives up on words with more characters.
const LONGEST_WORD: usize = 100;

/// A WordPiece vocabulary.
///
/// Words are looked up as they are written. With the vocabulary of an uncased BERT, put the text into lower case
/// and take the accents off first, as its `BasicTokenizer` does: "Hello" is `[UNK]` there.
///
/// # Examples
/// The corpus of the Hugging Face course. Its first two merges are the course's; for the third, "hug",
/// the course counts 1/15, but count(hu, ##g) / (count(hu) · count(##g)) is 10 / (15 · 15).
/// ```
/// use dsprep_core::text::WordPiece;
///
/// let corpus = ["hug ".repeat(10), "pug ".repeat(5), "pun ".repeat(12), "bun ".repeat(4), "hugs ".repeat(5)];
/// let model = WordPiece::train(&corpus, 11, 1);
/// assert_eq!(model.tokens()[8..], ["##gs", "hu", "hugs"]);
/// assert_eq!(model.encode_word("hug"), ["hu", "##g"]);
/// assert_eq!(model.encode_word("bum"), ["[UNK]"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct WordPiece {
    tokens: Vec<String>,
    known: HashSet<String>,
    longest: usize,
}

impl WordPiece {
    /// Learns pieces from the [`word_tokens`] of `corpus` until there are `vocabulary_size` tokens, with
    /// [`UNKNOWN`] and the characters.
    ///
    /// Pairs that occur fewer than `min_count` times are not merged: the score alone prefers two pieces
    /// that occur once, together, to all others. Ties go to the pair counted first.
    /// O(vocabulary_size · size of the corpus's different words): all pairs are counted for each merge.
    pub fn train(corpus: &[impl AsRef<str>], vocabulary_size: usize, min_count: u64) -> Self {
        let corpus: Vec<&str> = corpus.iter().map(AsRef::as_ref).collect();
        Self::train_on(&corpus, vocabulary_size, min_count)
    }

    fn train_on(corpus: &[&str], vocabulary_size: usize, min_count: u64) -> Self {
        let mut symbols = Symbols::default();
        symbols.intern(UNKNOWN.as_bytes());
        let words = corpus.iter().flat_map(|text| word_tokens(text));
        let mut corpus = CountedWords::count(words, |word| {
            characters(word)
                .iter()
                .map(|piece| symbols.intern(piece.as_bytes()))
                .collect()
        });
        while symbols.len() < vocabulary_size {
            crate::cell::check_interrupt();
            let Some(best) = best_pair(&corpus, min_count) else {
                break;
            };
            let joined = join(&symbols, best);
            let merged = symbols.intern(joined.as_bytes());
            for word in &mut corpus.words {
                merge_ids(word, best, merged);
            }
        }
        let all: Vec<u32> = (0..symbols.len()).map(|id| id as u32).collect();
        Self::from_tokens(spell(&all, &symbols))
    }

    /// The vocabulary of these tokens, such as the lines of BERT's `vocab.txt`.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::WordPiece;
    /// let model = WordPiece::from_tokens(["un", "##happi", "##ness"].map(String::from));
    /// assert_eq!(model.encode_word("unhappiness"), ["un", "##happi", "##ness"]);
    /// ```
    pub fn from_tokens(tokens: impl IntoIterator<Item = String>) -> Self {
        let tokens: Vec<String> = tokens.into_iter().collect();
        WordPiece {
            longest: tokens.iter().map(String::len).max().unwrap_or(0),
            known: tokens.iter().cloned().collect(),
            tokens,
        }
    }

    /// The tokens; a token's id is its place in this list.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The pieces of the [`word_tokens`] of `text`, one word after the other.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::WordPiece;
    /// let model = WordPiece::from_tokens(["low", "##er", "!"].map(String::from));
    /// assert_eq!(model.encode("lower!"), ["low", "##er", "!"]);
    /// ```
    pub fn encode(&self, text: &str) -> Vec<String> {
        word_tokens(text)
            .into_iter()
            .flat_map(|word| self.encode_word(word))
            .collect()
    }

    /// The pieces of one word: the longest known piece that it begins with, then the same for the rest.
    ///
    /// One [`UNKNOWN`] for the whole word if a rest has no known beginning, even where another split
    /// would have one, or if the word has over 100 characters. O(n · l) for n characters and a longest
    /// token of l bytes.
    pub fn encode_word(&self, word: &str) -> Vec<String> {
        if word.chars().count() > LONGEST_WORD {
            return vec![UNKNOWN.to_owned()];
        }
        let mut pieces = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let mark = if pieces.is_empty() { "" } else { CONTINUES };
            let Some((piece, length)) = self.longest_piece(mark, rest) else {
                return vec![UNKNOWN.to_owned()];
            };
            pieces.push(piece);
            rest = &rest[length..];
        }
        pieces
    }

    /// The longest token that is `mark` and a beginning of `rest`, and how many bytes of `rest` it takes.
    fn longest_piece(&self, mark: &str, rest: &str) -> Option<(String, usize)> {
        let mut ends: Vec<usize> = rest
            .char_indices()
            .map(|(at, character)| at + character.len_utf8())
            .take_while(|end| mark.len() + end <= self.longest)
            .collect();
        ends.reverse();
        ends.into_iter().find_map(|end| {
            let piece = [mark, &rest[..end]].concat();
            self.known.contains(&piece).then_some((piece, end))
        })
    }
}

/// The characters of `word`, all but the first marked.
fn characters(word: &str) -> Vec<String> {
    word.chars()
        .enumerate()
        .map(|(at, character)| {
            let mark = if at == 0 { "" } else { CONTINUES };
            format!("{mark}{character}")
        })
        .collect()
}

/// The spelling of two pieces together: the second loses its mark.
fn join(symbols: &Symbols, (left, right): Pair) -> String {
    let right = symbols.text(right);
    let unmarked = right.strip_prefix(CONTINUES).unwrap_or(&right);
    symbols.text(left) + unmarked
}

/// The pair with the highest score that occurs at least `min_count` times, the first counted among equals.
fn best_pair(corpus: &CountedWords, min_count: u64) -> Option<Pair> {
    let mut singles: HashMap<u32, u64> = HashMap::new();
    let mut both: HashMap<Pair, (u64, usize)> = HashMap::new();
    for (word, count) in corpus.iter() {
        for &piece in word {
            *singles.entry(piece).or_insert(0) += count;
        }
        for pair in pairs(word) {
            let order = both.len();
            both.entry(pair).or_insert((0, order)).0 += count;
        }
    }
    let score =
        |pair: Pair, count: u64| count as f64 / (singles[&pair.0] as f64 * singles[&pair.1] as f64);
    both.into_iter()
        .filter(|&(_, (count, _))| count >= min_count)
        .map(|(pair, (count, order))| (score(pair, count), order, pair))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
        .map(|(_, _, pair)| pair)
}

/// What is stored: all else follows from the tokens.
#[derive(Serialize, Deserialize)]
struct Stored {
    tokens: Vec<String>,
}

impl From<WordPiece> for Stored {
    fn from(WordPiece { tokens, .. }: WordPiece) -> Self {
        Stored { tokens }
    }
}

impl From<Stored> for WordPiece {
    fn from(stored: Stored) -> Self {
        WordPiece::from_tokens(stored.tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(tokens: &[&str]) -> WordPiece {
        WordPiece::from_tokens(tokens.iter().map(|&token| token.to_owned()))
    }

    #[test]
    fn the_longest_piece_is_taken_even_where_it_leads_nowhere() {
        let greedy = model(&["ab", "a", "##bc"]);
        assert_eq!(greedy.encode_word("abc"), [UNKNOWN]);
        assert_eq!(model(&["a", "##bc"]).encode_word("abc"), ["a", "##bc"]);
    }

    #[test]
    fn an_unknown_character_makes_the_whole_word_unknown() {
        let model = model(&["low", "##er"]);
        assert_eq!(
            model.encode("low lower löwer"),
            ["low", "low", "##er", UNKNOWN]
        );
    }

    #[test]
    fn a_word_of_over_100_characters_is_unknown() {
        let model = model(&["한", "##글", "##한"]);
        assert_eq!(model.encode_word(&"한글".repeat(50)).len(), 100);
        assert_eq!(model.encode_word(&"한".repeat(101)), [UNKNOWN]);
    }

    #[test]
    fn rare_pairs_win_unless_a_minimum_count_is_set() {
        let corpus = ["the ".repeat(50), "qz".to_owned()];
        let eager = WordPiece::train(&corpus, 7, 1);
        assert_eq!(eager.tokens().last().map(String::as_str), Some("qz"));
        let careful = WordPiece::train(&corpus, 7, 2);
        assert_eq!(careful.tokens().last().map(String::as_str), Some("th"));
    }

    /// Pieces by Hugging Face's `tokenizers` 0.23.3 with the same vocabulary: see `tests/peers/wordpiece.py`.
    #[test]
    fn pieces_equal_hugging_faces() {
        let model = model(&[
            UNKNOWN,
            "un",
            "##happi",
            "##ness",
            "##happiness",
            "happ",
            "##y",
            "un##",
            "##n",
            "##e",
            "##s",
            "한",
            "##국",
            "##국어",
            "u",
            "##nh",
        ]);
        assert_eq!(model.encode_word("unhappiness"), ["un", "##happiness"]);
        assert_eq!(model.encode_word("happy"), ["happ", "##y"]);
        assert_eq!(model.encode_word("happiness"), [UNKNOWN]);
        assert_eq!(model.encode_word("한국어"), ["한", "##국어"]);
        assert_eq!(model.encode_word("unness"), ["un", "##ness"]);
        assert_eq!(model.encode_word("unn"), ["un", "##n"]);
        assert_eq!(model.encode_word("unhy"), [UNKNOWN]);
    }
}
