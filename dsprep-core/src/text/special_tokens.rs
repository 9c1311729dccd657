//! Tokens that stand for no text: where a document ends, whose turn it is (question 22).
//!
//! A model's format is written with them: `<|endoftext|>` of GPT-2 is one token, whatever the merges. A user who types it must
//! not get it: text from outside is encoded without them, or refused. So they have to be allowed by name, as in OpenAI's
//! tiktoken.

use crate::error::count;
use crate::{Error, Result};

/// Special tokens, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SpecialTokens(Vec<String>);

impl SpecialTokens {
    /// Fails if a token is empty or comes twice.
    pub(super) fn new(tokens: Vec<String>) -> Result<Self> {
        for (at, token) in tokens.iter().enumerate() {
            let wrong = |found: String, expected| Error::OutOfRange {
                what: format!("the special token {at}"),
                found,
                expected,
            };
            if token.is_empty() {
                return Err(wrong("empty".to_owned(), "a text"));
            }
            if tokens[..at].contains(token) {
                return Err(wrong(format!("{token:?}, again"), "another one"));
            }
        }
        Ok(SpecialTokens(tokens))
    }

    pub(super) fn names(&self) -> &[String] {
        &self.0
    }

    /// The place and the number of the first of them in `text`; of those at the same place, of the longest.
    pub(super) fn find(&self, text: &str) -> Option<(usize, usize)> {
        let found = self.0.iter().enumerate();
        let found = found.filter_map(|(number, token)| Some((text.find(token.as_str())?, number)));
        found.min_by_key(|&(place, number)| (place, usize::MAX - self.0[number].len()))
    }

    /// Fails if `allowed` names another token, or if one that is not allowed is in `text`.
    pub(super) fn check(&self, text: &str, allowed: &[&str]) -> Result<()> {
        if let Some(unknown) = allowed
            .iter()
            .find(|name| !self.0.iter().any(|token| token == *name))
        {
            return Err(Error::OutOfRange {
                what: "a token in `allowed`".to_owned(),
                found: format!("{unknown:?}"),
                expected: "one of the tokenizer's special tokens",
            });
        }
        let forbidden = |token: &&String| !allowed.contains(&token.as_str());
        match self
            .0
            .iter()
            .filter(forbidden)
            .find(|token| text.contains(token.as_str()))
        {
            None => Ok(()),
            Some(token) => Err(Error::OutOfRange {
                what: "`text`".to_owned(),
                found: format!(
                    "{} with the special token {token:?}",
                    count(text.len(), "byte")
                ),
                expected: "without special tokens that are not allowed; `encode` takes them for text",
            }),
        }
    }
}
