//! Checks of arguments, with their messages.

use crate::{Error, Result};
use ndarray::ArrayRef1;

/// Strictly between 0 and 1.
pub(super) fn check_share(what: &str, value: f64) -> Result<()> {
    check(
        what,
        value,
        value > 0.0 && value < 1.0,
        "between 0 and 1, both excluded",
    )
}

/// A finite number above 0.
pub(super) fn check_positive(what: &str, value: f64) -> Result<()> {
    check(
        what,
        value,
        value > 0.0 && value.is_finite(),
        "a finite number above 0",
    )
}

/// A finite number.
pub(super) fn check_finite(what: &str, value: f64) -> Result<()> {
    check(what, value, value.is_finite(), "a finite number")
}

/// At least `n` finite values.
pub(super) fn check_sample(what: &'static str, values: &ArrayRef1<f64>, n: usize) -> Result<()> {
    if values.len() < n {
        return Err(Error::Shape {
            what,
            found: crate::error::count(values.len(), "value"),
            expected: format!("at least {n}"),
        });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => check_finite(&format!("{what}[{at}]"), values[at]),
        None => Ok(()),
    }
}

/// At least one of what is to be counted or simulated.
pub(super) fn check_at_least_one(what: &str, value: usize) -> Result<()> {
    if value > 0 {
        return Ok(());
    }
    Err(out_of_range(what, value, "at least 1"))
}

pub(super) fn out_of_range(what: &str, found: impl ToString, expected: &'static str) -> Error {
    Error::OutOfRange {
        what: what.to_owned(),
        found: found.to_string(),
        expected,
    }
}

fn check(what: &str, value: f64, holds: bool, expected: &'static str) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(out_of_range(what, value, expected))
    }
}
