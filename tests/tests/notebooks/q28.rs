//! Question 28: the two scores that the original printed, and the one that is not a number.

use crate::support::{cell_with, executed, golden, json, numbers};
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
