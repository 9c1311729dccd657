//! How good is it? Metrics, from their definitions.

pub mod drift;

mod bias_variance;
mod calibration;
mod checks;
mod classification;
mod confusion;
mod cost;
mod cross_validation;
mod delong;
mod diebold_mariano;
mod dummy;
mod forecast;
mod forecast_distribution;
mod forecast_total;
mod group_folds;
mod permutation_importance;
mod precision_recall;
mod probability;
mod ranking;
mod report;
mod roc;
#[cfg(test)]
mod sample;

pub(crate) use checks::{binary, probabilities, same_length};

/// More bins than this tell nothing, and would take memory for each.
pub(crate) const MOST_BINS: usize = 100_000;

pub use bias_variance::{BiasVariance, NoisyFunction, bias_variance};
pub use calibration::{Binning, CalibrationBin, calibration_curve, expected_calibration_error};
pub use classification::{
    accuracy, balanced_accuracy, f_beta, f1, matthews_correlation, precision, recall,
};
pub use confusion::{BinaryConfusion, class_labels, confusion_matrix};
pub use cost::{CheapestThreshold, Costs, cheapest_threshold, expected_cost};
pub use cross_validation::{CrossValidation, cross_validate, stratified_folds};
pub use delong::{
    AucDifference, AucInterval, FEWEST_FOR_DELONG, roc_auc_difference, roc_auc_interval,
};
pub use diebold_mariano::{DieboldMariano, diebold_mariano};
pub use dummy::MostFrequent;
pub use forecast::{coverage, mae, mape, mase, rmse, smape, winkler};
pub use forecast_distribution::{crps_by_pairs, crps_normal, crps_sample, pinball_loss};
pub use forecast_total::{forecast_bias, rmsse, wape};
pub use group_folds::group_folds;
pub use permutation_importance::{FeatureImportance, permutation_importance};
pub use precision_recall::{PrecisionRecallCurve, average_precision, precision_recall_curve};
pub use probability::{brier_score, log_loss};
pub use report::{ClassRow, ClassificationReport, classification_report};
pub use roc::{RocCurve, roc_auc, roc_auc_by_pairs, roc_curve};
