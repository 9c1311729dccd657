//! A payment with what is known about it later.

use super::payment::Payment;

/// How a payment is fraudulent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FraudPattern {
    /// Many tiny payments in minutes find out which stolen card works.
    CardTesting,
    /// A thief logs in elsewhere, from a device of their own, and pays large amounts.
    AccountTakeover,
    /// A thief pays with the victim's own phone, near the victim's home.
    StolenDevice,
    /// A copied card pays on another continent, minutes after its owner did.
    ImpossibleTravel,
}

impl FraudPattern {
    /// All patterns.
    pub const ALL: [FraudPattern; 4] = [
        FraudPattern::CardTesting,
        FraudPattern::AccountTakeover,
        FraudPattern::StolenDevice,
        FraudPattern::ImpossibleTravel,
    ];
}

/// A payment, and what is known about it later.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelledPayment {
    /// What the scorer sees.
    pub payment: Payment,
    /// How it is fraudulent; `None` if it is not.
    pub fraud: Option<FraudPattern>,
}
