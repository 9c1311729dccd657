//! Shuffling by a seed, the same in a notebook and in the terminal.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
//! 2014), which takes three lines; the shuffle is that of Fisher and Yates as Durstenfeld (1964) wrote it.

/// Brings `items` into an order that depends on nothing but `seed`; all orders are about equally likely.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for last in (1..items.len()).rev() {
        // The high half of a product with 64 random bits: below `last + 1`, and even enough for some cards.
        let product = u128::from(next(&mut state)) * (last as u128 + 1);
        items.swap(last, (product >> 64) as usize);
    }
}

/// The next 64 bits of SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of `splitmix64.c` (Vigna, 2015) for the seed 1234567.
    #[test]
    fn words_equal_those_of_the_reference_code() {
        let mut state = 1_234_567;
        let words: Vec<u64> = (0..3).map(|_| next(&mut state)).collect();
        assert_eq!(
            words,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn a_seed_gives_one_order_and_each_first_item_is_about_equally_likely() {
        let order = |seed| {
            let mut items = [0, 1, 2, 3];
            shuffle(&mut items, seed);
            items
        };
        assert_eq!(order(7), order(7));
        let mut firsts = [0; 4];
        (0..4000).for_each(|seed| firsts[order(seed)[0]] += 1);
        assert!(
            firsts.iter().all(|&count| (880..1120).contains(&count)),
            "{firsts:?}"
        );
        shuffle::<u8>(&mut [], 1);
    }
}
