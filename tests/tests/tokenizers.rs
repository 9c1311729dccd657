//! Our tokenizers against Hugging Face's, on the same texts: the same merges, the same pieces.
//!
//! Theirs break ties between equally frequent pairs by id, ours by first appearance. So a training is compared
//! where no tie was broken, and else their merges are given to both.

use dsprep_core::Result;
use dsprep_core::text::{ByteBpe, CharBpe, END_OF_WORD, WordPiece, pretokenize, word_tokens};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::models::wordpiece::WordPiece as TheirWordPiece;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{Model, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, Trainer};

const TEXTS: [&str; 8] = [
    "low lower lowest newer newest new widest wider",
    "The quick brown fox isn't the lowest; it's newer!  I'LL we'll '",
    "한국어 한글 한국 한국어를 한다",
    "🙂🙂 🙃 👩‍👩‍👧 café ... !!! 12 123 1234 2024",
    "def f(x):\n    return x\r\n\n\t# the new one\u{0}\u{7f}",
    "ⅷ ½ ² \u{a0}nbsp\u{3000}ideographic",
    "",
    "   ",
];

/// GPT-2's printable stand-in for each byte.
fn stand_ins() -> Vec<char> {
    let mut others = 256_u32..;
    (0_u8..=255)
        .map(|byte| match byte {
            33..=126 | 161..=172 | 174..=255 => char::from(byte),
            _ => others.next().and_then(char::from_u32).unwrap_or_default(),
        })
        .collect()
}

/// The pieces that they cut `text` into, in their stand-ins for bytes.
fn their_pieces(text: &str) -> Vec<String> {
    let mut pieces = PreTokenizedString::from(text);
    let byte_level = ByteLevel::new(false, true, true);
    byte_level.pre_tokenize(&mut pieces).expect("any text can be cut");
    let splits = pieces.get_splits(OffsetReferential::Original, OffsetType::Byte);
    splits.into_iter().map(|(piece, ..)| piece.to_owned()).collect()
}

fn in_stand_ins(text: &str) -> String {
    let table = stand_ins();
    text.bytes().map(|byte| table[usize::from(byte)]).collect()
}

/// Their byte-level merges of a corpus, as pairs of our token ids, in their order; and their model.
fn their_training(corpus: &[String], vocabulary_size: usize) -> (Vec<(u32, u32)>, BPE) {
    let mut trainer = BpeTrainer::builder()
        .vocab_size(vocabulary_size)
        .show_progress(false)
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
        .build();
    trainer
        .feed(corpus.iter(), |text| Ok(their_pieces(text)))
        .expect("any corpus can be counted");
    let mut model = BPE::default();
    trainer.train(&mut model).expect("any corpus can be learned from");
    let mut ids: HashMap<String, u32> = (0..).zip(stand_ins()).map(|(id, c)| (c.to_string(), id)).collect();
    let merges = merges_of(&model);
    let pairs = merges
        .into_iter()
        .map(|(left, right)| {
            let pair = (ids[&left], ids[&right]);
            let next = ids.len() as u32;
            ids.entry(left + &right).or_insert(next);
            pair
        })
        .collect();
    (pairs, model)
}

/// The merges of their model, which it shows only when written as JSON.
fn merges_of(model: &BPE) -> Vec<(String, String)> {
    let json = serde_json::to_value(model).expect("a model can be written");
    serde_json::from_value(json["merges"].clone()).expect("merges are pairs of texts")
}

/// What their model makes of `text`, as the bytes of each token.
fn their_tokens(model: &BPE, text: &str) -> Vec<String> {
    let tokens = their_pieces(text)
        .into_iter()
        .flat_map(|piece| model.tokenize(&piece).expect("every byte is known"));
    tokens.map(|token| token.value).collect()
}

/// The same from ours.
fn our_tokens(bpe: &ByteBpe, text: &str) -> Vec<String> {
    let table = stand_ins();
    let ids = bpe.encode(text);
    let bytes = ids.iter().map(|&id| bpe.token(id).unwrap_or_default());
    bytes.map(|token| token.iter().map(|&byte| table[usize::from(byte)]).collect()).collect()
}

/// Text without vowel signs and the like, which Rust calls letters and `\p{L}` does not; see `pretokenize`.
fn text() -> impl Strategy<Value = String> {
    let kinds = r"[\p{L}&&[^\p{Lm}]]|[\p{N}]|[\p{P}]|[ \t\n\r]|[a-c' ]|'(s|t|re|ve|m|ll|d)|🙂|한";
    prop_oneof!["[ab ]{0,40}".boxed(), format!("({kinds}){{0,25}}").prop_map_into()]
}

trait StringRegex {
    fn prop_map_into(self) -> BoxedStrategy<String>;
}

impl StringRegex for String {
    fn prop_map_into(self) -> BoxedStrategy<String> {
        prop::string::string_regex(&self).expect("a valid expression").boxed()
    }
}

#[test]
fn the_texts_are_cut_alike() {
    for text in TEXTS {
        let ours: Vec<String> = pretokenize(text).into_iter().map(in_stand_ins).collect();
        assert_eq!(ours, their_pieces(text), "{text:?}");
    }
}

#[test]
fn a_corpus_without_ties_teaches_both_the_same_merges_and_all_texts_are_encoded_alike() -> Result<()> {
    // Each word twice as frequent as the next, so that no two pairs of different words are equally frequent.
    let words = ["lower", "newest", "widest", "한국어", "fox's", "123456"];
    let corpus: Vec<String> = words.iter().enumerate().map(|(i, word)| format!(" {word}").repeat(3 << (2 * i))).collect();
    let (merges, model) = their_training(&corpus, 256 + 40);
    let ours = ByteBpe::train(&corpus, 256 + 40)?;
    let learned = |merges: &[(u32, u32)], bpe: &ByteBpe| -> BTreeSet<Vec<u8>> {
        merges.iter().map(|&(a, b)| [bpe.token(a), bpe.token(b)].map(Option::unwrap_or_default).concat()).collect()
    };
    let theirs = ByteBpe::from_merges(&merges)?;
    assert!(merges.len() > 20);
    assert_eq!(learned(&merges, &theirs).len(), learned(ours.merges(), &ours).len());
    for text in TEXTS {
        assert_eq!(our_tokens(&theirs, text), their_tokens(&model, text), "{text:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_cut_alike(text in text()) {
        let ours: Vec<String> = pretokenize(&text).into_iter().map(in_stand_ins).collect();
        prop_assert_eq!(ours, their_pieces(&text));
    }

    #[test]
    fn with_their_merges_of_any_corpus_any_text_is_encoded_alike(corpus in vec(text(), 1..6), size in 256_usize..320, new in text()) {
        let (merges, model) = their_training(&corpus, size);
        let ours = ByteBpe::from_merges(&merges)?;
        for text in corpus.iter().chain([&new]) {
            prop_assert_eq!(our_tokens(&ours, text), their_tokens(&model, text));
        }
    }
}
