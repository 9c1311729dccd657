//! Maximal marginal relevance: relevant, but not the same again (question 23).
//!
//! The list is built item by item; each is the one with the largest λ · relevance − (1 − λ) · (its cosine
//! with the most similar item already taken). After Carbonell and Goldstein, "The use of MMR,
//! diversity-based reranking for reordering documents and producing summaries", 1998.

use super::metrics::intra_list_diversity;
use super::similarity::unit_rows;
use crate::checks::finite;
use crate::error::count;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

/// The places of the `n` items that are to be shown, in order.
///
/// `relevance` has a score for each of m candidates; it is scaled to 0 … 1, so that it can be weighed
/// against cosines. `vectors` (m×d) say what is similar. With `lambda` 1 the list is that of the `n` most
/// relevant; with 0 only the first item is taken for its relevance.
///
/// The greedy choice is short-sighted: its list can be *less* diverse than the unranked one. So the `n`
/// most relevant are returned instead where they are better in what λ asks for, λ · mean relevance +
/// (1 − λ) · [`intra_list_diversity`]. At λ = 0 diversity is thus never lowered. O(n m d).
///
/// # Errors
/// [`Error::Shape`] unless there is a vector for each score, [`Error::OutOfRange`] if a number is not
/// finite, `lambda` is not between 0 and 1 or `n` not between 1 and m.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, recommend::maximal_marginal_relevance};
/// // Items 0 and 1 are the same thing; item 2 is less relevant, but something else.
/// let (relevance, vectors) = (array![0.9, 0.8, 0.5], array![[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
/// assert_eq!(maximal_marginal_relevance(&relevance, &vectors, 1.0, 2)?, [0, 1]);
/// assert_eq!(maximal_marginal_relevance(&relevance, &vectors, 0.5, 2)?, [0, 2]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn maximal_marginal_relevance(
    relevance: &ArrayRef1<f64>,
    vectors: &ArrayRef2<f64>,
    lambda: f64,
    n: usize,
) -> Result<Vec<usize>> {
    mmr_among(relevance, vectors, lambda, n, |_, _| true)
}

/// The same, where `allowed` says whether a candidate may follow those that are taken. Fewer than `n` if
/// no others are allowed.
pub(super) fn mmr_among(
    relevance: &ArrayRef1<f64>,
    vectors: &ArrayRef2<f64>,
    lambda: f64,
    n: usize,
    allowed: impl Fn(&[usize], usize) -> bool,
) -> Result<Vec<usize>> {
    check(relevance, vectors, lambda, n)?;
    let relevance = scaled(relevance);
    let units = unit_rows("`vectors`", vectors)?;
    let diverse = greedy(&relevance, &units, lambda, n, &allowed);
    let plain = {
        let no_vectors = Array2::zeros((units.nrows(), 1));
        greedy(&relevance, &no_vectors, 1.0, n, &allowed)
    };
    let value = |list: &[usize]| -> Result<f64> {
        let relevance = relevance.select(Axis(0), list).mean().unwrap_or_default();
        let diversity = match list.len() {
            0 | 1 => 0.0,
            _ => intra_list_diversity(&vectors.select(Axis(0), list))?,
        };
        Ok(lambda * relevance + (1.0 - lambda) * diversity)
    };
    if value(&plain)? > value(&diverse)? {
        return Ok(plain);
    }
    Ok(diverse)
}

/// Takes `n` items, one after the other, each with the largest marginal relevance; of equals the first.
fn greedy(
    relevance: &Array1<f64>,
    units: &Array2<f64>,
    lambda: f64,
    n: usize,
    allowed: impl Fn(&[usize], usize) -> bool,
) -> Vec<usize> {
    let mut taken = Vec::with_capacity(n);
    let mut open: Vec<usize> = (0..relevance.len()).collect();
    // How similar each candidate is to the most similar item taken; nothing counts before the first.
    let mut similarity = vec![f64::NEG_INFINITY; relevance.len()];
    while taken.len() < n {
        crate::cell::check_interrupt();
        let marginal = |item: usize| match taken.is_empty() {
            true => relevance[item],
            false => lambda * relevance[item] - (1.0 - lambda) * similarity[item],
        };
        let candidates = open.iter().filter(|&&item| allowed(&taken, item));
        let best = candidates.copied().reduce(|best, item| {
            if marginal(item) > marginal(best) {
                item
            } else {
                best
            }
        });
        let Some(best) = best else { break };
        open.retain(|&item| item != best);
        for &item in &open {
            let cosine = units.row(item).dot(&units.row(best));
            similarity[item] = similarity[item].max(cosine);
        }
        taken.push(best);
    }
    taken
}

/// The scores, moved and stretched to 0 … 1; all 1 if they are equal.
fn scaled(relevance: &ArrayRef1<f64>) -> Array1<f64> {
    let least = relevance.iter().copied().fold(f64::INFINITY, f64::min);
    let most = relevance.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match most > least {
        true => relevance.mapv(|score| share_between(score, least, most)),
        false => Array1::ones(relevance.len()),
    }
}

/// Where `score` stands between `least` and `most`, from 0 to 1, however far these are apart.
pub(super) fn share_between(score: f64, least: f64, most: f64) -> f64 {
    let width = most - least;
    match width.is_finite() {
        true => (score - least) / width,
        false => (score / 2.0 - least / 2.0) / (most / 2.0 - least / 2.0),
    }
}

fn check(
    relevance: &ArrayRef1<f64>,
    vectors: &ArrayRef2<f64>,
    lambda: f64,
    n: usize,
) -> Result<()> {
    finite("relevance", relevance)?;
    if vectors.nrows() != relevance.len() {
        return Err(Error::Shape {
            what: "`vectors`",
            found: count(vectors.nrows(), "row"),
            expected: format!("{}, one for each score", count(relevance.len(), "row")),
        });
    }
    if !(0.0..=1.0).contains(&lambda) {
        return Err(Error::OutOfRange {
            what: "`lambda`".to_owned(),
            found: lambda.to_string(),
            expected: "between 0 (only diversity) and 1 (only relevance)",
        });
    }
    if n == 0 || n > relevance.len() {
        return Err(Error::OutOfRange {
            what: "`n`".to_owned(),
            found: n.to_string(),
            expected: "between 1 and the number of candidates",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    fn most_relevant(relevance: &Array1<f64>, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..relevance.len()).collect();
        order.sort_by(|&a, &b| relevance[b].total_cmp(&relevance[a]));
        order.truncate(n);
        order
    }

    fn diversity(vectors: &Array2<f64>, list: &[usize]) -> f64 {
        intra_list_diversity(&vectors.select(Axis(0), list)).unwrap()
    }

    #[test]
    fn lambda_0_never_lowers_diversity_below_the_unranked_list() {
        let mut rng = RandomState::seed(1998);
        let mut short_sighted = 0;
        for _ in 0..500 {
            let m = 4 + (rng.rand(()) * 30.0) as usize;
            let d = 1 + (rng.rand(()) * 5.0) as usize;
            let n = 2 + (rng.rand(()) * (m - 2) as f64) as usize;
            let (relevance, vectors) = (rng.randn(m).unwrap(), rng.randn((m, d)).unwrap());
            let plain = diversity(&vectors, &most_relevant(&relevance, n));
            let list = maximal_marginal_relevance(&relevance, &vectors, 0.0, n).unwrap();
            assert_eq!(list.len(), n);
            assert!(diversity(&vectors, &list) >= plain - 1e-12);
            let units = unit_rows("`vectors`", &vectors).unwrap();
            let greedy = greedy(&scaled(&relevance), &units, 0.0, n, |_, _| true);
            short_sighted += usize::from(diversity(&vectors, &greedy) < plain - 1e-12);
        }
        assert!(short_sighted > 0, "the greedy choice alone would do");
    }

    #[test]
    fn lambda_1_is_the_order_of_relevance_and_no_item_comes_twice() {
        let mut rng = RandomState::seed(3);
        for _ in 0..50 {
            let (relevance, vectors) = (rng.randn(20).unwrap(), rng.randn((20, 4)).unwrap());
            let by = |lambda| maximal_marginal_relevance(&relevance, &vectors, lambda, 8).unwrap();
            assert_eq!(by(1.0), most_relevant(&relevance, 8));
            let mut list = by(0.3);
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), 8);
        }
    }

    #[test]
    fn each_step_agrees_with_the_formula() {
        let mut rng = RandomState::seed(8);
        let (relevance, vectors) = (rng.randn(15).unwrap(), rng.randn((15, 3)).unwrap());
        let (relevance, units) = (scaled(&relevance), unit_rows("`v`", &vectors).unwrap());
        let list = greedy(&relevance, &units, 0.6, 6, |_, _| true);
        for step in 1..6 {
            let (taken, chosen) = (&list[..step], list[step]);
            let marginal = |item: usize| {
                let cosines = taken.iter().map(|&t| units.row(t).dot(&units.row(item)));
                0.6 * relevance[item] - 0.4 * cosines.fold(f64::MIN, f64::max)
            };
            let open = (0..15).filter(|item| !taken.contains(item));
            let best = open.map(marginal).fold(f64::MIN, f64::max);
            assert!((marginal(chosen) - best).abs() < 1e-12);
        }
    }

    #[test]
    fn wrong_lambdas_vectors_and_scores_are_named() {
        let (scores, vectors) = (array![1.0, 0.5], array![[1.0], [0.5]]);
        let message = |scores: &Array1<f64>, vectors: &Array2<f64>, lambda, n| {
            let result = maximal_marginal_relevance(scores, vectors, lambda, n);
            result.unwrap_err().to_string()
        };
        assert!(message(&scores, &vectors, 1.5, 1).starts_with("`lambda` is 1.5"));
        assert!(message(&scores, &vectors, f64::NAN, 1).starts_with("`lambda` is NaN"));
        assert!(message(&scores, &vectors, 0.5, 3).starts_with("`n` is 3"));
        assert!(message(&scores, &array![[1.0]], 0.5, 1).starts_with("`vectors` has 1 row"));
        assert!(message(&array![1.0, f64::NAN], &vectors, 0.5, 1).contains("relevance[1]"));
        let nan = array![[1.0], [f64::NAN]];
        assert!(message(&scores, &nan, 0.5, 1).contains("row 1, column 0"));
    }
}
