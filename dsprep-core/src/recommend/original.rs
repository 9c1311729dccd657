//! The original's mock: random embeddings, random ranks, and a slice for diversity.

use super::index::{ExactIndex, Hit};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1};

/// The items that the mock looks at, of all that it draws.
const SEARCHED: usize = 10_000;

/// All are drawn, one after the other.
const MOST_ITEMS: usize = 1_000_000_000;

/// The original's `MockRecommender`, with its numbers.
///
/// It draws n×32 embeddings and searches the first 10,000 rows; only these are kept here, so that a
/// million items take 2.4 MiB instead of 244. It ranks by random numbers and cuts the list.
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::recommend::MockRecommender;
///
/// let mut rng = RandomState::seed(7);
/// let mock = MockRecommender::new(500, &mut rng)?;
/// let user = rng.randn(32)?;
/// assert_eq!(mock.recommend(&user, 10, &mut rng)?.len(), 10);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MockRecommender {
    n_items: usize,
    item_embeddings: Array2<f64>,
}

impl MockRecommender {
    /// Draws the embeddings of `n_items` items, at least 100. O(n).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there are fewer items than the mock's 100 candidates, or more than 1,000,000,000.
    pub fn new(n_items: usize, rng: &mut RandomState) -> Result<Self> {
        let drawn = (100..=MOST_ITEMS).contains(&n_items);
        if !drawn {
            return Err(Error::OutOfRange {
                what: "`n_items`".to_owned(),
                found: n_items.to_string(),
                expected: "100, the number of candidates, to 1,000,000,000",
            });
        }
        let item_embeddings = rng.randn((n_items.min(SEARCHED), 32))?;
        for _ in item_embeddings.nrows()..n_items {
            crate::cell::check_interrupt();
            rng.randn(32)?;
        }
        Ok(MockRecommender {
            n_items,
            item_embeddings,
        })
    }

    /// How many items it drew, and how many it looks at.
    pub fn drawn_and_searched(&self) -> (usize, usize) {
        (self.n_items, self.item_embeddings.nrows())
    }

    /// The 100 of the first 10,000 items with the largest inner products with `user` (32 numbers).
    ///
    /// # Errors
    /// [`Error::Shape`] unless `user` has 32 numbers, [`Error::OutOfRange`] if one is not finite.
    pub fn candidate_gen(&self, user: &ArrayRef1<f64>) -> Result<Array1<usize>> {
        let items = self.item_embeddings.mapv(|x| x as f32);
        // The order is that of any multiple of the user; a tiny or huge one would underflow or overflow an `f32`.
        let size = user.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let size = match (1e-20..=1e20).contains(&size) || size == 0.0 {
            true => 1.0,
            false => size,
        };
        let found = ExactIndex::build(&items)?.search(&user.mapv(|x| (x / size) as f32), 100)?;
        Ok(found.iter().map(|hit: &Hit| hit.item).collect())
    }

    /// The 20 candidates that draw the largest random numbers: the "ranker" looks at nothing.
    pub fn rank(&self, candidates: &ArrayRef1<usize>, rng: &mut RandomState) -> Array1<usize> {
        let scores: Vec<f64> = candidates.iter().map(|_| rng.rand(())).collect();
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order.iter().take(20).map(|&at| candidates[at]).collect()
    }

    /// Candidates, random ranks, and the first `n` of them.
    ///
    /// # Errors
    /// As [`candidate_gen`](Self::candidate_gen).
    pub fn recommend(
        &self,
        user: &ArrayRef1<f64>,
        n: usize,
        rng: &mut RandomState,
    ) -> Result<Array1<usize>> {
        let ranked = self.rank(&self.candidate_gen(user)?, rng);
        Ok(ranked.iter().take(n).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mock_recommends_what_the_original_printed() {
        let mut rng = RandomState::seed(7);
        rng.randn((3, 32)).unwrap(); // question 20 drew q, k and v, 4×8 each
        let mock = MockRecommender::new(1_000_000, &mut rng).unwrap();
        assert_eq!(mock.drawn_and_searched(), (1_000_000, 10_000));
        assert_eq!(mock.item_embeddings[[0, 0]], 2.2599469866262614);
        let user = rng.randn(32).unwrap();
        assert_eq!(user[0], -0.006357738293399106);
        assert_eq!(user[31], -0.0488903369235425);
        let recommended = mock.recommend(&user, 10, &mut rng).unwrap();
        let printed = [1601, 3896, 4683, 1639, 8866, 3133, 7184, 365, 9624, 2796];
        assert_eq!(recommended.to_vec(), printed);
    }

    #[test]
    fn too_few_items_and_wrong_users_are_named() {
        let mut rng = RandomState::seed(0);
        let error = MockRecommender::new(99, &mut rng).unwrap_err();
        assert!(error.to_string().starts_with("`n_items` is 99"), "{error}");
        let mock = MockRecommender::new(100, &mut rng).unwrap();
        let error = mock.candidate_gen(&rng.randn(31).unwrap()).unwrap_err();
        assert!(matches!(error, Error::Shape { .. }));
    }
}
