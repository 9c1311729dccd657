//! Student's t distribution, for any number of degrees of freedom.
//!
//! With many degrees of freedom t becomes normal, and the way there is known: Hill, "Algorithm 395: Student's
//! t-distribution", 1970, gives the normal z that has the same tail as t,
//! z = w + (w³ + 3w) / b − (4w⁷ + 33w⁵ + 240w³ + 855w) / (10 b (b + 0.8w⁴ + 100)),
//! where w = √(a ln(1 + t²/ν)), a = ν − ½ and b = 48 a². It is used from [`MANY`] degrees of freedom on, where
//! it is right to the last few digits up to [`FAR`]; below or beyond, the tail is the incomplete beta function.

use super::normal;
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::ln_beta;

/// From this many degrees of freedom on, Hill's expansion is used.
const MANY: f64 = 200.0;

/// Farther out Hill's expansion loses digits, the more the fewer degrees of freedom there are, and from [`VERY_MANY`] on none.
const FAR: f64 = 8.0;
const VERY_MANY: f64 = 1e5;

/// The probability of a value at least as far from 0 as `t`, on either side, with `freedom` > 0 degrees of
/// freedom; none if there are no such degrees of freedom.
pub(crate) fn two_sided_p(t: f64, freedom: f64) -> Option<f64> {
    if !(freedom > 0.0 && freedom.is_finite()) || t.is_nan() {
        return None;
    }
    Some(2.0 * upper_tail(t.abs(), freedom))
}

/// The point beyond which, on either side, lies all but `confidence` (0 to 1, both excluded); none if there
/// are no such degrees of freedom.
pub(crate) fn two_sided_quantile(confidence: f64, freedom: f64) -> Option<f64> {
    if !(freedom > 0.0 && freedom.is_finite() && confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let tail = (1.0 - confidence) / 2.0;
    Some(if freedom >= MANY {
        t_of_z(normal::two_sided_quantile(confidence), freedom)
    } else {
        by_bisection(tail, freedom)
    })
}

/// P(T > t) for t ≥ 0.
fn upper_tail(t: f64, freedom: f64) -> f64 {
    let ratio = t / freedom.sqrt();
    if freedom >= VERY_MANY && (ratio * ratio).is_finite() || freedom >= MANY && t <= FAR {
        return normal::cdf(-z_of_w(w_of_t(t, freedom), freedom));
    }
    if t.is_infinite() {
        return 0.0;
    }
    if ratio > 1e150 {
        // The square of t overflows; so far out the tail is a power of t.
        let half = freedom / 2.0;
        return (-freedom * ratio.ln() - half.ln() - ln_beta(half, 0.5)).exp() / 2.0;
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |distribution| distribution.cdf(-t))
}

fn w_of_t(t: f64, freedom: f64) -> f64 {
    let ratio = t / freedom.sqrt();
    ((freedom - 0.5) * (ratio * ratio).ln_1p()).sqrt()
}

fn z_of_w(w: f64, freedom: f64) -> f64 {
    let b = 48.0 * (freedom - 0.5).powi(2);
    let square = w * w;
    let second = w * (((4.0 * square + 33.0) * square + 240.0) * square + 855.0)
        / (10.0 * b * (b + 0.8 * square * square + 100.0));
    w + w * (square + 3.0) / b - second
}

/// The t whose tail is that of the normal `z`: w by a fixed-point iteration, whose steps shrink by at least
/// the factor (3z² + 3) / b, then t = √(ν (e^(w²/a) − 1)).
fn t_of_z(z: f64, freedom: f64) -> f64 {
    let mut w = z;
    for _ in 0..20 {
        w += z - z_of_w(w, freedom);
    }
    (freedom * (w * w / (freedom - 0.5)).exp_m1()).sqrt()
}

/// Doubles an upper bound until the tail is beyond it, then halves: at most some 1,100 and 1,100 steps, the
/// exponents of a double, and about 120 in practice.
fn by_bisection(tail: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while upper_tail(high, freedom) > tail && high < f64::MAX / 2.0 {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if upper_tail(middle, freedom) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Confidence, degrees of freedom and `scipy.stats.t.isf((1 - confidence) / 2, freedom)`: see
    /// `tests/peers/distribution.py`.
    const QUANTILES: [(f64, f64, f64); 30] = [
        (0.9, 1.0, 6.313751514675045),
        (0.9, 2.5, 2.558218614135937),
        (0.9, 10.0, 1.8124611228116767),
        (0.9, 999.0, 1.6463803454275356),
        (0.9, 1000.0, 1.646378817285465),
        (0.9, 10000.0, 1.645006018069243),
        (0.9, 3000000.0, 1.64485413487468),
        (0.9, 10000000.0, 1.644853779328402),
        (0.9, 20000000.0, 1.6448537031399337),
        (0.9, 1000000000.0, 1.6448536284752415),
        (0.95, 1.0, 12.706204736174694),
        (0.95, 2.5, 3.5746548420036817),
        (0.95, 10.0, 2.228138851986274),
        (0.95, 999.0, 1.9623414611334493),
        (0.95, 1000.0, 1.9623390808264083),
        (0.95, 10000.0, 1.960201239890626),
        (0.95, 3000000.0, 1.9599647752974443),
        (0.95, 10000000.0, 1.959964221767205),
        (0.95, 20000000.0, 1.959964103153622),
        (0.95, 1000000000.0, 1.959963986912325),
        (0.999999, 1.0, 636619.7723487513),
        (0.999999, 2.5, 290.52306159567325),
        (0.999999, 10.0, 10.516489956882173),
        (0.999999, 999.0, 4.922320372360787),
        (0.999999, 1000.0, 4.922289523423825),
        (0.999999, 10000.0, 4.894688616309937),
        (0.999999, 3000000.0, 4.891648637326745),
        (0.999999, 10000000.0, 4.891641524179213),
        (0.999999, 20000000.0, 4.891639999935658),
        (0.999999, 1000000000.0, 4.891638506177778),
    ];

    #[test]
    fn quantiles_equal_scipys_with_one_and_with_a_billion_degrees_of_freedom() {
        for (confidence, freedom, expected) in QUANTILES {
            let found = two_sided_quantile(confidence, freedom).unwrap();
            let error = (found / expected - 1.0).abs();
            assert!(
                error < 2e-9,
                "{confidence} {freedom}: {found}, not {expected}"
            );
        }
    }

    #[test]
    fn the_tail_beyond_a_quantile_is_what_was_asked_for() {
        for freedom in [
            1.0, 1.7, 4.0, 30.0, 199.9, 200.0, 12_345.6, 1e6, 2e7, 1e9, 1e15,
        ] {
            for confidence in [0.01, 0.5, 0.9, 0.99, 0.999_999] {
                let t = two_sided_quantile(confidence, freedom).unwrap();
                let p = two_sided_p(t, freedom).unwrap();
                let error = (p / (1.0 - confidence) - 1.0).abs();
                assert!(error < 1e-7, "{freedom} {confidence}: {p}");
            }
        }
    }

    #[test]
    fn what_is_no_number_of_degrees_of_freedom_has_no_quantile() {
        for freedom in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(two_sided_quantile(0.95, freedom), None);
            assert_eq!(two_sided_p(1.0, freedom), None);
        }
    }

    /// Computed with 60 digits by mpmath.
    #[test]
    fn tails_far_out_keep_their_digits() {
        for (t, freedom, expected) in [
            (12.0, 200.0, 2.4221360052466314e-25),
            (30.0, 200.0, 5.724161208827852e-76),
            (18.0, 500.0, 3.268151338682852e-56),
            (30.0, 9000.0, 1.506394646396438e-188),
            (2e160, 1.0, 3.183098861837907e-161),
            (1e140, 2.0, 1e-280),
        ] {
            let p = two_sided_p(t, freedom).unwrap();
            assert!(
                (p / expected - 1.0_f64).abs() < 1e-9,
                "{t}, {freedom}: {p:e}"
            );
        }
    }
}
