//! Question 28: good offline, poor in production.

use super::{Card, Level, Source, Topic};

const Q28: Card = Card::of(Source::Question(28), Topic::Production);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "triage",
        level: Level::Junior,
        front: "Name three causes of \"good offline, poor in production\", and the first check for \
            each.",
        back: "Skew: compute the same rows by the training and the serving code and compare. \
            Leakage: look for features known only after the outcome, and for rows shared by \
            training and test. Shift: compare the distributions of training and live inputs.",
        wrong: "\"Overfitting.\" A held-out test would have shown that already.",
        follow_up: "In which order do you check, and why? First whether it is poor at all (same \
            metric, same population, enough labels); then parity, which is exact and cheap; then \
            the test itself; then the world, which takes statistics and labels.",
        ..Q28
    },
    Card {
        key: "scaler",
        level: Level::Senior,
        front: "A scaler was fitted on all data, test rows included. How inflated is the AUC?",
        back: "Hardly at all: in the original both are 0.922, equal to all digits. It is wrong in \
            principle, yet unsupervised and nearly constant. Target encoding or feature selection \
            with the labels of all rows is the leak that inflates.",
        wrong: "\"Much; it is the classic leak.\"",
        follow_up: "Which preprocessing uses the label? Target encoding, feature selection by \
            correlation with the label, imputation by class, oversampling before the split, and \
            any tuning on the test set.",
        ..Q28
    },
    Card {
        key: "shift",
        level: Level::Senior,
        front: "From one quarter to the next, the border between the classes moves by 1.5 \
            standard deviations. Why may the AUC stay near 1 while accuracy falls?",
        back: "AUC depends only on the order of the scores, and the same feature still ranks the \
            rows. Accuracy depends on the threshold, which is now in the wrong place: 0.999 and \
            0.565 in the notebook. Recalibrate, or move the threshold, on new labels.",
        wrong: "\"If the AUC is stable, nothing has shifted.\"",
        follow_up: "In the original's later quarter all labels are positive. What is the AUC? It \
            is not defined, as there is no pair of a positive and a negative: NaN, not 1.",
        ..Q28
    },
    Card {
        key: "kinds",
        level: Level::Senior,
        front: "Covariate shift, label shift, concept shift: what changes, and what stays?",
        back: "Covariate shift: P(x) changes, P(y|x) stays. Label shift: P(y) changes, P(x|y) \
            stays. Concept shift: P(y|x) itself changes. The first two can be repaired by weights; \
            the third takes new labels.",
        wrong: "\"They all mean that the data drifted; retrain.\"",
        follow_up: "How do you tell the first from the third without labels? You can't fully: a \
            classifier of old against new rows shows that P(x) has moved, and says nothing of P(y \
            | x). For that some hundred fresh labels of randomly chosen rows are needed, and the \
            calibration on rows that are alike.",
        ..Q28
    },
    Card {
        key: "future",
        level: Level::Staff,
        front: "How do you make sure that no feature knows the future?",
        back: "Store values with the time at which they became known, join as of the prediction \
            time, split by time, and log the features served, to train on what was really seen. A \
            test recomputes old predictions and compares.",
        wrong: "\"Drop the columns with suspicious names.\"",
        follow_up: "A table is corrected afterwards. Which value do you train on? On the value \
            that was known at the time, as serving saw it: keep both times for each value, when it \
            was true and when it was recorded.",
        ..Q28
    },
    Card {
        key: "auc",
        level: Level::Senior,
        front: "Does the AUC show a shift?",
        back: "It may and it need not. It falls where the order gets worse: changed weights, rows \
            on which the model was always wrong, rows that are more alike. It stays where only the \
            level moves: another boundary, another share of positives. So watch the calibration as \
            well.",
        wrong: "\"No AUC sees a shift\", or \"a stable AUC means no shift\".",
        follow_up: "A covariate shift hurts, and there are no new labels. What do you do? Weigh \
            the old rows by p / (1 − p) of a classifier of new against old, and retrain; look at \
            how many rows that is worth.",
        ..Q28
    },
];
