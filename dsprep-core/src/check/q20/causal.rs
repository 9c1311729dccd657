//! The exercise from a blank cell of question 20: causal self-attention without any help.

use crate::check::Verdict;
use crate::random::RandomState;
use ndarray::{Array2, Axis};

/// The answer: the outputs (n×d_v) for queries and keys (n×d_k) and values (n×d_v).
type Causal = fn(&Array2<f64>, &Array2<f64>, &Array2<f64>) -> Array2<f64>;

/// Queries, keys and values of one sequence.
struct Case {
    q: Array2<f64>,
    k: Array2<f64>,
    v: Array2<f64>,
}

impl Case {
    fn all() -> Vec<Case> {
        let mut rng = RandomState::seed(20);
        let mut normal = |shape| Array2::from_shape_simple_fn(shape, || rng.randn(()));
        let mut case = |n: usize, d_k: usize, d_v: usize, size: f64| Case {
            q: normal((n, d_k)) * size,
            k: normal((n, d_k)) * size,
            v: normal((n, d_v)),
        };
        vec![
            case(4, 8, 8, 1.0),
            case(6, 4, 3, 1.0),
            case(1, 2, 5, 1.0),
            // Scores of some thousands, of both signs.
            case(5, 16, 2, 30.0),
        ]
    }

    fn scores(&self) -> Array2<f64> {
        self.q.dot(&self.k.t()) / (self.k.ncols() as f64).sqrt()
    }

    /// The outputs if `sees(query, key)` decides who sees whom, for given scores.
    fn output(&self, scores: &Array2<f64>, sees: fn(usize, usize) -> bool) -> Array2<f64> {
        let mut weights = scores.clone();
        weights
            .indexed_iter_mut()
            .for_each(|((query, key), score)| {
                if !sees(query, key) {
                    *score = f64::NEG_INFINITY;
                }
            });
        softmax_in(&mut weights, Axis(0));
        weights.dot(&self.v)
    }

    fn right(&self) -> Array2<f64> {
        self.output(&self.scores(), |query, key| key <= query)
    }

    /// What typical mistakes give.
    fn mistakes(&self) -> Vec<(Array2<f64>, &'static str)> {
        let causal = |query: usize, key: usize| key <= query;
        let (scores, root) = (self.scores(), (self.k.ncols() as f64).sqrt());
        let mut afterwards = scores.clone();
        softmax_in(&mut afterwards, Axis(0));
        let mut zeroed = scores.clone();
        for ((query, key), score) in scores.indexed_iter() {
            if key > query {
                afterwards[[query, key]] = 0.0;
                zeroed[[query, key]] = 0.0;
            } else {
                zeroed[[query, key]] = *score;
            }
        }
        let mut by_column = scores.clone();
        by_column
            .indexed_iter_mut()
            .for_each(|((query, key), score)| {
                if key > query {
                    *score = f64::NEG_INFINITY;
                }
            });
        softmax_in(&mut by_column, Axis(1));
        vec![
            (
                self.output(&(&scores * root), causal),
                "The division by √d_k is missing.",
            ),
            (
                self.output(&(&scores / root), causal),
                "You divide by d_k; it is its square root.",
            ),
            (
                self.output(&(&scores * root / (self.v.ncols() as f64).sqrt()), causal),
                "You divide by the root of the values' width; d_k is the width of queries and keys.",
            ),
            (
                self.output(&(&scores * root / (self.k.nrows() as f64).sqrt()), causal),
                "You divide by the root of the number of tokens; d_k is the number of columns.",
            ),
            (
                self.output(&scores, |_, _| true),
                "Tokens see the future: the causal mask is missing.",
            ),
            (
                self.output(&scores, |query, key| key >= query),
                "The mask is the wrong way round: a query sees itself and what came *before*.",
            ),
            (
                afterwards.dot(&self.v),
                "You set weights to 0 after softmax, so that the rows no longer sum to 1. Mask the scores with −∞ before.",
            ),
            (
                self.output(&zeroed, |_, _| true),
                "A masked score that is finite still has a weight, as 0 has e⁰ = 1: it has to be −∞.",
            ),
            (
                by_column.dot(&self.v),
                "Your softmax sums over the queries; each *row* has to sum to 1.",
            ),
        ]
    }
}

/// Softmax of each lane: rows for `Axis(0)`, columns for `Axis(1)`.
fn softmax_in(scores: &mut Array2<f64>, axis: Axis) {
    for mut lane in scores.axis_iter_mut(axis) {
        let largest = lane.fold(f64::NEG_INFINITY, |a, b| a.max(*b));
        lane.mapv_inplace(|score| (score - largest).exp());
        let sum = lane.sum();
        lane /= sum;
    }
}

/// Exercise 3 of question 20: causal self-attention, written without `softmax` or `attention`.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q20_causal;
///
/// let verdict = check_q20_causal(|_, _, v| v.clone());
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q20_causal(answer: Causal) -> Verdict {
    Verdict::of(|| {
        for case in Case::all() {
            let output = answer(&case.q, &case.k, &case.v);
            if let Some(message) = what_is_wrong(&case, &output) {
                return Verdict::not_yet(message);
            }
        }
        Verdict::passed(
            "Scores over √d_k, −∞ for the future, softmax by row with the largest score taken out, times the values: four \
         steps, and the first token can only look at itself.",
        )
    })
}

fn what_is_wrong(case: &Case, output: &Array2<f64>) -> Option<String> {
    let right = case.right();
    if output.dim() != right.dim() {
        return Some(format!(
            "For {} tokens and values of width {} the output is {:?}, and yours is {:?}: a row for each query, as wide as \
             a value.",
            case.q.nrows(),
            case.v.ncols(),
            right.dim(),
            output.dim()
        ));
    }
    if output.iter().any(|value| !value.is_finite()) {
        return Some(
            "Your output holds NaN or infinity. Either `exp` overflows: subtract each row's largest score; or a row sees \
             nothing: a token sees itself."
                .to_owned(),
        );
    }
    let is_within = |other: &Array2<f64>, tolerance: f64| {
        let mut pairs = output.iter().zip(other);
        pairs.all(|(a, b)| (a - b).abs() <= tolerance)
    };
    if is_within(&right, 1e-6) {
        return None;
    }
    let mut mistakes = case.mistakes().into_iter();
    let known = mistakes.find(|(wrong, _)| is_within(wrong, 1e-9));
    Some(known.map_or_else(
        || {
            let is_wrong = |row: &usize| {
                let mut pairs = output.row(*row).into_iter().zip(right.row(*row));
                pairs.any(|(a, b)| (a - b).abs() > 1e-6)
            };
            let row = (0..output.nrows()).find(is_wrong).unwrap_or_default();
            format!(
                "The shapes are right, the numbers are not: the output of token {row} (counted from 0) is {:.3}, and yours \
                 is {:.3}.",
                right.row(row),
                output.row(row)
            )
        },
        |(_, message)| message.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};
    use crate::neural::{causal_mask, masked_attention, softmax, streaming_attention};
    use ndarray::{Array1, s};

    type Matrix = Array2<f64>;

    /// Attention with a mask that is added to the scores, and softmax by row.
    fn attended(scores: Matrix, v: &Matrix, hidden: f64, sees: fn(usize, usize) -> bool) -> Matrix {
        let mut scores = scores;
        for ((query, key), score) in scores.indexed_iter_mut() {
            if !sees(query, key) {
                *score = hidden;
            }
        }
        softmax_in(&mut scores, Axis(0));
        scores.dot(v)
    }

    fn scores(q: &Matrix, k: &Matrix) -> Matrix {
        q.dot(&k.t()) / (k.ncols() as f64).sqrt()
    }

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_formula: Causal =
            |q, k, v| attended(scores(q, k), v, f64::NEG_INFINITY, |i, j| j <= i);
        let by_the_core: Causal = |q, k, v| {
            masked_attention(q, k, v, &causal_mask(q.nrows()).unwrap())
                .unwrap()
                .output
        };
        let by_prefixes: Causal = |q, k, v| {
            let mut output = Array2::zeros(v.dim());
            for t in 0..q.nrows() {
                let scores: Array1<f64> =
                    k.slice(s![..=t, ..]).dot(&q.row(t)) / (k.ncols() as f64).sqrt();
                output
                    .row_mut(t)
                    .assign(&softmax(&scores).unwrap().dot(&v.slice(s![..=t, ..])));
            }
            output
        };
        let by_streaming: Causal = |q, k, v| {
            let mut output = Array2::zeros(v.dim());
            for t in 0..q.nrows() {
                let seen = s![..=t, ..];
                let one = q.slice(s![t..=t, ..]);
                output.row_mut(t).assign(
                    &streaming_attention(&one, &k.slice(seen), &v.slice(seen))
                        .unwrap()
                        .row(0),
                );
            }
            output
        };
        assert_accepts(
            "check_q20_causal",
            [by_formula, by_the_core, by_prefixes, by_streaming].map(check_q20_causal),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        const NEVER: f64 = f64::NEG_INFINITY;
        let mutants: [(Causal, &str); 14] = [
            (
                |q, k, v| attended(q.dot(&k.t()), v, NEVER, |i, j| j <= i),
                "√d_k is missing",
            ),
            (
                |q, k, v| attended(q.dot(&k.t()) / k.ncols() as f64, v, NEVER, |i, j| j <= i),
                "square root",
            ),
            (
                |q, k, v| {
                    attended(
                        q.dot(&k.t()) / (v.ncols() as f64).sqrt(),
                        v,
                        NEVER,
                        |i, j| j <= i,
                    )
                },
                "root of the values' width",
            ),
            (
                |q, k, v| {
                    attended(
                        q.dot(&k.t()) / (k.nrows() as f64).sqrt(),
                        v,
                        NEVER,
                        |i, j| j <= i,
                    )
                },
                "number of tokens",
            ),
            (
                |q, k, v| attended(scores(q, k), v, NEVER, |_, _| true),
                "see the future",
            ),
            (
                |q, k, v| attended(scores(q, k), v, NEVER, |i, j| j >= i),
                "wrong way round",
            ),
            (
                |q, k, v| attended(scores(q, k), v, NEVER, |i, j| j < i),
                "a row sees nothing",
            ),
            (
                |q, k, v| attended(scores(q, k), v, NEVER, |i, j| j <= i + 1),
                "the numbers are not",
            ),
            (
                |q, k, v| attended(scores(q, k), v, 0.0, |i, j| j <= i),
                "e⁰ = 1",
            ),
            (
                |q, k, v| attended(scores(q, k), v, -20.0, |i, j| j <= i),
                "that is finite",
            ),
            (
                |q, k, v| {
                    let mut weights = scores(q, k);
                    softmax_in(&mut weights, Axis(0));
                    weights.indexed_iter_mut().for_each(|((i, j), weight)| {
                        if j > i {
                            *weight = 0.0
                        }
                    });
                    weights.dot(v)
                },
                "no longer sum to 1",
            ),
            (
                |q, k, v| {
                    let mut e = scores(q, k).mapv(f64::exp);
                    e.indexed_iter_mut().for_each(|((i, j), e)| {
                        if j > i {
                            *e = 0.0
                        }
                    });
                    let sums = e.sum_axis(Axis(1)).insert_axis(Axis(1));
                    (e / sums).dot(v)
                },
                "`exp` overflows",
            ),
            (
                |q, k, v| {
                    let mut weights = scores(q, k);
                    weights.indexed_iter_mut().for_each(|((i, j), score)| {
                        if j > i {
                            *score = NEVER
                        }
                    });
                    softmax_in(&mut weights, Axis(1));
                    weights.dot(v)
                },
                "each *row* has to sum to 1",
            ),
            (|q, k, _| scores(q, k), "as wide as a value"),
        ];
        assert_refuses(
            "check_q20_causal",
            mutants.map(|(wrong, words)| (words, check_q20_causal(wrong))),
        );
    }
}
