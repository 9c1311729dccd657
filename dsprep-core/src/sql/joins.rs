//! The joins of two tables (question 16).
//!
//! Five customers, two of whom never ordered, and six orders, one of an unknown customer. Every
//! join answers the question "which rows stay when nothing matches?" differently.
//!
//! SQLite has RIGHT and FULL OUTER JOIN since version 3.39 (June 2022). Before, they had to be
//! simulated as [`Join::simulated_sql`] does, which is what the original notebook shows.

use super::query;
use crate::Result;
use polars::prelude::DataFrame;
use rusqlite::Connection;

/// The sample tables `customers(id, name)` and `orders(order_id, customer_id, amount)` in memory.
///
/// # Errors
/// Those of SQLite, if memory runs out.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{customers_and_orders, query};
///
/// let con = customers_and_orders()?;
/// assert_eq!(query(&con, "SELECT * FROM customers", [])?.shape(), (5, 2));
/// assert_eq!(query(&con, "SELECT * FROM orders", [])?.shape(), (6, 3));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn customers_and_orders() -> Result<Connection> {
    let con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE customers (id INTEGER, name TEXT);
         INSERT INTO customers VALUES (1,'Alice'),(2,'Bob'),(3,'Carol'),(4,'Dave'),(5,'Eve');
         CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, amount REAL);
         INSERT INTO orders VALUES
             (101,1,50),(102,2,30),(103,2,80),(104,3,20),(105,3,60),(106,99,10);",
    )?;
    Ok(con)
}

/// How customers (left) and orders (right) are joined.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{Join, customers_and_orders};
///
/// let con = customers_and_orders()?;
/// let heights = Join::ALL.map(|join| join.run(&con).map(|rows| rows.height()));
/// let heights = heights.into_iter().collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(heights, [5, 7, 6, 8, 3, 2]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Only the pairs that match.
    Inner,
    /// Every customer, with orders or NULL.
    Left,
    /// Every order, with its customer or NULL.
    Right,
    /// Every customer and every order.
    Full,
    /// The customers that have an order, each once.
    Semi,
    /// The customers that have none.
    Anti,
}

impl Join {
    /// All joins, in the order of the table in the notebook.
    pub const ALL: [Join; 6] = [
        Join::Inner,
        Join::Left,
        Join::Right,
        Join::Full,
        Join::Semi,
        Join::Anti,
    ];

    /// The name in words.
    pub fn name(self) -> &'static str {
        match self {
            Join::Inner => "INNER",
            Join::Left => "LEFT",
            Join::Right => "RIGHT",
            Join::Full => "FULL OUTER",
            Join::Semi => "SEMI",
            Join::Anti => "ANTI",
        }
    }

    /// The statement in today's SQL. SQL has no keyword for the semi and the anti join: they are
    /// written with EXISTS, which, unlike IN, is not misled by NULL.
    pub fn sql(self) -> &'static str {
        match self {
            Join::Inner => {
                "SELECT c.name, o.order_id FROM customers c INNER JOIN orders o ON c.id = o.customer_id"
            }
            Join::Left => {
                "SELECT c.name, o.order_id FROM customers c LEFT JOIN orders o ON c.id = o.customer_id"
            }
            Join::Right => {
                "SELECT c.name, o.order_id FROM customers c RIGHT JOIN orders o ON c.id = o.customer_id"
            }
            Join::Full => {
                "SELECT c.name, o.order_id FROM customers c FULL OUTER JOIN orders o ON c.id = o.customer_id"
            }
            Join::Semi => {
                "SELECT c.name FROM customers c
                 WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"
            }
            Join::Anti => {
                "SELECT c.name FROM customers c
                 WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"
            }
        }
    }

    /// The statement as it was written before SQLite 3.39, for the joins that had to be simulated.
    ///
    /// The full join's UNION is a trap: it removes rows that are equal in the *selected* columns,
    /// also those that a true full join keeps.
    pub fn simulated_sql(self) -> Option<&'static str> {
        match self {
            Join::Right => Some(
                "SELECT c.name, o.order_id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id",
            ),
            Join::Full => Some(
                "SELECT c.name, o.order_id FROM customers c LEFT JOIN orders o ON c.id = o.customer_id
                 UNION
                 SELECT c.name, o.order_id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id",
            ),
            _ => None,
        }
    }

    /// The rows of the join.
    ///
    /// # Errors
    /// [`Error::Statement`](crate::Error::Statement) if `con` lacks the tables.
    pub fn run(self, con: &Connection) -> Result<DataFrame> {
        query(con, self.sql(), [])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_dave_shows_that_union_is_not_a_full_join() -> Result<()> {
        let con = customers_and_orders()?;
        con.execute("INSERT INTO customers VALUES (6, 'Dave')", [])?;
        assert_eq!(Join::Full.run(&con)?.height(), 9);
        let simulated = Join::Full.simulated_sql().unwrap_or_default();
        assert_eq!(query(&con, simulated, [])?.height(), 8);
        Ok(())
    }

    #[test]
    fn semi_and_anti_join_split_the_customers() -> Result<()> {
        let con = customers_and_orders()?;
        let names = |join: Join| -> Result<Vec<String>> {
            let table = join.run(&con)?;
            Ok(table
                .column("name")?
                .str()?
                .iter()
                .flatten()
                .map(str::to_owned)
                .collect())
        };
        assert_eq!(names(Join::Semi)?, ["Alice", "Bob", "Carol"]);
        assert_eq!(names(Join::Anti)?, ["Dave", "Eve"]);
        Ok(())
    }
}
