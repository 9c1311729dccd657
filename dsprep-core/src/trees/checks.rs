//! The checks that all trees share.

use crate::error::count;
use crate::evaluate::{binary, finite, finite_matrix};
use crate::{Error, Result};
use ndarray::{ArrayRef1, ArrayRef2};

/// More rows than this can't be numbered in 32 bits.
const MOST_ROWS: usize = u32::MAX as usize;

/// A matrix with rows and columns, without NaN or infinite values.
pub(super) fn check_features(x: &ArrayRef2<f64>) -> Result<()> {
    if x.nrows() > MOST_ROWS {
        return Err(out_of_range(
            "the number of rows",
            x.nrows(),
            "at most 4294967295; fit on a sample",
        ));
    }
    finite_matrix("`x`", x)
}

/// One finite target for each row.
pub(super) fn check_targets(y: &ArrayRef1<f64>, rows: usize) -> Result<()> {
    check_length("`y`", y.len(), rows)?;
    finite("y", y)
}

/// One label for each row, 0 or 1, and both of them present.
pub(super) fn check_binary(y: &ArrayRef1<usize>, rows: usize) -> Result<()> {
    check_length("`y`", y.len(), rows)?;
    let counts = binary("y", y)?;
    if counts.positives == 0 || counts.negatives == 0 {
        return Err(Error::Undefined {
            what: "a classifier",
            reason: format!("`y` holds only the class {}", y[0]),
            remedy: "Add rows of the other class.",
        });
    }
    Ok(())
}

/// One class for each row. The classes are numbered from 0, so each number is less than that of the rows.
pub(super) fn check_labels(y: &ArrayRef1<usize>, rows: usize) -> Result<()> {
    check_length("`y`", y.len(), rows)?;
    match y.iter().position(|&label| label >= rows.max(2)) {
        None => Ok(()),
        Some(at) => Err(out_of_range(
            &format!("`y[{at}]`"),
            y[at],
            "less than the number of rows; number the classes 0, 1, 2 and so on",
        )),
    }
}

pub(super) fn check_length(what: &'static str, found: usize, rows: usize) -> Result<()> {
    if found == rows {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        found: count(found, "value"),
        expected: format!("{}, one for each row of `x`", count(rows, "value")),
    })
}

/// A row of `features` finite values.
#[inline]
pub(super) fn check_row(row: &[f64], features: usize) -> Result<()> {
    if row.len() != features {
        return Err(Error::Shape {
            what: "`row`",
            found: count(row.len(), "value"),
            expected: format!("{}, as in `fit`", count(features, "value")),
        });
    }
    if row.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    finite("row", &ndarray::ArrayView1::from(row))
}

/// A matrix with the columns of `fit` and finite values.
pub(super) fn check_columns(x: &ArrayRef2<f64>, features: usize) -> Result<()> {
    if x.ncols() != features {
        return Err(Error::Shape {
            what: "`x`",
            found: count(x.ncols(), "column"),
            expected: format!("{}, as in `fit`", count(features, "column")),
        });
    }
    finite_matrix("`x`", x)
}

pub(super) fn check_at_least_one(what: &str, value: usize) -> Result<()> {
    check(what, value, value > 0, "at least 1")
}

/// Greater than 0 and at most 1.
pub(super) fn check_share(what: &str, value: f64) -> Result<()> {
    let holds = value > 0.0 && value <= 1.0;
    check(what, value, holds, "greater than 0 and at most 1")
}

pub(super) fn check(
    what: &str,
    found: impl ToString,
    holds: bool,
    expected: &'static str,
) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(out_of_range(what, found, expected))
    }
}

pub(super) fn out_of_range(what: &str, found: impl ToString, expected: &'static str) -> Error {
    Error::OutOfRange {
        what: what.to_owned(),
        found: found.to_string(),
        expected,
    }
}
