//! Velocity, threshold and window.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_q24_threshold, check_q24_velocity, check_q24_window};
use std::collections::VecDeque;

fn count(times: &[i64], test: impl Fn(i64) -> bool) -> usize {
    times.iter().filter(|time| test(**time)).count()
}

#[test]
fn velocity() {
    let check = |answer: fn(&[i64], i64) -> usize| check_q24_velocity(answer);
    assert_accepts(
        "check_q24_velocity",
        &[
            (
                "a range",
                check(|t, now| count(t, |t| (0..3600).contains(&(now - t)))),
            ),
            (
                "two comparisons",
                check(|t, now| count(t, |t| t <= now && t > now - 3600)),
            ),
            (
                "sorted and searched",
                check(|t, now| {
                    let mut t = t.to_vec();
                    t.sort_unstable();
                    t.partition_point(|t| *t <= now) - t.partition_point(|t| *t <= now - 3600)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q24_velocity",
        &[
            (
                "the future",
                "future",
                check(|t, now| count(t, |t| now - t < 3600)),
            ),
            (
                "3,600 s counts",
                "edge",
                check(|t, now| count(t, |t| (0..=3600).contains(&(now - t)))),
            ),
            (
                "3,599 s does not",
                "edge",
                check(|t, now| count(t, |t| (0..3599).contains(&(now - t)))),
            ),
            (
                "same second",
                "same second",
                check(|t, now| count(t, |t| (1..3600).contains(&(now - t)))),
            ),
            (
                "absolute distance",
                "future",
                check(|t, now| count(t, |t| (now - t).abs() < 3600)),
            ),
            (
                "a minute",
                "Three payments",
                check(|t, now| count(t, |t| (0..60).contains(&(now - t)))),
            ),
            ("all", "future", check(|t, _| t.len())),
            (
                "stops at the first old one",
                "out of order",
                check(|t, now| {
                    let newest_first = t.iter().rev().take_while(|t| now - **t < 3600);
                    newest_first.filter(|t| **t <= now).count()
                }),
            ),
            (
                "one more, itself",
                "Without earlier payments",
                check(|t, now| 1 + count(t, |t| (0..3600).contains(&(now - t)))),
            ),
        ],
    );
}

#[test]
fn threshold() {
    let check = |answer: fn(f64, f64) -> f64| check_q24_threshold(answer);
    assert_accepts(
        "check_q24_threshold",
        &[
            ("the share", check(|alarm, loss| alarm / (alarm + loss))),
            (
                "by the odds",
                check(|alarm, loss| {
                    let odds = alarm / loss;
                    odds / (1.0 + odds)
                }),
            ),
            (
                "one minus the other share",
                check(|alarm, loss| 1.0 - loss / (loss + alarm)),
            ),
        ],
    );
    assert_refuses(
        "check_q24_threshold",
        &[
            ("one half", "costs as much", check(|_, _| 0.5)),
            (
                "upside down",
                "Upside down",
                check(|alarm, loss| loss / (alarm + loss)),
            ),
            ("odds", "odds", check(|alarm, loss| alarm / loss)),
            ("a constant", "whatever the costs", check(|_, _| 0.05)),
            ("not a number", "not a number", check(|_, _| f64::NAN)),
            (
                "difference below",
                "cost the same",
                check(|alarm, loss| alarm / (loss - alarm)),
            ),
            (
                "no division",
                "cost the same",
                check(|alarm, _| alarm / 100.0),
            ),
            (
                "a tolerance",
                "cost the same",
                check(|alarm, loss| alarm / (alarm + loss) + 1e-6),
            ),
            (
                "inverse odds",
                "cost the same",
                check(|alarm, loss| loss / alarm),
            ),
            (
                "squared",
                "cost the same",
                check(|alarm, loss| alarm * alarm / (alarm * alarm + loss * loss)),
            ),
        ],
    );
}

fn slide(times: &[i64], leaves: impl Fn(i64) -> bool, all_at_once: bool, own: usize) -> Vec<usize> {
    let mut window: VecDeque<i64> = VecDeque::new();
    let mut counts = Vec::new();
    for &now in times {
        while window.front().is_some_and(|oldest| leaves(now - oldest)) {
            window.pop_front();
            if !all_at_once {
                break;
            }
        }
        counts.push(window.len() + own);
        window.push_back(now);
    }
    counts
}

#[test]
fn window() {
    let check = |answer: fn(&[i64]) -> Vec<usize>| check_q24_window(answer);
    assert_accepts(
        "check_q24_window",
        &[
            ("a deque", check(|t| slide(t, |age| age >= 3600, true, 0))),
            (
                "two pointers",
                check(|t| {
                    let mut oldest = 0;
                    let count = |now: usize| {
                        while t[now] - t[oldest] >= 3600 {
                            oldest += 1;
                        }
                        now - oldest
                    };
                    (0..t.len()).map(count).collect()
                }),
            ),
            (
                "a search",
                check(|t| {
                    let first = |now: usize| t.partition_point(|time| t[now] - time >= 3600);
                    (0..t.len()).map(|now| now - first(now)).collect()
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q24_window",
        &[
            (
                "never leaves",
                "Nothing leaves",
                check(|t| slide(t, |_| false, true, 0)),
            ),
            (
                "counts itself",
                "does not count itself",
                check(|t| slide(t, |age| age >= 3600, true, 1)),
            ),
            (
                "if for while",
                "Only one leaves",
                check(|t| slide(t, |age| age >= 3600, false, 0)),
            ),
            (
                "3,600 s stays",
                "edge",
                check(|t| slide(t, |age| age > 3600, true, 0)),
            ),
            (
                "3,599 s leaves",
                "edge",
                check(|t| slide(t, |age| age >= 3599, true, 0)),
            ),
            (
                "clears all",
                "edge",
                check(|t| {
                    let mut window: Vec<i64> = Vec::new();
                    let count = |now: &i64| {
                        if window.first().is_some_and(|oldest| now - oldest >= 3600) {
                            window.clear();
                        }
                        window.push(*now);
                        window.len() - 1
                    };
                    t.iter().map(count).collect()
                }),
            ),
            (
                "same second left out",
                "same second",
                check(|t| {
                    let earlier =
                        |now: usize| count(&t[..now], |time| (1..3600).contains(&(t[now] - time)));
                    (0..t.len()).map(earlier).collect()
                }),
            ),
            (
                "later ones of the same second",
                "same second",
                check(|t| {
                    let near =
                        |now: usize| count(t, |time| (0..3600).contains(&(t[now] - time))) - 1;
                    (0..t.len()).map(near).collect()
                }),
            ),
            (
                "only the last",
                "counts: one for each",
                check(|t| vec![t.len()]),
            ),
            ("nothing", "counts: one for each", check(|_| Vec::new())),
        ],
    );
}
