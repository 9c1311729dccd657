//! The checks that the forecasts share.

use crate::checks::finite_values;
use crate::error::count;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};

/// Fails if there are fewer than `least` values or if one is not finite.
pub(super) fn finite_history(history: &ArrayRef1<f64>, least: usize) -> Result<()> {
    if history.len() < least {
        return Err(Error::Shape {
            what: "`history`",
            found: count(history.len(), "value"),
            expected: format!("at least {}", count(least, "value")),
        });
    }
    finite("history", history)
}

/// Fails if a value is NaN or infinite.
pub(super) fn finite(what: &str, values: &ArrayRef1<f64>) -> Result<()> {
    finite_values(what, values, "a finite number; fill the gap first")
}

/// Fails unless a smoothing parameter lies between 0 and 1.
pub(super) fn smoothing(what: &str, value: f64) -> Result<()> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what: format!("`{what}`"),
        found: value.to_string(),
        expected: "between 0 (never learns) and 1 (forgets at once)",
    })
}

/// Fails unless the confidence of an interval lies strictly between 0 and 1.
pub(super) fn interval_confidence(confidence: f64) -> Result<()> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what: "`confidence`".to_owned(),
        found: confidence.to_string(),
        expected: "between 0 and 1: 0.95 for a 95 % interval",
    })
}

/// `history` in a unit in which its squared errors do not underflow: as it is, unless all of it is tiny. The unit is a power of
/// two, by which nothing is rounded.
pub(super) fn in_its_unit(history: &ArrayRef1<f64>) -> Array1<f64> {
    const TINY: f64 = 1e-100;
    let largest = history.fold(0.0_f64, |largest, y| largest.max(y.abs()));
    match largest < TINY {
        true => history.mapv(|y| y * 2.0_f64.powi(700)),
        false => history.to_owned(),
    }
}

/// The error of a history whose squared errors, or whose forecasts, overflow.
pub(super) fn too_large() -> Error {
    Error::Undefined {
        what: "the smoothed series",
        reason: "`history` is so large that its squared errors overflow".to_owned(),
        remedy: "Give the history in another unit.",
    }
}
