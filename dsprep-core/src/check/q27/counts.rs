//! Precision, recall and F-beta from counts, and precision at another prevalence.

use super::super::Verdict;
use crate::Error;
use crate::evaluate::BinaryConfusion;

/// The answer to exercise 1: precision, recall and F-beta from TP, FP, FN and β; `None` if not defined.
type Metrics = fn(usize, usize, usize, f64) -> [Option<f64>; 3];
/// The answer to exercise 2: precision from prevalence, recall and false positive rate.
type PrecisionAt = fn(f64, f64, f64) -> f64;

/// TP, FP, FN and β: the usual, then those where something is not defined.
const COUNTS: [(usize, usize, usize, f64); 7] = [
    (30, 10, 60, 1.0),
    (30, 10, 60, 2.0),
    (45, 300, 15, 0.5),
    (0, 0, 100, 1.0),
    (0, 7, 0, 1.0),
    (0, 7, 9, 2.0),
    (0, 0, 0, 1.0),
];
const NAMES: [&str; 3] = ["precision", "recall", "F-beta"];

/// Checks `metrics`, precision, recall and F-beta from TP, FP, FN and β, each `None` where it divides by 0.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q27_metrics;
/// assert!(!check_q27_metrics(|_, _, _, _| [Some(0.0); 3]).has_passed());
/// ```
pub fn check_q27_metrics(metrics: Metrics) -> Verdict {
    Verdict::of(|| {
        for (tp, fp, fn_, beta) in COUNTS {
            let right = expected(tp, fp, fn_, beta);
            let answer = metrics(tp, fp, fn_, beta);
            let wrong = (0..NAMES.len()).find(|&i| !same(answer[i], right[i]));
            if let Some(i) = wrong {
                let place = format!("TP = {tp}, FP = {fp}, FN = {fn_}, β = {beta}");
                let why = misconception(i, answer, right, (tp, fp, fn_, beta));
                return Verdict::not_yet(format!("At {place}, {}: {why}", NAMES[i]));
            }
        }
        Verdict::passed(
            "Nothing flagged has no precision, and no positives have no recall; a 0 there would be a claim \
         about a model that made none. F-beta needs neither: (1 + β²) TP / ((1 + β²) TP + β² FN + FP).",
        )
    })
}

fn expected(tp: usize, fp: usize, fn_: usize, beta: f64) -> [Option<f64>; 3] {
    let counts = BinaryConfusion {
        true_positives: tp,
        false_positives: fp,
        false_negatives: fn_,
        true_negatives: 1000,
    };
    let f_beta = counts.f_beta(beta);
    [counts.precision(), counts.recall(), f_beta].map(|value| value.ok())
}

pub(super) fn same(answer: Option<f64>, right: Option<f64>) -> bool {
    match (answer, right) {
        (Some(answer), Some(right)) => close(answer, right),
        (answer, right) => answer.is_none() && right.is_none(),
    }
}

pub(super) fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

fn misconception(
    metric: usize,
    answer: [Option<f64>; 3],
    right: [Option<f64>; 3],
    (tp, fp, fn_, beta): (usize, usize, usize, f64),
) -> String {
    let (value, wanted) = match (answer[metric], right[metric]) {
        (Some(value), _) if !value.is_finite() => {
            return "your answer is not a number, as 0 / 0 is. Return `None` where the divisor is 0.".to_owned();
        }
        (Some(value), None) => {
            let lacking = [
                "nothing was flagged",
                "there are no positives",
                "nothing is positive, in truth or by prediction",
            ][metric];
            return format!(
                "you say {value}, but {lacking}, so it is not defined. 0 would say that it was measured; return `None`."
            );
        }
        (None, Some(_)) if metric == 2 && tp == 0 => {
            return "from precision and recall it can't be computed here, but from the counts it can: it is 0 where \
                    there are errors only."
                .to_owned();
        }
        (None, _) => return "you return `None`, but the divisor is not 0.".to_owned(),
        (Some(value), Some(wanted)) => (value, wanted),
    };
    let swapped = [right[1], right[0]];
    if metric < 2 && swapped[metric].is_some_and(|other| close(value, other)) {
        return "this is the other one. Precision divides by what was flagged (TP + FP), recall by what is \
                positive (TP + FN)."
            .to_owned();
    }
    let integer = value == value.trunc() && wanted != wanted.trunc();
    if metric < 2 && integer {
        return "whole numbers were divided: convert the counts with `as f64` first.".to_owned();
    }
    let f = |miss: f64, alarm: f64| {
        let hits = (miss + alarm) * tp as f64;
        hits / (hits + miss * fn_ as f64 + alarm * fp as f64)
    };
    let known = [
        (
            f(1.0, beta * beta),
            "β weighs the false alarms in yours; β above 1 has to weigh the misses.",
        ),
        (f(beta, 1.0), "β has to be squared."),
        (f(1.0, 1.0), "yours is F1 for every β."),
        (
            (right[0].unwrap_or(0.0) + right[1].unwrap_or(0.0)) / 2.0,
            "yours is the plain mean; F is the harmonic mean, which a single low value pulls down.",
        ),
    ];
    let found = known
        .iter()
        .find(|(wrong, _)| metric == 2 && close(value, *wrong));
    found.map_or_else(
        || format!("you say {value:.4}, and it is {wanted:.4}."),
        |(_, why)| (*why).to_owned(),
    )
}

/// Checks `precision_at`, the precision at a prevalence, given recall and false positive rate (Bayes).
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q27_precision_at;
/// let verdict = check_q27_precision_at(|prevalence, recall, false_positive_rate| {
///     let hits = prevalence * recall;
///     hits / (hits + (1.0 - prevalence) * false_positive_rate)
/// });
/// assert!(verdict.has_passed());
/// ```
pub fn check_q27_precision_at(precision_at: PrecisionAt) -> Verdict {
    Verdict::of(|| {
        let cases = [
            (0.01, 0.9, 0.05),
            (0.3, 0.8, 0.1),
            (0.001, 0.99, 0.01),
            (0.5, 0.6, 0.6),
        ];
        for (prevalence, recall, rate) in cases {
            let answer = precision_at(prevalence, recall, rate);
            if let Err(error) = judge(answer, prevalence, recall, rate) {
                return Verdict::not_yet(error);
            }
        }
        Verdict::passed(
            "Recall and false positive rate belong to the model, precision belongs to the model and its population: \
         at 1 % prevalence, 90 % recall and 5 % false alarms give a precision of 15 %.",
        )
    })
}

fn judge(answer: f64, prevalence: f64, recall: f64, rate: f64) -> Result<(), String> {
    let (hits, alarms) = (prevalence * recall, (1.0 - prevalence) * rate);
    let right = hits / (hits + alarms);
    let place = format!("At prevalence {prevalence}, recall {recall}, false positive rate {rate}");
    if close(answer, right) {
        return Ok(());
    }
    if !(0.0..=1.0).contains(&answer) {
        let error = Error::OutOfRange {
            what: "the precision".to_owned(),
            found: answer.to_string(),
            expected: "a share from 0 to 1",
        };
        return Err(format!("{place}: {error}"));
    }
    let known = [
        (
            recall,
            "this is the recall, P(flagged | positive). Precision is P(positive | flagged): reverse the condition by Bayes' rule.",
        ),
        (
            1.0 - rate,
            "this is the specificity, which says nothing about those that are flagged.",
        ),
        (
            recall / (recall + rate),
            "the prevalence is missing: this holds only where half of all rows are positive.",
        ),
        (
            hits,
            "this is the share of all rows that are hits; divide by the share of all rows that are flagged.",
        ),
        (
            hits + alarms,
            "this is the share of all rows that are flagged; the hits among them are asked.",
        ),
        (
            hits / (hits + rate),
            "the false positive rate is a share of the negatives: multiply it by 1 − prevalence.",
        ),
        (
            hits / (hits + (1.0 - prevalence) * (1.0 - rate)),
            "you used the specificity, 1 − false positive rate, where the false alarms belong.",
        ),
    ];
    let found = known.iter().find(|(wrong, _)| close(answer, *wrong));
    let why = found.map_or_else(
        || format!("{answer:.4} is not the share of positives among the flagged."),
        |(_, why)| (*why).to_owned(),
    );
    Err(format!("{place}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(part: usize, whole: usize) -> Option<f64> {
        (whole > 0).then(|| part as f64 / whole as f64)
    }

    fn f_beta(tp: usize, fp: usize, fn_: usize, square: f64) -> Option<f64> {
        let hits = (1.0 + square) * tp as f64;
        (tp + fp + fn_ > 0).then(|| hits / (hits + square * fn_ as f64 + fp as f64))
    }

    fn told(metrics: Metrics) -> String {
        check_q27_metrics(metrics).told()
    }

    fn told_of_precision(answer: PrecisionAt) -> String {
        check_q27_precision_at(answer).told()
    }

    #[test]
    fn the_right_metrics_pass() {
        let verdict = check_q27_metrics(|tp, fp, fn_, beta| {
            [
                ratio(tp, tp + fp),
                ratio(tp, tp + fn_),
                f_beta(tp, fp, fn_, beta * beta),
            ]
        });
        assert!(verdict.has_passed(), "{verdict}");
    }

    #[test]
    fn a_zero_or_nan_for_what_is_not_defined_is_named() {
        let zero: Metrics = |tp, fp, fn_, beta| {
            let [p, r, f] = expected(tp, fp, fn_, beta);
            [Some(p.unwrap_or(0.0)), r, f]
        };
        assert!(told(zero).contains("nothing was flagged"));
        let zero_recall: Metrics = |tp, fp, fn_, beta| {
            let [p, r, f] = expected(tp, fp, fn_, beta);
            [p, Some(r.unwrap_or(0.0)), f]
        };
        assert!(told(zero_recall).contains("no positives"));
        let nan: Metrics = |tp, fp, fn_, beta| {
            expected(tp, fp, fn_, beta).map(|value| Some(value.unwrap_or(f64::NAN)))
        };
        assert!(told(nan).contains("0 / 0"));
        let from_both: Metrics = |tp, fp, fn_, beta| {
            let [p, r, f] = expected(tp, fp, fn_, beta);
            [p, r, p.and(r).and(f)]
        };
        assert!(told(from_both).contains("from the counts"));
        let harmonic: Metrics = |tp, fp, fn_, beta| {
            let [p, r, _] = expected(tp, fp, fn_, beta);
            let f = p
                .zip(r)
                .map(|(p, r)| (1.0 + beta * beta) * p * r / (beta * beta * p + r));
            [p, r, f]
        };
        assert!(told(harmonic).contains("from the counts"));
        let harmonic_where_defined: Metrics = |tp, fp, fn_, beta| {
            let [p, r, f] = expected(tp, fp, fn_, beta);
            let is_zero = p == Some(0.0) && r == Some(0.0);
            [p, r, if is_zero { Some(f64::NAN) } else { f }]
        };
        assert!(told(harmonic_where_defined).contains("0 / 0"));
        let none_where_zero: Metrics = |tp, fp, fn_, beta| {
            let [p, r, f] = expected(tp, fp, fn_, beta);
            [
                p,
                r,
                f.filter(|f| *f > 0.0 || p != Some(0.0) || r != Some(0.0)),
            ]
        };
        assert!(told(none_where_zero).contains("from the counts"));
    }

    #[test]
    fn wrong_metrics_are_named() {
        let swapped: Metrics = |tp, fp, fn_, beta| {
            let [p, r, f] = expected(tp, fp, fn_, beta);
            [r, p, f]
        };
        assert!(told(swapped).contains("other one"));
        let whole: Metrics = |tp, fp, fn_, beta| {
            let [_, r, f] = expected(tp, fp, fn_, beta);
            [(tp + fp > 0).then(|| (tp / (tp + fp)) as f64), r, f]
        };
        assert!(told(whole).contains("as f64"));
        let no_square: Metrics = |tp, fp, fn_, beta| {
            let [p, r, _] = expected(tp, fp, fn_, beta);
            [p, r, f_beta(tp, fp, fn_, beta)]
        };
        assert!(told(no_square).contains("squared"));
        let turned: Metrics = |tp, fp, fn_, beta| {
            let [p, r, _] = expected(tp, fp, fn_, beta);
            [p, r, f_beta(tp, fp, fn_, 1.0 / (beta * beta))]
        };
        assert!(told(turned).contains("false alarms"));
        let always_one: Metrics = |tp, fp, fn_, beta| {
            let [p, r, _] = expected(tp, fp, fn_, beta);
            [p, r, f_beta(tp, fp, fn_, 1.0)]
        };
        assert!(told(always_one).contains("F1 for every"));
        let mean: Metrics = |tp, fp, fn_, beta| {
            let [p, r, _] = expected(tp, fp, fn_, beta);
            [p, r, Some((p.unwrap_or(0.0) + r.unwrap_or(0.0)) / 2.0)]
        };
        assert!(told(mean).contains("harmonic"));
    }

    #[test]
    fn nonsense_is_told_and_does_not_panic() {
        assert!(told(|_, _, _, _| [None; 3]).contains("None"));
        assert!(told(|_, _, _, _| [Some(f64::INFINITY); 3]).contains("not a number"));
        assert!(told(|_, _, _, _| [Some(-3.5); 3]).contains("-3.5"));
        assert!(told_of_precision(|_, _, _| f64::NAN).contains("from 0 to 1"));
        assert!(told_of_precision(|_, _, _| -1.0).contains("from 0 to 1"));
        assert!(told_of_precision(|_, _, _| 0.5).contains("share of positives"));
    }

    #[test]
    fn precision_by_bayes_passes_and_its_mistakes_are_named() {
        let verdict = check_q27_precision_at(|p, r, f| p * r / (p * r + (1.0 - p) * f));
        assert!(verdict.has_passed(), "{verdict}");
        assert!(told_of_precision(|_, r, _| r).contains("this is the recall"));
        assert!(told_of_precision(|_, _, f| 1.0 - f).contains("specificity"));
        assert!(told_of_precision(|_, r, f| r / (r + f)).contains("prevalence is missing"));
        assert!(told_of_precision(|p, r, _| p * r).contains("are hits"));
        assert!(told_of_precision(|p, r, f| p * r + (1.0 - p) * f).contains("hits among them"));
        assert!(told_of_precision(|p, r, f| p * r / (p * r + f)).contains("1 − prevalence"));
        let specificity: PrecisionAt = |p, r, f| p * r / (p * r + (1.0 - p) * (1.0 - f));
        assert!(told_of_precision(specificity).contains("you used the specificity"));
    }
}
