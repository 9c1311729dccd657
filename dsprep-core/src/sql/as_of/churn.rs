//! Simulated customers, of whom some leave: what a leaking join is worth.

use crate::Result;
use crate::checks::room_for;
use crate::random::RandomState;
use rusqlite::Connection;

/// A year of `customers` customers in memory, to see what a leak is worth.
///
/// `balances(customer_id, known_at, balance)` holds four readings of each customer before day 180, and one
/// after it; `predictions(customer_id, at, churned)` asks on day 180 who will leave. A low balance makes
/// leaving likelier, and whoever leaves empties the account on the way out: the last reading, which nobody
/// knows on day 180, gives the answer away.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many customers.
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
pub fn churn_history(customers: usize, rng: &mut RandomState) -> Result<Connection> {
    room_for("`customers`", customers, 32)?;
    let mut con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE balances (customer_id INTEGER, known_at INTEGER, balance REAL);
         CREATE TABLE predictions (customer_id INTEGER, at INTEGER, churned INTEGER);",
    )?;
    let transaction = con.transaction()?;
    for customer in 1..=customers as i64 {
        crate::cell::check_interrupt();
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
    use super::super::{as_of_sql, leaking_sql};
    use super::*;
    use crate::evaluate::roc_auc;
    use crate::sql::query;
    use ndarray::Array1;

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
}
