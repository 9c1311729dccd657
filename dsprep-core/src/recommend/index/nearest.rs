//! Which centre is nearest to each vector? What building an inverted file spends its time on.
//!
//! Sixteen vectors are compared with all centres side by side, two centres at a time. Each sum adds its
//! products in the order of the plain loop, so that the result is the same on every machine.

use super::blocks::LANES;

/// A number of each of sixteen vectors.
type Lanes = [f32; LANES];

/// For each of the `len` vectors that `row` gives, which of the `centres` (row by row) has the largest inner
/// product with it, the first of equals. O(len · centres · dimensions).
pub(super) fn nearest<'a>(
    centres: &[f32],
    dimensions: usize,
    len: usize,
    row: impl Fn(usize) -> &'a [f32],
) -> Vec<usize> {
    let mut nearest = Vec::with_capacity(len);
    let mut vectors = vec![[0.0; LANES]; dimensions];
    for first in (0..len).step_by(LANES) {
        let count = LANES.min(len - first);
        for lane in 0..count {
            for (numbers, &number) in vectors.iter_mut().zip(row(first + lane)) {
                numbers[lane] = number;
            }
        }
        let best = best_of(centres, &vectors);
        nearest.extend(best[..count].iter().map(|&centre| centre as usize));
    }
    nearest
}

fn best_of(centres: &[f32], vectors: &[Lanes]) -> [u32; LANES] {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        return unsafe { best_of_with_avx2(centres, vectors) };
    }
    best_of_plainly(centres, vectors)
}

/// The same code, compiled for processors with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn best_of_with_avx2(centres: &[f32], vectors: &[Lanes]) -> [u32; LANES] {
    best_of_plainly(centres, vectors)
}

#[inline(always)]
fn best_of_plainly(centres: &[f32], vectors: &[Lanes]) -> [u32; LANES] {
    let dimensions = vectors.len();
    let mut most = [f32::NEG_INFINITY; LANES];
    let mut best = [0; LANES];
    for (pair, centres) in centres.chunks(2 * dimensions).enumerate() {
        let (a, b) = centres.split_at(dimensions);
        // The last centre may have no partner; then it is compared with itself.
        let b = if b.is_empty() { a } else { b };
        let (mut scores_of_a, mut scores_of_b) = ([0.0; LANES], [0.0; LANES]);
        for ((a, b), numbers) in a.iter().zip(b).zip(vectors) {
            for lane in 0..LANES {
                scores_of_a[lane] += a * numbers[lane];
            }
            for lane in 0..LANES {
                scores_of_b[lane] += b * numbers[lane];
            }
        }
        for (centre, scores) in (2 * pair..).zip([scores_of_a, scores_of_b]) {
            for lane in 0..LANES {
                let better = scores[lane] > most[lane];
                most[lane] = if better { scores[lane] } else { most[lane] };
                best[lane] = if better { centre as u32 } else { best[lane] };
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn the_nearest_is_the_first_with_the_largest_inner_product() {
        let mut rng = RandomState::seed(6);
        for (centres, dimensions, len) in [(1, 1, 1), (2, 3, 16), (15, 2, 33), (130, 20, 50)] {
            // Small whole numbers, so that many products are equal.
            let centres = rng
                .randn((centres, dimensions))
                .unwrap()
                .mapv(|z| z.round() as f32);
            let vectors = rng
                .randn((len, dimensions))
                .unwrap()
                .mapv(|z| z.round() as f32);
            let flat = vectors.as_slice().unwrap();
            let row = |at: usize| &flat[at * dimensions..(at + 1) * dimensions];
            let found = nearest(centres.as_slice().unwrap(), dimensions, len, row);
            assert_eq!(found.len(), len);
            for (vector, found) in vectors.rows().into_iter().zip(found) {
                let scores = centres.dot(&vector);
                let most = scores.fold(f32::MIN, |most, &score| most.max(score));
                let first = scores.iter().position(|&score| score == most);
                assert_eq!(Some(found), first);
            }
        }
    }
}
