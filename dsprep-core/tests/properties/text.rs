//! Tokenizers: any text comes back, and a fast trainer learns what the textbook's learns.

use crate::inputs::cases;
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Few letters, so that pairs repeat, and a little of everything else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ab ]{0,40}", "[a-c한글🙂é' \n0-9.]{0,40}", any::<String>()]
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn bytes_give_any_text_back_whatever_was_learned(
        corpus in vec(text(), 0..5), size in 256_usize..330, new in any::<String>(),
    ) {
        let bpe = ByteBpe::train(&corpus, size)?;
        prop_assert!(bpe.vocabulary_size() <= size);
        for text in corpus.iter().chain([&new]) {
            let ids = bpe.encode(text);
            prop_assert_eq!(&bpe.decode(&ids)?, text);
            prop_assert!(ids.len() <= text.len());
        }
    }

    #[test]
    fn training_depends_on_the_corpus_alone(corpus in vec(text(), 0..5)) {
        prop_assert_eq!(ByteBpe::train(&corpus, 300)?, ByteBpe::train(&corpus, 300)?);
        prop_assert_eq!(CharBpe::train(&corpus, 20), CharBpe::train(&corpus, 20));
        prop_assert_eq!(WordPiece::train(&corpus, 40, 1), WordPiece::train(&corpus, 40, 1));
        let smaller = ByteBpe::train(&corpus, 270)?;
        let larger = ByteBpe::train(&corpus, 300)?;
        prop_assert!(larger.merges().starts_with(smaller.merges()));
    }

    #[test]
    fn the_incremental_trainer_learns_what_the_textbook_trainer_learns(
        corpus in vec(text(), 0..5), merges in 0_usize..40,
    ) {
        prop_assert_eq!(CharBpe::train_incrementally(&corpus, merges), CharBpe::train(&corpus, merges));
    }

    #[test]
    fn character_symbols_spell_the_words(corpus in vec(text(), 0..5), words in vec("[a-d한é]{1,8}", 0..6)) {
        let bpe = CharBpe::train(&corpus, 30);
        let symbols: Vec<String> = words.iter().flat_map(|word| bpe.encode(word)).collect();
        prop_assert_eq!(CharBpe::decode(&symbols), words.join(" "));
        for word in &words {
            let steps = bpe.encode_steps(word);
            prop_assert_eq!(steps.last(), Some(&bpe.encode(word)));
            prop_assert!(steps.windows(2).all(|pair| pair[1].len() < pair[0].len()));
        }
    }

    #[test]
    fn pieces_of_words_spell_the_word_or_are_unknown(
        corpus in vec(text(), 0..5), size in 0_usize..60, text in text(),
    ) {
        let model = WordPiece::train(&corpus, size, 1);
        for text in corpus.iter().chain([&text]) {
            let mut pieces = model.encode(text).into_iter().peekable();
            for word in word_tokens(text) {
                let Some(first) = pieces.next() else { prop_assert!(false, "{:?} has no piece", word); continue };
                let mut spelled = first;
                while let Some(next) = pieces.next_if(|next| next.starts_with("##")) {
                    spelled += &next[2..];
                }
                prop_assert!(spelled == word || spelled == "[UNK]" || word.starts_with('#'), "{:?} {:?}", word, spelled);
            }
        }
    }

    #[test]
    fn the_pieces_together_are_the_text(text in any::<String>()) {
        prop_assert_eq!(pretokenize(&text).concat(), text.as_str());
        prop_assert!(pretokenize(&text).iter().all(|piece| !piece.is_empty()));
        let kept: String = word_tokens(&text).concat();
        let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        prop_assert_eq!(kept, expected);
        prop_assert_eq!(char_tokens(&text).into_iter().collect::<String>(), text);
    }

    #[test]
    fn any_merges_and_ids_are_used_or_refused(
        merges in vec((0_u32..300, 0_u32..300), 0..20), ids in vec(0_u32..400, 0..20),
        text in any::<String>(),
    ) {
        if let Ok(bpe) = ByteBpe::from_merges(&merges) {
            prop_assert_eq!(&bpe.decode(&bpe.encode(&text))?, &text);
            let known = ids.iter().all(|&id| bpe.token(id).is_some());
            prop_assert_eq!(bpe.decode(&ids).is_ok(), known);
        }
    }

    #[test]
    fn merging_symbols_leaves_their_text_alone(
        word in vec("[ab]{1,2}", 0..12), left in "[ab]{1,2}", right in "[ab]{1,2}",
    ) {
        let merged = merge_symbols(&word, &left, &right);
        prop_assert_eq!(merged.concat(), word.concat());
        prop_assert!(merged.len() <= word.len());
    }

    #[test]
    fn a_vocabulary_knows_the_most_frequent_tokens(tokens in vec("[a-e]", 0..30), size in 0_usize..7) {
        let vocabulary = Vocabulary::most_frequent(&tokens, size);
        let count = |token: &str| tokens.iter().filter(|other| *other == token).count();
        let known = vocabulary.tokens();
        prop_assert!(known.windows(2).all(|pair| count(&pair[0]) >= count(&pair[1])));
        let least = known.last().map_or(0, |token| count(token));
        for token in &tokens {
            prop_assert!(known.contains(token) || (known.len() == size && count(token) <= least || size == 0));
        }
        let unknown = vocabulary.encode(&tokens).iter().filter(|id| id.is_none()).count();
        let share = if tokens.is_empty() { 0.0 } else { unknown as f64 / tokens.len() as f64 };
        prop_assert_eq!(vocabulary.unknown_share(&tokens), share);
    }
}
