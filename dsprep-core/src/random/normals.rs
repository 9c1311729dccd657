//! Many standard normal numbers at once.

use super::RandomState;

/// How many pairs are tried together: as many as the twister makes between two twists.
const BLOCK: usize = 156;

/// A pair of uniforms in the unit circle, and the square of its distance from the middle.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    x1: f64,
    x2: f64,
    r2: f64,
}

impl RandomState {
    /// The same numbers as from [`next_normal`](Self::next_normal), one after the other, in about 60 % of the time.
    ///
    /// A processor that guesses wrong whether a pair falls into the circle (79 % do) throws away what it has begun. So a block of
    /// pairs is tried first, without a branch, and then the logarithms and roots of those inside are taken, which do not wait for each
    /// other. No block has more pairs than are still needed, so that not one uniform more is drawn.
    pub(super) fn fill_normals(&mut self, mut places: &mut [f64]) {
        if places.is_empty() {
            return;
        }
        if let Some(spare) = self.spare_normal.take() {
            places[0] = spare;
            places = &mut places[1..];
        }
        let mut pairs = [Pair::default(); BLOCK];
        while !places.is_empty() {
            let wanted = places.len().div_ceil(2).min(BLOCK);
            let inside = self.pairs_in_circle(&mut pairs, wanted);
            let normals = inside.iter().map(|&Pair { x1, x2, r2 }| {
                let f = (-2.0 * r2.ln() / r2).sqrt();
                [f * x2, f * x1]
            });
            let (now, later) = places.split_at_mut(places.len().min(2 * inside.len()));
            for (place, normal) in now.chunks_mut(2).zip(normals) {
                match place {
                    [first, second] => [*first, *second] = normal,
                    // The last place of all, if their number is odd.
                    [last] => {
                        *last = normal[0];
                        self.spare_normal = Some(normal[1]);
                    }
                    _ => {}
                }
            }
            places = later;
        }
    }

    /// Those of the next `tried` pairs of uniforms in (-1, 1) that fall into the unit circle.
    fn pairs_in_circle<'a>(&mut self, pairs: &'a mut [Pair; BLOCK], tried: usize) -> &'a [Pair] {
        let mut uniforms = [0.0; 2 * BLOCK];
        let uniforms = &mut uniforms[..2 * tried];
        self.twister.fill_f64(uniforms);
        let mut inside = 0;
        for drawn in uniforms.chunks_exact(2) {
            let (x1, x2) = (2.0 * drawn[0] - 1.0, 2.0 * drawn[1] - 1.0);
            let r2 = x1 * x1 + x2 * x2;
            // Written in any case; the next pair takes the place of one outside.
            pairs[inside] = Pair { x1, x2, r2 };
            inside += usize::from((r2 < 1.0) & (r2 != 0.0));
        }
        &pairs[..inside]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_the_numbers_drawn_one_by_one() {
        let (mut by_block, mut one_by_one) = (RandomState::seed(4), RandomState::seed(4));
        for count in [0, 1, 2, 3, 0, 5, 311, 312, 313, 10_000, 1, 1_001] {
            let mut block = vec![0.0; count];
            by_block.fill_normals(&mut block);
            let single: Vec<f64> = (0..count).map(|_| one_by_one.next_normal()).collect();
            assert_eq!(block, single);
            // Also what comes next, and the spare, are the same.
            assert_eq!(by_block, one_by_one);
        }
    }
}
