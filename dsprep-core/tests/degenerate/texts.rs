//! Tokenizers, stories and cards.

use crate::inputs::TEXTS;
use crate::sweep::{Sweep, plain};
use dsprep_core::prelude::*;

pub fn texts(s: &mut Sweep) {
    for text in TEXTS {
        let input = format!("{text:?}");
        for size in [0, 1, 255, 256, 260, 300] {
            s.try_on("ByteBpe::train", &input, || {
                let bpe = ByteBpe::train(&[text], size)?;
                let ids = bpe.encode(text);
                assert_eq!(bpe.decode(&ids)?, text);
                let other = bpe.encode("naïve 👩‍👩‍👧");
                assert_eq!(bpe.decode(&other)?, "naïve 👩‍👩‍👧");
                Ok(vec![bpe.vocabulary_size() as f64])
            });
            s.try_on("CharBpe::train", &input, || {
                let bpe = CharBpe::train(&[text], size);
                assert_eq!(
                    CharBpe::train_incrementally(&[text], size).merges(),
                    bpe.merges()
                );
                Ok(vec![
                    bpe.encode(text).len() as f64,
                    bpe.encode_steps(text).len() as f64,
                ])
            });
            s.try_on("WordPiece::train", &input, || {
                let pieces = WordPiece::train(&[text], size, 1);
                Ok(vec![
                    pieces.encode(text).len() as f64,
                    pieces.encode_word(text).len() as f64,
                ])
            });
            s.try_on("Vocabulary::most_frequent", &input, || {
                let vocabulary = Vocabulary::most_frequent(&[text], size);
                Ok(vec![
                    vocabulary.unknown_share(&[text, "x"]),
                    vocabulary.encode(&[text]).len() as f64,
                ])
            });
        }
        s.try_on("pretokenize", &input, || {
            assert_eq!(pretokenize(text).concat(), text);
            Ok(vec![])
        });
        s.try_on("word_tokens", &input, || {
            Ok(vec![word_tokens(text).len() as f64])
        });
        s.try_on("char_tokens", &input, || {
            Ok(vec![char_tokens(text).len() as f64])
        });
        s.try_on("merge_by_string_replacement", &input, || {
            Ok(vec![
                merge_by_string_replacement(text, "a", "").len() as f64,
                merge_by_string_replacement(text, "", "").len() as f64,
            ])
        });
        s.try_on("merge_symbols", &input, || {
            Ok(vec![
                merge_symbols(&[text, "a", "a", "a"], "a", text).len() as f64
            ])
        });
    }
    for text in TEXTS {
        s.try_on("Story::review", format!("{text:?}"), || {
            let story = Story {
                situation: text.to_owned(),
                task: text.repeat(300),
                action: text.to_owned(),
                result: format!("{text} 40 % {text}"),
            };
            let review = story.review();
            let chart = review.budget_chart(text)?;
            Ok(vec![
                review.seconds(),
                review.findings().len() as f64,
                chart.svg().len() as f64,
            ])
        });
        s.try_on("FlashCards::only", format!("{text:?}"), || {
            mock_interview(usize::MAX, &mut RandomState::seed(1)).only(text)?;
            Ok(vec![])
        });
    }
    for question in [0, 15, 16, 30, 31, u8::MAX] {
        s.try_on("flash_cards", question.to_string(), || {
            Ok(vec![flash_cards(question)?.cards().len() as f64])
        });
    }
    for ids in [vec![], vec![0], vec![255, 128], vec![u32::MAX], vec![256]] {
        s.try_on("ByteBpe::decode", format!("{ids:?}"), || {
            plain(ByteBpe::from_merges(&[])?.decode(&ids))
        });
    }
    for (special, text) in [("", "a"), ("a", "aaa"), ("한", "한국"), ("<|x|>", "<|x|")] {
        s.try_on("ByteBpe::encode_with_special", special, || {
            let bpe = ByteBpe::from_merges(&[])?.with_special_tokens(&[special])?;
            let ids = bpe.encode_with_special(text, &[special])?;
            assert_eq!(bpe.decode(&ids)?, text);
            bpe.encode_with_special(text, &[])
                .map(|ids| vec![ids.len() as f64])
        });
    }
    for merges in [
        vec![(0, u32::MAX)],
        vec![(256, 0)],
        vec![(97, 97), (256, 97)],
        vec![(97, 97), (97, 97)],
    ] {
        s.try_on("ByteBpe::from_merges", format!("{merges:?}"), || {
            ByteBpe::from_merges(&merges).map(|bpe| vec![bpe.encode("aaaa").len() as f64])
        });
    }
    s.try_on("Vocabulary::most_frequent", "nothing", || {
        Ok(vec![
            Vocabulary::most_frequent(&[] as &[&str], 3).unknown_share(&[] as &[&str]),
        ])
    });
}
