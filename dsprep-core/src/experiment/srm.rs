//! Sample ratio mismatch: did users reach the arms in the planned shares? (question 26)
//!
//! Pearson's chi-square test. After Fabijan et al., "Diagnosing sample ratio mismatch in online
//! controlled experiments", 2019: a mismatch means that the arms cannot be compared, whatever the metric
//! says; find the cause (redirects, bots, crashes that lose users) before reading anything else.

use crate::checks::{inner_share, number};
use crate::error::count;
use crate::error::out_of_range;
use crate::{Error, Result};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// What [`sample_ratio_mismatch`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleRatio {
    /// Σ (observed − expected)² / expected.
    pub chi_square: f64,
    /// The probability of a split at least this far off where assignment works.
    pub p_value: f64,
}

impl SampleRatio {
    /// Whether the split is suspect. A threshold as small as 0.001 is usual, because the test runs on
    /// every experiment and every day.
    pub fn is_mismatch(&self, threshold: f64) -> bool {
        self.p_value < threshold
    }
}

/// Tests the numbers of users in the arms against their planned shares.
///
/// # Errors
/// [`Error::Shape`] if there are fewer than two arms or not as many shares; [`Error::OutOfRange`] if a share
/// is not between 0 and 1 or their sum is not 1; [`Error::Empty`] if there are no users.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::sample_ratio_mismatch;
/// let split = sample_ratio_mismatch(&[50_000, 50_600], &[0.5, 0.5])?;
/// assert!(!split.is_mismatch(0.001));
/// let split = sample_ratio_mismatch(&[50_000, 51_200], &[0.5, 0.5])?;
/// assert!(split.is_mismatch(0.001));    // 50.6 %, but with so many users no chance
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn sample_ratio_mismatch(users: &[u64], shares: &[f64]) -> Result<SampleRatio> {
    check_arms(users, shares)?;
    let total: f64 = users.iter().map(|&users| users as f64).sum();
    if total == 0.0 {
        return Err(Error::Empty {
            what: "the experiment",
            item: "user",
        });
    }
    // The shares add up to 1 but for rounding, which would count if there are very many users.
    let sum: f64 = shares.iter().sum();
    let chi_square = users
        .iter()
        .zip(shares)
        .map(|(&users, share)| {
            let expected = share / sum * total;
            (users as f64 - expected).powi(2) / expected
        })
        .sum();
    let chi_square = number("the chi-square statistic", chi_square)?;
    let freedom = (users.len() - 1) as f64;
    let distribution = ChiSquared::new(freedom)
        .map_err(|_| out_of_range("the degrees of freedom", freedom, "above 0"))?;
    Ok(SampleRatio {
        chi_square,
        p_value: distribution.sf(chi_square),
    })
}

fn check_arms(users: &[u64], shares: &[f64]) -> Result<()> {
    if users.len() < 2 {
        return Err(Error::Shape {
            what: "`users`",
            found: count(users.len(), "arm"),
            expected: "at least 2".to_owned(),
        });
    }
    if shares.len() != users.len() {
        return Err(Error::Shape {
            what: "`shares`",
            found: count(shares.len(), "share"),
            expected: format!("{}, one for each arm", count(users.len(), "share")),
        });
    }
    for (at, &share) in shares.iter().enumerate() {
        inner_share(&format!("`shares[{at}]`"), share)?;
    }
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-9 {
        return Err(out_of_range("the sum of `shares`", sum, "1"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.chisquare`, SciPy 1.17.1.
    #[test]
    fn statistics_equal_scipys() {
        let halves = sample_ratio_mismatch(&[50_000, 50_600], &[0.5, 0.5]).unwrap();
        assert!((halves.chi_square - 3.5785288270377733).abs() < 1e-12);
        assert!((halves.p_value - 0.058530965566157854).abs() < 1e-10);
        let three = sample_ratio_mismatch(&[8200, 1000, 800], &[0.8, 0.1, 0.1]).unwrap();
        assert!((three.chi_square - 45.0).abs() < 1e-10);
        assert!((three.p_value / 1.69189792261513e-10 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn shares_that_do_not_sum_to_1_are_an_error() {
        let error = sample_ratio_mismatch(&[5, 5], &[0.5, 0.4]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the sum of `shares` is 0.9, but it must be 1."
        );
    }

    /// The shares add up to 1 within their tolerance; of 10¹⁸ users even that would be far off.
    #[test]
    fn shares_of_few_digits_serve_for_very_many_users() -> Result<()> {
        let test = sample_ratio_mismatch(&[1_000_000_000_000_000_000; 2], &[0.5000000004; 2])?;
        assert_eq!((test.chi_square, test.p_value), (0.0, 1.0));
        Ok(())
    }
}
