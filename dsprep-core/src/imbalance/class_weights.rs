//! Weights that make classes count equally, and the way back to the true base rate.

use crate::sigmoid::sigmoid;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use std::collections::HashMap;

/// A weight for each row, n / (classes · rows of its class): all classes together weigh the same, and all rows n.
/// As `class_weight="balanced"` in scikit-learn, after King and Zeng, "Logistic regression in rare events data",
/// 2001. O(n).
///
/// # Errors
/// [`Error::Empty`] without labels.
///
/// # Examples
/// ```
/// use dsprep_core::{imbalance::balanced_class_weights, ndarray::array};
/// assert_eq!(balanced_class_weights(&array![0, 0, 0, 1])?, array![2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 2.0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn balanced_class_weights(y: &ArrayRef1<usize>) -> Result<Array1<f64>> {
    if y.is_empty() {
        return Err(Error::Empty {
            what: "`y`",
            item: "label",
        });
    }
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for &label in y {
        *sizes.entry(label).or_default() += 1;
    }
    let (n, classes) = (y.len() as f64, sizes.len() as f64);
    Ok(y.mapv(|label| n / (classes * sizes[&label] as f64)))
}

/// The probabilities of a model that was fitted where the share of positives was `trained`, for data where it is
/// `actual`: the odds are multiplied by the ratio of the odds. After Elkan, "The foundations of cost-sensitive
/// learning", 2001, theorem 2.
///
/// # Errors
/// [`Error::OutOfRange`] if a share is not between 0 and 1, or a probability is not from 0 to 1.
///
/// # Examples
/// ```
/// use dsprep_core::{imbalance::corrected_for_base_rate, ndarray::array};
/// // Fitted on as many frauds as others, used where 1 % is fraud.
/// let p = corrected_for_base_rate(&array![0.5, 0.99], 0.5, 0.01)?;
/// assert!((p[0] - 0.01).abs() < 1e-15 && (p[1] - 0.5).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn corrected_for_base_rate(
    probabilities: &ArrayRef1<f64>,
    trained: f64,
    actual: f64,
) -> Result<Array1<f64>> {
    for (what, share) in [("`trained`", trained), ("`actual`", actual)] {
        if !(share > 0.0 && share < 1.0) {
            return Err(Error::OutOfRange {
                what: what.to_owned(),
                found: share.to_string(),
                expected: "between 0 and 1, both excluded",
            });
        }
    }
    crate::evaluate::probabilities(probabilities)?;
    let log_odds = |p: f64| p.ln() - (-p).ln_1p();
    Ok(probabilities.mapv(|p| {
        let positive = p * (actual / trained);
        let negative = (1.0 - p) * ((1.0 - actual) / (1.0 - trained));
        let corrected = positive / (positive + negative);
        match corrected.is_nan() {
            false => corrected,
            // The ratios are 0 / 0 or ∞ / ∞; their logarithms are finite.
            true if p == 0.0 || p == 1.0 => p,
            true => sigmoid(log_odds(p) + log_odds(actual) - log_odds(trained)),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn classes_weigh_the_same_whatever_their_numbers() -> Result<()> {
        let y = array![usize::MAX, 3, 3, 0, 3, 0];
        let weights = balanced_class_weights(&y)?;
        assert!((weights.sum() - 6.0).abs() < 1e-12);
        for class in [0, 3, usize::MAX] {
            let of_class: f64 = y
                .iter()
                .zip(&weights)
                .filter(|(y, _)| **y == class)
                .map(|(_, w)| w)
                .sum();
            assert!((of_class - 2.0).abs() < 1e-12, "{class}");
        }
        assert!(balanced_class_weights(&array![]).is_err());
        Ok(())
    }

    /// `compute_sample_weight("balanced", y)`, scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn weights_equal_scikit_learns() -> Result<()> {
        let weights = balanced_class_weights(&array![7, 7, 7, 0, 0, 1_000_000])?;
        let two_thirds = 2.0 / 3.0;
        let expected = array![two_thirds, two_thirds, two_thirds, 1.0, 1.0, 2.0];
        assert!((weights - expected).iter().all(|off| off.abs() < 1e-15));
        Ok(())
    }

    #[test]
    fn there_and_back_is_the_same_probability_and_certainty_stays() -> Result<()> {
        let p = array![0.0, 1e-12, 0.3, 1.0];
        let there = corrected_for_base_rate(&p, 0.5, 1e-6)?;
        let back = corrected_for_base_rate(&there, 1e-6, 0.5)?;
        assert!((&back - &p).iter().all(|rest| rest.abs() < 1e-12), "{back}");
        assert!(corrected_for_base_rate(&p, 0.0, 0.5).is_err());
        assert!(corrected_for_base_rate(&p, 0.5, f64::NAN).is_err());
        assert!(corrected_for_base_rate(&array![1.5], 0.5, 0.1).is_err());
        Ok(())
    }
}
