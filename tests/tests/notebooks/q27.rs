//! Question 27: the accuracy, the classification report and the checklist.

use crate::support::{cell_with, executed, golden, result, table_cells};
use dsprep_tests::text_of;

#[test]
fn accuracy_report_and_checklist_are_those_of_the_original() {
    let notebook = executed("q27_accuracy");
    let dummy = text_of(&cell_with(&notebook, "Accuracy: 99.0%"));
    let checklist = text_of(&cell_with(&notebook, "Calibration: are probabilities"));
    assert_eq!(dummy + &checklist, golden("q27"));
}

#[test]
fn one_line_repairs_the_calibration_and_moves_no_ranking() {
    let notebook = executed("q27_accuracy");
    let table = result(&cell_with(&notebook, "equal classes, + ln s"), "text/html");
    let cells = table_cells(&table);
    let row = |name: &str| -> Vec<f64> {
        let row = cells.chunks(6).find(|row| row[0] == name).expect("a row");
        row[1..]
            .iter()
            .map(|cell| cell.parse().expect("a number"))
            .collect()
    };
    let (before, after) = (row("equal classes"), row("equal classes, + ln s"));
    assert!(
        before[1] > 0.1 && after[1] < 0.01,
        "ECE: {before:?}, {after:?}"
    );
    assert_eq!(before[4], after[4], "AUC");
}
