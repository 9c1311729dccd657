//! Question 27: the accuracy, the classification report and the checklist.

use crate::support::{cell_with, executed, golden};
use dsprep_tests::text_of;

#[test]
fn accuracy_report_and_checklist_are_those_of_the_original() {
    let notebook = executed("q27_accuracy");
    let dummy = text_of(&cell_with(&notebook, "Accuracy: 99.0%"));
    let checklist = text_of(&cell_with(&notebook, "Calibration: are probabilities"));
    assert_eq!(dummy + &checklist, golden("q27"));
}
