//! What the scorer looks at, defined in plain code.
//!
//! [`recompute`] is the definition: it goes through the whole history again for each payment. What the
//! scorer really does, in constant time, is tested to be equal to it to the last bit.

use super::amounts::robust_z;
use super::payment::Payment;
use super::place::{AIRLINER_KMH, SHORTEST_FLIGHT_KM, kilometres};
use super::sorted::Sorted;
use super::usual_place::UsualPlace;
use crate::{Error, Result};

/// How many payments of a user are remembered. Counts go no further either: the rules that block a
/// user's payments need much lower ones.
pub const HISTORY: usize = 64;

/// One hour and one day in seconds.
pub(super) const HOUR: i64 = 3_600;
/// See [`HOUR`].
pub(super) const DAY: i64 = 86_400;
/// What is longer ago than a week, or never was, counts as a week.
const LONGEST_PAUSE: i64 = 7 * DAY;
/// Two payments of one minute are as if a minute apart: clocks and map pins are not better.
const SHORTEST_TRIP: i64 = 60;

/// How many features there are.
pub const FEATURES: usize = 14;

/// One of the features, as a column of what the model learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Its name, which is that of the field of [`Features`].
    pub name: &'static str,
    /// Its column.
    pub column: usize,
}

impl Feature {
    /// The names of the columns.
    pub const NAMES: [&'static str; FEATURES] = [
        "count_1h",
        "count_24h",
        "sum_1h",
        "sum_24h",
        "log_amount",
        "amount_z",
        "distance_km",
        "speed_kmh",
        "new_device",
        "new_merchant",
        "pause_s",
        "known",
        "home_km",
        "since_jump_s",
    ];

    /// The feature of this name.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is none.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::fraud::Feature;
    ///
    /// assert_eq!(Feature::named("amount_z")?.column, 5);
    /// assert!(Feature::named("colour").is_err());
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn named(name: &str) -> Result<Feature> {
        let column = Self::NAMES.iter().position(|known| *known == name);
        match column {
            Some(column) => Ok(Feature {
                name: Self::NAMES[column],
                column,
            }),
            None => Err(Error::OutOfRange {
                what: "the feature".to_owned(),
                found: format!("`{name}`"),
                expected: "one of `Feature::NAMES`",
            }),
        }
    }
}

/// What is known of a payment when it has to be decided on. The payment itself is not counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Features {
    /// Earlier payments of less than an hour ago.
    pub count_1h: f64,
    /// Earlier payments of less than 24 hours ago.
    pub count_24h: f64,
    /// What those of the last hour come to, in dollars.
    pub sum_1h: f64,
    /// What those of the last 24 hours come to, in dollars.
    pub sum_24h: f64,
    /// The natural logarithm of the amount.
    pub log_amount: f64,
    /// How far it is from the median of the earlier logarithms, in robust standard deviations; 0 with
    /// fewer than five earlier payments.
    pub amount_z: f64,
    /// The distance from the place of the last payment, in kilometres; 0 for the first.
    pub distance_km: f64,
    /// That distance divided by the time since, at least a minute, in km/h.
    pub speed_kmh: f64,
    /// 1 if no earlier payment came from this device, and there is an earlier one.
    pub new_device: f64,
    /// 1 if no earlier payment went to this merchant, and there is an earlier one.
    pub new_merchant: f64,
    /// Seconds since the last payment, at most a week; a week for the first.
    pub pause_s: f64,
    /// How many earlier payments are known, at most [`HISTORY`].
    pub known: f64,
    /// The distance from the usual place, the median of the earlier ones, in kilometres; 0 for the first.
    pub home_km: f64,
    /// Seconds since the last *jump*, a trip of over 100 km that was faster than an airliner; 0 if this is
    /// one, at most a week, and a week if there was none. Whoever copied a card jumps once and then stays.
    pub since_jump_s: f64,
}

impl Features {
    /// The values in the order of [`Feature::NAMES`].
    pub fn values(&self) -> [f64; FEATURES] {
        [
            self.count_1h,
            self.count_24h,
            self.sum_1h,
            self.sum_24h,
            self.log_amount,
            self.amount_z,
            self.distance_km,
            self.speed_kmh,
            self.new_device,
            self.new_merchant,
            self.pause_s,
            self.known,
            self.home_km,
            self.since_jump_s,
        ]
    }
}

/// Distance (km), speed (km/h) and seconds since the `last` payment.
pub(super) fn trip(last: Option<&Payment>, payment: &Payment) -> (f64, f64, f64) {
    let Some(last) = last else {
        return (0.0, 0.0, LONGEST_PAUSE as f64);
    };
    let seconds = payment.time - last.time;
    let from = (last.latitude, last.longitude);
    let distance = kilometres(from, (payment.latitude, payment.longitude));
    let hours = seconds.max(SHORTEST_TRIP) as f64 / HOUR as f64;
    (
        distance,
        distance / hours,
        seconds.min(LONGEST_PAUSE) as f64,
    )
}

/// Whether a trip of this distance (km) and speed (km/h) is one that nobody can make.
pub(super) fn is_jump(distance: f64, speed: f64) -> bool {
    distance > SHORTEST_FLIGHT_KM && speed > AIRLINER_KMH
}

/// Whether the way from one payment to the next is a jump.
pub(super) fn jumps(from: &Payment, to: &Payment) -> bool {
    // Half a degree in both directions is less than 79 km, and most payments are made close by.
    let near = |a: f64, b: f64| (a - b).abs() < 0.5;
    if near(from.latitude, to.latitude) && near(from.longitude, to.longitude) {
        return false;
    }
    let (distance, speed, _) = trip(Some(from), to);
    is_jump(distance, speed)
}

/// Seconds from the last jump, if there was one, to `now`.
pub(super) fn since_jump(jumped: Option<i64>, now: i64) -> f64 {
    let seconds = jumped.map_or(LONGEST_PAUSE, |time| now - time);
    seconds.min(LONGEST_PAUSE) as f64
}

/// The features of `payment` by their definition, from all payments that have `arrived` so far, in any
/// order.
///
/// Of the user's payments, each id once, the latest [`HISTORY`] by time (and id, among those of one
/// second) are the history, and of these the ones before `payment` are used. O(n log n) for each payment:
/// this is what the scorer is compared with.
///
/// # Errors
/// [`Error::OutOfRange`] if one of the payments can't be scored; see [`Payment::check`].
///
/// # Examples
/// ```
/// use dsprep_core::fraud::{Payment, recompute};
///
/// let first = Payment {
///     id: 1, user: 1, time: 0, arrived: 3_600, amount: 30.0,
///     device: 1, merchant: 1, latitude: 52.5, longitude: 13.4,
/// };
/// let second = Payment { id: 2, time: 3_599, amount: 20.0, device: 2, ..first };
/// let third = Payment { id: 3, time: 3_600, ..second };
/// let features = recompute(&[first, second], &third)?;
/// // The first payment is an hour old, and so no longer in the window.
/// assert_eq!((features.count_1h, features.count_24h), (1.0, 2.0));
/// assert_eq!((features.sum_1h, features.new_device), (20.0, 0.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn recompute(arrived: &[Payment], payment: &Payment) -> Result<Features> {
    payment.check()?;
    let mut own: Vec<&Payment> = arrived.iter().filter(|p| p.user == payment.user).collect();
    own.iter().try_for_each(|payment| payment.check())?;
    own.sort_by_key(|p| p.key());
    own.dedup_by_key(|p| p.id);
    let history = &own[own.len().saturating_sub(HISTORY)..];
    let before = history.partition_point(|p| p.key() < payment.key());
    Ok(from_history(&history[..before], payment))
}

/// The features of `payment` after the payments `before`, which are sorted.
pub(super) fn from_history(before: &[&Payment], payment: &Payment) -> Features {
    let window = |seconds: i64| {
        let inside = before.iter().filter(|p| payment.time - p.time < seconds);
        let cents: i64 = inside.clone().map(|p| p.cents()).sum();
        (inside.count() as f64, cents as f64 / 100.0)
    };
    let (count_1h, sum_1h) = window(HOUR);
    let (count_24h, sum_24h) = window(DAY);
    let logs: Sorted = before.iter().map(|p| p.log_amount()).collect();
    let places: UsualPlace = before.iter().copied().collect();
    let (distance_km, speed_kmh, pause_s) = trip(before.last().copied(), payment);
    let jumped = match is_jump(distance_km, speed_kmh) {
        true => Some(payment.time),
        false => {
            let last = before.windows(2).rev().find(|two| jumps(two[0], two[1]));
            last.map(|two| two[1].time)
        }
    };
    let is_new = |known: bool| f64::from(!before.is_empty() && !known);
    Features {
        count_1h,
        count_24h,
        sum_1h,
        sum_24h,
        log_amount: payment.log_amount(),
        amount_z: robust_z(payment.log_amount(), logs.values()),
        distance_km,
        speed_kmh,
        new_device: is_new(before.iter().any(|p| p.device == payment.device)),
        new_merchant: is_new(before.iter().any(|p| p.merchant == payment.merchant)),
        pause_s,
        known: before.len() as f64,
        home_km: places.distance_km(payment),
        since_jump_s: since_jump(jumped, payment.time),
    }
}
