//! Question 20: the attention weights.

use crate::support::{cell_with, executed, golden, numbers, result};

#[test]
fn attention_has_the_weights_of_the_original() {
    let notebook = executed("q20_attention");
    let original = golden("q20");
    let (shape, weights) = original.split_once('\n').expect("several lines");
    cell_with(&notebook, shape);
    let (title, weights) = weights.split_once('\n').expect("a title and weights");
    let cell = cell_with(&notebook, title);
    let ours = numbers(&result(&cell, "text/plain"));
    assert_eq!(ours.len(), 16);
    assert_eq!(ours, numbers(weights));
}
