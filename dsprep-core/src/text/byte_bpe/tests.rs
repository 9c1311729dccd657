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
            292, 275, 131, 269, 145, 169, 226, 128, 141, 269, 145, 169, 226, 128, 141, 269, 145,
            167, 32, 99, 97, 102, 195, 169,
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
fn special_tokens_are_whole_if_allowed_refused_if_not_and_text_to_encode() -> Result<()> {
    let (end, turn) = ("<|end|>", "<|end|>user");
    let plain = ByteBpe::from_merges(&MERGES)?;
    let bpe = plain.clone().with_special_tokens(&[end, turn])?;
    let size = plain.vocabulary_size() as u32;
    assert_eq!(bpe.vocabulary_size() as u32, size + 2);
    let text = "lower<|end|> newest<|end|>user<|end|>";
    let ids = bpe.encode_with_special(text, &[end, turn])?;
    let (lower, newest) = (plain.encode("lower"), plain.encode(" newest"));
    let expected = [lower, vec![size], newest, vec![size + 1, size]].concat();
    assert_eq!(ids, expected);
    assert_eq!(bpe.decode(&ids)?, text);
    assert_eq!(bpe.encode(text), plain.encode(text));
    for allowed in [&[] as &[&str], &[end], &[turn]] {
        let error = bpe
            .encode_with_special(text, allowed)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("with the special token \"<|end|>"),
            "{error}"
        );
    }
    assert_eq!(
        bpe.encode_with_special("<|end|", &[])?,
        plain.encode("<|end|")
    );
    assert!(bpe.encode_with_special("", &["<|start|>"]).is_err());
    for wrong in [&[end, end], &["", end]] {
        assert!(plain.clone().with_special_tokens(wrong).is_err());
    }
    assert_eq!(bpe.token(size + 2), None);
    Ok(())
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

/// A text, its ids with all special tokens allowed, its ids as text alone, and what is refused if none is allowed.
type Case<'a> = (&'a str, Vec<u32>, Vec<u32>, Option<&'a str>);

/// Ids with all special tokens allowed, ids of the text alone, and what is refused if none is allowed: tiktoken 0.14.0 with the
/// merges above, `tests/peers/special_tokens.py`.
#[test]
fn special_tokens_are_those_of_tiktoken() -> Result<()> {
    let special = ["<|endoftext|>", "<|turn|>"];
    let bpe = ByteBpe::from_merges(&MERGES)?.with_special_tokens(&special)?;
    let end: &[u32] = &[60, 124, 101, 110, 100, 111, 102, 116, 101, 120, 116, 124];
    let turn: &[u32] = &[60, 124, 116, 312, 124, 62];
    let cases: [Case<'_>; 4] = [
        (
            "lower<|endoftext|> newest<|turn|><|endoftext|>",
            vec![259, 273, 316, 258, 274, 317, 316],
            [&[259, 273], end, &[62, 258, 274], turn, end, &[62]].concat(),
            Some("<|endoftext|>"),
        ),
        (
            "<|turn|>한국 ",
            vec![317, 264, 268, 32],
            [turn, &[264, 268, 32]].concat(),
            Some("<|turn|>"),
        ),
        ("<|endoftext|", end.to_vec(), end.to_vec(), None),
        (
            "<|endoftext|><|",
            vec![316, 60, 124],
            [end, &[62, 60, 124]].concat(),
            Some("<|endoftext|>"),
        ),
    ];
    for (text, allowed, ordinary, refused) in cases {
        assert_eq!(bpe.encode_with_special(text, &special)?, allowed, "{text}");
        assert_eq!(bpe.encode(text), ordinary, "{text}");
        match (bpe.encode_with_special(text, &[]), refused) {
            (Ok(ids), None) => assert_eq!(ids, ordinary),
            (Err(error), Some(token)) => assert!(error.to_string().contains(token), "{error}"),
            (found, expected) => panic!("{text}: {found:?} {expected:?}"),
        }
    }
    Ok(())
}
