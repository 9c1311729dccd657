//! Question 19: backpropagation.

use super::{Card, Level, Source, Topic};

const Q19: Card = Card::of(Source::Question(19), Topic::DeepLearning);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "chain",
        level: Level::Junior,
        front: "What does backpropagation compute, and at what cost?",
        back: "The gradient of the loss with respect to every parameter, by the chain rule from the \
            output to the input, with the activations that the forward pass kept. It costs about \
            twice a forward pass, whatever the number of parameters.",
        wrong: "\"It updates the weights.\" The optimiser does that, with the gradient.",
        follow_up: "Why not take finite differences instead? They take two forward passes for each \
            parameter, two million for a million parameters, and lose a third of the digits or more. \
            They are for checking.",
        ..Q19
    },
    Card {
        key: "matrix",
        level: Level::Senior,
        front: "Z = XW + b and dL/dZ is given. What are dL/dW, dL/dX and dL/db?",
        back: "Xᵀ·dL/dZ, dL/dZ·Wᵀ, and the sum of dL/dZ over the rows. Check by shape: each gradient \
            has the shape of what it belongs to.",
        wrong: "\"dL/dW = dL/dZ · X.\" The shapes do not fit; the transpose is missing.",
        follow_up: "Where does the activation enter, and is it a matrix product? Between the \
            matrices, and no: it acts on each element, so dL/dZ = dL/dA ⊙ σ′(Z), a product element \
            by element.",
        ..Q19
    },
    Card {
        key: "check",
        level: Level::Senior,
        front: "How do you check a gradient numerically, and what makes it pass wrongly?",
        back: "By central differences, (L(w+ε) − L(w−ε)) / 2ε with ε near 1e-5, and the relative \
            error of every parameter, biases too. An absolute tolerance of 1e-5 passes a gradient \
            of 7e-5 that is 14 % off.",
        wrong: "\"The smaller ε, the better.\" Below about 1e-5 rounding takes over, and the \
            error grows as 1/ε: it has the shape of a V.",
        follow_up: "Which result do you expect at the kink of a ReLU? At 0 the difference gives \
            1/2, backpropagation 0 or 1: the check fails although nothing is wrong. Take points \
            away from the kink, or leave out those whose sign changes within ε.",
        ..Q19
    },
    Card {
        key: "vanishing",
        level: Level::Senior,
        front: "Why do gradients vanish in a deep sigmoid network?",
        back: "Each layer multiplies by the sigmoid's slope, at most 1/4, and by a weight matrix; \
            the product over layers shrinks exponentially. ReLU, residual connections, \
            normalisation and initial weights of the right scale keep it near 1.",
        wrong: "\"Because the learning rate is too small.\"",
        follow_up: "And what does it look like when they explode? The loss jumps up and becomes \
            NaN, and the norm of the gradient has peaks of many times its median. Clip the norm, \
            lower the learning rate, check the scale of the initial weights.",
        ..Q19
    },
    Card {
        key: "zeros",
        level: Level::Junior,
        front: "Why not start with all weights at zero?",
        back: "All units of a layer compute the same, get the same gradient and stay equal: the \
            layer has one unit. Random weights break the symmetry; biases may be zero.",
        wrong: "\"The gradient is always zero then.\" With sigmoid it need not be; the trouble is the \
            symmetry.",
        follow_up: "Which variance do Glorot and He choose, and why? Glorot 2/(n_in + n_out), so \
            that the variance of activations and of gradients stays level through linear units; He \
            2/n_in, since ReLU sets half of the inputs to 0.",
        ..Q19
    },
];
