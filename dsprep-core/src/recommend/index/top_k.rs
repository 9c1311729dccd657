//! The k best of a stream of scores.

/// Keeps the k best in a buffer of 2k: one that is below the k-th best costs one comparison, and the
/// buffer is cut back to k by selection when it is full. O(n + k log k) for n items.
///
/// Of equal scores the smaller item number is the better, so that the result does not depend on the
/// order in which the items come.
#[derive(Debug)]
pub(super) struct TopK<S> {
    k: usize,
    threshold: S,
    kept: Vec<(S, usize)>,
}

impl<S: PartialOrd + Copy> TopK<S> {
    /// The `k` best of scores that are at least `lowest`.
    pub(super) fn new(k: usize, lowest: S) -> TopK<S> {
        TopK {
            k,
            threshold: lowest,
            kept: Vec::with_capacity(2 * k),
        }
    }

    /// Takes an item, and returns the score below which there is no use in offering another.
    #[inline]
    pub(super) fn offer(&mut self, item: usize, score: S) -> S {
        if score >= self.threshold {
            self.keep(item, score);
        }
        self.threshold
    }

    pub(super) fn threshold(&self) -> S {
        self.threshold
    }

    #[inline(never)]
    fn keep(&mut self, item: usize, score: S) {
        self.kept.push((score, item));
        if self.kept.len() == 2 * self.k {
            let (_, worst, _) = self.kept.select_nth_unstable_by(self.k - 1, better);
            self.threshold = worst.0;
            self.kept.truncate(self.k);
        }
    }

    /// The best first.
    pub(super) fn into_sorted(mut self) -> Vec<(S, usize)> {
        self.kept.sort_unstable_by(better);
        self.kept.truncate(self.k);
        self.kept
    }
}

fn better<S: PartialOrd>(a: &(S, usize), b: &(S, usize)) -> std::cmp::Ordering {
    let by_score = b.0.partial_cmp(&a.0).unwrap_or(std::cmp::Ordering::Equal);
    by_score.then(a.1.cmp(&b.1))
}
