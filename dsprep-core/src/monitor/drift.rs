//! Has the week drifted? All features at once (question 25).
//!
//! Three things have to be right before a week counts as drifted. The p-value of the Kolmogorov-Smirnov
//! test, *corrected for the number of columns*, says whether there is a difference; the *effect size* (the
//! statistic itself, or the population stability index) says whether it is large enough to matter; and a
//! feature that is stuck or out of its range is no drift at all, but a fault to be mended. After Rabanser et
//! al., "Failing loudly", 2019, for many univariate tests with a correction, and Breck et al., "Data
//! validation for machine learning", 2019, for the faults.

use crate::alternative::Alternative;
use crate::checks::finite_matrix;
use crate::error::count;
use crate::error::out_of_range;
use crate::evaluate::MOST_BINS;
use crate::evaluate::drift::{KsMethod, ks_of_sorted, psi_of_sorted};
use crate::experiment::{benjamini_hochberg, holm};
use crate::options::options;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{ArrayRef2, ArrayView1};
use serde::{Deserialize, Serialize};

/// How the p-values of many columns are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Not at all: with 50 columns at α = 0.05, 92 of 100 stable weeks raise an alarm.
    None,
    /// Holm: the probability of any false alarm in a week stays below α.
    Holm,
    /// Benjamini and Hochberg: the expected share of false ones among the columns found stays below α.
    BenjaminiHochberg,
}

impl Correction {
    const ALL: [Correction; 3] = [
        Correction::None,
        Correction::Holm,
        Correction::BenjaminiHochberg,
    ];

    /// The correction in words, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Correction::None => "no correction",
            Correction::Holm => "Holm",
            Correction::BenjaminiHochberg => "Benjamini-Hochberg",
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|known| known.name() == name);
        found.ok_or_else(|| {
            out_of_range("the stored correction", name, "one that this library wrote")
        })
    }
}

options! {
    /// When a column counts as drifted, and when as broken.
    ///
    /// Unless told otherwise: α = 0.01 after Holm, KS ≥ 0.1 or PSI ≥ 0.1 in 10 bins, faults from a quarter of the rows on.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct DriftPolicy {
        /// A corrected p-value must be below this.
        pub alpha: f64 = 0.01,
        /// How p-values are corrected.
        pub correction: Correction = Correction::Holm,
        /// And the KS statistic must be at least this …
        pub min_ks: f64 = 0.1,
        /// … or the stability index at least this. 0 for both: any significant difference counts.
        pub min_psi: f64 = 0.1,
        /// The bins of the stability index.
        pub psi_bins: usize = 10,
        /// A column is stuck if a single value has grown by this share of the rows.
        pub stuck_share: f64 = 0.25,
        /// A column is out of range if this share of the rows lies outside the reference's range.
        pub outside_share: f64 = 0.25,
    }
}

/// A fault of a column that is not drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFault {
    /// One value has taken over.
    Stuck,
    /// Too many values are outside the range that the reference has.
    OutOfRange,
}

/// What was found in one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColumnDrift {
    /// The KS statistic: the largest gap between the two distribution functions.
    pub ks: f64,
    /// Its p-value (asymptotic).
    pub p_value: f64,
    /// The p-value after the correction.
    pub adjusted_p: f64,
    /// The population stability index.
    pub psi: f64,
    /// Whether the column is broken.
    pub fault: Option<DataFault>,
    /// Whether it has drifted: significant *and* large enough. A broken column has drifted too.
    pub drifted: bool,
}

/// What was found in all columns.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftReport {
    /// One for each column, in order.
    pub columns: Vec<ColumnDrift>,
}

impl DriftReport {
    /// The places of the columns that have drifted and are not broken.
    pub fn drifted(&self) -> Vec<usize> {
        self.places(|column| column.drifted && column.fault.is_none())
    }

    /// The places of the columns that are broken.
    pub fn broken(&self) -> Vec<usize> {
        self.places(|column| column.fault.is_some())
    }

    /// The largest KS statistic.
    pub fn largest_ks(&self) -> f64 {
        self.columns
            .iter()
            .map(|column| column.ks)
            .fold(0.0, f64::max)
    }

    /// The largest stability index.
    pub fn largest_psi(&self) -> f64 {
        self.columns
            .iter()
            .map(|column| column.psi)
            .fold(0.0, f64::max)
    }

    fn places(&self, wanted: impl Fn(&ColumnDrift) -> bool) -> Vec<usize> {
        let places = self.columns.iter().enumerate();
        places
            .filter(|(_, column)| wanted(column))
            .map(|(place, _)| place)
            .collect()
    }
}

/// What new weeks are compared with: the rows of the training, each column sorted once.
///
/// # Examples
/// ```
/// use dsprep_core::{monitor::{DriftPolicy, DriftReference}, random::RandomState};
/// let mut rng = RandomState::seed(4);
/// let reference = DriftReference::new(&rng.randn((2000, 3))?)?;
/// let mut week = rng.randn((1000, 3))?;
/// assert!(reference.check(&week, &DriftPolicy::default())?.drifted().is_empty());
/// week.column_mut(1).mapv_inplace(|value| value + 0.5);
/// assert_eq!(reference.check(&week, &DriftPolicy::default())?.drifted(), [1]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct DriftReference {
    /// Each column, from its smallest value to its largest.
    pub(crate) columns: Vec<Vec<f64>>,
}

checked!(DriftReference);

impl DriftReference {
    /// Sorts the columns of `x` (rows × columns).
    ///
    /// # Errors
    /// [`Error::Empty`] without rows or columns, [`Error::OutOfRange`] if a value is not finite.
    pub fn new(x: &ArrayRef2<f64>) -> Result<Self> {
        finite_matrix("the reference", x)?;
        let columns = x.columns().into_iter().map(sorted).collect();
        Ok(DriftReference { columns })
    }

    /// Compares each column of `current` (rows × the reference's columns). O(columns · rows log rows).
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of columns is not the reference's, [`Error::Empty`] without rows,
    /// [`Error::OutOfRange`] if a value is not finite or the policy makes no sense.
    pub fn check(&self, current: &ArrayRef2<f64>, policy: &DriftPolicy) -> Result<DriftReport> {
        policy.check()?;
        if current.ncols() != self.columns.len() {
            return Err(Error::Shape {
                what: "the week",
                found: count(current.ncols(), "column"),
                expected: format!("{}, as the reference", count(self.columns.len(), "column")),
            });
        }
        finite_matrix("the week", current)?;
        let pairs = self.columns.iter().zip(current.columns());
        let mut columns: Vec<ColumnDrift> = pairs
            .map(|(reference, column)| compare(reference, &sorted(column), policy))
            .collect();
        let p_values: Vec<f64> = columns.iter().map(|column| column.p_value).collect();
        let adjusted = match policy.correction {
            Correction::None => p_values,
            Correction::Holm => holm(&p_values)?,
            Correction::BenjaminiHochberg => benjamini_hochberg(&p_values)?,
        };
        for (column, adjusted_p) in columns.iter_mut().zip(adjusted) {
            let large = column.ks >= policy.min_ks || column.psi >= policy.min_psi;
            column.adjusted_p = adjusted_p;
            column.drifted = column.fault.is_some() || (adjusted_p < policy.alpha && large);
        }
        Ok(DriftReport { columns })
    }

    /// Whether what was read can be one.
    pub(super) fn check_stored(&self) -> Result<()> {
        let rows = self.columns.first().map_or(0, Vec::len);
        let fits = rows > 0
            && self.columns.iter().all(|column| {
                column.len() == rows && column.is_sorted() && column.iter().all(|v| v.is_finite())
            });
        unless_consistent(fits, "sorted columns of equal length")
    }
}

impl DriftPolicy {
    /// Fails if a setting makes no sense.
    pub(super) fn check(&self) -> Result<()> {
        for (what, share) in [
            ("`alpha`", self.alpha),
            ("`stuck_share`", self.stuck_share),
            ("`outside_share`", self.outside_share),
        ] {
            if !(share > 0.0 && share <= 1.0) {
                return Err(out_of_range(what, share, "above 0 and at most 1"));
            }
        }
        for (what, size) in [("`min_ks`", self.min_ks), ("`min_psi`", self.min_psi)] {
            if !(size >= 0.0 && size.is_finite()) {
                return Err(out_of_range(what, size, "0 or greater; 0.1 is usual"));
            }
        }
        if !(2..=MOST_BINS).contains(&self.psi_bins) {
            return Err(out_of_range(
                "`psi_bins`",
                self.psi_bins,
                "2 to 100000; 10 is usual",
            ));
        }
        Ok(())
    }
}

/// The comparison of two sorted columns, its p-value not yet corrected.
fn compare(reference: &[f64], current: &[f64], policy: &DriftPolicy) -> ColumnDrift {
    let test = ks_of_sorted(
        reference,
        current,
        Alternative::TwoSided,
        KsMethod::Asymptotic,
    );
    ColumnDrift {
        ks: test.statistic,
        p_value: test.p_value,
        adjusted_p: test.p_value,
        psi: psi_of_sorted(reference, current, policy.psi_bins).value,
        fault: fault(reference, current, policy),
        drifted: false,
    }
}

fn fault(reference: &[f64], current: &[f64], policy: &DriftPolicy) -> Option<DataFault> {
    let rows = current.len() as f64;
    let (lowest, highest) = (reference[0], reference[reference.len() - 1]);
    let below = current.partition_point(|&value| value < lowest);
    let above = current.len() - current.partition_point(|&value| value <= highest);
    if most_common_share(current) - most_common_share(reference) >= policy.stuck_share {
        Some(DataFault::Stuck)
    } else if (below + above) as f64 / rows >= policy.outside_share {
        Some(DataFault::OutOfRange)
    } else {
        None
    }
}

/// The share of the most frequent value of a sorted column.
fn most_common_share(sorted: &[f64]) -> f64 {
    let runs = sorted.chunk_by(|a, b| a == b);
    let longest = runs.map(<[f64]>::len).max().unwrap_or(0);
    longest as f64 / sorted.len() as f64
}

/// The values of a column in ascending order.
///
/// Finite numbers are sorted as integers, which is faster: the bits of a positive number are in its order
/// already, and those of a negative one after all but its sign are flipped.
fn sorted(column: ArrayView1<'_, f64>) -> Vec<f64> {
    let flip = |bits: i64| bits ^ ((bits >> 63) & i64::MAX);
    let mut keys: Vec<i64> = column
        .iter()
        .map(|value| flip(value.to_bits() as i64))
        .collect();
    keys.sort_unstable();
    keys.into_iter()
        .map(|key| f64::from_bits(flip(key) as u64))
        .collect()
}

#[cfg(test)]
mod tests;
