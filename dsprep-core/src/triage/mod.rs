//! Good offline, poor in production: three different things, and how to find each (question 28).
//!
//! | | what it is | how it shows | here |
//! |---|---|---|---|
//! | leakage | the training data know what the model can't know when it is used | offline far better than any new data | [`TargetEncoder`], [`shared_rows`], [`known_too_late`], [`single_feature_aucs`] |
//! | skew | the features are computed differently when serving | the same row, two values | [`row_parity`], [`feature_skew`] |
//! | shift | the world has changed | the inputs differ ([`domain_auc`]), or what follows from them does ([`calibration_in_the_large`]) | [`Season`] |
//!
//! Skew and leakage are bugs; shift is not, and no pipeline test finds it. The words follow Sculley
//! et al., "Hidden technical debt in machine learning systems", 2015, Kaufman et al., "Leakage in
//! data mining", 2012, and Moreno-Torres et al., "A unifying view on dataset shift in
//! classification", 2012.

mod duplicates;
mod future;
mod seeded_faults;
mod shift;
mod skew;
mod target_encoding;

pub use duplicates::{shared_rows, shared_rows_by_pairs};
pub use future::{as_of, known_too_late, single_feature_aucs};
pub use seeded_faults::{Fault, Symptoms, faulty_systems};
pub use shift::{CalibrationTest, Period, Season, calibration_in_the_large, domain_auc};
pub use skew::{FeatureSkew, ParityFault, feature_skew, row_parity};
pub use target_encoding::{
    EncodingLeak, TargetEncoder, encode_out_of_fold, encoding_leak, shuffled_folds,
};

use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef2;

/// Fails unless there is one name for each column of `x`.
fn check_names(names: &[&str], x: &ArrayRef2<f64>) -> Result<()> {
    if names.len() == x.ncols() {
        return Ok(());
    }
    Err(Error::Shape {
        what: "`names`",
        found: count(names.len(), "name"),
        expected: format!("{}, one for each column", count(x.ncols(), "name")),
    })
}

/// Fails unless `other` has the columns that `first` has.
fn same_columns(
    first: &ArrayRef2<f64>,
    what: &'static str,
    other: &ArrayRef2<f64>,
    as_in: &str,
) -> Result<()> {
    if first.ncols() == other.ncols() {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        found: count(other.ncols(), "column"),
        expected: format!("{}, as `{as_in}`", count(first.ncols(), "column")),
    })
}
