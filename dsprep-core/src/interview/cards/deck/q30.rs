//! Question 30: forecast metrics.

use super::{Card, Level, Source, Topic};

const Q30: Card = Card::of(Source::Question(30), Topic::Forecasting);

/// The cards.
pub const CARDS: &[Card] = &[
    Card {
        key: "choose",
        level: Level::Junior,
        front: "Which metric do you take for a demand forecast, and what decides?",
        back: "What an error costs. MAE if it costs in proportion, RMSE if large errors cost more \
            than that, a pinball loss if too little and too much cost differently, MASE to \
            compare series of different scale.",
        wrong: "\"MAPE, because everybody understands per cent.\"",
        follow_up: "Which forecast does each of them reward?",
        ..Q30
    },
    Card {
        key: "mase",
        level: Level::Senior,
        front: "By what does MASE divide, and what does 1 mean?",
        back: "By the mean absolute error of the (seasonal) naive forecast in the training data, \
            the mean of |y_t − y_{t−m}|. 1 means: as large an error as that.",
        wrong: "\"By the naive error on the test data.\"",
        follow_up: "When is it not defined?",
        ..Q30
    },
    Card {
        key: "mape",
        level: Level::Senior,
        front: "Why does MAPE favour low forecasts?",
        back: "A forecast of 0 or more errs by at most 100 % on the low side, and without bound on \
            the high side. Its best constant forecast lies below the median. It is not defined \
            where the actual value is 0.",
        wrong: "\"sMAPE mends that.\" Where the actual value is 0, sMAPE is 200 % for every \
            forecast but 0, near or far.",
        follow_up: "What do you take for intermittent demand?",
        ..Q30
    },
    Card {
        key: "interval",
        level: Level::Senior,
        front: "A 95 % interval covers all 52 weeks. Is it good?",
        back: "It is probably too wide: about 49 or 50 are expected, and 52 of 52 happens in 7 % of \
            cases only. Judge width and coverage together, by the Winkler score.",
        wrong: "\"Yes, it never misses.\"",
        follow_up: "How do you make an interval without assuming normal errors?",
        ..Q30
    },
    Card {
        key: "backtest",
        level: Level::Junior,
        front: "How do you test a forecast without cheating?",
        back: "Rolling origin: train on the past, forecast the horizon that is needed, move on, \
            repeat; and compare with the seasonal naive forecast. Never shuffle.",
        wrong: "\"Cross-validation with random folds.\"",
        follow_up: "How many origins do you need, and are their errors independent?",
        ..Q30
    },
];
