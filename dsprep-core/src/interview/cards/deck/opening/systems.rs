//! Questions 23 to 30: systems and judgement.

use super::{Opening, Task};

pub(super) const OPENINGS: &[Opening] = &[
    Opening {
        question: 23,
        asked: "Design a recommendation system for 100 million users.",
        minutes: 10,
        answer: "A funnel. Candidates: a two-tower model puts users and items into one space, and an approximate \
            index finds 100 items with large inner products in milliseconds. Ranking: a model that sees user and \
            item together orders them. Re-ranking: diversity, freshness and rules make the ten that are shown. \
            Measure recall, then NDCG, then coverage; decide by an A/B test. Size it by memory, busy cores and the \
            tail. Log what was shown, and explore.",
        rubric: &[
            "Asks first: what is recommended, what is success, how many items, which latency.",
            "Stages, and why: each one spends more on fewer items.",
            "Negatives, popularity and its correction; the ranker learns from later data.",
            "Metrics: recall of the candidates, NDCG of the ranker, an A/B test that decides.",
            "The sum: arrivals at the peak × seconds of work = busy cores, with shards and a spare.",
            "Exposure is logged, and a share is explored.",
        ],
        task: Task {
            asked: "Write NDCG@k of one list in Python: the recommended items in order, the relevant ones as a set, \
                each hit worth 1.",
            solution: include_str!("tasks/q23.py"),
            rubric: &[
                "The discount is 1 / log2(place + 1), with places from 1.",
                "The ideal list has min(k, number of relevant items) hits, all in front.",
                "Says what a user without a relevant item counts: left out, not 0.",
            ],
        },
    },
    Opening {
        question: 24,
        asked: "Design a system that decides within 50 ms whether a card payment is fraud.",
        minutes: 10,
        answer: "A feature store keyed by user, device and merchant says what is normal: payments in the last hour, \
            how unusual the amount is, how far the last place was. Hard rules block at once; a gradient-boosting \
            model gives a probability; two thresholds, derived from what errors cost, approve, review or block, with \
            reasons. Features take constant time, never use the future, count a repeated event once and survive a \
            restart. Whether a failure lets payments pass is decided beforehand.",
        rubric: &[
            "Asks for the share of fraud, the cost of both errors, the size of the review team.",
            "Features by several entities, in constant time, from the past only.",
            "Labels come weeks late: matured labels, split by time.",
            "Thresholds follow from costs; precision and recall, not accuracy.",
            "The budget is a p99 of the whole, which the p99s of the stages don't give.",
            "Late and repeated events, restart, and what happens if a part fails.",
        ],
        task: Task {
            asked: "The times of one card's payments are given in order, in seconds. Write in Python how many payments \
                there were in the hour before each, in constant time on average.",
            solution: include_str!("tasks/q24.py"),
            rubric: &[
                "A deque: each time enters once and leaves once, hence constant on average.",
                "The edge is said: a payment exactly an hour old is outside, as (now − 3600, now].",
                "Memory is bounded by the payments of an hour, and late events need a rule.",
            ],
        },
    },
    Opening {
        question: 25,
        asked: "Design an ML pipeline that retrains automatically when performance degrades. What triggers \
            retraining?",
        minutes: 10,
        answer: "Each week watch the inputs (KS and PSI, corrected and with an effect size), the performance on \
            matured labels (AUC and calibration, with intervals), and the model's age. A broken feature is repaired, \
            drift alone is investigated, a proven drop means retraining. The new model runs in shadow, is promoted only \
            if a paired test shows that it is better, and is rolled back if a guardrail breaks. Measure false alarms \
            and delay before anyone is paged.",
        rubric: &[
            "Asks when labels arrive, and what a wrong alarm and a late one cost.",
            "Inputs, performance and age, each with what it can't see.",
            "A fault is repaired, drift is investigated, a proven drop means retraining.",
            "p-values need an effect size and a correction for many features.",
            "Shadow, one paired test, rollback.",
            "False alarms and delay are measured on stable and on changed weeks.",
        ],
        task: Task {
            asked: "The rows of the reference and of the current sample are counted in the same bins. Write the \
                population stability index in Python, with half a row added to each bin.",
            solution: include_str!("tasks/q25.py"),
            rubric: &[
                "The edges of the bins come from the reference only, and half a row keeps empty bins finite.",
                "Shares, not counts: the samples may differ in size.",
                "Without any change it is about (B − 1)(1/m + 1/n), so 0.1 is no standard for few rows.",
            ],
        },
    },
    Opening {
        question: 26,
        asked: "How do you A/B test a new ML model?",
        minutes: 3,
        answer: "Fix one business metric, the smallest lift worth having, α and power; from these follow users and \
            days, in whole weeks. Assign users at random, roll out in stages (shadow, 1 %, 10 %, 50 %) with \
            guardrails that roll back by themselves, and read the result once, at half and half, with an interval, \
            after a test of the split. If you must look earlier, use a sequential test; if you report many metrics, \
            correct for them.",
        rubric: &[
            "One metric, the smallest lift worth having (absolute or relative), α and power, before the start.",
            "n ≈ 16 p(1 − p)/δ² in each arm, then days, in whole weeks.",
            "Users are assigned, not visits, and the split is tested first.",
            "Guardrails and stages; a ramp is not added up with what follows.",
            "Read once, or sequentially; an interval instead of \"significant\".",
        ],
        task: Task {
            asked: "Clicks and views of each user of one arm are given. Write the ratio clicks per view and its \
                standard error by the delta method, in Python, with users as the independent unit.",
            solution: include_str!("tasks/q26.py"),
            rubric: &[
                "The ratio is the sum of clicks by the sum of views, not the mean of the users' ratios.",
                "Linearised: clicks − ratio × views, whose variance over users counts.",
                "The naive error, as if views were independent, is too small; a bootstrap over users checks it.",
            ],
        },
    },
    Opening {
        question: 27,
        asked: "You get 99 % accuracy. Should you deploy?",
        minutes: 2,
        answer: "Not on that number. First I ask for the prevalence: at 1 % positives, \"always negative\" has 99 % \
            too and finds nothing. Then I look at precision and recall of the rare class on held-out data, at the PR \
            curve against its baseline (the prevalence), and at calibration. I choose the threshold by what each \
            error costs, and I compare the cost with what is done today, for each group of users.",
        rubric: &[
            "Asks for the prevalence and the baseline that never flags.",
            "Precision and recall together; each alone is won by a trivial rule.",
            "Held-out data, and a PR curve where positives are rare.",
            "Calibration, and the threshold from costs.",
            "Compares with today's rule, by group, with intervals.",
        ],
        task: Task {
            asked: "Write average precision in Python, from labels and scores; equal scores are one step.",
            solution: include_str!("tasks/q27.py"),
            rubric: &[
                "Sum of precision × gained recall at each distinct threshold.",
                "Ties are one step: otherwise the order of equal scores decides.",
                "A constant score has the prevalence, which is the baseline.",
            ],
        },
    },
    Opening {
        question: 28,
        asked: "A model is good offline and poor in production. Debug it.",
        minutes: 3,
        answer: "Three things, the one that is cheapest to rule out first. Skew: the same raw row has different \
            features when served; send logged requests through the training pipeline and compare. Leakage: the test \
            knew what production can't; score fresh rows of the same months. Shift: the world has changed; ask \
            whether inputs differ (no labels needed) or what follows from them (labels needed). The first two are \
            bugs; for the third reweight, recalibrate or retrain.",
        rubric: &[
            "Is it really poor? The same metric, population and enough labels.",
            "Skew first: the same raw rows through both pipelines, compared row by row.",
            "Leakage: split by time, features as of then, encoders fitted on the training part.",
            "Shift: inputs, prior or rule, and what each needs to be seen.",
            "A remedy for each, and a test that keeps it from coming back.",
        ],
        task: Task {
            asked: "Write a target encoding without a leak in Python: the category of each row becomes the mean label \
                of the same category in the other folds; the folds are given, an unseen category gets the mean label \
                of the other folds.",
            solution: include_str!("tasks/q28.py"),
            rubric: &[
                "A row's own label never enters its own encoding.",
                "A category that the other folds don't have gets their overall mean.",
                "When serving, the means of all training rows are used; noise or smoothing for rare ones.",
            ],
        },
    },
    Opening {
        question: 29,
        asked: "Tell me about a project you're proud of.",
        minutes: 2,
        answer: "Two minutes in four parts, STAR: the situation in two sentences, the task with a target that can be \
            measured, the action with what I did and the one decision that was hard, and the result with a number, \
            what it is compared with, how certain it is, and what would have happened without me. Most of the time \
            goes to the action. Then I stop, and let the interviewer ask.",
        rubric: &[
            "Situation and task in half a minute, with a target that can be measured.",
            "\"I\", and one decision with its alternative and the reason.",
            "A result with baseline, interval or number of cases.",
            "What would have happened without it: a control.",
            "What I would do differently; two minutes, then a stop.",
        ],
        task: Task {
            asked: "A pilot called a random half of its customers. Write a T-learner in Python with scikit-learn: for \
                each row of `new` the risk of leaving without a call minus that with one.",
            solution: include_str!("tasks/q29.py"),
            rubric: &[
                "Two models, one for each arm, and the difference of their predictions.",
                "The half was random; without that, the arms differ in more than the call.",
                "It is judged by a Qini curve of a second random trial, not by accuracy.",
            ],
        },
    },
    Opening {
        question: 30,
        asked: "What metrics do you use to evaluate a forecasting model?",
        minutes: 2,
        answer: "I ask first what an error costs, because the metric decides the forecast: MAE asks for the median, \
            RMSE for the mean, MAPE for something below both, the pinball loss for a quantile. Over products WAPE \
            and the bias; over series of different scale MASE, where 1 is the naive forecast's one-step error in \
            training. For intervals the Winkler score with the coverage. All from a rolling origin, beside a \
            seasonal naive forecast.",
        rubric: &[
            "Asks what too much and too little cost; the metric decides the forecast.",
            "MAE median, RMSE mean, MAPE too low, pinball a quantile.",
            "WAPE and bias over products, MASE over scales, with its denominator from training.",
            "Intervals: coverage and width, or the Winkler score.",
            "Rolling origin, seasonal naive as baseline, and a test of the difference.",
        ],
        task: Task {
            asked: "Write a rolling-origin backtest in Python: for each origin from `first` on, `step` apart, forecast \
                `horizon` values by the seasonal naive with period `season`, and return the mean absolute error over \
                all origins.",
            solution: include_str!("tasks/q30.py"),
            rubric: &[
                "The forecast uses nothing from the origin on, also where the horizon exceeds the season.",
                "The last origin still has its whole horizon inside the data.",
                "Says that overlapping origins are not independent.",
            ],
        },
    },
];
