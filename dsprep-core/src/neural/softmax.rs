//! Softmax: scores into weights (question 20).
//!
//! As written. [`attention`](super::attention()) computes the same in place, several numbers at once.

use crate::error::out_of_range;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

/// e^x / Σ e^x: positive weights that sum to 1.
///
/// The largest value is subtracted first. That changes nothing in the result, and no power of e
/// overflows. −∞ gets the weight 0.
///
/// # Errors
/// [`Error::Empty`] without values, [`Error::OutOfRange`] if one is NaN or ∞, [`Error::Undefined`] if all are −∞:
/// nothing is left then that the weights could be given to.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::softmax;
///
/// assert_eq!(softmax(&array![1000.0, 1000.0])?, array![0.5, 0.5]);
/// assert!(softmax(&array![f64::NEG_INFINITY]).is_err());
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn softmax(x: &ArrayRef1<f64>) -> Result<Array1<f64>> {
    check_scores(
        x,
        |at| format!("`x[{at}]`"),
        || "all values are −∞".to_owned(),
    )?;
    Ok(weights_of(x))
}

/// [`softmax`] of each row.
///
/// # Errors
/// As [`softmax`], of any row.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::neural::softmax_rows;
///
/// let weights = softmax_rows(&array![[0.0, 0.0], [7.0, f64::NEG_INFINITY]])?;
/// assert_eq!(weights, array![[0.5, 0.5], [1.0, 0.0]]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn softmax_rows(x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    for (at, row) in x.axis_iter(Axis(0)).enumerate() {
        let place = |column| format!("`x`, row {at}, column {column},");
        check_scores(&row, place, || format!("all values of row {at} are −∞"))?;
    }
    Ok(row_weights(x))
}

/// Softmax as written, of scores that [`softmax`] would take.
fn weights_of(x: &ArrayRef1<f64>) -> Array1<f64> {
    let largest = x.fold(f64::NEG_INFINITY, |largest, &x| largest.max(x));
    let e = x.mapv(|x| (x - largest).exp());
    let sum = e.sum();
    e / sum
}

/// [`weights_of`] each row.
pub(crate) fn row_weights(x: &ArrayRef2<f64>) -> Array2<f64> {
    let mut result = x.to_owned();
    for mut row in result.axis_iter_mut(Axis(0)) {
        let weights = weights_of(&row);
        row.assign(&weights);
    }
    result
}

/// Fails unless there are scores, each of them a number or −∞, and one that is not −∞.
fn check_scores(
    x: &ArrayRef1<f64>,
    place: impl Fn(usize) -> String,
    nothing: impl Fn() -> String,
) -> Result<()> {
    if x.is_empty() {
        return Err(Error::Empty {
            what: "`x`",
            item: "score",
        });
    }
    if let Some(at) = x.iter().position(|x| x.is_nan() || *x == f64::INFINITY) {
        return Err(out_of_range(
            place(at),
            x[at],
            "a finite number, or −∞ for what is hidden",
        ));
    }
    if x.iter().all(|x| *x == f64::NEG_INFINITY) {
        return Err(Error::Undefined {
            what: "softmax",
            reason: nothing(),
            remedy: "Let at least one score be a number.",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn softmax_of_nothing_or_of_no_number_is_an_error_and_not_a_nan() {
        let message = |x: Array1<f64>| softmax(&x).unwrap_err().to_string();
        let none = f64::NEG_INFINITY;
        assert_eq!(
            message(array![]),
            "`x` is empty, but it must hold at least one score."
        );
        assert!(message(array![none, none]).contains("all values are −∞"));
        assert!(message(array![0.0, f64::NAN]).starts_with("`x[1]` is NaN"));
        assert!(message(array![f64::INFINITY, 0.0]).starts_with("`x[0]` is inf"));
        let error = softmax_rows(&array![[0.0, 1.0], [none, none]]).unwrap_err();
        assert!(error.to_string().contains("row 1"), "{error}");
        assert!(softmax_rows(&Array2::zeros((2, 0))).is_err());
        assert_eq!(softmax_rows(&Array2::zeros((0, 2))).unwrap().dim(), (0, 2));
    }
}
