//! Experiments: planning, reading and ending an A/B test (question 26).
//!
//! | step | what helps |
//! |---|---|
//! | plan | [`sample_size_proportions`], [`sample_size_means`], [`traffic_table`] |
//! | check | [`sample_ratio_mismatch`], [`simulated_power`], [`simulate_peeking`] |
//! | read | [`two_proportion_z_test`], [`risk_ratio`], [`welch_t_test`], [`bootstrap_interval`], [`Cuped`] |
//! | understand | [`simulate_p_values`], [`simulate_error_rates`], [`simulate_findings`] |
//! | many metrics | [`bonferroni`], [`holm`], [`benjamini_hochberg`] |
//! | many looks | [`group_sequential_boundaries`], [`MixtureSprt`] |
//! | roll out | [`rollout_plan`], [`decide`] |
//!
//! Many metrics and many looks are two problems: a correction for one does not mend the other.

mod bootstrap;
mod checks;
mod cuped;
mod design;
mod group_sequential;
mod mixture_sprt;
mod multiple;
mod normal;
mod p_value;
mod peeking;
mod risk_ratio;
mod rollout;
mod sample_size;
mod simulated_power;
mod srm;
mod traffic;
mod welch;
mod z_test;

pub use bootstrap::{BootstrapMethod, bootstrap_interval};
pub use cuped::Cuped;
pub use design::{Design, Lift, SampleSize, Sides, Variance};
pub use group_sequential::{Look, Spending, group_sequential_boundaries};
pub use mixture_sprt::{AlwaysValid, MixtureSprt};
pub use multiple::{benjamini_hochberg, bonferroni, holm};
pub use p_value::{
    ErrorRates, Findings, simulate_error_rates, simulate_findings, simulate_p_values,
};
pub use peeking::{PeekingRates, simulate_peeking};
pub use risk_ratio::{RiskRatio, risk_ratio};
pub use rollout::{Decision, Guardrails, Observation, Stage, decide, rollout_plan};
pub use sample_size::{power_means, power_proportions, sample_size_means, sample_size_proportions};
pub use simulated_power::simulated_power;
pub use srm::{SampleRatio, sample_ratio_mismatch};
pub use traffic::{
    TrafficRow, days_needed, standard_error_of_difference, traffic_table,
    traffic_table_as_published,
};
pub use welch::{WelchTest, welch_t_test};
pub use z_test::{Conversions, ZTest, two_proportion_z_test};
