//! The check of a sample.

use crate::checks::finite;
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// At least `n` finite values. `what` is the name in quotes.
pub(super) fn check_sample(what: &'static str, values: &ArrayRef1<f64>, n: usize) -> Result<()> {
    if values.len() < n {
        return Err(Error::Shape {
            what,
            found: count(values.len(), "value"),
            expected: format!("at least {n}"),
        });
    }
    finite(what.trim_matches('`'), values)
}
