//! The scorer: payment in, decision out.

use super::decision::{Action, PaymentDecision};
use super::features::{Features, HOUR};
use super::history::History;
use super::model::FraudModel;
use super::payment::Payment;
use super::record::Record;
use super::rules::{Reason, Rules};
use crate::options::options;
use crate::{Error, Result};
use std::collections::HashMap;

/// What [`Scorer::score`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredPayment {
    /// The decision.
    pub decision: PaymentDecision,
    /// What it was made from.
    pub features: Features,
    /// Whether the payment had been scored before: then nothing has changed, and the decision is the
    /// one of the first time.
    pub repeated: bool,
}

/// What to do if the model is missing or the saved history can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Fail-open: decide with what is left, so that trade goes on; fraud may pass.
    Open,
    /// Fail-closed: block everything; no fraud passes, and nothing else either.
    Closed,
}

options! {
    /// How a scorer decides.
    ///
    /// Unless told otherwise it reviews from 0.1, blocks from 0.9 and fails open.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct ScorerOptions {
        /// The limits of the rules.
        pub rules: Rules = Rules::default(),
        /// From this probability on, a payment is reviewed.
        pub review_from: f64 = 0.1,
        /// From this probability on, it is blocked.
        pub block_from: f64 = 0.9,
        /// What to do if a part fails.
        pub on_failure: OnFailure = OnFailure::Open,
    }
}

/// Whether the histories are what they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateHealth {
    /// The scorer started empty on purpose, or its state was read.
    Good,
    /// The saved state could not be read, for this reason; the scorer started empty.
    Unreadable(String),
}

/// Scores payments one at a time, and remembers the latest 64 of each user.
///
/// # Examples
/// ```
/// use dsprep_core::fraud::{Action, Payment, Scorer, ScorerOptions};
///
/// let mut scorer = Scorer::new(ScorerOptions::default(), None)?;
/// let payment = Payment {
///     id: 1, user: 1, time: 0, arrived: 1, amount: 9_000.0,
///     device: 1, merchant: 1, latitude: 52.5, longitude: 13.4,
/// };
/// let scored = scorer.score(&payment)?;
/// assert_eq!(scored.decision.action, Action::Block);
/// assert_eq!(scored.decision.reasons.to_string(), "LARGE_FIRST_PAYMENT, MODEL_MISSING");
/// // Sent again, it counts once.
/// assert!(scorer.score(&payment)?.repeated);
/// assert_eq!(scorer.payments(), 1);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scorer {
    settings: ScorerOptions,
    model: Option<FraudModel>,
    pub(super) users: HashMap<u64, History>,
    pub(super) health: StateHealth,
}

impl Scorer {
    /// A scorer without any history.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a threshold is NaN or negative, or blocking starts below reviewing.
    pub fn new(settings: ScorerOptions, model: Option<FraudModel>) -> Result<Self> {
        let (review, block) = (settings.review_from, settings.block_from);
        if review.is_nan() || review < 0.0 {
            return Err(Error::OutOfRange {
                what: "`review_from`".to_owned(),
                found: review.to_string(),
                expected: "a probability; above 1 nothing is reviewed",
            });
        }
        if block.is_nan() || block < review {
            return Err(Error::OutOfRange {
                what: "`block_from`".to_owned(),
                found: block.to_string(),
                expected: "at least `review_from`; above 1 the model blocks nothing",
            });
        }
        Ok(Scorer {
            settings,
            model,
            users: HashMap::new(),
            health: StateHealth::Good,
        })
    }

    /// Decides on a payment and remembers it, unless it is older than the 64 of its user that are
    /// remembered: then it changes nothing, and sent again, it is decided upon anew.
    ///
    /// Amortised O(1) for payments in the order of time, at most 64 steps for others.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the payment fails its [check](Payment::check), or its id belongs to
    /// another payment of the user. An error changes nothing.
    pub fn score(&mut self, payment: &Payment) -> Result<ScoredPayment> {
        payment.check()?;
        let history = self.users.entry(payment.user).or_default();
        if let Some(known) = history.known(payment)? {
            return Ok(ScoredPayment {
                decision: known.decision,
                features: history.recomputed_features(payment),
                repeated: true,
            });
        }
        let features = history.features(payment);
        let probability = match &self.model {
            Some(model) => Some(model.probability(&features)?),
            None => None,
        };
        let decision = decide(
            &self.settings,
            &self.health,
            payment,
            &features,
            probability,
        );
        history.insert(Record {
            payment: *payment,
            decision,
        });
        Ok(ScoredPayment {
            decision,
            features,
            repeated: false,
        })
    }

    /// The features that a payment would have now. It is not remembered.
    ///
    /// # Errors
    /// As [`Scorer::score`], but an id that is known is not looked at.
    pub fn features(&self, payment: &Payment) -> Result<Features> {
        payment.check()?;
        let empty = History::default();
        let history = self.users.get(&payment.user).unwrap_or(&empty);
        Ok(history.recomputed_features(payment))
    }

    /// Whether the histories are what they should be.
    pub fn health(&self) -> &StateHealth {
        &self.health
    }

    /// Accepts that the saved state is lost: from now on the scorer counts as good again.
    pub fn accept_lost_state(&mut self) {
        self.health = StateHealth::Good;
    }

    /// Forgets the users whose latest payment was made before the second `time`; returns how many.
    ///
    /// Each user takes memory, and nobody else frees it: call it from time to time. A user who comes back is
    /// a new one.
    pub fn forget_before(&mut self, time: i64) -> usize {
        let before = self.users.len();
        self.users.retain(|_, history| {
            let latest = history.records().last();
            latest.is_some_and(|record| record.payment.time >= time)
        });
        before - self.users.len()
    }

    /// How many users it remembers.
    pub fn users(&self) -> usize {
        self.users.len()
    }

    /// How many payments it remembers.
    pub fn payments(&self) -> usize {
        self.users
            .values()
            .map(|history| history.records().len())
            .sum()
    }

    /// The memory that the histories take, in bytes: at most 9 KiB a user.
    pub fn memory(&self) -> usize {
        let table = self.users.capacity() * size_of::<u64>();
        table + self.users.values().map(History::bytes).sum::<usize>()
    }
}

fn decide(
    settings: &ScorerOptions,
    health: &StateHealth,
    payment: &Payment,
    features: &Features,
    probability: Option<f64>,
) -> PaymentDecision {
    let signs = settings.rules.reasons(features, payment.amount);
    let unreadable = *health != StateHealth::Good;
    let suspicious = probability.is_some_and(|p| p >= settings.review_from);
    let blocked = probability.is_some_and(|p| p >= settings.block_from);
    let no_model = probability.is_none();
    let closed = settings.on_failure == OnFailure::Closed && (no_model || unreadable);
    let action = if signs.block() || blocked || closed {
        Action::Block
    } else if suspicious || (no_model && !signs.is_empty()) {
        Action::Review
    } else {
        Action::Approve
    };
    PaymentDecision {
        action,
        probability,
        reasons: signs
            .with_if(payment.arrived - payment.time > HOUR, Reason::Late)
            .with_if(suspicious, Reason::ModelScore)
            .with_if(no_model, Reason::ModelMissing)
            .with_if(unreadable, Reason::StateUnreadable),
    }
}

#[cfg(test)]
mod tests;
