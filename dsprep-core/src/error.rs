//! The one error type of the library.

use polars::error::PolarsError;
use std::fmt;

/// What every fallible function of this library returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong. Each message says what is wrong, where, and how to mend it.
///
/// # Examples
/// ```
/// use dsprep_core::evaluate::mae;
/// use dsprep_core::ndarray::array;
///
/// let error = mae(&array![1.0, 2.0], &array![1.0]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`forecast` has 1 value, but it must have 2 values, one for each of `actual`."
/// );
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An array's length or shape does not fit the other arguments.
    #[error("{what} has {found}, but it must have {expected}.")]
    Shape {
        /// The argument, by name.
        what: &'static str,
        /// The shape it has.
        found: String,
        /// The shape it must have, and why.
        expected: String,
    },

    /// There is nothing to compute with.
    #[error("{what} is empty, but it must hold at least one {item}.")]
    Empty {
        /// The argument, by name.
        what: &'static str,
        /// What it must hold.
        item: &'static str,
    },

    /// A number lies outside its range.
    #[error("{what} is {found}, but it must be {expected}.")]
    OutOfRange {
        /// The argument, by name, with its place if it is part of an array.
        what: String,
        /// The value it has.
        found: String,
        /// The values it may have.
        expected: &'static str,
    },

    /// The quantity has no value for this input.
    #[error("{what} is not defined: {reason}. {remedy}")]
    Undefined {
        /// The quantity, by name.
        what: &'static str,
        /// Why it has no value.
        reason: String,
        /// What to do instead.
        remedy: &'static str,
    },
    /// An iterative method came to no solution.
    #[error("{what} did not converge after {iterations} iterations. {remedy}")]
    NotConverged {
        /// What was to be fitted.
        what: &'static str,
        /// How many iterations were made.
        iterations: usize,
        /// What to do about it.
        remedy: &'static str,
    },

    /// SQLite rejected a statement.
    #[error("SQLite: {message}")]
    Statement {
        /// What SQLite said, and the place in the statement.
        message: String,
        /// The error as rusqlite gave it.
        source: rusqlite::Error,
    },

    /// SQLite rejected something other than a statement.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),

    /// A transaction did not do what it was to do, and was undone.
    #[error("The transaction was rolled back and nothing has changed: {reason}.")]
    RolledBack {
        /// What was expected, and what happened.
        reason: String,
    },

    /// Polars rejected an operation on a table.
    #[error("polars: {0}")]
    Polars(#[from] PolarsError),

    /// A stored model can't be read, or one can't be stored.
    #[error("{reason}. {remedy}")]
    Stored {
        /// What is wrong with it.
        reason: String,
        /// What to do about it.
        remedy: &'static str,
    },

    /// A file can't be read or written.
    #[error("`{path}` could not be {done}: {source}. Check the path and its permissions.")]
    File {
        /// Where it is.
        path: String,
        /// `read` or `written`.
        done: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },

    /// A chart could not be drawn.
    #[error("the chart could not be drawn: {0}")]
    Plot(String),
}

/// The message. It is what `unwrap` and a cell that ends with a `Result` show of an error, and there the names of the fields
/// would tell less.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The error of a number, or of another argument, that lies outside its range.
pub(crate) fn out_of_range(
    what: impl Into<String>,
    found: impl ToString,
    expected: &'static str,
) -> Error {
    Error::OutOfRange {
        what: what.into(),
        found: found.to_string(),
        expected,
    }
}

/// `count` things in words: `1 value`, `2 values`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
