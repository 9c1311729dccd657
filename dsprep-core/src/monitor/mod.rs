//! A model that is watched, retrained, tried in shadow, promoted and rolled back (question 25).
//!
//! | step | question | here |
//! |---|---|---|
//! | the world | what can happen to a model? | [`WeekStream`]: drift of covariates and concept, faults, seasons, late labels |
//! | detect | has the input changed, and enough to matter? | [`DriftReference`], [`alarm_rate`] |
//! | measure | has the model become worse, on labels that have come in? | [`check_performance`] |
//! | decide | what is to be done, and why? | [`MonitorPolicy`], [`MonitorAction`] |
//! | act | train, shadow, promote, roll back | [`ModelLifecycle`], kept in SQLite |
//!
//! Drift is a reason to look, a drop of performance is a reason to retrain, and a retrained model is
//! promoted for being better, not for being new. The original's monitor is [`ModelHealthMonitor`]. After
//! Sculley et al., "Hidden technical debt in machine learning systems", 2015, Breck et al., "The ML test
//! score", 2017, and Gama et al., "A survey on concept drift adaptation", 2014.

mod alarm_rate;
mod cusum;
mod decision;
mod drift;
mod evidence;
mod lifecycle;
mod model;
mod original;
mod performance;
mod policy;
mod policy_change;
mod review;
mod store;
mod stream;
mod training;

pub use alarm_rate::alarm_rate;
pub use cusum::{Cusum, CusumState};
pub use decision::{
    MonitorAction, MonitorPolicy, MonitorTrigger, ReviewDecision, WeekMetrics, WeekReport,
};
pub use drift::{ColumnDrift, Correction, DataFault, DriftPolicy, DriftReference, DriftReport};
pub use lifecycle::{ModelLifecycle, ServedScores};
pub use model::{LinearScorer, ModelVersion, Status};
pub use original::{
    ModelHealthMonitor, OriginalData, OriginalDrift, OriginalDrop, OriginalPeriod, original_periods,
};
pub use performance::{Performance, PerformancePolicy, check_performance};
pub use policy::PolicyVersion;
pub use stream::{Change, Fault, Week, WeekStream};

pub(crate) use policy::settings_in_words;

use crate::Error;
use crate::error::out_of_range;

/// The error of a stored value that this library did not write.
fn damaged(what: &str, found: impl ToString) -> Error {
    out_of_range(what, found, "what `save` wrote; restore a backup")
}
