//! Question 24: fraud detection.

use super::{Card, Level, Source, Topic};

const Q24: Card = Card::of(Source::Question(24), Topic::SystemDesign);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "velocity",
        level: Level::Senior,
        front: "A velocity feature counts a user's transactions in the last hour. What goes wrong \
            when events arrive out of order?",
        back: "A plain `ts - t < 3600` also counts events of the future, for which the difference is \
            negative. Bound both ends, 0 ≤ ts − t < 3600, order by event time, and decide how \
            late an event may come.",
        wrong: "\"Nothing, the count is a little off.\" In the original 823 of 1,000 counts include \
            events of the future.",
        follow_up: "Which value did the model see at training time: the one known then, or the corrected \
            one?",
        ..Q24
    },
    Card {
        key: "z-score",
        level: Level::Senior,
        front: "Why take the z-score of the logarithm of amounts?",
        back: "Amounts are close to lognormal: the mean and the standard deviation are ruled by the \
            tail, and z > 3 comes up too often upwards and never downwards. Logs are close to \
            normal, and robust estimates resist the fraud itself.",
        wrong: "\"z-scores need no assumption about the distribution.\" Reading 3 as rare does.",
        follow_up: "What do you do with a user's first three transactions?",
        ..Q24
    },
    Card {
        key: "metric",
        level: Level::Junior,
        front: "0.1 % of transactions are fraud. Which metrics do you report?",
        back: "Precision and recall at the threshold that is used, the PR curve with the prevalence \
            as its baseline, and money: losses prevented against the cost of reviews and of \
            blocked customers.",
        wrong: "\"Accuracy\", which is 99.9 % for a model that flags nothing.",
        follow_up: "The labels come 60 days later as chargebacks. What do you monitor until then?",
        ..Q24
    },
    Card {
        key: "latency",
        level: Level::Senior,
        front: "Three stages have a p99 of 5, 10 and 2 ms. Is the p99 of the whole 17 ms?",
        back: "Not in general. Means add up, quantiles do not: independent stages are rarely slow \
            together, correlated ones are. Measure the p99 of the whole.",
        wrong: "\"Yes, p99s add up.\"",
        follow_up: "The model times out. What do you answer the payment network?",
        ..Q24
    },
    Card {
        key: "flagged",
        level: Level::Staff,
        front: "The rule engine flags 67 % of all traffic. What do you look at first?",
        back: "The base rate. Compare the limit with the distribution of the feature in legitimate \
            traffic: if users make ten transactions an hour, a limit of five flags nearly all. A \
            threshold is chosen on labelled data by cost, not by feel.",
        wrong: "\"There is much fraud.\"",
        follow_up: "How do you change a rule in production without finding out the hard way?",
        ..Q24
    },
    Card {
        key: "failure",
        level: Level::Staff,
        front: "The feature store is down. Do you let payments pass?",
        back: "Fail-open loses to fraud, fail-closed loses customers; the business decides \
            which, beforehand, by amount and kind of shop. Until then rules that need no history \
            decide; the decision says that the state was missing, and the case is tested.",
        wrong: "\"That can't happen, it is replicated.\"",
        follow_up: "Which payments would you treat otherwise than the rest?",
        ..Q24
    },
];
