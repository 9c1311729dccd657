//! Byte-pair encoding on bytes, as in GPT-2 (question 22).
//!
//! The base tokens are the 256 bytes, so that every text can be encoded and nothing is out of
//! vocabulary: an emoji that training never saw is four bytes. After Radford et al., "Language models
//! are unsupervised multitask learners", 2019, section 2.2; text is first cut by
//! [`pretokenize`](super::pretokenize).
//!
//! Left out: GPT-2's printable stand-ins for bytes (its "Ġ" is our `b" "`), special tokens, and its
//! order of the first 256 ids, which here are the bytes' values.

use super::counted_words::{CountedWords, Pair};
use super::incremental_trainer;
use super::pretokenize::pieces;
use super::rank_encoder::{Ranks, merge_by_rank};
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
        })
    }

    /// The token ids of `text`: in each piece the merges learned first are made first.
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
        self.symbols.get(id)
    }

    /// How many tokens there are, the 256 bytes included.
    pub fn vocabulary_size(&self) -> usize {
        self.symbols.len()
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
}

impl From<ByteBpe> for Stored {
    fn from(ByteBpe { merges, .. }: ByteBpe) -> Self {
        Stored { merges }
    }
}

impl TryFrom<Stored> for ByteBpe {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        ByteBpe::from_merges(&stored.merges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    /// 60 merges that Hugging Face's `tokenizers` 0.23.3 learned: the output of `tests/peers/byte_bpe.py`.
    #[rustfmt::skip]
    const MERGES: [(u32, u32); 60] = [
        (110, 101), (119, 101), (32, 256), (108, 111), (115, 116), (237, 149), (32, 32), (156, 234),
        (261, 263), (49, 50), (100, 101), (104, 101), (181, 173), (240, 159), (32, 259), (32, 264),
        (32, 265), (257, 114), (257, 260), (269, 153), (33, 33), (46, 46), (105, 266), (116, 267),
        (119, 278), (236, 150), (10, 262), (32, 102), (32, 105), (32, 279), (32, 280), (258, 119),
        (258, 273), (268, 281), (270, 274), (272, 51), (275, 130), (282, 32), (289, 180), (39, 115),
        (39, 116), (41, 58), (48, 50), (50, 298), (84, 267), (98, 114), (99, 107), (101, 116), (105, 302),
        (111, 119), (111, 120), (111, 256), (113, 117), (114, 110), (114, 303), (115, 110), (117, 309),
        (184, 128), (10, 293), (32, 35),
    ];

    /// Texts and their ids by the same script.
    const ENCODED: [(&str, &[u32]); 8] = [
        ("lower newest", &[259, 273, 258, 274]),
        (
            "  The  widest fox\n\n\tisn't new! ",
            &[
                32, 32, 300, 32, 286, 260, 283, 306, 10, 10, 9, 105, 311, 296, 287, 33, 32,
            ],
        ),
        (
            "한국어를 한다",
            &[264, 294, 235, 165, 188, 32, 261, 156, 235, 139, 164],
        ),
        (
            "🙂🙃👩\u{200d}👩\u{200d}👧 café",
            &[
                292, 275, 131, 269, 145, 169, 226, 128, 141, 269, 145, 169, 226, 128, 141, 269,
                145, 167, 32, 99, 97, 102, 195, 169,
            ],
        ),
        (
            "x = 1234567\r\n\u{0}\u{7f}",
            &[120, 32, 61, 291, 52, 53, 54, 55, 13, 10, 0, 127],
        ),
        (
            "I'LL we'll '",
            &[73, 39, 76, 76, 32, 257, 39, 108, 108, 32, 39],
        ),
        ("ⅷ ½ ²", &[226, 133, 183, 32, 194, 189, 32, 194, 178]),
        (
            " nbsp\u{3000}ideographic",
            &[
                32, 110, 98, 115, 112, 227, 128, 128, 278, 111, 103, 114, 97, 112, 104, 105, 99,
            ],
        ),
    ];

    /// Any characters, of planes and kinds that tokenizers stumble over.
    fn random_text(rng: &mut RandomState) -> String {
        const RANGES: [(u32, u32); 8] = [
            (0, 0x20),          // control characters
            (0x20, 0x7f),       // ASCII
            (0x20, 0x7f),       // twice as often
            (0x80, 0x250),      // Latin
            (0x900, 0x980),     // Devanagari with its vowel signs
            (0xac00, 0xd7a4),   // Hangul
            (0x1f300, 0x1f700), // emoji
            (0, 0x11_0000),     // anything
        ];
        (0..rng.choice(40, ()).unwrap())
            .filter_map(|_| {
                let (low, high) = RANGES[rng.choice(RANGES.len(), ()).unwrap()];
                char::from_u32(rng.randint(low.into(), high.into(), ()).unwrap() as u32)
            })
            .collect()
    }

    #[test]
    fn encodings_equal_hugging_faces() {
        let bpe = ByteBpe::from_merges(&MERGES).unwrap();
        for (text, ids) in ENCODED {
            assert_eq!(bpe.encode(text), ids, "{text:?}");
        }
    }

    #[test]
    fn any_text_comes_back_the_same() {
        let mut rng = RandomState::seed(22);
        let corpus: Vec<String> = (0..200).map(|_| random_text(&mut rng)).collect();
        for bpe in [
            ByteBpe::train(&corpus, 256).unwrap(),
            ByteBpe::train(&corpus, 600).unwrap(),
            ByteBpe::from_merges(&MERGES).unwrap(),
        ] {
            for _ in 0..2000 {
                let text = random_text(&mut rng);
                let ids = bpe.encode(&text);
                assert_eq!(bpe.decode(&ids).unwrap(), text);
                assert!(ids.len() <= text.len());
            }
        }
    }

    #[test]
    fn training_stops_at_the_vocabulary_size_or_when_nothing_is_left() {
        assert_eq!(
            ByteBpe::train(&["abcabc abc"], 257)
                .unwrap()
                .vocabulary_size(),
            257
        );
        assert_eq!(
            ByteBpe::train(&["ab"], 5000).unwrap().vocabulary_size(),
            257
        );
    }

    #[test]
    fn a_vocabulary_without_room_for_the_bytes_is_an_error() {
        let error = ByteBpe::train(&["ab"], 100).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`vocabulary_size` is 100, but it must be at least 256, one token for each byte."
        );
    }

    #[test]
    fn unknown_ids_are_errors_that_say_where() {
        let bpe = ByteBpe::from_merges(&[]).unwrap();
        let error = bpe.decode(&[65, 256]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`ids[1]` is 256, but it must be below the size of the vocabulary."
        );
        assert!(ByteBpe::from_merges(&[(256, 65)]).is_err());
    }
}
