//! Features from the future (question 28).
//!
//! "Number of reminders sent" predicts who pays late, because reminders are sent to those who do. A
//! feature may hold only what was known when the prediction was made: [`known_too_late`] finds the
//! rows that break this, [`as_of`] takes the value that was known, and [`single_feature_aucs`]
//! finds what is too good to be true where no times were kept. After Kaufman et al., "Leakage in
//! data mining", 2012.

use super::check_names;
use crate::checks::finite_matrix;
use crate::error::count;
use crate::evaluate::roc_auc;
use crate::{Error, Result};
use ndarray::{ArrayRef1, ArrayRef2};

/// The rows whose value became known only after the prediction: `known_at` > `predicted_at`.
///
/// Both hold n times in one unit, such as seconds.
///
/// # Errors
/// [`Error::Shape`] if the lengths differ.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::known_too_late};
/// assert_eq!(known_too_late(&array![10, 25, 30], &array![20, 20, 30])?, [1]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn known_too_late(
    known_at: &ArrayRef1<i64>,
    predicted_at: &ArrayRef1<i64>,
) -> Result<Vec<usize>> {
    if known_at.len() != predicted_at.len() {
        return Err(Error::Shape {
            what: "`predicted_at`",
            found: count(predicted_at.len(), "time"),
            expected: format!(
                "{}, one for each of `known_at`",
                count(known_at.len(), "time")
            ),
        });
    }
    let pairs = known_at.iter().zip(predicted_at).enumerate();
    Ok(pairs
        .filter(|(_, (known, predicted))| known > predicted)
        .map(|(row, _)| row)
        .collect())
}

/// The last of `values` that was known at the time `at`, where `values[i]` became known at
/// `times[i]`; none if nothing was.
///
/// This is the point-in-time join of a feature store, for one key. The times ascend; of equal times
/// the last counts. O(n), as the order is checked.
///
/// # Errors
/// [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if the times do not ascend.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::as_of};
/// let (times, balances) = (array![10, 20, 30], array![100.0, 250.0, 0.0]);
/// assert_eq!(as_of(&times, &balances, 29)?, Some(250.0));
/// assert_eq!(as_of(&times, &balances, 9)?, None);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn as_of(times: &ArrayRef1<i64>, values: &ArrayRef1<f64>, at: i64) -> Result<Option<f64>> {
    if times.len() != values.len() {
        return Err(Error::Shape {
            what: "`values`",
            found: count(values.len(), "value"),
            expected: format!("{}, one for each of `times`", count(times.len(), "value")),
        });
    }
    let pairs = times.iter().zip(times.iter().skip(1));
    if let Some(before) = pairs.into_iter().position(|(time, next)| time > next) {
        return Err(Error::OutOfRange {
            what: format!("`times[{}]`", before + 1),
            found: times[before + 1].to_string(),
            expected: "at least the time before it; sort by time first",
        });
    }
    let known = times
        .iter()
        .zip(values)
        .take_while(|(time, _)| **time <= at);
    Ok(known.last().map(|(_, &value)| value))
}

/// How well each feature alone ranks the labels: its name and the larger of AUC and 1 − AUC, the
/// best first.
///
/// `x` is rows × features, `y` holds a label, 0 or 1, for each row. Real features rarely exceed 0.9
/// on their own; one near 1 is to be explained before it is used. O(features · rows log rows).
///
/// # Errors
/// [`Error::Shape`] if `names` or `y` do not fit `x`; [`Error::Empty`], [`Error::OutOfRange`],
/// [`Error::Undefined`] as [`roc_auc`].
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::single_feature_aucs};
/// let x = array![[3.0, 0.0], [1.0, 0.0], [2.0, 5.0], [4.0, 7.0]];
/// let best = single_feature_aucs(&["age", "reminders_sent"], &x, &array![0, 0, 1, 1])?;
/// assert_eq!(best[0], ("reminders_sent".to_owned(), 1.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn single_feature_aucs(
    names: &[&str],
    x: &ArrayRef2<f64>,
    y: &ArrayRef1<usize>,
) -> Result<Vec<(String, f64)>> {
    finite_matrix("`x`", x)?;
    check_names(names, x)?;
    let mut aucs = Vec::with_capacity(names.len());
    for (name, column) in names.iter().zip(x.columns()) {
        let auc = roc_auc(y, &column)?;
        aucs.push(((*name).to_owned(), auc.max(1.0 - auc)));
    }
    aucs.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(aucs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Axis, array, stack};

    #[test]
    fn the_feature_from_the_future_is_the_one_that_is_too_good() -> Result<()> {
        let mut rng = RandomState::seed(16);
        let income = rng.randn(500)?;
        let y = (&income + &rng.randn(500)?).mapv(|z| usize::from(z < -0.5));
        // Reminders go to nearly all who pay late, and to hardly anyone else.
        let reminders = y.mapv(|late| if late == 1 { 2.0 } else { 0.0 }) + rng.randn(500)? * 0.3;
        let x = stack![Axis(1), income, reminders];
        let aucs = single_feature_aucs(&["income", "reminders_sent"], &x, &y)?;
        assert_eq!(aucs[0].0, "reminders_sent");
        assert!(aucs[0].1 > 0.99 && aucs[1].1 < 0.9);
        Ok(())
    }

    #[test]
    fn times_that_do_not_ascend_are_named() {
        let error = as_of(&array![10, 5], &array![1.0, 2.0], 7).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`times[1]` is 5, but it must be at least the time before it; sort by time first."
        );
    }

    #[test]
    fn of_equal_times_the_last_value_counts() -> Result<()> {
        assert_eq!(as_of(&array![1, 1], &array![5.0, 6.0], 1)?, Some(6.0));
        Ok(())
    }
}
