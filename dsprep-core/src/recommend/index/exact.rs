//! Exact search: every item is scored.

use super::blocks::Blocks;
use super::stored::StoredExact;
use super::top_k::TopK;
use super::{Hit, check_items, check_products, check_query, hits, largest};
use crate::Result;
use ndarray::{ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};

/// Finds the items with the largest inner products by scoring all of them.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, recommend::ExactIndex};
///
/// let index = ExactIndex::build(&array![[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])?;
/// let best = index.search(&array![1.0, 0.5], 2)?;
/// assert_eq!((best[0].item, best[0].score), (2, 3.0));
/// assert_eq!((best[1].item, best[1].score), (0, 1.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "StoredExact", into = "StoredExact")]
pub struct ExactIndex {
    items: Blocks,
    largest: f32,
}

impl ExactIndex {
    /// Takes the vectors of n `items` (n×d). O(n d) time and memory.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without items, [`Error::OutOfRange`](crate::Error::OutOfRange)
    /// if a number is not finite.
    pub fn build(items: &ArrayRef2<f32>) -> Result<Self> {
        check_items(items)?;
        let rows = items.as_standard_layout();
        let numbers = rows.as_slice().unwrap_or_default();
        let dimensions = items.ncols();
        let row = |item: usize| &numbers[item * dimensions..(item + 1) * dimensions];
        Ok(ExactIndex {
            items: Blocks::new(dimensions, items.nrows(), row),
            largest: largest(numbers),
        })
    }

    /// The `k` items with the largest inner products with `query` (d numbers), the best first and of
    /// equals the smaller number. O(n d + k log k).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) if the query has another length than the items,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if it is not finite or `k` is not between 1 and n,
    /// [`Error::Undefined`](crate::Error::Undefined) if a product may overflow an `f32`.
    pub fn search(&self, query: &ArrayRef1<f32>, k: usize) -> Result<Vec<Hit>> {
        check_query(query, self.items.dimensions(), k, self.items.len())?;
        let query = query.to_vec();
        check_products(&query, self.largest)?;
        let mut best = TopK::new(k, f32::NEG_INFINITY);
        self.items
            .score_from(&query, f32::NEG_INFINITY, |item, score| {
                best.offer(item, score)
            });
        Ok(hits(best.into_sorted()))
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none, which cannot be.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The length of the vectors.
    pub fn dimensions(&self) -> usize {
        self.items.dimensions()
    }
}

impl From<ExactIndex> for StoredExact {
    fn from(index: ExactIndex) -> Self {
        StoredExact {
            items: index.items.vectors(),
        }
    }
}

impl TryFrom<StoredExact> for ExactIndex {
    type Error = crate::Error;

    fn try_from(stored: StoredExact) -> Result<Self> {
        ExactIndex::build(&stored.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::random::RandomState;
    use ndarray::{Array2, array};

    #[test]
    fn exact_search_agrees_with_a_sort_of_all_scores() {
        let mut rng = RandomState::seed(23);
        for (n, d, k) in [(1, 1, 1), (15, 3, 4), (16, 5, 16), (97, 33, 10)] {
            let items = rng.randn((n, d)).unwrap().mapv(|x| x as f32);
            let query = rng.randn(d).unwrap().mapv(|x| x as f32);
            let mut order: Vec<usize> = (0..n).collect();
            let score = |item: usize| -> f32 {
                let products = items.row(item).into_iter().zip(&query).map(|(x, q)| x * q);
                products.fold(0.0, |sum, product| sum + product)
            };
            order.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
            let found = ExactIndex::build(&items)
                .unwrap()
                .search(&query, k)
                .unwrap();
            let expected: Vec<(usize, f32)> = order[..k].iter().map(|&i| (i, score(i))).collect();
            let found: Vec<(usize, f32)> = found.iter().map(|hit| (hit.item, hit.score)).collect();
            assert_eq!(found, expected, "{n} items");
        }
    }

    #[test]
    fn of_equal_scores_the_smaller_number_comes_first() {
        let index = ExactIndex::build(&Array2::ones((40, 2))).unwrap();
        let found = index.search(&array![1.0, 1.0], 3).unwrap();
        assert_eq!(
            found.iter().map(|hit| hit.item).collect::<Vec<_>>(),
            [0, 1, 2]
        );
    }

    #[test]
    fn what_cannot_be_searched_is_named() {
        let index = ExactIndex::build(&array![[1.0, 0.0], [0.0, 1.0]]).unwrap();
        let message = |result: Result<Vec<Hit>>| result.unwrap_err().to_string();
        assert_eq!(
            message(index.search(&array![1.0], 1)),
            "`query` has 1 dimension, but it must have 2 dimensions, as the items."
        );
        assert_eq!(
            message(index.search(&array![1.0, f32::NAN], 1)),
            "`query[1]` is NaN, but it must be a finite number."
        );
        assert_eq!(
            message(index.search(&array![1.0, 0.0], 3)),
            "`k` is 3, but it must be between 1 and the number of items."
        );
        let nan = ExactIndex::build(&array![[1.0], [f32::NAN]]);
        assert!(matches!(nan, Err(Error::OutOfRange { .. })));
        let empty = ExactIndex::build(&Array2::zeros((0, 3)));
        assert!(matches!(empty, Err(Error::Empty { .. })));
    }
}
