//! Question 20: attention.

use super::{Card, Level, Source, Topic};

const Q20: Card = Card::of(Source::Question(20), Topic::DeepLearning);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "formula",
        level: Level::Junior,
        front: "Write scaled dot-product attention, and say what each row of the weights is.",
        back: "softmax(QKᵀ/√d_k)·V. Row i holds the weights with which query i averages the values; \
            they are positive and sum to 1.",
        wrong: "\"The columns sum to 1.\" The softmax runs over the keys, along a row.",
        follow_up: "What are the shapes for n queries, m keys, d_k and d_v?",
        ..Q20
    },
    Card {
        key: "scale",
        level: Level::Senior,
        front: "Why divide by √d_k?",
        back: "If the components of q and k are independent with variance 1, q·k has variance d_k. \
            Scores that large saturate the softmax, and its gradients vanish. The division brings \
            the variance back to 1.",
        wrong: "\"To keep the numbers from overflowing.\" Subtracting the row's maximum does that.",
        follow_up: "Then why not divide by d_k?",
        ..Q20
    },
    Card {
        key: "causal",
        level: Level::Senior,
        front: "How do you keep a decoder from seeing the future, and how do you test it?",
        back: "Set the scores of later keys to −∞ before the softmax. Test: change a later token and \
            see that no earlier output changes, not even in the last bit.",
        wrong: "\"Set the weights to 0 after the softmax.\" Then the rows no longer sum to 1, and the \
            future still counts in the denominator.",
        follow_up: "What does a row become in which everything is masked?",
        ..Q20
    },
    Card {
        key: "cost",
        level: Level::Staff,
        front: "What does attention cost for length n, and what does a streaming softmax save?",
        back: "O(n²·d) time and, written plainly, O(n²) memory for the weights. Going over the keys \
            in tiles with a running maximum and sum gives the same result with memory linear in \
            n; the time stays quadratic.",
        wrong: "\"FlashAttention is linear in time.\" It is exact attention with less memory traffic.",
        follow_up: "What does the key-value cache hold when a model generates text?",
        ..Q20
    },
    Card {
        key: "position",
        level: Level::Senior,
        front: "What does self-attention know about the order of the tokens?",
        back: "Nothing: permute the tokens and the outputs are permuted likewise. Order comes in by \
            positional encodings, or by the causal mask.",
        wrong: "\"The row number in Q is the position.\"",
        follow_up: "Sinusoids, learned positions or rotations: which of them go beyond the trained \
            length?",
        ..Q20
    },
];
