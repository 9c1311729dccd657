//! The encoding of a category by the labels of other folds.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::check_q28_encode as check;
use std::collections::HashMap;

fn mean(labels: &[usize]) -> f64 {
    labels.iter().sum::<usize>() as f64 / labels.len() as f64
}

/// The mean label of the rows that are kept for each row, or what is put in the place of none.
fn encoded(
    rows: usize,
    labels: &[usize],
    keep: impl Fn(usize, usize) -> bool,
    none: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let own = |row: usize| -> Vec<usize> {
        let others = (0..rows).filter(|&other| keep(row, other));
        others.map(|other| labels[other]).collect()
    };
    let value = |row: usize| match own(row) {
        labels if labels.is_empty() => none(row),
        labels => mean(&labels),
    };
    (0..rows).map(value).collect()
}

fn others(labels: &[usize], folds: &[usize], row: usize) -> f64 {
    let rows = (0..labels.len()).filter(|&other| folds[other] != folds[row]);
    mean(&rows.map(|other| labels[other]).collect::<Vec<_>>())
}

fn right(categories: &[usize], labels: &[usize], folds: &[usize]) -> Vec<f64> {
    let keep = |row: usize, other: usize| {
        folds[other] != folds[row] && categories[other] == categories[row]
    };
    encoded(labels.len(), labels, keep, |row| others(labels, folds, row))
}

/// Sums by category of everything, minus those of the own fold.
fn by_sums(categories: &[usize], labels: &[usize], folds: &[usize]) -> Vec<f64> {
    let mut all: HashMap<usize, [f64; 2]> = HashMap::new();
    let mut own: HashMap<(usize, usize), [f64; 2]> = HashMap::new();
    let mut fold: HashMap<usize, [f64; 2]> = HashMap::new();
    let mut sum = [0.0; 2];
    for ((&c, &y), &f) in categories.iter().zip(labels).zip(folds) {
        let entries = [
            all.entry(c).or_default(),
            own.entry((c, f)).or_default(),
            fold.entry(f).or_default(),
            &mut sum,
        ];
        for entry in entries {
            *entry = [entry[0] + y as f64, entry[1] + 1.0];
        }
    }
    let value = |row: usize| {
        let (c, f) = (categories[row], folds[row]);
        let left = [all[&c][0] - own[&(c, f)][0], all[&c][1] - own[&(c, f)][1]];
        match left[1] {
            0.0 => (sum[0] - fold[&f][0]) / (sum[1] - fold[&f][1]),
            rows => left[0] / rows,
        }
    };
    (0..labels.len()).map(value).collect()
}

/// Fold by fold: means of the others, then a look-up.
fn by_fold(categories: &[usize], labels: &[usize], folds: &[usize]) -> Vec<f64> {
    let mut encoded = vec![f64::NAN; labels.len()];
    for fold in 0..=folds.iter().copied().max().unwrap_or(0) {
        let mut means: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut all = Vec::new();
        for row in (0..labels.len()).filter(|&row| folds[row] != fold) {
            means.entry(categories[row]).or_default().push(labels[row]);
            all.push(labels[row]);
        }
        for row in (0..labels.len()).filter(|&row| folds[row] == fold) {
            encoded[row] = means
                .get(&categories[row])
                .map_or(mean(&all), |own| mean(own));
        }
    }
    encoded
}

#[test]
fn encode() {
    assert_accepts(
        "check_q28_encode",
        &[
            ("row by row", check(right)),
            ("sums of all minus those of the fold", check(by_sums)),
            ("fold by fold", check(by_fold)),
        ],
    );
    assert_refuses(
        "check_q28_encode",
        &[
            (
                "in sample",
                "own label is in its own encoding",
                check(|c, y, _| encoded(y.len(), y, |row, other| c[other] == c[row], |_| 0.0)),
            ),
            (
                "leave one out",
                "leaves out the row alone",
                check(|c, y, f| {
                    let keep = |row: usize, other: usize| c[other] == c[row] && other != row;
                    encoded(y.len(), y, keep, |row| others(y, f, row))
                }),
            ),
            (
                "the own fold",
                "*own* fold",
                check(|c, y, f| {
                    let keep = |row: usize, other: usize| c[other] == c[row] && f[other] == f[row];
                    encoded(y.len(), y, keep, |_| 0.0)
                }),
            ),
            (
                "the mean of the other folds",
                "same for the whole fold",
                check(|_, y, f| (0..y.len()).map(|row| others(y, f, row)).collect()),
            ),
            (
                "one number",
                "one number for all rows",
                check(|_, y, _| vec![mean(y); y.len()]),
            ),
            (
                "unseen: the mean of all",
                "has the row's own fold",
                check(|c, y, f| {
                    let keep = |row: usize, other: usize| f[other] != f[row] && c[other] == c[row];
                    encoded(y.len(), y, keep, |_| mean(y))
                }),
            ),
            (
                "unseen: one half",
                "not a fixed number",
                check(|c, y, f| {
                    let keep = |row: usize, other: usize| f[other] != f[row] && c[other] == c[row];
                    encoded(y.len(), y, keep, |_| 0.5)
                }),
            ),
            (
                "unseen: 0",
                "not a fixed number",
                check(|c, y, f| {
                    let keep = |row: usize, other: usize| f[other] != f[row] && c[other] == c[row];
                    encoded(y.len(), y, keep, |_| 0.0)
                }),
            ),
            (
                "unseen: NaN",
                "There is NaN",
                check(|c, y, f| {
                    let keep = |row: usize, other: usize| f[other] != f[row] && c[other] == c[row];
                    encoded(y.len(), y, keep, |_| f64::NAN)
                }),
            ),
            (
                "too short",
                "one for each row",
                check(|_, y, _| vec![0.0; y.len() - 1]),
            ),
            (
                "shares of 0",
                "mean label of the same category",
                check(|c, y, f| right(c, y, f).iter().map(|p| 1.0 - p).collect()),
            ),
            (
                "the fold before only",
                "same category",
                check(|c, y, f| {
                    let keep =
                        |row: usize, other: usize| f[other] + 1 == f[row] && c[other] == c[row];
                    encoded(y.len(), y, keep, |row| others(y, f, row))
                }),
            ),
        ],
    );
}
