//! Question 18: the orders that were drawn, and the best customers of each month.

use crate::support::{cell_with, executed, json, result, table_cells};
use serde_json::Value;

fn cells_of(notebook: &Value, mark: &str) -> Vec<String> {
    table_cells(&result(&cell_with(notebook, mark), "text/html"))
}

fn number(cell: &str) -> f64 {
    cell.parse().expect("the cell holds a number")
}

/// A row of three or four cells equals one of the original: texts exactly, numbers as numbers.
fn assert_row(ours: &[String], theirs: &Value) {
    let theirs = theirs.as_array().expect("a row is a list");
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        match theirs {
            Value::String(text) => assert_eq!(ours, text),
            other => assert_eq!(Some(number(ours)), other.as_f64()),
        }
    }
}

#[test]
fn the_first_orders_are_the_originals_draws() {
    let notebook = executed("q18_top_n");
    let golden = json("tests/reference/golden.json");
    let orders = cells_of(&notebook, "SELECT * FROM orders LIMIT 5");
    assert_eq!(orders.len(), 15);
    for (row, ours) in orders.chunks(3).enumerate() {
        assert_row(ours, &golden["q18"]["orders"][row]);
    }
}

#[test]
fn the_best_customers_are_those_of_the_original() {
    let notebook = executed("q18_top_n");
    let golden = json("tests/reference/golden.json");
    let rows = cells_of(
        &notebook,
        "RANK() OVER (PARTITION BY month ORDER BY revenue DESC) AS rnk",
    );
    let original = golden["q18"]["result"].as_array().expect("a list of rows");
    assert_eq!((rows.len(), original.len()), (18 * 4, 18));
    for (ours, theirs) in rows.chunks(4).zip(original) {
        assert_row(ours, theirs);
    }
}
