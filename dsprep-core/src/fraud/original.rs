//! The mock of the original notebook, reproduced number for number.
//!
//! It keeps every payment for ever, counts what comes later as "the last hour", and judges amounts by
//! a mean and a standard deviation that each large payment moves. [`Scorer`](super::Scorer) is what it
//! should have been.

use crate::Result;
use crate::random::RandomState;
use std::collections::HashMap;

/// One of the original's random payments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OriginalTransaction {
    /// The user, 1 to 49.
    pub user: i64,
    /// In dollars, rounded to cents.
    pub amount: f64,
    /// Seconds since the start, 0 to 7,199. They are drawn at random and never sorted.
    pub second: i64,
    /// Whether the device is new: a coin that shows it in one of twenty cases.
    pub new_device: bool,
}

/// The original's 1,000 transactions, in the order in which it drew them.
///
/// # Errors
/// None for these constants; the generator checks them.
///
/// # Examples
/// ```
/// let transactions = dsprep_core::fraud::original_transactions()?;
/// assert_eq!(transactions.len(), 1_000);
/// assert_eq!((transactions[0].user, transactions[0].amount), (38, 31.51));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn original_transactions() -> Result<Vec<OriginalTransaction>> {
    let mut rng = RandomState::seed(1);
    let draw = |_| {
        let user = rng.randint(1, 50, ())?;
        let amount: f64 = rng.lognormal(4.0, 1.0, ())?;
        Ok(OriginalTransaction {
            user,
            amount: to_cents(amount),
            second: rng.randint(0, 7200, ())?,
            new_device: rng.rand(()) < 0.05,
        })
    };
    (0..1_000).map(draw).collect()
}

/// Python's `round(amount, 2)`, which rounds the decimal number that the float really is.
fn to_cents(amount: f64) -> f64 {
    format!("{amount:.2}").parse().unwrap_or(amount)
}

/// The original's `FraudScorer`.
#[derive(Debug, Clone, Default)]
pub struct OriginalScorer {
    history: HashMap<i64, Vec<(i64, f64)>>,
}

impl OriginalScorer {
    /// The original's `score`: the reasons to call it fraud, none if it is not.
    ///
    /// O(n) in the user's payments so far, and so O(n²) for all of them.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::fraud::{OriginalScorer, OriginalTransaction};
    ///
    /// let payment = OriginalTransaction { user: 1, amount: 250.0, second: 0, new_device: true };
    /// assert_eq!(OriginalScorer::default().score(&payment), ["NEW_DEVICE_HIGH_AMOUNT"]);
    /// ```
    pub fn score(&mut self, payment: &OriginalTransaction) -> Vec<String> {
        let history = self.history.entry(payment.user).or_default();
        let in_the_hour = |(second, _): &&(i64, f64)| payment.second.saturating_sub(*second) < 3600;
        let velocity = history.iter().filter(in_the_hour).count();
        let z = z_score(payment.amount, history);
        let mut reasons = Vec::new();
        if velocity > 5 {
            reasons.push(format!("HIGH_VELOCITY({velocity}/hr)"));
        }
        if z > 3.0 {
            reasons.push(format!("AMOUNT_ANOMALY(z={z:.1})"));
        }
        if payment.new_device && payment.amount > 200.0 {
            reasons.push("NEW_DEVICE_HIGH_AMOUNT".to_owned());
        }
        history.push((payment.second, payment.amount));
        reasons
    }
}

/// (amount − mean) / (standard deviation + 1e-9) of the earlier amounts; 0 with fewer than three.
fn z_score(amount: f64, history: &[(i64, f64)]) -> f64 {
    if history.len() < 3 {
        return 0.0;
    }
    let n = history.len() as f64;
    let mean = history.iter().map(|(_, amount)| amount).sum::<f64>() / n;
    let squares = history.iter().map(|(_, amount)| (amount - mean).powi(2));
    (amount - mean) / ((squares.sum::<f64>() / n).sqrt() + 1e-9)
}

/// The reasons of the original's scorer for each transaction, in their order.
///
/// # Examples
/// ```
/// use dsprep_core::fraud::{original_flags, original_transactions};
///
/// let mut transactions = original_transactions()?;
/// let flagged = |flags: Vec<Vec<String>>| flags.iter().filter(|reasons| !reasons.is_empty()).count();
/// assert_eq!(flagged(original_flags(&transactions)), 671);
/// // In the order of time it is no better: the generator makes ten payments per user and hour.
/// transactions.sort_by_key(|transaction| transaction.second);
/// assert_eq!(flagged(original_flags(&transactions)), 707);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn original_flags(transactions: &[OriginalTransaction]) -> Vec<Vec<String>> {
    let mut scorer = OriginalScorer::default();
    transactions
        .iter()
        .map(|transaction| scorer.score(transaction))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_flags_what_the_original_flagged() -> Result<()> {
        let transactions = original_transactions()?;
        let flags = original_flags(&transactions);
        let flagged: Vec<(i64, f64, String)> = transactions
            .iter()
            .zip(&flags)
            .filter(|(_, reasons)| !reasons.is_empty())
            .map(|(t, reasons)| (t.user, t.amount, reasons.join(", ")))
            .collect();
        assert_eq!(flagged.len(), 671);
        let expected = [
            (24, 67.38, "AMOUNT_ANOMALY(z=12.0)"),
            (47, 310.25, "AMOUNT_ANOMALY(z=3.3)"),
            (4, 250.90, "AMOUNT_ANOMALY(z=9.1)"),
            (40, 213.05, "NEW_DEVICE_HIGH_AMOUNT"),
            (43, 355.59, "AMOUNT_ANOMALY(z=43.4)"),
        ];
        for (ours, (user, amount, reason)) in flagged.iter().zip(expected) {
            assert_eq!(*ours, (user, amount, reason.to_owned()));
        }
        assert_eq!(flagged[670], (17, 22.70, "HIGH_VELOCITY(18/hr)".to_owned()));
        Ok(())
    }

    #[test]
    fn most_velocities_count_payments_of_the_future() -> Result<()> {
        let transactions = original_transactions()?;
        let sees_the_future = |index: &usize| {
            let now = &transactions[*index];
            let earlier = &transactions[..*index];
            earlier
                .iter()
                .any(|t| t.user == now.user && t.second > now.second)
        };
        assert_eq!((0..1_000).filter(sees_the_future).count(), 823);
        Ok(())
    }
}
