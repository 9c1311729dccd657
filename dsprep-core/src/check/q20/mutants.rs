//! Right answers in several forms, and what comes of changing one thing in them.

use super::*;
use crate::check::tried::{assert_accepts, assert_refuses};
use crate::neural::{causal_mask, masked_attention};
use ndarray::Axis;

const HIDDEN: f64 = f64::NEG_INFINITY;

fn scaled(query: &Array1<f64>, keys: &Array2<f64>) -> Array1<f64> {
    keys.dot(query) / (query.len() as f64).sqrt()
}

fn hide(scores: &Array1<f64>, visible: &[bool], with: f64) -> Array1<f64> {
    let pairs = scores.iter().zip(visible);
    pairs
        .map(|(score, visible)| if *visible { *score } else { with })
        .collect()
}

#[test]
fn right_attention_passes_in_any_form() {
    let by_selection: Attend = |query, keys, values, visible| {
        let seen: Vec<usize> = (0..visible.len()).filter(|&key| visible[key]).collect();
        let scores = scaled(query, &keys.select(Axis(0), &seen));
        softmax(&scores).dot(&values.select(Axis(0), &seen))
    };
    let by_hand: Attend = |query, keys, values, visible| {
        let scores = hide(&scaled(query, keys), visible, HIDDEN);
        let largest = scores.fold(HIDDEN, |a, b| a.max(*b));
        let powers = scores.mapv(|score| (score - largest).exp());
        powers.dot(values) / powers.sum()
    };
    let by_the_core: Attend = |query, keys, values, visible| {
        let mask = Array2::from_shape_fn((1, visible.len()), |(_, key)| visible[key]);
        let q = query.clone().insert_axis(Axis(0));
        masked_attention(&q, keys, values, &mask)
            .unwrap()
            .output
            .row(0)
            .to_owned()
    };
    let in_single_precision: Attend = |query, keys, values, visible| {
        let short = |v: f64| f64::from(v as f32);
        let scores = hide(
            &scaled(&query.mapv(short), &keys.mapv(short)).mapv(short),
            visible,
            HIDDEN,
        );
        softmax(&scores).mapv(short).dot(values).mapv(short)
    };
    // One key after the other, with a running maximum.
    let streamed: Attend = |query, keys, values, visible| {
        let (mut largest, mut sum) = (HIDDEN, 0.0);
        let mut weighted = Array1::zeros(values.ncols());
        for (key, score) in scaled(query, keys)
            .iter()
            .enumerate()
            .filter(|(key, _)| visible[*key])
        {
            let new = largest.max(*score);
            let (shrink, weight) = ((largest - new).exp(), (score - new).exp());
            sum = sum * shrink + weight;
            weighted = weighted * shrink + &values.row(key) * weight;
            largest = new;
        }
        weighted / sum
    };
    let very_low: Attend = |query, keys, values, visible| {
        softmax(&hide(&scaled(query, keys), visible, -1e9)).dot(values)
    };
    assert_accepts(
        "check_q20_attend",
        [
            by_selection,
            by_hand,
            by_the_core,
            in_single_precision,
            streamed,
            very_low,
        ]
        .map(check_q20_attend),
    );
}

#[test]
fn wrong_attention_is_refused_with_its_reason() {
    let mutants: [(Attend, &str); 15] = [
        (
            |q, k, v, _| softmax(&scaled(q, k)).dot(v),
            "still get weight",
        ),
        (
            |q, k, v, _| softmax(&k.dot(q)).dot(v),
            "The division by √d_k is missing, and the hidden keys",
        ),
        (
            |q, k, v, s| softmax(&hide(&k.dot(q), s, HIDDEN)).dot(v),
            "The division by √d_k is missing.",
        ),
        (
            |q, k, v, s| softmax(&hide(&(k.dot(q) / q.len() as f64), s, HIDDEN)).dot(v),
            "You divided by d_k",
        ),
        (
            |q, k, v, s| hide(&softmax(&scaled(q, k)), s, 0.0).dot(v),
            "after softmax",
        ),
        (
            |q, k, v, s| softmax(&hide(&scaled(q, k), s, 0.0)).dot(v),
            "e⁰ = 1",
        ),
        (
            |q, k, v, s| softmax(&hide(&scaled(q, k), s, -20.0)).dot(v),
            "−1000 and −1001",
        ),
        (
            |q, k, v, s| softmax(&hide(&scaled(q, k), s, -100.0)).dot(v),
            "−1000 and −1001",
        ),
        (
            |q, k, v, s| softmax(&hide(&scaled(q, k), s, f64::INFINITY)).dot(v),
            "NaN",
        ),
        (
            |q, k, v, s| softmax(&-hide(&scaled(q, k), s, f64::INFINITY)).dot(v),
            "the numbers are not",
        ),
        (
            |q, k, v, s| hide(&scaled(q, k), s, HIDDEN).mapv(f64::exp).dot(v),
            "sum to 1",
        ),
        (
            |q, k, v, s| {
                let powers = hide(&scaled(q, k), s, HIDDEN).mapv(f64::exp);
                powers.dot(v) / powers.sum()
            },
            "e^1000 is infinite",
        ),
        (
            |q, k, v, s| {
                let weights = hide(&softmax(&scaled(q, k)), s, 0.0);
                weights.dot(v) / weights.sum()
            },
            "mask first",
        ),
        (
            |q, k, v, s| {
                let inverted: Vec<bool> = s.iter().map(|visible| !visible).collect();
                softmax(&hide(&scaled(q, k), &inverted, HIDDEN)).dot(v)
            },
            "You hid the keys that are visible",
        ),
        (
            |q, k, _, s| softmax(&hide(&scaled(q, k), s, HIDDEN)),
            "has to have their length",
        ),
    ];
    assert_refuses(
        "check_q20_attend",
        mutants.map(|(wrong, words)| (words, check_q20_attend(wrong))),
    );
}

fn square(real: &[bool], rule: impl Fn(usize, usize) -> bool) -> Array2<bool> {
    Array2::from_shape_fn((real.len(), real.len()), |(query, key)| rule(query, key))
}

#[test]
fn right_masks_pass_in_any_form() {
    let by_loops: Mask = |real| {
        let mut mask = Array2::from_elem((real.len(), real.len()), false);
        for query in 0..real.len() {
            for key in 0..query {
                mask[[query, key]] = real[key];
            }
            mask[[query, query]] = true;
        }
        mask
    };
    let by_masks: Mask = |real| {
        let mut mask = causal_mask(real.len()).unwrap();
        for (key, mut column) in mask.columns_mut().into_iter().enumerate() {
            column.map_inplace(|sees| *sees &= real[key]);
        }
        mask.diag_mut().fill(true);
        mask
    };
    let by_exclusion: Mask = |real| {
        square(real, |query, key| {
            !(key > query || key != query && !real[key])
        })
    };
    assert_accepts(
        "check_q20_mask",
        [by_loops, by_masks, by_exclusion].map(check_q20_mask),
    );
}

#[test]
fn wrong_masks_are_refused_with_their_reason() {
    let mutants: [(Mask, &str); 16] = [
        // The padding as if it always stood at the end, by the number of real tokens or by the first that is none.
        (
            |r| {
                let words = r.iter().filter(|real| **real).count();
                square(r, |query, key| key == query || key < query && key < words)
            },
            "real = [false, false, true, true]",
        ),
        (
            |r| {
                let end = r.iter().position(|real| !real).unwrap_or(r.len());
                square(r, |query, key| key == query || key < query && key < end)
            },
            "real = [false, false, true, true]",
        ),
        // Between the first and the last real token all are taken for real.
        (
            |r| {
                let first = r.iter().position(|real| *real).unwrap_or(0);
                let last = r.iter().rposition(|real| *real).unwrap_or(0);
                square(r, |query, key| {
                    key == query || key < query && (first..=last).contains(&key)
                })
            },
            "The future is hidden, but not the padding",
        ),
        (|r| square(r, |_, _| true), "the future too"),
        (|r| square(r, |_, key| r[key]), "but not the future"),
        (
            |r| square(r, |query, key| key <= query),
            "but not the padding",
        ),
        (
            |r| square(r, |query, key| key < query && r[key]),
            "doesn't see itself",
        ),
        (
            |r| square(r, |query, key| key <= query && r[query]),
            "You hid padded queries",
        ),
        (
            |r| square(r, |query, key| key >= query && r[key]),
            "upside down",
        ),
        (
            |r| square(r, |query, key| key <= query && r[key]),
            "has to see itself too",
        ),
        (
            |r| square(r, |query, key| !(key == query || key < query && r[key])),
            "inverted",
        ),
        (
            |r| square(r, |query, key| key == query || key > query && r[key]),
            "must not see the key",
        ),
        (
            |r| square(r, |query, key| key == query || key <= query + 1 && r[key]),
            "must not see the key",
        ),
        (
            |r| {
                square(r, |query, key| {
                    key == query || key < query && r[key] && r[query]
                })
            },
            "has to see the key",
        ),
        (
            |r| square(r, |query, key| key == query || key + 1 == query && r[key]),
            "has to see the key",
        ),
        (
            |r| Array2::from_elem((r.len(), r.len() + 1), true),
            "queries × keys",
        ),
    ];
    assert_refuses(
        "check_q20_mask",
        mutants.map(|(wrong, words)| (words, check_q20_mask(wrong))),
    );
}
