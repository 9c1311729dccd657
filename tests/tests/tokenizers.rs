//! Our tokenizers against Hugging Face's, on the same texts: the same merges, the same pieces.
//!
//! Theirs break ties between equally frequent pairs by the symbols' numbers, ours by first appearance. So
//! trainers are compared on corpora without a tie; and on any corpus, what one has learned is given to both.

use dsprep_core::Result;
use dsprep_core::text::{ByteBpe, CharBpe, END_OF_WORD, WordPiece, pretokenize};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::HashMap;
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::models::wordpiece::WordPiece as TheirWordPiece;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{
    AddedToken, Model, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, Tokenizer,
    Trainer,
};

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
    byte_level
        .pre_tokenize(&mut pieces)
        .expect("any text can be cut");
    let splits = pieces.get_splits(OffsetReferential::Original, OffsetType::Byte);
    splits
        .into_iter()
        .map(|(piece, ..)| piece.to_owned())
        .collect()
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
    let model = trained(&mut trainer, corpus, |text| Ok(their_pieces(text)));
    let mut ids: HashMap<String, u32> = (0..)
        .zip(stand_ins())
        .map(|(id, c)| (c.to_string(), id))
        .collect();
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

fn trained(
    trainer: &mut BpeTrainer,
    corpus: &[String],
    cut: impl Fn(&str) -> tokenizers::Result<Vec<String>> + Sync,
) -> BPE {
    trainer
        .feed(corpus.iter(), cut)
        .expect("any corpus can be counted");
    let mut model = BPE::default();
    trainer
        .train(&mut model)
        .expect("any corpus can be learned from");
    model
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
    bytes
        .map(|token| token.iter().map(|&byte| table[usize::from(byte)]).collect())
        .collect()
}

/// One character that stands for our end mark, since theirs is part of the last character.
const END: char = '\u{e000}';

fn with_end(word: &str) -> String {
    format!("{word}{END}")
}

fn end_as_theirs(symbol: &str) -> String {
    symbol.replace(END_OF_WORD, &END.to_string())
}

/// Their model with our character merges, which knows the characters of `words` too.
fn their_char_model(ours: &CharBpe, words: &[String]) -> BPE {
    let mut vocabulary: HashMap<String, u32> = HashMap::new();
    let characters = words.iter().flat_map(|word| word.chars()).map(String::from);
    for token in ours
        .tokens()
        .iter()
        .map(|token| end_as_theirs(token))
        .chain(characters)
        .chain([END.into()])
    {
        let next = vocabulary.len() as u32;
        vocabulary.entry(token).or_insert(next);
    }
    let merges = ours.merges().iter();
    let merges = merges
        .map(|(left, right)| (end_as_theirs(left), end_as_theirs(right)))
        .collect();
    let builder = BPE::builder().vocab_and_merges(
        vocabulary
            .into_iter()
            .collect::<tokenizers::models::bpe::Vocab>(),
        merges,
    );
    builder.build().expect("every merge is in the vocabulary")
}

/// Text without vowel signs and the like, which Rust calls letters and `\p{L}` does not; see `pretokenize`.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab ]{0,40}",
        r"([\p{L}]|[\p{N}]|[\p{P}]|[ \t\n\r]|[a-c' ]|'(s|t|re|ve|m|ll|d)|🙂|한){0,25}",
    ]
}

/// Two words with letters of their own, each with all its beginnings and its last letter, each of these twice as
/// often as another: no two pairs of symbols are ever equally frequent.
fn corpus_without_ties() -> impl Strategy<Value = Vec<String>> {
    let letters = Just(('a'..='z').collect::<Vec<char>>()).prop_shuffle();
    let counts = Just((0_u32..11).collect::<Vec<u32>>()).prop_shuffle();
    (letters, counts, 1_usize..8).prop_map(|(letters, counts, first)| {
        let words = [&letters[..first], &letters[first..9]].into_iter();
        let parts = words.flat_map(|word| {
            let beginnings = (1..=word.len()).map(|end| &word[..end]);
            beginnings.chain([&word[word.len() - 1..]])
        });
        parts
            .zip(counts)
            .map(|(part, power)| format!(" {}", String::from_iter(part)).repeat(1 << power))
            .collect()
    })
}

#[test]
fn texts_of_all_kinds_are_cut_and_encoded_alike() -> Result<()> {
    let corpus = TEXTS.map(String::from);
    let (merges, model) = their_training(&corpus, 256 + 80);
    let ours = ByteBpe::from_merges(&merges)?;
    for text in TEXTS {
        let pieces: Vec<String> = pretokenize(text).into_iter().map(in_stand_ins).collect();
        assert_eq!(pieces, their_pieces(text), "{text:?}");
        assert_eq!(
            our_tokens(&ours, text),
            their_tokens(&model, text),
            "{text:?}"
        );
    }
    Ok(())
}

/// What both make of `text` with these special tokens, in stand-ins for bytes but for the special ones.
fn with_special(text: &str, special: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    let (merges, model) = their_training(&TEXTS.map(String::from), 256 + 80);
    let ours = ByteBpe::from_merges(&merges)?.with_special_tokens(special)?;
    let mut theirs = Tokenizer::new(model);
    theirs.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    let added = special.iter().map(|token| AddedToken::from(token, true));
    theirs
        .add_special_tokens(added)
        .expect("any token can be added");
    let theirs = theirs.encode(text, false).expect("any text can be encoded");
    let allowed: Vec<&str> = special.iter().map(String::as_str).collect();
    let first = ours.vocabulary_size() - special.len();
    let table = stand_ins();
    let token = |id: u32| match (id as usize).checked_sub(first) {
        Some(number) => special[number].clone(),
        None => {
            let bytes = ours.token(id).unwrap_or_default();
            bytes.iter().map(|&byte| table[usize::from(byte)]).collect()
        }
    };
    let ours = ours.encode_with_special(text, &allowed)?;
    Ok((
        ours.into_iter().map(token).collect(),
        theirs.get_tokens().to_vec(),
    ))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, rng_seed: RngSeed::Fixed(22), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_cut_alike(text in text()) {
        let ours: Vec<String> = pretokenize(&text).into_iter().map(in_stand_ins).collect();
        prop_assert_eq!(ours, their_pieces(&text));
    }

    #[test]
    fn with_the_same_byte_merges_any_text_is_encoded_alike(
        corpus in vec(text(), 1..6), size in 256_usize..320, new in text(),
    ) {
        let (merges, model) = their_training(&corpus, size);
        let ours = ByteBpe::from_merges(&merges)?;
        for text in corpus.iter().chain([&new]) {
            prop_assert_eq!(our_tokens(&ours, text), their_tokens(&model, text));
        }
    }

    #[test]
    fn special_tokens_are_found_alike(text in "(<end>|<end|>|the |low|한|🙂|[ <>end]){0,12}", two in any::<bool>()) {
        let special = if two { vec!["<end>".to_owned(), "<end>the ".to_owned()] } else { vec!["<end>".to_owned()] };
        let (ours, theirs) = with_special(&text, &special)?;
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_corpus_without_ties_teaches_the_same_byte_merges_in_the_same_order(
        corpus in corpus_without_ties(), size in 256_usize..270,
    ) {
        let (theirs, _) = their_training(&corpus, size);
        let ours = ByteBpe::train(&corpus, size)?;
        prop_assert_eq!(ours.merges(), theirs);
    }

    #[test]
    fn a_corpus_without_ties_teaches_the_same_character_merges_in_the_same_order(
        corpus in corpus_without_ties(), merges in 0_usize..12,
    ) {
        let ours = CharBpe::train(&corpus, merges);
        let characters = ours.tokens().len() - ours.merges().len();
        let mut trainer = BpeTrainer::builder().vocab_size(characters + merges).show_progress(false).build();
        let cut = |text: &str| Ok(text.split_whitespace().map(with_end).collect());
        let theirs = merges_of(&trained(&mut trainer, &corpus, cut));
        let ours: Vec<(String, String)> =
            ours.merges().iter().map(|(left, right)| (end_as_theirs(left), end_as_theirs(right))).collect();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn with_the_same_character_merges_any_word_is_encoded_alike(
        corpus in vec("[abc한 ]{0,40}", 1..5), merges in 0_usize..30, words in vec("[a-d한é🙂]{1,12}", 1..6),
    ) {
        let ours = CharBpe::train(&corpus, merges);
        let model = their_char_model(&ours, &words);
        for word in &words {
            let theirs = model.tokenize(&with_end(word)).expect("every character is known");
            let theirs: Vec<String> = theirs.into_iter().map(|token| token.value).collect();
            let ours: Vec<String> = ours.encode(word).iter().map(|symbol| end_as_theirs(symbol)).collect();
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn with_the_same_word_pieces_any_word_is_encoded_alike(
        pieces in vec("(##)?[ab한]{1,3}", 0..12), words in vec("[abc한]{1,9}", 1..8), long in 95_usize..105,
    ) {
        let mut tokens = vec!["[UNK]".to_owned()];
        tokens.extend(pieces);
        tokens.dedup();
        let ids = (0..).zip(&tokens).map(|(id, token)| (token.clone(), id));
        let vocabulary: tokenizers::models::bpe::Vocab = ids.collect();
        let theirs = TheirWordPiece::builder().vocab(vocabulary).unk_token("[UNK]".into()).build();
        let theirs = theirs.expect("the unknown token is there");
        let ours = WordPiece::from_tokens(tokens);
        for word in words.iter().chain([&"a".repeat(long)]) {
            let pieces = theirs.tokenize(word).expect("the unknown token is there");
            let pieces: Vec<String> = pieces.into_iter().map(|token| token.value).collect();
            prop_assert_eq!(ours.encode_word(word), pieces);
        }
    }
}
