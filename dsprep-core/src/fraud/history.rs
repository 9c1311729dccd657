//! One user's latest payments, and what is kept up to date about them.
//!
//! The payments themselves are the state; counts, sums and sorted amounts are derived from them and
//! can be rebuilt at any time. A payment in time order updates what is derived in amortised constant
//! time. A late one is scored by the definition and put in its place, and what depends on the order, the
//! windows and the last jump, is found anew: at most [`HISTORY`] steps. So the cost of an event has a bound,
//! and the memory of a user too.

use super::amounts::robust_z;
use super::features::{
    DAY, Features, HISTORY, HOUR, from_history, is_jump, jumps, since_jump, trip,
};
use super::payment::Payment;
use super::record::Record;
use super::seen::Seen;
use super::sorted::Sorted;
use super::usual_place::UsualPlace;
use super::window::Window;
use crate::{Error, Result};
use std::collections::VecDeque;

/// What follows from the records.
#[derive(Debug, Clone)]
struct Derived {
    hour: Window,
    day: Window,
    amounts: Sorted,
    places: UsualPlace,
    devices: Seen,
    merchants: Seen,
    /// Time and id of the last payment that was reached by a jump.
    jumped: Option<(i64, u64)>,
    /// The highest id so far: a higher one is new without a search.
    highest_id: Option<u64>,
}

/// The latest payments of one user, by time and id.
#[derive(Debug, Clone)]
pub(super) struct History {
    records: VecDeque<Record>,
    derived: Derived,
}

impl Default for History {
    fn default() -> Self {
        History {
            records: VecDeque::new(),
            derived: Derived::new(),
        }
    }
}

impl History {
    /// The features of a payment, which must have passed its check.
    pub(super) fn features(&mut self, payment: &Payment) -> Features {
        if !self.is_newest(payment) {
            return self.recomputed_features(payment);
        }
        self.derived.hour.advance(&self.records, payment.time);
        self.derived.day.advance(&self.records, payment.time);
        let last = self.records.back().map(|record| &record.payment);
        let (distance_km, speed_kmh, pause_s) = trip(last, payment);
        let is_new = |seen: &Seen, value| f64::from(last.is_some() && !seen.contains(value));
        let log_amount = payment.log_amount();
        let jumped = match is_jump(distance_km, speed_kmh) {
            true => Some(payment.time),
            false => self.derived.jumped.map(|(time, _)| time),
        };
        Features {
            count_1h: self.derived.hour.count(&self.records) as f64,
            count_24h: self.derived.day.count(&self.records) as f64,
            sum_1h: self.derived.hour.dollars(),
            sum_24h: self.derived.day.dollars(),
            log_amount,
            amount_z: robust_z(log_amount, self.derived.amounts.values()),
            distance_km,
            speed_kmh,
            new_device: is_new(&self.derived.devices, payment.device),
            new_merchant: is_new(&self.derived.merchants, payment.merchant),
            pause_s,
            known: self.records.len() as f64,
            home_km: self.derived.places.distance_km(payment),
            since_jump_s: since_jump(jumped, payment.time),
        }
    }

    /// The same by the definition, without moving the windows.
    pub(super) fn recomputed_features(&self, payment: &Payment) -> Features {
        let earlier = self.records.iter().map(|record| &record.payment);
        let earlier: Vec<&Payment> = earlier.filter(|p| p.key() < payment.key()).collect();
        from_history(&earlier, payment)
    }

    /// The record of a payment that is known already.
    ///
    /// Fails if it is known, but was another one.
    pub(super) fn known(&self, payment: &Payment) -> Result<Option<&Record>> {
        if self.derived.highest_id < Some(payment.id) {
            return Ok(None);
        }
        let same_id = |record: &&Record| record.payment.id == payment.id;
        let Some(known) = self.records.iter().find(same_id) else {
            return Ok(None);
        };
        let again = Payment {
            arrived: known.payment.arrived,
            ..*payment
        };
        if again == known.payment {
            return Ok(Some(known));
        }
        Err(Error::OutOfRange {
            what: format!("payment {}, which is known already,", payment.id),
            found: "another one now".to_owned(),
            expected: "the same as before: give each payment an id of its own",
        })
    }

    /// Adds a record in its place; a full history loses its oldest.
    pub(super) fn insert(&mut self, record: Record) {
        let key = record.payment.key();
        if self.records.len() == HISTORY {
            if self
                .records
                .front()
                .is_some_and(|oldest| key < oldest.payment.key())
            {
                return;
            }
            if let Some(oldest) = self.records.pop_front() {
                let next = self.records.front();
                let next = next.map(|next| next.payment.key());
                self.derived.remove_oldest(&oldest.payment, next);
            }
        }
        self.derived.add(&record.payment);
        if self.is_newest(&record.payment) {
            let last = self.records.back().map(|last| &last.payment);
            self.derived.add_newest(last, &record.payment);
            self.records.push_back(record);
        } else {
            let at = self.records.partition_point(|r| r.payment.key() < key);
            self.records.insert(at, record);
            self.order_anew();
        }
    }

    /// All records, the oldest first.
    pub(super) fn records(&self) -> impl ExactSizeIterator<Item = &Record> {
        self.records.iter()
    }

    /// The memory that the history takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let derived = &self.derived;
        size_of::<Self>()
            + self.records.capacity() * size_of::<Record>()
            + derived.amounts.bytes()
            + derived.places.bytes()
            + derived.devices.bytes()
            + derived.merchants.bytes()
    }

    fn is_newest(&self, payment: &Payment) -> bool {
        let newest = self.records.back();
        newest.is_none_or(|newest| newest.payment.key() < payment.key())
    }

    /// Finds again what depends on the order of the records.
    fn order_anew(&mut self) {
        self.derived.hour = Window::new(HOUR);
        self.derived.day = Window::new(DAY);
        self.derived.jumped = None;
        let mut last = None;
        for record in &self.records {
            self.derived.add_newest(last, &record.payment);
            last = Some(&record.payment);
        }
    }
}

impl Derived {
    fn new() -> Self {
        Derived {
            hour: Window::new(HOUR),
            day: Window::new(DAY),
            amounts: Sorted::default(),
            places: UsualPlace::default(),
            devices: Seen::default(),
            merchants: Seen::default(),
            jumped: None,
            highest_id: None,
        }
    }

    /// Adds what does not depend on the order.
    fn add(&mut self, payment: &Payment) {
        self.amounts.add(payment.log_amount());
        self.places.add(payment);
        self.devices.add(payment.device);
        self.merchants.add(payment.merchant);
        self.highest_id = self.highest_id.max(Some(payment.id));
    }

    /// Adds what does, of a payment after the `last` one.
    fn add_newest(&mut self, last: Option<&Payment>, payment: &Payment) {
        self.hour.added(payment.cents());
        self.day.added(payment.cents());
        if last.is_some_and(|last| jumps(last, payment)) {
            self.jumped = Some(payment.key());
        }
    }

    /// Takes the oldest payment away; the `next` one becomes the oldest, and nobody knows how it was reached.
    fn remove_oldest(&mut self, payment: &Payment, next: Option<(i64, u64)>) {
        if self.jumped == next {
            self.jumped = None;
        }
        self.hour.removing_oldest(payment.cents());
        self.day.removing_oldest(payment.cents());
        self.amounts.remove(payment.log_amount());
        self.places.remove(payment);
        self.devices.remove(payment.device);
        self.merchants.remove(payment.merchant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraud::decision::{Action, PaymentDecision};
    use crate::fraud::features::recompute;
    use crate::fraud::rules::Reasons;
    use crate::random::RandomState;

    /// Payments of one user whose times jump back and forth within `jitter` seconds.
    fn random_payments(seed: u32, n: usize, jitter: i64) -> Result<Vec<Payment>> {
        let mut rng = RandomState::seed(seed);
        let mut clock = 1_000_000;
        let mut payments = Vec::new();
        for index in 0..n {
            // Half of the pauses are short, and some are 0: several payments in a second.
            let longest = if rng.rand(()) < 0.5 { 300 } else { 20_000 };
            clock += rng.randint(0, longest, ())? * i64::from(rng.rand(()) < 0.9);
            let time = clock - rng.randint(0, jitter + 1, ())?;
            // Near each other, far away, and on both sides of the date line.
            let places = [
                (40.0, -70.0),
                (41.0, -72.0),
                (-17.0, 179.9),
                (-17.0, -179.9),
            ];
            let (latitude, longitude) = places[rng.choice(4, ())?];
            payments.push(Payment {
                id: index as u64,
                user: 1,
                time,
                arrived: clock,
                amount: (rng.lognormal(3.0, 1.0, ())? * 100.0).ceil() / 100.0,
                device: rng.choice(4, ())? as u32,
                merchant: rng.choice(30, ())? as u32,
                latitude,
                longitude,
            });
        }
        Ok(payments)
    }

    fn record(payment: Payment) -> Record {
        Record {
            payment,
            decision: PaymentDecision {
                action: Action::Approve,
                probability: None,
                reasons: Reasons::default(),
            },
        }
    }

    #[test]
    fn streaming_equals_recomputing_from_the_sorted_history() -> Result<()> {
        for (seed, jitter) in [
            (1, 0),
            (2, 0),
            (3, 10),
            (4, 5_000),
            (5, 5_000),
            (6, 200_000),
        ] {
            let payments = random_payments(seed, 400, jitter)?;
            let mut history = History::default();
            for (index, payment) in payments.iter().enumerate() {
                let expected = recompute(&payments[..index], payment)?;
                assert_eq!(history.recomputed_features(payment), expected);
                assert_eq!(
                    history.features(payment),
                    expected,
                    "seed {seed}, payment {index}"
                );
                history.insert(record(*payment));
            }
        }
        Ok(())
    }

    #[test]
    fn a_payment_of_the_future_changes_no_feature_of_the_past() -> Result<()> {
        let payments = random_payments(7, 60, 0)?;
        let mut history = History::default();
        for payment in &payments {
            history.insert(record(*payment));
        }
        for (index, payment) in payments.iter().enumerate() {
            let then = recompute(&payments[..index], payment)?;
            assert_eq!(history.features(payment), then, "payment {index}");
        }
        Ok(())
    }

    #[test]
    fn the_history_does_not_depend_on_the_order_of_arrival() -> Result<()> {
        let mut payments = random_payments(8, 300, 3_000)?;
        let after = |payments: &[Payment]| {
            let mut history = History::default();
            payments
                .iter()
                .for_each(|payment| history.insert(record(*payment)));
            history
        };
        let sorted = after(&payments);
        RandomState::seed(9).shuffle(&mut payments);
        let shuffled = after(&payments);
        assert!(sorted.records().eq(shuffled.records()));
        Ok(())
    }

    #[test]
    fn memory_stays_below_its_bound() -> Result<()> {
        let mut history = History::default();
        let mut bytes = Vec::new();
        for payment in random_payments(10, 3_000, 100)? {
            history.insert(record(payment));
            bytes.push(history.bytes());
        }
        assert_eq!(history.records().len(), HISTORY);
        let largest = bytes.iter().max().copied().unwrap_or_default();
        assert!(largest < 9_216, "{largest} bytes");
        assert_eq!(bytes[1_000..].iter().max(), bytes[2_000..].iter().max());
        Ok(())
    }
}
