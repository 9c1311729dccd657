//! The two-sample Kolmogorov-Smirnov test (question 25).
//!
//! The statistic is the largest gap between the two empirical distribution functions. Its exact
//! p-value counts lattice paths: each order of the pooled values is a path from (0, 0) to (n₁, n₂),
//! all equally probable if nothing has changed, and the p-value is the share that somewhere strays
//! as far from the diagonal (Hodges, "The significance probability of the Smirnov two-sample test",
//! 1958). One-sided tests look at the gap in one direction. The same numbers as SciPy's `ks_2samp`.

use super::kolmogorov::survival;
use super::sorted_samples;
use crate::Result;
use crate::alternative::Alternative;
use ndarray::ArrayRef1;

/// From this size on, [`KsMethod::Auto`] takes the asymptotic p-value, as SciPy does.
const LARGEST_EXACT: usize = 10_000;

/// How the p-value is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KsMethod {
    /// Exact if both samples have at most 10,000 values, otherwise asymptotic.
    Auto,
    /// By a formula if n₁ = n₂, O(n), otherwise counted path by path, O(n₁ n₂ · statistic), one-sided O(n₁ n₂). With
    /// ties it is too large rather than too small.
    Exact,
    /// That of a one-sample test with n₁ n₂ / (n₁ + n₂) values; one-sided, the first terms of the expansion of Hodges,
    /// 1958, section 5.
    Asymptotic,
}

/// The outcome of a two-sample Kolmogorov-Smirnov test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KsTest {
    /// The largest gap between the distribution functions, in the direction of the alternative, from 0 to 1: the
    /// effect size.
    pub statistic: f64,
    /// The probability of a gap at least this large if both samples come from one distribution.
    pub p_value: f64,
}

/// Tests whether `reference` (n₁ values) and `current` (n₂ values) come from one continuous
/// distribution. The alternative [`Greater`](Alternative::Greater) is that `current` has the greater values: its distribution
/// function lies below.
///
/// # Errors
/// [`Error::Empty`](crate::Error::Empty) if a sample has no values,
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::Alternative;
/// use dsprep_core::evaluate::drift::{KsMethod, ks_two_sample};
/// use dsprep_core::ndarray::array;
/// let (before, after) = (array![1.0, 2.0, 3.0], array![4.0, 5.0, 6.0]);
/// let test = ks_two_sample(&before, &after, Alternative::TwoSided, KsMethod::Exact)?;
/// assert_eq!(test.statistic, 1.0);
/// assert!((test.p_value - 0.1).abs() < 1e-15); // 2 of the 20 orders are as extreme
/// let grown = ks_two_sample(&before, &after, Alternative::Greater, KsMethod::Exact)?;
/// assert!((grown.p_value - 0.05).abs() < 1e-15); // 1 of the 20
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ks_two_sample(
    reference: &ArrayRef1<f64>,
    current: &ArrayRef1<f64>,
    alternative: Alternative,
    method: KsMethod,
) -> Result<KsTest> {
    let (reference, current) = sorted_samples(reference, current)?;
    Ok(ks_of_sorted(&reference, &current, alternative, method))
}

/// [`ks_two_sample`] of samples that are sorted, finite and not empty.
pub(crate) fn ks_of_sorted(
    reference: &[f64],
    current: &[f64],
    alternative: Alternative,
    method: KsMethod,
) -> KsTest {
    let lattice = Lattice::new(reference.len(), current.len());
    let gap = lattice.largest_gap(reference, current, alternative);
    let statistic = gap as f64 / lattice.unit();
    let exact = match method {
        KsMethod::Exact => true,
        KsMethod::Asymptotic => false,
        KsMethod::Auto => reference.len().max(current.len()) <= LARGEST_EXACT,
    };
    let p_value = if exact {
        lattice.share_of_paths_reaching(gap, alternative)
    } else if alternative != Alternative::TwoSided {
        one_sided_survival(statistic, reference.len(), current.len())
    } else {
        let (n1, n2) = (reference.len() as f64, current.len() as f64);
        let effective = (n1 * n2 / (n1 + n2)).round_ties_even();
        survival(statistic, (effective as usize).max(1))
    };
    KsTest { statistic, p_value }
}

/// The probability of a gap of at least `statistic` in one direction, for large samples of n₁ and n₂ values: exp(−2 z² − 2 z (m
/// + 2 n) / (3 √(m n (m + n)))) with z = `statistic` · √(m n / (m + n)), where m is the larger sample (Hodges, 1958, 5.3).
fn one_sided_survival(statistic: f64, n1: usize, n2: usize) -> f64 {
    let (m, n) = (n1.max(n2) as f64, n1.min(n2) as f64);
    let z = statistic * (m * n / (m + n)).sqrt();
    let correction = 2.0 * z * (m + 2.0 * n) / (m * n * (m + n)).sqrt() / 3.0;
    (-2.0 * z * z - correction).exp().clamp(0.0, 1.0)
}

/// The largest gap between the two empirical distribution functions, without a test. O(n log n).
///
/// # Errors
/// As [`ks_two_sample`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::drift::ks_statistic, ndarray::array};
/// assert_eq!(ks_statistic(&array![1.0, 2.0], &array![2.0, 3.0])?, 0.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ks_statistic(reference: &ArrayRef1<f64>, current: &ArrayRef1<f64>) -> Result<f64> {
    let (reference, current) = sorted_samples(reference, current)?;
    let lattice = Lattice::new(reference.len(), current.len());
    Ok(lattice.largest_gap(&reference, &current, Alternative::TwoSided) as f64 / lattice.unit())
}

/// The points (i, j): i values of one sample and j of the other lie at or below some number.
///
/// The gap there is |i / n₁ − j / n₂|. In units of 1 / lcm(n₁, n₂) it is an integer, so that no
/// rounding decides whether a path goes as far as the one observed.
struct Lattice {
    n1: usize,
    n2: usize,
    /// The units in a step of the first sample, lcm / n₁.
    step1: usize,
    /// The units in a step of the second sample, lcm / n₂.
    step2: usize,
}

impl Lattice {
    fn new(n1: usize, n2: usize) -> Self {
        let divisor = greatest_common_divisor(n1, n2);
        Lattice {
            n1,
            n2,
            step1: n2 / divisor,
            step2: n1 / divisor,
        }
    }

    /// lcm(n₁, n₂): as many units are a gap of 1.
    fn unit(&self) -> f64 {
        self.n1 as f64 * self.step1 as f64
    }

    /// The gap in the direction of the alternative, 0 in the other one. The second sample is greater where fewer of its
    /// values lie below.
    fn gap(&self, i: usize, j: usize, alternative: Alternative) -> usize {
        let (of_first, of_second) = (i * self.step1, j * self.step2);
        match alternative {
            Alternative::TwoSided => of_first.abs_diff(of_second),
            Alternative::Greater => of_first.saturating_sub(of_second),
            Alternative::Less => of_second.saturating_sub(of_first),
        }
    }

    /// The largest gap of two sorted samples, in units, by merging them.
    fn largest_gap(&self, first: &[f64], second: &[f64], alternative: Alternative) -> usize {
        let (mut i, mut j, mut largest) = (0, 0, 0);
        while i < first.len() && j < second.len() {
            let value = first[i].min(second[j]);
            i += first[i..].iter().take_while(|&&x| x <= value).count();
            j += second[j..].iter().take_while(|&&x| x <= value).count();
            largest = largest.max(self.gap(i, j, alternative));
        }
        largest
    }

    /// The probability that a random path from (0, 0) to (n₁, n₂) has a gap of at least `gap`
    /// somewhere.
    fn share_of_paths_reaching(&self, gap: usize, alternative: Alternative) -> f64 {
        if gap == 0 {
            1.0
        } else if self.n1 == self.n2 {
            self.share_by_reflection(gap, alternative)
        } else {
            self.share_by_counting(gap, alternative)
        }
    }

    /// For n₁ = n₂ = n there is a formula: 2 Σₖ (−1)ᵏ⁻¹ C(2n, n − k·gap) / C(2n, n), k ≥ 1, by
    /// reflecting paths at the lines that they reach (Gnedenko and Korolyuk, "On the maximum
    /// discrepancy between two empirical distributions", 1951). O(n).
    ///
    /// From the last term to the first, each is a share of the one before, so that nothing overflows. In one direction there
    /// is one line, and the first term is all.
    fn share_by_reflection(&self, gap: usize, alternative: Alternative) -> f64 {
        let n = self.n1;
        let two_sided = alternative == Alternative::TwoSided;
        let last = if two_sided { n / gap } else { 0 };
        let mut sum = 0.0;
        for k in (0..=last).rev() {
            let ratio: f64 = (k * gap..(k + 1) * gap)
                .map(|at| n.saturating_sub(at) as f64 / (n + at + 1) as f64)
                .product();
            sum = ratio * (1.0 - sum);
        }
        if two_sided { (2.0 * sum).min(1.0) } else { sum }
    }

    /// Place by place, where the gap is below `gap`; from all others the share is 1.
    /// O(n₁ n₂ · statistic), one-sided O(n₁ n₂).
    ///
    /// A path to (i, j) came from (i − 1, j) with probability i / (i + j), otherwise from (i, j −
    /// 1). Only positive numbers are added, so that even 10⁻⁹⁶ comes out with all its digits.
    fn share_by_counting(&self, gap: usize, alternative: Alternative) -> f64 {
        let mut column = vec![1.0; self.n2 + 1];
        for i in 0..=self.n1 {
            let height = i * self.step1;
            let first = match alternative {
                Alternative::Less => 0,
                _ => height.saturating_sub(gap - 1).div_ceil(self.step2),
            };
            let last = match alternative {
                Alternative::Greater => self.n2,
                _ => ((height + gap - 1) / self.step2).min(self.n2),
            };
            let mut below = 1.0;
            for (j, share) in (first..=last).zip(&mut column[first..]) {
                let all = (i + j).max(1) as f64;
                below = *share * (i as f64 / all) + below * (j as f64 / all);
                *share = below;
            }
        }
        column[self.n2]
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    const TWO: Alternative = Alternative::TwoSided;
    const ALL: [Alternative; 3] = [TWO, Alternative::Less, Alternative::Greater];

    fn assert_relative(found: f64, expected: f64, tolerance: f64) {
        let error = (found - expected).abs() / expected.abs();
        assert!(error < tolerance, "{found:e} instead of {expected:e}");
    }

    /// The original's draws: those of question 24 come first, from the same seed.
    fn after_question_24() -> Result<RandomState> {
        let mut rng = RandomState::seed(1);
        for _ in 0..1000 {
            rng.randint(1, 50, ())?;
            rng.lognormal(4.0, 1.0, ())?;
            rng.randint(0, 7200, ())?;
            rng.rand(());
        }
        Ok(rng)
    }

    #[test]
    fn the_formula_for_equal_sizes_counts_the_same_paths() {
        for n in [1, 2, 7, 50, 211] {
            let lattice = Lattice::new(n, n);
            for (gap, side) in (1..=n).flat_map(|gap| ALL.map(|side| (gap, side))) {
                let (formula, counted) = (
                    lattice.share_by_reflection(gap, side),
                    lattice.share_by_counting(gap, side),
                );
                assert_relative(formula, counted, 1e-12);
            }
        }
    }

    #[test]
    fn the_numbers_of_the_original_are_reproduced() -> Result<()> {
        let mut rng = after_question_24()?;
        let reference = rng.normal(0.0, 1.0, 1000)?;
        let mut periods = Vec::new();
        for (mean, deviation, factor) in [(0.0, 1.0, 1.0), (1.0, 1.5, 1.0), (2.0, 2.0, 0.3)] {
            let current = rng.normal(mean, deviation, 500)?;
            periods.push((current, rng.rand(200) * factor));
        }
        let labels = rng.rand(200).mapv(|u| usize::from(u > 0.5));
        // ks_2samp(ref, current, method=...), SciPy 1.17.1, and roc_auc_score(labels, preds),
        // scikit-learn 1.9.1. The original prints 0.051, 0.3475, 0.474; 0.424, 0.0000, 0.538;
        // 0.559, 0.0000, 0.511.
        let expected = [
            (
                0.051,
                0.34750516186605696,
                0.3402964672398763,
                0.47443181818181823,
            ),
            (
                0.424,
                3.155756771833575e-54,
                8.047603331362408e-55,
                0.5382508116883117,
            ),
            (
                0.559,
                1.563958641623182e-96,
                1.5277842914232542e-98,
                0.5107548701298701,
            ),
        ];
        for ((current, scores), (statistic, exact, asymptotic, auc)) in periods.iter().zip(expected)
        {
            let test = ks_two_sample(&reference, current, TWO, KsMethod::Auto)?;
            assert_relative(test.statistic, statistic, 1e-14);
            assert_relative(test.p_value, exact, 1e-13);
            let test = ks_two_sample(&reference, current, TWO, KsMethod::Asymptotic)?;
            assert_relative(test.p_value, asymptotic, 1e-11);
            assert_relative(crate::evaluate::roc_auc(&labels, scores)?, auc, 1e-15);
        }
        Ok(())
    }

    /// Pairs of several sizes, one with ties.
    fn samples() -> [(Array1<f64>, Array1<f64>); 6] {
        let mut rng = RandomState::seed(4);
        let rounded = |values: Array1<f64>| values.mapv(|x| (x * 10.0).round_ties_even() / 10.0);
        [
            (rng.randn(7), rng.randn(5) + 0.5),
            (rng.randn(12), rng.randn(12) + 1.0),
            (rounded(rng.randn(60)), rounded(rng.randn(45) + 0.3)),
            (rng.randn(300), rng.randn(200) * 1.3),
            (rng.randn(4000), rng.randn(3000) + 0.05),
            (rng.randn(12_000), rng.randn(9000) + 0.02),
        ]
    }

    #[test]
    fn it_equals_scipy_on_other_sizes_and_with_ties() -> Result<()> {
        // r = np.random.RandomState(4); ks_2samp(x, y, method=m) with m = exact and asymp, SciPy
        // 1.17.1, of r.randn(7), r.randn(5) + .5; r.randn(12), r.randn(12) + 1;
        // np.round(r.randn(60), 1), np.round(r.randn(45) + .3, 1); r.randn(300), r.randn(200) *
        // 1.3; r.randn(4000), r.randn(3000) + .05; r.randn(12000), r.randn(9000) + .02
        let samples = samples();
        let expected = [
            (0.6, 0.16666666666666663, 0.14400000000000004),
            (0.5, 0.09954677170991616, 0.06558641975308643),
            (0.14444444444444443, 0.6131203539274469, 0.5993266169935181),
            (
                0.12166666666666667,
                0.054018630390811125,
                0.05254465642983071,
            ),
            (
                0.042083333333333334,
                0.004496735434042118,
                0.00448266410942363,
            ),
            (0.010722222222222222, 0.5920404269595568, 0.5915404229676693),
        ];
        for ((x, y), (statistic, exact, asymptotic)) in samples.iter().zip(expected) {
            let test = ks_two_sample(x, y, TWO, KsMethod::Exact)?;
            assert_relative(test.statistic, statistic, 1e-14);
            assert_relative(test.p_value, exact, 1e-13);
            let by_limit = ks_two_sample(x, y, TWO, KsMethod::Asymptotic)?;
            assert_relative(by_limit.p_value, asymptotic, 1e-10);
            let automatic = ks_two_sample(x, y, TWO, KsMethod::Auto)?;
            let large = x.len() > 10_000;
            assert_eq!(automatic, if large { by_limit } else { test });
        }
        Ok(())
    }

    /// `ks_2samp(x, y, alternative=..., method=...)`, SciPy 1.17.1, of the same samples: `tests/peers/drift.py`. Where SciPy
    /// can't count that many paths, there is no exact value.
    #[test]
    fn one_sided_tests_equal_scipy() -> Result<()> {
        let samples = samples();
        for ((x, y), expected) in samples.iter().zip(ONE_SIDED) {
            for (side, (statistic, exact, asymptotic)) in ALL[1..].iter().zip(expected) {
                let test = ks_two_sample(x, y, *side, KsMethod::Asymptotic)?;
                assert!((test.statistic - statistic).abs() < 1e-14, "{test:?}");
                assert_relative(test.p_value, asymptotic, 1e-11);
                if exact > 0.0 {
                    let test = ks_two_sample(x, y, *side, KsMethod::Exact)?;
                    assert_relative(test.p_value, exact, 1e-12);
                }
            }
        }
        Ok(())
    }

    /// Less and greater: statistic, exact and asymptotic p-value.
    #[rustfmt::skip]
    const ONE_SIDED: [[(f64, f64, f64); 2]; 6] = [
        [(0.0, 1.0, 1.0), (0.6, 0.08333333333333333, 0.06948345122280157)],
        [(0.08333333333333333, 0.9230769230769231, 0.8464817248906141), (0.5, 0.049773755656108594, 0.030197383422318553)],
        [(0.022222222222222254, 0.9622238061297217, 0.9545064803663618), (0.14444444444444438, 0.31602357593815344, 0.2980237759530602)],
        [(0.12166666666666667, 0.02700979137165871, 0.02557289641290243), (0.095, 0.10974626785747521, 0.1049085074111545)],
        [(0.004916666666666666, 0.0, 0.9161607008708171), (0.04208333333333336, 0.0, 0.002215885514411964)],
        [(0.002555555555555533, 0.0, 0.9327589556298288), (0.010722222222222189, 0.0, 0.3033950350052498)],
    ];

    #[test]
    fn the_exact_p_value_is_the_share_of_all_orders() -> Result<()> {
        // Every way to choose which 4 of the 9 ranks belong to the first sample.
        let (n1, n2) = (4, 5);
        let mut statistics = [const { Vec::new() }; 3];
        for chosen in 0_u32..1 << (n1 + n2) {
            if chosen.count_ones() == n1 {
                let of = |bit| {
                    let ranks = (0..n1 + n2).filter(move |rank| chosen >> rank & 1 == bit);
                    ranks.map(f64::from).collect::<Array1<f64>>()
                };
                for (found, side) in statistics.iter_mut().zip(ALL) {
                    found.push(ks_two_sample(&of(1), &of(0), side, KsMethod::Exact)?);
                }
            }
        }
        for found in &statistics {
            for test in found {
                let as_large = found.iter().filter(|s| s.statistic >= test.statistic);
                let share = as_large.count() as f64 / found.len() as f64;
                assert_relative(test.p_value, share, 1e-13);
            }
        }
        Ok(())
    }

    #[test]
    fn the_merge_finds_the_gap_that_counting_at_every_value_finds() -> Result<()> {
        let mut rng = RandomState::seed(12);
        for _ in 0..50 {
            let x = rng.randint(0, 15, 40)?.mapv(|value| value as f64);
            let y = rng.randint(2, 18, 33)?.mapv(|value| value as f64);
            let below = |sample: &Array1<f64>, at: f64| {
                sample.iter().filter(|&&value| value <= at).count() as f64 / sample.len() as f64
            };
            let gaps = x
                .iter()
                .chain(&y)
                .map(|&at| (below(&x, at) - below(&y, at)).abs());
            let largest = gaps.fold(0.0, f64::max);
            assert!((ks_statistic(&x, &y)? - largest).abs() < 1e-15);
        }
        Ok(())
    }

    #[test]
    fn a_sample_against_itself_has_no_gap() -> Result<()> {
        let x = array![3.0, 1.0, 2.0];
        for method in [KsMethod::Exact, KsMethod::Asymptotic] {
            let test = ks_two_sample(&x, &x, TWO, method)?;
            assert_eq!((test.statistic, test.p_value), (0.0, 1.0));
        }
        Ok(())
    }

    #[test]
    fn missing_values_are_named() {
        let error = ks_statistic(&array![1.0, f64::NAN], &array![1.0]).unwrap_err();
        assert!(error.to_string().starts_with("`reference[1]` is NaN"));
        assert!(ks_statistic(&array![1.0], &Array1::zeros(0)).is_err());
    }
}
