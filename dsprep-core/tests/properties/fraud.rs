//! The fraud scorer: what it computes on the stream is what the sorted history says, and a restart or a
//! repetition changes nothing.

use crate::inputs::{any_number, cases};
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Payments of three users in the order of arrival: late ones, several in a second, repeated ones.
fn stream() -> impl Strategy<Value = Vec<Payment>> {
    let pause = prop_oneof![Just(0_i64), 1_i64..400, 400_i64..40_000];
    let late = prop_oneof![4 => Just(0_i64), 2 => -5_i64..0, 2 => 0_i64..300, 1 => 0_i64..200_000];
    let repeat = prop::option::weighted(0.15, any::<prop::sample::Index>());
    let payment = (
        pause,
        late,
        0_u64..3,
        1_u32..200_000,
        (0_u32..4, 0_u32..9, 0_u8..4),
        repeat,
    );
    vec(payment, 1..150).prop_map(|drawn| {
        let mut clock = 1_000_000;
        let mut stream: Vec<Payment> = Vec::new();
        for (pause, late, user, cents, (device, merchant, place), repeat) in drawn {
            clock += pause;
            let earlier = repeat
                .filter(|_| !stream.is_empty())
                .map(|at| stream[at.index(stream.len())]);
            stream.push(earlier.map_or(
                Payment {
                    id: stream.len() as u64,
                    user,
                    time: clock - late,
                    arrived: clock,
                    amount: f64::from(cents) / 100.0,
                    device,
                    merchant,
                    latitude: 40.0 + f64::from(place),
                    longitude: 170.0 * f64::from(place) - 180.0 + 1.0,
                },
                |earlier| Payment {
                    arrived: clock,
                    ..earlier
                },
            ));
        }
        stream
            .iter_mut()
            .for_each(|payment| payment.longitude = payment.longitude.clamp(-180.0, 180.0));
        stream
    })
}

fn scorer() -> dsprep_core::Result<Scorer> {
    Scorer::new(ScorerOptions::default(), None)
}

fn any_payment() -> impl Strategy<Value = Payment> {
    (
        any::<[u64; 2]>(),
        any::<[i64; 2]>(),
        [any_number(), any_number(), any_number()],
        any::<[u32; 2]>(),
    )
        .prop_map(
            |([id, user], [time, arrived], [amount, latitude, longitude], [device, merchant])| {
                Payment {
                    id,
                    user: user % 2,
                    time: time % 3_000_000,
                    arrived: arrived % 3_000_000,
                    amount,
                    device,
                    merchant,
                    latitude,
                    longitude,
                }
            },
        )
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn features_of_the_stream_equal_those_of_the_sorted_history(stream in stream()) {
        let mut scorer = scorer()?;
        for (at, payment) in stream.iter().enumerate() {
            let scored = scorer.score(payment)?;
            if !scored.repeated {
                prop_assert_eq!(scored.features, recompute(&stream[..at], payment)?, "payment {}", at);
            }
        }
    }

    #[test]
    fn a_restart_at_any_point_changes_no_decision(
        stream in stream(), stops in vec(any::<prop::sample::Index>(), 1..4),
    ) {
        let stops: Vec<usize> = stops.iter().map(|stop| stop.index(stream.len())).collect();
        let (mut going_on, mut restarted) = (scorer()?, scorer()?);
        for (at, payment) in stream.iter().enumerate() {
            if stops.contains(&at) {
                let con = Connection::open_in_memory()?;
                restarted.save(&con)?;
                restarted = Scorer::resume(&con, ScorerOptions::default(), None)?;
                prop_assert_eq!(restarted.health(), &StateHealth::Good);
            }
            prop_assert_eq!(restarted.score(payment)?, going_on.score(payment)?, "payment {}", at);
        }
        prop_assert_eq!((restarted.users(), restarted.payments()), (going_on.users(), going_on.payments()));
    }

    #[test]
    fn a_payment_that_is_sent_again_at_once_has_no_second_effect(stream in stream()) {
        let (mut once, mut twice) = (scorer()?, scorer()?);
        for payment in &stream {
            let first = twice.score(payment)?;
            prop_assert_eq!(once.score(payment)?, first);
            let second = twice.score(payment)?;
            prop_assert!(second.repeated);
            prop_assert_eq!(second.decision, first.decision);
            prop_assert_eq!(twice.payments(), once.payments());
        }
    }

    #[test]
    fn the_order_of_arrival_within_the_history_does_not_matter_in_the_end(stream in stream(), seed: u32) {
        let mut last = stream[stream.len() - 1];
        let mut stream: Vec<Payment> = stream.into_iter().take(60).collect();
        let latest = stream.iter().map(|payment| payment.time).max().unwrap_or_default();
        (last.id, last.time, last.arrived) = (10_000, latest + 60, latest + 60);
        let mut sorted = scorer()?;
        for payment in &stream { sorted.score(payment)?; }
        RandomState::seed(seed).shuffle(&mut stream);
        let mut shuffled = scorer()?;
        for payment in &stream { shuffled.score(payment)?; }
        prop_assert_eq!(sorted.features(&last)?, shuffled.features(&last)?);
    }

    #[test]
    fn a_payment_that_makes_no_sense_is_an_error_and_changes_nothing(
        stream in stream(), wrong in vec(any_payment(), 1..20),
    ) {
        let (mut with, mut without) = (scorer()?, scorer()?);
        for (at, payment) in stream.iter().enumerate() {
            let wrong = wrong[at % wrong.len()];
            if wrong.check().is_err() {
                prop_assert!(with.score(&wrong).is_err());
            }
            prop_assert_eq!(with.score(payment)?, without.score(payment)?);
        }
        for payment in wrong {
            if let Ok(scored) = with.score(&payment) {
                prop_assert!(scored.features.values().iter().all(|value| value.is_finite()));
            }
        }
    }

    #[test]
    fn alerts_stay_within_their_budget(rows in vec((0_usize..2, 0_u8..9), 1..40), rate in any_number()) {
        let y: Array1<usize> = rows.iter().map(|row| row.0).collect();
        let scores: Array1<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
        if let Ok(budget) = recall_at_alert_rate(&y, &scores, rate) {
            prop_assert!(budget.alerts as f64 <= rate * rows.len() as f64 + 1e-9);
            prop_assert!((0.0..=1.0).contains(&budget.recall));
            prop_assert_eq!(budget.alerts, scores.iter().filter(|&&score| score >= budget.threshold).count());
        }
    }

    #[test]
    fn distances_are_a_metric_on_the_sphere(places in vec((-90.0..=90.0, -180.0..=180.0), 3)) {
        let far = |a: usize, b: usize| great_circle_km(places[a], places[b]);
        prop_assert!(far(0, 1)? >= 0.0 && far(0, 1)? < 20_040.0 && far(0, 0)? == 0.0);
        prop_assert!((far(0, 1)? - far(1, 0)?).abs() < 1e-6);
        prop_assert!(far(0, 2)? <= far(0, 1)? + far(1, 2)? + 1e-3);
    }
}
