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
//! | [`classify`], [`cluster`] | nearest neighbours, naive Bayes; k-means, principal components |
//! | [`calibrate`], [`imbalance`] | scores made into probabilities; few positives |
//! | [`triage`] | leakage, skew and shift: good offline, poor in production (question 28) |
//! | [`monitor`] | drift, performance, retraining, shadow and rollback of a live model (question 25) |
//! | [`frame`] | small data frames, written down in a cell |
//! | [`fraud`] | a fraud scorer: streaming features, rules, model, state (question 24) |
//! | [`text`] | tokenizers: words, characters, byte pairs, WordPiece (question 22) |
//! | [`recommend`] | candidates, ranking, re-ranking, capacity (question 23) |
//! | [`experiment`] | A/B tests: power, peeking, CUPED, rollout (question 26) |
//! | [`interview`] | a STAR story and its review (question 29), flash cards of all questions |
//! | [`saved`] | models as JSON files |
//! | [`sources`] | the library's own code, as a notebook shows it |
//! | [`plot`], [`display`] | figures, tables and arrays as a notebook shows them |
//! | [`check`] | what the exercises of the notebooks call |
//!
//! A notebook needs one line:
//!
//! ```
//! use dsprep_core::prelude::*;
//! ```
//!
//! # One language
//!
//! - **Order of arguments**: data first, then a function, then numbers, and last the generator. A model is fitted to `(x, y)`, a
//!   metric compares `(y_true, y_pred)` or `(y_true, scores)`, a test compares `(control, treatment)` or `(reference, current)`.
//! - **Data** are arrays, from `frame.to_array(["a", "b"])` or `column.to_array()`. A few numbers that are written down (p-values,
//!   shares, sizes of steps) and lists of ids are slices. What belongs to both arms is a pair, the control first.
//! - **Confidence**: an interval has a `confidence`, 0.95; a test has an `alpha`, 0.05. The side of a test is an
//!   [`Alternative`]: an argument, or, where the test also gives a two-sided interval, `test.p_value_for(alternative)`.
//! - **Options**: what a function cannot do without is an argument; what has a default is an option, set by a method of its
//!   name: `TowerOptions::default().epochs(3)`, `RandomForest::classifier().trees(50)`.
//! - **Randomness**: whatever draws takes `rng: &mut RandomState`. (A `WeekStream` alone has a seed, as any of its weeks can be
//!   drawn at any time, in any order, again.)
//! - **Probabilities**: `predict_proba` gives rows × classes, by all classifiers; those for two classes also have `probabilities`,
//!   of class 1, one for each row: what metrics take.
//! - **Results** are structs with [`Summarise`](display::Summarise): shown as a table, printed by `{}`, and a data frame by
//!   `to_frame()`. What is fitted can be [`Saved`](saved::Saved).
//!
//! The libraries that the notebooks use are re-exported, so that a cell depends on this crate alone.

pub mod calibrate;
pub mod cell;
pub mod check;
pub mod classify;
pub mod cluster;
pub mod display;
pub mod evaluate;
pub mod experiment;
pub mod forecast;
pub mod frame;
pub mod fraud;
pub mod imbalance;
pub mod interview;
pub mod linear;
pub mod monitor;
pub mod neural;
pub mod plot;
pub mod prelude;
pub mod random;
pub mod recommend;
pub mod saved;
pub mod sources;
pub mod sql;
pub mod text;
pub mod trees;
pub mod triage;

mod alternative;
mod checks;
mod distribution;
mod error;
mod exp;
mod interval;
mod memory;
mod moments;
mod options;
mod results;
mod sigmoid;

pub use alternative::Alternative;
pub use error::{Error, Result};
pub use interval::Interval;

pub use ndarray;
pub use plotters;
pub use polars;
pub use rusqlite;
pub use statrs;
