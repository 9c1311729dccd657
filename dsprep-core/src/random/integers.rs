//! Integers, choices and permutations.

use super::kinds::{Integer, Place};
use super::{RandomState, Size};
use crate::checks::room_for;
use crate::error::count;
use crate::{Error, Result};
use ndarray::Array1;

impl RandomState {
    /// Integers from `low` up to, but not including, `high`: `np.random.randint(low, high, size)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `high` is not greater than `low`.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let x = RandomState::seed(5).randint(0, 1000, 4)?;
    /// assert_eq!(x.to_vec(), [867, 206, 701, 998]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn randint<S: Size>(&mut self, low: i64, high: i64, size: S) -> Result<S::Out<i64>> {
        if high <= low {
            return Err(Error::OutOfRange {
                what: "`high`".to_owned(),
                found: high.to_string(),
                expected: "greater than `low`",
            });
        }
        let largest = high.wrapping_sub(low) as u64 - 1;
        self.integers(size, Integer::Range { low, largest })
    }

    /// `size` of the numbers 0 to `n` − 1, with replacement: `np.random.choice(n, size)`.
    ///
    /// # Errors
    /// [`Error::Empty`] if `n` is 0.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(9).choice(10, 4)?.to_vec(), [5, 6, 8, 6]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn choice<S: Size>(&mut self, n: usize, size: S) -> Result<S::Out<usize>> {
        let Some(largest) = n.checked_sub(1) else {
            return Err(Error::Empty {
                what: "the range 0 to `n`",
                item: "number",
            });
        };
        let largest = largest as u64;
        self.places(size, Place::UpTo { largest })
    }

    /// `size` of the numbers 0 to p.len() − 1, with replacement, the number i with probability `p[i]`:
    /// `np.random.choice(len(p), size, p=p)`.
    ///
    /// # Errors
    /// [`Error::Empty`] without probabilities; [`Error::OutOfRange`] if one is negative or their sum
    /// is not 1.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let x = RandomState::seed(9).choice_weighted(&[0.1, 0.2, 0.3, 0.4], 5)?;
    /// assert_eq!(x.to_vec(), [0, 2, 2, 1, 1]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn choice_weighted<S: Size>(&mut self, p: &[f64], size: S) -> Result<S::Out<usize>> {
        check_probabilities(p)?;
        let cumulative = &cumulative(p);
        self.places(size, Place::Weighted { cumulative })
    }

    /// `k` different numbers of 0 to `n` − 1: `np.random.choice(n, k, replace=False)`.
    ///
    /// # Errors
    /// [`Error::Shape`] if `k` is greater than `n`.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// assert_eq!(RandomState::seed(9).sample(10, 5)?.to_vec(), [8, 4, 7, 2, 1]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn sample(&mut self, n: usize, k: usize) -> Result<Array1<usize>> {
        check_sample_size(n, k)?;
        room_for("`n`", n, 2)?;
        let permuted = self.order_of(n);
        Ok(permuted.iter().take(k).copied().collect())
    }

    /// `k` different numbers of 0 to p.len() − 1, drawn one after the other with the probabilities `p`:
    /// `np.random.choice(len(p), k, replace=False, p=p)`.
    ///
    /// # Errors
    /// As [`choice_weighted`](Self::choice_weighted); [`Error::Shape`] if fewer than `k` numbers have
    /// a positive probability.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let p = [0.1, 0.2, 0.3, 0.35, 0.05];
    /// assert_eq!(RandomState::seed(9).sample_weighted(&p, 4)?.to_vec(), [0, 2, 1, 3]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn sample_weighted(&mut self, p: &[f64], k: usize) -> Result<Array1<usize>> {
        check_probabilities(p)?;
        check_sample_size(p.iter().filter(|&&p| p > 0.0).count(), k)?;
        let mut left = p.to_vec();
        let mut found: Vec<usize> = Vec::with_capacity(k);
        while found.len() < k {
            let draws = self.random_sample(k - found.len())?;
            let cdf = cumulative(&left);
            for u in draws {
                let drawn = first_above(&cdf, u);
                // Who was drawn has no weight left.
                if left[drawn] > 0.0 {
                    found.push(drawn);
                    left[drawn] = 0.0;
                }
            }
        }
        Ok(Array1::from(found))
    }

    /// Shuffles `items` in place (Fisher and Yates): `np.random.shuffle(items)`.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let mut items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    /// RandomState::seed(11).shuffle(&mut items);
    /// assert_eq!(items, [7, 8, 2, 6, 4, 5, 1, 3, 0, 9]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.at_most(i as u64) as usize;
            items.swap(i, j);
        }
    }

    /// One place of those whose weights sum up to `cumulative`.
    pub(super) fn next_place(&mut self, cumulative: &[f64]) -> usize {
        first_above(cumulative, self.twister.next_f64())
    }

    /// The numbers 0 to `n` − 1 in random order: `np.random.permutation(n)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if memory can't hold so many.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::random::RandomState;
    /// let order = RandomState::seed(12).permutation(10)?;
    /// assert_eq!(order.to_vec(), [5, 8, 7, 0, 4, 9, 3, 2, 1, 6]);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn permutation(&mut self, n: usize) -> Result<Array1<usize>> {
        room_for("`n`", n, 1)?;
        Ok(self.order_of(n))
    }

    /// [`permutation`](Self::permutation) of the places of something that is in memory.
    pub(crate) fn order_of(&mut self, n: usize) -> Array1<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        Array1::from(order)
    }

    /// A uniform integer from 0 to `largest`, both included, by masked rejection: as many bits as
    /// `largest` has are drawn until they are not above it.
    pub(super) fn at_most(&mut self, largest: u64) -> u64 {
        if largest == 0 {
            return 0;
        }
        let mask = u64::MAX >> largest.leading_zeros();
        loop {
            let bits = match u32::try_from(largest) {
                Ok(_) => u64::from(self.twister.next_u32()),
                Err(_) => self.twister.next_u64(),
            };
            if bits & mask <= largest {
                return bits & mask;
            }
        }
    }
}

/// The cumulative sums of `p`, scaled so that the last is 1.
fn cumulative(p: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums: Vec<f64> = Vec::with_capacity(p.len());
    for p in p {
        sum += p;
        sums.push(sum);
    }
    sums.iter().map(|partial| partial / sum).collect()
}

/// The index of the first value above `u`.
fn first_above(cdf: &[f64], u: f64) -> usize {
    cdf.partition_point(|&value| value <= u)
}

fn check_probabilities(p: &[f64]) -> Result<()> {
    if p.is_empty() {
        return Err(Error::Empty {
            what: "`p`",
            item: "probability",
        });
    }
    if let Some(at) = p.iter().position(|&p| p < 0.0 || p.is_nan()) {
        return Err(Error::OutOfRange {
            what: format!("`p[{at}]`"),
            found: p[at].to_string(),
            expected: "0 or greater",
        });
    }
    let sum: f64 = p.iter().sum();
    if (sum - 1.0).abs() > f64::EPSILON.sqrt() {
        return Err(Error::OutOfRange {
            what: "the sum of `p`".to_owned(),
            found: sum.to_string(),
            expected: "1",
        });
    }
    Ok(())
}

fn check_sample_size(n: usize, k: usize) -> Result<()> {
    if k <= n {
        return Ok(());
    }
    Err(Error::Shape {
        what: "a sample without replacement",
        found: count(k, "number"),
        expected: format!("at most {n}, since no number is drawn twice"),
    })
}
