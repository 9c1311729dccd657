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

use crate::error::count;
use crate::{Error, Result};
use polars::prelude::{DataFrame, IntoLazy, JoinArgs, JoinType, SortMultipleOptions, col};
use rusqlite::Connection;
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

/// The as-of join of `predictions(customer_id, at, ...)` with `balances(customer_id, known_at, balance)`:
/// all columns of the predictions, and the last `balance` that was known.
///
/// With an index on `balances (customer_id, known_at)` each row is one search, O(n log m).
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::sql::{as_of_sql, churn_history, query};
///
/// let con = churn_history(100, &mut RandomState::seed(1))?;
/// assert_eq!(query(&con, as_of_sql(), [])?.height(), 100);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn as_of_sql() -> &'static str {
    "SELECT p.*, (
    SELECT b.balance FROM balances b
    WHERE b.customer_id = p.customer_id AND b.known_at <= p.at
    ORDER BY b.known_at DESC, b.rowid DESC LIMIT 1) AS balance
FROM predictions p ORDER BY p.rowid"
}

/// The same without the condition on the time: the *current* balance, as an ordinary join with the
/// customer's present state gives it. It leaks.
///
/// # Examples
/// ```
/// assert!(!dsprep_core::sql::leaking_sql().contains("known_at <="));
/// ```
pub fn leaking_sql() -> &'static str {
    "SELECT p.*, (
    SELECT b.balance FROM balances b
    WHERE b.customer_id = p.customer_id
    ORDER BY b.known_at DESC, b.rowid DESC LIMIT 1) AS balance
FROM predictions p ORDER BY p.rowid"
}

/// The answer of [`as_of_sql`] by polars: join on the key alone, drop what was known later, keep the last.
/// Takes memory for all pairs of a key, O(n · m) at worst.
///
/// # Errors
/// [`Error::Polars`] if a column is missing.
///
/// # Examples
/// ```
/// use dsprep_core::df;
/// use dsprep_core::sql::as_of_by_polars;
///
/// let predictions = df!("customer_id" => [1_i64, 2], "at" => [10_i64, 10])?;
/// let balances = df!("customer_id" => [1_i64, 1], "known_at" => [5_i64, 15], "balance" => [7.0, 0.0])?;
/// let table = as_of_by_polars(&predictions, &balances)?;
/// assert_eq!(table.column("balance")?.f64()?.to_vec(), [Some(7.0), None]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn as_of_by_polars(predictions: &DataFrame, balances: &DataFrame) -> Result<DataFrame> {
    let in_order = || SortMultipleOptions::new().with_maintain_order(true);
    let rows = predictions.clone().lazy().with_row_index("row", None);
    let key = || [col("customer_id")];
    let known = rows
        .clone()
        .join(
            balances.clone().lazy().with_row_index("later", None),
            key(),
            key(),
            JoinArgs::new(JoinType::Inner),
        )
        .filter(col("known_at").lt_eq(col("at")))
        .sort(["known_at", "later"], in_order())
        .group_by_stable([col("row")])
        .agg([col("balance").last()]);
    let table = rows
        .join(
            known,
            [col("row")],
            [col("row")],
            JoinArgs::new(JoinType::Left),
        )
        .sort(["row"], in_order())
        .collect()?;
    Ok(table.drop("row")?)
}

/// A year of `customers` customers in memory, to see what a leak is worth.
///
/// `balances(customer_id, known_at, balance)` holds four readings of each customer before day 180, and one
/// after it; `predictions(customer_id, at, churned)` asks on day 180 who will leave. A low balance makes
/// leaving likelier, and whoever leaves empties the account on the way out: the last reading, which nobody
/// knows on day 180, gives the answer away.
///
/// # Errors
/// Those of SQLite, if memory runs out.
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::sql::{churn_history, query};
///
/// let con = churn_history(100, &mut RandomState::seed(1))?;
/// assert_eq!(query(&con, "SELECT * FROM balances", [])?.height(), 500);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn churn_history(customers: usize, rng: &mut crate::random::RandomState) -> Result<Connection> {
    let mut con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE balances (customer_id INTEGER, known_at INTEGER, balance REAL);
         CREATE TABLE predictions (customer_id INTEGER, at INTEGER, churned INTEGER);",
    )?;
    let transaction = con.transaction()?;
    for customer in 1..=customers as i64 {
        let typical = 100.0 + 30.0 * rng.randn(());
        let reading = "INSERT INTO balances VALUES (?1, ?2, round(?3, 2))";
        for quarter in 0..4 {
            let day = quarter * 45 + rng.randint(0, 45, ())?;
            let balance = typical + 20.0 * rng.randn(());
            transaction.execute(reading, (customer, day, balance))?;
        }
        let churned = 0.02 * (typical - 100.0) + rng.randn(()) < -0.8;
        let level = if churned { 0.0 } else { typical };
        let day = rng.randint(181, 366, ())?;
        transaction.execute(reading, (customer, day, level + 20.0 * rng.randn(())))?;
        transaction.execute(
            "INSERT INTO predictions VALUES (?1, 180, ?2)",
            (customer, churned),
        )?;
    }
    transaction.execute(
        "CREATE INDEX history ON balances (customer_id, known_at)",
        [],
    )?;
    transaction.commit()?;
    Ok(con)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::roc_auc;
    use crate::random::RandomState;
    use crate::sql::query;
    use ndarray::Array1;

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
    fn the_leaking_join_looks_far_better_than_what_was_known() -> Result<()> {
        let con = churn_history(2_000, &mut RandomState::seed(16))?;
        let auc = |sql: &str| -> Result<f64> {
            let table = query(&con, sql, [])?;
            let churned: Array1<usize> = table
                .column("churned")?
                .i64()?
                .iter()
                .flatten()
                .map(|c| c as usize)
                .collect();
            let balance: Array1<f64> = table
                .column("balance")?
                .f64()?
                .iter()
                .flatten()
                .map(|b| -b)
                .collect();
            roc_auc(&churned, &balance)
        };
        let (honest, leaking) = (auc(as_of_sql())?, auc(leaking_sql())?);
        assert!(honest > 0.6 && honest < 0.75, "{honest}");
        assert!(leaking > 0.9, "{leaking}");
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
