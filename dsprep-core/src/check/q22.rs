//! Question 22: the tie rule of byte-pair encoding, and encoding by merges in their order.

mod trainer;

pub use trainer::check_q22_train;

use super::Verdict;
use crate::text::{CharBpe, END_OF_WORD, merge_by_string_replacement, merge_symbols};

/// A pair of neighbouring symbols.
type SymbolPair = (String, String);

/// Pairs with their counts, in the order in which they were counted first.
type PairCounts = [(SymbolPair, u64)];

/// The answer to exercise 1: the pair to merge next.
type BestPair = fn(&PairCounts) -> Option<SymbolPair>;

/// The answer to exercise 2: the symbols of a word by merges.
type Encode = fn(&str, &[SymbolPair]) -> Vec<String>;

fn pair(left: &str, right: &str) -> SymbolPair {
    (left.to_owned(), right.to_owned())
}

/// Checks `best`, which pair byte-pair encoding merges next: the most frequent one, the first counted of equals.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q22_best_pair;
///
/// // `max_by_key` takes the last of equals.
/// let verdict = check_q22_best_pair(|counts| {
///     counts.iter().max_by_key(|(_, count)| *count).map(|(pair, _)| pair.clone())
/// });
/// assert!(verdict.message().contains("last"));
/// ```
pub fn check_q22_best_pair(best: BestPair) -> Verdict {
    Verdict::of(|| {
        let plain = [
            (pair("n", "e"), 2),
            (pair("l", "o"), 9),
            (pair("w", "e"), 5),
        ];
        let tied = [
            (pair("w", "e"), 3),
            (pair("o", "w"), 6),
            (pair("l", "o"), 6),
            (pair("low", "er"), 6),
            (pair("a", "b"), 1),
        ];
        let all_tied = [(pair("z", "a"), 4), (pair("a", "z"), 4)];
        // The first is neither the first nor the last by the alphabet, nor the longest or the shortest.
        let inner = [
            (pair("m", "no"), 5),
            (pair("zz", "zz"), 5),
            (pair("a", "b"), 5),
        ];
        // So many that a sort which is not stable shuffles the equals.
        let many: Vec<(SymbolPair, u64)> = (0..90)
            .map(|i| {
                (
                    pair(&format!("s{}", i * 37 % 90), "x"),
                    [3, 8, 1, 8, 5][i % 5],
                )
            })
            .collect();
        let is = |counts: &PairCounts, place: usize| best(counts) == Some(counts[place].0.clone());
        let message = if best(&plain).is_none() {
            "There are pairs, and you return None."
        } else if is(&plain, 0) && is(&tied, 0) {
            "That is the first pair, whatever its count. Take the most frequent one."
        } else if is(&plain, 0) {
            "n e occurs 2 times, l o 9 times, and you take n e: that is the least frequent pair."
        } else if !is(&plain, 1) {
            "Of 2, 9 and 5 occurrences the pair with 9 is merged."
        } else if is(&tied, 3) {
            "Of three pairs with 6 occurrences you take the last, and the rule is the first: Rust's `max_by_key` gives the \
         last of equals."
        } else if is(&tied, 2) {
            "Of three pairs with 6 occurrences you take the first by the alphabet. That is a rule too, but not this one: \
         take the pair counted first."
        } else if is(&inner, 1) {
            "Of equally frequent pairs you take the last by the alphabet, as `max` of (count, pair) does. That is a rule in \
         use, but not this one: take the pair counted first."
        } else if !is(&tied, 1) || !is(&all_tied, 0) || !is(&inner, 0) || !is(&many, 1) {
            "Of equally frequent pairs, take the one that comes first in the list. (A map or `sort_unstable` loses that order.)"
        } else if best(&[]).is_some() {
            "Without pairs there is nothing to merge: return None."
        } else {
            return Verdict::passed(
                "The first of equals, as Python's `Counter.most_common(1)`. Any rule will do, but it has to be written \
             down: two tokenizers with the same corpus and other ties are two vocabularies.",
            );
        };
        Verdict::not_yet(message)
    })
}

/// A word, the merges, and the wrong symbols that show a misconception.
struct Case {
    word: &'static str,
    merges: Vec<SymbolPair>,
}

impl Case {
    fn new(word: &'static str, merges: &[(&str, &str)]) -> Self {
        let merges = merges.iter().map(|(left, right)| pair(left, right));
        Case {
            word,
            merges: merges.collect(),
        }
    }

    /// The word that the exercise shows, with what the original's corpus teaches.
    fn all() -> Vec<Self> {
        let corpus = ["low lower lowest", "newer newest new", "low low lower"];
        let learned = CharBpe::train(&corpus, 5).merges().to_vec();
        vec![
            Case {
                word: "slower",
                merges: learned,
            },
            Case::new("abc", &[("b", "c"), ("a", "b")]),
            Case::new("abc", &[("a", "b"), ("b", "c")]),
            Case::new("abab", &[("a", "b")]),
            Case::new("abcd", &[("c", "d"), ("b", "cd"), ("a", "b")]),
            Case::new("aaa", &[("a", "a")]),
            Case::new("한글한", &[("한", "글"), ("한", END_OF_WORD)]),
            Case::new("LowLow", &[("L", "o"), ("Lo", "w")]),
            Case::new("", &[("a", "b")]),
        ]
    }

    fn characters(&self) -> Vec<String> {
        let characters = self.word.chars().map(String::from);
        characters.chain([END_OF_WORD.to_owned()]).collect()
    }

    fn right(&self) -> Vec<String> {
        merged(self.characters(), self.merges.iter())
    }

    /// What a typical mistake gives instead, with its name.
    fn mistakes(&self) -> Vec<(Vec<String>, &'static str)> {
        let mut unmarked = self.characters();
        unmarked.pop();
        vec![
            (
                self.characters(),
                "These are the characters: no merge has been made yet.",
            ),
            (
                unmarked.clone(),
                "These are the characters: no merge has been made yet, and the mark </w> for the end is missing.",
            ),
            (
                merged(unmarked, self.merges.iter()),
                "The end of the word is missing: put </w> after the last character, or no merge with it can happen.",
            ),
            (
                merged(self.characters(), self.merges.iter().rev()),
                "You make the merges in reverse: those learned first come first.",
            ),
            (
                self.by_strings(),
                "A merge crossed the border of a symbol: once a and b are merged, the b is no symbol any more. Compare whole \
                 symbols.",
            ),
            (
                self.marked_late(),
                "The mark comes too late: put </w> after the last character before you merge, since merges may hold it.",
            ),
            (
                self.longest_pieces_from_the_right(),
                "From the left, please: where places overlap, as in a a a, the left one is merged.",
            ),
            (
                self.longest_match(),
                "You take the longest token that matches, from the left. That is WordPiece; BPE makes its merges in \
                 the order in which they were learned.",
            ),
            (
                self.once(),
                "Each merge is made at its first place only. Make it wherever it fits.",
            ),
        ]
    }

    fn by_strings(&self) -> Vec<String> {
        let joined = self.characters().join(" ");
        let joined = self.merges.iter().fold(joined, |word, (left, right)| {
            merge_by_string_replacement(&word, left, right)
        });
        joined.split(' ').map(str::to_owned).collect()
    }

    fn longest_match(&self) -> Vec<String> {
        let tokens: Vec<String> = self
            .merges
            .iter()
            .map(|(left, right)| [left.as_str(), right].concat())
            .collect();
        let text = [self.word, END_OF_WORD].concat();
        let (mut symbols, mut rest) = (Vec::new(), text.as_str());
        while let Some(first) = rest.chars().next() {
            let single = match rest == END_OF_WORD {
                true => rest.len(),
                false => first.len_utf8(),
            };
            let known = tokens.iter().filter(|token| rest.starts_with(*token));
            let end = known.map(String::len).max().unwrap_or(0).max(single);
            symbols.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        symbols
    }

    fn marked_late(&self) -> Vec<String> {
        let mut symbols = self.characters();
        symbols.pop();
        let mut symbols = merged(symbols, self.merges.iter());
        symbols.push(END_OF_WORD.to_owned());
        symbols
    }

    fn longest_pieces_from_the_right(&self) -> Vec<String> {
        let mut symbols = self.characters();
        for (left, right) in &self.merges {
            let mut at = symbols.len().saturating_sub(1);
            while at > 0 {
                if symbols[at - 1] == *left && symbols[at] == *right {
                    let second = symbols.remove(at);
                    symbols[at - 1].push_str(&second);
                    at -= 1;
                }
                at = at.saturating_sub(1);
            }
        }
        symbols
    }

    fn once(&self) -> Vec<String> {
        let mut symbols = self.characters();
        for (left, right) in &self.merges {
            let place = symbols
                .windows(2)
                .position(|pair| pair[0] == *left && pair[1] == *right);
            if let Some(at) = place {
                let second = symbols.remove(at + 1);
                symbols[at].push_str(&second);
            }
        }
        symbols
    }
}

fn merged<'m>(symbols: Vec<String>, merges: impl Iterator<Item = &'m SymbolPair>) -> Vec<String> {
    merges.fold(symbols, |symbols, (left, right)| {
        merge_symbols(&symbols, left, right)
    })
}

/// Checks `encode`, the symbols of a word: its characters and `</w>`, with the merges made in their order.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q22_encode;
/// use dsprep_core::text::merge_symbols;
///
/// let verdict = check_q22_encode(|word, merges| {
///     let mut symbols: Vec<String> = word.chars().map(String::from).collect();
///     symbols.push("</w>".to_owned());
///     for (left, right) in merges {
///         symbols = merge_symbols(&symbols, left, right);
///     }
///     symbols
/// });
/// assert!(verdict.has_passed());
/// ```
pub fn check_q22_encode(encode: Encode) -> Verdict {
    Verdict::of(|| {
        for case in Case::all() {
            let answer = encode(case.word, &case.merges);
            if answer == case.right() {
                continue;
            }
            let mistakes = case.mistakes();
            let known = mistakes.iter().find(|(wrong, _)| *wrong == answer);
            let text = answer.concat();
            let message = match known {
                Some((_, message)) => (*message).to_owned(),
                None if answer.is_empty() => "No symbols at all.".to_owned(),
                None if text.trim_end_matches(END_OF_WORD) != case.word => format!(
                    "The symbols of \"{}\" read \"{text}\" together: encoding must not lose or change text.",
                    case.word
                ),
                None => "Nothing is lost, but these are not the right symbols.".to_owned(),
            };
            let merges: Vec<String> = case
                .merges
                .iter()
                .map(|(left, right)| format!("{left}+{right}"))
                .collect();
            return Verdict::not_yet(format!(
                "{message}\n\"{}\" with the merges {} is [{}], and yours is [{}].",
                case.word,
                merges.join(", "),
                case.right().join(", "),
                answer.join(", ")
            ));
        }
        Verdict::passed(
            "The order of the merges is the model. Greedy longest match on the same vocabulary gives other tokens, which a \
         model has never seen in training.",
        )
    })
}

#[cfg(test)]
mod mutants;

#[cfg(test)]
mod tests;
