//! Where between two values a split is made.

/// The middle of two neighbouring values, `low` < `high`: at least `low`, less than `high`.
pub(super) fn between(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    if middle < high && middle.is_finite() {
        middle
    } else {
        low
    }
}
