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
mod tests;
