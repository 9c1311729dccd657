//! What becomes of a payment, and why.

use super::rules::Reasons;
use std::fmt;

/// What becomes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// It goes through.
    Approve,
    /// It waits until a person has looked at it.
    Review,
    /// It is refused.
    Block,
}

/// A decision with its reasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaymentDecision {
    /// What becomes of the payment.
    pub action: Action,
    /// The model's probability of fraud, if there is a model.
    pub probability: Option<f64>,
    /// What speaks for the action, and signs that were seen.
    pub reasons: Reasons,
}

impl fmt::Display for PaymentDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.action)?;
        if let Some(probability) = self.probability {
            write!(f, ", probability {probability:.3}")?;
        }
        if !self.reasons.is_empty() {
            write!(f, " [{}]", self.reasons)?;
        }
        Ok(())
    }
}
