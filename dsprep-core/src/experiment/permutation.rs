//! The permutation test: no distribution is assumed (question 26).
//!
//! If the treatment does nothing, the labels "control" and "treatment" are arbitrary, and any other way of
//! giving them out was as likely. The p-value is the share of those ways whose statistic is at least as extreme.
//! With few users all ways are tried; with more, some are drawn, and the data's own counts as one of them, so
//! that the p-value is never 0: Phipson and Smyth, "Permutation p-values should never be zero", 2010.

use super::checks::check_sample;
use crate::alternative::Alternative;
use crate::checks::{at_least_one, room_for};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1, ArrayView1, s};

/// What [`permutation_test`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PermutationTest {
    /// The statistic of the data.
    pub statistic: f64,
    /// The share of the permutations that are at least as extreme.
    pub p_value: f64,
    /// How many ways of giving out the labels were looked at, the data's own included.
    pub permutations: u64,
    /// Whether these are all there are.
    pub exact: bool,
}

/// Tests whether the arms differ, by `statistic` of (control, treatment): the difference of two means,
/// medians, or anything else that grows as the treatment's values do.
///
/// All ways to assign the users to the arms are tried if there are no more than `permutations`; otherwise that many are drawn.
/// O(permutations · (n + cost of the statistic)).
///
/// The two-sided p-value is twice the smaller one-sided one, at most 1, as in SciPy.
///
/// # Errors
/// [`Error::Shape`] if an arm has no values; [`Error::OutOfRange`] if a value is not finite or `permutations` is
/// 0; [`Error::Undefined`] if the statistic is not a number for some permutation.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Alternative, permutation_test};
/// use dsprep_core::{ndarray::{ArrayView1, array}, random::RandomState};
///
/// let difference = |control: ArrayView1<f64>, treatment: ArrayView1<f64>| {
///     treatment.sum() / treatment.len() as f64 - control.sum() / control.len() as f64
/// };
/// let (control, treatment) = (array![1.0, 2.0, 3.0], array![7.0, 8.0, 9.0]);
/// let mut rng = RandomState::seed(26);
/// let test = permutation_test(&control, &treatment, difference, Alternative::Greater, 10_000, &mut rng)?;
/// assert!(test.exact && test.p_value == 1.0 / 20.0);       // the most extreme of 20 ways
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn permutation_test(
    control: &ArrayRef1<f64>,
    treatment: &ArrayRef1<f64>,
    statistic: impl Fn(ArrayView1<'_, f64>, ArrayView1<'_, f64>) -> f64,
    alternative: Alternative,
    permutations: usize,
    rng: &mut RandomState,
) -> Result<PermutationTest> {
    test(
        control,
        treatment,
        &statistic,
        alternative,
        permutations,
        rng,
    )
}

type Statistic<'a> = &'a dyn Fn(ArrayView1<'_, f64>, ArrayView1<'_, f64>) -> f64;

fn test(
    control: &ArrayRef1<f64>,
    treatment: &ArrayRef1<f64>,
    statistic: Statistic<'_>,
    alternative: Alternative,
    permutations: usize,
    rng: &mut RandomState,
) -> Result<PermutationTest> {
    check_sample("`control`", control, 1)?;
    check_sample("`treatment`", treatment, 1)?;
    at_least_one("`permutations`", permutations)?;
    room_for("`permutations`", permutations, 1)?;
    let mut all: Array1<f64> = control.iter().chain(treatment).copied().collect();
    let (first, n) = (control.len(), all.len());
    let of = |values: &Array1<f64>| statistic(values.slice(s![..first]), values.slice(s![first..]));
    let observed = of(&all);
    let mut others = Vec::new();
    let ways = ways(n, first, permutations as u64);
    match ways {
        Some(_) => {
            let mut chosen: Vec<usize> = (0..first).collect();
            let mut arranged = all.clone();
            loop {
                crate::cell::check_interrupt();
                arrange(&all, &chosen, &mut arranged);
                others.push(of(&arranged));
                if !next_combination(&mut chosen, n) {
                    break;
                }
            }
        }
        None => {
            // The data's own way is one of them.
            others.push(observed);
            for _ in 1..permutations {
                crate::cell::check_interrupt();
                rng.shuffle(all.as_slice_mut().unwrap_or_default());
                others.push(of(&all));
            }
        }
    }
    if let Some(at) = others.iter().position(|value| !value.is_finite()) {
        return Err(Error::Undefined {
            what: "the permutation test",
            reason: format!("the statistic of permutation {at} is {}", others[at]),
            remedy: "Use a statistic that has a value for every sample, constant ones too.",
        });
    }
    // Sums in another order differ in their last digits; they are the same statistic. How much that is follows from the size
    // of the statistic, and from its range; a mean of numbers around 10^15 must not be taken for equal to its neighbours.
    let (low, high) = others
        .iter()
        .fold((observed, observed), |(low, high), &value| {
            (low.min(value), high.max(value))
        });
    let rounding = 1e-12 * (high - low) + 8.0 * f64::EPSILON * low.abs().max(high.abs());
    let share = |extreme: &dyn Fn(f64) -> bool| {
        others.iter().filter(|&&value| extreme(value)).count() as f64 / others.len() as f64
    };
    let less = share(&|value| value <= observed + rounding);
    let greater = share(&|value| value >= observed - rounding);
    Ok(PermutationTest {
        statistic: observed,
        p_value: match alternative {
            Alternative::Less => less,
            Alternative::Greater => greater,
            Alternative::TwoSided => (2.0 * less.min(greater)).min(1.0),
        },
        permutations: others.len() as u64,
        exact: ways.is_some(),
    })
}

/// How many ways there are to choose `k` of `n`, if there are at most `most`.
fn ways(n: usize, k: usize, most: u64) -> Option<u64> {
    let k = k.min(n - k);
    let mut ways: u128 = 1;
    for step in 0..k {
        // Divides evenly: it is the number of ways to choose step + 1.
        ways = ways * (n - step) as u128 / (step + 1) as u128;
        if ways > u128::from(most) {
            return None;
        }
    }
    u64::try_from(ways).ok()
}

/// The next choice of places from `0..n`, in lexicographic order, if there is one.
fn next_combination(chosen: &mut [usize], n: usize) -> bool {
    let k = chosen.len();
    let Some(at) = (0..k).rev().find(|&at| chosen[at] < n - k + at) else {
        return false;
    };
    chosen[at] += 1;
    for later in at + 1..k {
        chosen[later] = chosen[later - 1] + 1;
    }
    true
}

/// The chosen values first, then the others.
fn arrange(all: &Array1<f64>, chosen: &[usize], arranged: &mut Array1<f64>) {
    let mut next_chosen = chosen.iter().copied().peekable();
    let (mut front, mut back) = (0, chosen.len());
    for (at, &value) in all.iter().enumerate() {
        if next_chosen.next_if_eq(&at).is_some() {
            arranged[front] = value;
            front += 1;
        } else {
            arranged[back] = value;
            back += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn difference(control: ArrayView1<'_, f64>, treatment: ArrayView1<'_, f64>) -> f64 {
        treatment.sum() / treatment.len() as f64 - control.sum() / control.len() as f64
    }

    /// `scipy.stats.permutation_test((b, a), ..., n_resamples=np.inf)`, SciPy 1.17.1:
    /// `tests/peers/experiment.py`.
    #[test]
    fn exact_p_values_equal_scipys_with_ties() -> Result<()> {
        let (a, b) = (array![1.1, 2.3, 2.3, 0.4, 3.0], array![2.3, 4.1, 1.1, 5.0]);
        let sides = [
            Alternative::TwoSided,
            Alternative::Less,
            Alternative::Greater,
        ];
        for (side, expected) in sides.into_iter().zip(P_VALUES) {
            let mut rng = RandomState::seed(0);
            let test = permutation_test(&a, &b, difference, side, 1000, &mut rng)?;
            assert!(test.exact && test.permutations == 126);
            assert!(
                (test.p_value - expected).abs() < 1e-12,
                "{side:?}: {test:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn drawn_permutations_come_near_all_of_them_and_are_never_0() -> Result<()> {
        let mut rng = RandomState::seed(1);
        let (a, b) = (rng.randn(9)?, rng.randn(9)? + 0.8);
        let p = |most: usize, rng: &mut RandomState| {
            permutation_test(&a, &b, difference, Alternative::Greater, most, rng)
        };
        let (all, some) = (p(48_620, &mut rng)?, p(4000, &mut rng)?);
        assert!(all.exact && !some.exact && some.permutations == 4000);
        let error = (all.p_value * (1.0 - all.p_value) / 4000.0).sqrt();
        assert!(
            (all.p_value - some.p_value).abs() < 5.0 * error,
            "{all:?} {some:?}"
        );
        let far = permutation_test(
            &a,
            &(&b + 100.0),
            difference,
            Alternative::Greater,
            50,
            &mut rng,
        )?;
        assert_eq!(far.p_value, 1.0 / 50.0);
        Ok(())
    }

    #[test]
    fn constant_arms_say_nothing_and_a_statistic_without_a_value_is_an_error() -> Result<()> {
        let mut rng = RandomState::seed(2);
        let (a, b) = (Array1::from_elem(5, 19.99), Array1::from_elem(7, 19.99));
        for side in [
            Alternative::TwoSided,
            Alternative::Less,
            Alternative::Greater,
        ] {
            for most in [10, 1000] {
                let test = permutation_test(&a, &b, difference, side, most, &mut rng)?;
                assert_eq!(test.p_value, 1.0, "{side:?} {most}");
            }
        }
        let ratio = |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>| b.sum() / a.sum();
        let zeros = permutation_test(
            &array![0.0],
            &array![1.0],
            ratio,
            Alternative::Less,
            10,
            &mut rng,
        );
        assert!(matches!(zeros, Err(Error::Undefined { .. })));
        assert!(
            permutation_test(&array![], &b, difference, Alternative::Less, 10, &mut rng).is_err()
        );
        assert!(permutation_test(&a, &b, difference, Alternative::Less, 0, &mut rng).is_err());
        Ok(())
    }

    #[test]
    fn ways_are_counted_without_overflow() {
        assert_eq!(ways(9, 4, 1000), Some(126));
        assert_eq!(ways(64, 32, u64::MAX), Some(1_832_624_140_942_590_534));
        assert_eq!(ways(1_000_000, 500_000, u64::MAX), None);
        assert_eq!(ways(5, 0, 1), Some(1));
    }

    const P_VALUES: [f64; 3] = [0.2857142857142857, 0.9126984126984127, 0.14285714285714285];

    /// A mean of numbers around 10¹⁵ is not equal to its neighbours: each of the 35 ways is another.
    #[test]
    fn an_offset_does_not_make_permutations_equal() -> Result<()> {
        let control = array![1.0, 2.0, 3.0, 5.0];
        let treatment = array![101.0, 102.0, 103.0];
        for offset in [0.0, 1e12, 1e15] {
            let test = permutation_test(
                &(&control + offset),
                &(&treatment + offset),
                |_, treatment| treatment.sum() / treatment.len() as f64,
                Alternative::Greater,
                1000,
                &mut RandomState::seed(0),
            )?;
            assert_eq!(test.p_value, 1.0 / 35.0, "{offset:e}");
        }
        Ok(())
    }
}
