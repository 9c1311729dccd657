//! Vectors in blocks of sixteen, so that the compiler scores sixteen items at a time.
//!
//! Within a block the numbers are stored dimension by dimension: the first coordinate of all sixteen
//! items, then the second, and so on. The scores of a block are then sixteen sums that grow side by
//! side, without a sum across a register. Each adds its products in the order of the plain loop, so
//! that a score has the same bits on every machine, with AVX2 or without.

use ndarray::Array2;

/// How many vectors a block holds.
pub(super) const LANES: usize = 16;
/// At this many places the blocks are read in turn. A processor fetches ahead within a page of memory, but waits
/// where a page begins: then the other places keep it busy.
const PLACES: usize = 4;

/// Vectors of equal length, stored for scoring.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    dimensions: usize,
    len: usize,
    numbers: Vec<f32>,
}

impl Blocks {
    /// The vectors that `row` gives for 0 to `len`.
    pub(super) fn new<'a>(
        dimensions: usize,
        len: usize,
        row: impl Fn(usize) -> &'a [f32],
    ) -> Blocks {
        let mut numbers = vec![0.0; len.div_ceil(LANES) * LANES * dimensions];
        for at in 0..len {
            let block = at / LANES * LANES * dimensions;
            for (dimension, &number) in row(at).iter().enumerate() {
                numbers[block + dimension * LANES + at % LANES] = number;
            }
        }
        Blocks {
            dimensions,
            len,
            numbers,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The vectors, one a row.
    pub(super) fn vectors(&self) -> Array2<f32> {
        Array2::from_shape_fn((self.len, self.dimensions), |(at, dimension)| {
            let block = at / LANES * LANES * self.dimensions;
            self.numbers[block + dimension * LANES + at % LANES]
        })
    }

    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Calls `take` with the place and the score of each vector that scores at least what `take`
    /// returned last, starting with `threshold`. In no order.
    pub(super) fn score_from(
        &self,
        query: &[f32],
        threshold: f32,
        take: impl FnMut(usize, f32) -> f32,
    ) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function asks for.
            return unsafe { self.score_with_avx2(query, threshold, take) };
        }
        self.score_plainly(query, threshold, take);
    }

    /// The same code, compiled for processors with AVX2.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn score_with_avx2(&self, query: &[f32], threshold: f32, take: impl FnMut(usize, f32) -> f32) {
        self.score_plainly(query, threshold, take);
    }

    #[inline(always)]
    fn score_plainly(
        &self,
        query: &[f32],
        mut threshold: f32,
        mut take: impl FnMut(usize, f32) -> f32,
    ) {
        let (lanes, _) = self.numbers.as_chunks::<LANES>();
        let blocks = self.len.div_ceil(LANES);
        let stride = blocks.div_ceil(PLACES);
        for block in (0..stride).flat_map(|first| (first..blocks).step_by(stride)) {
            let lanes = &lanes[block * self.dimensions..(block + 1) * self.dimensions];
            let mut sums = [0.0; LANES];
            for (coordinate, lanes) in query.iter().zip(lanes) {
                for (sum, number) in sums.iter_mut().zip(lanes) {
                    *sum += coordinate * number;
                }
            }
            if sums
                .iter()
                .fold(f32::MIN, |most, &sum| if sum > most { sum } else { most })
                < threshold
            {
                continue;
            }
            let first = block * LANES;
            for (lane, &score) in sums.iter().enumerate().take(self.len - first) {
                if score >= threshold {
                    threshold = take(first + lane, score);
                }
            }
        }
    }
}
