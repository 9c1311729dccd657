//! The Mann-Whitney U test: do the treatment's values tend to be greater? (question 26)
//!
//! It compares ranks, so that one huge order does not decide. The null hypothesis is that both arms
//! have the same distribution, and what is found is P(treatment > control) ≠ ½; it is a test of medians only if both arms have the
//! same shape. After Mann and Whitney, "On a test of whether one of two
//! random variables is stochastically larger than the other", 1947.

use super::checks::check_sample;
use crate::alternative::Alternative;
use crate::distribution::normal;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// Up to this many pairs of users, and without ties, the p-value is exact.
const MOST_PAIRS: usize = 1_000;

/// What [`mann_whitney`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// U: in how many pairs the treatment's value is the greater one, equal ones counted half.
    pub statistic: f64,
    /// U over the number of pairs: the probability that a user of the treatment has the greater value.
    pub superiority: f64,
    /// The p-value against the alternative asked for.
    pub p_value: f64,
    /// Whether the p-value is exact, or by the normal approximation with correction for ties and continuity.
    pub exact: bool,
}

/// Tests whether the values of one arm tend to be greater. O(n log n).
///
/// The p-value is exact without ties and up to 1,000 pairs of users, and approximate otherwise.
///
/// # Errors
/// [`Error::Shape`] if an arm has no values; [`Error::OutOfRange`] if a value is not finite;
/// [`Error::Undefined`] if all values are equal.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::{Alternative, mann_whitney}, ndarray::array};
/// let (control, treatment) = (array![1.0, 2.0, 3.0], array![2.5, 8.0, 9000.0]);
/// let test = mann_whitney(&control, &treatment, Alternative::TwoSided)?;
/// assert_eq!(test.statistic, 8.0);                    // of 9 pairs
/// assert!((test.p_value - 0.2).abs() < 1e-12);        // 2 of 20 arrangements at each end
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn mann_whitney(
    control: &ArrayRef1<f64>,
    treatment: &ArrayRef1<f64>,
    alternative: Alternative,
) -> Result<MannWhitney> {
    check_sample("`control`", control, 1)?;
    check_sample("`treatment`", treatment, 1)?;
    let (n1, n2) = (control.len(), treatment.len());
    let (rank_sum, ties) = treatment_ranks(control, treatment);
    let (m, n) = (n1 as f64, n2 as f64);
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let exact = ties == 0 && n1.saturating_mul(n2) <= MOST_PAIRS;
    let p_value = if exact {
        exact_p(u as usize, n1, n2, alternative)
    } else {
        let total = m + n;
        let untied = cubes(n1 + n2) - ties;
        let variance = m * n / 12.0 * (untied as f64 / (total * (total - 1.0)));
        if untied == 0 {
            return Err(Error::Undefined {
                what: "the Mann-Whitney test",
                reason: "all values are equal".to_owned(),
                remedy: "Check that the metric is recorded for each user.",
            });
        }
        let beyond = |excess: f64| normal::cdf(-(excess - 0.5) / variance.sqrt());
        let excess = u - m * n / 2.0;
        match alternative {
            Alternative::Greater => beyond(excess),
            Alternative::Less => beyond(-excess),
            Alternative::TwoSided => (2.0 * beyond(excess.abs())).min(1.0),
        }
    };
    Ok(MannWhitney {
        statistic: u,
        superiority: u / (m * n),
        p_value,
        exact,
    })
}

/// t³ − t. A whole number: what two such nearly equal numbers differ by must not be rounded away.
fn cubes(t: usize) -> u128 {
    let t = t as u128;
    t * t * t - t
}

/// The sum of the treatment's ranks among all values, equal ones sharing theirs, and Σ (t³ − t) over groups of
/// t equal values.
fn treatment_ranks(control: &ArrayRef1<f64>, treatment: &ArrayRef1<f64>) -> (f64, u128) {
    let labelled = |values: &ArrayRef1<f64>, treated: bool| -> Vec<(f64, bool)> {
        values.iter().map(|&value| (value, treated)).collect()
    };
    let mut all = labelled(control, false);
    all.extend(labelled(treatment, true));
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut ties, mut before) = (0.0, 0, 0.0);
    // Not `total_cmp`: 0 and −0 are equal.
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as f64;
        let treated = group.iter().filter(|(_, treated)| *treated).count() as f64;
        rank_sum += treated * (before + (size + 1.0) / 2.0);
        ties += cubes(group.len());
        before += size;
    }
    (rank_sum, ties)
}

fn exact_p(u: usize, n1: usize, n2: usize, alternative: Alternative) -> f64 {
    let probabilities = probabilities_of_u(n1, n2);
    let less: f64 = probabilities[..=u].iter().sum();
    let greater: f64 = probabilities[u..].iter().sum();
    match alternative {
        Alternative::Less => less.min(1.0),
        Alternative::Greater => greater.min(1.0),
        Alternative::TwoSided => (2.0 * less.min(greater)).min(1.0),
    }
}

/// The probability of each U, 0 to n1 n2, if all arrangements are equally likely.
///
/// The greatest value of all belongs to either arm with the probability that its size gives. If it is the
/// treatment's, it is in n1 pairs the greater one: Mann and Whitney's recurrence, as probabilities.
/// O(n1² n2²), with n1 n2 at most [`MOST_PAIRS`].
fn probabilities_of_u(n1: usize, n2: usize) -> Vec<f64> {
    // For the arms' first 0, 1, ..., n1 users and none of the treatment, U is 0.
    let mut without_last: Vec<Vec<f64>> = vec![vec![1.0]; n1 + 1];
    for treated in 1..=n2 {
        let mut with_last: Vec<Vec<f64>> = vec![vec![1.0]];
        for untreated in 1..=n1 {
            let share = treated as f64 / (treated + untreated) as f64;
            let mut p = vec![0.0; treated * untreated + 1];
            for (u, before) in without_last[untreated].iter().enumerate() {
                p[u + untreated] += share * before;
            }
            for (u, before) in with_last[untreated - 1].iter().enumerate() {
                p[u] += (1.0 - share) * before;
            }
            with_last.push(p);
        }
        without_last = with_last;
    }
    without_last.swap_remove(n1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    const SIDES: [Alternative; 3] = [
        Alternative::TwoSided,
        Alternative::Less,
        Alternative::Greater,
    ];

    /// `scipy.stats.mannwhitneyu(b, a, alternative=..., method=...)`, SciPy 1.17.1:
    /// `tests/peers/experiment.py`.
    #[test]
    fn statistic_and_p_values_equal_scipys_exactly_and_with_ties() -> Result<()> {
        let (a, b) = (
            array![1.1, 2.2, 3.5, 0.4, 3.0],
            array![2.3, 4.1, 1.0, 5.0, 6.5, 2.9],
        );
        let tied = (
            array![1.0, 2.0, 2.0, 5.0, 3.0, 3.0, 3.0],
            array![2.0, 3.0, 5.0, 5.0, 8.0],
        );
        for (at, side) in SIDES.into_iter().enumerate() {
            let test = mann_whitney(&a, &b, side)?;
            assert!(test.exact && test.statistic == EXACT_U, "{test:?}");
            assert!(
                (test.p_value - EXACT[at]).abs() < 1e-12,
                "{side:?}: {test:?}"
            );
            let test = mann_whitney(&tied.0, &tied.1, side)?;
            assert!(!test.exact && test.statistic == TIED_U, "{test:?}");
            assert!(
                (test.p_value - TIED[at]).abs() < 1e-10,
                "{side:?}: {test:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn u_is_the_number_of_pairs_and_its_probabilities_are_those_of_all_arrangements() -> Result<()>
    {
        let mut rng = RandomState::seed(5);
        let a = rng.randn(30)?.mapv(|x| (3.0 * x).round());
        let b = rng.randn(20)?.mapv(|x| (3.0 * x).round() + 1.0);
        let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
        let u: f64 = pairs
            .map(|(x, y)| {
                if y > x {
                    1.0
                } else if y == x {
                    0.5
                } else {
                    0.0
                }
            })
            .sum();
        assert_eq!(mann_whitney(&a, &b, Alternative::Less)?.statistic, u);
        for (n1, n2) in [(1, 1), (2, 3), (10, 100), (31, 32), (1, 1000)] {
            let p = probabilities_of_u(n1, n2);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{n1} {n2}");
            let uneven = p
                .iter()
                .zip(p.iter().rev())
                .any(|(a, b)| (a - b).abs() > 1e-12);
            assert!(!uneven && p.iter().all(|&p| p > 0.0), "{n1} {n2}");
        }
        let found = probabilities_of_u(2, 2);
        let expected = [1.0, 1.0, 2.0, 1.0, 1.0].map(|n| n / 6.0);
        assert!(
            found
                .iter()
                .zip(expected)
                .all(|(found, p)| (found - p).abs() < 1e-15)
        );
        Ok(())
    }

    #[test]
    fn equal_values_have_no_statistic_and_zeros_of_both_signs_are_equal() -> Result<()> {
        let equal = mann_whitney(&Array1::ones(50), &Array1::ones(3), Alternative::Less);
        assert!(matches!(equal, Err(Error::Undefined { .. })));
        let test = mann_whitney(&array![0.0, 1.0], &array![-0.0, 1.0], Alternative::TwoSided)?;
        assert_eq!((test.statistic, test.p_value), (2.0, 1.0));
        assert!(mann_whitney(&array![], &array![1.0], Alternative::Less).is_err());
        assert!(mann_whitney(&array![f64::NAN], &array![1.0], Alternative::Less).is_err());
        Ok(())
    }

    const EXACT_U: f64 = 22.0;
    const EXACT: [f64; 3] = [0.24675324675324672, 0.9112554112554113, 0.12337662337662336];
    const TIED_U: f64 = 26.5;
    const TIED: [f64; 3] = [0.15386839471212985, 0.9445056044620201, 0.07693419735606492];

    /// With one greater value among a million, by 60 digits of mpmath.
    #[test]
    fn very_many_equal_values_are_told_from_all_equal_ones() {
        for n in [165_142, 165_150, 200_000] {
            let equal = Array1::from_elem(n, 19.99);
            let error = mann_whitney(&equal, &equal, Alternative::TwoSided).unwrap_err();
            assert!(matches!(error, Error::Undefined { .. }), "{n}: {error}");
        }
        let equal = Array1::from_elem(1_000_000, 19.99);
        let mut one_greater = equal.clone();
        one_greater[7] = 20.0;
        let test = mann_whitney(&equal, &one_greater, Alternative::Greater).unwrap();
        assert!((test.p_value - 0.15865549590230256).abs() < 1e-10);
    }
}
