//! Byte-pair encoding on bytes, as in GPT-2 (question 22).
//!
//! The base tokens are the 256 bytes, so that every text can be encoded and nothing is out of
//! vocabulary: an emoji that training never saw is four bytes. After Radford et al., "Language models
//! are unsupervised multitask learners", 2019, section 2.2; text is first cut by
//! [`pretokenize`](super::pretokenize).
//!
//! Left out: GPT-2's printable stand-ins for bytes (its "Ġ" is our `b" "`), and its order of the first 256 ids,
//! which here are the bytes' values.

use super::counted_words::{CountedWords, Pair};
use super::incremental_trainer;
use super::pretokenize::pieces;
use super::rank_encoder::{Ranks, merge_by_rank};
use super::special_tokens::SpecialTokens;
use super::symbols::Symbols;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

const BYTES: usize = 256;

/// Sixty merges of a token with itself would make one of 2⁶⁰ bytes.
const MOST_BYTES: usize = 1 << 28;

/// A byte-level tokenizer.
///
/// # Examples
/// ```
/// use dsprep_core::text::ByteBpe;
///
/// let bpe = ByteBpe::train(&["low lower lowest", "low low"], 260)?;
/// let ids = bpe.encode("lower 한글 🙂");
/// assert_eq!(bpe.decode(&ids)?, "lower 한글 🙂");
/// assert_eq!(bpe.token(ids[0]), Some(&b"low"[..]));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct ByteBpe {
    symbols: Symbols,
    merges: Vec<Pair>,
    ranks: Ranks,
    special: SpecialTokens,
}

impl ByteBpe {
    /// Learns `vocabulary_size` − 256 merges from `corpus`: that many tokens there are then, bytes included,
    /// if no two merges spell the same bytes. (Hugging Face's trainer counts distinct tokens, so that it goes on
    /// for one merge more in that rare case.)
    ///
    /// Of equally frequent pairs the one counted first is merged. Fewer tokens come out if nothing is
    /// left to merge. O(n + m log m) for n bytes of text, m of them in its different pieces, if these are short: a merge
    /// passes over each piece that it is in, so that one long piece costs its length for each merge.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `vocabulary_size` is below 256.
    pub fn train(corpus: &[impl AsRef<str>], vocabulary_size: usize) -> Result<Self> {
        Self::train_on(
            &corpus.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            vocabulary_size,
        )
    }

    fn train_on(corpus: &[&str], vocabulary_size: usize) -> Result<Self> {
        let Some(merges) = vocabulary_size.checked_sub(BYTES) else {
            return Err(Error::OutOfRange {
                what: "`vocabulary_size`".to_owned(),
                found: vocabulary_size.to_string(),
                expected: "at least 256, one token for each byte",
            });
        };
        let mut symbols = all_bytes();
        let words = corpus.iter().flat_map(|text| pieces(text));
        let mut corpus = CountedWords::count(words, ids_of_bytes);
        let merges = incremental_trainer::train(&mut corpus, &mut symbols, merges);
        Self::from_merges(&merges)
    }

    /// The tokenizer with these merges, as pairs of token ids, in the order in which they were learned.
    ///
    /// The ids 0 to 255 are the bytes; each merge makes the next id, unless its bytes are a token
    /// already.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a merge names a token that no earlier one has made, or the tokens have
    /// more than 2²⁸ bytes in all.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::ByteBpe;
    /// let (a, b) = (u32::from(b'a'), u32::from(b'b'));
    /// let bpe = ByteBpe::from_merges(&[(a, a), (256, b)])?;
    /// assert_eq!(bpe.encode("aaab"), [256, a, b]);
    /// assert_eq!(bpe.encode("aab"), [257]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn from_merges(merges: &[(u32, u32)]) -> Result<Self> {
        let mut symbols = all_bytes();
        let mut ranks = Ranks::new();
        let mut bytes = 0;
        for (rank, &pair) in (0..).zip(merges) {
            let newest = pair.0.max(pair.1);
            if symbols.get(newest).is_none() {
                return Err(Error::OutOfRange {
                    what: format!("a token id in `merges[{rank}]`"),
                    found: newest.to_string(),
                    expected: "a byte or the id of a token that an earlier merge makes",
                });
            }
            bytes += symbols.bytes(pair.0).len() + symbols.bytes(pair.1).len();
            if bytes > MOST_BYTES {
                return Err(Error::OutOfRange {
                    what: format!("the length of all tokens up to `merges[{rank}]`"),
                    found: format!("{bytes} bytes"),
                    expected: "at most 268,435,456 bytes",
                });
            }
            let merged = symbols.concat(pair);
            ranks.entry(pair).or_insert((rank, merged));
        }
        Ok(ByteBpe {
            symbols,
            merges: merges.to_vec(),
            ranks,
            special: SpecialTokens::default(),
        })
    }

    /// The same tokenizer with these special tokens instead of those it has. Their ids follow those of all other tokens, in
    /// this order. Text gets them from [`encode_with_special`](Self::encode_with_special) alone.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a token is empty or comes twice.
    pub fn with_special_tokens(mut self, tokens: &[impl AsRef<str>]) -> Result<Self> {
        let tokens = tokens.iter().map(|token| token.as_ref().to_owned());
        self.special = SpecialTokens::new(tokens.collect())?;
        Ok(self)
    }

    /// The special tokens, in the order of their ids.
    pub fn special_tokens(&self) -> &[String] {
        self.special.names()
    }

    /// The token ids of `text`, in which the special tokens in `allowed` are tokens of their own.
    ///
    /// Any other special token in it is refused: with nothing allowed, this is how to encode what a user has typed. Where two
    /// begin at the same place, the longer one counts. (tiktoken's `encode` with `allowed_special`; its `encode_ordinary` is
    /// [`encode`](Self::encode).)
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `text` has a special token that is not allowed, or `allowed` names one that there is not.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::ByteBpe;
    /// let end = "<|endoftext|>";
    /// let bpe = ByteBpe::from_merges(&[])?.with_special_tokens(&[end])?;
    /// let ids = bpe.encode_with_special("a<|endoftext|>b", &[end])?;
    /// assert_eq!(ids, [97, 256, 98]);
    /// assert_eq!(bpe.decode(&ids)?, "a<|endoftext|>b");
    /// assert!(bpe.encode_with_special("a<|endoftext|>b", &[]).is_err());
    /// assert_eq!(bpe.encode("<|endoftext|>").len(), 13); // its bytes
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn encode_with_special(&self, text: &str, allowed: &[&str]) -> Result<Vec<u32>> {
        self.special.check(text, allowed)?;
        let (mut ids, mut rest) = (Vec::new(), text);
        while let Some((place, number)) = self.special.find(rest) {
            ids.extend(self.encode(&rest[..place]));
            ids.push((self.symbols.len() + number) as u32);
            rest = &rest[place + self.special.names()[number].len()..];
        }
        ids.extend(self.encode(rest));
        Ok(ids)
    }

    /// The token ids of `text`: in each piece the merges learned first are made first. Special tokens in it are text like any
    /// other.
    ///
    /// A piece that was there before is copied. O(n log n) for n bytes, about linear for text with
    /// spaces.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut done: HashMap<&str, Range<usize>> = HashMap::new();
        for piece in pieces(text) {
            if let Some(place) = done.get(piece) {
                ids.extend_from_within(place.clone());
                continue;
            }
            let mut word = ids_of_bytes(piece);
            merge_by_rank(&mut word, &self.ranks);
            done.insert(piece, ids.len()..ids.len() + word.len());
            ids.append(&mut word);
        }
        ids
    }

    /// The bytes of the tokens `ids`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if an id is not in the vocabulary.
    pub fn decode_bytes(&self, ids: &[u32]) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for (at, &id) in ids.iter().enumerate() {
            let token = self.token(id).ok_or_else(|| Error::OutOfRange {
                what: format!("`ids[{at}]`"),
                found: id.to_string(),
                expected: "below the size of the vocabulary",
            })?;
            bytes.extend_from_slice(token);
        }
        Ok(bytes)
    }

    /// The text of the tokens `ids`. What [`encode`](Self::encode) gave always comes back the same.
    ///
    /// A model may also write tokens that break a character in two; that part becomes U+FFFD, "�".
    ///
    /// # Errors
    /// As [`decode_bytes`](Self::decode_bytes).
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::text::ByteBpe;
    /// let bytes_only = ByteBpe::from_merges(&[])?;
    /// let ids = bytes_only.encode("é");
    /// assert_eq!(bytes_only.decode(&ids)?, "é");
    /// assert_eq!(bytes_only.decode(&ids[..1])?, "\u{fffd}");
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.decode_bytes(ids)?).into_owned())
    }

    /// The bytes of one token, `None` if there is no such id.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        let special = || {
            let number = (id as usize).checked_sub(self.symbols.len())?;
            self.special.names().get(number).map(String::as_bytes)
        };
        self.symbols.get(id).or_else(special)
    }

    /// How many tokens there are, the 256 bytes and the special ones included.
    pub fn vocabulary_size(&self) -> usize {
        self.symbols.len() + self.special.names().len()
    }

    /// The merges as pairs of token ids, in the order in which they were learned.
    pub fn merges(&self) -> &[(u32, u32)] {
        &self.merges
    }
}

/// The bytes as symbols, each with its value as id.
fn all_bytes() -> Symbols {
    let mut symbols = Symbols::default();
    for byte in 0..=u8::MAX {
        symbols.intern(&[byte]);
    }
    symbols
}

fn ids_of_bytes(piece: &str) -> Vec<u32> {
    piece.bytes().map(u32::from).collect()
}

/// What is stored: all else follows from the merges.
#[derive(Serialize, Deserialize)]
struct Stored {
    merges: Vec<Pair>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    special_tokens: Vec<String>,
}

impl From<ByteBpe> for Stored {
    fn from(bpe: ByteBpe) -> Self {
        Stored {
            special_tokens: bpe.special_tokens().to_vec(),
            merges: bpe.merges,
        }
    }
}

impl TryFrom<Stored> for ByteBpe {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        ByteBpe::from_merges(&stored.merges)?.with_special_tokens(&stored.special_tokens)
    }
}

#[cfg(test)]
mod tests;
