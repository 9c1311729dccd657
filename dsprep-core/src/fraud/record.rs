//! What is remembered of a payment.

use super::decision::PaymentDecision;
use super::payment::Payment;

/// A payment and what was decided, which is the answer if the payment is sent again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Record {
    pub(super) payment: Payment,
    pub(super) decision: PaymentDecision,
}
