//! Tails of the binomial distribution and the bounds of a share that follow from them.
//!
//! The probability of one count is computed by Loader's saddle-point expansion ("Fast and accurate computation
//! of binomial probabilities", 2000), in which nothing large cancels, and a tail by adding up terms from the
//! count outwards, each a simple multiple of the one before.

use super::normal;
use std::f64::consts::TAU;

/// Between which shares the true one lies if `bad` of `all` was seen, each side for itself with the given
/// confidence: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
/// binomial", 1934. `bad` is at most `all`; without any, everything is possible.
pub(crate) fn exact_bounds(bad: u64, all: u64, confidence: f64) -> (f64, f64) {
    let tail = 1.0 - confidence;
    let (bad, good) = (bad as f64, (all - bad) as f64);
    let low = match bad {
        0.0 => 0.0,
        _ => share_at(|p| at_least(bad, good, p) < tail),
    };
    let high = match good {
        0.0 => 1.0,
        _ => share_at(|p| at_most(bad, good, p) > tail),
    };
    (low, high)
}

/// The share up to which `is_below` holds, by bisection. The first bound is found by its exponent, so that a share of
/// one in a billion has as many right digits as one half.
fn share_at(is_below: impl Fn(f64) -> bool) -> f64 {
    let mut low = 1.0;
    while low > f64::MIN_POSITIVE && !is_below(low / 2.0) {
        low /= 2.0;
    }
    let (mut low, mut high) = (low / 2.0, low);
    for _ in 0..60 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

/// P(X ≤ k), where `k` of `k + rest` are of the kind that has the share `p`.
fn at_most(k: f64, rest: f64, p: f64) -> f64 {
    if k > (k + rest) * p {
        return 1.0 - outer_tail(k + 1.0, rest - 1.0, p, 1.0 - p);
    }
    outer_tail(rest, k, 1.0 - p, p)
}

/// P(X ≥ k), where `k` of `k + rest` are of the kind that has the share `p`.
fn at_least(k: f64, rest: f64, p: f64) -> f64 {
    if k < (k + rest) * p {
        return 1.0 - outer_tail(rest + 1.0, k - 1.0, 1.0 - p, p);
    }
    outer_tail(k, rest, p, 1.0 - p)
}

/// From this variance on, adding up would take more than some 100,000 terms.
const MUCH_VARIANCE: f64 = 1e9;

/// P(X ≥ k) for a `k` that is at least about the mean: the terms shrink.
fn outer_tail(mut k: f64, mut rest: f64, p: f64, q: f64) -> f64 {
    if q <= 0.0 {
        return 1.0;
    }
    if (k + rest) * p * q > MUCH_VARIANCE {
        return by_saddle_point(k, rest, p, q);
    }
    let mut term = probability(k, rest, p, q);
    let mut sum = term;
    while rest > 0.0 && term > sum * 1e-17 {
        term *= rest * p / ((k + 1.0) * q);
        (k, rest) = (k + 1.0, rest - 1.0);
        sum += term;
    }
    sum.min(1.0)
}

/// P(X = k): exp of minus the saddle-point deviance, with Stirling's corrections (Loader, equation 5).
pub(crate) fn probability(k: f64, rest: f64, p: f64, q: f64) -> f64 {
    let n = k + rest;
    if rest == 0.0 {
        return (n * (-q).ln_1p()).exp();
    }
    if k == 0.0 {
        return (n * (-p).ln_1p()).exp();
    }
    let correction = stirling_error(n) - stirling_error(k) - stirling_error(rest);
    let deviance = deviance(k, n * p) + deviance(rest, n * q);
    (correction - deviance).exp() * (n / (TAU * k * rest)).sqrt()
}

/// P(X ≥ k) by the modified signed root of the deviance, r + ln(u/r)/r, with half a count of continuity correction:
/// Daniels, "Tail probability approximations", 1987. Its error falls as n^(−3/2), and here n is beyond 10⁹.
fn by_saddle_point(k: f64, rest: f64, p: f64, q: f64) -> f64 {
    let (k, rest) = (k - 0.5, rest + 0.5);
    let n = k + rest;
    let side = (k - n * p).signum();
    let root = side * (2.0 * (deviance(k, n * p) + deviance(rest, n * q)).max(0.0)).sqrt();
    let tilt = (k / (n * p)).ln() - (rest / (n * q)).ln();
    let u = 2.0 * (tilt / 2.0).sinh() * (k / n * rest).sqrt();
    let ratio = u / root;
    let moved = if root.abs() > 1e-3 && ratio > 0.0 {
        root + ratio.ln() / root
    } else {
        root
    };
    normal::cdf(-moved)
}

/// x ln(x/m) + m − x, without cancellation near x = m (Loader's bd0).
fn deviance(x: f64, m: f64) -> f64 {
    let (difference, sum) = (x - m, x + m);
    if difference.abs() >= 0.1 * sum {
        return x * (x / m).ln() + m - x;
    }
    let v = difference / sum;
    let mut total = difference * v;
    let mut power = 2.0 * x * v;
    for j in 1..100 {
        power *= v * v;
        let next = total + power / f64::from(2 * j + 1);
        if next == total {
            break;
        }
        total = next;
    }
    total
}

/// ln n! − ln(√(2πn) (n/e)ⁿ) for whole n ≥ 1.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial: f64 = (2..=n as u32).map(f64::from).product();
        return factorial.ln() - (n + 0.5) * n.ln() + n - 0.5 * TAU.ln();
    }
    let square = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0
            - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square)
            / square)
        / n
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bad ones, all, and the bounds at 99 % by `scipy.stats.beta.ppf`, and by mpmath where SciPy is less exact: see
    /// `tests/peers/distribution.py`.
    const EXACT: [(u64, u64, f64, f64); 17] = [
        (0, 10, 0.0, 0.36904265551980675),
        (1, 30, 0.00033495508513228724, 0.20158978035294534),
        (2, 10, 0.015538138717695492, 0.6117428588375743),
        (10, 10, 0.6309573444801932, 1.0),
        (3, 5_000, 8.722267548287458e-05, 0.0020076085947301338),
        (200, 50_000, 0.0033725800929913234, 0.004707218050411345),
        (30, 1_000_000, 1.8742521891884605e-05, 4.540041641137606e-05),
        (0, 10_000_000, 0.0, 4.6051691256086315e-07),
        (1, 10_000_000, 1.005033584845098e-09, 6.638350196890795e-07),
        (3, 10_000_000, 4.360451991760444e-08, 1.0045113976659685e-06),
        (
            20,
            10_000_000,
            1.108213501383413e-06,
            3.3103096454993077e-06,
        ),
        (
            9_999_999,
            10_000_000,
            0.9999993361649803,
            0.9999999989949664,
        ),
        (
            1_000,
            100_000_000,
            9.27908489631045e-06,
            1.0760691981564343e-05,
        ),
        (
            10_000,
            1_000_000_000,
            9.768837980912595e-06,
            1.023511480743657e-05,
        ),
        (
            1,
            1_000_000_000,
            1.0050335853450936e-11,
            6.638352049279129e-09,
        ),
        (
            123_456_789,
            1_000_000_000,
            0.12343258979224482,
            0.12348099117610316,
        ),
        (
            500_000_000,
            1_000_000_000,
            0.4999632167104997,
            0.5000367832895003,
        ),
    ];

    #[test]
    fn bounds_equal_scipys_from_ten_to_a_billion() {
        for (bad, all, low, high) in EXACT {
            let found = exact_bounds(bad, all, 0.99);
            for (found, expected) in [(found.0, low), (found.1, high)] {
                let error = (found - expected).abs();
                assert!(
                    error <= 1e-9 * expected,
                    "{bad} of {all}: {found}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn with_none_or_all_bad_the_bound_is_a_root_of_the_confidence() {
        for all in [1, 7, 10_000_000, 1_000_000_000, u64::MAX] {
            let bound = -(0.01_f64.ln() / all as f64).exp_m1();
            let (low, high) = exact_bounds(0, all, 0.99);
            assert!(
                low == 0.0 && (high / bound - 1.0).abs() < 1e-12,
                "{all}: {high} {bound}"
            );
            let (low, high) = exact_bounds(all, all, 0.99);
            assert!(
                high == 1.0 && (low - (1.0 - bound)).abs() < 1e-15,
                "{all}: {low}"
            );
        }
        assert_eq!(exact_bounds(0, 0, 0.99), (0.0, 1.0));
    }

    #[test]
    fn the_formula_for_much_variance_agrees_with_the_sum() {
        for (k, rest, p) in [(5.03e5, 4.97e5, 0.5), (1_300.0, 998_700.0, 0.0012)] {
            let sum = outer_tail(k, rest, p, 1.0 - p);
            let formula = by_saddle_point(k, rest, p, 1.0 - p);
            assert!((formula / sum - 1.0).abs() < 1e-5, "{formula} {sum}");
        }
    }

    #[test]
    fn the_largest_counts_have_bounds_as_well() {
        let (low, high) = exact_bounds(u64::MAX / 2, u64::MAX, 0.99);
        assert!(low < 0.5 && 0.5 < high && high - low < 1e-8);
        let (low, high) = exact_bounds(1_000_000_000_000, u64::MAX, 0.5);
        assert!((low / high - 1.0).abs() < 1e-11);
    }
}
