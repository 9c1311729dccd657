//! Linear models and what goes before them.

mod logistic;
#[cfg(test)]
pub(crate) mod original;
mod pipeline;
mod scaler;

pub(crate) use logistic::sigmoid;

pub use logistic::LogisticRegression;
pub use pipeline::ScaledLogistic;
pub use scaler::StandardScaler;

use crate::error::count;
use crate::evaluate::finite_matrix;
use crate::{Error, Result};
use ndarray::ArrayRef2;

/// Fails unless `x` has `columns` columns and only finite values.
fn check_columns(x: &ArrayRef2<f64>, columns: usize) -> Result<()> {
    if x.ncols() != columns {
        return Err(Error::Shape {
            what: "`x`",
            found: count(x.ncols(), "column"),
            expected: format!("{}, as in `fit`", count(columns, "column")),
        });
    }
    finite_matrix("`x`", x)
}
