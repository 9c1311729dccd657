//! Thompson sampling: a bandit that explores as much as it doubts (question 26).
//!
//! Each arm's rate has a Beta distribution: what is known of it. For each user a rate is drawn from each, and
//! the arm with the highest is played. After Thompson, "On the likelihood that one unknown probability exceeds
//! another in view of the evidence of two samples", 1933; Chapelle and Li, "An empirical evaluation of Thompson
//! sampling", 2011.
//!
//! A bandit loses fewer conversions than an A/B test while it runs, but the arms' rates are then biased and
//! their usual intervals wrong: choose by what is needed, the better arm now or the difference.

use super::z_test::Conversions;
use crate::Result;
use crate::checks::{at_least_one, room_for};
use crate::error::out_of_range;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use ndarray::Array1;
use serde::{Deserialize, Serialize};

/// What is known of each arm, beginning with nothing: a uniform distribution of its rate.
///
/// # Examples
/// ```
/// use dsprep_core::{experiment::ThompsonSampling, random::RandomState};
///
/// let (rates, mut rng) = ([0.05, 0.15], RandomState::seed(26));
/// let mut bandit = ThompsonSampling::new(2)?;
/// for _ in 0..2000 {
///     let arm = bandit.choose(&mut rng)?;
///     bandit.update(arm, rng.rand(()) < rates[arm])?;
/// }
/// assert!(bandit.arms()[1].users > 1500);           // most users got the better arm
/// assert!(bandit.probability_best(1000, &mut rng)?[1] > 0.95);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ThompsonSampling {
    arms: Vec<Conversions>,
}

checked!(ThompsonSampling);

impl ThompsonSampling {
    /// A bandit that knows nothing of its `arms`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) without arms.
    pub fn new(arms: usize) -> Result<Self> {
        at_least_one("`arms`", arms)?;
        room_for("`arms`", arms, 2)?;
        let nobody = Conversions {
            converted: 0,
            users: 0,
        };
        Ok(ThompsonSampling {
            arms: vec![nobody; arms],
        })
    }

    /// A bandit, or the arms of an A/B test, of which this has been seen.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) without arms, or if an arm has more conversions than
    /// users.
    pub fn from_arms(arms: Vec<Conversions>) -> Result<Self> {
        at_least_one("the number of `arms`", arms.len())?;
        match arms.iter().position(|arm| arm.converted > arm.users) {
            None => Ok(ThompsonSampling { arms }),
            Some(at) => Err(out_of_range(
                format!("the conversions of arm {at}"),
                arms[at].converted,
                "at most the number of its users",
            )),
        }
    }

    /// The arm for the next user: the one whose drawn rate is the highest. O(arms).
    ///
    /// # Errors
    /// None: the parameters of the Beta distributions are 1 or more.
    pub fn choose(&self, rng: &mut RandomState) -> Result<usize> {
        let (mut best, mut highest) = (0, f64::NEG_INFINITY);
        for (arm, seen) in self.arms.iter().enumerate() {
            let rate = rate(seen, rng)?;
            if rate > highest {
                (best, highest) = (arm, rate);
            }
        }
        Ok(best)
    }

    /// Takes note of whether the user of `arm` converted.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if there is no such arm.
    pub fn update(&mut self, arm: usize, converted: bool) -> Result<()> {
        let Some(seen) = self.arms.get_mut(arm) else {
            return Err(out_of_range("`arm`", arm, "less than the number of arms"));
        };
        let Some(users) = seen.users.checked_add(1) else {
            return Err(out_of_range(
                "the number of users of the arm",
                seen.users,
                "less than the largest that can be counted",
            ));
        };
        seen.users = users;
        seen.converted += u64::from(converted);
        Ok(())
    }

    /// What has been seen of each arm.
    pub fn arms(&self) -> &[Conversions] {
        &self.arms
    }

    /// The probability of each arm to be the best, from `draws` draws of all rates: the share of users that it
    /// will get next, and the answer of a Bayesian A/B test. O(draws · arms).
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if `draws` is 0.
    pub fn probability_best(&self, draws: usize, rng: &mut RandomState) -> Result<Array1<f64>> {
        at_least_one("`draws`", draws)?;
        let mut wins = Array1::zeros(self.arms.len());
        for _ in 0..draws {
            crate::cell::check_interrupt();
            wins[self.choose(rng)?] += 1.0;
        }
        Ok(wins / draws as f64)
    }

    /// Whether what was read can be one.
    fn check_stored(&self) -> Result<()> {
        let fits = !self.arms.is_empty() && self.arms.iter().all(|arm| arm.converted <= arm.users);
        unless_consistent(fits, "arms in which no more convert than there are users")
    }
}

/// A rate drawn from what is known of an arm: Beta(1 + conversions, 1 + others).
fn rate(seen: &Conversions, rng: &mut RandomState) -> Result<f64> {
    let others = seen.users - seen.converted;
    rng.beta(1.0 + seen.converted as f64, 1.0 + others as f64, ())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ∫ f₂(p) F₁(p) dp for the Beta densities of both arms, by `scipy.integrate.quad`, SciPy 1.17.1:
    /// `tests/peers/experiment.py`.
    #[test]
    fn the_probability_to_be_best_equals_the_integral() -> Result<()> {
        let arm = |converted, users| Conversions { converted, users };
        let bandit = ThompsonSampling::from_arms(vec![arm(20, 200), arm(28, 210)])?;
        let draws = 40_000;
        let best = bandit.probability_best(draws, &mut RandomState::seed(3))?;
        let error = (BETTER * (1.0 - BETTER) / draws as f64).sqrt();
        assert!((best[1] - BETTER).abs() < 4.0 * error, "{best}");
        assert!((best.sum() - 1.0).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn a_billion_users_leave_no_doubt_and_no_users_leave_all() -> Result<()> {
        let arm = |converted, users| Conversions { converted, users };
        let mut rng = RandomState::seed(4);
        let sure = ThompsonSampling::from_arms(vec![
            arm(100_000_000, 1_000_000_000),
            arm(101_000_000, 1_000_000_000),
        ])?;
        assert_eq!(sure.probability_best(200, &mut rng)?[1], 1.0);
        let equal = ThompsonSampling::new(4)?.probability_best(4000, &mut rng)?;
        assert!(equal.iter().all(|p| (p - 0.25).abs() < 0.04), "{equal}");
        Ok(())
    }

    #[test]
    fn arms_that_cannot_be_are_refused() -> Result<()> {
        assert!(ThompsonSampling::new(0).is_err());
        let impossible = Conversions {
            converted: 2,
            users: 1,
        };
        assert!(ThompsonSampling::from_arms(vec![impossible]).is_err());
        let mut bandit = ThompsonSampling::new(1)?;
        assert!(bandit.update(1, true).is_err());
        assert!(
            bandit
                .probability_best(0, &mut RandomState::seed(0))
                .is_err()
        );
        bandit.update(0, true)?;
        assert_eq!(bandit.arms()[0].converted, 1);
        Ok(())
    }

    const BETTER: f64 = 0.8501261682671872;
}
