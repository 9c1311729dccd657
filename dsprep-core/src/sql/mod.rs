//! SQL on SQLite: queries as data frames, and the joins of question 16.

mod joins;
mod query;

#[doc(hidden)]
pub mod ffi_exports;

pub use joins::{Join, customers_and_orders};
pub use query::query;
