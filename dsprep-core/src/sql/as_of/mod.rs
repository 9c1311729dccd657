//! Point-in-time joins: what was known at that moment (questions 16 and 28, and the reference card).
//!
//! A training example asks: what did the feature say when the prediction was made? An *as-of join* takes,
//! for each row on the left, the last row on the right with the same key and no later time. An ordinary
//! join with the current value takes what was not known yet, and leaks the future into the model; see
//! Kaufman et al., "Leakage in data mining", 2012.
//!
//! By hand twice: [`as_of_join`] looks up each row by binary search, [`as_of_join_by_merge`] walks through
//! both sides once in the order of time. [`as_of_sql`] is the same in SQL, and [`as_of_by_polars`] with
//! polars' ordinary operations. (polars has `join_asof`, behind a feature of its own. It is left out, because
//! it would lengthen everybody's build for one call.) [`crate::triage::as_of`] answers for one key and time.

mod churn;
mod statements;

pub use churn::churn_history;
pub use statements::{as_of_by_polars, as_of_sql, leaking_sql};

use crate::error::count;
use crate::{Error, Result};
use std::collections::HashMap;

/// For each left row, the right row with the same key that was the last at its time; none, if there was
/// none yet.
///
/// Each side is (keys, times), one of each for a row; both sides' times have the same unit. A right row of
/// exactly the left time is known. Of equal times the later row counts. O((n + m) log m) for n left and m right
/// rows, in any order.
///
/// # Errors
/// [`Error::Shape`] if keys and times of a side differ in number.
///
/// # Examples
/// ```
/// use dsprep_core::sql::as_of_join;
///
/// let predictions = ([1, 1, 2], [10, 25, 10]);
/// let balances = ([1, 1, 2], [10, 20, 11]);
/// let rows = as_of_join((&predictions.0, &predictions.1), (&balances.0, &balances.1))?;
/// assert_eq!(rows, [Some(0), Some(1), None]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn as_of_join(left: (&[i64], &[i64]), right: (&[i64], &[i64])) -> Result<Vec<Option<usize>>> {
    check("`left`", left)?;
    check("`right`", right)?;
    let mut by_key: HashMap<i64, Vec<(i64, usize)>> = HashMap::new();
    for (row, (&key, &time)) in right.0.iter().zip(right.1).enumerate() {
        by_key.entry(key).or_default().push((time, row));
    }
    for history in by_key.values_mut() {
        history.sort_unstable();
    }
    let last_known = |(key, time): (&i64, &i64)| {
        let history = by_key.get(key)?;
        let known = history.partition_point(|(at, _)| at <= time);
        Some(history[known.checked_sub(1)?].1)
    };
    Ok(left.0.iter().zip(left.1).map(last_known).collect())
}

/// The same by a merge: both sides in the order of time, the last row of each key remembered.
///
/// O(n log n + m log m) for the sorting, O(n + m) if the rows come in order, as from a log.
///
/// # Errors
/// As [`as_of_join`].
///
/// # Examples
/// ```
/// use dsprep_core::sql::as_of_join_by_merge;
///
/// let rows = as_of_join_by_merge((&[1, 2], &[10, 10]), (&[2, 1], &[9, 11]))?;
/// assert_eq!(rows, [None, Some(0)]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn as_of_join_by_merge(
    left: (&[i64], &[i64]),
    right: (&[i64], &[i64]),
) -> Result<Vec<Option<usize>>> {
    check("`left`", left)?;
    check("`right`", right)?;
    let mut last: HashMap<i64, usize> = HashMap::new();
    let mut arriving = in_order_of_time(right.1).into_iter().peekable();
    let mut found = vec![None; left.0.len()];
    for row in in_order_of_time(left.1) {
        while let Some(known) = arriving.next_if(|&known| right.1[known] <= left.1[row]) {
            last.insert(right.0[known], known);
        }
        found[row] = last.get(&left.0[row]).copied();
    }
    Ok(found)
}

/// The rows from the earliest to the latest, of equal times in their order.
fn in_order_of_time(times: &[i64]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..times.len()).collect();
    rows.sort_by_key(|&row| times[row]);
    rows
}

fn check(side: &'static str, (keys, times): (&[i64], &[i64])) -> Result<()> {
    if keys.len() == times.len() {
        return Ok(());
    }
    Err(Error::Shape {
        what: side,
        found: format!(
            "{} and {}",
            count(keys.len(), "key"),
            count(times.len(), "time")
        ),
        expected: "one key and one time for each row".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::sql::query;

    /// The join by its definition.
    fn by_pairs(left: (&[i64], &[i64]), right: (&[i64], &[i64])) -> Vec<Option<usize>> {
        let rows = left.0.iter().zip(left.1);
        rows.map(|(key, at)| {
            let known =
                (0..right.0.len()).filter(|&row| right.0[row] == *key && right.1[row] <= *at);
            known.max_by_key(|&row| (right.1[row], row))
        })
        .collect()
    }

    #[test]
    fn search_merge_sql_and_polars_agree_on_random_tables_with_ties() -> Result<()> {
        let mut rng = RandomState::seed(1616);
        for (n, m) in [(0, 5), (5, 0), (30, 40), (60, 20)] {
            let mut draw = |high: i64, size: usize| -> Result<Vec<i64>> {
                Ok(rng.randint(0, high, size)?.to_vec())
            };
            let (keys, at) = (draw(5, n)?, draw(9, n)?);
            let (other_keys, known_at) = (draw(6, m)?, draw(9, m)?);
            let (left, right) = ((&keys[..], &at[..]), (&other_keys[..], &known_at[..]));
            let expected = by_pairs(left, right);
            assert_eq!(as_of_join(left, right)?, expected);
            assert_eq!(as_of_join_by_merge(left, right)?, expected);
            if n * m == 0 {
                continue;
            }
            let con = churn_history(0, &mut RandomState::seed(1))?;
            for (key, at) in keys.iter().zip(&at) {
                con.execute("INSERT INTO predictions VALUES (?1, ?2, 0)", [key, at])?;
            }
            for (row, (key, at)) in other_keys.iter().zip(&known_at).enumerate() {
                con.execute(
                    "INSERT INTO balances VALUES (?1, ?2, ?3)",
                    (key, at, row as f64),
                )?;
            }
            let balance: Vec<Option<f64>> =
                expected.iter().map(|row| row.map(|r| r as f64)).collect();
            let by_sql = query(&con, as_of_sql(), [])?;
            assert_eq!(by_sql.column("balance")?.f64()?.to_vec(), balance);
            let predictions = query(&con, "SELECT * FROM predictions", [])?;
            let balances = query(&con, "SELECT * FROM balances", [])?;
            let by_polars = as_of_by_polars(&predictions, &balances)?;
            assert_eq!(by_polars.column("balance")?.f64()?.to_vec(), balance);
        }
        Ok(())
    }

    #[test]
    fn keys_without_times_are_refused() {
        let error = as_of_join((&[1, 2], &[1]), (&[], &[])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`left` has 2 keys and 1 time, but it must have one key and one time for each row."
        );
    }
}
