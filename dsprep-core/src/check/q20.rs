//! Question 20: masked attention of one query, and the mask of a decoder with padding.

use super::Verdict;
use crate::neural::softmax;
use crate::random::RandomState;
use ndarray::{Array1, Array2, array};

/// The answer to exercise 1: the output for a query, keys (m×d_k), values (m×d_v) and which keys it may see.
type Attend = fn(&Array1<f64>, &Array2<f64>, &Array2<f64>, &[bool]) -> Array1<f64>;

/// The answer to exercise 2: the mask (queries×keys) of a sequence in which some tokens are real.
type Mask = fn(&[bool]) -> Array2<bool>;

/// One query with its keys and values.
struct Case {
    query: Array1<f64>,
    keys: Array2<f64>,
    values: Array2<f64>,
    visible: Vec<bool>,
}

impl Case {
    fn random(keys: usize, d_k: usize, visible: &[bool], seed: u32) -> Self {
        let mut rng = RandomState::seed(seed);
        Case {
            query: rng.randn(d_k) * 2.0,
            keys: rng.randn((keys, d_k)),
            values: rng.randn((keys, 3)),
            visible: visible.to_vec(),
        }
    }

    /// Its scores are 1,000 and 999: e^1000 is infinite.
    fn with_large_scores() -> Self {
        Case {
            query: array![2000.0, 0.0, 0.0, 0.0],
            keys: array![[1.0, 0.0, 0.0, 0.0], [0.999, 0.0, 0.0, 0.0]],
            values: array![[1.0], [0.0]],
            visible: vec![true, true],
        }
    }

    fn scores(&self) -> Array1<f64> {
        self.keys.dot(&self.query)
    }

    fn root(&self) -> f64 {
        (self.query.len() as f64).sqrt()
    }

    fn mask(&self, scores: Array1<f64>, hidden: f64) -> Array1<f64> {
        let pairs = scores.iter().zip(&self.visible);
        pairs
            .map(|(score, visible)| if *visible { *score } else { hidden })
            .collect()
    }

    fn output(&self, scores: Array1<f64>) -> Array1<f64> {
        softmax(&self.mask(scores, f64::NEG_INFINITY)).dot(&self.values)
    }

    fn right(&self) -> Array1<f64> {
        self.output(self.scores() / self.root())
    }

    /// What a typical mistake gives instead, with its name.
    fn mistakes(&self) -> [(Array1<f64>, &'static str); 8] {
        let scaled = self.scores() / self.root();
        let powers = self.mask(scaled.clone(), f64::NEG_INFINITY).mapv(f64::exp);
        let late = self.mask(softmax(&scaled), 0.0);
        let seen = self.mask(Array1::ones(scaled.len()), 0.0);
        let inverted = self.mask(Array1::from_elem(scaled.len(), f64::NEG_INFINITY), 0.0) + &scaled;
        [
            (
                softmax(&scaled).dot(&self.values),
                "The hidden keys still get weight: use `visible`, and give a hidden key the score −∞.",
            ),
            (
                late.dot(&self.values),
                "You set the weights of hidden keys to 0 after softmax, so that the others no longer sum to 1. Mask the scores, before softmax.",
            ),
            (
                softmax(&self.mask(scaled.clone(), 0.0)).dot(&self.values),
                "A hidden key has the score 0 with you, and e⁰ = 1 is a weight like any other. Its score has to be −∞.",
            ),
            (
                self.output(self.scores()),
                "The division by √d_k is missing.",
            ),
            (
                self.output(self.scores() / self.query.len() as f64),
                "You divided by d_k. The variance of q·k is d_k, so that its standard deviation, √d_k, is what to divide by.",
            ),
            (
                powers.dot(&self.values),
                "The weights don't sum to 1: divide the powers of e by their sum.",
            ),
            (
                (&seen / seen.sum()).dot(&self.values),
                "That is the plain mean of the values that are seen: the query and the keys have no say in it yet.",
            ),
            (
                softmax(&inverted).dot(&self.values),
                "You hid the keys that are visible: `true` means that the query sees the key.",
            ),
        ]
    }
}

/// Checks `attend`, scaled dot-product attention of one query over the keys that it may see.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q20_attend;
/// let verdict = check_q20_attend(|_, _, values, _| values.row(0).to_owned());
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q20_attend(attend: Attend) -> Verdict {
    let cases = [
        Case::random(4, 8, &[true, true, false, true], 20),
        Case::random(6, 16, &[false, true, true, false, true, true], 21),
        Case::random(3, 4, &[true, true, true], 22),
    ];
    for case in cases {
        let answer = attend(&case.query, &case.keys, &case.values, &case.visible);
        if let Some(message) = what_is_wrong(&answer, &case) {
            return Verdict::not_yet(message);
        }
    }
    let large = Case::with_large_scores();
    let answer = attend(&large.query, &large.keys, &large.values, &large.visible);
    if !close(&answer, &large.right()) {
        return Verdict::not_yet(format!(
            "Right for small scores, but scores of 1000 and 999 give {answer}: e^1000 is infinite. Subtract the \
             largest score first; the weights stay the same."
        ));
    }
    Verdict::passed(
        "Mask the scores, subtract the largest, softmax, mean of the values: a hidden key has weight e^−∞ = 0, and \
         the others sum to 1.",
    )
}

fn what_is_wrong(answer: &Array1<f64>, case: &Case) -> Option<String> {
    let right = case.right();
    if answer.len() != right.len() {
        return Some(format!(
            "The output is a mean of the values and has to have their length, {}, but yours has {}.",
            right.len(),
            answer.len()
        ));
    }
    if answer.iter().any(|value| !value.is_finite()) {
        return Some(
            "Your output holds NaN or infinity. −∞ · 0 is NaN: mask the scores by choosing, not by multiplying."
                .to_owned(),
        );
    }
    if close(answer, &right) {
        return None;
    }
    let mistakes = case.mistakes();
    let known = mistakes.iter().find(|(wrong, _)| close(answer, wrong));
    let message = known.map_or(
        "The length is right, the numbers are not. Print the weights: are they positive, do they sum to 1, and are the hidden ones 0?",
        |(_, message)| message,
    );
    Some(message.to_owned())
}

fn close(a: &Array1<f64>, b: &Array1<f64>) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-9)
}

/// Checks `mask`, the mask of a decoder over a sequence with padding: a query sees itself and the real
/// tokens before it.
///
/// # Examples
/// ```
/// use dsprep_core::{check::check_q20_mask, ndarray::Array2};
/// let verdict = check_q20_mask(|real| {
///     let n = real.len();
///     Array2::from_shape_fn((n, n), |(i, j)| i == j || j < i && real[j])
/// });
/// assert!(verdict.has_passed());
/// ```
pub fn check_q20_mask(mask: Mask) -> Verdict {
    let right = [true, true, true, true, false];
    let left = [false, false, true, true];
    for real in [right.as_slice(), &left, &[true]] {
        let n = real.len();
        let answer = mask(real);
        if answer.dim() != (n, n) {
            return Verdict::not_yet(format!(
                "The mask of {n} tokens is queries × keys, {n} × {n}, but yours is {} × {}.",
                answer.nrows(),
                answer.ncols()
            ));
        }
        let of = |rule: fn(&[bool], usize, usize) -> bool| {
            Array2::from_shape_fn((n, n), |(query, key)| rule(real, query, key))
        };
        if answer == of(sees) {
            continue;
        }
        let mut rules = mask_mistakes().into_iter();
        let known = rules.find(|(rule, _)| answer == of(*rule));
        let message = known.map_or_else(
            || first_difference(&answer, real),
            |(_, message)| message.to_owned(),
        );
        return Verdict::not_yet(message);
    }
    Verdict::passed(
        "Padding hides keys, columns; the future hides what lies above the diagonal. The diagonal itself stays, or a \
         row of padding at the start would see nothing: 0 / 0.",
    )
}

fn sees(real: &[bool], query: usize, key: usize) -> bool {
    key == query || key < query && real[key]
}

type Rule = fn(&[bool], usize, usize) -> bool;

/// Rules that are not right, with their names.
fn mask_mistakes() -> [(Rule, &'static str); 8] {
    [
        (
            |_, _, _| true,
            "Every token sees every other, the future too.",
        ),
        (
            |real, _, key| real[key],
            "The padding is hidden, but not the future: a key after the query leaks.",
        ),
        (
            |_, query, key| key <= query,
            "The future is hidden, but not the padding: use `real`.",
        ),
        (
            |real, query, key| key < query && real[key],
            "A token doesn't see itself with you, and the first one sees nothing: 0 / 0.",
        ),
        (
            |real, query, key| key <= query && real[query],
            "You hid padded queries, rows. It is the padded keys, columns, that nobody may look at.",
        ),
        (
            |real, query, key| key >= query && real[key],
            "Your mask is upside down: it shows the future and hides the past. Rows are queries.",
        ),
        (
            |real, query, key| key <= query && real[key],
            "A padded token has to see itself too: with padding at the start, the first row would see no key at all, and its softmax would be 0 / 0.",
        ),
        (
            |real, query, key| !sees(real, query, key),
            "It is inverted: `true` means that the query sees the key.",
        ),
    ]
}

fn first_difference(answer: &Array2<bool>, real: &[bool]) -> String {
    let wrong = answer
        .indexed_iter()
        .find(|((query, key), seen)| **seen != sees(real, *query, *key));
    match wrong {
        Some(((query, key), true)) => {
            format!("With real = {real:?}, the query {query} must not see the key {key}.")
        }
        Some(((query, key), false)) => {
            format!("With real = {real:?}, the query {query} has to see the key {key}.")
        }
        None => "The masks differ.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
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
            told(|q, k, v, s| hide(softmax(&scaled(q, k)), s, 0.0).dot(v))
                .contains("after softmax")
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
}
