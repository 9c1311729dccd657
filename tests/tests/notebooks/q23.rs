//! Question 23: the mock's list, and its diagram.

use crate::support::{cell_with, executed, golden, json, numbers};
use dsprep_tests::text_of;

#[test]
fn the_mock_recommends_what_the_original_printed() {
    let notebook = executed("q23_recommender");
    let original = golden("q23");
    let (diagram, list) = original
        .split_once("Top-10 recommendations: ")
        .expect("a diagram and a list");
    let cell = cell_with(&notebook, "Top-10 recommendations");
    let ours = text_of(&cell);
    let (_, ours) = ours.split_once(": ").expect("the list has a name");
    assert_eq!(numbers(ours).len(), 10);
    assert_eq!(numbers(ours), numbers(list));
    let text = json("notebooks/q23_recommender.ipynb").to_string();
    for line in diagram.lines().filter(|line| !line.is_empty()) {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn the_hundred_million_users_are_sized() {
    let notebook = executed("q23_recommender");
    let sum = text_of(&cell_with(&notebook, "requests/s"));
    assert!(sum.contains("2315 requests/s, 6944 at the peak"), "{sum}");
    let plan = text_of(&cell_with(&notebook, "Capacity plan"));
    for row in ["16.4 GB", "71,280    dollars for 30 days"] {
        assert!(plan.contains(row), "{row} in {plan}");
    }
}
