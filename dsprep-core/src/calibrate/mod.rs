//! Scores made into probabilities, on data that the model was not fitted to.
//!
//! | method | shape | needs |
//! |---|---|---|
//! | [`Platt`] | a logistic curve | few rows: two parameters |
//! | [`Isotonic`] | any that does not fall | a thousand rows or so |
//!
//! Whether it is needed is told by [`calibration_curve`](crate::evaluate::calibration_curve) and
//! [`expected_calibration_error`](crate::evaluate::expected_calibration_error). Neither changes the order of
//! the rows, but isotonic regression makes ties of it.

mod isotonic;
mod platt;

pub use isotonic::Isotonic;
pub use platt::Platt;
