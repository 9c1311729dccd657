//! NDCG at k.

use super::super::Verdict;
use super::lists::{List, lists};

/// Checks a function (recommended, relevant, k) → NDCG@k with binary relevance. Every list has a relevant
/// item.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q23_ndcg;
/// assert!(!check_q23_ndcg(|_, _, _| 1.0).has_passed());
/// ```
pub fn check_q23_ndcg(answer: impl Fn(&[usize], &[usize], usize) -> f64) -> Verdict {
    Verdict::of(|| {
        let lists = lists();
        let theirs: Vec<f64> = lists
            .iter()
            .map(|list| answer(&list.recommended, &list.relevant, list.k))
            .collect();
        let differs = |rule: GainRule| {
            let mut pairs = lists.iter().zip(&theirs);
            pairs.position(|(list, theirs)| {
                let difference = (theirs - rule(list)).abs();
                difference.is_nan() || difference >= 1e-6
            })
        };
        let Some(place) = differs(|list| list.gain(2.0, list.k) / list.ideal(2.0)) else {
            return Verdict::passed(
                "A hit at place p counts 1 / log₂(p + 1): the first 1, the second 0.63, the third 0.5. The best list has \
             min(k, relevant) hits in front, so that a perfect order scores 1 whatever k is.",
            );
        };
        let why = match WRONG_NDCG.iter().find(|(rule, _)| differs(*rule).is_none()) {
            Some((_, message)) => message,
            None if theirs.iter().any(|value| !value.is_finite()) => {
                "The result must be a finite number. ln(1) is 0: the first place has log₂(2) = 1 below it, not log₂(1)."
            }
            None => {
                "Sum 1 / log₂(p + 1) over the hits among the first k, p counted from 1, and divide by the same sum for the \
             best list, which has all its hits in front."
            }
        };
        let list = &lists[place];
        let (ours, theirs) = (list.gain(2.0, list.k) / list.ideal(2.0), theirs[place]);
        Verdict::not_yet(format!(
            "{why}\nRecommended {:?}, relevant {:?}, k = {}: {ours:.4}, not {theirs:.4}.",
            list.recommended, list.relevant, list.k
        ))
    })
}

type GainRule = fn(&List) -> f64;

const WRONG_NDCG: [(GainRule, &str); 6] = [
    (
        |list| list.gain(2.0, list.k),
        "That is the DCG. Divide it by the DCG of the best possible list, so that a perfect one has 1.",
    ),
    (
        |list| {
            let best: f64 = (0..list.k).map(|at| 1.0 / (at as f64 + 2.0).log2()).sum();
            list.gain(2.0, list.k) / best
        },
        "You divide by k hits in front, and there may be fewer relevant items than that: the best list has \
         min(k, relevant) hits.",
    ),
    (
        |list| {
            let best = (0..list.relevant.len()).map(|at| 1.0 / (at as f64 + 2.0).log2());
            list.gain(2.0, list.k) / best.sum::<f64>()
        },
        "You divide by all relevant items in front, and only k of them fit: the best list has min(k, relevant) hits.",
    ),
    (
        |list| list.gain(2.0, list.recommended.len()) / list.ideal(2.0),
        "It looks at the whole list. Only the first k count.",
    ),
    (
        |list| list.gain(3.0, list.k) / list.ideal(3.0),
        "Places are counted from 1: the first has 1 / log₂(2) = 1. Yours begins at log₂(3).",
    ),
    (
        |list| list.hits() / list.relevant.len().min(list.k) as f64,
        "All places count the same with you: that is a capped recall. Discount a hit at place p by log₂(p + 1).",
    ),
];
