//! As many random orders as a measurement needs (question 18).

use crate::Result;
use crate::checks::{check, room_for};
use crate::random::RandomState;
use rusqlite::Connection;

/// A table `orders(order_date, customer_id, amount)` in memory: `rows` orders of the days of
/// 2024 by `customers` customers, with amounts of 1 to 500 whole units. The generator decides the rows.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if `customers` is 0.
///
/// # Examples
/// ```
/// use dsprep_core::{random::RandomState, sql::{many_orders, query}};
///
/// let con = many_orders(1_000, 50, &mut RandomState::seed(1))?;
/// assert_eq!(query(&con, "SELECT * FROM orders", [])?.shape(), (1_000, 3));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn many_orders(rows: usize, customers: usize, rng: &mut RandomState) -> Result<Connection> {
    room_for("`rows`", rows, 3)?;
    let counted = (1..i64::MAX as usize).contains(&customers);
    check(
        "`customers`",
        customers,
        counted,
        "at least 1 and less than 2⁶³ − 1",
    )?;
    let days = rng.randint(0, 366, rows)?;
    let of = rng.randint(1, customers as i64 + 1, rows)?;
    let amounts = rng.randint(1, 501, rows)?;
    let mut con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER)",
    )?;
    let transaction = con.transaction()?;
    {
        let mut insert = transaction
            .prepare("INSERT INTO orders VALUES (date('2024-01-01', ?1 || ' days'), ?2, ?3)")?;
        for ((day, customer), amount) in days.iter().zip(&of).zip(&amounts) {
            insert.execute([day, customer, amount])?;
        }
    }
    transaction.commit()?;
    Ok(con)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::query;

    #[test]
    fn the_orders_lie_in_one_leap_year_and_repeat_with_their_seed() -> Result<()> {
        let all = |seed| {
            query(
                &many_orders(400, 9, &mut RandomState::seed(seed))?,
                "SELECT * FROM orders",
                [],
            )
        };
        assert!(all(3)?.equals(&all(3)?) && !all(3)?.equals(&all(4)?));
        let con = many_orders(5_000, 9, &mut RandomState::seed(3))?;
        let sql =
            "SELECT min(order_date) || max(order_date) || min(customer_id) || max(customer_id)
                   || min(amount) || ' ' || max(amount) FROM orders";
        let range: String = con.query_row(sql, [], |row| row.get(0))?;
        assert_eq!(range, "2024-01-012024-12-31191 500");
        assert!(many_orders(1, 0, &mut RandomState::seed(3)).is_err());
        Ok(())
    }
}
