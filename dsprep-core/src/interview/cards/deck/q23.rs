//! Question 23: recommender.

use super::{Card, Level, Source, Topic};

const Q23: Card = Card::of(Source::Question(23), Topic::SystemDesign);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "stages",
        level: Level::Junior,
        front: "Why does a recommender for 100 million users have stages?",
        back: "An exact model on millions of items for each request is too slow. Candidate \
            generation takes some hundreds cheaply and with high recall, ranking scores those \
            with rich features, re-ranking applies diversity, freshness and rules.",
        wrong: "\"To get more accuracy.\" The stages are there for the latency; each one can only \
            lose good items.",
        follow_up: "An item is never shown. How do you find the stage that lost it? Log each \
            stage's list with its model versions, and ask for that user and item: was it in the \
            index, among the candidates, at which place after the ranker, removed by a rule? Over \
            many users that gives the loss by stage.",
        ..Q23
    },
    Card {
        key: "two-tower",
        level: Level::Senior,
        front: "What can a two-tower model not express, and why is it used all the same?",
        back: "Cross features of user and item: the towers meet only in a dot product. That is what \
            makes it an index lookup: item vectors are computed ahead, and the nearest ones are \
            found in milliseconds.",
        wrong: "\"It is the most accurate model.\"",
        follow_up: "Which negatives do you train it with, and what does sampling by popularity do? \
            The other items of the batch, which is sampling by popularity: popular items are \
            pushed down too often, unless ln q is subtracted. A few uniform negatives show the \
            rare items, a few hard ones sharpen the order.",
        ..Q23
    },
    Card {
        key: "ann",
        level: Level::Senior,
        front: "Which two numbers describe an approximate index, and how do you choose?",
        back: "Recall@k against exact search, and latency (at p99, under load). Draw the curve over \
            the number of probes and take the cheapest point at which the end metric no longer \
            falls.",
        wrong: "\"It returns the exact neighbours, faster.\"",
        follow_up: "How do new items get into the index? They are added to the list of their \
            nearest centre as they are published, with the item tower that serves; the whole index \
            is built anew with each new model, beside the old one.",
        ..Q23
    },
    Card {
        key: "offline",
        level: Level::Staff,
        front: "The new ranker has a better offline NDCG, and online engagement falls. Name three \
            causes.",
        back: "The logs hold clicks on what the old system showed (exposure and position bias); the \
            metric is not what users want (clicks against satisfaction); training and serving \
            features differ. Check for skew first, then run an A/B test with guardrails.",
        wrong: "\"The test was too short.\"",
        follow_up: "How do you evaluate a policy from the logs of another one? Log the probability \
            with which each item was shown, and weigh each click by new probability / old \
            probability (inverse propensity, with the weights capped). It works only where the old \
            policy explored: what it never showed has no weight.",
        ..Q23
    },
    Card {
        key: "cold",
        level: Level::Junior,
        front: "How do you recommend to a new user, and how do you show a new item?",
        back: "A new user gets popular and varied items by context, and the model learns within the \
            session. A new item is placed by its content features and gets some exposure by \
            exploration, such as a bandit.",
        wrong: "\"Wait until there is enough data.\" There never is for what is never shown.",
        follow_up: "What does exploration cost, and who pays? The clicks lost on the places that \
            explore, some per cent of the traffic; the users of today pay for those of tomorrow \
            and for the sellers. Cap it per user, and spend it where the estimate is least \
            certain.",
        ..Q23
    },
    Card {
        key: "log-q",
        level: Level::Senior,
        front: "What does the log q correction of sampled softmax correct?",
        back: "Negatives from the batch are drawn in proportion to their popularity, so popular \
            items are pushed down more often. Subtract ln q from the scores while training, q \
            being how often the item is in a batch; not when serving.",
        wrong: "\"It makes the list more diverse.\" Leaving it out does that, at the cost of \
            recall.",
        follow_up: "Which negatives are missing when all come from the batch? Items that are never \
            chosen: cold and rare ones are in no batch, so nothing pushes them down. Add some \
            drawn uniformly from the catalogue (mixed negative sampling).",
        ..Q23
    },
    Card {
        key: "mmr",
        level: Level::Senior,
        front: "Write MMR in one line, and say what it trades.",
        back: "Take again and again the item with the largest λ · relevance − (1 − λ) · largest \
            similarity to what is in the list: relevance of each item against the sameness of \
            the list.",
        wrong: "\"Shuffle the list a little.\", or \"every second item\".",
        follow_up: "What does diversity cost offline, and what can't an offline metric see? \
            Swapping near twins costs next to nothing, and offline it may even gain; beyond that \
            relevance falls. That people come back more often for a varied list is in no log of \
            single lists: it takes an A/B test.",
        ..Q23
    },
    Card {
        key: "capacity",
        level: Level::Staff,
        front: "How many machines does the search need?",
        back: "Arrivals per second at the peak × seconds of work are the busy cores (Little's \
            law), for each shard, as every request goes to all of them. Divide by the cores of a \
            machine and the utilisation allowed, round up, add one that may fail, and multiply by \
            the shards.",
        wrong: "\"Queries per second divided by cores.\" That forgets the time of each and the \
            room for the tail.",
        follow_up: "What happens to the p99 between a utilisation of 60 % and 95 %? It explodes: \
            waiting grows like 1 / (1 − utilisation), so from 60 % to 95 % the queue of one core \
            grows more than tenfold. Many cores that share a queue soften it; long service times \
            sharpen it.",
        ..Q23
    },
];
