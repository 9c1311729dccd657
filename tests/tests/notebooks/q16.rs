//! Question 16: the rows of the joins.

use crate::support::{cell_with, executed, golden, result, table_cells};

#[test]
fn joins_have_the_rows_of_the_original() {
    let notebook = executed("q16_sql_joins");
    let original = golden("q16");
    for section in original.trim().split("\n\n") {
        let (title, rows) = section.split_once('\n').expect("a title and rows");
        let cell = cell_with(&notebook, title);
        let mut ours: Vec<String> = table_cells(&result(&cell, "text/html"))
            .chunks(2)
            .map(|pair| pair.join(" "))
            .collect();
        let rows = rows.lines().skip(1).filter(|row| !row.trim().is_empty());
        let mut theirs: Vec<String> = rows
            .map(|row| {
                let words: Vec<&str> = row.split_whitespace().collect();
                words.join(" ").replace("NaN", "null").replace(".0", "")
            })
            .collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{title}");
    }
}
