//! The checks that the classification metrics share.

use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// How many rows belong to each of the two classes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClassCounts {
    pub(crate) positives: usize,
    pub(crate) negatives: usize,
}

/// Fails unless `other_len` values go with `y_true`, of which there must be at least one.
pub(crate) fn same_length(
    y_true: &ArrayRef1<usize>,
    what: &'static str,
    other_len: usize,
) -> Result<()> {
    if y_true.is_empty() {
        return Err(Error::Empty {
            what: "`y_true`",
            item: "label",
        });
    }
    if other_len != y_true.len() {
        return Err(Error::Shape {
            what,
            found: count(other_len, "value"),
            expected: format!("{}, one for each of `y_true`", count(y_true.len(), "value")),
        });
    }
    Ok(())
}

/// Fails unless each label is 0 or 1; counts them.
pub(crate) fn binary(what: &str, labels: &ArrayRef1<usize>) -> Result<ClassCounts> {
    if let Some(at) = labels.iter().position(|&label| label > 1) {
        return Err(Error::OutOfRange {
            what: format!("`{what}[{at}]`"),
            found: labels[at].to_string(),
            expected: "0 (negative) or 1 (positive)",
        });
    }
    let positives = labels.iter().sum();
    Ok(ClassCounts {
        positives,
        negatives: labels.len() - positives,
    })
}

/// Fails unless there are rows of both classes, which `quantity` needs.
pub(crate) fn both_classes(
    quantity: &'static str,
    y_true: &ArrayRef1<usize>,
) -> Result<ClassCounts> {
    let counts = binary("y_true", y_true)?;
    let (reason, remedy) = match counts {
        ClassCounts { negatives: 0, .. } => (
            "`y_true` holds only the class 1",
            "Use accuracy, or add negatives.",
        ),
        ClassCounts { positives: 0, .. } => (
            "`y_true` holds only the class 0",
            "Use accuracy, or add positives.",
        ),
        _ => return Ok(counts),
    };
    Err(Error::Undefined {
        what: quantity,
        reason: reason.to_owned(),
        remedy,
    })
}

/// Fails unless each value lies between 0 and 1.
pub(crate) fn probabilities(values: &ArrayRef1<f64>) -> Result<()> {
    match values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        None => Ok(()),
        Some(at) => Err(Error::OutOfRange {
            what: format!("`probabilities[{at}]`"),
            found: values[at].to_string(),
            expected: "between 0 and 1; a decision value is not a probability",
        }),
    }
}

/// Fails unless `value` lies strictly between 0 and 1.
pub(crate) fn probability_between(what: &str, value: f64) -> Result<()> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what: what.to_owned(),
        found: value.to_string(),
        expected: "between 0 and 1, for example 0.95",
    })
}

/// Fails unless there are at least two folds: one to test on, one to train on.
pub(super) fn check_folds(folds: usize) -> Result<()> {
    crate::checks::check("`folds`", folds, folds >= 2, "2 or greater; 5 are usual")
}
