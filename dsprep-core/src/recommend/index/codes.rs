//! Vectors as small whole numbers: a quarter of the memory, and a quarter of the time to read it.
//!
//! A coordinate becomes one of −63 … 63, a query's one of −15 … 15. The sum of 32 products is at most
//! 30,240, so it fits into 16 bits, and a register scores twice as many items as with floats. The
//! result is an estimate; [`IvfIndex`](super::IvfIndex) scores the best of them exactly. This is
//! scalar quantisation with refinement, as in Johnson, Douze and Jégou, "Billion-scale similarity search with GPUs", 2017.
//! `plain_sums` is the form to be read, and runs where there is no AVX2.

use super::blocks::LANES;

const LARGEST_CODE: f32 = 63.0;
const LARGEST_QUERY_CODE: f32 = 15.0;
/// How many products of two codes are summed in 16 bits.
const SHORT_SUM: usize = 32;

/// The step between two codes, for each dimension.
#[derive(Debug, Clone)]
pub(super) struct Quantizer {
    steps: Vec<f32>,
}

impl Quantizer {
    /// Steps that reach the largest coordinate of all `rows` in each dimension.
    pub(super) fn fit<'a>(dimensions: usize, rows: impl Iterator<Item = &'a [f32]>) -> Quantizer {
        let mut largest = vec![0.0_f32; dimensions];
        for row in rows {
            for (largest, number) in largest.iter_mut().zip(row) {
                *largest = largest.max(number.abs());
            }
        }
        Quantizer {
            steps: largest
                .iter()
                .map(|largest| largest / LARGEST_CODE)
                .collect(),
        }
    }

    /// The codes of a query. What the scores are multiplied by does not change their order.
    pub(super) fn query(&self, query: &[f32]) -> Vec<i16> {
        let scaled: Vec<f32> = query
            .iter()
            .zip(&self.steps)
            .map(|(q, step)| q * step)
            .collect();
        let largest = scaled
            .iter()
            .fold(f32::MIN_POSITIVE, |largest, q| largest.max(q.abs()));
        let code = |q: &f32| (q / largest * LARGEST_QUERY_CODE).round() as i16;
        scaled.iter().map(code).collect()
    }
}

/// The codes of vectors, in blocks as in [`Blocks`](super::blocks::Blocks).
#[derive(Debug, Clone)]
pub(super) struct Codes {
    dimensions: usize,
    len: usize,
    codes: Vec<i8>,
}

impl Codes {
    pub(super) fn new<'a>(
        quantizer: &Quantizer,
        len: usize,
        row: impl Fn(usize) -> &'a [f32],
    ) -> Codes {
        let dimensions = quantizer.steps.len();
        let mut codes = vec![0; len.div_ceil(LANES) * LANES * dimensions];
        for at in 0..len {
            let block = at / LANES * LANES * dimensions;
            for (dimension, (number, step)) in row(at).iter().zip(&quantizer.steps).enumerate() {
                let code = if *step > 0.0 { number / step } else { 0.0 };
                codes[block + dimension * LANES + at % LANES] = code.round() as i8;
            }
        }
        Codes {
            dimensions,
            len,
            codes,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.codes.len()
    }

    /// Calls `take` with the place and the score of each vector that scores at least what `take`
    /// returned last, starting with `threshold`.
    pub(super) fn score_from(
        &self,
        query: &[i16],
        threshold: i32,
        take: impl FnMut(usize, i32) -> i32,
    ) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function asks for.
            return unsafe { self.score_with_avx2(query, threshold, take) };
        }
        self.score_with(plain_sums, query, threshold, take);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn score_with_avx2(&self, query: &[i16], threshold: i32, take: impl FnMut(usize, i32) -> i32) {
        self.score_with(
            |query, codes| avx2_sums(query, codes),
            query,
            threshold,
            take,
        );
    }

    #[inline(always)]
    fn score_with(
        &self,
        sums: impl Fn(&[i16], &[[i8; LANES]]) -> [i16; LANES],
        query: &[i16],
        mut threshold: i32,
        mut take: impl FnMut(usize, i32) -> i32,
    ) {
        let (lanes, _) = self.codes.as_chunks::<LANES>();
        for (block, lanes) in lanes.chunks_exact(self.dimensions).enumerate() {
            let mut scores = [0_i32; LANES];
            for (query, lanes) in query.chunks(SHORT_SUM).zip(lanes.chunks(SHORT_SUM)) {
                for (score, sum) in scores.iter_mut().zip(sums(query, lanes)) {
                    *score += i32::from(sum);
                }
            }
            if scores.iter().fold(i32::MIN, |most, &score| most.max(score)) < threshold {
                continue;
            }
            let first = block * LANES;
            for (lane, &score) in scores.iter().enumerate().take(self.len - first) {
                if score >= threshold {
                    threshold = take(first + lane, score);
                }
            }
        }
    }
}

/// The sums of products of sixteen vectors, over at most [`SHORT_SUM`] dimensions.
fn plain_sums(query: &[i16], codes: &[[i8; LANES]]) -> [i16; LANES] {
    let mut sums = [0; LANES];
    for (coordinate, lanes) in query.iter().zip(codes) {
        for (sum, &code) in sums.iter_mut().zip(lanes) {
            *sum += coordinate * i16::from(code);
        }
    }
    sums
}

/// The same sums, in one register of AVX2: the compiler does not find this by itself.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn avx2_sums(query: &[i16], codes: &[[i8; LANES]]) -> [i16; LANES] {
    use std::arch::x86_64::{
        _mm_loadu_si128, _mm256_add_epi16, _mm256_cvtepi8_epi16, _mm256_mullo_epi16,
        _mm256_set1_epi16, _mm256_setzero_si256, _mm256_storeu_si256,
    };
    let mut total = _mm256_setzero_si256();
    for (&coordinate, lanes) in query.iter().zip(codes) {
        // SAFETY: `lanes` are 16 bytes, and the load needs no alignment.
        let bytes = unsafe { _mm_loadu_si128(lanes.as_ptr().cast()) };
        let products =
            _mm256_mullo_epi16(_mm256_cvtepi8_epi16(bytes), _mm256_set1_epi16(coordinate));
        total = _mm256_add_epi16(total, products);
    }
    let mut sums = [0; LANES];
    // SAFETY: `sums` are 32 bytes, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), total) };
    sums
}
