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
    /// Unless told otherwise it reviews from 0.1, block from 0.9, fail-open.
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
mod tests {
    use super::*;
    use crate::fraud::simulate::simulate_payments;
    use crate::random::RandomState;

    const PAYMENT: Payment = Payment {
        id: 1,
        user: 5,
        time: 10_000,
        arrived: 10_000,
        amount: 20.0,
        device: 1,
        merchant: 1,
        latitude: 10.0,
        longitude: 10.0,
    };

    fn without_model(on_failure: OnFailure) -> Result<Scorer> {
        let settings = ScorerOptions {
            on_failure,
            ..ScorerOptions::default()
        };
        Scorer::new(settings, None)
    }

    #[test]
    fn without_a_model_open_approves_what_the_rules_let_pass_and_closed_blocks_it() -> Result<()> {
        let open = without_model(OnFailure::Open)?.score(&PAYMENT)?.decision;
        assert_eq!((open.action, open.probability), (Action::Approve, None));
        let closed = without_model(OnFailure::Closed)?.score(&PAYMENT)?.decision;
        assert_eq!(closed.action, Action::Block);
        for decision in [open, closed] {
            assert_eq!(decision.reasons.to_string(), "MODEL_MISSING");
        }
        Ok(())
    }

    #[test]
    fn without_a_model_a_sign_is_reviewed() -> Result<()> {
        let mut scorer = without_model(OnFailure::Open)?;
        scorer.score(&PAYMENT)?;
        let far = Payment {
            id: 2,
            time: 10_060,
            arrived: 10_060,
            latitude: -30.0,
            ..PAYMENT
        };
        let decision = scorer.score(&far)?.decision;
        assert_eq!(
            decision.to_string(),
            "Review [IMPOSSIBLE_TRAVEL, MODEL_MISSING]"
        );
        Ok(())
    }

    #[test]
    fn the_22nd_payment_of_an_hour_is_blocked() -> Result<()> {
        let mut scorer = without_model(OnFailure::Open)?;
        for number in 0..21 {
            let time = 10_000 + 10 * number;
            let payment = Payment {
                id: number as u64,
                time,
                arrived: time,
                ..PAYMENT
            };
            assert_eq!(scorer.score(&payment)?.decision.action, Action::Approve);
        }
        let last = Payment {
            id: 99,
            time: 13_599,
            arrived: 13_599,
            ..PAYMENT
        };
        let scored = scorer.score(&last)?;
        assert_eq!(scored.features.count_1h, 21.0);
        assert_eq!(scored.decision.action, Action::Block);
        Ok(())
    }

    #[test]
    fn a_payment_sent_again_gets_the_same_decision_and_changes_nothing() -> Result<()> {
        let mut scorer = without_model(OnFailure::Open)?;
        let first = scorer.score(&PAYMENT)?;
        let later = Payment {
            id: 2,
            time: 10_500,
            arrived: 10_500,
            ..PAYMENT
        };
        scorer.score(&later)?;
        let again = scorer.score(&Payment {
            arrived: 11_000,
            ..PAYMENT
        })?;
        assert_eq!(
            (again.decision, again.features),
            (first.decision, first.features)
        );
        assert!(again.repeated && !first.repeated);
        assert_eq!(scorer.payments(), 2);
        Ok(())
    }

    #[test]
    fn repeating_every_payment_changes_no_decision() -> Result<()> {
        let stream = simulate_payments(30, 20, &mut RandomState::seed(3))?;
        let (mut once, mut twice) = (
            without_model(OnFailure::Open)?,
            without_model(OnFailure::Open)?,
        );
        for labelled in &stream {
            let expected = once.score(&labelled.payment)?;
            assert_eq!(twice.score(&labelled.payment)?, expected);
            let repeated = twice.score(&labelled.payment)?;
            assert!(repeated.repeated);
            assert_eq!(repeated.decision, expected.decision);
        }
        assert_eq!(once.payments(), twice.payments());
        Ok(())
    }

    #[test]
    fn an_error_changes_nothing() -> Result<()> {
        let mut scorer = without_model(OnFailure::Open)?;
        scorer.score(&PAYMENT)?;
        let wrong = [
            Payment {
                id: 2,
                amount: f64::NAN,
                ..PAYMENT
            },
            Payment {
                id: 3,
                time: 20_000,
                ..PAYMENT
            },
            Payment {
                id: 4,
                latitude: 100.0,
                ..PAYMENT
            },
            Payment {
                id: 5,
                user: 6,
                amount: -1.0,
                ..PAYMENT
            },
            Payment {
                amount: 21.0,
                ..PAYMENT
            },
        ];
        let next = Payment {
            id: 9,
            time: 10_100,
            arrived: 10_100,
            ..PAYMENT
        };
        let expected = scorer.clone().score(&next)?;
        for payment in wrong {
            assert!(scorer.score(&payment).is_err());
            assert_eq!((scorer.users(), scorer.payments()), (1, 1));
            assert_eq!(scorer.clone().score(&next)?, expected);
        }
        assert_eq!(
            scorer.score(&wrong[4]).unwrap_err().to_string(),
            "payment 1, which is known already, is another one now, but it must be the same as \
             before: give each payment an id of its own."
        );
        Ok(())
    }

    #[test]
    fn a_late_payment_says_so_and_is_seen_by_later_ones() -> Result<()> {
        let mut scorer = without_model(OnFailure::Open)?;
        scorer.score(&Payment {
            time: 20_000,
            arrived: 20_000,
            ..PAYMENT
        })?;
        let late = Payment {
            id: 2,
            time: 16_000,
            arrived: 20_001,
            ..PAYMENT
        };
        let scored = scorer.score(&late)?;
        assert!(scored.decision.reasons.contains(Reason::Late));
        assert_eq!(scored.features.known, 0.0);
        let next = Payment {
            id: 3,
            time: 20_010,
            arrived: 20_010,
            ..PAYMENT
        };
        assert_eq!(scorer.score(&next)?.features.count_24h, 2.0);
        Ok(())
    }

    #[test]
    fn thresholds_that_make_no_sense_are_refused() {
        for (review_from, block_from) in [(f64::NAN, 0.9), (-0.1, 0.9), (0.5, 0.4), (0.5, f64::NAN)]
        {
            let settings = ScorerOptions {
                review_from,
                block_from,
                ..ScorerOptions::default()
            };
            assert!(Scorer::new(settings, None).is_err());
        }
    }
}
