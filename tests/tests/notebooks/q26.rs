//! Question 26: the plan that the original printed.

use crate::support::{cell_with, executed, golden, json, numbers, result, table_cells};
use dsprep_tests::text_of;

#[test]
fn the_table_of_traffic_is_the_originals() {
    let notebook = executed("q26_ab_testing");
    let original = json("tests/reference/golden.json");
    let cell = cell_with(&notebook, "\"days_for_80pct_power\" => needed");
    let ours = table_cells(&result(&cell, "text/html"));
    let theirs = original["q26"]["table"].as_array().expect("a list of rows");
    assert_eq!((ours.len(), theirs.len()), (5 * 4, 5));
    for (ours, theirs) in ours.chunks(4).zip(theirs) {
        assert_eq!(theirs["traffic_%"], ours[0].as_str());
        let columns = ["n_per_day", "days_for_80pct_power", "SE_after_14d"];
        for (ours, column) in ours[1..].iter().zip(columns) {
            assert_eq!(ours.parse().ok(), theirs[column].as_f64(), "{column}");
        }
    }
}

#[test]
fn the_conclusion_and_the_users_are_the_originals() {
    let notebook = executed("q26_ab_testing");
    let printed = golden("q26");
    let conclusion = printed.lines().last().expect("a line");
    assert!(text_of(&cell_with(&notebook, conclusion)).contains(conclusion));
    let original = json("tests/reference/golden.json");
    let users = original["q26"]["n_required"].as_f64().expect("a number");
    let ours = text_of(&cell_with(&notebook, "n_required = {"));
    assert!((numbers(&ours)[0] - users).abs() < 1e-4);
}

#[test]
fn a_fifth_of_the_wins_is_a_fluke_and_not_a_third() {
    let notebook = executed("q26_ab_testing");
    let found = numbers(&text_of(&cell_with(&notebook, "of the wins are flukes")));
    let (wins, flukes, share) = (found[0], found[1], found[2]);
    assert!(
        (100.0 * flukes / (wins + flukes) - share).abs() < 0.5,
        "{found:?}"
    );
    // 0.0225 / (0.08 + 0.0225) = 22 %; the standard error of 400 wins is 2 points.
    assert!((share - 22.0).abs() < 6.0, "{found:?}");
}
