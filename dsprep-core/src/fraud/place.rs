//! How far apart two places are.

use crate::Result;
use crate::checks::check;

/// The mean radius of the earth in kilometres.
const EARTH_KM: f64 = 6371.0088;
/// Below this distance in kilometres, a speed says more about map pins than about travel.
pub(super) const SHORTEST_FLIGHT_KM: f64 = 100.0;
/// No airliner is faster, in km/h.
pub(super) const AIRLINER_KMH: f64 = 900.0;

/// The distance in kilometres between two places of (latitude, longitude) in degrees, along the
/// surface of a sphere: the haversine formula (Sinnott, "Virtues of the haversine", 1984), which
/// stays exact for places close by.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if a latitude is not between -90 and 90, or a longitude not between -180 and
/// 180.
///
/// # Examples
/// ```
/// use dsprep_core::fraud::great_circle_km;
///
/// let (berlin, new_york) = ((52.52, 13.405), (40.713, -74.006));
/// assert_eq!(great_circle_km(berlin, new_york)?.round(), 6385.0);
/// assert_eq!(great_circle_km(berlin, berlin)?, 0.0);
/// assert!(great_circle_km((13.405, 152.52), (-74.006, 240.713)).is_err());
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn great_circle_km(from: (f64, f64), to: (f64, f64)) -> Result<f64> {
    for (latitude, longitude) in [from, to] {
        let on_earth = (-90.0..=90.0).contains(&latitude);
        check(
            "a latitude",
            latitude,
            on_earth,
            "between -90 and 90 degrees",
        )?;
        let on_earth = (-180.0..=180.0).contains(&longitude);
        check(
            "a longitude",
            longitude,
            on_earth,
            "between -180 and 180 degrees",
        )?;
    }
    Ok(kilometres(from, to))
}

/// [`great_circle_km`] of places that are known to be on earth.
pub(super) fn kilometres(from: (f64, f64), to: (f64, f64)) -> f64 {
    if from == to {
        return 0.0;
    }
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let cosines = from.0.to_radians().cos() * to.0.to_radians().cos();
    let haversine = half(to.0 - from.0) + cosines * half(to.1 - from.1);
    2.0 * EARTH_KM * haversine.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_equator_and_the_way_to_the_pole_are_equally_long() {
        let quarter = EARTH_KM * std::f64::consts::FRAC_PI_2;
        assert!((kilometres((0.0, 0.0), (0.0, 90.0)) - quarter).abs() < 1e-9);
        assert!((kilometres((0.0, 0.0), (90.0, 17.0)) - quarter).abs() < 1e-9);
        assert!((kilometres((0.0, -180.0), (0.0, 180.0))).abs() < 1e-9);
    }

    #[test]
    fn a_place_that_is_not_on_earth_is_named() {
        let message = |place| great_circle_km((0.0, 0.0), place).unwrap_err().to_string();
        for latitude in [90.1, f64::NAN, f64::INFINITY] {
            assert!(message((latitude, 0.0)).starts_with("a latitude is"));
        }
        for longitude in [-181.0, f64::NAN, f64::NEG_INFINITY] {
            assert!(message((0.0, longitude)).starts_with("a longitude is"));
        }
    }
}
