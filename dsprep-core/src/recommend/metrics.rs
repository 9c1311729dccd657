//! How good are the lists? Ranking metrics, and what they don't see (question 23).
//!
//! Recall, NDCG and average precision ask whether the right items are there and how high; coverage and
//! novelty ask whether all the others ever are. NDCG after Järvelin and Kekäläinen, "Cumulated gain-based
//! evaluation of IR techniques", 2002; novelty after Zhou et al., "Solving the apparent diversity-accuracy
//! dilemma of recommender systems", 2010.

use super::similarity::unit_rows;
use crate::checks::at_least_one;
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef2;
use std::collections::HashSet;

/// The share of the `relevant` items that are among the first `k` of `recommended`.
///
/// # Errors
/// [`Error::Empty`] without relevant items, [`Error::OutOfRange`] if `k` is 0 or an item is recommended twice.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::recall_at_k;
/// assert_eq!(recall_at_k(&[7, 3, 5], &[3, 9], 2)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn recall_at_k(recommended: &[usize], relevant: &[usize], k: usize) -> Result<f64> {
    let hits = hits(recommended, relevant, k)?;
    let found = hits.iter().filter(|&&hit| hit).count();
    Ok(found as f64 / distinct(relevant).len() as f64)
}

/// Normalised discounted cumulative gain: a hit at place i is worth 1 / log₂(i + 1), and the sum is
/// divided by that of the best possible list.
///
/// # Errors
/// As [`recall_at_k`].
///
/// # Examples
/// ```
/// use dsprep_core::recommend::ndcg_at_k;
/// // One relevant item, at place 2: 1 / log₂ 3.
/// assert!((ndcg_at_k(&[7, 3, 5], &[3], 3)? - 0.6309).abs() < 1e-4);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ndcg_at_k(recommended: &[usize], relevant: &[usize], k: usize) -> Result<f64> {
    let hits = hits(recommended, relevant, k)?;
    let discount = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let places = hits.iter().enumerate().filter(|&(_, &hit)| hit);
    let gain: f64 = places.map(|(place, _)| discount(place)).sum();
    let best: f64 = (0..k.min(distinct(relevant).len())).map(discount).sum();
    Ok(gain / best)
}

/// Average precision: the mean, over the relevant items, of the precision at the place where each is found;
/// 0 for those that are not. Its mean over users is MAP.
///
/// The number of relevant items that it is divided by is at most `k`, so that a perfect list has 1.
///
/// # Errors
/// As [`recall_at_k`].
///
/// # Examples
/// ```
/// use dsprep_core::recommend::average_precision_at_k;
/// // Hits at places 1 and 3: (1/1 + 2/3) / 2.
/// assert!((average_precision_at_k(&[4, 7, 5], &[4, 5], 3)? - 5.0 / 6.0).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn average_precision_at_k(recommended: &[usize], relevant: &[usize], k: usize) -> Result<f64> {
    let hits = hits(recommended, relevant, k)?;
    let mut found = 0.0;
    let mut total = 0.0;
    for (place, _) in hits.iter().enumerate().filter(|&(_, &hit)| hit) {
        found += 1.0;
        total += found / (place as f64 + 1.0);
    }
    Ok(total / k.min(distinct(relevant).len()) as f64)
}

/// The share of all `n_items` items that are in at least one of the `lists`.
///
/// # Errors
/// [`Error::OutOfRange`] if `n_items` is 0 or an item's number is not below it.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::catalogue_coverage;
/// assert_eq!(catalogue_coverage(&[vec![0, 1], vec![1, 2]], 10)?, 0.3);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn catalogue_coverage(lists: &[Vec<usize>], n_items: usize) -> Result<f64> {
    at_least_one("`n_items`", n_items)?;
    for (list, items) in lists.iter().enumerate() {
        for (place, &item) in items.iter().enumerate() {
            check_item(|| format!("`lists[{list}][{place}]`"), item, n_items)?;
        }
    }
    let shown: HashSet<usize> = lists.iter().flatten().copied().collect();
    Ok(shown.len() as f64 / n_items as f64)
}

/// The mean of −log₂ p over all items of all lists, where p is the share of the interactions in
/// `popularity` (a count for each item) that the item has: how surprising the items are, in bits.
///
/// A count of 0 is taken as one half, so that an item that nobody chose yet is surprising, not infinitely so.
///
/// # Errors
/// [`Error::Empty`] without lists or without counts, [`Error::OutOfRange`] if an item has no count.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::novelty;
/// // Item 0 has a half of the interactions (1 bit), item 1 a quarter (2 bits).
/// assert_eq!(novelty(&[vec![0, 1]], &[4, 2, 2])?, 1.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn novelty(lists: &[Vec<usize>], popularity: &[usize]) -> Result<f64> {
    let total: f64 = popularity.iter().map(|&count| count as f64).sum();
    if total == 0.0 {
        return Err(Error::Empty {
            what: "`popularity`",
            item: "interaction",
        });
    }
    let mut bits = 0.0;
    let mut shown = 0;
    for (list, items) in lists.iter().enumerate() {
        for (place, &item) in items.iter().enumerate() {
            check_item(
                || format!("`lists[{list}][{place}]`"),
                item,
                popularity.len(),
            )?;
            bits -= ((popularity[item] as f64).max(0.5) / total).log2();
            shown += 1;
        }
    }
    if shown == 0 {
        return Err(Error::Empty {
            what: "`lists`",
            item: "item",
        });
    }
    Ok(bits / f64::from(shown))
}

/// The mean of 1 − cosine over all pairs of a list's items, given by their `vectors` (n×d): 0 if all
/// point the same way. After Ziegler et al., "Improving recommendation lists through topic
/// diversification", 2005. A zero vector has cosine 0 with all others. O(n² d).
///
/// # Errors
/// [`Error::OutOfRange`] if a number is not finite, [`Error::Undefined`] for fewer than two items.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, recommend::intra_list_diversity};
/// assert_eq!(intra_list_diversity(&array![[1.0, 0.0], [0.0, 2.0]])?, 1.0);
/// assert_eq!(intra_list_diversity(&array![[1.0, 0.0], [3.0, 0.0]])?, 0.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn intra_list_diversity(vectors: &ArrayRef2<f64>) -> Result<f64> {
    if vectors.nrows() < 2 {
        return Err(Error::Undefined {
            what: "the diversity of a list",
            reason: format!("it has {}", count(vectors.nrows(), "item")),
            remedy: "Give at least two items.",
        });
    }
    let units = unit_rows("`vectors`", vectors)?;
    let n = units.nrows();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    let total: f64 = pairs
        .map(|(a, b)| 1.0 - units.row(a).dot(&units.row(b)))
        .sum();
    Ok(total / (n * (n - 1) / 2) as f64)
}

/// What a recommender's lists come to, as means over the users who have relevant items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankingReport {
    /// Mean [`recall_at_k`].
    pub recall: f64,
    /// Mean [`ndcg_at_k`].
    pub ndcg: f64,
    /// Mean [`average_precision_at_k`].
    pub map: f64,
    /// [`catalogue_coverage`] of the first k of each list.
    pub coverage: f64,
    /// [`novelty`] of the first k of each list, in bits.
    pub novelty: f64,
}

/// Measures the first `k` of each user's list (`recommended`) against what they chose (`relevant`); users
/// without a choice are left out of the first three. `popularity` has a count for each item.
///
/// # Errors
/// [`Error::Shape`] unless there are as many lists as users, [`Error::Empty`] if nobody has a relevant
/// item, and those of the metrics.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::ranking_report;
/// let report = ranking_report(&[vec![0, 1], vec![2, 0]], &[vec![0], vec![1]], 2, &[5, 3, 2])?;
/// assert_eq!((report.recall, report.coverage), (0.5, 1.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ranking_report(
    recommended: &[Vec<usize>],
    relevant: &[Vec<usize>],
    k: usize,
    popularity: &[usize],
) -> Result<RankingReport> {
    if recommended.len() != relevant.len() {
        return Err(Error::Shape {
            what: "`recommended`",
            found: count(recommended.len(), "list"),
            expected: format!(
                "{}, one for each of `relevant`",
                count(relevant.len(), "list")
            ),
        });
    }
    let users = recommended
        .iter()
        .zip(relevant)
        .filter(|(_, relevant)| !relevant.is_empty());
    let mut sums = [0.0; 3];
    let mut counted = 0;
    for (recommended, relevant) in users {
        sums[0] += recall_at_k(recommended, relevant, k)?;
        sums[1] += ndcg_at_k(recommended, relevant, k)?;
        sums[2] += average_precision_at_k(recommended, relevant, k)?;
        counted += 1;
    }
    if counted == 0 {
        return Err(Error::Empty {
            what: "`relevant`",
            item: "relevant item",
        });
    }
    let shown = |list: &Vec<usize>| list.iter().take(k).copied().collect();
    let shown: Vec<Vec<usize>> = recommended.iter().map(shown).collect();
    let [recall, ndcg, map] = sums.map(|sum| sum / f64::from(counted));
    Ok(RankingReport {
        recall,
        ndcg,
        map,
        coverage: catalogue_coverage(&shown, popularity.len())?,
        novelty: novelty(&shown, popularity)?,
    })
}

/// Fails unless `item` is one of `n_items`.
pub(super) fn check_item(what: impl Fn() -> String, item: usize, n_items: usize) -> Result<()> {
    if item < n_items {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what: what(),
        found: item.to_string(),
        expected: "the number of a known item, counted from 0",
    })
}

/// Whether each of the first `k` recommended items is relevant.
pub(super) fn hits(recommended: &[usize], relevant: &[usize], k: usize) -> Result<Vec<bool>> {
    if relevant.is_empty() {
        return Err(Error::Empty {
            what: "`relevant`",
            item: "relevant item",
        });
    }
    at_least_one("`k`", k)?;
    let mut seen = HashSet::new();
    if let Some(at) = recommended.iter().position(|item| !seen.insert(item)) {
        return Err(Error::OutOfRange {
            what: format!("`recommended[{at}]`"),
            found: recommended[at].to_string(),
            expected: "an item that the list does not hold already: a second hit must not count",
        });
    }
    let relevant = distinct(relevant);
    let first = recommended.iter().take(k);
    Ok(first.map(|item| relevant.contains(item)).collect())
}

fn distinct(items: &[usize]) -> HashSet<usize> {
    items.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    #[test]
    fn ndcg_agrees_with_scikit_learn() {
        // sklearn 1.9: ndcg_score([[0, 1, 0, 1, 1, 0]], [[6, 5, 4, 3, 2, 1]], k) for k = 3 and 6.
        let (recommended, relevant) = ([0, 1, 2, 3, 4, 5], [1, 3, 4]);
        let at = |k| ndcg_at_k(&recommended, &relevant, k).unwrap();
        assert!((at(3) - 0.2960819109658652).abs() < 1e-12, "{}", at(3));
        assert!((at(6) - 0.6797310500037654).abs() < 1e-12, "{}", at(6));
    }

    #[test]
    fn perfect_lists_have_one_and_wrong_ones_zero() {
        let mut rng = RandomState::seed(23);
        for _ in 0..50 {
            let items = rng.order_of(30).to_vec();
            let (relevant, others) = items.split_at(8);
            for k in [1, 5, 8, 20] {
                assert_eq!(ndcg_at_k(&items, relevant, k).unwrap(), 1.0);
                assert_eq!(average_precision_at_k(&items, relevant, k).unwrap(), 1.0);
                assert_eq!(ndcg_at_k(others, relevant, k).unwrap(), 0.0);
                assert_eq!(recall_at_k(others, relevant, k).unwrap(), 0.0);
            }
            assert_eq!(recall_at_k(&items, relevant, 8).unwrap(), 1.0);
        }
    }

    #[test]
    fn moving_a_hit_up_never_lowers_a_metric() {
        let mut rng = RandomState::seed(4);
        for _ in 0..200 {
            let mut list = rng.order_of(12).to_vec();
            let relevant = rng.sample(12, 4).unwrap().to_vec();
            let at = (rng.rand(()) * 11.0) as usize;
            if !relevant.contains(&list[at + 1]) {
                continue;
            }
            let metrics = |list: &[usize]| {
                [recall_at_k, ndcg_at_k, average_precision_at_k]
                    .map(|metric| metric(list, &relevant, 6).unwrap())
            };
            let before = metrics(&list);
            list.swap(at, at + 1);
            let after = metrics(&list);
            assert!(before.iter().zip(after).all(|(b, a)| a >= b - 1e-12));
        }
    }

    #[test]
    fn what_is_unknown_twice_or_missing_is_named() {
        let message = |result: Result<f64>| result.unwrap_err().to_string();
        let twice = message(recall_at_k(&[1, 1], &[1], 2));
        assert!(twice.starts_with("`recommended[1]` is 1"), "{twice}");
        assert!(matches!(ndcg_at_k(&[1], &[], 1), Err(Error::Empty { .. })));
        let unknown = message(catalogue_coverage(&[vec![0], vec![9]], 5));
        assert!(unknown.starts_with("`lists[1][0]` is 9"), "{unknown}");
        assert!(novelty(&[vec![]], &[1]).is_err());
        assert!(intra_list_diversity(&array![[1.0]]).is_err());
        let nan = intra_list_diversity(&array![[1.0], [f64::NAN]]);
        assert!(message(nan).contains("row 1, column 0"));
        assert!(ranking_report(&[vec![0]], &[vec![]], 1, &[1]).is_err());
    }
}
