//! Item-to-item: "who chose this also chose that", the baseline that is hard to beat (question 23).
//!
//! The similarity of two items is the cosine of their users: n_ab / √(n_a n_b), where n_a and n_b users chose each and n_ab chose
//! both. A user's score for an item is the sum of its similarities to what they chose. After Sarwar, Karypis,
//! Konstan and Riedl, "Item-based collaborative filtering recommendation algorithms", 2001; Linden, Smith and York,
//! "Amazon.com recommendations: item-to-item collaborative filtering", 2003.

use super::metrics::check_item;
use crate::checks::{at_least_one, room_for};
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// Similarities of items, learned from who chose what.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::ItemItem;
/// // Bread and butter go together; the wine was bought alone.
/// let histories = [vec![0, 1], vec![0, 1], vec![0, 1, 3], vec![2]];
/// let model = ItemItem::fit(&histories, 4)?;
/// assert_eq!(model.recommend(&[0], 2)?, [1, 3]);
/// assert!((model.similarity(0, 1)? - 1.0).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ItemItem {
    /// For each item those chosen together with it, by number, with their cosine.
    similar: Vec<Vec<(usize, f64)>>,
    popularity: Vec<usize>,
}

checked!(ItemItem);

impl ItemItem {
    /// Learns from the items of each user; one chosen twice counts once. O(Σ length²) for the lengths of the histories.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `n_items` is 0, an item's number is not below it, or memory can't hold the pairs
    /// of items that a user may have.
    pub fn fit(histories: &[Vec<usize>], n_items: usize) -> Result<Self> {
        at_least_one("`n_items`", n_items)?;
        // A map and a list for each item.
        room_for("`n_items`", n_items, 16)?;
        let distinct = |history: &Vec<usize>| history.iter().collect::<BTreeSet<_>>().len();
        let pairs = histories.iter().map(distinct);
        let pairs = pairs.fold(0_usize, |sum, items| {
            sum.saturating_add(items.saturating_mul(items))
        });
        let pairs = pairs.min(n_items.saturating_mul(n_items));
        room_for("the number of pairs of items that one user has", pairs, 4)?;
        let mut together: Vec<HashMap<usize, usize>> = vec![HashMap::new(); n_items];
        let mut popularity = vec![0; n_items];
        for (user, history) in histories.iter().enumerate() {
            crate::cell::check_interrupt();
            for (at, &item) in history.iter().enumerate() {
                check_item(|| format!("`histories[{user}][{at}]`"), item, n_items)?;
            }
            let history: BTreeSet<usize> = history.iter().copied().collect();
            for &item in &history {
                popularity[item] += 1;
                for &other in history.iter().filter(|&&other| other != item) {
                    *together[item].entry(other).or_default() += 1;
                }
            }
        }
        let cosine = |item: usize, (other, count): (usize, usize)| {
            let size = (popularity[item] as f64 * popularity[other] as f64).sqrt();
            (other, count as f64 / size)
        };
        let similar = together.into_iter().enumerate().map(|(item, others)| {
            let mut row: Vec<(usize, f64)> =
                others.into_iter().map(|pair| cosine(item, pair)).collect();
            row.sort_unstable_by_key(|&(other, _)| other);
            row
        });
        Ok(ItemItem {
            similar: similar.collect(),
            popularity,
        })
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.similar.len()
    }

    /// How many pairs of items somebody chose together.
    pub fn pairs(&self) -> usize {
        self.similar.iter().map(Vec::len).sum::<usize>() / 2
    }

    /// The cosine of two items' users, 0 to 1; 0 if one of them has none.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no such item.
    pub fn similarity(&self, item: usize, other: usize) -> Result<f64> {
        check_item(|| "`item`".to_owned(), item, self.similar.len())?;
        check_item(|| "`other`".to_owned(), other, self.similar.len())?;
        if item == other {
            return Ok(if self.popularity[item] > 0 { 1.0 } else { 0.0 });
        }
        let row = &self.similar[item];
        let found = row.binary_search_by_key(&other, |&(other, _)| other);
        Ok(found.map_or(0.0, |at| row[at].1))
    }

    /// The `k` items that are most similar to those of `history` together, which are left out; the more popular of equally
    /// similar ones first, then the one with the lower number. Where too few are similar, the most popular follow, so that
    /// somebody without a history gets these.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the history has an unknown item.
    pub fn recommend(&self, history: &[usize], k: usize) -> Result<Vec<usize>> {
        let mut scores = vec![0.0; self.similar.len()];
        let known: BTreeSet<usize> = history.iter().copied().collect();
        for (at, &item) in history.iter().enumerate() {
            check_item(|| format!("`history[{at}]`"), item, self.similar.len())?;
        }
        for &item in &known {
            for &(other, similarity) in &self.similar[item] {
                scores[other] += similarity;
            }
        }
        let mut items: Vec<usize> = (0..scores.len())
            .filter(|item| !known.contains(item))
            .collect();
        items.sort_by(|&a, &b| {
            let by_score = scores[b].total_cmp(&scores[a]);
            by_score.then(self.popularity[b].cmp(&self.popularity[a]))
        });
        items.truncate(k);
        Ok(items)
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let n = self.similar.len();
        let known = |row: &Vec<(usize, f64)>| {
            row.iter().all(|&(other, _)| other < n)
                && row.windows(2).all(|pair| pair[0].0 < pair[1].0)
        };
        let fits = self.popularity.len() == n && self.similar.iter().all(known);
        unless_consistent(fits, "items that there are, by number")
    }
}

/// The `k` items that most users chose, the lower number first of equally popular ones: what every recommender must beat.
///
/// # Errors
/// [`Error::Empty`] if nobody chose anything.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::most_popular;
/// assert_eq!(most_popular(&[vec![4, 2], vec![2], vec![4, 7]], 2)?, [2, 4]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn most_popular(histories: &[Vec<usize>], k: usize) -> Result<Vec<usize>> {
    let mut users: HashMap<usize, usize> = HashMap::new();
    for history in histories {
        for item in history.iter().copied().collect::<BTreeSet<usize>>() {
            *users.entry(item).or_default() += 1;
        }
    }
    if users.is_empty() {
        return Err(Error::Empty {
            what: "`histories`",
            item: "item",
        });
    }
    let mut items: Vec<(usize, usize)> = users.into_iter().collect();
    items.sort_unstable_by_key(|&(item, users)| (std::cmp::Reverse(users), item));
    Ok(items.into_iter().take(k).map(|(item, _)| item).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::Array2;

    /// The definition: the cosine of two columns of the users' matrix of zeros and ones, which is what
    /// `sklearn.metrics.pairwise.cosine_similarity` computes.
    #[test]
    fn similarities_are_cosines_of_columns() -> Result<()> {
        let mut rng = RandomState::seed(23);
        let chosen = rng.rand((40, 12))?.mapv(|u| f64::from(u < 0.3));
        let history = |user: usize| {
            (0..12)
                .filter(|&item| chosen[[user, item]] == 1.0)
                .collect()
        };
        let model = ItemItem::fit(&(0..40).map(history).collect::<Vec<_>>(), 12)?;
        let products: Array2<f64> = chosen.t().dot(&chosen);
        for ((a, b), product) in products.indexed_iter() {
            let cosine = product / (products[[a, a]] * products[[b, b]]).sqrt();
            assert!((model.similarity(a, b)? - cosine).abs() < 1e-12, "{a} {b}");
        }
        Ok(())
    }

    #[test]
    fn newcomers_get_what_is_popular_and_strangers_are_named() -> Result<()> {
        let model = ItemItem::fit(&[vec![2, 2], vec![2, 1], vec![]], 4)?;
        assert_eq!(model.recommend(&[], 9)?, [2, 1, 0, 3]);
        assert_eq!(model.recommend(&[2, 2], 2)?, [1, 0]);
        assert_eq!(
            (model.similarity(0, 1)?, model.similarity(3, 3)?),
            (0.0, 0.0)
        );
        assert!(model.recommend(&[4], 1).is_err() && model.similarity(0, 4).is_err());
        assert!(ItemItem::fit(&[vec![usize::MAX]], 4).is_err() && ItemItem::fit(&[], 0).is_err());
        assert!(most_popular(&[vec![]], 1).is_err());
        Ok(())
    }
}
