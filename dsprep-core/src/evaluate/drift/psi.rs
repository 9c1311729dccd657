//! The population stability index (question 25).
//!
//! PSI = Σ (c_i − r_i) ln(c_i / r_i) over bins, where r_i and c_i are the shares of the reference
//! and of the current values: the symmetrised Kullback-Leibler divergence of Jeffreys, 1946. In
//! credit scoring below 0.1 counts as stable and above 0.25 as changed (Siddiqi, "Credit risk
//! scorecards", 2006). These are habits, not tests: without any change its mean is about
//! (bins − 1) (1/n₁ + 1/n₂), which small samples take above 0.1 (Yurdakul and Naranjo, 2020).

use super::{quantile, sorted_samples};
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// The index and what each bin adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct StabilityIndex {
    /// The index: 0 if the shares are the same in all bins.
    pub value: f64,
    /// The bins in ascending order.
    pub bins: Vec<PsiBin>,
}

/// One bin of a [`StabilityIndex`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PsiBin {
    /// The bin begins here, included; −∞ in the first.
    pub lower: f64,
    /// The bin ends before here; +∞ in the last.
    pub upper: f64,
    /// The smoothed share of the reference values.
    pub reference: f64,
    /// The smoothed share of the current values.
    pub current: f64,
    /// What the bin adds to the index, never negative.
    pub contribution: f64,
}

/// The stability index of `current` (n₂ values) against `reference` (n₁ values).
///
/// The edges are the quantiles of the reference, NumPy's `quantile(reference, i / bins)`, those
/// that coincide merged; the outer bins are open. Half a row is added to each count, so that an
/// empty bin gives a large index and not an infinite one. O(n log n).
///
/// # Errors
/// [`Error::Empty`] if a sample has no values, [`Error::OutOfRange`] if a value is not finite or
/// `bins` is below 2.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::drift::population_stability_index;
/// use dsprep_core::ndarray::Array1;
/// let reference = Array1::linspace(0.0, 1.0, 1000);
/// assert_eq!(population_stability_index(&reference, &reference, 10)?.value, 0.0);
/// assert!(population_stability_index(&reference, &(&reference + 0.3), 10)?.value > 0.25);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn population_stability_index(
    reference: &ArrayRef1<f64>,
    current: &ArrayRef1<f64>,
    bins: usize,
) -> Result<StabilityIndex> {
    let (reference, current) = sorted_samples(reference, current)?;
    if bins < 2 {
        return Err(Error::OutOfRange {
            what: "`bins`".to_owned(),
            found: bins.to_string(),
            expected: "2 or greater; 10 is usual",
        });
    }
    Ok(psi_of_sorted(&reference, &current, bins))
}

/// [`population_stability_index`] of samples that are sorted, finite and not empty, with at least two
/// `bins`.
pub(crate) fn psi_of_sorted(reference: &[f64], current: &[f64], bins: usize) -> StabilityIndex {
    let mut inner: Vec<f64> = (1..bins)
        .map(|i| quantile(reference, i as f64 / bins as f64))
        .collect();
    inner.dedup();
    let lowers: Vec<f64> = [f64::NEG_INFINITY]
        .into_iter()
        .chain(inner.iter().copied())
        .collect();
    let uppers = inner.iter().copied().chain([f64::INFINITY]);
    let bins: Vec<PsiBin> = lowers
        .iter()
        .zip(uppers)
        .map(|(&lower, upper)| {
            let [r, c] = [reference, current].map(|sample| {
                let before = |edge: f64| sample.partition_point(|&value| value < edge);
                let count = before(upper) - before(lower);
                (count as f64 + 0.5) / (sample.len() as f64 + 0.5 * lowers.len() as f64)
            });
            PsiBin {
                lower,
                upper,
                reference: r,
                current: c,
                contribution: (c - r) * (c / r).ln(),
            }
        })
        .collect();
    StabilityIndex {
        value: bins.iter().map(|bin| bin.contribution).sum(),
        bins,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    #[test]
    fn it_equals_the_same_bins_in_numpy() -> Result<()> {
        // r = np.random.RandomState(4), after the draws of the test of `ks.rs`: ref =
        // r.randn(1000); cur = r.randn(500) * 1.2 + .3; e = np.quantile(ref, np.arange(1, 10) / 10)
        // c = np.bincount(np.searchsorted(e, v, side="right"), minlength=10) + .5; c / c.sum()
        let mut rng = RandomState::seed(4);
        rng.randn(7 + 5 + 12 + 12 + 60 + 45 + 300 + 200 + 4000 + 3000 + 12_000 + 9000);
        let reference = rng.randn(1000);
        let current = rng.randn(500) * 1.2 + 0.3;
        let index = population_stability_index(&reference, &current, 10)?;
        assert!((index.value - 0.19712451372322526).abs() < 1e-14);
        assert_eq!(index.bins.len(), 10);
        Ok(())
    }

    #[test]
    fn without_a_change_small_samples_give_the_index_that_theory_expects() -> Result<()> {
        let mut rng = RandomState::seed(9);
        let rounds = 500;
        let mut sum = 0.0;
        for _ in 0..rounds {
            sum += population_stability_index(&rng.randn(200), &rng.randn(200), 10)?.value;
        }
        let expected = 9.0 * (1.0 / 200.0 + 1.0 / 200.0);
        assert!((sum / f64::from(rounds) - expected).abs() < 0.1 * expected);
        Ok(())
    }

    #[test]
    fn equal_quantiles_are_merged_and_an_empty_bin_stays_finite() -> Result<()> {
        let reference = Array1::from_shape_fn(100, |i| if i < 80 { 0.0 } else { i as f64 });
        let index = population_stability_index(&reference, &array![500.0, 600.0], 10)?;
        assert!(index.bins.len() < 10);
        assert!(index.value.is_finite() && index.value > 1.0);
        let shares: f64 = index.bins.iter().map(|bin| bin.current).sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert!(population_stability_index(&reference, &reference, 1).is_err());
        Ok(())
    }
}
