//! Question 20: masked attention of one query, and the mask of a decoder with padding.

mod causal;

pub use causal::check_q20_causal;

use super::Verdict;
use crate::random::RandomState;
use ndarray::{Array1, Array2, ArrayRef1, array};

/// Softmax, or no numbers where it has none: what a wrong answer may come to.
fn softmax(scores: &ArrayRef1<f64>) -> Array1<f64> {
    crate::neural::softmax(scores).unwrap_or_else(|_| Array1::from_elem(scores.len(), f64::NAN))
}

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
        let query = Array1::from_shape_simple_fn(d_k, || rng.randn(())) * 2.0;
        let mut normal = |shape| Array2::from_shape_simple_fn(shape, || rng.randn(()));
        Case {
            query,
            keys: normal((keys, d_k)),
            values: normal((keys, 3)),
            visible: visible.to_vec(),
        }
    }

    /// The visible scores are −1,000 and −1,001: any finite score of the hidden key near 0 wins.
    fn with_low_scores() -> Self {
        Case {
            query: array![-2000.0, 0.0, 0.0, 0.0],
            keys: array![
                [1.0, 0.0, 0.0, 0.0],
                [1.001, 0.0, 0.0, 0.0],
                [0.999, 0.0, 0.0, 0.0]
            ],
            values: array![[1.0], [0.0], [5.0]],
            visible: vec![true, true, false],
        }
    }

    /// The hidden key has by far the largest score.
    fn with_a_large_hidden_score() -> Self {
        Case {
            query: array![2000.0, 0.0, 0.0, 0.0],
            keys: array![
                [0.001, 0.0, 0.0, 0.0],
                [1.0, 0.0, 0.0, 0.0],
                [0.002, 0.0, 0.0, 0.0]
            ],
            values: array![[1.0], [5.0], [0.0]],
            visible: vec![true, false, true],
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
    fn mistakes(&self) -> [(Array1<f64>, &'static str); 9] {
        let scaled = self.scores() / self.root();
        let powers = self.mask(scaled.clone(), f64::NEG_INFINITY).mapv(f64::exp);
        let late = self.mask(softmax(&scaled), 0.0);
        let seen = self.mask(Array1::ones(scaled.len()), 0.0);
        let inverted = self.mask(Array1::from_elem(scaled.len(), f64::NEG_INFINITY), 0.0) + &scaled;
        [
            (
                softmax(&self.scores()).dot(&self.values),
                "The division by √d_k is missing, and the hidden keys still get weight: use `visible`.",
            ),
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
    Verdict::of(|| {
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
        if !is_within(&answer, &large.right(), ROUNDED) {
            return Verdict::not_yet(format!(
                "Right for small scores, but scores of 1000 and 999 give {answer}: e^1000 is infinite. Subtract the \
             largest score first; the weights stay the same."
            ));
        }
        let low = Case::with_low_scores();
        let answer = attend(&low.query, &low.keys, &low.values, &low.visible);
        if !is_within(&answer, &low.right(), ROUNDED) {
            return Verdict::not_yet(format!(
                "Right for scores near 0, but with visible scores of −1000 and −1001 the output is {answer} instead of {}: \
             either the hidden key has a finite score, which can be the largest, or the visible ones underflow to 0. \
             Its score has to be −∞, and the largest visible score is to be subtracted.",
                low.right()
            ));
        }
        let hidden = Case::with_a_large_hidden_score();
        let answer = attend(&hidden.query, &hidden.keys, &hidden.values, &hidden.visible);
        if !is_within(&answer, &hidden.right(), ROUNDED) {
            return Verdict::not_yet(format!(
                "If the hidden key has the score 1000 and the others 1 and 2, the output is {answer} instead of {}: mask \
             first, then subtract the largest of the scores that are left.",
                hidden.right()
            ));
        }
        Verdict::passed(
            "Mask the scores, subtract the largest, softmax, mean of the values: a hidden key has weight e^−∞ = 0, and \
         the others sum to 1.",
        )
    })
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
    // Two mistakes may differ by little: a hidden key with a low score.
    let known = mistakes
        .iter()
        .find(|(wrong, _)| is_within(answer, wrong, 1e-9));
    let message = known.map_or(
        "The length is right, the numbers are not. Print the weights: are they positive, do they sum to 1, and are the hidden ones 0?",
        |(_, message)| message,
    );
    Some(message.to_owned())
}

/// How much single precision may leave of an output if scores are as large as 1,000.
const ROUNDED: f64 = 1e-3;

/// Equal up to what single precision leaves.
fn close(a: &Array1<f64>, b: &Array1<f64>) -> bool {
    is_within(a, b, 1e-6)
}

fn is_within(a: &Array1<f64>, b: &Array1<f64>, tolerance: f64) -> bool {
    let mut pairs = a.iter().zip(b);
    a.len() == b.len() && pairs.all(|(a, b)| (a - b).abs() <= tolerance)
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
    Verdict::of(|| {
        let right = [true, true, true, true, false];
        let left = [false, false, true, true];
        let between = [true, false, true, false, false, true];
        for real in [right.as_slice(), &left, &[true], &between] {
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
    })
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
mod mutants;

#[cfg(test)]
mod tests;
