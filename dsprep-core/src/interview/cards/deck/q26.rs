//! Question 26: A/B tests.

use super::{Card, Level, Source, Topic};

const Q26: Card = Card::of(Source::Question(26), Topic::Experiments);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "size",
        level: Level::Junior,
        front: "What do you need for a sample size, and how does it depend on the effect?",
        back: "The baseline rate, the smallest effect that matters, α and the power. n grows with \
            1/effect²: half the effect takes four times the users.",
        wrong: "\"The effect that we expect.\" It is the smallest one worth shipping for.",
        follow_up: "Baseline 10 %, 2 points, 80 % power, 5 %: roughly how many per arm? By 16 p (1 \
            − p) / δ² = 16 · 0.09 / 0.0004 = 3,600; exactly 3,839 with the variance of both arms.",
        ..Q26
    },
    Card {
        key: "relative",
        level: Level::Senior,
        front: "\"A 2 % lift on a baseline of 10 %.\" Two readings?",
        back: "Relative, 10 % to 10.2 %, or two percentage points, 10 % to 12 %. The first takes a \
            hundred times as many users: about 353,000 per arm against 3,500. Always say which.",
        wrong: "\"They are the same for a rate.\"",
        follow_up: "With 100,000 users a day and 1 % in treatment, how long does each take? 1,000 \
            treated users a day: 3.5 days for two points by the plain formula, 353 days for a \
            relative 2 %, and about 182 as the control is 99 times as large. In practice at least \
            one or two whole weeks.",
        ..Q26
    },
    Card {
        key: "peeking",
        level: Level::Senior,
        front: "Why may you not stop as soon as p < 0.05?",
        back: "Each look is another chance for a false positive: with daily looks for two weeks the \
            error is far above 5 %. Fix the horizon, or use a sequential test whose error is \
            guaranteed at any look.",
        wrong: "\"If it is significant, it is significant.\"",
        follow_up: "What do group-sequential boundaries cost in sample size? With five looks \
            O'Brien and Fleming's need some 3 % more users at most, Pocock's some 23 %; both stop \
            early if the effect is large, so that the expected number is lower.",
        ..Q26
    },
    Card {
        key: "srm",
        level: Level::Senior,
        front: "Planned 50:50, counted 50,000 and 51,200. Do you read the result?",
        back: "No. χ² gives p < 0.001: a sample ratio mismatch. Assignment or logging is broken, so \
            the arms are not comparable, whatever the metric says. Find the cause first.",
        wrong: "\"The split is nearly even, and the rates are normalised.\"",
        follow_up: "Name two typical causes. A redirect or a crash that loses users of one arm \
            before they are logged; bots, retries or a filter that count users of one arm more \
            often; a change of the allocation during the test.",
        ..Q26
    },
    Card {
        key: "multiple",
        level: Level::Junior,
        front: "You look at 20 metrics at the 5 % level and nothing has an effect. How often is at \
            least one significant?",
        back: "If they are independent, 1 − 0.95²⁰ = 64 % of the time. Name one primary metric, and \
            correct the others (Holm, Benjamini-Hochberg). Sequential testing solves another \
            problem: many looks at one metric.",
        wrong: "\"5 %.\"",
        follow_up: "When do you control the false discovery rate instead of the family-wise error? \
            When many findings are followed up and some false ones are affordable (screening of \
            features, dozens of segments). For the decision to ship, where one false claim is \
            costly, the family-wise error.",
        ..Q26
    },
    Card {
        key: "ratio",
        level: Level::Staff,
        front: "Users are randomised, and the metric is clicks per page view. What is wrong with a \
            z-test on page views?",
        back: "Views of one user are correlated, so the variance is too small and there are too many \
            false positives. Take the user as the unit: delta method, bootstrap over users, or a \
            metric per user.",
        wrong: "\"With millions of views the test is safe.\"",
        follow_up: "What if users influence each other? Then one user's treatment changes \
            another's outcome (interference), and the two arms are not what everybody and nobody \
            treated would be. Randomise by cluster: city, market, social community; or switch over \
            time.",
        ..Q26
    },
    Card {
        key: "sixteen",
        level: Level::Junior,
        front: "Give the number of users per arm in your head, for a rate and for a mean.",
        back: "n ≈ 16 p (1 − p) / δ², or 16 σ² / δ²: 16 is about 2 · 2.8², for 5 % on two sides \
            and a power of 80 %. From 10 % to 12 %: 3,600.",
        wrong: "\"A thousand is usually enough.\"",
        follow_up: "And for a power of 90 %? 21 in place of 16: 2 · (1.96 + 1.28)².",
        ..Q26
    },
];
