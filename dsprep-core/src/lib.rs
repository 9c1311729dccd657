//! The algorithms behind the dsprep notebooks.
//!
//! Each folder is a topic, each file one algorithm, written the plain way an interviewer expects. A
//! module's header says which question it answers and whom it follows.
//!
//! | topic | what it holds |
//! |---|---|
//! | [`random`] | NumPy's legacy generator, equal bit for bit |
//! | [`sql`] | SQLite queries as data frames: joins (question 16), duplicates (17), top n (18) |
//! | [`neural`] | networks and autodiff (question 19), attention (20), transfer (21) |
//! | [`forecast`] | naive forecasts, smoothing, intervals, backtests (question 30) |
//! | [`evaluate`] | metrics of classifiers (question 27) and forecasts (30), drift (25) |
//! | [`linear`] | logistic regression and scaling (question 28), ridge and lasso (card) |
//! | [`trees`] | decision tree, random forest, gradient boosting (card, 23, 24) |
//! | [`triage`] | leakage, skew and shift: good offline, poor in production (question 28) |
//! | [`monitor`] | drift, performance, retraining, shadow and rollback of a live model (question 25) |
//! | [`frame`] | small data frames, written down in a cell |
//! | [`fraud`] | a fraud scorer: streaming features, rules, model, state (question 24) |
//! | [`text`] | tokenizers: words, characters, byte pairs, WordPiece (question 22) |
//! | [`recommend`] | candidates, ranking, re-ranking, capacity (question 23) |
//! | [`experiment`] | A/B tests: power, peeking, CUPED, rollout (question 26) |
//! | [`interview`] | a STAR story and its review (question 29), flash cards of all questions |
//! | [`plot`], [`display`] | figures, tables and arrays as a notebook shows them |
//! | [`check`] | what the exercises of the notebooks call |
//!
//! A notebook needs one line:
//!
//! ```
//! use dsprep_core::prelude::*;
//! ```
//!
//! The libraries that the notebooks use are re-exported, so that a cell depends on this crate alone.

pub mod cell;
pub mod check;
pub mod display;
pub mod evaluate;
pub mod experiment;
pub mod forecast;
pub mod frame;
pub mod fraud;
pub mod interview;
pub mod linear;
pub mod monitor;
pub mod neural;
pub mod plot;
pub mod prelude;
pub mod random;
pub mod recommend;
pub mod sql;
pub mod text;
pub mod trees;
pub mod triage;

mod error;
mod exp;
mod memory;

pub use error::{Error, Result};

pub use ndarray;
pub use plotters;
pub use polars;
pub use rusqlite;
pub use statrs;
