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
        follow_up: "What are the shapes for n queries, m keys, d_k and d_v? Q n×d_k, K m×d_k, V \
            m×d_v; scores and weights n×m; the output n×d_v.",
        ..Q20
    },
    Card {
        key: "scale",
        level: Level::Senior,
        front: "Why divide by √d_k?",
        back: "If the components of q and k are independent with mean 0 and variance 1, q·k has \
            variance d_k. With scores that large softmax saturates: at d_k = 512 nearly all weight \
            is on one key, and the gradient is some ten times smaller. The division brings the \
            variance back to 1.",
        wrong: "\"To keep the numbers from overflowing.\" Subtracting the row's maximum does that.",
        follow_up: "Then why not divide by d_k? Then the variance would be 1/d_k: scores near 0, \
            weights all alike, and attention a plain mean at the start. The standard deviation is \
            what to divide by, and that is √d_k.",
        ..Q20
    },
    Card {
        key: "causal",
        level: Level::Senior,
        front: "How do you keep a decoder from seeing the future, and how do you test it?",
        back: "Set the scores of later keys to −∞ before the softmax. Test: for every t, change all \
            tokens after t and see that the outputs up to t stay the same, to the last bit.",
        wrong: "\"Change the last token and see that nothing else moves.\" A mask through which \
            token 2 sees token 5 passes that test. (And: setting weights to 0 after the softmax \
            leaves rows that don't sum to 1.)",
        follow_up: "What does a row become in which everything is masked? 0 / 0, NaN, which spreads \
            to everything behind it. It happens with padding at the start of a sequence: let each \
            token see itself.",
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
        follow_up: "What does the key-value cache hold when a model generates text? The keys and \
            values of all tokens so far, for each layer and KV head: 2 · layers · KV heads · head \
            size numbers a token. Queries are not kept.",
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
            length? None of them without loss. A learned table ends at its last row; sinusoids and \
            rotations are defined everywhere, but the angles are new to the model. Slowing the \
            frequencies of RoPE down and training a little works.",
        ..Q20
    },
];
