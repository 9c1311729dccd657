//! The fraud scorer.

use crate::inputs::NUMBERS;
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::fraud::Features;
use dsprep_core::prelude::*;

pub fn payments(s: &mut Sweep) {
    let plain_payment = Payment {
        id: 1,
        user: 1,
        time: 1_700_000_000,
        arrived: 1_700_000_001,
        amount: 20.0,
        device: 1,
        merchant: 1,
        latitude: 52.5,
        longitude: 13.4,
    };
    let mut all = Vec::new();
    for number in NUMBERS {
        all.push(Payment {
            amount: number,
            ..plain_payment
        });
        all.push(Payment {
            latitude: number,
            ..plain_payment
        });
        all.push(Payment {
            longitude: number,
            ..plain_payment
        });
    }
    for time in [i64::MIN, -1, 0, 253_402_300_799, i64::MAX] {
        all.push(Payment {
            time,
            ..plain_payment
        });
        all.push(Payment {
            arrived: time,
            ..plain_payment
        });
        all.push(Payment {
            time,
            arrived: time,
            ..plain_payment
        });
    }
    all.push(Payment {
        id: u64::MAX,
        user: u64::MAX,
        device: u32::MAX,
        merchant: u32::MAX,
        ..plain_payment
    });
    let numbers = |features: Features| features.values().to_vec();
    let mut scorer = Scorer::new(ScorerOptions::default(), None).unwrap();
    for payment in all {
        let input = format!("{payment:?}");
        s.try_on("Payment::check", &input, || plain(payment.check()));
        s.try_on("Scorer::score", &input, || {
            scorer
                .score(&payment)
                .map(|scored| numbers(scored.features))
        });
        for (before, now) in [(plain_payment, payment), (payment, plain_payment)] {
            s.try_on("recompute", &input, || {
                recompute(&[before], &now).map(numbers)
            });
        }
    }
    for a in NUMBERS {
        for b in NUMBERS {
            s.try_on("great_circle_km", format!("{a} {b}"), || {
                plain(great_circle_km((b, a), (-b, -a)))
            });
            let options = ScorerOptions::default().review_from(a).block_from(b);
            s.try_on("Scorer::new", format!("{a} {b}"), || {
                Scorer::new(options, None).map(|scorer| vec![scorer.users() as f64])
            });
        }
    }
    for n in [0, 1, 3] {
        for days in [0, 6, 7, 8] {
            s.try_on("simulate_payments", format!("{n} {days}"), || {
                simulate_payments(n, days, &mut RandomState::seed(1))
                    .map(|payments| vec![payments.len() as f64])
            });
        }
    }
    s.try_on("feature_table", "nothing", || shown(feature_table(&[])));
    let one = LabelledPayment {
        payment: plain_payment,
        fraud: None,
    };
    s.try_on("feature_table", "one payment", || {
        shown(feature_table(&[one]))
    });
    s.try_on("FraudModel::fit", "no fraud", || {
        let table = feature_table(&[one, one])?;
        plain(FraudModel::fit(&table, ModelOptions::default())?.probabilities(&table.features))
    });
}
