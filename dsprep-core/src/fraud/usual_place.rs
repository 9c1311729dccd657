//! Where does this user usually pay?
//!
//! A thief on another continent is far from the last place once, and from the usual place all the time.
//! The usual place is the median of the known ones, so that it takes half of a history to move it.

use super::payment::Payment;
use super::place::kilometres;
use super::sorted::{Sorted, median};

/// The places of a history.
#[derive(Debug, Clone, Default)]
pub(super) struct UsualPlace {
    latitudes: Sorted,
    longitudes: Sorted,
}

impl UsualPlace {
    /// How far `payment` is from the usual place in kilometres; 0 if no place is known.
    pub(super) fn distance_km(&self, payment: &Payment) -> f64 {
        if self.latitudes.values().is_empty() {
            return 0.0;
        }
        let north = median(self.latitudes.values());
        let east = median_longitude(self.longitudes.values());
        kilometres((north, east), (payment.latitude, payment.longitude))
    }

    pub(super) fn add(&mut self, payment: &Payment) {
        self.latitudes.add(payment.latitude);
        self.longitudes.add(payment.longitude);
    }

    pub(super) fn remove(&mut self, payment: &Payment) {
        self.latitudes.remove(payment.latitude);
        self.longitudes.remove(payment.longitude);
    }

    pub(super) fn bytes(&self) -> usize {
        self.latitudes.bytes() + self.longitudes.bytes()
    }
}

impl<'a> FromIterator<&'a Payment> for UsualPlace {
    fn from_iter<I: IntoIterator<Item = &'a Payment>>(payments: I) -> Self {
        let mut places = UsualPlace::default();
        payments.into_iter().for_each(|payment| places.add(payment));
        places
    }
}

/// The median of longitudes, which are in order from −180 to 180.
///
/// A user near the date line has both ends of them. Counted from 0 to 360, the eastern ones come first and
/// the western ones follow, in the same order; that count is taken if it spreads them less. O(log n).
fn median_longitude(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    let western = sorted.partition_point(|east| *east < 0.0);
    if western == 0 || western == n {
        return median(sorted);
    }
    let spread = sorted[n - 1] - sorted[0];
    let spread_from_zero = sorted[western - 1] + 360.0 - sorted[western];
    if spread <= spread_from_zero {
        return median(sorted);
    }
    let from_zero = |index: usize| match sorted.get(western + index) {
        Some(east) => *east,
        None => sorted[western + index - n] + 360.0,
    };
    (from_zero((n - 1) / 2) + from_zero(n / 2)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Payment {
        Payment {
            id: 1,
            user: 1,
            time: 0,
            arrived: 0,
            amount: 1.0,
            device: 1,
            merchant: 1,
            latitude,
            longitude,
        }
    }

    #[test]
    fn a_trip_moves_the_usual_place_only_when_it_is_half_of_the_history() {
        let (home, away) = (at(40.0, -100.0), at(50.0, 10.0));
        let mut usual = UsualPlace::default();
        assert_eq!(usual.distance_km(&home), 0.0);
        (0..5).for_each(|_| usual.add(&home));
        (0..4).for_each(|_| usual.add(&away));
        assert_eq!(usual.distance_km(&home), 0.0);
        let apart = kilometres((40.0, -100.0), (50.0, 10.0));
        assert_eq!(usual.distance_km(&away), apart);
        (0..2).for_each(|_| usual.add(&away));
        assert_eq!(usual.distance_km(&away), 0.0);
        (0..2).for_each(|_| usual.remove(&away));
        assert_eq!(usual.distance_km(&home), 0.0);
    }

    #[test]
    fn at_the_date_line_the_usual_place_is_no_farther_than_elsewhere() {
        for (longitudes, expected) in [
            (&[-179.5, 179.0, 179.8][..], 179.8),
            (&[-179.5, 179.0], 179.75),
            (&[-179.9, -179.5, -179.0, 179.8], 180.3),
            (&[-3.0, -1.0, 2.0], -1.0),
            (&[-100.0, -100.0, 10.0], -100.0),
            (&[170.0, 175.0], 172.5),
        ] {
            let found = median_longitude(longitudes);
            assert!((found - expected).abs() < 1e-9, "{longitudes:?}: {found}");
        }
    }
}
