//! A card payment, and the checks that it must pass before anything is computed from it.

use crate::{Error, Result};

/// By how many seconds a payment's clock may be ahead of ours.
pub const CLOCK_TOLERANCE: i64 = 5;
/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// A card payment.
///
/// The pair of `user` and `id` tells payments apart: sent again, it is the same payment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment {
    /// Its number, unique among the user's payments.
    pub id: u64,
    /// Who pays.
    pub user: u64,
    /// When it was made, in seconds since 1970 (UTC).
    pub time: i64,
    /// When it reached the scorer, in the same seconds; later than `time` if it was held up.
    pub arrived: i64,
    /// In dollars.
    pub amount: f64,
    /// The fingerprint of the device.
    pub device: u32,
    /// Who is paid.
    pub merchant: u32,
    /// Where it was made: degrees north.
    pub latitude: f64,
    /// Where it was made: degrees east.
    pub longitude: f64,
}

impl Payment {
    /// Fails unless the payment can be scored.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the amount is not between 0.01 and 1,000,000,000 (NaN is not), the
    /// place is not on earth, or the time is before 1970 or more than [`CLOCK_TOLERANCE`] after the
    /// arrival: an event from the future would push all others out of the windows.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::fraud::Payment;
    ///
    /// let payment = Payment {
    ///     id: 7, user: 1, time: 1_000, arrived: 1_001, amount: f64::NAN,
    ///     device: 1, merchant: 1, latitude: 52.5, longitude: 13.4,
    /// };
    /// assert_eq!(
    ///     payment.check().unwrap_err().to_string(),
    ///     "the amount of payment 7 is NaN, but it must be between 0.01 and 1,000,000,000 dollars."
    /// );
    /// ```
    pub fn check(&self) -> Result<()> {
        let wrong = |what: &str, found: String, expected| {
            Err(Error::OutOfRange {
                what: format!("the {what} of payment {}", self.id),
                found,
                expected,
            })
        };
        if !(0.01..=1e9).contains(&self.amount) {
            let expected = "between 0.01 and 1,000,000,000 dollars";
            return wrong("amount", self.amount.to_string(), expected);
        }
        if !(-90.0..=90.0).contains(&self.latitude) {
            return wrong(
                "latitude",
                self.latitude.to_string(),
                "between -90 and 90 degrees",
            );
        }
        if !(-180.0..=180.0).contains(&self.longitude) {
            let expected = "between -180 and 180 degrees";
            return wrong("longitude", self.longitude.to_string(), expected);
        }
        let seconds = 0..=LAST_SECOND;
        if !seconds.contains(&self.arrived) {
            let expected = "between 1970 and 9999, in seconds since 1970";
            return wrong("arrival", self.arrived.to_string(), expected);
        }
        if !seconds.contains(&self.time) {
            let expected = "between 1970 and 9999, in seconds since 1970";
            return wrong("time", self.time.to_string(), expected);
        }
        if self.time > self.arrived + CLOCK_TOLERANCE {
            let ahead = self.time - self.arrived;
            let expected = "at most 5 s: check the sender's clock";
            return wrong("time", format!("{ahead} s after its arrival"), expected);
        }
        Ok(())
    }

    /// The amount in whole cents. Integers can be added and taken away again without drifting.
    pub(super) fn cents(&self) -> i64 {
        (self.amount * 100.0).round() as i64
    }

    /// The natural logarithm of the amount.
    pub(super) fn log_amount(&self) -> f64 {
        self.amount.ln()
    }

    /// Its place in the history: by time, and among those of one second by id.
    pub(super) fn key(&self) -> (i64, u64) {
        (self.time, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Payment = Payment {
        id: 3,
        user: 1,
        time: 1_000,
        arrived: 1_000,
        amount: 20.0,
        device: 1,
        merchant: 1,
        latitude: 0.0,
        longitude: 0.0,
    };

    #[test]
    fn each_fault_has_a_name() {
        let message = |payment: Payment| payment.check().unwrap_err().to_string();
        for amount in [f64::NAN, f64::INFINITY, 0.0, -5.0, 1e10] {
            assert!(message(Payment { amount, ..GOOD }).contains("the amount of payment 3"));
        }
        let north = Payment {
            latitude: 91.0,
            ..GOOD
        };
        assert!(message(north).contains("the latitude of payment 3 is 91"));
        let lost = Payment {
            longitude: f64::NAN,
            ..GOOD
        };
        assert!(message(lost).contains("the longitude of payment 3 is NaN"));
        for time in [-1, i64::MIN, i64::MAX] {
            assert!(message(Payment { time, ..GOOD }).contains("the time of payment 3"));
        }
        let arrived = Payment {
            arrived: i64::MAX,
            ..GOOD
        };
        assert!(message(arrived).contains("the arrival of payment 3"));
    }

    #[test]
    fn a_clock_may_be_five_seconds_ahead_and_no_more() {
        assert!(
            Payment {
                time: 1_005,
                ..GOOD
            }
            .check()
            .is_ok()
        );
        assert_eq!(
            Payment {
                time: 1_006,
                ..GOOD
            }
            .check()
            .unwrap_err()
            .to_string(),
            "the time of payment 3 is 6 s after its arrival, but it must be at most 5 s: check \
             the sender's clock."
        );
    }
}
