//! Metrics of predicted probabilities: proper scoring rules (question 27).
//!
//! Both are smallest, in the mean, for the true probabilities, so they reward calibration and
//! sharpness at once. After Gneiting and Raftery, "Strictly proper scoring rules, prediction, and
//! estimation", 2007, section 3.

use super::checks::{binary, probabilities as check_probabilities, same_length};
use crate::Result;
use ndarray::ArrayRef1;

/// The mean of −ln(probability given to what happened), in nats.
///
/// `probabilities` (n) are of the class 1. Saying 0.5 throughout costs ln 2 ≈ 0.693. It is +∞ if
/// something happens that was given the probability 0; scikit-learn moves such a 0 to about 2·10⁻¹⁶
/// instead.
///
/// # Errors
/// [`Error::Empty`](crate::Error::Empty), [`Error::Shape`](crate::Error::Shape) if the lengths
/// differ, [`Error::OutOfRange`](crate::Error::OutOfRange) if a label or probability is not valid.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::log_loss, ndarray::array};
/// assert_eq!(log_loss(&array![1, 0], &array![0.5, 0.5])?, 2_f64.ln());
/// assert_eq!(log_loss(&array![1], &array![0.0])?, f64::INFINITY);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn log_loss(y_true: &ArrayRef1<usize>, probabilities: &ArrayRef1<f64>) -> Result<f64> {
    mean_of(y_true, probabilities, |y, p| {
        -(if y == 1 { p.ln() } else { (-p).ln_1p() })
    })
}

/// The mean squared difference of probability and outcome, between 0 and 1 (Brier, 1950).
///
/// `probabilities` (n) are of the class 1. Always saying the prevalence π scores π (1 − π), which
/// is small if positives are rare: compare with that, not with 0.25.
///
/// # Errors
/// As [`log_loss`].
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::brier_score, ndarray::array};
/// assert_eq!(brier_score(&array![1, 0], &array![0.5, 0.0])?, 0.125);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn brier_score(y_true: &ArrayRef1<usize>, probabilities: &ArrayRef1<f64>) -> Result<f64> {
    mean_of(y_true, probabilities, |y, p| (p - y as f64).powi(2))
}

fn mean_of(
    y_true: &ArrayRef1<usize>,
    probabilities: &ArrayRef1<f64>,
    loss: impl Fn(usize, f64) -> f64,
) -> Result<f64> {
    check(y_true, probabilities)?;
    let losses = y_true.iter().zip(probabilities).map(|(&y, &p)| loss(y, p));
    Ok(losses.sum::<f64>() / y_true.len() as f64)
}

/// Fails unless there is one probability for each label, 0 or 1.
pub(super) fn check(y_true: &ArrayRef1<usize>, probabilities: &ArrayRef1<f64>) -> Result<()> {
    same_length(y_true, "`probabilities`", probabilities.len())?;
    binary("y_true", y_true)?;
    check_probabilities(probabilities)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::sample::sample;
    use ndarray::array;

    #[test]
    fn they_equal_scikit_learn() -> Result<()> {
        let (y_true, probabilities) = sample();
        // log_loss(y, p) and brier_score_loss(y, p), scikit-learn 1.9.1.
        assert!((log_loss(&y_true, &probabilities)? - 0.44466664795294003).abs() < 1e-14);
        assert!((brier_score(&y_true, &probabilities)? - 0.141175).abs() < 1e-14);
        Ok(())
    }

    #[test]
    fn certainty_that_is_right_costs_nothing() -> Result<()> {
        assert_eq!(log_loss(&array![1, 0], &array![1.0, 0.0])?, 0.0);
        Ok(())
    }

    #[test]
    fn a_decision_value_is_not_taken_for_a_probability() {
        let error = log_loss(&array![1, 0], &array![0.3, -1.2]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`probabilities[1]` is -1.2, but it must be between 0 and 1; a decision value is not a probability."
        );
        assert!(brier_score(&array![1], &array![f64::NAN]).is_err());
    }
}
