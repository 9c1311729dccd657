//! SQL statements and data frames with odd names and values, and features that differ by infinity.

use crate::told;
use dsprep_core::display::{RichDisplay, Summarise, Summary};
use dsprep_core::plot::join_diagram;
use dsprep_core::prelude::*;
use dsprep_core::rusqlite::Connection;
use dsprep_core::sql::many_orders;
use dsprep_core::triage::encoding_leak;

#[test]
fn a_column_called_copy_does_not_decide_which_rows_are_deleted() -> DsResult<()> {
    let mut con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT, ts TEXT, copy INTEGER);
         INSERT INTO t VALUES (1, 'a', '2024-01-01', 1), (2, 'a', '2024-01-02', 2);",
    )?;
    let rule = DuplicateRule::new("t", &["k"], "ts", "id")?;
    assert!(told(rule.surplus_by_window(&con)).contains("the column `copy`"));
    assert!(told(rule.delete_surplus(&mut con)).contains("the column `copy`"));
    con.execute_batch("ALTER TABLE t RENAME COLUMN copy TO number")?;
    assert_eq!(rule.delete_surplus(&mut con)?, 1);
    let left: i64 = con.query_row("SELECT id FROM t", [], |row| row.get(0))?;
    assert_eq!(left, 2);
    Ok(())
}

#[test]
fn a_key_called_copies_is_not_taken_for_their_number() -> DsResult<()> {
    let mut con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, copies INTEGER, ts TEXT);
         INSERT INTO t VALUES (1, 50, '2024-01-01'), (2, 50, '2024-01-02');",
    )?;
    let rule = DuplicateRule::new("t", &["copies"], "ts", "id")?;
    assert_eq!(rule.delete_surplus(&mut con)?, 1);
    Ok(())
}

#[test]
fn a_statement_that_sqlite_would_cut_off_is_named() -> DsResult<()> {
    let con = Connection::open_in_memory()?;
    let sql = "SELECT 1 AS a\0 FROM nothing";
    for error in [
        told(query(&con, sql, [])),
        told(query_plan(&con, sql)),
        told(query_work(&con, sql, [])),
    ] {
        assert!(error.contains("cut off by U+0000 at byte 13"), "{error}");
    }
    Ok(())
}

#[test]
fn many_columns_of_one_name_are_numbered() -> DsResult<()> {
    let con = Connection::open_in_memory()?;
    let sql = format!("SELECT {}", vec!["1 AS a"; 1_990].join(", "));
    let table = query(&con, &sql, [])?;
    assert_eq!(table.get_column_names()[1_989].as_str(), "a:1989");
    Ok(())
}

#[test]
fn counts_beyond_what_sqlite_numbers_are_named() {
    let rng = &mut RandomState::seed(1);
    for customers in [0, i64::MAX as usize, usize::MAX] {
        let error = told(many_orders(3, customers, rng));
        assert!(error.starts_with("`customers` is"), "{error}");
    }
    for categories in [0, usize::MAX] {
        let error = told(encoding_leak(30, categories, rng));
        assert!(error.starts_with("`categories` is"), "{error}");
    }
}

#[test]
fn rows_without_names_are_drawn() -> DsResult<()> {
    let con = Connection::open_in_memory()?;
    con.execute_batch(
        "CREATE TABLE customers (id, name); INSERT INTO customers VALUES (1, NULL), (NULL, 'x');
         CREATE TABLE orders (order_id, customer_id, amount); INSERT INTO orders VALUES (NULL, 1, 2);",
    )?;
    assert!(join_diagram(&con, Join::Full)?.svg().contains("NULL"));
    Ok(())
}

#[test]
fn infinity_agrees_with_no_number() -> DsResult<()> {
    let faults = row_parity(&["a"], &array![[f64::INFINITY]], &array![[5.0]], 0.1)?;
    assert_eq!(faults.len(), 1);
    let same = array![[f64::INFINITY]];
    assert!(row_parity(&["a"], &same, &same, 0.1)?.is_empty());
    Ok(())
}

#[test]
fn the_mean_of_the_largest_numbers_is_one() -> DsResult<()> {
    let skew = feature_skew(
        &["a"],
        &array![[1.7e308], [1.5e308]],
        &array![[1.7e308], [1.7e308]],
    )?;
    assert!((skew[0].training_mean / 1.6e308 - 1.0).abs() < 1e-12);
    Ok(())
}

struct Told(Summary);

impl Summarise for Told {
    fn summary(&self) -> Summary {
        self.0.clone()
    }
}

#[test]
fn names_and_texts_of_any_length_are_shown() {
    let long = "x".repeat(70_000);
    let rows = Told(
        Summary::new("t")
            .row(&long, 1.0, "")
            .row("a", long.as_str(), ""),
    );
    let column = Told(Summary::new("t").column(&long, [long.as_str(), "b"]));
    for bundle in [rows.mime_bundle(), column.mime_bundle()] {
        assert!(bundle.get("text/plain").unwrap_or_default().contains(&long));
    }
}

#[test]
fn a_column_name_that_is_not_utf_8_is_named() -> DsResult<()> {
    let con = Connection::open_in_memory()?;
    // CREATE TABLE t(<0xff>AB), as another program may have written it.
    con.execute_batch(
        "CREATE TABLE t (abc); INSERT INTO t VALUES (1); PRAGMA writable_schema = ON;
         UPDATE sqlite_master SET sql = CAST(x'435245415445205441424c45207428ff414229' AS TEXT);
         PRAGMA writable_schema = RESET;",
    )?;
    let error = told(query(&con, "SELECT * FROM t", []));
    assert!(error.contains("the name of a column"), "{error}");
    Ok(())
}
