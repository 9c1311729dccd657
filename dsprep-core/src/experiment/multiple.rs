//! Many metrics, one experiment: adjusted p-values (question 26).
//!
//! An adjusted p-value is compared with α itself. [`bonferroni`] and [`holm`] keep the probability of *any*
//! false finding below α; [`benjamini_hochberg`] keeps the expected share of false ones among the findings
//! below α. [`holm`] finds all that [`bonferroni`] finds, under the same conditions, and so is the better.

use crate::Result;
use crate::error::out_of_range;

/// Each p-value times their number, at most 1. For tests dependent in any way. O(m).
///
/// # Errors
/// `Error::OutOfRange` if a p-value is not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::bonferroni;
/// assert_eq!(bonferroni(&[0.01, 0.5])?, [0.02, 1.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn bonferroni(p_values: &[f64]) -> Result<Vec<f64>> {
    check_p_values(p_values)?;
    let m = p_values.len() as f64;
    Ok(p_values.iter().map(|p| (p * m).min(1.0)).collect())
}

/// Holm's step-down: the smallest p-value times m, the next times m − 1, and so on, none below the one
/// before. For tests dependent in any way. O(m log m).
///
/// After Holm, "A simple sequentially rejective multiple test procedure", 1979.
///
/// # Errors
/// As [`bonferroni`].
///
/// # Examples
/// ```
/// use dsprep_core::experiment::holm;
/// assert_eq!(holm(&[0.03, 0.01, 0.5])?, [0.06, 0.03, 0.5]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>> {
    check_p_values(p_values)?;
    let mut adjusted = p_values.to_vec();
    let mut largest: f64 = 0.0;
    for (rank, at) in ascending(p_values).into_iter().enumerate() {
        let scaled = p_values[at] * (p_values.len() - rank) as f64;
        largest = largest.max(scaled.min(1.0));
        adjusted[at] = largest;
    }
    Ok(adjusted)
}

/// Benjamini and Hochberg's step-up: the k-th smallest p-value times m / k, none above the one after.
/// For independent or positively dependent tests. O(m log m).
///
/// After Benjamini and Hochberg, "Controlling the false discovery rate", 1995.
///
/// # Errors
/// As [`bonferroni`].
///
/// # Examples
/// ```
/// use dsprep_core::experiment::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.02, 0.01, 0.5])?, [0.03, 0.03, 0.5]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>> {
    check_p_values(p_values)?;
    let m = p_values.len() as f64;
    let mut adjusted = p_values.to_vec();
    let mut smallest: f64 = 1.0;
    for (rank, at) in ascending(p_values).into_iter().enumerate().rev() {
        // The factor first: it is at least 1, so that rounding can't take a p-value below itself.
        smallest = smallest.min(p_values[at] * (m / (rank + 1) as f64));
        adjusted[at] = smallest;
    }
    Ok(adjusted)
}

/// The places of the p-values, the smallest first.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    order
}

fn check_p_values(p_values: &[f64]) -> Result<()> {
    match p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        None => Ok(()),
        Some(at) => Err(out_of_range(
            format!("`p_values[{at}]`"),
            p_values[at],
            "between 0 and 1",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [f64; 8] = [0.01, 0.04, 0.03, 0.005, 0.2, 0.04, 0.9, 0.0004];

    fn assert_close(found: Vec<f64>, expected: [f64; 8]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-14,
                "{found} is not {expected}"
            );
        }
    }

    /// `multipletests(P, method=...)`, statsmodels 0.15.0, methods "bonferroni", "holm" and "fdr_bh".
    #[test]
    fn adjusted_p_values_equal_statsmodels() {
        assert_close(
            bonferroni(&P).unwrap(),
            [0.08, 0.32, 0.24, 0.04, 1.0, 0.32, 1.0, 0.0032],
        );
        assert_close(
            holm(&P).unwrap(),
            [0.06, 0.16, 0.15, 0.035, 0.4, 0.16, 0.9, 0.0032],
        );
        assert_close(
            benjamini_hochberg(&P).unwrap(),
            [
                0.02666666666666667,
                0.05333333333333334,
                0.05333333333333334,
                0.02,
                0.2285714285714286,
                0.05333333333333334,
                0.9,
                0.0032,
            ],
        );
    }

    #[test]
    fn no_adjusted_p_value_is_below_its_own_not_even_by_rounding() -> Result<()> {
        let p = [0.0, 0.0, 0.0, 0.0, 0.9061088499656964, 0.0];
        assert_eq!(benjamini_hochberg(&p)?[4], p[4]);
        Ok(())
    }

    #[test]
    fn holm_is_never_above_bonferroni() {
        let pairs = holm(&P).unwrap().into_iter().zip(bonferroni(&P).unwrap());
        assert!(
            pairs
                .into_iter()
                .all(|(holm, bonferroni)| holm <= bonferroni)
        );
    }

    #[test]
    fn no_p_values_stay_none_and_a_wrong_one_is_named() {
        assert!(holm(&[]).unwrap().is_empty());
        let error = benjamini_hochberg(&[0.5, 1.5]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`p_values[1]` is 1.5, but it must be between 0 and 1."
        );
    }
}
