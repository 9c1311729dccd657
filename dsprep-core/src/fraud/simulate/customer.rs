//! A customer: how they pay, and what a thief does in their name.

use crate::Result;
use crate::fraud::features::DAY;
use crate::fraud::labelled_payment::{FraudPattern, LabelledPayment};
use crate::fraud::payment::Payment;
use crate::random::RandomState;

/// The first second of the simulation: 1 January 2026.
const START: i64 = 1_767_225_600;
/// How many merchants there are, and how many of them a customer likes.
const MERCHANTS: usize = 5_000;
const FAVOURITES: usize = 12;
/// How many of the trips lead to another continent.
const OVERSEAS: f64 = 0.25;

/// Who pays, and how.
pub(super) struct Customer {
    user: u64,
    home: (f64, f64),
    /// Mean and standard deviation of the logarithm of the amount.
    level: f64,
    spread: f64,
    per_day: f64,
    device: u32,
    favourites: Vec<usize>,
}

/// How one payment is made: as the customer usually pays, or otherwise.
struct Circumstances {
    place: (f64, f64),
    device: u32,
    new_merchant: bool,
    level: f64,
    spread: f64,
    fraud: Option<FraudPattern>,
}

impl Customer {
    pub(super) fn new(user: u64, rng: &mut RandomState) -> Result<Self> {
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
    pub(super) fn live(
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
                self.spree(START + day * DAY, place, rng, payments)?;
            }
        }
        Ok(())
    }

    /// Several payments minutes apart, as on a shopping tour, on the day that begins at `midnight`.
    fn spree(
        &self,
        midnight: i64,
        place: (f64, f64),
        rng: &mut RandomState,
        payments: &mut Vec<LabelledPayment>,
    ) -> Result<()> {
        let mut time = midnight + daytime(rng)?;
        for _ in 0..rng.randint(4, 11, ())? {
            time += 60 + rng.exponential(420.0, ())? as i64;
            let how = self.habits(place, rng.rand(()) < 0.6, self.level + 0.3);
            payments.push(self.pay(time, &how, rng)?);
        }
        Ok(())
    }

    /// What a thief does in the customer's name, once.
    pub(super) fn suffer(
        &self,
        pattern: FraudPattern,
        days: i64,
        rng: &mut RandomState,
        payments: &mut Vec<LabelledPayment>,
    ) -> Result<()> {
        let mut time = START + rng.randint(4 * DAY, days * DAY - 14_400, ())?;
        let thiefs_device = rng.randint(0, 1 << 31, ())? as u32;
        if pattern == FraudPattern::ImpossibleTravel {
            time = self.last_before(time, payments).unwrap_or(time) + 600;
        }
        let (count, pause, how) = self.theft(pattern, thiefs_device, rng)?;
        for _ in 0..count {
            payments.push(self.pay(time, &how, rng)?);
            time += 1 + rng.exponential(pause, ())? as i64;
        }
        Ok(())
    }

    /// How many payments a thief makes, the mean pause between them in seconds, and how they are made.
    fn theft(
        &self,
        pattern: FraudPattern,
        thiefs_device: u32,
        rng: &mut RandomState,
    ) -> Result<(i64, f64, Circumstances)> {
        let mut how = self.habits(self.home, true, self.level);
        how.fraud = Some(pattern);
        let (count, pause) = match pattern {
            FraudPattern::CardTesting => {
                how.place = self.elsewhere(25.0, rng)?;
                how.device = thiefs_device;
                (how.level, how.spread) = (0.2, 0.4);
                (rng.randint(10, 26, ())?, 40.0)
            }
            FraudPattern::AccountTakeover => {
                how.place = self.elsewhere(12.0, rng)?;
                how.device = thiefs_device;
                (how.level, how.spread) = (self.level + 2.0, 0.4);
                (rng.randint(3, 7, ())?, 720.0)
            }
            FraudPattern::StolenDevice => {
                how.level = self.level + 1.3;
                (rng.randint(4, 9, ())?, 480.0)
            }
            FraudPattern::ImpossibleTravel => {
                how.place = self.another_continent(rng)?;
                (rng.randint(2, 5, ())?, 900.0)
            }
        };
        Ok((count, pause, how))
    }

    /// The time of the customer's last payment before `time`; theirs are at the end of `payments`.
    fn last_before(&self, time: i64, payments: &[LabelledPayment]) -> Option<i64> {
        let own = payments
            .iter()
            .rev()
            .take_while(|labelled| labelled.payment.user == self.user);
        own.map(|labelled| labelled.payment.time)
            .filter(|paid| *paid < time)
            .max()
    }

    /// What the customer does when nothing is unusual.
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
