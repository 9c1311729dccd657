//! Softmax where the scores stand, for many scores (question 20). The plain form, to be read, is [`softmax`](super::softmax);
//! the test below compares both.
//!
//! [`softmax`](super::softmax) as written goes through the scores four times and makes two copies. Here a
//! row stays in the fastest cache while its largest score is found, and while each score becomes a power of e
//! and joins the sum; and several scores are in work at once.

use crate::exp::exp_of_at_most_zero;

/// How many maxima or sums grow side by side.
const LANES: usize = 8;

/// [`softmax`](super::softmax) of each row of `columns` scores.
pub(super) fn softmax_in_place(scores: &mut [f64], columns: usize) {
    for row in scores.chunks_exact_mut(columns) {
        let largest = largest(row);
        let sum = powers_of_e(row, largest);
        row.iter_mut().for_each(|weight| *weight /= sum);
    }
}

/// The largest of `scores`.
pub(super) fn largest(scores: &[f64]) -> f64 {
    let greater = |a: f64, b: f64| if b > a { b } else { a };
    let (chunks, rest) = scores.as_chunks::<LANES>();
    let mut lanes = [f64::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, &score) in lanes.iter_mut().zip(chunk) {
            *lane = greater(*lane, score);
        }
    }
    let all = lanes.iter().chain(rest);
    all.fold(f64::NEG_INFINITY, |most, &score| greater(most, score))
}

/// Makes each score e^(score − `largest`), and returns their sum. No score may be larger than `largest`.
pub(super) fn powers_of_e(scores: &mut [f64], largest: f64) -> f64 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        return unsafe { powers_of_e_with_avx2(scores, largest) };
    }
    powers_of_e_plainly(scores, largest)
}

/// The same code, compiled for processors with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn powers_of_e_with_avx2(scores: &mut [f64], largest: f64) -> f64 {
    powers_of_e_plainly(scores, largest)
}

#[inline(always)]
fn powers_of_e_plainly(scores: &mut [f64], largest: f64) -> f64 {
    for score in scores.iter_mut() {
        *score = exp_of_at_most_zero(*score - largest);
    }
    let (chunks, rest) = scores.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, power) in sums.iter_mut().zip(chunk) {
            *sum += power;
        }
    }
    sums.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::softmax_rows;
    use crate::random::RandomState;
    use ndarray::Array2;

    #[test]
    fn it_is_the_plain_softmax_of_each_row() {
        let mut rng = RandomState::seed(3);
        for (columns, scale) in [(1, 1.0), (7, 1.0), (8, 100.0), (45, 1e4)] {
            let mut scores: Array2<f64> = rng.randn((6, columns)).unwrap() * scale;
            if columns > 1 {
                scores[[2, 1]] = f64::NEG_INFINITY;
            }
            let expected = softmax_rows(&scores).unwrap();
            softmax_in_place(scores.as_slice_mut().unwrap(), columns);
            for (found, expected) in scores.iter().zip(&expected) {
                assert!((found - expected).abs() <= 1e-15, "{found} {expected}");
            }
        }
    }

    #[test]
    fn the_same_bits_come_from_every_processor() {
        let mut scores: Vec<f64> = RandomState::seed(4).randn(101).unwrap().to_vec();
        let mut plain = scores.clone();
        let most = largest(&scores);
        assert_eq!(
            powers_of_e(&mut scores, most),
            powers_of_e_plainly(&mut plain, most)
        );
        assert_eq!(scores, plain);
    }

    #[test]
    fn a_nan_is_not_lost() {
        let mut scores = [1.0, f64::NAN, 2.0];
        softmax_in_place(&mut scores, 3);
        assert!(scores.iter().all(|weight| weight.is_nan()));
    }
}
