//! The three functions of the reference card.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_card_auc, check_card_known, check_card_p_value};

fn share(observed: f64, shuffled: &[f64], own: usize, counts: fn(f64, f64) -> bool) -> f64 {
    let extreme = shuffled
        .iter()
        .filter(|difference| counts(**difference, observed))
        .count();
    (extreme + own) as f64 / (shuffled.len() + own) as f64
}

#[test]
fn p_values() {
    let check = |answer: fn(f64, &[f64]) -> f64| check_card_p_value(answer);
    assert_accepts(
        "check_card_p_value",
        &[
            (
                "sizes",
                check(|o, s| share(o, s, 1, |a, b| a.abs() >= b.abs())),
            ),
            (
                "both tails",
                check(|o, s| {
                    let size = o.abs();
                    let tails = s.iter().filter(|d| **d >= size || **d <= -size).count();
                    (1.0 + tails as f64) / (1.0 + s.len() as f64)
                }),
            ),
            (
                "one minus the less extreme",
                check(|o, s| {
                    let less = s.iter().filter(|d| d.abs() < o.abs()).count() as f64;
                    1.0 - less / (s.len() as f64 + 1.0)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_card_p_value",
        &[
            (
                "strict",
                "At least this extreme",
                check(|o, s| share(o, s, 1, |a, b| a.abs() > b.abs())),
            ),
            (
                "exact",
                "exactly this extreme",
                check(|o, s| share(o, s, 0, |a, b| a == b)),
            ),
            (
                "without its own",
                "count it",
                check(|o, s| share(o, s, 0, |a, b| a.abs() >= b.abs())),
            ),
            (
                "one-sided",
                "one side only",
                check(|o, s| share(o, s, 1, |a, b| a >= b)),
            ),
            (
                "observed not by size",
                "observed.abs()",
                check(|o, s| share(o, s, 1, |a, b| a.abs() >= b)),
            ),
            (
                "one minus p",
                "1 − p",
                check(|o, s| 1.0 - share(o, s, 1, |a, b| a.abs() >= b.abs())),
            ),
            ("a constant", "whatever the data", check(|_, _| 0.6)),
            (
                "own above the line only",
                "one more than all",
                check(|o, s| {
                    (1.0 + share(o, s, 0, |a, b| a.abs() >= b.abs()) * s.len() as f64)
                        / s.len() as f64
                }),
            ),
            (
                "half of it",
                "one more than all",
                check(|o, s| share(o, s, 1, |a, b| a.abs() >= b.abs()) / 2.0),
            ),
            (
                "lower tail",
                "one more than all",
                check(|o, s| share(o, s, 1, |a, b| a <= b)),
            ),
            (
                "no probability",
                "between 0 and 1",
                check(|_, s| s.len() as f64),
            ),
        ],
    );
}

fn pairs(positives: &[f64], negatives: &[f64], tie: f64) -> Option<f64> {
    let of = |p: f64, n: f64| match p.total_cmp(&n) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => tie,
        std::cmp::Ordering::Less => 0.0,
    };
    let number = positives.len() * negatives.len();
    let sum: f64 = positives
        .iter()
        .flat_map(|p| negatives.iter().map(move |n| of(*p, *n)))
        .sum();
    (number > 0).then(|| sum / number as f64)
}

#[test]
fn aucs() {
    let check = |answer: fn(&[f64], &[f64]) -> Option<f64>| check_card_auc(answer);
    assert_accepts(
        "check_card_auc",
        &[
            ("pairs", check(|p, n| pairs(p, n, 0.5))),
            (
                "above and at least, halved",
                check(|p, n| Some((pairs(p, n, 0.0)? + pairs(p, n, 1.0)?) / 2.0)),
            ),
            (
                "ranks",
                check(|p, n| {
                    let all: Vec<f64> = p.iter().chain(n).copied().collect();
                    let rank = |x: f64| {
                        let below = all.iter().filter(|y| **y < x).count() as f64;
                        let same = all.iter().filter(|y| **y == x).count() as f64;
                        below + (same + 1.0) / 2.0
                    };
                    let (a, b) = (p.len() as f64, n.len() as f64);
                    let sum: f64 = p.iter().map(|x| rank(*x)).sum();
                    (a * b > 0.0).then(|| (sum - a * (a + 1.0) / 2.0) / (a * b))
                }),
            ),
        ],
    );
    assert_refuses(
        "check_card_auc",
        &[
            (
                "ties nothing",
                "Ties count nothing",
                check(|p, n| pairs(p, n, 0.0)),
            ),
            ("ties all", "as won", check(|p, n| pairs(p, n, 1.0))),
            ("upside down", "Upside down", check(|p, n| pairs(n, p, 0.5))),
            (
                "U",
                "number of pairs",
                check(|p, n| pairs(p, n, 0.5).map(|auc| auc * (p.len() * n.len()) as f64)),
            ),
            (
                "0.5 without pairs",
                "not defined there",
                check(|p, n| pairs(p, n, 0.5).or(Some(0.5))),
            ),
            (
                "NaN without pairs",
                "not NaN",
                check(|p, n| pairs(p, n, 0.5).or(Some(f64::NAN))),
            ),
            ("never", "to compare", check(|_, _| None)),
            (
                "Gini",
                "share of",
                check(|p, n| pairs(p, n, 0.5).map(|auc| 2.0 * auc - 1.0)),
            ),
            (
                "ties a third",
                "share of",
                check(|p, n| pairs(p, n, 1.0 / 3.0)),
            ),
            (
                "means compared",
                "share of",
                check(|p, n| {
                    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
                    (!p.is_empty() && !n.is_empty()).then(|| f64::from(mean(p) > mean(n)))
                }),
            ),
        ],
    );
}

type Change = (i64, i64, f64);

fn latest(
    changes: &[Change],
    known: impl Fn(&Change) -> bool,
    order: fn(&Change) -> (i64, i64),
) -> Option<f64> {
    changes
        .iter()
        .filter(|change| known(change))
        .max_by_key(|change| order(change))
        .map(|change| change.2)
}

#[test]
fn known_values() {
    let check = |answer: fn(&[Change], i64) -> Option<f64>| check_card_known(answer);
    assert_accepts(
        "check_card_known",
        &[
            (
                "filter and maximum",
                check(|changes, day| latest(changes, |c| c.1 <= day, |c| (c.0, c.1))),
            ),
            (
                "sorted",
                check(|changes, day| {
                    let mut known: Vec<&Change> =
                        changes.iter().filter(|c| c.1 < day + 1).collect();
                    known.sort_by_key(|c| (c.0, c.1));
                    known.last().map(|c| c.2)
                }),
            ),
            (
                "a loop",
                check(|changes, day| {
                    let mut best: Option<Change> = None;
                    for &change in changes {
                        let newer = best.is_none_or(|best| (change.0, change.1) > (best.0, best.1));
                        if change.1 <= day && newer {
                            best = Some(change);
                        }
                    }
                    best.map(|change| change.2)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_card_known",
        &[
            (
                "day of change",
                "nobody knew",
                check(|changes, day| latest(changes, |c| c.0 <= day, |c| (c.0, c.1))),
            ),
            (
                "newest",
                "whatever the day",
                check(|changes, _| latest(changes, |_| true, |c| (c.0, c.1))),
            ),
            (
                "last row",
                "last row",
                check(|changes, _| changes.last().map(|c| c.2)),
            ),
            (
                "booked last",
                "booked last",
                check(|changes, day| latest(changes, |c| c.1 <= day, |c| (c.1, c.0))),
            ),
            (
                "last known row",
                "no order",
                check(|changes, day| changes.iter().rfind(|c| c.1 <= day).map(|c| c.2)),
            ),
            (
                "before the day",
                "`<=`",
                check(|changes, day| latest(changes, |c| c.1 < day, |c| (c.0, c.1))),
            ),
            (
                "0 where nothing is known",
                "Return `None`",
                check(|changes, day| latest(changes, |c| c.1 <= day, |c| (c.0, c.1)).or(Some(0.0))),
            ),
            (
                "a correction overlooked",
                "On day",
                check(|changes, day| latest(changes, |c| c.1 <= day, |c| (c.0, -c.1))),
            ),
            (
                "the first",
                "On day",
                check(|changes, day| latest(changes, |c| c.1 <= day, |c| (-c.0, c.1))),
            ),
            (
                "the largest value",
                "On day",
                check(|changes, day| {
                    let known = changes.iter().filter(|c| c.1 <= day).map(|c| c.2);
                    known.max_by(f64::total_cmp)
                }),
            ),
        ],
    );
}
