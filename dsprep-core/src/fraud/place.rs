//! How far apart two places are.

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
/// # Examples
/// ```
/// use dsprep_core::fraud::great_circle_km;
///
/// let (berlin, new_york) = ((52.52, 13.405), (40.713, -74.006));
/// assert_eq!(great_circle_km(berlin, new_york).round(), 6385.0);
/// assert_eq!(great_circle_km(berlin, berlin), 0.0);
/// ```
pub fn great_circle_km(from: (f64, f64), to: (f64, f64)) -> f64 {
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
        assert!((great_circle_km((0.0, 0.0), (0.0, 90.0)) - quarter).abs() < 1e-9);
        assert!((great_circle_km((0.0, 0.0), (90.0, 17.0)) - quarter).abs() < 1e-9);
        assert!((great_circle_km((0.0, -180.0), (0.0, 180.0))).abs() < 1e-9);
    }
}
