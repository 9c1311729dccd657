//! Question 21: transfer learning.

use super::{Card, Level, Source, Topic};

const Q21: Card = Card::of(Source::Question(21), Topic::DeepLearning);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "why",
        level: Level::Junior,
        front: "Why does transfer learning work?",
        back: "Networks learn a hierarchy: lower layers general features (edges, colours, \
            textures), upper ones what is specific. The general part takes most of the data to \
            learn, and a related task can reuse it, so that it needs fewer labelled examples. \
            Measured by Yosinski et al.: generality falls with depth.",
        wrong: "\"Early layers are the same in any image domain.\" Often similar, but not for X-rays, \
            spectra or satellite bands.",
        follow_up: "When does it hurt? If the source is unrelated, or the target has plenty of \
            data: negative transfer. See it by training from scratch as well, over several seeds.",
        ..Q21
    },
    Card {
        key: "head",
        level: Level::Junior,
        front: "ResNet-18, all frozen, a new head for 10 classes. How many parameters are trained?",
        back: "512·10 weights and 10 biases: 5,130, of 11.18 million.",
        wrong: "\"About 512.\" That forgets the ten classes.",
        follow_up: "How many for 50 layers, where the features are 2,048 wide? (2,048 + 1) · 10 = \
            20,490.",
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
        follow_up: "How do you test that frozen means frozen? Compare the bits of all parameters \
            and buffers before and after a step, and the features of a fixed input; count the \
            trained parameters.",
        ..Q21
    },
    Card {
        key: "strategy",
        level: Level::Senior,
        front: "Feature extraction or fine-tuning: how do you decide?",
        back: "Few examples, similar task: train the head only. Many, similar: fine-tune, with a \
            lower learning rate in the early layers. Many, different: fine-tune or scratch. Few, \
            different is hard: reuse the lower layers only, or find a nearer source. Learning \
            curves decide.",
        wrong: "\"Fine-tuning is always better.\" With few examples it overfits.",
        follow_up: "What is negative transfer, and how would you see it? Transfer that is worse \
            than training from scratch. Compare at equal steps, and also at scratch's own learning \
            rate: a lower rate alone can look like negative transfer.",
        ..Q21
    },
];
