//! Metrics from counts, precision at another prevalence, average precision.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_q27_average_precision, check_q27_metrics, check_q27_precision_at};
use dsprep_core::evaluate::{average_precision, roc_auc};
use dsprep_core::ndarray::Array1;

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn f_beta(tp: usize, fp: usize, fn_: usize, square: f64) -> Option<f64> {
    let hits = (1.0 + square) * tp as f64;
    (tp + fp + fn_ > 0).then(|| hits / (hits + square * fn_ as f64 + fp as f64))
}

#[test]
fn metrics() {
    type Metrics = fn(usize, usize, usize, f64) -> [Option<f64>; 3];
    let check = |answer: Metrics| check_q27_metrics(answer);
    assert_accepts(
        "check_q27_metrics",
        &[
            (
                "from counts",
                check(|tp, fp, fn_, b| {
                    [
                        ratio(tp, tp + fp),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, b * b),
                    ]
                }),
            ),
            (
                "checked divisions",
                check(|tp, fp, fn_, b| {
                    let of = |a: f64, b: f64| Some(a / b).filter(|value| value.is_finite());
                    let (tp, fp, fn_) = (tp as f64, fp as f64, fn_ as f64);
                    let weight = 1.0 + b * b;
                    [
                        of(tp, tp + fp),
                        of(tp, tp + fn_),
                        of(weight * tp, weight * tp + b * b * fn_ + fp),
                    ]
                }),
            ),
            (
                "F from precision and recall where there are hits",
                check(|tp, fp, fn_, b| {
                    let (p, r) = (ratio(tp, tp + fp), ratio(tp, tp + fn_));
                    let f = match (p, r) {
                        (Some(p), Some(r)) if tp > 0 => {
                            Some((1.0 + b * b) * p * r / (b * b * p + r))
                        }
                        _ => (tp + fp + fn_ > 0).then_some(0.0),
                    };
                    [p, r, f]
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q27_metrics",
        &[
            (
                "swapped",
                "other one",
                check(|tp, fp, fn_, b| {
                    [
                        ratio(tp, tp + fn_),
                        ratio(tp, tp + fp),
                        f_beta(tp, fp, fn_, b * b),
                    ]
                }),
            ),
            (
                "0 for nothing flagged",
                "nothing was flagged",
                check(|tp, fp, fn_, b| {
                    [
                        ratio(tp, tp + fp).or(Some(0.0)),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, b * b),
                    ]
                }),
            ),
            (
                "0 for no positives",
                "no positives",
                check(|tp, fp, fn_, b| {
                    [
                        ratio(tp, tp + fp),
                        ratio(tp, tp + fn_).or(Some(0.0)),
                        f_beta(tp, fp, fn_, b * b),
                    ]
                }),
            ),
            (
                "NaN",
                "0 / 0",
                check(|tp, fp, fn_, b| {
                    [
                        Some(tp as f64 / (tp + fp) as f64),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, b * b),
                    ]
                }),
            ),
            (
                "β not squared",
                "squared",
                check(|tp, fp, fn_, b| {
                    [
                        ratio(tp, tp + fp),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, b),
                    ]
                }),
            ),
            (
                "β on the false alarms",
                "false alarms",
                check(|tp, fp, fn_, b| {
                    [
                        ratio(tp, tp + fp),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, 1.0 / (b * b)),
                    ]
                }),
            ),
            (
                "always F1",
                "F1 for every",
                check(|tp, fp, fn_, _| {
                    [
                        ratio(tp, tp + fp),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, 1.0),
                    ]
                }),
            ),
            (
                "plain mean",
                "harmonic",
                check(|tp, fp, fn_, _| {
                    let (p, r) = (ratio(tp, tp + fp), ratio(tp, tp + fn_));
                    [p, r, Some((p.unwrap_or(0.0) + r.unwrap_or(0.0)) / 2.0)]
                }),
            ),
            (
                "whole numbers",
                "as f64",
                check(|tp, fp, fn_, b| {
                    [
                        (tp + fp > 0).then(|| (tp / (tp + fp)) as f64),
                        ratio(tp, tp + fn_),
                        f_beta(tp, fp, fn_, b * b),
                    ]
                }),
            ),
            (
                "F undefined with precision",
                "from the counts",
                check(|tp, fp, fn_, b| {
                    let (p, r) = (ratio(tp, tp + fp), ratio(tp, tp + fn_));
                    [p, r, p.and(r).and(f_beta(tp, fp, fn_, b * b))]
                }),
            ),
        ],
    );
}

#[test]
fn precision_at_a_prevalence() {
    let check = |answer: fn(f64, f64, f64) -> f64| check_q27_precision_at(answer);
    assert_accepts(
        "check_q27_precision_at",
        &[
            ("Bayes", check(|p, r, f| p * r / (p * r + (1.0 - p) * f))),
            (
                "by odds",
                check(|p, r, f| {
                    let odds = p / (1.0 - p) * r / f;
                    odds / (1.0 + odds)
                }),
            ),
            (
                "10,000 people",
                check(|p, r, f| {
                    let (hits, alarms) = (1e4 * p * r, 1e4 * (1.0 - p) * f);
                    hits / (hits + alarms)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q27_precision_at",
        &[
            ("recall", "this is the recall", check(|_, r, _| r)),
            (
                "specificity",
                "this is the specificity",
                check(|_, _, f| 1.0 - f),
            ),
            (
                "balanced",
                "prevalence is missing",
                check(|_, r, f| r / (r + f)),
            ),
            ("hits", "are hits", check(|p, r, _| p * r)),
            (
                "flagged",
                "hits among them",
                check(|p, r, f| p * r + (1.0 - p) * f),
            ),
            (
                "not 1 − π",
                "1 − prevalence",
                check(|p, r, f| p * r / (p * r + f)),
            ),
            (
                "specificity for FPR",
                "used the specificity",
                check(|p, r, f| p * r / (p * r + (1.0 - p) * (1.0 - f))),
            ),
            ("prevalence", "share of positives", check(|p, _, _| p)),
            (
                "false discovery",
                "share of positives",
                check(|p, r, f| 1.0 - p * r / (p * r + (1.0 - p) * f)),
            ),
            (
                "no share",
                "from 0 to 1",
                check(|p, r, f| (1.0 - p) * f / (p * r)),
            ),
        ],
    );
}

#[test]
fn average_precision_by_hand() {
    fn ranked(
        y: &[usize],
        scores: &[f64],
        ascending: bool,
        counts: fn(usize) -> bool,
    ) -> (f64, f64) {
        let mut order: Vec<usize> = (0..y.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        if ascending {
            order.reverse();
        }
        let (mut hits, mut sum, mut number) = (0.0, 0.0, 0.0);
        for (place, &row) in order.iter().enumerate() {
            hits += y[row] as f64;
            if counts(y[row]) {
                sum += hits / (place + 1) as f64;
                number += 1.0;
            }
        }
        (sum, number)
    }
    fn by_thresholds(y: &[usize], scores: &[f64], flag: fn(f64, f64) -> bool) -> Option<f64> {
        let positives: Vec<usize> = (0..y.len()).filter(|&row| y[row] == 1).collect();
        let precision = |from: f64| {
            let flagged: Vec<usize> = (0..y.len())
                .filter(|&row| flag(scores[row], from))
                .collect();
            flagged.iter().map(|&row| y[row] as f64).sum::<f64>() / flagged.len().max(1) as f64
        };
        let sum: f64 = positives.iter().map(|&row| precision(scores[row])).sum();
        (!positives.is_empty()).then(|| sum / positives.len() as f64)
    }
    fn arrays(y: &[usize], scores: &[f64]) -> (Array1<usize>, Array1<f64>) {
        (
            y.iter().copied().collect(),
            scores.iter().copied().collect(),
        )
    }
    let check = |answer: fn(&[usize], &[f64]) -> Option<f64>| check_q27_average_precision(answer);
    assert_accepts(
        "check_q27_average_precision",
        &[
            (
                "by thresholds",
                check(|y, s| by_thresholds(y, s, |score, from| score >= from)),
            ),
            (
                "the core's",
                check(|y, s| {
                    let (y, s) = arrays(y, s);
                    average_precision(&y, &s).ok()
                }),
            ),
            (
                "sorted, ties together",
                check(|y, s| {
                    let mut order: Vec<usize> = (0..y.len()).collect();
                    order.sort_by(|&a, &b| s[b].total_cmp(&s[a]));
                    let (mut hits, mut seen, mut sum) = (0.0, 0, 0.0);
                    for tie in order.chunk_by(|&a, &b| s[a] == s[b]) {
                        let own = tie.iter().map(|&row| y[row] as f64).sum::<f64>();
                        (hits, seen) = (hits + own, seen + tie.len());
                        sum += own * hits / seen as f64;
                    }
                    (hits > 0.0).then(|| sum / hits)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q27_average_precision",
        &[
            (
                "over all rows",
                "over all rows",
                check(|y, s| {
                    let (sum, number) = ranked(y, s, false, |_| true);
                    Some(sum / number)
                }),
            ),
            (
                "ties by the order of rows",
                "Ties",
                check(|y, s| {
                    let (sum, number) = ranked(y, s, false, |y| y == 1);
                    (number > 0.0).then(|| sum / number)
                }),
            ),
            (
                "0 / 0 without rows",
                "Without rows",
                check(|y, s| {
                    let found = by_thresholds(y, s, |score, from| score >= from);
                    if y.is_empty() { Some(f64::NAN) } else { found }
                }),
            ),
            (
                "the area under the curve by trapezoids",
                "At each positive take",
                check(|y, s| {
                    let all = y.iter().sum::<usize>() as f64;
                    let mut levels = s.to_vec();
                    levels.sort_by(|a, b| b.total_cmp(a));
                    levels.dedup();
                    let (mut area, mut last) = (0.0, (0.0, 1.0));
                    for level in levels {
                        let flagged = (0..y.len()).filter(|&row| s[row] >= level);
                        let (seen, hits) =
                            flagged.fold((0.0, 0.0), |(n, h), row| (n + 1.0, h + y[row] as f64));
                        let point = (hits / all, hits / seen);
                        area += (point.0 - last.0) * (point.1 + last.1) / 2.0;
                        last = point;
                    }
                    (all > 0.0).then_some(area)
                }),
            ),
            (
                "ascending",
                "ascending",
                check(|y, s| {
                    let (sum, number) = ranked(y, s, true, |y| y == 1);
                    (number > 0.0).then(|| sum / number)
                }),
            ),
            (
                "divided by the rows",
                "number of rows",
                check(|y, s| {
                    let (sum, _) = ranked(y, s, false, |y| y == 1);
                    Some(sum / y.len() as f64)
                }),
            ),
            (
                "a sum",
                "a sum",
                check(|y, s| Some(ranked(y, s, false, |y| y == 1).0)),
            ),
            (
                "above, not at least",
                "`>=`",
                check(|y, s| by_thresholds(y, s, |score, from| score > from)),
            ),
            (
                "ROC AUC",
                "ROC AUC",
                check(|y, s| {
                    let (y, s) = arrays(y, s);
                    roc_auc(&y, &s).ok()
                }),
            ),
            (
                "0 without positives",
                "return `None`",
                check(|y, s| by_thresholds(y, s, |score, from| score >= from).or(Some(0.0))),
            ),
            ("NaN", "not a number", check(|_, _| Some(f64::NAN))),
            ("never", "there are positives", check(|_, _| None)),
            (
                "the prevalence",
                "At each positive",
                check(|y, _| Some(y.iter().sum::<usize>() as f64 / y.len() as f64)),
            ),
        ],
    );
}
