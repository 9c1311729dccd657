//! Features and labels as a table, and its periods.

use super::features::FEATURES;
use super::labelled_payment::LabelledPayment;
use crate::{Error, Result};
use ndarray::{Array1, Array2, Axis};

/// Features and labels, one row for each payment, in the order of arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureTable {
    /// n × [`FEATURES`], in the order of [`Feature::NAMES`](super::Feature::NAMES).
    pub features: Array2<f64>,
    /// n labels: 1 is fraud.
    pub labels: Array1<usize>,
    /// The payments.
    pub payments: Vec<LabelledPayment>,
}

impl FeatureTable {
    pub(super) fn new(
        values: Vec<f64>,
        payments: Vec<LabelledPayment>,
        what: &'static str,
    ) -> Result<Self> {
        if payments.is_empty() {
            return Err(Error::Empty {
                what,
                item: "payment",
            });
        }
        let features = Array2::from_shape_vec((payments.len(), FEATURES), values);
        let features = features.map_err(|error| Error::Shape {
            what: "the table of features",
            found: error.to_string(),
            expected: "one row for each payment".to_owned(),
        })?;
        Ok(FeatureTable {
            features,
            labels: payments
                .iter()
                .map(|l| usize::from(l.fraud.is_some()))
                .collect(),
            payments,
        })
    }

    /// The rows of the payments that arrived from the second `from` on and before `to`.
    ///
    /// Tables for training, choosing a threshold and testing are to follow each other in time: a
    /// random split would let the model learn from the future, and from the same attack.
    ///
    /// # Errors
    /// [`Error::Empty`] if no payment arrived in that period; [`Error::Shape`] if the table has not a row of features for
    /// each payment.
    pub fn between(&self, from: i64, to: i64) -> Result<FeatureTable> {
        if self.features.dim() != (self.payments.len(), FEATURES) {
            return Err(Error::Shape {
                what: "`features`",
                found: format!(
                    "the shape {}×{}",
                    self.features.nrows(),
                    self.features.ncols()
                ),
                expected: format!("{}×{FEATURES}, a row for each payment", self.payments.len()),
            });
        }
        let inside = |l: &LabelledPayment| (from..to).contains(&l.payment.arrived);
        let rows: Vec<usize> = (0..self.payments.len())
            .filter(|row| inside(&self.payments[*row]))
            .collect();
        let values = self.features.select(Axis(0), &rows);
        let payments = rows.iter().map(|row| self.payments[*row]).collect();
        FeatureTable::new(values.into_iter().collect(), payments, "the period")
    }

    /// Three tables that follow each other: the first 60 % of the time, the next 20 % and the rest.
    ///
    /// # Errors
    /// [`Error::Empty`] if one of the periods has no payment.
    pub fn split(&self) -> Result<[FeatureTable; 3]> {
        let arrivals = self.payments.iter().map(|l| l.payment.arrived);
        let start = arrivals.clone().min().unwrap_or_default();
        let length = arrivals.max().unwrap_or_default().saturating_sub(start);
        let at = |tenths: i64| start + length / 10 * tenths + length % 10 * tenths / 10;
        Ok([
            self.between(start, at(6))?,
            self.between(at(6), at(8))?,
            self.between(at(8), i64::MAX)?,
        ])
    }
}
