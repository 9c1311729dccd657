//! Three ways to count places when some are shared (question 18).
//!
//! | values | 50 | 40 | 40 | 30 |
//! |---|---|---|---|---|
//! | [`RowNumber`](Ranking::RowNumber) | 1 | 2 | 3 | 4 |
//! | [`Rank`](Ranking::Rank) | 1 | 2 | 2 | 4 |
//! | [`DenseRank`](Ranking::DenseRank) | 1 | 2 | 2 | 3 |
//!
//! As SQL's window functions of these names define them (ISO/IEC 9075-2:2003, section 6.10).

use crate::{Error, Result};

/// How places are counted, from the highest value, which is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranking {
    /// Each row has a place of its own; equal values need a tie-break.
    RowNumber,
    /// Equal values share a place, and as many places after it stay empty: 1 + the number of rows with a
    /// higher value.
    Rank,
    /// Equal values share a place, and the next value has the next place: 1 + the number of *different*
    /// higher values.
    DenseRank,
}

impl Ranking {
    /// All three, in the order of the table above.
    pub const ALL: [Ranking; 3] = [Ranking::RowNumber, Ranking::Rank, Ranking::DenseRank];

    /// The name of the window function.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(dsprep_core::sql::Ranking::DenseRank.sql(), "DENSE_RANK");
    /// ```
    pub fn sql(self) -> &'static str {
        match self {
            Ranking::RowNumber => "ROW_NUMBER",
            Ranking::Rank => "RANK",
            Ranking::DenseRank => "DENSE_RANK",
        }
    }
}

/// The place of each of `values`, where the highest has the place 1. Of equal values the first one has
/// the better [`RowNumber`](Ranking::RowNumber). O(n log n).
///
/// # Errors
/// [`Error::OutOfRange`] if a value is NaN.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{Ranking, ranks};
///
/// let revenue = [40.0, 50.0, 30.0, 40.0];
/// assert_eq!(ranks(&revenue, Ranking::RowNumber)?, [2, 1, 4, 3]);
/// assert_eq!(ranks(&revenue, Ranking::Rank)?, [2, 1, 4, 2]);
/// assert_eq!(ranks(&revenue, Ranking::DenseRank)?, [2, 1, 3, 2]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn ranks(values: &[f64], ranking: Ranking) -> Result<Vec<usize>> {
    no_nan(values)?;
    let mut rows: Vec<usize> = (0..values.len()).collect();
    rows.sort_by(|&a, &b| {
        values[b]
            .partial_cmp(&values[a])
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut ranks = vec![0; values.len()];
    let (mut place, mut different) = (0, 0);
    for (index, &row) in rows.iter().enumerate() {
        if index == 0 || values[row] < values[rows[index - 1]] {
            place = index + 1;
            different += 1;
        }
        ranks[row] = match ranking {
            Ranking::RowNumber => index + 1,
            Ranking::Rank => place,
            Ranking::DenseRank => different,
        };
    }
    Ok(ranks)
}

/// Fails if a value can't be compared.
pub(super) fn no_nan(values: &[f64]) -> Result<()> {
    match values.iter().position(|value| value.is_nan()) {
        None => Ok(()),
        Some(index) => Err(Error::OutOfRange {
            what: format!("`values[{index}]`"),
            found: "NaN".to_owned(),
            expected: "a number, since NaN has no place among others",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn places_are_one_plus_the_number_of_what_is_higher() -> Result<()> {
        let mut rng = RandomState::seed(18);
        for n in [0, 1, 7, 40] {
            let values: Vec<f64> = rng.randint(-3, 4, n)?.iter().map(|&v| v as f64).collect();
            let higher = |value: f64| values.iter().copied().filter(move |&other| other > value);
            let rank = ranks(&values, Ranking::Rank)?;
            let dense = ranks(&values, Ranking::DenseRank)?;
            let row_number = ranks(&values, Ranking::RowNumber)?;
            for (row, &value) in values.iter().enumerate() {
                let before = values[..row]
                    .iter()
                    .filter(|&&other| other == value)
                    .count();
                let mut different: Vec<f64> = higher(value).collect();
                different.sort_by(f64::total_cmp);
                different.dedup();
                assert_eq!(rank[row], 1 + higher(value).count());
                assert_eq!(dense[row], 1 + different.len());
                assert_eq!(row_number[row], rank[row] + before);
            }
        }
        Ok(())
    }

    #[test]
    fn both_zeros_share_a_place_and_nan_is_refused() -> Result<()> {
        assert_eq!(ranks(&[0.0, -0.0, 1.0], Ranking::Rank)?, [2, 2, 1]);
        assert_eq!(
            ranks(&[1.0, f64::NAN], Ranking::Rank)
                .unwrap_err()
                .to_string(),
            "`values[1]` is NaN, but it must be a number, since NaN has no place among others."
        );
        Ok(())
    }
}
