//! Question 19: the loss, and the difference of the gradient check.

use crate::support::{cell_with, executed, golden};
use dsprep_tests::text_of;

#[test]
fn backpropagation_prints_the_loss_and_the_difference_of_the_original() {
    let notebook = executed("q19_backpropagation");
    let original = golden("q19");
    let mut lines = original.trim().lines();
    let loss = lines.next().expect("a line with the loss");
    assert_eq!(text_of(&cell_with(&notebook, "Loss: ")).trim(), loss);
    let theirs = lines.next().expect("a line with the check");
    let ours = text_of(&cell_with(&notebook, "grad (W2)"));
    assert_eq!(ours.trim(), theirs.replace("True", "true"));
}
