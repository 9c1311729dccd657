//! Question 29: a project you are proud of.

use super::{Card, Level, Source, Topic};

const Q29: Card = Card::of(Source::Question(29), Topic::Storytelling);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "budget",
        level: Level::Junior,
        front: "Two minutes for a STAR answer. How do you divide them?",
        back: "About 10 % situation, 10 % task, 60 % action, 20 % result: twelve seconds for the \
            situation. Most people do it the other way round and run out of time before the \
            result.",
        wrong: "\"A quarter each.\"",
        follow_up: "Which sentence would you cut first? The history of the company in the \
            situation. Whatever does not change how the decision is understood can wait for a \
            question.",
        ..Q29
    },
    Card {
        key: "we",
        level: Level::Junior,
        front: "\"We built a model.\" What does the interviewer ask?",
        back: "\"What did you do?\" Say \"I\" for what you did and decided, and \"we\" for the \
            team's result. Name one decision, the alternative, and why.",
        wrong: "\"We\" throughout, out of modesty, or \"I\" throughout, which nobody believes.",
        follow_up: "Who disagreed with the decision, and what did you do? Name the person's role \
            and the argument, what you offered to find out who is right, and what came of it, even \
            if it was their way. Nobody believes in a decision without an objection.",
        ..Q29
    },
    Card {
        key: "counterfactual",
        level: Level::Senior,
        front: "\"Churn fell by 18 %.\" What would have happened without you?",
        back: "Only a control group drawn at random from the same targets can say. Give its rate, \
            the treatment's rate, the difference with its interval, and whether 18 % is relative.",
        wrong: "\"We compared the high-risk customers with the rest.\" Those differ before anything \
            is done.",
        follow_up: "How large is the interval with 1,000 customers in each arm? At 24.0 % against \
            19.7 % the relative reduction is 18 %, and its 95 % interval 3 % to 31 %: just \
            significant, and the true effect may be a sixth of it or 1.7 times as much.",
        ..Q29
    },
    Card {
        key: "window",
        level: Level::Senior,
        front: "The label is \"no login for 30 days\". The test ran for two weeks. What is wrong?",
        back: "Whoever is labelled within 14 days went silent at least 16 days before the test \
            began; of those who go silent during it, nobody is labelled yet. Wait for the label, \
            or name a proxy and show that it predicts the label.",
        wrong: "\"Two weeks are the usual length of an A/B test.\"",
        follow_up: "Which proxy would you take? The share who log in within 14 days of the call, \
            if in past months it predicted renewal. Say how well it did, and follow both arms for \
            the full label.",
        ..Q29
    },
    Card {
        key: "uplift",
        level: Level::Staff,
        front: "Why is the top 20 % by churn risk not the group to call?",
        back: "High risk says who will leave, not whom a call will keep. Some leave anyway, some \
            stay anyway, and some are reminded to cancel. Target the uplift, P(stay | call) − \
            P(stay | no call), which takes a randomised pilot to learn.",
        wrong: "\"They have the most to lose.\"",
        follow_up: "How do you evaluate an uplift model, when nobody is both called and not \
            called? In a randomised pilot, rank by predicted uplift and, from the top down, \
            compare the churn of those called and not called: the Qini or uplift curve. The area \
            above the line of random calls is the score.",
        ..Q29
    },
    Card {
        key: "pr-auc",
        level: Level::Senior,
        front: "\"PR-AUC 0.72 against a baseline of 0.41.\" What do you ask?",
        back: "\"What is the baseline?\" A random model's PR-AUC is the prevalence, here about 0.08. \
            0.41 must be some other model: name it. And give the interval, and the split by time.",
        wrong: "\"0.5, as for ROC-AUC.\"",
        follow_up: "Which business number goes with it? Customers kept a month and what that is \
            worth, against the cost of the calls, at the number of calls the team can make.",
        ..Q29
    },
];
