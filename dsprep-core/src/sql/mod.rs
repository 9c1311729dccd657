//! SQL on SQLite: queries as data frames, and the joins of question 16.

mod hash_join;
mod joins;
mod query;

#[doc(hidden)]
pub mod ffi_exports;

pub use hash_join::hash_join;
pub use joins::{Join, customers_and_orders};
pub use query::query;
