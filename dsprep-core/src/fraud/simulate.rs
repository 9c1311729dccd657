//! Payments whose fraud is known, since we commit it.
//!
//! Customers pay around their home, at their own hours, amounts of their own size. Some of them do odd
//! things that are no fraud: sprees, large purchases, trips, some of them overseas, a new phone. Some become victims of one of
//! four [patterns](FraudPattern). Payments arrive as they do in life: some late, and so out of order,
//! some twice.

use super::features::DAY;
use super::payment::Payment;
use crate::Result;
use crate::checks::{at_least_one, check, room_for};
use crate::random::RandomState;

/// The first second of the simulation: 1 January 2026.
const START: i64 = 1_767_225_600;
/// How many merchants there are, and how many of them a customer likes.
const MERCHANTS: usize = 5_000;
const FAVOURITES: usize = 12;
/// How many of the trips lead to another continent.
const OVERSEAS: f64 = 0.25;
/// How many of the customers become victims within 30 days.
const VICTIMS: f64 = 0.12;

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

/// Payments of `users` customers over `days` days, in the order of arrival.
///
/// About 2.5 payments per customer and day, of which about 1 to 2 % are fraudulent. About 4 % arrive more than
/// a second late, some by hours; 0.5 % arrive twice.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no users, fewer than 7 days or more than 100,000, or more payments than
/// memory can hold.
///
/// # Examples
/// ```
/// use dsprep_core::{fraud::simulate_payments, random::RandomState};
///
/// let stream = simulate_payments(50, 14, &mut RandomState::seed(1))?;
/// assert!(stream.is_sorted_by_key(|labelled| labelled.payment.arrived));
/// assert!(!stream.is_sorted_by_key(|labelled| labelled.payment.time));
/// assert!(stream.iter().any(|labelled| labelled.fraud.is_some()));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulate_payments(
    users: usize,
    days: usize,
    rng: &mut RandomState,
) -> Result<Vec<LabelledPayment>> {
    at_least_one("`users`", users)?;
    let expected = "between 7 and 100,000: fraud starts when there is a history";
    check("`days`", days, (7..=100_000).contains(&days), expected)?;
    room_for("the number of users and days", users, 40 * days)?;
    let mut payments = Vec::new();
    for user in 0..users {
        let mut customer = Customer::new(user as u64, rng)?;
        customer.live(days as i64, rng, &mut payments)?;
        let share = 1.0 - (1.0 - VICTIMS).powf(days as f64 / 30.0);
        if rng.rand(()) < share {
            let pattern = FraudPattern::ALL[rng.choice(4, ())?];
            customer.suffer(pattern, days as i64, rng, &mut payments)?;
        }
    }
    payments.sort_by_key(|labelled| (labelled.payment.time, labelled.payment.user));
    for (id, labelled) in payments.iter_mut().enumerate() {
        labelled.payment.id = id as u64;
    }
    deliver(&mut payments, rng)?;
    Ok(payments)
}

/// Lets each payment arrive: most at once, some late, some twice.
fn deliver(payments: &mut Vec<LabelledPayment>, rng: &mut RandomState) -> Result<()> {
    let mut again = Vec::new();
    for labelled in payments.iter_mut() {
        let kind = rng.rand(());
        let delay = match kind {
            ..0.005 => rng.exponential(4.0 * 3_600.0, ())?,
            ..0.04 => rng.exponential(900.0, ())?,
            _ => 0.0,
        };
        labelled.payment.arrived = labelled.payment.time + 1 + delay as i64;
        if rng.rand(()) < 0.005 {
            let mut repeated = *labelled;
            repeated.payment.arrived += 5 + rng.exponential(30.0, ())? as i64;
            again.push(repeated);
        }
    }
    payments.extend(again);
    payments.sort_by_key(|labelled| (labelled.payment.arrived, labelled.payment.id));
    Ok(())
}

/// Who pays, and how.
struct Customer {
    user: u64,
    home: (f64, f64),
    /// Mean and standard deviation of the logarithm of the amount.
    level: f64,
    spread: f64,
    per_day: f64,
    device: u32,
    favourites: Vec<usize>,
}

/// What differs from the customer's habits.
struct Circumstances {
    place: (f64, f64),
    device: u32,
    new_merchant: bool,
    level: f64,
    spread: f64,
    fraud: Option<FraudPattern>,
}

impl Customer {
    fn new(user: u64, rng: &mut RandomState) -> Result<Self> {
        Ok(Customer {
            user,
            home: (
                rng.uniform(30.0, 48.0, ())?,
                rng.uniform(-120.0, -75.0, ())?,
            ),
            level: rng.normal(3.2, 0.5, ())?,
            spread: rng.uniform(0.4, 0.8, ())?,
            per_day: rng.uniform(0.8, 4.0, ())?,
            device: rng.randint(0, 1 << 31, ())? as u32,
            favourites: rng.choice(MERCHANTS, FAVOURITES)?.to_vec(),
        })
    }

    /// What the customer does.
    fn live(
        &mut self,
        days: i64,
        rng: &mut RandomState,
        payments: &mut Vec<LabelledPayment>,
    ) -> Result<()> {
        let mut away = 0;
        let mut place = self.home;
        let mut overseas = false;
        for day in 0..days {
            let mut flies = false;
            if away > 0 {
                away -= 1;
            } else if rng.rand(()) < 1.0 / 60.0 {
                away = 3;
                let back = overseas;
                overseas = rng.rand(()) < OVERSEAS;
                flies = back || overseas;
                place = match overseas {
                    true => self.another_continent(rng)?,
                    false => self.elsewhere(15.0, rng)?,
                };
            } else {
                flies = overseas;
                overseas = false;
                place = self.home;
            }
            if flies {
                continue; // a day in the air, without payments
            }
            if rng.rand(()) < 1.0 / 400.0 {
                self.device = rng.randint(0, 1 << 31, ())? as u32;
            }
            for _ in 0..rng.poisson(self.per_day, ())? {
                crate::cell::check_interrupt();
                let time = START + day * DAY + daytime(rng)?;
                let large = if rng.rand(()) < 0.01 { 2.0 } else { 0.0 };
                let new_merchant = away > 0 || rng.rand(()) < 0.15;
                let how = self.habits(place, new_merchant, self.level + large);
                payments.push(self.pay(time, &how, rng)?);
            }
            if rng.rand(()) < 0.01 {
                let mut time = START + day * DAY + daytime(rng)?;
                for _ in 0..rng.randint(4, 11, ())? {
                    time += 60 + rng.exponential(420.0, ())? as i64;
                    let how = self.habits(place, rng.rand(()) < 0.6, self.level + 0.3);
                    payments.push(self.pay(time, &how, rng)?);
                }
            }
        }
        Ok(())
    }

    /// What a thief does in the customer's name, once.
    fn suffer(
        &self,
        pattern: FraudPattern,
        days: i64,
        rng: &mut RandomState,
        payments: &mut Vec<LabelledPayment>,
    ) -> Result<()> {
        let mut time = START + rng.randint(4 * DAY, days * DAY - 14_400, ())?;
        let stranger = rng.randint(0, 1 << 31, ())? as u32;
        let fraud = Some(pattern);
        let habits = self.habits(self.home, true, self.level);
        let (count, pause, how) = match pattern {
            FraudPattern::CardTesting => {
                let place = self.elsewhere(25.0, rng)?;
                let how = Circumstances {
                    place,
                    device: stranger,
                    level: 0.2,
                    spread: 0.4,
                    ..habits
                };
                (rng.randint(10, 26, ())?, 40.0, how)
            }
            FraudPattern::AccountTakeover => {
                let place = self.elsewhere(12.0, rng)?;
                let level = self.level + 2.0;
                let how = Circumstances {
                    place,
                    device: stranger,
                    level,
                    spread: 0.4,
                    ..habits
                };
                (rng.randint(3, 7, ())?, 720.0, how)
            }
            FraudPattern::StolenDevice => {
                let level = self.level + 1.3;
                (
                    rng.randint(4, 9, ())?,
                    480.0,
                    Circumstances { level, ..habits },
                )
            }
            FraudPattern::ImpossibleTravel => {
                let own = payments
                    .iter()
                    .rev()
                    .take_while(|p| p.payment.user == self.user);
                let before = own
                    .map(|p| p.payment.time)
                    .filter(|paid| *paid < time)
                    .max();
                time = before.unwrap_or(time) + 600;
                let place = self.another_continent(rng)?;
                (
                    rng.randint(2, 5, ())?,
                    900.0,
                    Circumstances { place, ..habits },
                )
            }
        };
        let how = Circumstances { fraud, ..how };
        for _ in 0..count {
            payments.push(self.pay(time, &how, rng)?);
            time += 1 + rng.exponential(pause, ())? as i64;
        }
        Ok(())
    }

    fn habits(&self, place: (f64, f64), new_merchant: bool, level: f64) -> Circumstances {
        Circumstances {
            place,
            device: self.device,
            new_merchant,
            level,
            spread: self.spread,
            fraud: None,
        }
    }

    fn elsewhere(&self, degrees: f64, rng: &mut RandomState) -> Result<(f64, f64)> {
        let north = self.home.0 + rng.uniform(-degrees, degrees, ())?;
        Ok((north, self.home.1 + rng.uniform(-degrees, degrees, ())?))
    }

    fn another_continent(&self, rng: &mut RandomState) -> Result<(f64, f64)> {
        let east = rng.uniform(70.0, 140.0, ())?;
        Ok((self.home.0 * 0.8, self.home.1 + east))
    }

    fn pay(
        &self,
        time: i64,
        how: &Circumstances,
        rng: &mut RandomState,
    ) -> Result<LabelledPayment> {
        let amount = rng.lognormal(how.level, how.spread, ())?;
        let merchant = if how.new_merchant {
            rng.choice(MERCHANTS, ())?
        } else {
            self.favourites[rng.choice(FAVOURITES, ())?]
        };
        let payment = Payment {
            id: 0,
            user: self.user,
            time,
            arrived: time,
            amount: (amount * 100.0).ceil() / 100.0,
            device: how.device,
            merchant: merchant as u32,
            latitude: how.place.0 + rng.normal(0.0, 0.03, ())?,
            longitude: how.place.1 + rng.normal(0.0, 0.03, ())?,
        };
        Ok(LabelledPayment {
            payment,
            fraud: how.fraud,
        })
    }
}

/// A second of the day at which people pay: around two in the afternoon.
fn daytime(rng: &mut RandomState) -> Result<i64> {
    let second = rng.normal(14.0 * 3_600.0, 4.0 * 3_600.0, ())?;
    Ok(second.clamp(0.0, 86_399.0) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn payments_are_valid_and_of_all_kinds() -> Result<()> {
        let stream = simulate_payments(400, 30, &mut RandomState::seed(24))?;
        for labelled in &stream {
            labelled.payment.check()?;
        }
        let n = stream.len() as f64;
        let share = |test: &dyn Fn(&LabelledPayment) -> bool| {
            stream.iter().filter(|labelled| test(labelled)).count() as f64 / n
        };
        let fraud = share(&|l| l.fraud.is_some());
        assert!((0.005..0.02).contains(&fraud), "{fraud}");
        for pattern in FraudPattern::ALL {
            assert!(share(&|l| l.fraud == Some(pattern)) > 0.0003, "{pattern:?}");
        }
        let late = share(&|l| l.payment.arrived > l.payment.time + 60);
        assert!((0.02..0.06).contains(&late), "{late}");
        let ids: HashSet<u64> = stream.iter().map(|l| l.payment.id).collect();
        let repeated = 1.0 - ids.len() as f64 / n;
        assert!((0.003..0.008).contains(&repeated), "{repeated}");
        Ok(())
    }

    #[test]
    fn a_seed_gives_the_same_payments() -> Result<()> {
        assert_eq!(
            simulate_payments(10, 10, &mut RandomState::seed(1))?,
            simulate_payments(10, 10, &mut RandomState::seed(1))?
        );
        assert_ne!(
            simulate_payments(10, 10, &mut RandomState::seed(1))?,
            simulate_payments(10, 10, &mut RandomState::seed(2))?
        );
        assert!(simulate_payments(0, 10, &mut RandomState::seed(1)).is_err());
        assert!(simulate_payments(10, 6, &mut RandomState::seed(1)).is_err());
        Ok(())
    }
}
