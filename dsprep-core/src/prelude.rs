//! All that a notebook needs: `use dsprep_core::prelude::*;`.
//!
//! No name here hides one of the standard library's. The error type is `dsprep_core::Error`.

pub use crate::display::{
    ByRef, DebugDisplay, RichDisplay, display, display_update, display_with_id, round,
};
pub use crate::df;
pub use crate::evaluate::{coverage, mae, mape, mase, rmse, smape, winkler};
pub use crate::forecast::seasonal_naive;
pub use crate::neural::{
    Attention, attention, causal_mask, masked_attention, row_entropy, softmax, softmax_rows,
    streaming_attention,
};
pub use crate::plot::{Figure, Labels, attention_heatmap, forecast_chart, join_diagram};
pub use crate::random::RandomState;
pub use crate::sql::{Join, customers_and_orders, hash_join, query};

pub use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayView2, Axis, array, s};
pub use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, IntoLazy, IntoSeries, JoinArgs, JoinType, LazyFrame,
    NamedFrom, Series, SortMultipleOptions, col, lit, when,
};
pub use rusqlite::{Connection, params};
