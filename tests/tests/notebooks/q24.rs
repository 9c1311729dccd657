//! Question 24: what the original flagged.

use crate::support::{cell_with, executed, golden, result, table_cells};
use dsprep_tests::text_of;

#[test]
fn the_payments_that_the_original_flagged_are_flagged() {
    let notebook = executed("q24_fraud_detection");
    let original = golden("q24");
    let (summary, table) = original.split_once('\n').expect("a summary and a table");
    let cell = cell_with(&notebook, summary);
    let cells = table_cells(&result(&cell, "text/html"));
    let ours: Vec<(&str, f64, &str)> = cells
        .chunks(3)
        .map(|row| {
            let amount = row[1].parse().expect("an amount");
            (row[0].as_str(), amount, row[2].as_str())
        })
        .collect();
    let rows = table.lines().skip(1).filter(|row| !row.trim().is_empty());
    let theirs: Vec<(&str, f64, &str)> = rows
        .map(|row| {
            let (user, rest) = row.trim().split_once(' ').expect("several columns");
            let (amount, reasons) = rest.trim().split_once(' ').expect("three columns");
            (user, amount.parse().expect("an amount"), reasons.trim())
        })
        .collect();
    assert_eq!(ours.len(), 10);
    assert_eq!(ours, theirs);
}

#[test]
fn the_faults_of_the_original_have_the_size_that_the_text_says() {
    let notebook = executed("q24_fraud_detection");
    let future = cell_with(&notebook, "sees_the_future");
    assert!(text_of(&future).contains("823 of 1000"));
    let sorted = cell_with(&notebook, "in the order of time: ");
    assert!(text_of(&sorted).contains("flagged in the order of time: 707"));
}

#[test]
fn streaming_and_restarting_differ_in_nothing() {
    let notebook = executed("q24_fraud_detection");
    let streaming = cell_with(&notebook, "different: ");
    assert!(text_of(&streaming).contains("different: 0"));
    let restart = cell_with(&notebook, "decisions after the restart");
    assert!(text_of(&restart).contains(" 0 different"));
}

#[test]
fn the_p99_of_a_sum_is_bounded_by_the_sum_of_the_p99s_on_neither_side() {
    let notebook = executed("q24_fraud_detection");
    let table = result(&cell_with(&notebook, "p99 of the sum (ms)"), "text/html");
    let cells = table_cells(&table);
    let p99s: Vec<f64> = cells
        .chunks(3)
        .filter_map(|row| row[2].parse().ok())
        .collect();
    let [independent, together, timeouts] = p99s[..] else {
        panic!("{cells:?}");
    };
    assert!(
        independent < 45.0 && (together - 50.0).abs() <= 1.0 && timeouts > 100.0,
        "{p99s:?}"
    );
}

#[test]
fn the_window_on_the_page_is_the_scorers() {
    let notebook = executed("q24_fraud_detection");
    let cell = cell_with(&notebook, "assert_eq!(by_hand, by_core)");
    assert!(text_of(&cell).contains("equal to the scorer's"));
}
