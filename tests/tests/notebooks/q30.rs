//! Question 30: the table of metrics.

use crate::support::{cell_with, executed, golden, result, table_cells};

#[test]
fn forecast_metrics_have_the_values_of_the_original() {
    let notebook = executed("q30_forecast_metrics");
    let original = golden("q30");
    let cell = cell_with(&notebook, "\"Winkler (95%)\"");
    let cells = table_cells(&result(&cell, "text/html"));
    let ours: Vec<(&str, f64)> = cells
        .chunks(2)
        .map(|pair| (pair[0].as_str(), pair[1].parse().expect("a number")))
        .collect();
    let rows = original.lines().skip(1).take(6);
    let theirs: Vec<(&str, f64)> = rows
        .map(|row| {
            let (name, value) = row.trim().rsplit_once(' ').expect("a name and a value");
            (name.trim(), value.parse().expect("a number"))
        })
        .collect();
    assert_eq!(ours, theirs);
}
