//! How good is it? Metrics, from their definitions.

mod forecast;

pub use forecast::{coverage, mae, mape, mase, rmse, smape, winkler};
