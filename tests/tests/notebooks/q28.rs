//! Question 28: the two scores that the original printed, and the one that is not a number.

use crate::support::{cell_with, executed, golden, json, numbers, result, table_cells};
use dsprep_tests::text_of;

#[test]
fn the_three_scores_are_the_originals() {
    let notebook = executed("q28_offline_online");
    let original = golden("q28");
    for line in original.lines().take(3) {
        let score = line.split('←').next().expect("a line").trim();
        let cell = cell_with(&notebook, score);
        assert!(text_of(&cell).contains(score), "{score}");
    }
}

#[test]
fn both_aucs_are_equal_to_all_digits() {
    let notebook = executed("q28_offline_online");
    let original = json("tests/reference/golden.json");
    let ours = numbers(&text_of(&cell_with(&notebook, "aucs[0] == aucs[1]")));
    for (ours, name) in ours.iter().zip(["auc_correct", "auc_leaky"]) {
        let theirs = original["q28"][name].as_f64().expect("a number");
        assert!((ours - theirs).abs() < 1e-15, "{name}: {ours} and {theirs}");
    }
    assert!(ours.len() >= 2);
}

#[test]
fn a_covariate_shift_that_hurts_is_repaired_by_weights() {
    let notebook = executed("q28_offline_online");
    let aucs = text_of(&cell_with(&notebook, "reweighted, old labels only"));
    let [before, after] = numbers(&aucs)[..2] else {
        panic!("{aucs}");
    };
    assert!(before < 0.5 && after > 0.6, "{aucs}");
}

#[test]
fn every_system_of_the_exercise_is_poor_in_production() {
    let notebook = executed("q28_offline_online");
    let cells = table_cells(&result(
        &cell_with(&notebook, "\"production AUC\" =>"),
        "text/html",
    ));
    for row in cells.chunks(8) {
        let value = |column: usize| row[column].parse::<f64>().expect("a number");
        let worse = value(1) - value(3) > 0.05 || value(7).abs() > 6.0;
        assert!(worse, "{row:?}");
    }
}
