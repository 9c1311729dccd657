//! How good is it? Metrics, from their definitions.

pub mod drift;

mod bias_variance;
mod calibration;
mod checks;
mod classification;
mod confusion;
mod cost;
mod delong;
mod dummy;
mod forecast;
mod forecast_distribution;
mod precision_recall;
mod probability;
mod ranking;
mod report;
mod roc;
#[cfg(test)]
mod sample;

pub(crate) use checks::{binary, finite, finite_matrix};

pub use bias_variance::{BiasVariance, NoisyFunction, bias_variance};
pub use calibration::{Binning, CalibrationBin, calibration_curve, expected_calibration_error};
pub use classification::{
    accuracy, balanced_accuracy, f_beta, f1, matthews_correlation, precision, recall,
};
pub use confusion::{BinaryConfusion, confusion_matrix};
pub use cost::{CheapestThreshold, Costs, cheapest_threshold, expected_cost};
pub use delong::{AucDifference, AucInterval, roc_auc_difference, roc_auc_interval};
pub use dummy::MostFrequent;
pub use forecast::{coverage, mae, mape, mase, rmse, smape, winkler};
pub use forecast_distribution::{crps_by_pairs, crps_normal, crps_sample, pinball_loss};
pub use precision_recall::{PrecisionRecallCurve, average_precision, precision_recall_curve};
pub use probability::{brier_score, log_loss};
pub use report::{ClassRow, ClassificationReport, classification_report};
pub use roc::{RocCurve, roc_auc, roc_auc_by_pairs, roc_curve};
