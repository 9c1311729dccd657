//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses};

/// The sum of the layers whose name `fits` one of the parts.
fn sum(network: &ResNet, parts: &[&str], fits: fn(&str, &str) -> bool) -> usize {
    let layers = network.layers().iter();
    let fitting = layers.filter(|layer| parts.iter().any(|part| fits(&layer.name, part)));
    fitting.map(|layer| layer.parameters).sum()
}

#[test]
fn right_counts_pass_in_any_form() {
    let by_format: Trained = |network, parts| {
        sum(network, parts, |name, part| {
            name == part || name.starts_with(&format!("{part}."))
        })
    };
    let by_pieces: Trained = |network, parts| {
        sum(network, parts, |name, part| {
            let pieces: Vec<&str> = name.split('.').collect();
            let wanted: Vec<&str> = part.split('.').collect();
            pieces.starts_with(&wanted)
        })
    };
    let by_names: Trained = |network, parts| {
        let mut counted = std::collections::BTreeSet::new();
        let mut total = 0;
        for part in parts {
            for layer in network.layers() {
                if is_under(&layer.name, part) && counted.insert(layer.name.clone()) {
                    total += layer.parameters;
                }
            }
        }
        total
    };
    assert_accepts(
        "check_q21_trained",
        [by_format, by_pieces, by_names].map(check_q21_trained),
    );
}

#[test]
fn wrong_counts_are_refused_with_their_reason() {
    let mutants: [(Trained, &str); 11] = [
        (
            |network, _| network.head_parameters(),
            "That is the head, whatever is unfrozen",
        ),
        (|network, _| network.parameters(), "some are frozen"),
        (
            |network, parts| network.parameters() - trained_in(network, parts),
            "These are the frozen ones",
        ),
        (|_, _| 512, "~512"),
        (
            |network, parts| sum(network, parts, |name, part| name.starts_with(part)),
            "`layer3.1` is no part of `layer3.10`",
        ),
        (
            |network, parts| sum(network, parts, |name, part| name.contains(part)),
            "`layer3.1` is no part of `layer3.10`",
        ),
        (
            |network, parts| sum(network, parts, |name, part| name == part),
            "That is the head",
        ),
        (
            |network, parts| {
                sum(network, parts, |name, part| {
                    name.starts_with(&format!("{part}."))
                })
            },
            "That is not the number",
        ),
        (
            |network, parts| parts.iter().map(|part| trained_in(network, &[*part])).sum(),
            "counted twice",
        ),
        (
            |network, parts| {
                parts
                    .first()
                    .map_or(0, |part| trained_in(network, &[*part]))
            },
            "right is",
        ),
        (
            |network, parts| {
                let layers = network.layers().iter();
                layers
                    .filter(|layer| parts.iter().any(|part| is_under(&layer.name, part)))
                    .count()
            },
            "number of layers",
        ),
    ];
    assert_refuses(
        "check_q21_trained",
        mutants.map(|(wrong, words)| (words, check_q21_trained(wrong))),
    );
}

#[test]
fn right_norms_pass_in_any_form() {
    let folded: FrozenNorm = |x, mean, variance, scale, shift| {
        let slope = scale / &variance.mapv(|v| (v + EPSILON).sqrt());
        x * &slope + (shift - &(mean * &slope))
    };
    let by_row: FrozenNorm = |x, mean, variance, scale, shift| {
        let mut out = x.clone();
        for mut row in out.rows_mut() {
            for channel in 0..row.len() {
                let z = (row[channel] - mean[channel]) / (variance[channel] + EPSILON).sqrt();
                row[channel] = scale[channel] * z + shift[channel];
            }
        }
        out
    };
    let by_power: FrozenNorm = |x, mean, variance, scale, shift| {
        (x - mean) * variance.mapv(|v| (v + EPSILON).powf(-0.5)) * scale + shift
    };
    assert_accepts(
        "check_q21_frozen_norm",
        [normalised as FrozenNorm, folded, by_row, by_power].map(check_q21_frozen_norm),
    );
}

#[test]
fn wrong_norms_are_refused_with_their_reason() {
    let mutants: [(FrozenNorm, &str); 13] = [
        (
            |x, mean, _, scale, shift| {
                let of_batch = x.mean_axis(Axis(0)).unwrap_or_else(|| mean.clone());
                normalised(x, &of_batch, &x.var_axis(Axis(0), 0.0), scale, shift)
            },
            "training mode",
        ),
        (
            |x, mean, variance, scale, shift| {
                let of_batch = x.mean_axis(Axis(0)).unwrap_or_else(|| mean.clone());
                normalised(x, &of_batch, variance, scale, shift)
            },
            "The mean is the batch's",
        ),
        (
            |x, mean, _, scale, shift| normalised(x, mean, &x.var_axis(Axis(0), 0.0), scale, shift),
            "The variance is the batch's",
        ),
        (
            |x, m, v, scale, _| normalised(x, m, v, scale, &Array1::zeros(m.len())),
            "The shift is missing",
        ),
        (
            |x, m, v, _, shift| normalised(x, m, v, &Array1::ones(m.len()), shift),
            "The scale is missing",
        ),
        (
            |x, m, v, _, _| normalised(x, m, v, &Array1::ones(m.len()), &Array1::zeros(m.len())),
            "still used",
        ),
        (
            |x, m, v, scale, shift| normalised(x, m, v, shift, scale),
            "the numbers are not",
        ),
        (
            |x, m, v, scale, shift| normalised(x, &-m, v, scale, shift),
            "the numbers are not",
        ),
        (
            |x, m, v, scale, shift| (x - m) / v.mapv(|v| v + EPSILON) * scale + shift,
            "standard deviation",
        ),
        (
            |x, m, v, scale, shift| (x - m) / v.mapv(f64::sqrt) * scale + shift,
            "The ε is missing",
        ),
        (
            |x, m, v, scale, shift| (x - m) / v.mapv(|v| v.sqrt() + EPSILON) * scale + shift,
            "under the root",
        ),
        (
            |x, m, v, scale, shift| (x - m) / v.mapv(|v| (v + 1e-3).sqrt()) * scale + shift,
            "the numbers are not",
        ),
        (
            |x, m, v, scale, shift| (x - m) / v.mapv(|v| (v + EPSILON).sqrt()) * (scale + shift),
            "the numbers are not",
        ),
    ];
    assert_refuses(
        "check_q21_frozen_norm",
        mutants.map(|(wrong, words)| (words, check_q21_frozen_norm(wrong))),
    );
}
