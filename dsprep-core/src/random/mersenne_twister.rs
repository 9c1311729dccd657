//! The Mersenne Twister MT19937.
//!
//! After Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
//! pseudo-random number generator", 1998, and their reference code `mt19937ar.c`.

/// The number of words in the state.
const N: usize = 624;
/// How far ahead the recurrence looks.
const M: usize = 397;
/// The twist matrix's last row.
const MATRIX_A: u32 = 0x9908_b0df;
const UPPER_MASK: u32 = 0x8000_0000;
const LOWER_MASK: u32 = 0x7fff_ffff;

/// The generator of 32-bit words, with period 2¹⁹⁹³⁷ − 1.
///
/// # Examples
/// ```
/// use dsprep_core::random::MersenneTwister;
///
/// // The seed and the first output of the reference implementation.
/// assert_eq!(MersenneTwister::new(5489).next_u32(), 3_499_211_612);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MersenneTwister {
    words: [u32; N],
    position: usize,
}

impl MersenneTwister {
    /// A generator in the state that `init_genrand(seed)` of the reference code makes.
    pub fn new(seed: u32) -> Self {
        let mut words = [seed; N];
        for i in 1..N {
            let previous = words[i - 1] ^ (words[i - 1] >> 30);
            words[i] = previous.wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        MersenneTwister { words, position: N }
    }

    /// The word of the state at which the generator stands: the seed, before anything is drawn.
    pub(super) fn next_word(&self) -> u32 {
        self.words[self.position % N]
    }

    /// The next 32 bits.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if self.position == N {
            self.twist();
        }
        let word = self.words[self.position];
        self.position += 1;
        tempered(word)
    }

    /// The next 64 bits, the high half drawn first.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let high = u64::from(self.next_u32());
        high << 32 | u64::from(self.next_u32())
    }

    /// The next multiple of 2⁻⁵³ in [0, 1).
    #[inline]
    pub fn next_f64(&mut self) -> f64 {
        unit_uniform(self.next_u32(), self.next_u32())
    }

    /// The same numbers as from [`next_f64`](Self::next_f64), one after the other, in about 60 % of the time: what lies ready between
    /// two twists is taken at once, several words by one instruction.
    pub(super) fn fill_f64(&mut self, mut places: &mut [f64]) {
        while !places.is_empty() {
            let ready = (N - self.position.min(N)) / 2;
            if ready == 0 {
                // The first word is before the twist, or the state is at its end.
                places[0] = self.next_f64();
                places = &mut places[1..];
                continue;
            }
            let (now, later) = places.split_at_mut(ready.min(places.len()));
            let words = self.words[self.position..].chunks_exact(2);
            for (place, pair) in now.iter_mut().zip(words) {
                *place = unit_uniform(tempered(pair[0]), tempered(pair[1]));
            }
            self.position += 2 * now.len();
            places = later;
        }
    }

    /// Makes the next 624 words. Out of line: `next_u32` is compiled into each caller, and this is seldom called.
    #[inline(never)]
    fn twist(&mut self) {
        let mix = |word: u32, next: u32, ahead: u32| {
            let y = (word & UPPER_MASK) | (next & LOWER_MASK);
            ahead ^ (y >> 1) ^ (if y & 1 == 1 { MATRIX_A } else { 0 })
        };
        let w = &mut self.words;
        for i in 0..N - M {
            w[i] = mix(w[i], w[i + 1], w[i + M]);
        }
        for i in N - M..N - 1 {
            w[i] = mix(w[i], w[i + 1], w[i + M - N]);
        }
        w[N - 1] = mix(w[N - 1], w[0], w[M - 1]);
        self.position = 0;
    }
}

/// The word of the state with its bits spread, as it is given out.
#[inline]
fn tempered(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    word ^ (word >> 18)
}

/// The 53 highest bits of two words as a number in [0, 1).
#[inline]
fn unit_uniform(high: u32, low: u32) -> f64 {
    // By i32, which holds 27 and 26 bits: every processor turns several of them into f64 at once.
    let (high, low) = (f64::from((high >> 5) as i32), f64::from((low >> 6) as i32));
    (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_uniforms_are_those_drawn_one_by_one() {
        // An odd word before, so that a pair crosses the twist, and lengths around those of the state.
        for odd in [0, 1] {
            let (mut many, mut single) = (MersenneTwister::new(4), MersenneTwister::new(4));
            for _ in 0..odd {
                assert_eq!(many.next_u32(), single.next_u32());
            }
            for count in [0, 1, 2, 310, 311, 312, 313, 624, 625, 2_000] {
                let mut uniforms = vec![0.0; count];
                many.fill_f64(&mut uniforms);
                let expected: Vec<f64> = (0..count).map(|_| single.next_f64()).collect();
                assert_eq!(uniforms, expected);
                assert_eq!(many, single);
            }
        }
    }

    #[test]
    fn the_ten_thousandth_word_is_the_one_the_cpp_standard_demands() {
        // ISO C++, [rand.predef]: the 10000th invocation of a default mt19937.
        let mut twister = MersenneTwister::new(5489);
        let last = (0..10_000).map(|_| twister.next_u32()).last();
        assert_eq!(last, Some(4_123_659_995));
    }
}
