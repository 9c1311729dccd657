//! Question 17: the duplicates, and the table without them.

use crate::support::{cell_with, executed, golden, result, table_cells};

#[test]
fn duplicates_are_those_of_the_original() {
    let notebook = executed("q17_duplicates");
    let original = golden("q17");
    let sections: Vec<&str> = original.trim().split("\n\n").collect();
    assert_eq!(sections.len(), 4);
    for section in sections {
        let (title, rows) = section.split_once('\n').expect("a title and rows");
        let cell = cell_with(&notebook, title);
        let ours = table_cells(&result(&cell, "text/html"));
        // pandas numbers the rows in its first column.
        let rows = rows.lines().skip(1);
        let theirs: Vec<&str> = rows
            .flat_map(|row| row.split_whitespace().skip(1))
            .collect();
        assert_eq!(ours, theirs, "{title}");
    }
}
