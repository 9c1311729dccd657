//! Has a distribution changed? (question 25)
//!
//! | for | test | effect size |
//! |---|---|---|
//! | numbers | [`ks_two_sample`] | its statistic, the largest gap of the two distribution functions |
//! | numbers in bins | - | [`population_stability_index`] |
//! | categories | [`category_drift`] | Cramér's V |
//! | numbers | - | [`wasserstein_distance`], in the values' own unit |
//! | shares | - | [`jensen_shannon_distance`], from 0 to 1 |
//!
//! With enough rows a p-value finds any difference, however small; with enough features it finds
//! one where there is none. Decide by the effect size, and correct the p-values for their number.

mod categories;
mod distances;
mod kolmogorov;
mod ks;
mod psi;
mod quantile;

pub use categories::{ChiSquareTest, category_drift, chi_square_homogeneity};
pub use distances::{jensen_shannon_distance, wasserstein_distance};
pub use kolmogorov::kolmogorov_survival;
pub use ks::{KsMethod, KsTest, ks_statistic, ks_two_sample};
pub use psi::{PsiBin, StabilityIndex, population_stability_index};

pub(crate) use ks::ks_of_sorted;
pub(crate) use psi::psi_of_sorted;
pub(crate) use quantile::quantile;

use crate::checks::finite;
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// The finite values of both samples, sorted.
fn sorted_samples(
    reference: &ArrayRef1<f64>,
    current: &ArrayRef1<f64>,
) -> Result<(Vec<f64>, Vec<f64>)> {
    for (what, sample) in [("`reference`", reference), ("`current`", current)] {
        if sample.is_empty() {
            return Err(Error::Empty {
                what,
                item: "value",
            });
        }
    }
    finite("reference", reference)?;
    finite("current", current)?;
    let sorted = |sample: &ArrayRef1<f64>| {
        let mut values = sample.to_vec();
        values.sort_by(f64::total_cmp);
        values
    };
    Ok((sorted(reference), sorted(current)))
}
