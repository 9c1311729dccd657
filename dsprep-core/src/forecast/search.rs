//! A simple optimiser for smoothing parameters.

/// The point of the unit cube [0, 1]ⁿ at which `objective` is small.
///
/// The best point of a coarse grid (0.1, 0.3, 0.5, 0.7, 0.9 for each parameter) is the start. From
/// there a compass search tries a step up and down for each parameter, takes every improvement, and
/// halves the step when there is none, until it is below 10⁻⁷. No derivatives; a local minimum is found,
/// the grid makes it unlikely to be a bad one. After Hooke and Jeeves, 1961, without their pattern move.
/// None if the objective is not a finite number anywhere on the grid.
pub(super) fn smallest_in_cube<const N: usize>(
    objective: impl Fn(&[f64; N]) -> f64,
) -> Option<[f64; N]> {
    let (mut point, mut value) = best_of_grid(&objective)?;
    let mut step = 0.1;
    while step > 1e-7 {
        crate::cell::check_interrupt();
        let mut improved = false;
        for axis in 0..N {
            for direction in [step, -step] {
                let mut trial = point;
                trial[axis] = (trial[axis] + direction).clamp(0.0, 1.0);
                let found = objective(&trial);
                if found < value {
                    (point, value, improved) = (trial, found, true);
                }
            }
        }
        if !improved {
            step /= 2.0;
        }
    }
    Some(point)
}

fn best_of_grid<const N: usize>(objective: impl Fn(&[f64; N]) -> f64) -> Option<([f64; N], f64)> {
    const TICKS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
    let mut best = None;
    for number in 0..TICKS.len().pow(N as u32) {
        let mut rest = number;
        let mut point = [0.0; N];
        for coordinate in &mut point {
            *coordinate = TICKS[rest % TICKS.len()];
            rest /= TICKS.len();
        }
        let value = objective(&point);
        if value.is_finite() && best.is_none_or(|(_, least)| value < least) {
            best = Some((point, value));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_bowl_is_found() {
        let bowl = |[x, y]: &[f64; 2]| (x - 0.123).powi(2) + (y - x - 0.4).powi(2);
        let [x, y] = smallest_in_cube(bowl).unwrap();
        assert!((x - 0.123).abs() < 1e-5 && (y - 0.523).abs() < 1e-5);
    }

    #[test]
    fn a_minimum_outside_the_cube_is_taken_at_its_side() {
        assert_eq!(
            smallest_in_cube(|[x]: &[f64; 1]| (x - 2.0).powi(2)),
            Some([1.0])
        );
        assert_eq!(
            smallest_in_cube(|[x]: &[f64; 1]| (x + 2.0).powi(2)),
            Some([0.0])
        );
    }

    #[test]
    fn the_lower_of_two_valleys_is_found() {
        let valleys = |[x]: &[f64; 1]| ((x - 0.1) * (x - 0.9)).powi(2) - 0.1 * x;
        assert!(smallest_in_cube(valleys).unwrap()[0] > 0.8);
    }

    #[test]
    fn without_a_finite_value_there_is_no_smallest() {
        for nowhere in [f64::INFINITY, f64::NAN] {
            assert_eq!(smallest_in_cube(|_: &[f64; 2]| nowhere), None);
        }
    }
}
