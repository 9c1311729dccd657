//! Forecasts of a series.

mod naive;

pub use naive::seasonal_naive;
