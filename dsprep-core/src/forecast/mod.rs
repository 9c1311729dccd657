//! Forecasts of a series.

mod backtest;
mod checks;
mod drift;
mod exponential;
mod holt_winters;
mod intervals;
mod naive;
mod search;

pub use backtest::{Backtest, Fold, RollingOrigin, backtest};
pub use drift::drift;
pub use exponential::ExponentialSmoothing;
pub use holt_winters::HoltWinters;
pub use intervals::{PredictionInterval, conformal_interval, empirical_interval, normal_interval};
pub use naive::seasonal_naive;
