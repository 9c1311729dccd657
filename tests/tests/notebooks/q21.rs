//! Question 21: the parameters that the original counted, and what its notebook claims.

use crate::support::{cell_with, executed, golden, result, table_cells};
use dsprep_tests::text_of;

#[test]
fn the_trained_parameters_are_those_of_the_original() {
    let printed = text_of(&cell_with(
        &executed("q21_transfer_learning"),
        "Feature extraction:",
    ));
    let original = golden("q21");
    // Its third line says that the numbers were typed in; ours are counted.
    let original: Vec<_> = original.lines().take(2).collect();
    assert_eq!(printed.lines().take(2).collect::<Vec<_>>(), original);
    assert!(original[0].contains("5,130") && original[1].contains("11,181,642"));
}

#[test]
fn only_the_frozen_features_keep_their_bits() {
    let notebook = executed("q21_transfer_learning");
    let html = result(&cell_with(&notebook, "frozen: same bits"), "text/html");
    assert_eq!(
        table_cells(&html),
        ["1", "true", "false", "2", "true", "false"]
    );
}
