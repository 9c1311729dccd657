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
    for (review_from, block_from) in [(f64::NAN, 0.9), (-0.1, 0.9), (0.5, 0.4), (0.5, f64::NAN)] {
        let settings = ScorerOptions {
            review_from,
            block_from,
            ..ScorerOptions::default()
        };
        assert!(Scorer::new(settings, None).is_err());
    }
}
