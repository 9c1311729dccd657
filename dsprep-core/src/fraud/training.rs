//! The table that a model learns from, made by the very code that will serve it.
//!
//! Features are taken from a scorer that sees the payments in the order in which they arrived. A table
//! joined together afterwards would know late payments in time, and the model would meet other numbers
//! in production than in training.

use super::feature_table::FeatureTable;
use super::features::FEATURES;
use super::labelled_payment::LabelledPayment;
use super::scorer::{Scorer, ScorerOptions};
use crate::Result;

/// The features of `payments`, which must be in the order of arrival. Repeated ones have no row. O(n).
///
/// # Errors
/// [`Error::Empty`](crate::Error::Empty) without payments, and whatever [`Scorer::score`] says of one of them.
///
/// # Examples
/// ```
/// use dsprep_core::fraud::{FEATURES, feature_table, simulate_payments};
/// use dsprep_core::random::RandomState;
///
/// let table = feature_table(&simulate_payments(20, 10, &mut RandomState::seed(1))?)?;
/// assert_eq!(table.features.dim(), (table.labels.len(), FEATURES));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn feature_table(payments: &[LabelledPayment]) -> Result<FeatureTable> {
    let mut scorer = Scorer::new(ScorerOptions::default(), None)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraud::simulate::simulate_payments;
    use crate::random::RandomState;

    #[test]
    fn three_periods_hold_all_rows_in_their_order() -> Result<()> {
        let table = feature_table(&simulate_payments(30, 20, &mut RandomState::seed(5))?)?;
        let parts = table.split()?;
        let rows: usize = parts.iter().map(|part| part.labels.len()).sum();
        assert_eq!(rows, table.labels.len());
        let joined = parts.iter().flat_map(|part| part.features.iter());
        assert!(joined.eq(table.features.iter()));
        Ok(())
    }

    #[test]
    fn an_empty_period_is_named() -> Result<()> {
        let table = feature_table(&simulate_payments(3, 7, &mut RandomState::seed(5))?)?;
        assert_eq!(
            table.between(0, 10).unwrap_err().to_string(),
            "the period is empty, but it must hold at least one payment."
        );
        assert!(feature_table(&[]).is_err());
        Ok(())
    }
}
