//! e^x in a form that a processor computes for several numbers at once.
//!
//! The standard library calls a function for each number, and a loop with a call in it is not vectorised.
//! This one is straight arithmetic: x = n ln 2 + r with a whole n and |r| ≤ ½ ln 2, e^x = 2^n e^r, and e^r by
//! its Taylor series (Muller, "Elementary functions", 3rd edition, 2016, chapter 11). No step is fused, so
//! that the result has the same bits on every machine. The same as one writes it first stands below, as `plainly`: read
//! that one; the tests compare both.

/// Below this, e^x is less than the smallest number of full precision, and counts as 0.
const LOWEST: f64 = -708.0;
/// 1.5 · 2^52: a number to which it is added loses its fraction, and its whole part moves to the last bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts: the first has so few bits that its product with n is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// e^x for x ≤ 0, to one unit in the last place; 0 below −708, NaN for NaN.
#[inline(always)]
pub(crate) fn exp_of_at_most_zero(x: f64) -> f64 {
    let rounded = x * std::f64::consts::LOG2_E + ROUNDER;
    let n = rounded - ROUNDER;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let mut sum = 1.0 / 6_227_020_800.0; // 1/13!
    sum = sum * r + 1.0 / 479_001_600.0;
    sum = sum * r + 1.0 / 39_916_800.0;
    sum = sum * r + 1.0 / 3_628_800.0;
    sum = sum * r + 1.0 / 362_880.0;
    sum = sum * r + 1.0 / 40_320.0;
    sum = sum * r + 1.0 / 5_040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 1.0 / 2.0;
    let power_of_e = 1.0 + (r + r * r * sum);
    let power_of_two = f64::from_bits((rounded.to_bits().wrapping_add(1023)) << 52);
    if x < LOWEST {
        0.0
    } else {
        power_of_e * power_of_two
    }
}

/// e^x as one writes it first: n by division and rounding, the series term by term, and 2^n by a power.
#[cfg(test)]
fn plainly(x: f64) -> f64 {
    let n = (x / std::f64::consts::LN_2).round_ties_even();
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let mut power_of_e = 1.0;
    let mut term = 1.0;
    for k in 1..=13 {
        term *= r / f64::from(k); // r^k / k!
        power_of_e += term;
    }
    power_of_e * 2.0_f64.powi(n as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn the_fast_form_is_the_plain_one() {
        let mut rng = RandomState::seed(21);
        for x in (0..20_000).map(|_| -700.0 * rng.rand(())) {
            let (fast, plain) = (exp_of_at_most_zero(x), plainly(x));
            assert!(
                (fast / plain - 1.0).abs() < 1e-15,
                "{x}: {fast:e} {plain:e}"
            );
        }
    }

    #[test]
    fn it_is_the_standard_librarys_to_one_unit_in_the_last_place() {
        let mut rng = RandomState::seed(20);
        let mut off_by_one = 0;
        for at in 0..200_000 {
            // From the whole range, and where most numbers are.
            let width = [708.0, 30.0, 1.0, 1e-3][at % 4];
            let x = -width * rng.rand(());
            let units = exp_of_at_most_zero(x).to_bits().abs_diff(x.exp().to_bits());
            assert!(units <= 1, "{x}: {units} units");
            off_by_one += units;
        }
        assert!(off_by_one < 30_000, "{off_by_one}");
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!(exp_of_at_most_zero(0.0), 1.0);
        assert_eq!(exp_of_at_most_zero(-0.0), 1.0);
        assert_eq!(exp_of_at_most_zero(-1e-300), 1.0);
        assert_eq!(exp_of_at_most_zero(-709.0), 0.0);
        assert_eq!(exp_of_at_most_zero(f64::MIN), 0.0);
        assert_eq!(exp_of_at_most_zero(f64::NEG_INFINITY), 0.0);
        assert!(exp_of_at_most_zero(f64::NAN).is_nan());
    }
}
