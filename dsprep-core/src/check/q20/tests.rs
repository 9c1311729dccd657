//! Typical wrong answers are told what they misunderstand.

use super::*;
use ndarray::Zip;

type Vector = Array1<f64>;

fn scaled(query: &Vector, keys: &Array2<f64>) -> Vector {
    keys.dot(query) / (query.len() as f64).sqrt()
}

fn hide(mut scores: Vector, visible: &[bool], with: f64) -> Vector {
    Zip::from(&mut scores)
        .and(visible)
        .for_each(|score, visible| {
            if !visible {
                *score = with;
            }
        });
    scores
}

fn told(attend: Attend) -> String {
    check_q20_attend(attend).told()
}

#[test]
fn the_right_attention_passes() {
    let verdict = check_q20_attend(|query, keys, values, visible| {
        softmax(&hide(scaled(query, keys), visible, f64::NEG_INFINITY)).dot(values)
    });
    assert!(verdict.has_passed(), "{verdict}");
}

#[test]
fn each_typical_mistake_of_attention_is_named() {
    let infinite = f64::NEG_INFINITY;
    assert_eq!(infinite.exp(), 0.0);
    assert!(told(|q, k, v, _| softmax(&scaled(q, k)).dot(v)).contains("still get weight"));
    assert!(
        told(|q, k, v, s| hide(softmax(&scaled(q, k)), s, 0.0).dot(v)).contains("after softmax")
    );
    assert!(told(|q, k, v, s| softmax(&hide(scaled(q, k), s, 0.0)).dot(v)).contains("e⁰"));
    let unscaled: Attend = |q, k, v, s| softmax(&hide(k.dot(q), s, f64::NEG_INFINITY)).dot(v);
    assert!(told(unscaled).contains("missing"));
    let by_size: Attend =
        |q, k, v, s| softmax(&hide(k.dot(q) / q.len() as f64, s, f64::NEG_INFINITY)).dot(v);
    assert!(told(by_size).contains("divided by d_k"));
    let no_sum: Attend = |q, k, v, s| {
        hide(scaled(q, k), s, f64::NEG_INFINITY)
            .mapv(f64::exp)
            .dot(v)
    };
    assert!(told(no_sum).contains("sum to 1"));
    let mean: Attend =
        |_, k, v, s| softmax(&hide(Vector::zeros(k.nrows()), s, f64::NEG_INFINITY)).dot(v);
    assert!(told(mean).contains("plain mean"));
    let overflowing: Attend = |q, k, v, s| {
        let powers = hide(scaled(q, k), s, f64::NEG_INFINITY).mapv(f64::exp);
        (&powers / powers.sum()).dot(v)
    };
    assert!(told(overflowing).contains("e^1000"));
}

#[test]
fn hiding_what_is_visible_is_named() {
    let inverted: Attend = |q, k, v, s| {
        let s: Vec<bool> = s.iter().map(|visible| !visible).collect();
        softmax(&hide(scaled(q, k), &s, f64::NEG_INFINITY)).dot(v)
    };
    assert!(told(inverted).contains("hid the keys"));
}

#[test]
fn nonsense_for_attention_is_told_and_does_not_panic() {
    assert!(told(|_, _, _, _| Vector::zeros(0)).contains("length"));
    assert!(told(|_, _, v, _| Vector::from_elem(v.ncols(), f64::NAN)).contains("NaN"));
    assert!(told(|_, _, v, _| Vector::from_elem(v.ncols(), 7.0)).contains("numbers are not"));
}

fn told_of_mask(mask: Mask) -> String {
    check_q20_mask(mask).told()
}

fn square(real: &[bool], rule: impl Fn(usize, usize) -> bool) -> Array2<bool> {
    Array2::from_shape_fn((real.len(), real.len()), |(query, key)| rule(query, key))
}

#[test]
fn each_typical_mistake_of_the_mask_is_named() {
    assert!(told_of_mask(|r| square(r, |_, _| true)).contains("every other"));
    assert!(told_of_mask(|r| square(r, |_, j| r[j])).contains("not the future"));
    assert!(told_of_mask(|r| square(r, |i, j| j <= i)).contains("not the padding"));
    assert!(told_of_mask(|r| square(r, |i, j| j < i && r[j])).contains("see itself"));
    assert!(told_of_mask(|r| square(r, |i, j| j <= i && r[i])).contains("columns"));
    assert!(told_of_mask(|r| square(r, |i, j| j >= i && r[j])).contains("upside down"));
    let inverted: Mask = |r| square(r, |i, j| !(i == j || j < i && r[j]));
    assert!(told_of_mask(inverted).contains("inverted"));
}

#[test]
fn a_mask_has_to_leave_each_query_a_key_also_with_padding_at_the_start() {
    let first_row_empty: Mask = |r| square(r, |i, j| j <= i && r[j]);
    assert!(told_of_mask(first_row_empty).contains("padding at the start"));
}

#[test]
fn nonsense_for_the_mask_is_told_and_does_not_panic() {
    assert!(told_of_mask(|_| Array2::from_elem((0, 0), true)).contains("0 × 0"));
    assert!(told_of_mask(|r| Array2::from_elem((1, r.len()), true)).contains("1 × 5"));
    assert!(told_of_mask(|r| square(r, |_, _| false)).contains("has to see"));
}
