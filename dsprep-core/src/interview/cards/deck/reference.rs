//! The fifteen lines of the quick reference card, put right, with the original wording beside them.

use super::{Card, Level, Printed, Source, Topic};

/// A card about the line `printed`.
const fn line(topic: Topic, printed: Printed) -> Card {
    Card {
        printed: Some(printed),
        ..Card::of(Source::ReferenceCard, topic)
    }
}

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "p-value",
        level: Level::Junior,
        front: "What is a p-value?",
        back: "The probability, if H0 (and the model) is true, of a test statistic at least as \
            extreme as the observed one. It is not P(H0 is true). If H0 is true, p-values of a \
            continuous statistic are uniform.",
        wrong: "\"The probability that H0 is true\", or \"that the result is due to chance\".",
        follow_up: "H0 is true in 90 % of your tests. Of the significant ones at 5 % and 80 % \
            power, how many are false? 36 %: of 1,000 tests 900 are of a true H0 and give 45 \
            findings, 100 give 80; 45 / 125.",
        ..line(
            Topic::Experiments,
            Printed {
                line: "p-value: P(data this extreme | H0 true) — NOT P(H0 is true)",
                remark: "\"This extreme\" has to be \"at least this extreme\": a p-value is the \
                    probability of a tail. For continuous data, the probability of exactly these \
                    data is 0.",
            },
        )
    },
    Card {
        key: "type-1",
        level: Level::Junior,
        front: "What is a type I error, and what is α?",
        back: "Rejecting an H0 that is true: a false positive. α is the rate of it that a test \
            allows, if H0 is true.",
        wrong: "\"5 % of my significant results are false.\" That share depends on the power and on \
            how often H0 is true.",
        follow_up: "You look at the data every day. What becomes of α? It grows with every look: \
            with daily looks for two weeks about one test in five of a true H0 is significant at \
            some time. Fix the date, or use a sequential test.",
        ..line(
            Topic::Experiments,
            Printed {
                line: "Type I error: False positive (alpha = significance level)",
                remark: "α is the rate of such errors when H0 is true, not the error, and not the \
                    share of findings that are false.",
            },
        )
    },
    Card {
        key: "type-2",
        level: Level::Junior,
        front: "What is a type II error, and what are β and power?",
        back: "Not rejecting an H0 that is false: a false negative. β is its probability for a given \
            effect and sample size; power is 1 − β.",
        wrong: "\"Not significant means no effect.\"",
        follow_up: "What do you do to raise the power without more users? Lower the variance \
            (CUPED, a better metric, stratify), treat only those who can be affected, use equal \
            arms, or test for a larger effect.",
        ..line(
            Topic::Experiments,
            Printed {
                line: "Type II error: False negative (beta = 1 - power)",
                remark: "β has a value only for a stated effect and sample size.",
            },
        )
    },
    Card {
        key: "bias-variance",
        level: Level::Senior,
        front: "State the bias-variance decomposition.",
        back: "For squared error, at a point x and over random training sets: E(y − f̂(x))² = (E \
            f̂(x) − f(x))² + Var f̂(x) + σ². Flexible models have less bias and more variance.",
        wrong: "\"Error = bias + variance, for any loss.\"",
        follow_up: "What does averaging many models do to each of the terms? Bias and noise stay, \
            the variance falls to ρσ² + (1 − ρ)σ²/B.",
        ..line(
            Topic::Models,
            Printed {
                line: "Bias-variance: Error = Bias² + Variance + Noise",
                remark: "This holds for the expected squared error, at a point, over training sets. \
                    For 0-1 loss it does not add up like that.",
            },
        )
    },
    Card {
        key: "l1-l2",
        level: Level::Junior,
        front: "L1 or L2: what does each one do to the weights?",
        back: "L1 (lasso) sets some to exactly 0, because its penalty has a corner there. L2 (ridge) \
            shrinks all, those of correlated features together, and none to exactly 0. Scale the \
            features first; the intercept is not penalised.",
        wrong: "\"L1 picks the truly relevant features.\" Of two correlated ones it picks one almost \
            by chance.",
        follow_up: "When do you take both, the elastic net? When features are correlated and many \
            are useless: the L1 part selects, the L2 part lets correlated ones share the weight.",
        ..line(
            Topic::Models,
            Printed {
                line: "L1 vs L2: L1 = sparse (zeros), L2 = smooth (small)",
                remark: "Nothing wrong, but \"smooth\" says little, and the features must be on one \
                    scale first.",
            },
        )
    },
    Card {
        key: "overfitting",
        level: Level::Junior,
        front: "How do you recognise overfitting, and what helps?",
        back: "Training error goes on falling while validation error rises. Regularise, simplify, \
            stop early, get more data, or average models. If both are high, it is underfitting, \
            and more data will not help.",
        wrong: "\"Any gap between training and test error.\"",
        follow_up: "Draw the learning curves for high bias and for high variance. High bias: both \
            curves meet early, at a high error. High variance: a wide gap that narrows with more \
            data.",
        ..line(
            Topic::Models,
            Printed {
                line: "Overfitting: low train error + high test error → regularize / more data",
                remark: "A gap alone is normal. What counts is that the test error could be lower with \
                    less flexibility; and the fault may also be leakage or a shift.",
            },
        )
    },
    Card {
        key: "random-forest",
        level: Level::Junior,
        front: "Why is a random forest better than one tree?",
        back: "Deep trees have little bias and much variance. Averaging B trees with variance σ² and \
            correlation ρ leaves ρσ² + (1 − ρ)σ²/B; bootstrap samples and a random choice of \
            features at each split lower ρ.",
        wrong: "\"More trees overfit.\" They only bring the second term to 0.",
        follow_up: "What is the out-of-bag error? Each row is predicted by the trees whose \
            bootstrap sample missed it, some 37 % of them: an honest error without a test set, if \
            rows are independent.",
        ..line(
            Topic::Models,
            Printed {
                line: "Random Forest: bootstrap + feature sampling → decorrelated trees → avg",
                remark: "The features are drawn anew at every split, not once for a tree. Averaging \
                    lowers the variance, not the bias.",
            },
        )
    },
    Card {
        key: "boosting",
        level: Level::Senior,
        front: "What does each tree of gradient boosting learn?",
        back: "The negative gradient of the loss by the present predictions: for squared loss the \
            residuals y − F, for log loss y − p, for absolute loss their signs. It is added with \
            a small learning rate. It lowers the bias, and can overfit with too many trees.",
        wrong: "\"The errors of the last tree.\" They are those of the whole sum so far.",
        follow_up: "How do you choose the number of trees? By early stopping: watch the loss on a \
            validation set and stop where it no longer falls; a smaller learning rate needs more \
            trees.",
        ..line(
            Topic::Models,
            Printed {
                line: "Gradient Boosting: sequential residual fitting → additive model",
                remark: "Each tree is fitted to the negative gradient of the loss. That is the \
                    residual for squared loss only.",
            },
        )
    },
    Card {
        key: "precision",
        level: Level::Junior,
        front: "What is precision, and what changes it besides the model?",
        back: "TP / (TP + FP): of what was flagged, how much was right. It falls as positives become \
            rarer, and is not defined if nothing is flagged.",
        wrong: "\"The share of positives found.\" That is recall.",
        follow_up: "Recall 90 %, false positive rate 5 %, prevalence 1 %. What is the precision? \
            15 %: of 10,000 people 90 of 100 sick ones and 495 of 9,900 healthy ones are flagged; \
            90 / 585.",
        ..line(
            Topic::Evaluation,
            Printed {
                line: "Precision: TP/(TP+FP) — of flagged positives, how many were right?",
                remark: "Nothing wrong, but it is not defined if nothing is flagged, and it depends on \
                    the prevalence.",
            },
        )
    },
    Card {
        key: "recall",
        level: Level::Junior,
        front: "What is recall, and why is it not enough?",
        back: "TP / (TP + FN): of the actual positives, how many were found. Flagging everything \
            gives 1, so it is reported with precision or the false positive rate.",
        wrong: "\"High recall means a good model.\"",
        follow_up: "Which other names does it have? Sensitivity, true positive rate, hit rate; in \
            a test of hypotheses, power.",
        ..line(
            Topic::Evaluation,
            Printed {
                line: "Recall: TP/(TP+FN) — of actual positives, how many did we catch?",
                remark: "Nothing wrong, but recall alone is 1 for flagging everything.",
            },
        )
    },
    Card {
        key: "roc-auc",
        level: Level::Senior,
        front: "What does ROC-AUC mean as a probability?",
        back: "P(a random positive scores above a random negative) + ½ P(they tie). It needs no \
            threshold and no calibration, and does not see the prevalence.",
        wrong: "\"The share of right answers.\"",
        follow_up: "All scores are equal. What is the AUC, and what if ties counted nothing? 0.5, \
            as every pair is a tie and counts half; if ties counted nothing it would be 0, worse \
            than guessing.",
        ..line(
            Topic::Evaluation,
            Printed {
                line: "ROC-AUC: P(positive ranked above negative) — threshold-independent",
                remark: "Ties count half. And it covers thresholds that nobody would use.",
            },
        )
    },
    Card {
        key: "attention",
        level: Level::Senior,
        front: "Give attention in one line.",
        back: "softmax(QKᵀ/√d_k)·V: for each query a weighted mean of the values, with weights from \
            its similarity to the keys.",
        wrong: "\"The weights are learned parameters.\" The projections are learned; the weights are \
            computed anew for each input.",
        follow_up: "Why √d_k, and why not d_k? The dot product of two vectors of d_k standard \
            normal numbers has variance d_k, and so standard deviation √d_k: that brings it back \
            to 1. Division by d_k would leave scores near 0 and weights nearly equal.",
        ..line(
            Topic::DeepLearning,
            Printed {
                line: "Attention: softmax(QKᵀ/√d)V — weighted sum over value vectors",
                remark: "d is the dimension of the keys, d_k. And the weights sum to 1: it is a \
                    weighted mean.",
            },
        )
    },
    Card {
        key: "transfer",
        level: Level::Junior,
        front: "What is transfer learning?",
        back: "Start from weights that were trained on another task, and train a new head, or some \
            or all layers, on yours. The more similar the tasks, the more can stay frozen.",
        wrong: "\"Always freeze the early layers.\" With enough data, fine-tuning all of them is \
            often better.",
        follow_up: "Frozen, fine-tuned or from scratch: which learning curve starts highest, which \
            ends highest? With little data the frozen one is best, with more the fine-tuned one; \
            from scratch starts lowest, and with enough data catches up.",
        ..line(
            Topic::DeepLearning,
            Printed {
                line: "Transfer learning: freeze early layers (universal), fine-tune late layers",
                remark: "That is one of several strategies; \"universal\" is too strong; and something \
                    must be transferred: pretrained weights.",
            },
        )
    },
    Card {
        key: "skew",
        level: Level::Senior,
        front: "What is training-serving skew, and how do you detect it?",
        back: "The same raw input becomes different features in training and in serving: another \
            unit, another default, an older join. Log what was served, recompute it by the \
            training code, and compare row by row.",
        wrong: "\"Any change of the input distribution.\" That is shift, and happens with one and the \
            same pipeline.",
        follow_up: "How do you make it impossible? One function for both, versioned with the \
            model; or train on the features logged while serving.",
        ..line(
            Topic::Production,
            Printed {
                line: "Training-serving skew: model sees different distribution at serve time",
                remark: "That describes a shift. Skew is a mismatch of the two pipelines: the same raw \
                    row gives different features.",
            },
        )
    },
    Card {
        key: "point-in-time",
        level: Level::Senior,
        front: "What is a point-in-time feature?",
        back: "The latest value that was known at the time of the prediction, found by an as-of join \
            on the time at which it became known. A plain join on the key takes values of the \
            future.",
        wrong: "\"Join on the customer, and take the newest value.\"",
        follow_up: "What if the source overwrites its rows? Then the past is lost: keep a log of \
            changes or daily snapshots from now on, and until then leave the feature out, or prove \
            that it hardly changes.",
        ..line(
            Topic::Production,
            Printed {
                line: "Point-in-time feature: feature value as it was at prediction time (no future \
                    data)",
                remark: "It must be the value known then: an event may have happened before the \
                    prediction and been recorded after it.",
            },
        )
    },
];
