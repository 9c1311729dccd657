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
        follow_up: "Labels come after 30 days. What stands in for them? The distribution of scores \
            and inputs, errors of the pipeline, early labels such as complaints or first missed \
            payments, and an estimate of the accuracy from calibrated scores. Inputs and scores \
            miss concept drift; only labels, early or late, show it.",
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
        follow_up: "How do you choose the threshold for the distance? Compute it between ordinary \
            weeks of the past, take a quantile so high that a false alarm comes once a quarter \
            over all features, and check that known incidents lie above it.",
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
        follow_up: "Which comparison lets you promote it, and which rolls it back? Promote: a \
            paired test on the same rows, once enough labels have matured, then a staged rollout \
            with an A/B test. Roll back: the old model, now in shadow, is significantly better, or \
            a guardrail is broken.",
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
        follow_up: "How many labels do you need to see a drop of 0.02? About 1,500 positives and \
            as many negatives, for a standard error of 0.007: 0.02 / 2.8 gives 80 % power at 5 %. \
            Paired with another model on the same rows far fewer, as most of the error is common \
            to both.",
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
        follow_up: "How do you keep some unbiased labels coming in? Let a small random share \
            through, whatever the model says, and log its probability; that share is the test set, \
            and weighted by 1 / probability it is training data.",
        ..Q25
    },
    Card {
        key: "fault",
        level: Level::Senior,
        front: "Drift alarms, and the AUC has fallen. What do you check before you retrain?",
        back: "Whether a feature is broken: stuck, in another unit, missing. A model that is \
            trained on a fault learns the fault, and fails again when it is repaired. Repair \
            first, and leave those rows out.",
        wrong: "\"Retrain at once, that is what the trigger is for.\"",
        follow_up: "How do you tell a broken feature from a real shift? A fault is sudden, hits \
            one feature, often one source or version, and gives impossible values (constant, \
            missing, times 100); the raw record says otherwise. A shift moves related features \
            together, and the raw records agree.",
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
        follow_up: "Why may the guardrail be looked at each week, and the promotion only once? The \
            guardrail only takes a risk away, so a false alarm costs little; promotion spends the \
            error rate of 5 %, and each look would be another chance to promote by luck. Looks at \
            a guardrail too can be corrected, as in a sequential test.",
        ..Q25
    },
    Card {
        key: "label-shift",
        level: Level::Senior,
        front: "The share of positives doubles, and the AUC is as before. What has happened, and \
            what do you do?",
        back: "Label shift: P(y) moved, P(x | y) did not. The ranking is right, every probability \
            is too low. Move the intercept by the difference of the log-odds of the two shares; no \
            new model.",
        wrong: "\"The AUC is stable, so nothing has happened.\", or \"retrain\".",
        follow_up: "The new labels are not there yet. How do you estimate the new share? From the \
            scores alone: replace it by the mean of the corrected probabilities until it no longer \
            changes (Saerens et al., 2002), if P(x | y) is as before.",
        ..Q25
    },
];
