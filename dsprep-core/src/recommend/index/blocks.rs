//! Vectors in blocks of sixteen, so that the compiler scores sixteen items at a time.
//!
//! Within a block the numbers are stored dimension by dimension: the first coordinate of all sixteen
//! items, then the second, and so on. The scores of a block are then sixteen sums that grow side by
//! side, without a sum across a register. Each adds its products in the order of the plain loop, so
//! that a score has the same bits on every machine, with AVX2 or without.

/// How many vectors a block holds.
pub(super) const LANES: usize = 16;
/// At so many places the blocks are read in turn. A processor fetches ahead within a page of memory, but waits
/// where a page begins: then the other places keep it busy.
const PLACES: usize = 4;
/// For so many queries the nearest vector is looked for together, so that a block is loaded once for all.
const QUERIES: usize = 4;

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

    /// For each of the `queries` vectors that `row` gives, the place of the vector with the largest inner
    /// product with it, the first of equals.
    pub(super) fn nearest<'a>(
        &self,
        queries: usize,
        row: impl Fn(usize) -> &'a [f32],
    ) -> Vec<usize> {
        let mut nearest = Vec::with_capacity(queries);
        while nearest.len() < queries {
            let at = nearest.len();
            // The last ones may be repeated.
            let rows = std::array::from_fn(|i| row((at + i).min(queries - 1)));
            let found = self.best(&rows);
            nearest.extend_from_slice(&found[..QUERIES.min(queries - at)]);
        }
        nearest
    }

    fn best(&self, queries: &[&[f32]; QUERIES]) -> [usize; QUERIES] {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function asks for.
            return unsafe { self.best_with_avx2(queries) };
        }
        self.best_plainly(queries)
    }

    /// The same code, compiled for processors with AVX2.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn best_with_avx2(&self, queries: &[&[f32]; QUERIES]) -> [usize; QUERIES] {
        self.best_plainly(queries)
    }

    #[inline(always)]
    fn best_plainly(&self, queries: &[&[f32]; QUERIES]) -> [usize; QUERIES] {
        // The best of each lane, and its block.
        let mut most = [[f32::NEG_INFINITY; LANES]; QUERIES];
        let mut places = [[0_u32; LANES]; QUERIES];
        let queries = queries.map(|query| &query[..self.dimensions]);
        let (lanes, _) = self.numbers.as_chunks::<LANES>();
        for (block, lanes) in lanes.chunks_exact(self.dimensions).enumerate() {
            let mut sums = [[0.0; LANES]; QUERIES];
            for (dimension, lanes) in lanes.iter().enumerate() {
                for (sums, query) in sums.iter_mut().zip(queries) {
                    for (sum, number) in sums.iter_mut().zip(lanes) {
                        *sum += query[dimension] * number;
                    }
                }
            }
            let filled = self.len - block * LANES;
            for (query, sums) in sums.iter_mut().enumerate() {
                if filled < LANES {
                    sums[filled..].fill(f32::NEG_INFINITY);
                }
                for lane in 0..LANES {
                    let better = sums[lane] > most[query][lane];
                    most[query][lane] = if better { sums[lane] } else { most[query][lane] };
                    places[query][lane] = if better { block as u32 } else { places[query][lane] };
                }
            }
        }
        std::array::from_fn(|query| {
            let place = |lane: usize| places[query][lane] as usize * LANES + lane;
            let mut best = 0;
            for lane in 1..LANES {
                let (score, so_far) = (most[query][lane], most[query][best]);
                if score > so_far || score == so_far && place(lane) < place(best) {
                    best = lane;
                }
            }
            place(best)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn the_nearest_is_the_first_with_the_largest_inner_product() {
        let mut rng = RandomState::seed(6);
        for (len, dimensions) in [(1, 1), (15, 2), (33, 5), (130, 20)] {
            // Small whole numbers, so that many products are equal.
            let vectors = rng.randn((len, dimensions)).mapv(|z| z.round() as f32);
            let queries = rng.randn((10, dimensions)).mapv(|z| z.round() as f32);
            let (flat, asked) = (vectors.as_slice().unwrap(), queries.as_slice().unwrap());
            let row = |numbers, at: usize| -> &[f32] {
                let numbers: &[f32] = numbers;
                &numbers[at * dimensions..(at + 1) * dimensions]
            };
            let blocks = Blocks::new(dimensions, len, |at| row(flat, at));
            let found = blocks.nearest(10, |at| row(asked, at));
            for (at, &found) in found.iter().enumerate() {
                let scores = vectors.dot(&queries.row(at));
                let most = scores.fold(f32::MIN, |most, &score| most.max(score));
                let expected = scores.iter().position(|&score| score == most);
                assert_eq!(Some(found), expected, "{len} vectors");
            }
        }
    }
}
