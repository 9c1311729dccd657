//! Metrics of the first hit, is there one and where?, and precision@k (question 23).
//!
//! Where a user wants one thing, a product or an answer, all after the first hit is of no interest. MRR after Voorhees,
//! "The TREC-8 question answering track report", 1999.

use super::metrics::hits;
use crate::Result;

/// 1 if one of the first `k` of `recommended` is relevant, else 0. Its mean over users is the hit rate.
///
/// # Errors
/// [`Error::Empty`](crate::Error::Empty) without relevant items, [`Error::OutOfRange`](crate::Error::OutOfRange) if `k` is 0
/// or an item is recommended twice.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::hit_at_k;
/// assert_eq!((hit_at_k(&[7, 3, 5], &[5], 2)?, hit_at_k(&[7, 3, 5], &[5], 3)?), (0.0, 1.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn hit_at_k(recommended: &[usize], relevant: &[usize], k: usize) -> Result<f64> {
    let hits = hits(recommended, relevant, k)?;
    Ok(if hits.contains(&true) { 1.0 } else { 0.0 })
}

/// 1 / the place of the first relevant item of the first `k`, and 0 without one. Its mean over users is MRR.
///
/// # Errors
/// As [`hit_at_k`].
///
/// # Examples
/// ```
/// use dsprep_core::recommend::reciprocal_rank;
/// assert_eq!(reciprocal_rank(&[7, 3, 5], &[5, 3], 3)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn reciprocal_rank(recommended: &[usize], relevant: &[usize], k: usize) -> Result<f64> {
    let hits = hits(recommended, relevant, k)?;
    let first = hits.iter().position(|&hit| hit);
    Ok(first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)))
}

/// The share of the first `k` places that hold a relevant item. A list shorter than `k` has empty places.
///
/// # Errors
/// As [`hit_at_k`].
///
/// # Examples
/// ```
/// use dsprep_core::recommend::precision_at_k;
/// assert_eq!(precision_at_k(&[7, 3, 5, 1], &[5, 3], 4)?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn precision_at_k(recommended: &[usize], relevant: &[usize], k: usize) -> Result<f64> {
    let hits = hits(recommended, relevant, k)?;
    Ok(hits.iter().filter(|&&hit| hit).count() as f64 / k as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `label_ranking_average_precision_score` with one relevant item is its reciprocal rank, scikit-learn 1.9.1:
    /// `tests/peers/recommend_baselines.py`.
    #[test]
    fn the_reciprocal_rank_of_one_item_equals_scikit_learns() -> Result<()> {
        for (relevant, expected) in [(4, 1.0), (2, 0.5), (0, 1.0 / 3.0), (3, 0.25), (1, 0.2)] {
            assert!((reciprocal_rank(&[4, 2, 0, 3, 1], &[relevant], 5)? - expected).abs() < 1e-15);
        }
        Ok(())
    }

    #[test]
    fn short_lists_and_strangers_score_0_and_nonsense_is_refused() -> Result<()> {
        assert_eq!(reciprocal_rank(&[], &[1], 3)?, 0.0);
        assert_eq!(
            precision_at_k(&[1], &[1], usize::MAX)?,
            1.0 / usize::MAX as f64
        );
        assert_eq!(hit_at_k(&[1], &[usize::MAX], 1)?, 0.0);
        assert!(hit_at_k(&[1], &[], 1).is_err() && reciprocal_rank(&[1], &[1], 0).is_err());
        assert!(precision_at_k(&[1, 1], &[1], 2).is_err());
        Ok(())
    }
}
