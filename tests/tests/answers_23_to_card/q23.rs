//! Recall, NDCG, MMR and machines.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_q23_machines, check_q23_mmr, check_q23_ndcg, check_q23_recall};
use std::collections::HashSet;

fn hits(recommended: &[usize], relevant: &[usize], k: usize) -> f64 {
    let first = recommended.iter().take(k);
    first.filter(|item| relevant.contains(item)).count() as f64
}

#[test]
fn recall() {
    let check = |answer: fn(&[usize], &[usize], usize) -> f64| check_q23_recall(answer);
    assert_accepts(
        "check_q23_recall",
        &[
            (
                "take and filter",
                check(|l, r, k| hits(l, r, k) / r.len() as f64),
            ),
            (
                "sets",
                check(|l, r, k| {
                    let shown: HashSet<_> = l.iter().take(k).collect();
                    r.iter().filter(|item| shown.contains(item)).count() as f64 / r.len() as f64
                }),
            ),
            (
                "a bounded slice",
                check(|l, r, k| hits(&l[..k.min(l.len())], r, l.len()) / r.len() as f64),
            ),
        ],
    );
    assert_refuses(
        "check_q23_recall",
        &[
            (
                "precision",
                "precision",
                check(|l, r, k| hits(l, r, k) / k as f64),
            ),
            (
                "the whole list",
                "whole list",
                check(|l, r, _| hits(l, r, l.len()) / r.len() as f64),
            ),
            ("not divided", "number of hits", check(hits)),
            (
                "capped",
                "smaller of k",
                check(|l, r, k| hits(l, r, k) / r.len().min(k) as f64),
            ),
            (
                "one too few",
                "Count the items",
                check(|l, r, k| hits(l, r, k - 1) / r.len() as f64),
            ),
            (
                "one too many",
                "Count the items",
                check(|l, r, k| hits(l, r, k + 1) / r.len() as f64),
            ),
            (
                "a slice that panics on a short list",
                "panics",
                check(|l, r, k| hits(&l[..k], r, k) / r.len() as f64),
            ),
            (
                "misses for hits",
                "Count the items",
                check(|l, r, k| 1.0 - hits(l, r, k) / r.len() as f64),
            ),
            (
                "divided as integers",
                "Count the items",
                check(|l, r, k| (hits(l, r, k) as usize / r.len()) as f64),
            ),
        ],
    );
}

fn dcg(recommended: &[usize], relevant: &[usize], k: usize, offset: f64) -> f64 {
    let shown = recommended.iter().take(k).enumerate();
    let hits = shown.filter(|(_, item)| relevant.contains(item));
    hits.map(|(at, _)| 1.0 / (at as f64 + offset).log2()).sum()
}

fn best(hits: usize, offset: f64) -> f64 {
    (0..hits).map(|at| 1.0 / (at as f64 + offset).log2()).sum()
}

#[test]
fn ndcg() {
    let check = |answer: fn(&[usize], &[usize], usize) -> f64| check_q23_ndcg(answer);
    assert_accepts(
        "check_q23_ndcg",
        &[
            (
                "the formula",
                check(|l, r, k| dcg(l, r, k, 2.0) / best(r.len().min(k), 2.0)),
            ),
            (
                "natural logarithms, whose base cancels",
                check(|l, r, k| {
                    let gain = |at: usize| 1.0 / (at as f64 + 2.0).ln();
                    let dcg: f64 = (0..k.min(l.len()))
                        .filter(|&at| r.contains(&l[at]))
                        .map(gain)
                        .sum();
                    dcg / (0..k.min(r.len())).map(gain).sum::<f64>()
                }),
            ),
            (
                "the best list built and scored by the same code",
                check(|l, r, k| dcg(l, r, k, 2.0) / dcg(r, r, k, 2.0)),
            ),
        ],
    );
    assert_refuses(
        "check_q23_ndcg",
        &[
            ("DCG", "That is the DCG", check(|l, r, k| dcg(l, r, k, 2.0))),
            (
                "k hits in front",
                "fewer relevant items",
                check(|l, r, k| dcg(l, r, k, 2.0) / best(k, 2.0)),
            ),
            (
                "all relevant in front",
                "only k of them fit",
                check(|l, r, k| dcg(l, r, k, 2.0) / best(r.len(), 2.0)),
            ),
            (
                "the whole list",
                "whole list",
                check(|l, r, k| dcg(l, r, l.len(), 2.0) / best(r.len().min(k), 2.0)),
            ),
            (
                "log2(p + 2)",
                "counted from 1",
                check(|l, r, k| dcg(l, r, k, 3.0) / best(r.len().min(k), 3.0)),
            ),
            (
                "log2(p) with the first place 0",
                "finite number",
                check(|l, r, k| dcg(l, r, k, 1.0) / best(r.len().min(k), 1.0)),
            ),
            (
                "no discount",
                "capped recall",
                check(|l, r, k| hits(l, r, k) / r.len().min(k) as f64),
            ),
            (
                "recall",
                "1 / log₂(p + 1)",
                check(|l, r, k| hits(l, r, k) / r.len() as f64),
            ),
            ("always 1", "1 / log₂(p + 1)", check(|_, _, _| 1.0)),
            (
                "one place too few",
                "1 / log₂(p + 1)",
                check(|l, r, k| dcg(l, r, k - 1, 2.0) / best(r.len().min(k), 2.0)),
            ),
        ],
    );
}

type Value = fn(f64, &[f64], f64) -> f64;

fn by_value(value: Value) -> dsprep_core::check::Verdict {
    check_q23_mmr(|relevance, similarity, taken, lambda| {
        let value = |item: usize| {
            let similar: Vec<f64> = taken.iter().map(|&t| similarity[item][t]).collect();
            value(relevance[item], &similar, lambda)
        };
        let open = (0..relevance.len()).filter(|item| !taken.contains(item));
        open.max_by(|&a, &b| value(a).total_cmp(&value(b)))
            .unwrap_or(0)
    })
}

fn largest(similar: &[f64]) -> f64 {
    similar.iter().copied().fold(f64::MIN, f64::max)
}

fn mean(similar: &[f64]) -> f64 {
    similar.iter().sum::<f64>() / similar.len() as f64
}

#[test]
fn mmr() {
    let by_loop = check_q23_mmr(|relevance, similarity, taken, lambda| {
        let (mut best, mut value) = (usize::MAX, f64::MIN);
        for item in 0..relevance.len() {
            let twin = taken
                .iter()
                .map(|&t| similarity[t][item])
                .fold(f64::MIN, f64::max);
            let own = lambda * (relevance[item] + twin) - twin;
            if !taken.contains(&item) && own > value {
                (best, value) = (item, own);
            }
        }
        best
    });
    assert_accepts(
        "check_q23_mmr",
        &[
            (
                "the formula",
                by_value(|r, s, l| l * r - (1.0 - l) * largest(s)),
            ),
            (
                "smallest distance",
                by_value(|r, s, l| {
                    let distance = s.iter().map(|s| 1.0 - s).fold(f64::MAX, f64::min);
                    l * r + (1.0 - l) * distance
                }),
            ),
            ("a loop", by_loop),
        ],
    );
    assert_refuses(
        "check_q23_mmr",
        &[
            (
                "relevance only",
                "whatever is in the list",
                by_value(|r, _, _| r),
            ),
            (
                "added",
                "penalty",
                by_value(|r, s, l| l * r + (1.0 - l) * largest(s)),
            ),
            (
                "λ swapped",
                "wrong side",
                by_value(|r, s, l| (1.0 - l) * r - l * largest(s)),
            ),
            (
                "mean",
                "mean, or the sum",
                by_value(|r, s, l| l * r - (1.0 - l) * mean(s)),
            ),
            (
                "sum",
                "mean, or the sum",
                by_value(|r, s, l| l * r - (1.0 - l) * s.iter().sum::<f64>()),
            ),
            (
                "smallest similarity",
                "λ · relevance",
                by_value(|r, s, l| l * r - (1.0 - l) * s.iter().copied().fold(f64::MAX, f64::min)),
            ),
            ("no λ", "λ · relevance", by_value(|r, s, _| r - largest(s))),
            (
                "diversity only",
                "λ · relevance",
                by_value(|_, s, _| -largest(s)),
            ),
            (
                "only the last one",
                "λ · relevance",
                by_value(|r, s, l| l * r - (1.0 - l) * s.last().copied().unwrap_or(0.0)),
            ),
            (
                "a largest similarity that begins with 0",
                "begin the largest with `f64::MIN`",
                by_value(|r, s, l| l * r - (1.0 - l) * largest(s).max(0.0)),
            ),
            (
                "similarity without its sign",
                "no `abs`",
                by_value(|r, s, l| l * r - (1.0 - l) * largest(s).abs()),
            ),
            (
                "one that was taken",
                "already",
                check_q23_mmr(|_, _, taken, _| taken[0]),
            ),
            (
                "no such item",
                "no such item",
                check_q23_mmr(|relevance, _, _, _| relevance.len()),
            ),
        ],
    );
}

#[test]
fn machines() {
    let check = |answer: fn(f64, f64, usize, f64, f64) -> usize| check_q23_machines(answer);
    assert_accepts(
        "check_q23_machines",
        &[
            (
                "the formula",
                check(|q, s, n, c, u| n * (q * s / (c * u)).ceil() as usize),
            ),
            (
                "busy cores first",
                check(|q, s, n, c, u| {
                    let busy = q * s;
                    let usable = c * u;
                    let mut machines = 0;
                    while (machines as f64) * usable < busy {
                        machines += 1;
                    }
                    machines * n
                }),
            ),
            (
                "with one to spare for each shard",
                check(|q, s, n, c, u| n * ((q * s / (c * u)).ceil() as usize + 1)),
            ),
        ],
    );
    assert_refuses(
        "check_q23_machines",
        &[
            (
                "one shard",
                "every shard",
                check(|q, s, _, c, u| (q * s / (c * u)).ceil() as usize),
            ),
            (
                "always busy",
                "busy all the time",
                check(|q, s, n, c, _| n * (q * s / c).ceil() as usize),
            ),
            (
                "rounded at the end",
                "rounds the sum",
                check(|q, s, n, c, u| (n as f64 * q * s / (c * u)).ceil() as usize),
            ),
            (
                "rounded down",
                "rounds down",
                check(|q, s, n, c, u| n * (q * s / (c * u)) as usize),
            ),
            (
                "cores",
                "counts cores",
                check(|q, s, n, _, u| n * (q * s / u).ceil() as usize),
            ),
            (
                "one spare in all",
                "no spare",
                check(|q, s, n, c, u| n * (q * s / (c * u)).ceil() as usize + 1),
            ),
            (
                "no seconds",
                "busy cores",
                check(|q, _, n, c, u| n * (q / (c * u)).ceil() as usize),
            ),
            (
                "utilisation above",
                "busy cores",
                check(|q, s, n, c, u| n * (q * s * u / c).ceil() as usize),
            ),
            (
                "the free share",
                "busy cores",
                check(|q, s, n, c, u| n * (q * s / (c * (1.0 - u))).ceil() as usize),
            ),
        ],
    );
}
