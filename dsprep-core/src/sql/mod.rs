//! SQL on SQLite: queries as data frames, and questions 16 to 18.
//!
//! | question | what it holds |
//! |---|---|
//! | 16, joins | [`Join`], [`hash_join`], the as-of join [`as_of_join`] |
//! | 17, duplicates | [`DuplicateRule`] |
//! | 18, top n of each group | [`top_customers`], [`Ranking`], [`top_n_per_group`] by a heap |
//! | windows | [`sessions`], [`islands`] (gaps and islands), [`running_totals`] |
//! | all | [`query`], the plan of a statement [`query_plan`], and what it costs [`query_work`] |

mod as_of;
mod duplicates;
mod hash_join;
mod joins;
mod many_orders;
mod plan;
mod query;
mod ranking;
mod sessions;
mod top_k;
mod top_n;

#[doc(hidden)]
pub mod ffi_exports;

pub use as_of::{
    as_of_by_polars, as_of_join, as_of_join_by_merge, as_of_sql, churn_history, leaking_sql,
};
pub use duplicates::{DuplicateRule, NullKeys, events};
pub use hash_join::hash_join;
pub use joins::{Join, customers_and_orders};
pub use many_orders::many_orders;
pub use plan::{PlanStep, QueryPlan, QueryWork, query_plan, query_work, work_table};
pub use query::query;
pub use ranking::{Ranking, ranks};
pub use sessions::{islands, running_totals, sessions};
pub use top_k::{RankedRow, top_k, top_n_per_group};
pub use top_n::{top_customers, top_customers_by_polars, top_customers_of_all_months};
