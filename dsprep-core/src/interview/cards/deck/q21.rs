//! Question 21: transfer learning.

use super::{Card, Level, Source, Topic};

const Q21: Card = Card::of(Source::Question(21), Topic::DeepLearning);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "why",
        level: Level::Junior,
        front: "Why does transfer learning work?",
        back: "A network that was trained on much data has features that are useful for related \
            tasks; starting from them, fewer labelled examples are needed. How much it helps \
            depends on how similar the tasks are.",
        wrong: "\"Early layers are the same in any image domain.\" Often similar, but not for X-rays, \
            spectra or satellite bands.",
        follow_up: "When does it hurt?",
        ..Q21
    },
    Card {
        key: "head",
        level: Level::Junior,
        front: "ResNet-18, all frozen, a new head for 10 classes. How many parameters are trained?",
        back: "512·10 weights and 10 biases: 5,130, of 11.18 million.",
        wrong: "\"About 512.\" That forgets the ten classes.",
        follow_up: "How many for 50 layers, where the features are 2,048 wide?",
        ..Q21
    },
    Card {
        key: "freeze",
        level: Level::Senior,
        front: "You froze the backbone with `requires_grad = False`, and its outputs still change \
            during training. Why?",
        back: "Batch normalisation in training mode goes on updating its running mean and variance, \
            which are buffers and not parameters. Put the frozen part into evaluation mode too.",
        wrong: "\"The optimiser still has momentum for them.\"",
        follow_up: "How do you test that frozen means frozen?",
        ..Q21
    },
    Card {
        key: "strategy",
        level: Level::Senior,
        front: "Feature extraction or fine-tuning: how do you decide?",
        back: "Few examples and a similar task: train the head only. More examples, or another \
            domain: fine-tune, with a smaller learning rate in the early layers. Let learning \
            curves of both, and of training from scratch, decide.",
        wrong: "\"Fine-tuning is always better.\" With few examples it overfits.",
        follow_up: "What is negative transfer, and how would you see it?",
        ..Q21
    },
];
