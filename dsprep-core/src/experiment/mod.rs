//! Experiments: planning, reading and ending an A/B test (question 26).
//!
//! | step | what helps |
//! |---|---|
//! | plan | [`sample_size_proportions`], [`sample_size_means`], [`minimum_detectable_effect_proportions`], [`traffic_table`] |
//! | check | [`sample_ratio_mismatch`], [`simulated_power`], [`simulate_peeking`] |
//! | read | [`two_proportion_z_test`], [`risk_ratio`], [`welch_t_test`], [`bootstrap_interval`], [`Cuped`] |
//! | few users, other metrics | [`wilson_interval`], [`fisher_exact`], [`permutation_test`], [`mann_whitney`], [`ratio_metric_test`] |
//! | show that nothing is lost | [`non_inferiority_proportions`], [`non_inferiority_means`] |
//! | earn while learning | [`ThompsonSampling`] |
//! | understand | [`simulate_p_values`], [`simulate_error_rates`], [`simulate_findings`] |
//! | many metrics | [`bonferroni`], [`holm`], [`benjamini_hochberg`] |
//! | many looks | [`group_sequential_boundaries`], [`MixtureSprt`] |
//! | roll out | [`rollout_plan`], [`decide`] |
//!
//! Many metrics and many looks are two problems: a correction for one does not mend the other.

mod bootstrap;
mod checks;
mod cuped;
mod delta_method;
mod design;
mod detectable;
mod fisher;
mod group_sequential;
mod mann_whitney;
mod mixture_sprt;
mod multiple;
mod non_inferiority;
mod p_value;
mod peeking;
mod permutation;
mod risk_ratio;
mod rollout;
mod sample_size;
mod simulated_power;
mod srm;
mod thompson;
mod traffic;
mod welch;
mod wilson;
mod z_test;

pub use crate::alternative::Alternative;
pub use bootstrap::{BootstrapMethod, bootstrap_interval};
pub use cuped::Cuped;
pub use delta_method::{RatioMetric, RatioMetricTest, ratio_metric, ratio_metric_test};
pub use design::{Design, Lift, SampleSize, Sides, Variance};
pub use detectable::{minimum_detectable_effect_means, minimum_detectable_effect_proportions};
pub use fisher::{FisherExact, fisher_exact};
pub use group_sequential::{Look, Spending, group_sequential_boundaries};
pub use mann_whitney::{MannWhitney, mann_whitney};
pub use mixture_sprt::{AlwaysValid, MixtureSprt};
pub use multiple::{benjamini_hochberg, bonferroni, holm};
pub use non_inferiority::{NonInferiority, non_inferiority_means, non_inferiority_proportions};
pub use p_value::{
    ErrorRates, Findings, simulate_error_rates, simulate_findings, simulate_p_values,
};
pub use peeking::{PeekingRates, simulate_peeking};
pub use permutation::{PermutationTest, permutation_test};
pub use risk_ratio::{RiskRatio, risk_ratio};
pub use rollout::{Guardrails, Observation, RolloutDecision, Stage, decide, rollout_plan};
pub use sample_size::{power_means, power_proportions, sample_size_means, sample_size_proportions};
pub use simulated_power::simulated_power;
pub use srm::{SampleRatio, sample_ratio_mismatch};
pub use thompson::ThompsonSampling;
pub use traffic::{
    TrafficRow, days_needed, standard_error_of_difference, traffic_table,
    traffic_table_as_published,
};
pub use welch::{WelchTest, welch_t_test};
pub use wilson::{newcombe_interval, wilson_interval};
pub use z_test::{Conversions, ZTest, two_proportion_z_test};
