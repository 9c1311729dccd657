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
        follow_up: "Which forecast does each of them reward? RMSE the mean, MAE the median, the \
            pinball loss its quantile, MAPE something below the median.",
        ..Q30
    },
    Card {
        key: "mase",
        level: Level::Senior,
        front: "By what does MASE divide, and what does 1 mean?",
        back: "By the mean absolute error of the (seasonal) naive forecast in the training data, \
            the mean of |y_t − y_{t−m}|. 1 means: as large as naive's error one season ahead in \
            training. Over a longer horizon naive itself scores above 1.",
        wrong: "\"By the naive error on the test data.\"",
        follow_up: "When is it not defined? Where the history is constant, or repeats its season \
            exactly, or is no longer than one season: the divisor is 0 or there is none.",
        ..Q30
    },
    Card {
        key: "mape",
        level: Level::Senior,
        front: "Why does MAPE favour low forecasts?",
        back: "A forecast of 0 or more errs by at most 100 % on the low side, and without bound on \
            the high side. Its best constant forecast lies below the median. It is not defined \
            where the actual value is 0.",
        wrong: "\"sMAPE cures that.\" Where the actual value is 0, sMAPE is 200 % for every \
            forecast but 0, near or far.",
        follow_up: "What do you take for intermittent demand? MAE or MASE in units if the median \
            is wanted, but where most days are 0 both reward forecasting 0; then RMSSE for the \
            mean, or a pinball loss at the service level, which is what the stock needs.",
        ..Q30
    },
    Card {
        key: "interval",
        level: Level::Senior,
        front: "A 95 % interval covers all 52 weeks. Is it good?",
        back: "Its coverage can't say: 49 or 50 of 52 are expected, and 52 of 52 happens in 7 % of \
            cases even with a right one, so that it is a hint of too much width and no proof. \
            Judge width and coverage together, by the Winkler score.",
        wrong: "\"Yes, it never misses.\"",
        follow_up: "How do you make an interval without assuming normal errors? Conformal: take \
            the ⌈(n + 1) · 0.95⌉-th smallest absolute error of n held-out forecasts as the half \
            width. Or bootstrap residuals, or fit the quantiles with the pinball loss.",
        ..Q30
    },
    Card {
        key: "backtest",
        level: Level::Junior,
        front: "How do you test a forecast without cheating?",
        back: "Rolling origin: train on the past, forecast the horizon that is needed, move on, \
            repeat; and compare with the seasonal naive forecast. Never shuffle.",
        wrong: "\"Cross-validation with random folds.\"",
        follow_up: "How many origins do you need, and are their errors independent? As many as \
            give each season and enough horizons that do not overlap; errors of overlapping \
            horizons are correlated, so that 13 origins are worth fewer. Test a difference with \
            Diebold and Mariano's correction.",
        ..Q30
    },
    Card {
        key: "wape",
        level: Level::Junior,
        front: "What do you report for a thousand products?",
        back: "WAPE, the sum of the absolute errors over the sum of the demand, and the bias, the \
            sum of the signed errors over it, by group and horizon, beside the seasonal naive \
            forecast. Then the worst products by name.",
        wrong: "\"The mean MAPE.\": small products with a few sales decide it.",
        follow_up: "The WAPE is 6 %, the bias −4 %. What does the warehouse see? Empty shelves: \
            two thirds of the error are in one direction.",
        ..Q30
    },
];
