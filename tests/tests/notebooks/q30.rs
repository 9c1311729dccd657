//! Question 30: the table of metrics.

use crate::support::{cell_with, executed, golden, numbers, result, table_cells};
use dsprep_tests::text_of;

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

#[test]
fn one_step_ahead_naive_has_a_mase_of_about_1_and_further_ahead_it_has_not() {
    let notebook = executed("q30_forecast_metrics");
    let text = text_of(&cell_with(&notebook, "one month ahead: "));
    let [history, ahead, _, far] = numbers(&text)[..] else {
        panic!("{text}");
    };
    assert_eq!(history, 1.0);
    assert!((ahead - 1.0).abs() < 0.05 && far > 1.5, "{text}");
}
