//! How unusual is this amount for this user?
//!
//! Amounts are spread over powers of ten, so that a mean and a standard deviation say little: one
//! large payment hides the next. On the scale of logarithms, with the median and the median absolute
//! deviation (MAD) in their place, it takes half of the history to move the yardstick. The factor
//! 1.4826 makes the MAD of a normal sample estimate its standard deviation (Iglewicz and Hoaglin, "How
//! to detect and handle outliers", 1993).

use super::sorted::median;

/// From how many earlier amounts on there is a yardstick.
const FEWEST: usize = 5;
/// 1 / Φ⁻¹(3/4).
const MAD_TO_SIGMA: f64 = 1.4826;
/// The smallest spread: a user who always pays the same is not alarmed at 20 % more.
const LEAST_SPREAD: f64 = 0.2;

/// The robust z-score of `value` among the `sorted` earlier ones; 0 with fewer than five.
///
/// O(log n): the deviations to the left and to the right of the median are sorted already.
pub(super) fn robust_z(value: f64, sorted: &[f64]) -> f64 {
    if sorted.len() < FEWEST {
        return 0.0;
    }
    let middle = median(sorted);
    let spread = MAD_TO_SIGMA * median_deviation(sorted, middle);
    (value - middle) / spread.max(LEAST_SPREAD)
}

/// The median of |x − median|, by a binary search for how many of the n/2 nearest values lie below the
/// median: the rest of them lies above.
fn median_deviation(sorted: &[f64], median: f64) -> f64 {
    let half = sorted.len() / 2;
    let below = |index: usize| match half.checked_sub(index + 1) {
        Some(at) => median - sorted[at],
        None => f64::INFINITY,
    };
    let above = |index: usize| match sorted.get(half + index) {
        Some(value) => value - median,
        None => f64::INFINITY,
    };
    let (mut low, mut high) = (0, half);
    while low < high {
        let middle = (low + high) / 2;
        if below(middle) < above(half - 1 - middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let next = below(low).min(above(half - low));
    if sorted.len() % 2 == 1 {
        return next;
    }
    let last_below = low.checked_sub(1).map_or(0.0, below);
    let last_above = (half - low).checked_sub(1).map_or(0.0, above);
    (last_below.max(last_above) + next) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraud::sorted::Sorted;
    use crate::random::RandomState;

    #[test]
    fn the_deviation_that_is_searched_is_the_median_of_all_deviations() {
        let mut rng = RandomState::seed(24);
        for n in 1..70 {
            let mut values = rng.randn(n).unwrap().to_vec();
            if n % 3 == 0 {
                values.iter_mut().for_each(|value| *value = value.round());
            }
            values.sort_by(f64::total_cmp);
            let center = median(&values);
            let deviations: Sorted = values.iter().map(|value| (value - center).abs()).collect();
            let plain = median(deviations.values());
            assert_eq!(median_deviation(&values, center), plain, "{values:?}");
        }
    }

    #[test]
    fn one_large_payment_does_not_hide_the_next() {
        let ordinary: Vec<f64> = [20.0, 22.0, 25.0, 30.0, 34.0, 40.0].map(f64::ln).to_vec();
        let before = robust_z(2_000_f64.ln(), &ordinary);
        let mut after = ordinary;
        after.push(2_000_f64.ln());
        assert!(before > 8.0);
        assert!(robust_z(2_000_f64.ln(), &after) > 0.6 * before);
    }

    #[test]
    fn a_short_or_constant_history_gives_no_extreme_score() {
        assert_eq!(robust_z(9.0, &[1.0; 4]), 0.0);
        assert_eq!(robust_z(1.2, &[1.0; 5]), (1.2 - 1.0) / LEAST_SPREAD);
    }
}
