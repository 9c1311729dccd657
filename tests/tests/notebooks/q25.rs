//! Question 25: the original monitor's lines, and what the real one decides.

use crate::support::{cell_with, executed, golden, result, table_cells};
use dsprep_tests::text_of;

#[test]
fn the_monitor_prints_what_the_original_prints() {
    let notebook = executed("q25_model_monitoring");
    let cell = cell_with(&notebook, "--- T1: Stable ---");
    assert_eq!(text_of(&cell).trim(), golden("q25").trim());
}

#[test]
fn the_aucs_of_the_original_are_in_the_table_with_their_intervals() {
    let notebook = executed("q25_model_monitoring");
    let original = golden("q25");
    let cell = cell_with(&notebook, "roc_auc_interval(&data.labels");
    let cells = table_cells(&result(&cell, "text/html"));
    let theirs = original
        .split("current=")
        .skip(1)
        .filter_map(|rest| rest.split(',').next());
    let theirs: Vec<f64> = theirs.map(|auc| auc.parse().expect("a number")).collect();
    assert_eq!(theirs.len(), 3);
    for (row, theirs) in cells.chunks(4).zip(theirs) {
        let [auc, lower, upper] =
            [1, 2, 3].map(|column| row[column].parse::<f64>().expect("a number"));
        assert!((auc - theirs).abs() < 6e-4, "{row:?}");
        assert!(lower < 0.5 && 0.5 < upper, "coin flips: {row:?}");
    }
}

#[test]
fn the_lives_in_the_notebook_are_told_as_they_happen() {
    let notebook = executed("q25_model_monitoring");
    let cell = cell_with(&notebook, "FROM lifecycle_decisions");
    let cells = table_cells(&result(&cell, "text/html"));
    let actions: Vec<&str> = cells.chunks(4).map(|row| row[1].as_str()).collect();
    assert_eq!(actions, ["retrain", "promote", "roll back"]);
    let restart = cell_with(&notebook, "ModelLifecycle::restore");
    assert_eq!(result(&restart, "text/plain").trim(), "true");
    let wrong = cell_with(&notebook, "life == before");
    assert_eq!(result(&wrong, "text/plain").trim(), "true");
    assert_eq!(text_of(&wrong).trim().lines().count(), 6);
}
