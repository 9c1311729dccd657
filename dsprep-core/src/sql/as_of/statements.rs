//! The as-of join in SQL, the join that leaks, and the as-of join by polars' ordinary operations.

use crate::Result;
use polars::prelude::{DataFrame, IntoLazy, JoinArgs, JoinType, SortMultipleOptions, col};

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
/// [`Error::Polars`](crate::Error::Polars) if a column is missing.
///
/// # Examples
/// ```
/// use dsprep_core::table;
/// use dsprep_core::sql::as_of_by_polars;
///
/// let predictions = table!("customer_id" => [1_i64, 2], "at" => [10_i64, 10])?;
/// let balances = table!("customer_id" => [1_i64, 1], "known_at" => [5_i64, 15], "balance" => [7.0, 0.0])?;
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
