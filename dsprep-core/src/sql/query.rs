//! A query's result as a polars data frame.

use crate::error::out_of_range;
use crate::{Error, Result};
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series};
use rusqlite::types::Value;
use rusqlite::{Connection, Params, Rows, Statement};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs one statement and returns its rows.
///
/// SQLite gives each *value* a type, polars each *column*. A column of integers becomes `i64`, one
/// with reals `f64`, one with text (or a mixture of text and numbers) `str`; blobs are written as
/// SQLite writes them, `x'00ff'`. NULL becomes null. A column without any value has the type `null`.
///
/// If two columns have the same name, the second is called `name:1`, as SQLite does in a subquery.
///
/// # Errors
/// [`Error::Statement`] if SQLite rejects the statement.
///
/// # Examples
/// ```
/// use dsprep_core::rusqlite::Connection;
/// use dsprep_core::sql::query;
///
/// let con = Connection::open_in_memory()?;
/// let table = query(&con, "SELECT ?1 + 1 AS sum, NULL AS missing", [41])?;
/// assert_eq!(table.shape(), (1, 2));
/// assert_eq!(table.column("sum")?.i64()?.get(0), Some(42));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn query<P: Params>(con: &Connection, sql: &str, params: P) -> Result<DataFrame> {
    let mut statement = prepare(con, sql)?;
    table(statement.query(params), sql)
}

// `query` is compiled anew for each type of parameters, in the crate (or notebook cell) that calls it. So what
// does not depend on the parameters stands here.
fn prepare<'con>(con: &'con Connection, sql: &str) -> Result<Statement<'con>> {
    whole(sql)?;
    con.prepare(sql).map_err(|source| rejected(source, sql))
}

/// SQLite reads a statement only up to U+0000.
pub(super) fn whole(sql: &str) -> Result<()> {
    match sql.find('\0') {
        None => Ok(()),
        Some(at) => Err(out_of_range(
            "the statement",
            format!("cut off by U+0000 at byte {at}"),
            "without this character; a value may hold it, as a parameter",
        )),
    }
}

fn table(rows: rusqlite::Result<Rows<'_>>, sql: &str) -> Result<DataFrame> {
    let rejected = |source| rejected(source, sql);
    let rows = rows.map_err(rejected)?;
    let names = match rows.as_ref() {
        Some(statement) => utf8_names(statement)?,
        None => Vec::new(),
    };
    let values = column_values(rows, names.len()).map_err(rejected)?;
    data_frame(&names, values)
}

/// Runs one statement that returns no rows, and says how many rows it changed.
pub(super) fn execute<P: Params>(con: &Connection, sql: &str, params: P) -> Result<usize> {
    whole(sql)?;
    con.execute(sql, params)
        .map_err(|source| rejected(source, sql))
}

fn data_frame(names: &[String], values: Vec<Vec<Value>>) -> Result<DataFrame> {
    let height = values.first().map_or(0, Vec::len);
    let columns = names
        .iter()
        .zip(values)
        .map(|(name, values)| column(name, values));
    Ok(DataFrame::new(height, columns.collect())?)
}

/// The error with what SQLite said and, if it is known, the place that it points to.
pub(super) fn rejected(source: rusqlite::Error, sql: &str) -> Error {
    let message = match &source {
        rusqlite::Error::SqlInputError { msg, offset, .. } => match place(sql, *offset) {
            Some(place) => format!("{msg}\n{place}"),
            None => format!("{msg}\nin the statement: {}", sql.trim()),
        },
        other => format!("{other}\nin the statement: {}", sql.trim()),
    };
    Error::Statement { message, source }
}

/// The line of `sql` at the byte `offset`, with a mark below the place.
fn place(sql: &str, offset: i32) -> Option<String> {
    let (before, after) = sql.split_at_checked(usize::try_from(offset).ok()?)?;
    let start = before.rsplit('\n').next()?;
    let line = format!("{start}{}", after.lines().next().unwrap_or_default());
    let mark = " ".repeat(start.chars().count());
    Some(format!("{line}\n{mark}^ here"))
}

/// [`column_names`]; an error if the file of another program has one that is not UTF-8, at which rusqlite panics.
fn utf8_names(statement: &Statement<'_>) -> Result<Vec<String>> {
    catch_unwind(AssertUnwindSafe(|| column_names(statement))).map_err(|_| {
        let expected = "UTF-8; name the columns by AS instead of selecting all by *";
        out_of_range("the name of a column", "in another encoding", expected)
    })
}

/// The names of the result's columns, each made unique.
fn column_names(statement: &Statement<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    for name in statement.column_names() {
        let again = (1..).map(|number| format!("{name}:{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(again);
        names.extend(candidates.find(|candidate| taken.insert(candidate.clone())));
    }
    names
}

/// The values of the result, column by column.
fn column_values(mut rows: Rows<'_>, width: usize) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut columns = vec![Vec::new(); width];
    while let Some(row) = rows.next()? {
        for (index, column) in columns.iter_mut().enumerate() {
            column.push(row.get(index)?);
        }
    }
    Ok(columns)
}

/// A column of the narrowest type that holds all `values`.
fn column(name: &str, values: Vec<Value>) -> Column {
    let has = |test: fn(&Value) -> bool| values.iter().any(test);
    let series = if has(|value| matches!(value, Value::Text(_) | Value::Blob(_))) {
        let texts: Vec<Option<String>> = values.into_iter().map(text).collect();
        Series::new(name.into(), texts)
    } else if has(|value| matches!(value, Value::Real(_))) {
        let reals: Vec<Option<f64>> = values.iter().map(real).collect();
        Series::new(name.into(), reals)
    } else if has(|value| matches!(value, Value::Integer(_))) {
        let integers: Vec<Option<i64>> = values.iter().map(integer).collect();
        Series::new(name.into(), integers)
    } else {
        Series::full_null(name.into(), values.len(), &DataType::Null)
    };
    series.into_column()
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(integer) => Some(*integer),
        _ => None,
    }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Real(real) => Some(*real),
        _ => None,
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Integer(integer) => Some(integer.to_string()),
        Value::Real(real) => Some(format!("{real:?}")),
        Value::Text(text) => Some(text),
        Value::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(format!("x'{hex}'"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(sql: &str) -> Result<DataFrame> {
        query(&Connection::open_in_memory()?, sql, [])
    }

    fn types(table: &DataFrame) -> Vec<String> {
        table.dtypes().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_column_has_the_narrowest_type_that_holds_its_values() -> Result<()> {
        let table = select("SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, x'00ff' AS e")?;
        assert_eq!(types(&table), ["i64", "f64", "str", "null", "str"]);
        assert_eq!(table.column("e")?.str()?.get(0), Some("x'00ff'"));
        Ok(())
    }

    #[test]
    fn integers_among_reals_become_reals_and_numbers_among_texts_become_texts() -> Result<()> {
        let table = select("SELECT column1 AS a, column2 AS b FROM (VALUES (1, 'x'), (2.5, 7))")?;
        assert_eq!(types(&table), ["f64", "str"]);
        assert_eq!(table.column("a")?.f64()?.get(0), Some(1.0));
        assert_eq!(table.column("b")?.str()?.get(1), Some("7"));
        Ok(())
    }

    #[test]
    fn no_rows_still_give_the_columns() -> Result<()> {
        let table = select("SELECT 1 AS a, 'x' AS b WHERE 0")?;
        assert_eq!(table.shape(), (0, 2));
        assert_eq!(types(&table), ["null", "null"]);
        Ok(())
    }

    #[test]
    fn two_columns_of_one_name_are_told_apart() -> Result<()> {
        let table = select("SELECT 1 AS id, 2 AS id, 3 AS id")?;
        assert_eq!(table.get_column_names(), ["id", "id:1", "id:2"]);
        Ok(())
    }

    #[test]
    fn a_rejected_statement_is_shown_with_the_place() {
        assert_eq!(
            select("SELECT 1,\n       wrong").unwrap_err().to_string(),
            "SQLite: no such column: wrong\n       wrong\n       ^ here"
        );
    }

    #[test]
    fn missing_parameters_are_told_with_the_statement() {
        let error = select("SELECT ?1").unwrap_err().to_string();
        assert!(error.ends_with("in the statement: SELECT ?1"), "{error}");
    }
}
