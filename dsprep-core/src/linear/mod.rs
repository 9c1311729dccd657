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
mod ridge;
mod scaler;
mod solve;
mod weighted_logistic;

pub(crate) use solve::solve_positive_definite;

pub use lasso::{largest_alpha, lasso, lasso_path};
pub use logistic::LogisticRegression;
pub use path::RegularisationPath;
pub use pipeline::ScaledLogistic;
pub use polynomial::{DegreeCurve, Polynomial, degree_curve};
pub use regression::LinearRegression;
pub use ridge::{ridge, ridge_path};
pub use scaler::StandardScaler;
