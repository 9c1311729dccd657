//! Looking several times at an experiment without more false findings (question 26).
//!
//! With five looks at 5 % each, one A/A test in seven shows a "finding". A group-sequential test spends α
//! over the looks instead: by the time a share t of the users is in, a part α(t) may be spent. After Lan
//! and DeMets, "Discrete sequential boundaries for clinical trials", 1983. The crossing probabilities are
//! integrated look by look as by Armitage, McPherson and Rowe, "Repeated significance tests on
//! accumulating data", 1969.

use crate::checks::inner_share;
use crate::distribution::normal;
use crate::error::out_of_range;
use crate::{Error, Result};
use std::f64::consts::{E, TAU};

/// Points of Simpson's rule, an odd number.
const GRID: usize = 801;
/// No boundary lies further out than this.
const FURTHEST_Z: f64 = 38.0;

/// How α is spent over the experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    /// Almost nothing at first, so that the last look is nearly an ordinary test:
    /// α(t) = 4 − 4 Φ(z₁₋α⁄₄ / √t), half of it on each side.
    ObrienFleming,
    /// About the same boundary at each look: α(t) = α ln(1 + (e − 1) t). Ends earlier when the effect is
    /// large, and costs power.
    Pocock,
}

impl Spending {
    /// The two-sided α spent once the share `t` of all users is in.
    fn spent(self, t: f64, alpha: f64) -> f64 {
        match self {
            Spending::ObrienFleming => 4.0 * normal::cdf(normal::quantile(alpha / 4.0) / t.sqrt()),
            Spending::Pocock => alpha * (1.0 + (E - 1.0) * t).ln(),
        }
    }
}

/// One planned look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// The share of all users that is in, 0 to 1.
    pub fraction: f64,
    /// The part of α spent up to and with this look.
    pub spent: f64,
    /// Stop with a finding if |z| is at least this.
    pub z: f64,
}

impl Look {
    /// The ordinary two-sided p-value that |z| at the boundary has.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::experiment::{Spending, group_sequential_boundaries};
    /// let only_look = group_sequential_boundaries(&[1.0], 0.05, Spending::ObrienFleming)?;
    /// assert!((only_look[0].nominal_p() - 0.05).abs() < 1e-9);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn nominal_p(&self) -> f64 {
        normal::two_sided_p(self.z)
    }
}

/// The boundaries of a two-sided test of level `alpha` that is looked at when the shares `fractions` of
/// all users are in.
///
/// O(looks), each look about a million operations. A look that was not planned can be put in later, as
/// long as its time does not depend on the results.
///
/// # Errors
/// [`Error::Empty`] without looks; [`Error::OutOfRange`] if the fractions do not rise from above 0 to at most
/// 1, each at least 0.001 after the one before, or `alpha` is not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Spending, group_sequential_boundaries};
/// let looks = group_sequential_boundaries(&[0.2, 0.4, 0.6, 0.8, 1.0], 0.05, Spending::ObrienFleming)?;
/// let z: Vec<f64> = looks.iter().map(|look| (look.z * 1e3).round() / 1e3).collect();
/// assert_eq!(z, [4.877, 3.357, 2.68, 2.29, 2.031]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn group_sequential_boundaries(
    fractions: &[f64],
    alpha: f64,
    spending: Spending,
) -> Result<Vec<Look>> {
    inner_share("`alpha`", alpha)?;
    check_fractions(fractions)?;
    let mut looks = Vec::with_capacity(fractions.len());
    let mut going_on = GoingOn::at_start();
    let mut before = 0.0;
    for &fraction in fractions {
        crate::cell::check_interrupt();
        let spent = spending.spent(fraction, alpha);
        let score = going_on.boundary(fraction, spent - before);
        looks.push(Look {
            fraction,
            spent,
            z: score / fraction.sqrt(),
        });
        going_on = going_on.next(fraction, score);
        before = spent;
    }
    Ok(looks)
}

/// Under the null hypothesis, where the score z √t lies in those experiments that no look has ended:
/// points, their weights in Simpson's rule, and the density there.
struct GoingOn {
    fraction: f64,
    points: Vec<f64>,
    masses: Vec<f64>,
}

impl GoingOn {
    /// At t = 0 every score is 0.
    fn at_start() -> Self {
        GoingOn {
            fraction: 0.0,
            points: vec![0.0],
            masses: vec![1.0],
        }
    }

    /// The score at `fraction` that a part `probability` of all experiments reaches, on either side.
    fn boundary(&self, fraction: f64, probability: f64) -> f64 {
        let (mut low, mut high) = (0.0, FURTHEST_Z * fraction.sqrt());
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if self.crossing(fraction, middle) > probability {
                low = middle;
            } else {
                high = middle;
            }
        }
        (low + high) / 2.0
    }

    /// The probability to get this far and have a score of at least ±`boundary` at `fraction`.
    fn crossing(&self, fraction: f64, boundary: f64) -> f64 {
        let sd = (fraction - self.fraction).sqrt();
        let beyond = |score: f64| {
            normal::cdf((-boundary - score) / sd) + normal::cdf((score - boundary) / sd)
        };
        self.points
            .iter()
            .zip(&self.masses)
            .map(|(&score, mass)| mass * beyond(score))
            .sum()
    }

    /// What goes on after the look at `fraction` with this `boundary`.
    fn next(&self, fraction: f64, boundary: f64) -> Self {
        let variance = fraction - self.fraction;
        let height = (TAU * variance).sqrt().recip();
        let density = |score: f64| -> f64 {
            let arrivals = self
                .points
                .iter()
                .zip(&self.masses)
                .map(|(from, mass)| mass * (-(score - from).powi(2) / (2.0 * variance)).exp());
            height * arrivals.sum::<f64>()
        };
        let step = 2.0 * boundary / (GRID - 1) as f64;
        let points: Vec<f64> = (0..GRID).map(|i| step * i as f64 - boundary).collect();
        let masses = points
            .iter()
            .enumerate()
            .map(|(i, &score)| simpson_weight(i) * step / 3.0 * density(score))
            .collect();
        GoingOn {
            fraction,
            points,
            masses,
        }
    }
}

/// 1, 4, 2, 4, …, 2, 4, 1.
fn simpson_weight(i: usize) -> f64 {
    match i {
        0 => 1.0,
        i if i == GRID - 1 => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    }
}

fn check_fractions(fractions: &[f64]) -> Result<()> {
    if fractions.is_empty() {
        return Err(Error::Empty {
            what: "`fractions`",
            item: "look",
        });
    }
    let mut before = 0.0;
    for (at, &fraction) in fractions.iter().enumerate() {
        // The tolerance is for fractions such as 9 / 1000, which is less than 0.008 + 0.001.
        if !(fraction - before >= 0.001 - 1e-12 && fraction <= 1.0 + f64::EPSILON) {
            return Err(out_of_range(
                format!("`fractions[{at}]`"),
                fraction,
                "at least 0.001 above the one before and at most 1",
            ));
        }
        before = fraction;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn z(fractions: &[f64], alpha: f64, spending: Spending) -> Vec<f64> {
        let looks = group_sequential_boundaries(fractions, alpha, spending).unwrap();
        looks.iter().map(|look| look.z).collect()
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-7, "{found} is not {expected}");
        }
    }

    /// By Gauss-Legendre quadrature and SciPy's normal distribution: see `tests/peers/experiment.py`. The first
    /// five are also those of R's `ldbounds`, 4.8769 3.3570 2.6803 2.2898 2.0310.
    #[test]
    fn boundaries_equal_those_of_another_quadrature() {
        use Spending::{ObrienFleming, Pocock};
        let fifths = [0.2, 0.4, 0.6, 0.8, 1.0];
        let thirds = [1.0 / 3.0, 2.0 / 3.0, 1.0];
        assert_close(
            &z(&fifths, 0.05, ObrienFleming),
            &[
                4.876884949,
                3.357011922,
                2.680280065,
                2.289816768,
                2.031032043,
            ],
        );
        assert_close(
            &z(&[0.3, 0.5, 0.6, 1.0], 0.01, ObrienFleming),
            &[4.992725564, 3.801751808, 3.462730557, 2.582865707],
        );
        assert_close(
            &z(&thirds, 0.05, Pocock),
            &[2.279428239, 2.294911132, 2.295938359],
        );
    }

    /// By the same script; the 6th and the last of 50 looks.
    #[test]
    fn many_looks_do_not_wear_the_integration_out() {
        let fractions: Vec<f64> = (1..=50).map(|k| f64::from(k) / 50.0).collect();
        let z = z(&fractions, 0.05, Spending::ObrienFleming);
        assert_close(&[z[5], z[49]], &[6.365612257, 2.163604257]);
    }

    #[test]
    fn a_thousand_looks_at_equal_distances_are_accepted() {
        let fractions: Vec<f64> = (1..=1000).map(|k| f64::from(k) / 1000.0).collect();
        assert!(check_fractions(&fractions).is_ok());
        let fractions: Vec<f64> = (1..=1001).map(|k| f64::from(k) / 1001.0).collect();
        assert!(check_fractions(&fractions).is_err());
        assert!(check_fractions(&[0.5, f64::NAN]).is_err());
    }

    #[test]
    fn all_alpha_is_spent_at_the_end() {
        for spending in [Spending::ObrienFleming, Spending::Pocock] {
            let looks = group_sequential_boundaries(&[0.5, 1.0], 0.05, spending).unwrap();
            assert!((looks[1].spent - 0.05).abs() < 1e-9);
        }
    }

    #[test]
    fn fractions_that_do_not_rise_are_named() {
        let error = group_sequential_boundaries(&[0.5, 0.5], 0.05, Spending::Pocock).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`fractions[1]` is 0.5, but it must be at least 0.001 above the one before and at most 1."
        );
    }
}
