//! The checks that all trees share.

use crate::checks::{beyond_numbers, check, columns_of_fit};
use crate::checks::{finite, finite_matrix, number};
use crate::error::{count, out_of_range};
use crate::evaluate::binary;
use crate::{Error, Result};
use ndarray::{ArrayRef1, ArrayRef2};

/// More rows than this can't be numbered in 32 bits.
const MOST_ROWS: usize = u32::MAX as usize;

/// More values than this, in all nodes, are 8 GB.
const MOST_VALUES: usize = 1 << 30;

/// The square of a smaller number has lost digits, or is 0.
const LEAST_DIFFERENCE: f64 = 1e-145;

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
    finite("y", y)?;
    // A split compares squared sums, which are at most the sum of the squares times their number.
    let squares: f64 = y.iter().map(|y| y * y).sum();
    number("the squared error of `y`", 4.0 * rows as f64 * squares)?;
    // Of smaller differences the squares, and with them all splits, would be equal.
    let farthest = y
        .iter()
        .fold(0.0, |most: f64, value| most.max((value - y[0]).abs()));
    match farthest > 0.0 && farthest < LEAST_DIFFERENCE {
        true => Err(beyond_numbers("the squared error of `y`")),
        false => Ok(()),
    }
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

/// One class for each row. The classes are numbered from 0, so that none has a number beyond that of the rows, and
/// not many numbers may be left out: each node has a value for every number up to the greatest.
pub(super) fn check_labels(y: &ArrayRef1<usize>, rows: usize) -> Result<()> {
    check_length("`y`", y.len(), rows)?;
    let mut classes = y.to_vec();
    classes.sort_unstable();
    classes.dedup();
    let limits = [
        (
            rows.max(2),
            "less than the number of rows; number the classes 0, 1, 2 and so on",
        ),
        (
            2 * classes.len() + 100,
            "near the number of different classes; number them 0, 1, 2 and so on",
        ),
    ];
    for (limit, expected) in limits {
        if let Some(at) = y.iter().position(|&label| label >= limit) {
            return Err(out_of_range(format!("`y[{at}]`"), y[at], expected));
        }
    }
    Ok(())
}

/// Whether the trees can be held: each node has a value for each of `width` classes, and a tree that tells all of them
/// apart has a leaf for each.
pub(super) fn check_room(trees: usize, width: usize, depth: usize) -> Result<()> {
    let deepest = u32::try_from(depth)
        .ok()
        .and_then(|depth| 1_usize.checked_shl(depth));
    let leaves = width.min(deepest.unwrap_or(usize::MAX).max(1));
    let values = trees.saturating_mul(width).saturating_mul(2 * leaves - 1);
    let expected = "fewer: each node of each tree has a value for each class, and these are more than 2³⁰; \
                    limit the depth or join rare classes";
    match trees {
        1 => check(
            "the number of classes",
            width,
            values <= MOST_VALUES,
            expected,
        ),
        _ => check("`trees`", trees, values <= MOST_VALUES, expected),
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

/// [`check_row`], where a value may be missing (NaN) if `may_lack` says so.
pub(super) fn check_row_with_gaps(
    row: &[f64],
    features: usize,
    may_lack: impl Fn(usize) -> bool,
) -> Result<()> {
    if row.len() != features || row.iter().all(|value| value.is_finite()) {
        return check_row(row, features);
    }
    let wrong = |(at, value): (usize, &f64)| !(value.is_finite() || value.is_nan() && may_lack(at));
    match row.iter().enumerate().position(wrong) {
        None => Ok(()),
        Some(at) => Err(out_of_range(
            format!("`row[{at}]`"),
            row[at],
            "a finite number; a value may be missing only where one was in `fit`",
        )),
    }
}

/// [`columns_of_fit`], where a value may be missing (NaN) if `may_lack` says so for its column.
pub(super) fn check_columns_with_gaps(
    x: &ArrayRef2<f64>,
    features: usize,
    may_lack: impl Fn(usize) -> bool,
) -> Result<()> {
    if x.is_empty() || x.ncols() != features {
        return columns_of_fit(x, features);
    }
    let wrong = |((_, column), value): &((usize, usize), &f64)| {
        !(value.is_finite() || value.is_nan() && may_lack(*column))
    };
    match x.indexed_iter().find(wrong) {
        None => Ok(()),
        Some(((row, column), value)) => Err(out_of_range(
            format!("`x`, row {row}, column {column},"),
            value,
            "a finite number; a value may be missing only where one was in `fit`",
        )),
    }
}

/// Greater than 0 and at most 1.
pub(super) fn check_share(what: &str, value: f64) -> Result<()> {
    let holds = value > 0.0 && value <= 1.0;
    check(what, value, holds, "greater than 0 and at most 1")
}
