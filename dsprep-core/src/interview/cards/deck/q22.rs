//! Question 22: tokenization.

use super::{Card, Level, Source, Topic};

const Q22: Card = Card::of(Source::Question(22), Topic::DeepLearning);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "bpe",
        level: Level::Junior,
        front: "How is a byte-pair vocabulary trained?",
        back: "Start with characters or bytes; count adjacent pairs, weighted by how often each word \
            occurs; merge the most frequent pair into a new symbol; repeat until the vocabulary \
            has its size. The order of the merges is the model.",
        wrong: "\"It picks the most frequent words.\"",
        follow_up: "Two pairs are equally frequent. Which one is merged? The algorithm leaves it \
            open, so the rule has to be written down: mostly the pair that was met first. Two \
            implementations with other rules learn other vocabularies.",
        ..Q22
    },
    Card {
        key: "encode",
        level: Level::Senior,
        front: "How is a new word encoded with trained merges?",
        back: "By applying the merges in the order in which they were learned, wherever they fit, to \
            the word's symbols. Not by looking for the longest token that matches; that is \
            WordPiece.",
        wrong: "\"By greedy longest match.\"",
        follow_up: "How do you get from O(n²) to O(n log n) for a long word? Keep the symbols in a \
            linked list and the possible merges in a heap by rank: take the lowest, merge, and push \
            the two new neighbours. Stale entries are skipped when they come up.",
        ..Q22
    },
    Card {
        key: "wordpiece",
        level: Level::Senior,
        front: "In which two ways does WordPiece differ from BPE?",
        back: "In training it merges the pair that raises the likelihood most, usually given as the \
            highest count(ab) / (count(a)·count(b)); Google's trainer was never published. In \
            encoding it takes the longest match from the left, with `##` for a piece inside a word.",
        wrong: "\"`##` is BPE's notation\", and \"BERT splits unhappiness into un ##happi ##ness\": \
            it gives un ##ha ##pp ##iness.",
        follow_up: "What does WordPiece do with a word that it can't build? The whole word becomes \
            one `[UNK]`, even if only a single letter is unknown. Byte-level BPE never does that.",
        ..Q22
    },
    Card {
        key: "oov",
        level: Level::Junior,
        front: "What does a byte-level vocabulary do with an unknown emoji?",
        back: "It falls back to bytes, all 256 of which are in the vocabulary, so any text can be \
            encoded and decoded to the same bytes. Nothing is out of vocabulary, but such text \
            takes more tokens.",
        wrong: "\"256 characters cover everything.\" They are bytes; Unicode has some 150,000 \
            characters.",
        follow_up: "What does that mean for the price of a text in Korean? A Hangul syllable has \
            three bytes, so up to three tokens: with a vocabulary learned from English the same \
            sentence takes about three times as many, and costs that much more and fills the \
            context faster.",
        ..Q22
    },
    Card {
        key: "replace",
        level: Level::Staff,
        front: "A merge is done by replacing `\"b c\"` with `\"bc\"` in a string of symbols with \
            spaces between them. What can go wrong?",
        back: "The match can start inside a longer symbol: with the symbols `ab` and `c` the text \
            `ab c` contains `b c`, and becomes `abc` although no such merge was learned. Compare \
            whole symbols.",
        wrong: "\"Nothing, the spaces keep the symbols apart.\"",
        follow_up: "Which test would have found it? A round trip doesn't. Train on a corpus such as \
            \"ab ab ab bc bc abc\" and compare with merging lists of symbols, or assert that every \
            symbol of an encoded word is in the vocabulary.",
        ..Q22
    },
];
