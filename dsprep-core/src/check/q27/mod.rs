//! Question 27: precision, recall and F-beta from counts, precision at another prevalence, average precision.

mod counts;
mod ranking;

pub use counts::{check_q27_metrics, check_q27_precision_at};
pub use ranking::check_q27_average_precision;
