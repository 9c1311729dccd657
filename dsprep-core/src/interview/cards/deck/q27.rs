//! Question 27: accuracy and better metrics.

use super::{Card, Level, Source, Topic};

const Q27: Card = Card::of(Source::Question(27), Topic::Evaluation);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "accuracy",
        level: Level::Junior,
        front: "The model has 99 % accuracy. Do you deploy it?",
        back: "First: compared with what? At a prevalence of 1 % \"always negative\" has 99 % too \
            and finds nothing. I look at precision and recall of the rare class on held-out data, \
            at calibration, and at the cost of each error.",
        wrong: "\"Yes, it is better than humans.\"",
        follow_up: "Which single number would you then report? None alone. If it must be one: the \
            expected cost per case at the threshold in use, beside that of the present rule. \
            Without costs, recall at the precision that the reviewers can bear.",
        ..Q27
    },
    Card {
        key: "roc-pr",
        level: Level::Senior,
        front: "ROC-AUC is 0.95 and average precision 0.2. How can that be?",
        back: "At a low prevalence a small false positive rate is still many false positives, which \
            ruin the precision. ROC does not see the prevalence; the PR curve does, and its \
            baseline is the prevalence.",
        wrong: "\"One of the two must be computed wrongly.\"",
        follow_up: "What is the average precision of a random model? The prevalence, for any \
            scores that know nothing; for constant scores exactly, as all rows are flagged at \
            once.",
        ..Q27
    },
    Card {
        key: "threshold",
        level: Level::Senior,
        front: "How do you choose the threshold?",
        back: "From costs: flag if p > c_FP / (c_FP + c_FN), given calibrated probabilities and no \
            gain from right answers. Else by expected cost on validation data, or by the capacity \
            of the reviewers.",
        wrong: "\"0.5\", or \"where F1 is highest\".",
        follow_up: "A false negative costs 99 times a false positive. Where is the threshold? At 1 \
            / (1 + 99) = 0.01.",
        ..Q27
    },
    Card {
        key: "recall",
        level: Level::Junior,
        front: "\"For fraud we optimise recall.\" What is wrong with that?",
        back: "Flagging everything has recall 1. Recall is to be maximised at a given precision, \
            false positive rate or review capacity.",
        wrong: "\"Nothing: missed fraud is the expensive error.\"",
        follow_up: "And for a spam filter? There the false positive is the costly error, a lost \
            message: maximise recall at a precision of, say, 99.9 %.",
        ..Q27
    },
    Card {
        key: "calibration",
        level: Level::Senior,
        front: "When do you need calibrated probabilities, and how do you check them?",
        back: "Whenever the number is used and not only the order: expected costs, thresholds, \
            prices. Draw the observed share against the predicted one by bins, with log loss or \
            Brier score; repair it by Platt or isotonic regression on data that was not trained \
            on.",
        wrong: "\"A high AUC means calibrated.\"",
        follow_up: "You trained on a balanced subsample. How do you correct the probabilities? Add \
            the logarithm of the share of negatives that was kept to the intercept: ln s, or p' = \
            p s / (p s + 1 − p). The order stays; or recalibrate on a sample with the true \
            prevalence.",
        ..Q27
    },
    Card {
        key: "imbalance",
        level: Level::Senior,
        front: "One row in a hundred is positive. Do you oversample, weight or use SMOTE?",
        back: "Not for the ranking: in the notebook the AUC stays and average precision falls. \
            They move the probabilities, so that 0.5 suits the costs better, and moving the \
            threshold does that alone. Train on what there is, choose the threshold from costs.",
        wrong: "\"Always balance the classes first.\"",
        follow_up: "When do you drop negatives all the same? To save time or memory: keep a share \
            s of them, and add ln s to the log-odds.",
        ..Q27
    },
];
