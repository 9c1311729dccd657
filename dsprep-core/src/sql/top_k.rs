//! The largest k of n values without sorting all of them, alone and by group (question 18).
//!
//! A heap holds the best k so far, the worst of them on top. Each further value is compared with the
//! top alone, and takes its place if it is better. O(n log k) time and O(k) memory, so that it works on a
//! stream. After Knuth, "The Art of Computer Programming", volume 3, section 5.2.3.
//!
//! Plain Rust, independent of any database: the oracle for the answers of SQLite and polars.

use super::ranking::{Ranking, no_nan, ranks};
use crate::error::count;
use crate::{Error, Result};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

/// The rows of the `k` largest of `values`, the largest first; of equal values the first row. All rows,
/// if there are fewer.
///
/// # Errors
/// [`Error::OutOfRange`] if a value is NaN.
///
/// # Examples
/// ```
/// use dsprep_core::sql::top_k;
///
/// assert_eq!(top_k(&[20.0, 50.0, 10.0, 50.0, 30.0], 3)?, [1, 3, 4]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn top_k(values: &[f64], k: usize) -> Result<Vec<usize>> {
    no_nan(values)?;
    let mut best: BinaryHeap<Reverse<Entry>> = BinaryHeap::new();
    for (row, &value) in values.iter().enumerate() {
        let entry = Reverse(Entry { value, row });
        if best.len() < k {
            best.push(entry);
        } else if let Some(mut worst) = best.peek_mut()
            && entry < *worst
        {
            *worst = entry;
        }
    }
    let sorted = best.into_sorted_vec();
    Ok(sorted.iter().map(|Reverse(entry)| entry.row).collect())
}

/// A row and its value; the greater entry has the higher value or, of equal values, comes first.
#[derive(Clone, Copy, PartialEq)]
struct Entry {
    value: f64,
    row: usize,
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_value = self.value.partial_cmp(&other.value);
        let by_value = by_value.unwrap_or(Ordering::Equal);
        by_value.then(other.row.cmp(&self.row))
    }
}

/// A row and its place in its group, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankedRow {
    /// The row's number, counted from 0.
    pub row: usize,
    /// Its place.
    pub rank: usize,
}

/// The rows whose place in their group is at most `n`, ordered by group, place and row.
///
/// `groups` and `values` hold one entry for each row. With [`Ranking::RowNumber`] a group has at most `n`
/// rows; with the other two it has more if the last place is shared. A group's heap finds the value that
/// is still good enough, and only the rows that reach it are sorted: O(rows log n) plus the result.
///
/// # Errors
/// [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if a value is NaN.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{Ranking, top_n_per_group};
///
/// let months = ["Feb", "Jan", "Jan", "Jan"];
/// let revenue = [10.0, 20.0, 30.0, 20.0];
/// let best = top_n_per_group(&months, &revenue, 2, Ranking::RowNumber)?;
/// assert_eq!(best.iter().map(|best| best.row).collect::<Vec<_>>(), [0, 2, 1]);
/// let best = top_n_per_group(&months, &revenue, 2, Ranking::Rank)?;
/// assert_eq!(best.iter().map(|best| best.row).collect::<Vec<_>>(), [0, 2, 1, 3]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn top_n_per_group<G: Ord>(
    groups: &[G],
    values: &[f64],
    n: usize,
    ranking: Ranking,
) -> Result<Vec<RankedRow>> {
    if groups.len() != values.len() {
        return Err(Error::Shape {
            what: "`values`",
            found: count(values.len(), "value"),
            expected: format!("{}, one for each of `groups`", count(groups.len(), "value")),
        });
    }
    no_nan(values)?;
    let mut rows_by_group: BTreeMap<&G, Vec<usize>> = BTreeMap::new();
    for (row, group) in groups.iter().enumerate() {
        rows_by_group.entry(group).or_default().push(row);
    }
    let groups: Vec<Vec<usize>> = rows_by_group.into_values().collect();
    top_n_of_each(&groups, values, n, ranking)
}

/// The best rows of each group. Not generic, so that it is compiled once and not in each cell.
fn top_n_of_each(
    groups: &[Vec<usize>],
    values: &[f64],
    n: usize,
    ranking: Ranking,
) -> Result<Vec<RankedRow>> {
    let mut ranked = Vec::new();
    for rows in groups {
        ranked.extend(top_n(rows, values, n, ranking)?);
    }
    Ok(ranked)
}

/// The best of the `rows` of one group.
fn top_n(rows: &[usize], values: &[f64], n: usize, ranking: Ranking) -> Result<Vec<RankedRow>> {
    let of_group: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
    let candidates: Vec<f64> = match ranking {
        Ranking::DenseRank => different(&of_group),
        Ranking::RowNumber | Ranking::Rank => of_group.clone(),
    };
    let best = top_k(&candidates, n)?;
    let Some(&last) = best.last() else {
        return Ok(Vec::new());
    };
    let good_enough = candidates[last];
    let reaching: Vec<usize> = (0..rows.len())
        .filter(|&row| of_group[row] >= good_enough)
        .collect();
    let reached: Vec<f64> = reaching.iter().map(|&row| of_group[row]).collect();
    let places = ranks(&reached, ranking)?;
    let mut ranked: Vec<RankedRow> = reaching
        .iter()
        .zip(places)
        .map(|(&row, rank)| RankedRow {
            row: rows[row],
            rank,
        })
        .filter(|ranked| ranked.rank <= n)
        .collect();
    ranked.sort_by_key(|ranked| (ranked.rank, ranked.row));
    Ok(ranked)
}

/// Each of the values once.
fn different(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    #[test]
    fn the_heap_finds_what_sorting_finds() -> Result<()> {
        let mut rng = RandomState::seed(181);
        for (n, k) in [(0, 3), (2, 3), (50, 1), (50, 7), (50, 50), (9, 0)] {
            let values: Vec<f64> = rng.randint(0, 9, n)?.iter().map(|&v| v as f64).collect();
            let mut rows: Vec<usize> = (0..n).collect();
            rows.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
            rows.truncate(k);
            assert_eq!(top_k(&values, k)?, rows);
        }
        Ok(())
    }

    #[test]
    fn the_best_of_each_group_are_those_of_a_full_ranking() -> Result<()> {
        let mut rng = RandomState::seed(182);
        let groups = rng.randint(0, 5, 60)?.to_vec();
        let values: Vec<f64> = rng.randint(0, 6, 60)?.iter().map(|&v| v as f64).collect();
        let cases = Ranking::ALL.map(|ranking| [0, 1, 3].map(|n| (ranking, n)));
        for (ranking, n) in cases.into_iter().flatten() {
            let mut expected = Vec::new();
            for group in 0..5 {
                let rows: Vec<usize> = (0..60).filter(|&row| groups[row] == group).collect();
                let of_group: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
                let places = rows.iter().zip(ranks(&of_group, ranking)?);
                let best = places.filter(|&(_, rank)| rank <= n);
                let mut best: Vec<(usize, usize)> = best.map(|(&row, rank)| (rank, row)).collect();
                best.sort_unstable();
                expected.extend(best.into_iter().map(|(rank, row)| RankedRow { row, rank }));
            }
            let found = top_n_per_group(&groups, &values, n, ranking)?;
            assert_eq!(found, expected, "{ranking:?}");
        }
        Ok(())
    }

    #[test]
    fn nan_and_unequal_lengths_are_refused() {
        assert!(matches!(
            top_k(&[f64::NAN], 1),
            Err(Error::OutOfRange { .. })
        ));
        let error = top_n_per_group(&["a"], &[], 3, Ranking::Rank).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`values` has 0 values, but it must have 1 value, one for each of `groups`."
        );
    }
}
