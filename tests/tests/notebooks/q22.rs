//! Question 22: the original's merges, and the counts that it typed in.

use crate::support::{cell_with, executed, golden, result, table_cells};
use dsprep_tests::text_of;

const NAME: &str = "q22_tokenization";

/// The lines of the original's output that begin with `start`.
fn original_lines(start: &str) -> Vec<String> {
    let output = golden("q22");
    let lines = output.lines().filter(|line| line.starts_with(start));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_initial_vocabulary_the_merges_and_the_final_one_are_the_originals() {
    let notebook = executed(NAME);
    for (mark, number) in [("Initial vocab:", 1), ("Merge ", 5), ("Final vocab:", 1)] {
        let original = original_lines(mark);
        assert_eq!(original.len(), number);
        let printed = text_of(&cell_with(&notebook, &original[0]));
        let ours: Vec<_> = printed
            .lines()
            .filter(|line| line.starts_with(mark))
            .map(str::to_owned)
            .collect();
        assert_eq!(ours, original);
    }
}

#[test]
fn what_the_original_typed_in_is_printed_and_the_true_counts_beside_it() {
    let notebook = executed(NAME);
    let printed = text_of(&cell_with(&notebook, "Word:  5 tokens"));
    let typed: Vec<_> = ["Word:", "Char:", "BPE:"]
        .iter()
        .flat_map(|start| original_lines(start))
        .collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), typed);
    let counted = result(&cell_with(&notebook, "\"counted\" =>"), "text/html");
    let rows = table_cells(&counted);
    assert_eq!(
        rows,
        [
            "words",
            "5",
            "1",
            "characters",
            "11",
            "11",
            "BPE",
            "~8",
            "12"
        ]
    );
}
