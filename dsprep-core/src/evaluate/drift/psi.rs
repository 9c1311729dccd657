//! The population stability index (question 25).
//!
//! PSI = Σ (c_i − r_i) ln(c_i / r_i) over bins, where r_i and c_i are the shares of the reference
//! and of the current values: the symmetrised Kullback-Leibler divergence of Jeffreys, 1946. In
//! credit scoring below 0.1 counts as stable and above 0.25 as changed (Siddiqi, "Credit risk
//! scorecards", 2006). These are habits, not tests: without any change its mean is about
//! (bins − 1) (1/n₁ + 1/n₂), which small samples take above 0.1 (Yurdakul and Naranjo, 2020).

use super::{quantile, sorted_samples};
use crate::Result;
use crate::error::out_of_range;
use crate::evaluate::MOST_BINS;
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
    /// The bin begins here, included, or just after if the bin before holds this value alone; −∞ in the
    /// first.
    pub lower: f64,
    /// The bin ends before here; +∞ in the last. Equal to `lower` if the bin holds this one value.
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
/// The edges are the quantiles of the reference, NumPy's `quantile(reference, i / bins)`; the outer
/// bins are open. A value that alone holds as much of the reference as a bin should, such as the zeros
/// of a column that is mostly 0, gets a bin of its own. Bins that neither sample reaches are left out.
/// Half a row is added to each count, so that an empty bin gives a large index and not an infinite one.
/// O(n log n).
///
/// # Errors
/// [`Error::Empty`](crate::Error::Empty) if a sample has no values,
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is not finite or
/// `bins` is below 2 or above 100,000.
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
    if !(2..=MOST_BINS).contains(&bins) {
        return Err(out_of_range("`bins`", bins, "2 to 100000; 10 is usual"));
    }
    Ok(psi_of_sorted(&reference, &current, bins))
}

/// [`population_stability_index`] of samples that are sorted, finite and not empty, with at least two
/// `bins`.
pub(crate) fn psi_of_sorted(reference: &[f64], current: &[f64], bins: usize) -> StabilityIndex {
    let counted = counted_bins(reference, current, bins);
    let count = counted.len() as f64;
    let bins: Vec<PsiBin> = counted
        .into_iter()
        .map(|(lower, upper, counts)| {
            let share = |rows: usize, sample: &[f64]| {
                (rows as f64 + 0.5) / (sample.len() as f64 + 0.5 * count)
            };
            let (r, c) = (share(counts[0], reference), share(counts[1], current));
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

/// The bins that at least one sample reaches: their ends, and how many values of each sample they hold.
fn counted_bins(reference: &[f64], current: &[f64], bins: usize) -> Vec<(f64, f64, [usize; 2])> {
    let mut edges: Vec<f64> = (1..bins)
        .map(|i| quantile(reference, i as f64 / bins as f64))
        .collect();
    let heavy = |run: &&[f64]| run.len() > 1 && run.len().saturating_mul(bins) >= reference.len();
    let masses: Vec<f64> = reference
        .chunk_by(|a, b| a == b)
        .filter(heavy)
        .map(|run| run[0])
        .collect();
    edges.extend(&masses);
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|a, b| a == b);

    // The values before an edge of a bin are counted in both samples at once.
    let before = |edge: f64| {
        [reference, current].map(|sample| sample.partition_point(|&value| value < edge))
    };
    let up_to = |edge: f64| {
        [reference, current].map(|sample| sample.partition_point(|&value| value <= edge))
    };
    let mut counted = Vec::with_capacity(edges.len() + masses.len() + 1);
    let (mut lower, mut below) = (f64::NEG_INFINITY, [0, 0]);
    let mut close = |lower: f64, upper: f64, from: [usize; 2], to: [usize; 2]| {
        let rows = [to[0] - from[0], to[1] - from[1]];
        if rows != [0, 0] {
            counted.push((lower, upper, rows));
        }
    };
    for edge in edges {
        let next = before(edge);
        close(lower, edge, below, next);
        (lower, below) = (edge, next);
        // Both are in ascending order.
        let place = masses.partition_point(|&mass| mass < edge);
        if masses.get(place).is_some_and(|&mass| mass == edge) {
            let next = up_to(edge);
            close(edge, edge, below, next);
            below = next;
        }
    }
    close(
        lower,
        f64::INFINITY,
        below,
        [reference.len(), current.len()],
    );
    counted
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
        rng.randn(7 + 5 + 12 + 12 + 60 + 45 + 300 + 200 + 4000 + 3000 + 12_000 + 9000)?;
        let reference = rng.randn(1000)?;
        let current = rng.randn(500)? * 1.2 + 0.3;
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
            sum += population_stability_index(&rng.randn(200)?, &rng.randn(200)?, 10)?.value;
        }
        let expected = 9.0 * (1.0 / 200.0 + 1.0 / 200.0);
        assert!((sum / f64::from(rounds) - expected).abs() < 0.1 * expected);
        Ok(())
    }

    fn mixed(zeros: usize, others: usize) -> Array1<f64> {
        Array1::from_shape_fn(zeros + others, |i| if i < zeros { 0.0 } else { 1.0 })
    }

    /// By hand: two bins with half a row added to each.
    #[test]
    fn the_mass_of_a_binary_or_mostly_zero_column_is_seen() -> Result<()> {
        let psi = |r: &Array1<f64>, c: &Array1<f64>| population_stability_index(r, c, 10);
        let share = |rows: f64| (rows + 0.5) / 1001.0;
        let term = |r: f64, c: f64| (share(c) - share(r)) * (share(c) / share(r)).ln();
        let expected = term(950.0, 500.0) + term(50.0, 500.0);
        let index = psi(&mixed(950, 50), &mixed(500, 500))?;
        assert!(
            (index.value - expected).abs() < 1e-12 && index.value > 1.0,
            "{}",
            index.value
        );
        let mirrored = psi(&mixed(50, 950), &mixed(500, 500))?.value;
        assert!((mirrored - expected).abs() < 1e-12, "{mirrored}");
        let ends: Vec<(f64, f64)> = index
            .bins
            .iter()
            .map(|bin| (bin.lower, bin.upper))
            .collect();
        assert_eq!(ends, [(0.0, 0.0), (0.0, f64::INFINITY)]);
        assert!(psi(&mixed(920, 80), &mixed(1000, 0))?.value > 0.3);

        let mut rng = RandomState::seed(3);
        let amounts = |zeros: usize, rng: &mut RandomState| -> Result<Array1<f64>> {
            let amounts = rng.exponential(20.0, 1000)?;
            Ok(Array1::from_shape_fn(1000, |i| {
                if i < zeros { 0.0 } else { amounts[i] }
            }))
        };
        let (before, after) = (amounts(930, &mut rng)?, amounts(600, &mut rng)?);
        assert!(psi(&before, &after)?.value > 0.5);
        assert!(psi(&before, &amounts(930, &mut rng)?)?.value < 0.02);
        Ok(())
    }

    #[test]
    fn constants_are_alike_or_have_nothing_in_common() -> Result<()> {
        let constant = |value: f64, n: usize| Array1::from_elem(n, value);
        let same = population_stability_index(&constant(0.1, 100), &constant(0.1, 7), 10)?;
        assert_eq!((same.value, same.bins.len()), (0.0, 1));
        for other in [-5.0, 0.1 + 1e-16, 100.0] {
            let index = population_stability_index(&constant(0.1, 100), &constant(other, 100), 10)?;
            // All of one sample in one bin, all of the other in the other.
            let (most, least): (f64, f64) = (100.5 / 101.0, 0.5 / 101.0);
            let largest = 2.0 * (most - least) * (most / least).ln();
            assert!(
                (index.value - largest).abs() < 1e-12,
                "{other}: {}",
                index.value
            );
        }
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

    /// Each edge against each mass would be ten thousand million comparisons.
    #[test]
    fn as_many_masses_as_bins_end() -> Result<()> {
        let values = Array1::from_shape_fn(1_000_000, |i| (i / 10) as f64);
        let same = population_stability_index(&values, &values, 100_000)?;
        assert_eq!((same.value, same.bins.len()), (0.0, 100_000));
        Ok(())
    }

    #[test]
    fn edges_between_the_greatest_numbers_are_numbers() -> Result<()> {
        let values = array![-1.7e308, -1.6e308, 1.6e308, 1.7e308];
        let same = population_stability_index(&values, &values, 3)?;
        assert!(
            same.bins
                .iter()
                .all(|bin| !bin.lower.is_nan() && !bin.upper.is_nan())
        );
        assert_eq!(same.bins.len(), 3);
        Ok(())
    }
}
