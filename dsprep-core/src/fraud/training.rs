//! The table that a model learns from, made by the very code that will serve it.
//!
//! Features are taken from a scorer that sees the payments in the order in which they arrived. A table
//! joined together afterwards would know late payments in time, and the model would meet other numbers
//! in production than in training.

use super::features::FEATURES;
use super::scorer::{Scorer, ScorerSettings};
use super::simulate::LabelledPayment;
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

/// The features of `payments`, which must be in the order of arrival. Repeated ones have no row. O(n).
///
/// # Errors
/// [`Error::Empty`] without payments, and whatever [`Scorer::score`] says of one of them.
///
/// # Examples
/// ```
/// use dsprep_core::fraud::{FEATURES, feature_table, simulate_payments};
///
/// let table = feature_table(&simulate_payments(20, 10, 1)?)?;
/// assert_eq!(table.features.dim(), (table.labels.len(), FEATURES));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn feature_table(payments: &[LabelledPayment]) -> Result<FeatureTable> {
    let mut scorer = Scorer::new(ScorerSettings::default(), None)?;
    let mut values = Vec::with_capacity(payments.len() * FEATURES);
    let mut kept = Vec::with_capacity(payments.len());
    for labelled in payments {
        let scored = scorer.score(&labelled.payment)?;
        if !scored.repeated {
            values.extend(scored.features.values());
            kept.push(*labelled);
        }
    }
    FeatureTable::new(values, kept, "the list of payments")
}

impl FeatureTable {
    fn new(values: Vec<f64>, payments: Vec<LabelledPayment>, what: &'static str) -> Result<Self> {
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
    /// [`Error::Empty`] if no payment arrived in that period.
    pub fn between(&self, from: i64, to: i64) -> Result<FeatureTable> {
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
        let length = arrivals.max().unwrap_or_default() - start;
        let at = |tenths: i64| start + length * tenths / 10;
        Ok([
            self.between(start, at(6))?,
            self.between(at(6), at(8))?,
            self.between(at(8), i64::MAX)?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraud::simulate::simulate_payments;

    #[test]
    fn three_periods_hold_all_rows_in_their_order() -> Result<()> {
        let table = feature_table(&simulate_payments(30, 20, 5)?)?;
        let parts = table.split()?;
        let rows: usize = parts.iter().map(|part| part.labels.len()).sum();
        assert_eq!(rows, table.labels.len());
        let joined = parts.iter().flat_map(|part| part.features.iter());
        assert!(joined.eq(table.features.iter()));
        Ok(())
    }

    #[test]
    fn an_empty_period_is_named() -> Result<()> {
        let table = feature_table(&simulate_payments(3, 7, 5)?)?;
        assert_eq!(
            table.between(0, 10).unwrap_err().to_string(),
            "the period is empty, but it must hold at least one payment."
        );
        assert!(feature_table(&[]).is_err());
        Ok(())
    }
}
