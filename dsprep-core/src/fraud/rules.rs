//! Rules: hard ones that block a payment, and signs that explain a decision.
//!
//! A rule needs no training, acts on the first day, and everybody can read it. The two hard ones are
//! those that the original's text names: more than 20 payments in an hour, and a first payment of more
//! than $5,000. The others are too often wrong to block; they are told to the analyst as reasons, and
//! decide only if there is no model.

use super::features::{Features, HOUR};
use super::place::{AIRLINER_KMH, SHORTEST_FLIGHT_KM};
use crate::options::options;
use std::fmt;

/// Why a decision is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// More payments within an hour than the rules allow: blocks.
    HighVelocity,
    /// The first payment is larger than the rules allow: blocks.
    LargeFirstPayment,
    /// The amount is far above what the user pays.
    AmountAnomaly,
    /// A large amount from a device that was not seen before.
    NewDeviceHighAmount,
    /// Away from the usual place, and within the hour nobody could have come here.
    ImpossibleTravel,
    /// It came more than an hour late, so that its windows may lack what is late as well.
    Late,
    /// The model's probability reached a threshold.
    ModelScore,
    /// There is no model.
    ModelMissing,
    /// The saved history could not be read.
    StateUnreadable,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 9] = [
        Reason::HighVelocity,
        Reason::LargeFirstPayment,
        Reason::AmountAnomaly,
        Reason::NewDeviceHighAmount,
        Reason::ImpossibleTravel,
        Reason::Late,
        Reason::ModelScore,
        Reason::ModelMissing,
        Reason::StateUnreadable,
    ];

    /// The reason as it is logged, `HIGH_VELOCITY`.
    pub fn code(self) -> &'static str {
        match self {
            Reason::HighVelocity => "HIGH_VELOCITY",
            Reason::LargeFirstPayment => "LARGE_FIRST_PAYMENT",
            Reason::AmountAnomaly => "AMOUNT_ANOMALY",
            Reason::NewDeviceHighAmount => "NEW_DEVICE_HIGH_AMOUNT",
            Reason::ImpossibleTravel => "IMPOSSIBLE_TRAVEL",
            Reason::Late => "LATE",
            Reason::ModelScore => "MODEL_SCORE",
            Reason::ModelMissing => "MODEL_MISSING",
            Reason::StateUnreadable => "STATE_UNREADABLE",
        }
    }
}

/// A set of reasons.
///
/// # Examples
/// ```
/// use dsprep_core::fraud::{Reason, Reasons};
///
/// let reasons = Reasons::default().with(Reason::Late).with(Reason::HighVelocity);
/// assert!(reasons.contains(Reason::Late));
/// assert_eq!(reasons.to_string(), "HIGH_VELOCITY, LATE");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reasons(u16);

impl Reasons {
    /// The set with `reason` added.
    #[must_use]
    pub fn with(self, reason: Reason) -> Self {
        Reasons(self.0 | 1 << reason as u8)
    }

    /// The set with `reason` added if `holds`.
    #[must_use]
    pub fn with_if(self, holds: bool, reason: Reason) -> Self {
        if holds { self.with(reason) } else { self }
    }

    /// Whether `reason` is among them.
    pub fn contains(self, reason: Reason) -> bool {
        self.0 & 1 << reason as u8 != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The reasons, one after the other.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL
            .into_iter()
            .filter(move |reason| self.contains(*reason))
    }

    /// Whether a hard rule is among them.
    pub fn block(self) -> bool {
        self.contains(Reason::HighVelocity) || self.contains(Reason::LargeFirstPayment)
    }

    /// The set as a number.
    pub(super) fn bits(self) -> u16 {
        self.0
    }

    /// The set of a number, if all of its reasons are known.
    pub(super) fn from_bits(bits: u16) -> Option<Self> {
        (bits >> Reason::ALL.len() == 0).then_some(Reasons(bits))
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.iter().map(Reason::code).collect();
        f.write_str(&codes.join(", "))
    }
}

options! {
    /// The limits of the rules.
    ///
    /// Unless told otherwise: the limits of the original's text and code: 20 an hour, $5,000 at first, z of 3,
    /// $200 from a new device; and 900 km/h, the speed of an airliner.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Rules {
        /// Blocked if there are more earlier payments than this in the last hour.
        pub most_in_an_hour: f64 = 20.0,
        /// Blocked if the first payment is above this, in dollars.
        pub most_at_first: f64 = 5_000.0,
        /// A sign: a robust z-score above this.
        pub highest_z: f64 = 3.0,
        /// A sign: a new device and an amount above this, in dollars.
        pub most_from_new_device: f64 = 200.0,
        /// A sign, over 100 km from the usual place: the way from the last place was faster than this in km/h, or a
        /// jump within the last hour led here.
        pub fastest: f64 = AIRLINER_KMH,
    }
}

impl Rules {
    /// The reasons that hold for a payment of `amount` dollars. O(1).
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::fraud::{Payment, Rules, recompute};
    ///
    /// let first = Payment {
    ///     id: 1, user: 1, time: 0, arrived: 0, amount: 5_001.0,
    ///     device: 1, merchant: 1, latitude: 52.5, longitude: 13.4,
    /// };
    /// let reasons = Rules::default().reasons(&recompute(&[], &first)?, first.amount);
    /// assert_eq!(reasons.to_string(), "LARGE_FIRST_PAYMENT");
    /// assert!(reasons.block());
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn reasons(&self, features: &Features, amount: f64) -> Reasons {
        let first = features.known == 0.0;
        let away = features.home_km > SHORTEST_FLIGHT_KM;
        let flight = features.distance_km > SHORTEST_FLIGHT_KM && features.speed_kmh > self.fastest;
        let jumped = features.since_jump_s < HOUR as f64;
        let new_device = features.new_device == 1.0;
        Reasons::default()
            .with_if(
                features.count_1h > self.most_in_an_hour,
                Reason::HighVelocity,
            )
            .with_if(
                first && amount > self.most_at_first,
                Reason::LargeFirstPayment,
            )
            .with_if(features.amount_z > self.highest_z, Reason::AmountAnomaly)
            .with_if(
                new_device && amount > self.most_from_new_device,
                Reason::NewDeviceHighAmount,
            )
            .with_if(away && (flight || jumped), Reason::ImpossibleTravel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;
    use crate::fraud::{Payment, recompute};

    fn features() -> Result<Features> {
        let payment = Payment {
            id: 1,
            user: 1,
            time: 0,
            arrived: 0,
            amount: 30.0,
            device: 1,
            merchant: 1,
            latitude: 0.0,
            longitude: 0.0,
        };
        Ok(Features {
            known: 9.0,
            ..recompute(&[], &payment)?
        })
    }

    #[test]
    fn each_rule_holds_above_its_limit_and_not_at_it() -> Result<()> {
        let rules = Rules::default();
        let codes = |features: Features, amount| rules.reasons(&features, amount).to_string();
        let f = features()?;
        for (count_1h, reason) in [(20.0, ""), (21.0, "HIGH_VELOCITY")] {
            assert_eq!(codes(Features { count_1h, ..f }, 30.0), reason);
        }
        let first = Features { known: 0.0, ..f };
        assert_eq!(codes(first, 5_000.0), "");
        assert_eq!(codes(first, 5_000.01), "LARGE_FIRST_PAYMENT");
        assert_eq!(codes(f, 5_000.01), "");
        for (amount_z, reason) in [(3.0, ""), (3.1, "AMOUNT_ANOMALY")] {
            assert_eq!(codes(Features { amount_z, ..f }, 30.0), reason);
        }
        let device = Features {
            new_device: 1.0,
            ..f
        };
        assert_eq!(codes(device, 200.0), "");
        assert_eq!(codes(device, 201.0), "NEW_DEVICE_HIGH_AMOUNT");
        for (distance_km, reason) in [(100.0, ""), (101.0, "IMPOSSIBLE_TRAVEL")] {
            let trip = Features {
                distance_km,
                speed_kmh: 901.0,
                home_km: 500.0,
                ..f
            };
            assert_eq!(codes(trip, 30.0), reason);
            // Back at home it is the owner.
            let home_km = 5.0;
            assert_eq!(codes(Features { home_km, ..trip }, 30.0), "");
        }
        for (since_jump_s, reason) in [(3_599.0, "IMPOSSIBLE_TRAVEL"), (3_600.0, "")] {
            let stays = Features {
                since_jump_s,
                home_km: 500.0,
                ..f
            };
            assert_eq!(codes(stays, 30.0), reason);
        }
        Ok(())
    }

    #[test]
    fn a_set_of_reasons_survives_as_a_number() {
        let all = Reason::ALL
            .into_iter()
            .fold(Reasons::default(), Reasons::with);
        assert_eq!(Reasons::from_bits(all.bits()), Some(all));
        assert_eq!(all.iter().count(), Reason::ALL.len());
        assert_eq!(Reasons::from_bits(1 << 9), None);
    }
}
