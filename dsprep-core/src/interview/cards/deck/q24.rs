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
        follow_up: "Which value did the model see at training time: the one known then, or the \
            corrected one? The one known then: it is what serving sees. Log the features that were \
            served and train on these, or replay the events in the order of their arrival.",
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
        follow_up: "What do you do with a user's first three transactions? Take the statistics of \
            all users with the same kind of shop, and move to the user's own as payments come in \
            (shrinkage). Add \"number of payments so far\" as a feature, so that the model knows \
            how much to trust them.",
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
        follow_up: "The labels come 60 days later as chargebacks. What do you monitor until then? \
            What needs no label: the rate of alerts, the distribution of scores and features, \
            decisions of the reviewers, and fraud reported by customers within days. Never count a \
            payment without a chargeback as good before it is 60 days old.",
        ..Q24
    },
    Card {
        key: "latency",
        level: Level::Senior,
        front: "Three stages have a p99 of 5, 10 and 2 ms. Is the p99 of the whole 17 ms?",
        back: "No. Means add up, quantiles do not. With moderate tails, independent stages are rarely \
            slow together, and the p99 of the whole is far below 17 ms; with rare time-outs three \
            stages have three chances for one, and it is far above. Measure the whole.",
        wrong: "\"Yes, p99s add up\", or \"17 ms is the worst case\".",
        follow_up: "The model times out. What do you answer the payment network? What was agreed \
            beforehand: the rules and limits that need no model decide, small amounts pass, large \
            ones are declined or stepped up, and each such decision is marked and reviewed \
            afterwards.",
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
        follow_up: "How do you change a rule in production without finding out the hard way? Run \
            it in shadow on live traffic and count whom it would have flagged; then on 1 % of the \
            users; with a switch to turn it off, and an alarm on the rate of flags.",
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
        follow_up: "Which payments would you treat differently from the rest? Large amounts, gift \
            cards, crypto, first payments on a new device, and shops with a history of fraud are \
            held; small amounts at known shops pass.",
        ..Q24
    },
    Card {
        key: "entities",
        level: Level::Senior,
        front: "Over which entities do you aggregate, and what does a history by user not see?",
        back: "Over everything that a thief must reuse: card, user, device, IP address, merchant, \
            BIN. A test of 40 stolen cards at one shop is one payment for each user, and 40 within \
            an hour for the shop.",
        wrong: "\"By user, that is who pays.\"",
        follow_up: "How do you keep a window for a merchant with a million payments a day? By \
            buckets of a minute with a count and a sketch of the distinct cards: approximate, and \
            bounded in memory.",
        ..Q24
    },
];
