//! What would a new policy have earned? Answered from the old one's log (question 23).
//!
//! A log shows only what was recommended, and how that went. Weighted by how much more often the new policy would have
//! shown it, w = π_new / π_old, the rewards have the new policy's mean: inverse propensity scoring, unbiased but shaky where
//! w is large. Divided by Σ w instead of n (self-normalised) it is steadier, and off by little. After Horvitz and Thompson,
//! "A generalization of sampling without replacement from a finite universe", 1952; Swaminathan and Joachims, "The
//! self-normalized estimator for counterfactual learning", 2015; the effective number of rows after Kish, "Survey sampling",
//! 1965.

use crate::checks::numbers;
use crate::error::{count, out_of_range};
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// What [`off_policy_value`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OffPolicyValue {
    /// Σ w r / n: unbiased if every action of the new policy had a chance under the old one.
    pub ips: f64,
    /// The standard error of `ips`.
    pub standard_error: f64,
    /// Σ w r / Σ w, always within the range of the rewards.
    pub self_normalised: f64,
    /// The effective sample size, (Σ w)² / Σ w²: how many rows of the new policy's own log the weighted log is worth.
    pub effective_rows: f64,
}

/// Estimates the mean reward of a new policy. For each logged action, `rewards` has what came of it, `old` the probability with
/// which the logging policy chose it, and `new` the probability with which the new one would. O(n).
///
/// # Errors
/// [`Error::Shape`] if there are fewer than two rows or the lengths differ; [`Error::OutOfRange`] if a reward is not finite or a
/// probability is not from 0 to 1, that of the old policy above 0; [`Error::Undefined`] if the new policy would have chosen none
/// of the logged actions.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, recommend::off_policy_value};
/// // Logged by a coin; the new policy always takes the action that was taken first and third.
/// let (rewards, old, new) = (array![1.0, 0.0, 1.0, 0.0], array![0.5, 0.5, 0.5, 0.5], array![1.0, 0.0, 1.0, 0.0]);
/// let value = off_policy_value(&rewards, &old, &new)?;
/// assert_eq!((value.ips, value.self_normalised, value.effective_rows), (1.0, 1.0, 2.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn off_policy_value(
    rewards: &ArrayRef1<f64>,
    old: &ArrayRef1<f64>,
    new: &ArrayRef1<f64>,
) -> Result<OffPolicyValue> {
    if rewards.len() < 2 {
        return Err(Error::Shape {
            what: "`rewards`",
            found: count(rewards.len(), "value"),
            expected: "at least 2".to_owned(),
        });
    }
    for (what, values) in [("`old`", old), ("`new`", new)] {
        if values.len() != rewards.len() {
            return Err(Error::Shape {
                what,
                found: count(values.len(), "value"),
                expected: format!("{}, one for each reward", count(rewards.len(), "value")),
            });
        }
    }
    crate::checks::finite("rewards", rewards)?;
    let probable = |p: f64| (0.0..=1.0).contains(&p);
    if let Some(at) = old.iter().position(|&p| !probable(p) || p == 0.0) {
        return Err(out_of_range(
            format!("`old[{at}]`"),
            old[at],
            "above 0 and at most 1: it was chosen",
        ));
    }
    if let Some(at) = new.iter().position(|&p| !probable(p)) {
        return Err(out_of_range(format!("`new[{at}]`"), new[at], "from 0 to 1"));
    }
    let n = rewards.len() as f64;
    let weights = new / old;
    let (sum, squares) = (weights.sum(), weights.iter().map(|w| w * w).sum::<f64>());
    if !(sum > 0.0 && squares.is_finite()) {
        return Err(Error::Undefined {
            what: "the value of a policy",
            reason: match sum > 0.0 {
                true => "the weights overflow".to_owned(),
                false => "the new policy would have chosen none of the logged actions".to_owned(),
            },
            remedy: "Log with a policy that gives each action a chance.",
        });
    }
    let weighted = &weights * &rewards.view();
    let ips = weighted.sum() / n;
    let spread: f64 = weighted.iter().map(|value| (value - ips).powi(2)).sum();
    let value = OffPolicyValue {
        ips,
        standard_error: (spread / (n - 1.0) / n).sqrt(),
        self_normalised: weighted.sum() / sum,
        effective_rows: sum * (sum / squares),
    };
    numbers(
        "the value of a policy",
        &[
            value.ips,
            value.standard_error,
            value.self_normalised,
            value.effective_rows,
        ],
    )?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    /// `(w * r).mean()`, `stats.sem(w * r)`, `np.average(r, weights=w)` and Kish's formula, NumPy and SciPy:
    /// `tests/peers/recommend_baselines.py`.
    #[test]
    fn the_estimates_equal_numpys() -> Result<()> {
        let (r, old, new) = (
            array![1.0, 0.0, 3.0, 0.5, 2.0],
            array![0.5, 0.2, 0.1, 0.7, 0.9],
            array![0.1, 0.3, 0.4, 0.0, 1.0],
        );
        let value = off_policy_value(&r, &old, &new)?;
        let found = [
            value.ips,
            value.standard_error,
            value.self_normalised,
            value.effective_rows,
        ];
        for (found, expected) in found.into_iter().zip(EXPECTED) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        Ok(())
    }

    /// Three actions with rewards 0.1, 0.5 and 0.9; logged with 0.6, 0.3 and 0.1, to be shown with 0.1, 0.1 and 0.8.
    #[test]
    fn the_new_policys_mean_is_found_from_the_old_ones_log() -> Result<()> {
        let mut rng = RandomState::seed(23);
        let actions = rng.choice_weighted(&[0.6, 0.3, 0.1], 20_000)?;
        let by = |values: [f64; 3]| -> Array1<f64> { actions.mapv(|action| values[action]) };
        let luck = rng.rand(20_000)?;
        let rewards: Array1<f64> = luck
            .iter()
            .zip(by([0.1, 0.5, 0.9]))
            .map(|(u, p)| f64::from(*u < p))
            .collect();
        let value = off_policy_value(&rewards, &by([0.6, 0.3, 0.1]), &by([0.1, 0.1, 0.8]))?;
        let truth = 0.1 * 0.1 + 0.1 * 0.5 + 0.8 * 0.9;
        assert!(
            (value.ips - truth).abs() < 4.0 * value.standard_error,
            "{value:?}"
        );
        assert!(
            (value.self_normalised - truth).abs() < 0.03 && value.effective_rows < 5_000.0,
            "{value:?}"
        );
        Ok(())
    }

    #[test]
    fn what_was_never_shown_or_never_would_be_is_said() {
        let (r, half) = (array![1.0, 0.0], array![0.5, 0.5]);
        assert!(off_policy_value(&r, &array![0.5, 0.0], &half).is_err());
        assert!(off_policy_value(&r, &half, &array![0.5, 1.5]).is_err());
        assert!(matches!(
            off_policy_value(&r, &half, &array![0.0, 0.0]),
            Err(Error::Undefined { .. })
        ));
        assert!(off_policy_value(&r, &half, &array![1.0]).is_err());
        assert!(off_policy_value(&array![1.0, f64::NAN], &half, &half).is_err());
        assert!(off_policy_value(&array![1.0], &array![0.5], &array![0.5]).is_err());
    }

    const EXPECTED: [f64; 4] = [
        2.884444444444444,
        2.3170905554110974,
        2.1174551386623164,
        2.3760441103010446,
    ];
}
