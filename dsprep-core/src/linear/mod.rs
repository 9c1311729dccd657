//! Linear models and what goes before them (question 28 and the reference card).
//!
//! | model | penalty |
//! |---|---|
//! | [`LinearRegression::fit`] | none: least squares |
//! | [`ridge`] | L2: all weights become smaller |
//! | [`lasso`] | L1: some weights become exactly 0 |
//! | [`LogisticRegression`] | L2 |
//! | [`Polynomial`] | none; the degree decides between under- and overfitting |

mod lasso;
mod logistic;
mod logistic_loss;
#[cfg(test)]
pub(crate) mod original;
mod path;
mod pipeline;
mod polynomial;
mod regression;
mod scaler;
mod solve;

pub(crate) use logistic::sigmoid;

pub use lasso::{largest_alpha, lasso, lasso_path};
pub use logistic::LogisticRegression;
pub use path::RegularisationPath;
pub use pipeline::ScaledLogistic;
pub use polynomial::{DegreeCurve, Polynomial, degree_curve};
pub use regression::{LinearRegression, ridge, ridge_path};
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
