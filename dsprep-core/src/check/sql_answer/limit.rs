//! An end for statements that have none.

use rusqlite::{Connection, Error, ErrorCode, ffi};

/// How many instructions of SQLite's virtual machine the statements on one connection may take together. On the tables
/// of the exercises, a right answer takes some thousand; this many take about a second.
const MOST_STEPS: u32 = 20_000_000;

/// How many instructions lie between two looks at their number.
const BETWEEN_LOOKS: u16 = 10_000;

/// The most bytes of a value: no column of an exercise has longer ones.
const LONGEST_VALUE: i32 = 1_000_000;

/// Lets the statements on `con` take [`MOST_STEPS`] and make values of [`LONGEST_VALUE`], and fail beyond.
pub(in crate::check) fn limit(con: &mut Connection) -> rusqlite::Result<()> {
    // SAFETY: the connection is open, and the call changes a number in it.
    unsafe {
        ffi::sqlite3_limit(con.handle(), ffi::SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
    }
    let mut left = MOST_STEPS / u32::from(BETWEEN_LOOKS);
    let is_enough = move || {
        left = left.saturating_sub(1);
        left == 0
    };
    con.progress_handler(BETWEEN_LOOKS.into(), Some(is_enough))
}

/// What is told of an answer that SQLite does not take, or that does not end.
pub(in crate::check) fn refused(error: &Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => format!(
            "The statement does not end, or not soon: SQLite was stopped after {} million steps, on tables of a few rows. A \
             recursive query needs a condition that ends it.",
            MOST_STEPS / 1_000_000
        ),
        _ => format!("SQLite says: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_ended_and_what_has_one_is_not() -> rusqlite::Result<()> {
        let mut con = Connection::open_in_memory()?;
        limit(&mut con)?;
        let count = |most: &str| {
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {most}) SELECT count(*) FROM n"
            )
        };
        let ask = |sql: &str| con.query_row(sql, [], |row| row.get::<_, i64>(0));
        assert_eq!(ask(&count("WHERE i < 10000"))?, 10_000);
        let error = ask(&count("")).unwrap_err();
        assert!(refused(&error).contains("does not end"), "{error}");
        let error = ask("SELECT nothing").unwrap_err();
        assert!(refused(&error).starts_with("SQLite says"), "{error}");
        Ok(())
    }
}
