//! Drifted features, decisions, promotion, the stability index.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_q25_decide, check_q25_drifted, check_q25_promote, check_q25_psi};
use dsprep_core::evaluate::{roc_auc, roc_auc_difference};
use dsprep_core::experiment::{benjamini_hochberg, bonferroni, holm};
use dsprep_core::monitor::MonitorAction;
use dsprep_core::monitor::MonitorAction::{Investigate, Keep, Promote, Repair, Retrain};
use dsprep_core::ndarray::Array1;

fn both(adjusted: Vec<f64>, ks: &[f64], test: fn(f64, f64) -> bool) -> Vec<bool> {
    adjusted
        .iter()
        .zip(ks)
        .map(|(&p, &ks)| test(p, ks))
        .collect()
}

#[test]
fn drifted() {
    let check = |answer: fn(&[f64], &[f64]) -> Vec<bool>| check_q25_drifted(answer);
    assert_accepts(
        "check_q25_drifted",
        &[
            (
                "the core's Holm",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        p < 0.05 && ks >= 0.1
                    })
                }),
            ),
            (
                "Holm by steps",
                check(|p, ks| {
                    let mut order: Vec<usize> = (0..p.len()).collect();
                    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
                    let mut found = vec![false; p.len()];
                    for (place, &at) in order.iter().enumerate() {
                        if p[at] * (p.len() - place) as f64 >= 0.05 {
                            break;
                        }
                        found[at] = true;
                    }
                    found
                        .iter()
                        .zip(ks)
                        .map(|(found, ks)| *found && *ks >= 0.1)
                        .collect()
                }),
            ),
            (
                "not (too small or not significant)",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        !(ks < 0.1 || p >= 0.05)
                    })
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q25_drifted",
        &[
            (
                "no correction",
                "as they are",
                check(|p, ks| both(p.to_vec(), ks, |p, ks| p < 0.05 && ks >= 0.1)),
            ),
            (
                "no size",
                "left out the effect size",
                check(|p, ks| both(holm(p).unwrap_or_default(), ks, |p, _| p < 0.05)),
            ),
            (
                "neither",
                "original's rule",
                check(|p, ks| both(p.to_vec(), ks, |p, _| p < 0.05)),
            ),
            (
                "size alone",
                "effect size alone",
                check(|p, ks| both(p.to_vec(), ks, |_, ks| ks >= 0.1)),
            ),
            (
                "Bonferroni",
                "Bonferroni",
                check(|p, ks| {
                    both(bonferroni(p).unwrap_or_default(), ks, |p, ks| {
                        p < 0.05 && ks >= 0.1
                    })
                }),
            ),
            (
                "Benjamini-Hochberg",
                "Benjamini",
                check(|p, ks| {
                    both(benjamini_hochberg(p).unwrap_or_default(), ks, |p, ks| {
                        p < 0.05 && ks >= 0.1
                    })
                }),
            ),
            (
                "or for and",
                "is wrong",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        p < 0.05 || ks >= 0.1
                    })
                }),
            ),
            (
                "above 0.1 only",
                "is wrong",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        p < 0.05 && ks > 0.1
                    })
                }),
            ),
            (
                "0.01",
                "is wrong",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        p < 0.01 && ks >= 0.1
                    })
                }),
            ),
            (
                "not significant",
                "is wrong",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        p > 0.05 && ks >= 0.1
                    })
                }),
            ),
            (
                "0.05 itself",
                "is wrong",
                check(|p, ks| {
                    both(holm(p).unwrap_or_default(), ks, |p, ks| {
                        p <= 0.05 && ks >= 0.1
                    })
                }),
            ),
            ("one value", "has 1 values", check(|_, _| vec![true])),
        ],
    );
}

fn proven(drop: Option<(f64, f64)>, z: f64, tolerance: f64) -> bool {
    drop.is_some_and(|(drop, error)| drop - z * error > tolerance)
}

fn in_order(fault: bool, dropped: bool, drifted: bool) -> MonitorAction {
    match (fault, dropped, drifted) {
        (true, ..) => Repair,
        (_, true, _) => Retrain,
        (.., true) => Investigate,
        _ => Keep,
    }
}

#[test]
fn decisions() {
    type Rule = fn(bool, bool, Option<(f64, f64)>) -> MonitorAction;
    let check = |answer: Rule| check_q25_decide(answer);
    assert_accepts(
        "check_q25_decide",
        &[
            (
                "a match",
                check(|fault, drift, drop| in_order(fault, proven(drop, 1.96, 0.02), drift)),
            ),
            (
                "early returns",
                check(|fault, drift, drop| {
                    if fault {
                        return Repair;
                    }
                    if let Some((drop, error)) = drop
                        && drop > 0.02 + 1.96 * error
                    {
                        return Retrain;
                    }
                    if drift { Investigate } else { Keep }
                }),
            ),
            (
                "z of the normal distribution",
                check(|fault, drift, drop| in_order(fault, proven(drop, 1.959964, 0.02), drift)),
            ),
        ],
    );
    assert_refuses(
        "check_q25_decide",
        &[
            (
                "repairs only without a proven drop",
                "repair first",
                check(|fault, drift, drop| {
                    let dropped = proven(drop, 1.96, 0.02);
                    if fault && (drift || drop.is_none()) {
                        Repair
                    } else {
                        in_order(fault && !dropped, dropped, drift)
                    }
                }),
            ),
            (
                "a fault counts only with drift or without labels",
                "whatever else is found",
                check(|fault, drift, drop| {
                    in_order(
                        fault && (drift || drop.is_none()),
                        proven(drop, 1.96, 0.02),
                        drift,
                    )
                }),
            ),
            (
                "drop first",
                "repair first",
                check(|fault, drift, drop| {
                    if proven(drop, 1.96, 0.02) {
                        Retrain
                    } else {
                        in_order(fault, false, drift)
                    }
                }),
            ),
            (
                "no fault",
                "overlook the fault",
                check(|_, drift, drop| in_order(false, proven(drop, 1.96, 0.02), drift)),
            ),
            (
                "drift retrains",
                "drift alone",
                check(|fault, drift, drop| {
                    let dropped = proven(drop, 1.96, 0.02);
                    if !fault && (drift || dropped) {
                        Retrain
                    } else {
                        in_order(fault, false, false)
                    }
                }),
            ),
            (
                "drop and drift",
                "wait for drift",
                check(|fault, drift, drop| {
                    in_order(fault, proven(drop, 1.96, 0.02) && drift, drift)
                }),
            ),
            (
                "the drop itself",
                "compare the drop itself",
                check(|fault, drift, drop| in_order(fault, proven(drop, 0.0, 0.02), drift)),
            ),
            (
                "upper end",
                "not above 0.02",
                check(|fault, drift, drop| in_order(fault, proven(drop, -1.96, 0.02), drift)),
            ),
            (
                "90 %",
                "not above 0.02",
                check(|fault, drift, drop| in_order(fault, proven(drop, 1.645, 0.02), drift)),
            ),
            (
                "99 %",
                "lies above 0.02",
                check(|fault, drift, drop| in_order(fault, proven(drop, 2.576, 0.02), drift)),
            ),
            (
                "no tolerance",
                "not above 0",
                check(|fault, drift, drop| in_order(fault, proven(drop, 1.96, 0.0), drift)),
            ),
            (
                "a rise",
                "is a rise",
                check(|fault, drift, drop| {
                    in_order(
                        fault,
                        proven(drop.map(|(drop, error)| (drop.abs(), error)), 1.96, 0.02),
                        drift,
                    )
                }),
            ),
            (
                "ignores drift",
                "ignore drift",
                check(|fault, _, drop| in_order(fault, proven(drop, 1.96, 0.02), false)),
            ),
            ("promotes", "Promote", check(|_, _, _| Promote)),
        ],
    );
}

#[test]
fn promotion() {
    type Rule = fn(&Array1<usize>, &Array1<f64>, &Array1<f64>) -> bool;
    let check = |answer: Rule| check_q25_promote(answer);
    fn difference(y: &Array1<usize>, new: &Array1<f64>, old: &Array1<f64>) -> f64 {
        roc_auc(y, new).unwrap_or(0.0) - roc_auc(y, old).unwrap_or(0.0)
    }
    fn z(y: &Array1<usize>, new: &Array1<f64>, old: &Array1<f64>) -> f64 {
        roc_auc_difference(y, new, old, 0.95)
            .map_or(0.0, |test| test.difference / test.standard_error)
    }
    assert_accepts(
        "check_q25_promote",
        &[
            (
                "the lower end",
                check(|y, new, old| {
                    roc_auc_difference(y, new, old, 0.95)
                        .is_ok_and(|test| test.interval.lower > 0.0)
                }),
            ),
            (
                "significant and higher",
                check(|y, new, old| {
                    let test = roc_auc_difference(y, new, old, 0.95);
                    test.is_ok_and(|test| test.p_value < 0.05 && test.difference > 0.0)
                }),
            ),
            (
                "the other way round",
                check(|y, new, old| {
                    roc_auc_difference(y, old, new, 0.95)
                        .is_ok_and(|test| test.interval.upper < 0.0)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q25_promote",
        &[
            (
                "higher by 0.01",
                "size of the difference",
                check(|y, new, old| difference(y, new, old) > 0.01),
            ),
            (
                "higher by 0.02",
                "size of the difference",
                check(|y, new, old| difference(y, new, old) > 0.02),
            ),
            (
                "higher",
                "higher AUC",
                check(|y, new, old| difference(y, new, old) > 0.0),
            ),
            (
                "90 %",
                "still holds 0",
                check(|y, new, old| z(y, new, old) > 1.645),
            ),
            (
                "94 %",
                "still holds 0",
                check(|y, new, old| z(y, new, old) > 1.87),
            ),
            (
                "97 %",
                "no less certain",
                check(|y, new, old| z(y, new, old) > 2.17),
            ),
            (
                "99 %",
                "no less certain",
                check(|y, new, old| z(y, new, old) > 2.576),
            ),
            (
                "a minimum on top",
                "no less certain",
                check(|y, new, old| z(y, new, old) > 1.96 && difference(y, new, old) > 0.01),
            ),
            (
                "only different",
                "not which is better",
                check(|y, new, old| z(y, new, old).abs() > 1.96),
            ),
            (
                "swapped",
                "wrong way round",
                check(|y, new, old| z(y, new, old) < -1.96),
            ),
            ("everybody", "every challenger", check(|_, _, _| true)),
            ("nobody", "promote nobody", check(|_, _, _| false)),
        ],
    );
}

#[test]
fn stability_index() {
    fn shares(counts: &[usize], added: f64) -> Vec<f64> {
        let all = counts.iter().sum::<usize>() as f64 + added * counts.len() as f64;
        counts
            .iter()
            .map(|&count| (count as f64 + added) / all)
            .collect()
    }
    fn sum(r: &[usize], c: &[usize], added: f64, term: fn(f64, f64) -> f64) -> f64 {
        shares(r, added)
            .iter()
            .zip(shares(c, added))
            .map(|(&r, c)| term(r, c))
            .sum()
    }
    let check = |answer: fn(&[usize], &[usize]) -> f64| check_q25_psi(answer);
    assert_accepts(
        "check_q25_psi",
        &[
            (
                "the formula",
                check(|r, c| sum(r, c, 0.5, |r, c| (c - r) * (c / r).ln())),
            ),
            (
                "both signs turned",
                check(|r, c| sum(r, c, 0.5, |r, c| (r - c) * (r.ln() - c.ln()))),
            ),
            (
                "two divergences",
                check(|r, c| {
                    sum(r, c, 0.5, |r, c| c * (c / r).ln())
                        + sum(r, c, 0.5, |r, c| r * (r / c).ln())
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q25_psi",
        &[
            (
                "Kullback-Leibler",
                "divergence of the current",
                check(|r, c| sum(r, c, 0.5, |r, c| c * (c / r).ln())),
            ),
            (
                "the other divergence",
                "divergence of the reference",
                check(|r, c| sum(r, c, 0.5, |r, c| r * (r / c).ln())),
            ),
            (
                "sign",
                "never negative",
                check(|r, c| sum(r, c, 0.5, |r, c| (r - c) * (c / r).ln())),
            ),
            (
                "base 10",
                "base 10",
                check(|r, c| sum(r, c, 0.5, |r, c| (c - r) * (c / r).log10())),
            ),
            (
                "no logarithm",
                "total variation",
                check(|r, c| sum(r, c, 0.5, |r, c| (c - r).abs())),
            ),
            (
                "empty bins",
                "empty bin",
                check(|r, c| sum(r, c, 0.0, |r, c| (c - r) * (c / r).ln())),
            ),
            (
                "one row added",
                "half a row",
                check(|r, c| sum(r, c, 1.0, |r, c| (c - r) * (c / r).ln())),
            ),
            (
                "counts",
                "compare counts",
                check(|r, c| {
                    r.iter()
                        .zip(c)
                        .map(|(&r, &c)| (c as f64 - r as f64).abs())
                        .sum()
                }),
            ),
            (
                "a mean for a sum",
                "the sum of",
                check(|r, c| sum(r, c, 0.5, |r, c| (c - r) * (c / r).ln()) / r.len() as f64),
            ),
            ("nothing", "the sum of", check(|_, _| 0.0)),
        ],
    );
}
