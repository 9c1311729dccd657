//! What peeking does to the error of a test, by simulation (question 26).

use super::group_sequential::{Spending, group_sequential_boundaries};
use super::mixture_sprt::MixtureSprt;
use crate::Result;
use crate::checks::{at_least_one, check, finite_number};
use crate::distribution::normal;
use crate::random::RandomState;

/// Closer together than a thousandth of the users the boundaries can't be computed.
const MOST_LOOKS: usize = 1000;

/// The share of simulated experiments in which each rule claims a finding, 0 to 1. Without an effect this
/// is the type-I error, with one the power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeekingRates {
    /// |z| against z₁₋α⁄₂ once, at the end.
    pub single_look: f64,
    /// The same at every look, ending at the first finding.
    pub every_look: f64,
    /// O'Brien-Fleming boundaries by α spending, at every look.
    pub group_sequential: f64,
    /// The mixture SPRT at every look.
    pub mixture_sprt: f64,
}

/// Simulates experiments with `looks` looks, equally spaced, at a difference whose standard error at the
/// end is 1 and whose true value is `effect` (0: an A/A test).
///
/// The sum of the users between two looks is drawn at once, as the normal number that it is. The mixture
/// SPRT is tuned for a difference of 2.8 standard errors, what a test with a power of 80 % looks for.
/// O(experiments · looks).
///
/// # Errors
/// `Error::OutOfRange` if there are no looks or no experiments, over 1000 looks, `alpha` is not between 0
/// and 1, or `effect` is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::simulate_peeking, random::RandomState};
///
/// // Five looks at 5 %: 14 % instead of 5 % (Armitage, McPherson and Rowe, 1969).
/// let rates = simulate_peeking(0.0, 5, 0.05, 4000, &mut RandomState::seed(0))?;
/// assert!((rates.every_look - 0.142).abs() < 0.02);
/// assert!(rates.group_sequential < 0.06 && rates.mixture_sprt < 0.05);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulate_peeking(
    effect: f64,
    looks: usize,
    alpha: f64,
    experiments: usize,
    rng: &mut RandomState,
) -> Result<PeekingRates> {
    at_least_one("`looks`", looks)?;
    at_least_one("`experiments`", experiments)?;
    finite_number("`effect`", effect)?;
    check("`looks`", looks, looks <= MOST_LOOKS, "at most 1000")?;
    let fractions: Vec<f64> = (1..=looks).map(|k| k as f64 / looks as f64).collect();
    let boundaries = group_sequential_boundaries(&fractions, alpha, Spending::ObrienFleming)?;
    let critical = -normal::quantile(alpha / 2.0);
    let mut findings = [0_usize; 4];
    for _ in 0..experiments {
        crate::cell::check_interrupt();
        let mut score = 0.0;
        let mut found = [false; 4];
        let mut sprt = MixtureSprt::new(2.8, alpha)?;
        for boundary in &boundaries {
            score += (1.0 / looks as f64).sqrt() * rng.randn(()) + effect / looks as f64;
            let t = boundary.fraction;
            let z = (score / t.sqrt()).abs();
            let always_valid = sprt.look(score / t, t.sqrt().recip())?;
            found[0] = z >= critical;
            found[1] |= z >= critical;
            found[2] |= z >= boundary.z;
            found[3] |= always_valid.p_value <= alpha;
        }
        for (count, found) in findings.iter_mut().zip(found) {
            *count += usize::from(found);
        }
    }
    let [single_look, every_look, group_sequential, mixture_sprt] =
        findings.map(|count| count as f64 / experiments as f64);
    Ok(PeekingRates {
        single_look,
        every_look,
        group_sequential,
        mixture_sprt,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peeking_errs_as_often_as_theory_says_and_the_corrections_hold() {
        // 5 and 10 looks: 14.2 % and 19.3 % (Armitage, McPherson and Rowe, 1969, table 2). The
        // tolerance is four standard errors of 40,000 experiments.
        for (looks, theory) in [(5, 0.142), (10, 0.193)] {
            let rates =
                simulate_peeking(0.0, looks, 0.05, 40_000, &mut RandomState::seed(26)).unwrap();
            assert!((rates.every_look - theory).abs() < 0.008, "{rates:?}");
            assert!((rates.single_look - 0.05).abs() < 0.0044, "{rates:?}");
            assert!((rates.group_sequential - 0.05).abs() < 0.0044, "{rates:?}");
            assert!(rates.mixture_sprt < 0.05, "{rates:?}");
        }
    }

    #[test]
    fn the_corrections_cost_power_the_always_valid_one_more() {
        let rates = simulate_peeking(2.8016, 5, 0.05, 20_000, &mut RandomState::seed(27)).unwrap();
        assert!((rates.single_look - 0.8).abs() < 0.012, "{rates:?}");
        assert!(rates.group_sequential > 0.77 && rates.group_sequential < rates.single_look);
        assert!(rates.mixture_sprt > 0.4 && rates.mixture_sprt < rates.group_sequential);
    }

    #[test]
    fn too_many_looks_are_refused_before_anything_is_done() {
        for looks in [1001, 1_000_000_000, usize::MAX] {
            let found = simulate_peeking(0.0, looks, 0.05, 1, &mut RandomState::seed(0));
            assert!(found.unwrap_err().to_string().contains("at most 1000"));
        }
    }
}
