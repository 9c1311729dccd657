//! Question 25: monitoring and retraining.

use super::{Card, Level, Source, Topic};

const Q25: Card = Card::of(Source::Question(25), Topic::SystemDesign);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "triggers",
        level: Level::Junior,
        front: "Name three triggers for retraining, and what each one misses.",
        back: "Performance on fresh labels (labels come late), drift of inputs (may not matter), a \
            schedule (may be too late or for nothing). Use performance where labels exist, and \
            drift as a reason to look.",
        wrong: "\"Retrain whenever a KS test is significant.\"",
        follow_up: "Labels come after 30 days. What stands in for them?",
        ..Q25
    },
    Card {
        key: "ks",
        level: Level::Senior,
        front: "Why is a KS p-value below 0.05 a bad alarm for drift?",
        back: "With enough rows every tiny difference is significant, and with 100 features at 5 % \
            about five alarm every day. Set a threshold on the effect size, like the KS distance \
            or PSI, and correct for the number of features.",
        wrong: "\"A small p-value means a large drift.\"",
        follow_up: "How do you choose the threshold for the distance?",
        ..Q25
    },
    Card {
        key: "shadow",
        level: Level::Senior,
        front: "What does a model in shadow mode tell you, and what not?",
        back: "It gets live inputs, and its predictions are logged and not used: you see errors, \
            latency, skew and how it differs from the present model. Not its effect on users; \
            that takes an A/B test.",
        wrong: "\"It proves that the new model is better.\"",
        follow_up: "Which comparison lets you promote it, and which rolls it back?",
        ..Q25
    },
    Card {
        key: "noise",
        level: Level::Senior,
        front: "An AUC fell from 0.85 to 0.81 on 200 labels. Do you retrain?",
        back: "Not on this alone: with 100 positives its standard error is about 0.03, so 0.81 is \
            within two of them. Give an interval, and collect more labels or compare over several \
            days.",
        wrong: "\"It is below the threshold, so yes.\"",
        follow_up: "How many labels do you need to see a drop of 0.02?",
        ..Q25
    },
    Card {
        key: "loop",
        level: Level::Staff,
        front: "What can go wrong when a pipeline retrains and promotes by itself?",
        back: "It learns from labels that its own decisions shaped (who was blocked never repaid), \
            from broken data, or from an attack. It needs data checks, a frozen evaluation set, a \
            champion to beat, and a roll-back that is tested.",
        wrong: "\"Nothing, it always has the freshest data.\"",
        follow_up: "How do you keep some unbiased labels coming in?",
        ..Q25
    },
    Card {
        key: "fault",
        level: Level::Senior,
        front: "Drift alarms, and the AUC has fallen. What do you check before you retrain?",
        back: "Whether a feature is broken: stuck, in another unit, missing. A model that is \
            trained on a fault learns the fault, and fails again when it is mended. Repair \
            first, and leave those rows out.",
        wrong: "\"Retrain at once, that is what the trigger is for.\"",
        follow_up: "How do you tell a broken feature from a real shift?",
        ..Q25
    },
    Card {
        key: "rollback",
        level: Level::Senior,
        front: "What does a rollback need?",
        back: "The old version kept and still scoring in shadow, so that harm is seen by \
            comparison; a guardrail that is looked at each week; one call that switches; and a \
            test of it.",
        wrong: "\"The old file is in the storage.\"",
        follow_up: "Why may the guardrail be looked at each week, and the promotion only once?",
        ..Q25
    },
];
