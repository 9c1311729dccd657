//! A fixed list of known tokens (question 22).

use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashMap;

/// The tokens that a model knows, the most frequent first.
///
/// # Examples
/// ```
/// use dsprep_core::text::{Vocabulary, word_tokens};
///
/// let vocabulary = Vocabulary::most_frequent(&word_tokens("to be or not to be"), 2);
/// assert_eq!(vocabulary.tokens(), ["to", "be"]);
/// assert_eq!(vocabulary.encode(&["be", "happy"]), [Some(1), None]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Vocabulary {
    tokens: Vec<String>,
    ids: HashMap<String, usize>,
}

impl Vocabulary {
    /// The `size` most frequent of `tokens`; of equally frequent ones, the first to appear.
    ///
    /// O(n + v log v) for n tokens, v of them different.
    pub fn most_frequent(tokens: &[impl AsRef<str>], size: usize) -> Self {
        let mut seen: HashMap<&str, (usize, usize)> = HashMap::new();
        for (at, token) in tokens.iter().enumerate() {
            seen.entry(token.as_ref()).or_insert((0, at)).0 += 1;
        }
        let mut ordered: Vec<_> = seen.into_iter().collect();
        ordered.sort_unstable_by_key(|&(_, (count, first))| (Reverse(count), first));
        let tokens: Vec<String> = ordered
            .into_iter()
            .take(size)
            .map(|(token, _)| token.to_owned())
            .collect();
        let ids = tokens.iter().cloned().zip(0..).collect();
        Vocabulary { tokens, ids }
    }

    /// The known tokens; a token's id is its place in this list.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The id of each token, `None` for those out of vocabulary.
    pub fn encode(&self, tokens: &[impl AsRef<str>]) -> Vec<Option<usize>> {
        tokens
            .iter()
            .map(|token| self.ids.get(token.as_ref()).copied())
            .collect()
    }

    /// The out-of-vocabulary (OOV) rate: the share of `tokens` that are not in the vocabulary, 0 to 1; 0 if there are no tokens.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::Vocabulary;
    /// let vocabulary = Vocabulary::most_frequent(&["low", "lower"], 10);
    /// assert_eq!(vocabulary.unknown_share(&["low", "lowest"]), 0.5);
    /// ```
    pub fn unknown_share(&self, tokens: &[impl AsRef<str>]) -> f64 {
        if tokens.is_empty() {
            return 0.0;
        }
        let unknown = tokens
            .iter()
            .filter(|token| !self.ids.contains_key(token.as_ref()))
            .count();
        unknown as f64 / tokens.len() as f64
    }
}

/// What is stored: the ids follow from the tokens.
#[derive(Serialize, Deserialize)]
struct Stored {
    tokens: Vec<String>,
}

impl From<Vocabulary> for Stored {
    fn from(Vocabulary { tokens, .. }: Vocabulary) -> Self {
        Stored { tokens }
    }
}

impl From<Stored> for Vocabulary {
    fn from(Stored { tokens }: Stored) -> Self {
        let ids = tokens.iter().cloned().zip(0..).collect();
        Vocabulary { tokens, ids }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_keep_the_order_of_appearance() {
        let vocabulary = Vocabulary::most_frequent(&["b", "a", "c", "a", "b"], 3);
        assert_eq!(vocabulary.tokens(), ["b", "a", "c"]);
    }

    #[test]
    fn no_tokens_have_no_unknown_ones() {
        let vocabulary = Vocabulary::most_frequent(&["a"], 1);
        assert_eq!(vocabulary.unknown_share(&[] as &[&str]), 0.0);
    }
}
