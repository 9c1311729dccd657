//! The original's table of events.

use crate::Result;
use rusqlite::Connection;

/// The sample table `events(id, email, event, ts)` in memory: six rows, of which one address clicked
/// three times and one viewed twice.
///
/// # Errors
/// Those of SQLite, if memory runs out.
///
/// # Examples
/// ```
/// use dsprep_core::sql::{events, query};
///
/// assert_eq!(query(&events()?, "SELECT * FROM events", [])?.shape(), (6, 4));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn events() -> Result<Connection> {
    let con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE events (id INTEGER PRIMARY KEY, email TEXT, event TEXT, ts TEXT);
         INSERT INTO events VALUES
             (1,'a@x.com','click','2024-01-01'),(2,'b@x.com','view','2024-01-01'),
             (3,'a@x.com','click','2024-01-02'),(4,'c@x.com','click','2024-01-01'),
             (5,'a@x.com','click','2024-01-03'),(6,'b@x.com','view','2024-01-02');",
    )?;
    Ok(con)
}
