//! Sessions, gaps and islands, running totals: three window functions that interviewers ask for (questions 16 to 18).
//!
//! One idea serves all: mark the rows where something begins, and add the marks up; the running sum is the number of the
//! session or island. After Celko, "SQL for smarties", 4th edition, chapter 32; Ben-Gan, "T-SQL window functions", 2nd edition,
//! chapter 6.

use super::query;
use crate::checks::at_least_one;
use crate::{Error, Result};
use polars::prelude::DataFrame;
use rusqlite::Connection;

/// The sessions in `events(user_id, at)`, where `at` is a time in seconds: a session ends when nothing happens for more than
/// `timeout` seconds. The columns `user_id`, `session` (1, 2, ... for each user), `started`, `ended`, `events`. O(n log n).
///
/// # Errors
/// [`Error::OutOfRange`] if `timeout` is negative; [`Error::Statement`] if `con` has no such table.
///
/// # Examples
/// ```
/// use dsprep_core::rusqlite::Connection;
/// use dsprep_core::sql::sessions;
///
/// let con = Connection::open_in_memory()?;
/// con.execute_batch(
///     "CREATE TABLE events (user_id INTEGER, at INTEGER);
///      INSERT INTO events VALUES (1, 0), (1, 600), (1, 9000), (2, 50);",
/// )?;
/// let table = sessions(&con, 1800)?;                       // half an hour
/// assert_eq!(table.column("session")?.i64()?.to_vec(), [Some(1), Some(2), Some(1)]);
/// assert_eq!(table.column("events")?.i64()?.to_vec(), [Some(2), Some(1), Some(1)]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn sessions(con: &Connection, timeout: i64) -> Result<DataFrame> {
    if timeout < 0 {
        return Err(Error::OutOfRange {
            what: "`timeout`".to_owned(),
            found: timeout.to_string(),
            expected: "0 or more seconds",
        });
    }
    query(con, SESSIONS, [timeout])
}

// Events without a user or a time belong to no session.
const SESSIONS: &str = "
WITH marked AS (
    SELECT user_id, at,
           at - LAG(at) OVER (PARTITION BY user_id ORDER BY at) > ?1 AS begins
    FROM events WHERE user_id IS NOT NULL AND at IS NOT NULL
),
numbered AS (
    SELECT user_id, at,
           1 + SUM(COALESCE(begins, 0)) OVER (PARTITION BY user_id ORDER BY at ROWS UNBOUNDED PRECEDING) AS session
    FROM marked
)
SELECT user_id, session, MIN(at) AS started, MAX(at) AS ended, COUNT(*) AS events
FROM numbered GROUP BY user_id, session ORDER BY user_id, session";

/// The islands in `logins(user_id, day)`, `day` written as `YYYY-MM-DD`: runs of days without a gap, several logins of a day
/// counted once. The columns `user_id`, `first_day`, `last_day`, `days`. O(n log n).
///
/// Within an island the day and its place grow alike, so that their difference is the same: the island's name.
///
/// # Errors
/// [`Error::Statement`] if `con` has no such table.
///
/// # Examples
/// ```
/// use dsprep_core::rusqlite::Connection;
/// use dsprep_core::sql::islands;
///
/// let con = Connection::open_in_memory()?;
/// con.execute_batch(
///     "CREATE TABLE logins (user_id INTEGER, day TEXT);
///      INSERT INTO logins VALUES (1, '2024-02-28'), (1, '2024-02-29'), (1, '2024-02-29'), (1, '2024-03-01'), (1, '2024-03-09');",
/// )?;
/// let table = islands(&con)?;
/// assert_eq!(table.column("days")?.i64()?.to_vec(), [Some(3), Some(1)]);     // over a leap day
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn islands(con: &Connection) -> Result<DataFrame> {
    query(con, ISLANDS, [])
}

// What is not a date has no day number, and is left out.
const ISLANDS: &str = "
WITH days AS (
    SELECT DISTINCT user_id, date(day) AS day, CAST(julianday(date(day)) + 0.5 AS INTEGER) AS number
    FROM logins WHERE user_id IS NOT NULL AND julianday(day) IS NOT NULL
),
named AS (
    SELECT user_id, day, number - ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY number) AS island
    FROM days
)
SELECT user_id, MIN(day) AS first_day, MAX(day) AS last_day, COUNT(*) AS days
FROM named GROUP BY user_id, island ORDER BY user_id, first_day";

/// The rows of `orders(order_date, customer_id, amount)` by date, with the customer's total so far and the mean of the last
/// `rows` orders: the columns `customer_id`, `order_date`, `amount`, `total`, `moving_mean`. O(n log n).
///
/// The frame must say `ROWS`: the default is `RANGE`, by which orders of one day would all have the day's total. Orders of one
/// day come in the order in which they were inserted, so `orders` must be an ordinary table.
///
/// # Errors
/// [`Error::OutOfRange`] if `rows` is 0; [`Error::Statement`] if `con` has no such table.
///
/// # Examples
/// ```
/// use dsprep_core::rusqlite::Connection;
/// use dsprep_core::sql::running_totals;
///
/// let con = Connection::open_in_memory()?;
/// con.execute_batch(
///     "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
///      INSERT INTO orders VALUES ('2024-01-05', 1, 70), ('2024-01-05', 1, 30), ('2024-01-09', 1, 50);",
/// )?;
/// let table = running_totals(&con, 2)?;
/// assert_eq!(table.column("total")?.i64()?.to_vec(), [Some(70), Some(100), Some(150)]);
/// assert_eq!(table.column("moving_mean")?.f64()?.to_vec(), [Some(70.0), Some(50.0), Some(40.0)]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn running_totals(con: &Connection, rows: usize) -> Result<DataFrame> {
    at_least_one("`rows`", rows)?;
    // The frame's size can't be a parameter; it is a number, so nothing can be slipped in.
    let before = (rows - 1).min(i32::MAX as usize);
    let sql = format!(
        "SELECT customer_id, order_date, amount,
                SUM(amount) OVER (by_date ROWS UNBOUNDED PRECEDING) AS total,
                AVG(amount) OVER (by_date ROWS {before} PRECEDING) AS moving_mean
         FROM orders
         WINDOW by_date AS (PARTITION BY customer_id ORDER BY order_date, rowid)
         ORDER BY customer_id, order_date, rowid"
    );
    query(con, &sql, [])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    fn integers(table: &DataFrame, column: &str) -> Vec<i64> {
        let column = table.column(column).unwrap().i64().unwrap();
        column.iter().map(Option::unwrap).collect()
    }

    /// By a loop over the sorted events of each user.
    #[test]
    fn sessions_equal_those_of_a_loop() -> Result<()> {
        let mut rng = RandomState::seed(16);
        let con = Connection::open_in_memory()?;
        con.execute_batch("CREATE TABLE events (user_id INTEGER, at INTEGER)")?;
        let mut events: Vec<(i64, i64)> = Vec::new();
        for _ in 0..300 {
            let (user, at): (i64, i64) = (rng.randint(0, 5, ())?, rng.randint(0, 2000, ())?);
            con.execute("INSERT INTO events VALUES (?1, ?2)", [user, at])?;
            events.push((user, at));
        }
        con.execute_batch("INSERT INTO events VALUES (NULL, 3), (1, NULL)")?;
        events.sort_unstable();
        for timeout in [0, 10, 25, 10_000] {
            let mut found: Vec<(i64, i64, i64, i64)> = Vec::new();
            for &(user, at) in &events {
                match found.last_mut() {
                    Some(last) if last.0 == user && at - last.2 <= timeout => {
                        (last.2, last.3) = (at, last.3 + 1)
                    }
                    _ => found.push((user, at, at, 1)),
                }
            }
            let table = sessions(&con, timeout)?;
            let [users, started, ended, counts] =
                ["user_id", "started", "ended", "events"].map(|name| integers(&table, name));
            let rows = (0..users.len()).map(|at| (users[at], started[at], ended[at], counts[at]));
            assert_eq!(rows.collect::<Vec<_>>(), found, "{timeout}");
        }
        assert!(sessions(&con, -1).is_err());
        Ok(())
    }

    #[test]
    fn islands_end_at_each_gap_and_what_is_no_date_is_left_out() -> Result<()> {
        let con = Connection::open_in_memory()?;
        con.execute_batch(
            "CREATE TABLE logins (user_id INTEGER, day TEXT);
             INSERT INTO logins VALUES (2, '2023-12-31'), (2, '2024-01-01'), (1, '2024-01-03'), (1, '2024-01-01'), (1, 'soon'),
                 (1, NULL), (NULL, '2024-01-02'), (2, '2024-01-02 23:59:59'), (2, '2024-01-02');",
        )?;
        let table = islands(&con)?;
        assert_eq!(integers(&table, "user_id"), [1, 1, 2]);
        assert_eq!(integers(&table, "days"), [1, 1, 3]);
        assert_eq!(table.column("last_day")?.str()?.get(2), Some("2024-01-02"));
        con.execute_batch("DELETE FROM logins")?;
        assert_eq!(islands(&con)?.height(), 0);
        Ok(())
    }

    #[test]
    fn totals_go_on_within_a_day_and_begin_anew_for_each_customer() -> Result<()> {
        let con = Connection::open_in_memory()?;
        con.execute_batch(
            "CREATE TABLE orders (order_date TEXT, customer_id INTEGER, amount INTEGER);
             INSERT INTO orders VALUES ('2024-01-02', 1, 5), ('2024-01-01', 1, 1), ('2024-01-02', 1, 7), ('2024-01-01', 2, 9);",
        )?;
        let table = running_totals(&con, usize::MAX)?;
        assert_eq!(integers(&table, "total"), [1, 6, 13, 9]);
        let means = table.column("moving_mean")?.f64()?.to_vec();
        assert_eq!(means, [Some(1.0), Some(3.0), Some(13.0 / 3.0), Some(9.0)]);
        assert!(running_totals(&con, 0).is_err());
        con.execute_batch("DROP TABLE orders")?;
        assert!(matches!(
            running_totals(&con, 1),
            Err(Error::Statement { .. })
        ));
        Ok(())
    }
}
