//! Checks of arguments that all topics share, with their messages.

use crate::error::{count, out_of_range};
use crate::{Error, Result};
use ndarray::{ArrayRef1, ArrayRef2};
use std::hint::black_box;

/// Fails if a value is NaN or infinite. `what` is the name without quotes.
pub(crate) fn finite(what: &str, values: &ArrayRef1<f64>) -> Result<()> {
    finite_values(what, values, "a finite number")
}

/// [`finite`], with what must be instead in other words.
pub(crate) fn finite_values(
    what: &str,
    values: &ArrayRef1<f64>,
    expected: &'static str,
) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(out_of_range(
            format!("`{what}[{at}]`"),
            values[at],
            expected,
        )),
    }
}

/// Fails if the matrix has no rows or no columns, or if a value is NaN or infinite. `what` is the name in quotes.
pub(crate) fn finite_matrix(what: &'static str, values: &ArrayRef2<f64>) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty {
            what,
            item: "row and column",
        });
    }
    entries(
        what,
        values,
        "a finite number; fill the gap or drop the row",
    )
}

/// Fails unless `x` has the columns of `fit`, rows, and finite values only.
pub(crate) fn columns_of_fit(x: &ArrayRef2<f64>, columns: usize) -> Result<()> {
    if x.ncols() != columns {
        return Err(Error::Shape {
            what: "`x`",
            found: count(x.ncols(), "column"),
            expected: format!("{}, as in `fit`", count(columns, "column")),
        });
    }
    finite_matrix("`x`", x)
}

/// Fails if a value of the matrix, which may be empty, is NaN or infinite.
pub(crate) fn finite_entries(what: &str, values: &ArrayRef2<f64>) -> Result<()> {
    entries(what, values, "a finite number")
}

fn entries(what: &str, values: &ArrayRef2<f64>, expected: &'static str) -> Result<()> {
    match values.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some(((row, column), value)) => Err(out_of_range(
            format!("{what}, row {row}, column {column},"),
            value,
            expected,
        )),
    }
}

/// Fails unless `holds`.
pub(crate) fn check(
    what: &str,
    found: impl ToString,
    holds: bool,
    expected: &'static str,
) -> Result<()> {
    match holds {
        true => Ok(()),
        false => Err(out_of_range(what, found, expected)),
    }
}

/// A finite number.
pub(crate) fn finite_number(what: &str, value: f64) -> Result<()> {
    check(what, value, value.is_finite(), "a finite number")
}

/// A finite number above 0.
pub(crate) fn positive(what: &str, value: f64) -> Result<()> {
    let holds = value > 0.0 && value.is_finite();
    check(what, value, holds, "a finite number above 0")
}

/// A finite number, 0 or greater.
pub(crate) fn not_negative(what: &str, value: f64) -> Result<()> {
    let holds = value >= 0.0 && value.is_finite();
    check(what, value, holds, "a finite number, 0 or greater")
}

/// Strictly between 0 and 1.
pub(crate) fn inner_share(what: &str, value: f64) -> Result<()> {
    let holds = value > 0.0 && value < 1.0;
    check(what, value, holds, "between 0 and 1, both excluded")
}

/// `value`, if it is finite: what is computed from finite numbers may overflow, or be 0 / 0 of what is below the
/// smallest. `what` is the quantity.
pub(crate) fn number(what: &'static str, value: f64) -> Result<f64> {
    match value.is_finite() {
        true => Ok(value),
        false => Err(beyond_numbers(what)),
    }
}

/// [`number`] of many.
pub(crate) fn numbers<'a>(
    what: &'static str,
    values: impl IntoIterator<Item = &'a f64>,
) -> Result<()> {
    match values.into_iter().all(|value| value.is_finite()) {
        true => Ok(()),
        false => Err(beyond_numbers(what)),
    }
}

/// The error of a quantity that is infinite or NaN although what it is computed from is finite.
pub(crate) fn beyond_numbers(what: &'static str) -> Error {
    Error::Undefined {
        what,
        reason: "it overflows, or what it is computed from is too large or too small".to_owned(),
        remedy: "Give the values in another unit.",
    }
}

/// Fails unless the memory has room for `rows` × `columns` numbers. `what` is the argument that asks for so many.
pub(crate) fn room_for(what: &str, rows: usize, columns: usize) -> Result<()> {
    match columns {
        1 => room_for_items::<f64>(what, &[rows]),
        _ => room_for_items::<f64>(what, &[rows, columns]),
    }
}

/// Fails unless the memory has room for an array of these lengths: asked of the allocator, whose refusal would otherwise end the
/// process.
pub(crate) fn room_for_items<T>(what: &str, lengths: &[usize]) -> Result<()> {
    if is_shape(lengths) && has_room::<T>(lengths.iter().product()) {
        return Ok(());
    }
    let lengths: Vec<String> = lengths.iter().map(usize::to_string).collect();
    let expected = "fewer: the memory of this machine can't hold so many";
    Err(out_of_range(what, lengths.join(" × "), expected))
}

/// Whether an array can have these lengths, of which a 0 doesn't count: strides of the others are there even if it is empty.
fn is_shape(lengths: &[usize]) -> bool {
    let mut along = lengths.iter().filter(|&&length| length > 0);
    let product = along.try_fold(1_usize, |product, &length| product.checked_mul(length));
    product.is_some_and(|product| isize::try_from(product).is_ok())
}

fn has_room<T>(items: usize) -> bool {
    let mut room: Vec<T> = Vec::new();
    let is_there = room.try_reserve_exact(items).is_ok();
    // Memory that nobody looks at need not be asked for: the optimiser could take it as given.
    black_box(&room);
    is_there
}

/// At least one of what is to be counted or simulated.
pub(crate) fn at_least_one(what: &str, value: usize) -> Result<()> {
    check(what, value, value > 0, "at least 1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let message = |result: Result<()>| result.unwrap_err().to_string();
        assert_eq!(
            message(finite("y", &array![1.0, f64::NAN])),
            "`y[1]` is NaN, but it must be a finite number."
        );
        let matrix = array![[1.0, f64::INFINITY]];
        assert!(message(finite_matrix("`x`", &matrix)).starts_with("`x`, row 0, column 1, is inf"));
        assert!(finite_matrix("`x`", &Array2::zeros((0, 2))).is_err());
        assert!(finite_entries("`x`", &Array2::zeros((0, 2))).is_ok());
        for wrong in [0.0, 1.0, -0.5, f64::NAN] {
            assert!(message(inner_share("`alpha`", wrong)).contains("both excluded"));
        }
        for wrong in [0.0, -1.0, f64::INFINITY, f64::NAN] {
            assert!(positive("`c`", wrong).is_err());
        }
        assert!(not_negative("`c`", 0.0).is_ok() && not_negative("`c`", f64::NAN).is_err());
        assert!(at_least_one("`n`", 0).is_err());
        assert_eq!(number("x", 2.0).unwrap(), 2.0);
        for beyond in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(
                message(number("the mean", beyond).map(|_| ()))
                    .starts_with("the mean is not defined")
            );
            assert!(numbers("the mean", &[1.0, beyond]).is_err());
        }
        assert!(numbers("the mean", &[]).is_ok());
    }

    #[test]
    fn what_memory_cannot_hold_is_refused_and_what_it_can_is_not() {
        assert!(room_for("`n`", 1000, 1000).is_ok() && room_for("`n`", 0, 1000).is_ok());
        for (rows, columns) in [
            (usize::MAX, 1),
            (0, usize::MAX), // empty, but no array has so many columns
            (usize::MAX, usize::MAX),
            (1 << 50, 1),
            (1 << 31, 1 << 30),
        ] {
            let message = room_for("`n`", rows, columns).unwrap_err().to_string();
            assert!(message.contains("can't hold so many"), "{message}");
        }
    }
}
