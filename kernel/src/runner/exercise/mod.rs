//! Exercises: code cells whose stub must not pass as it stands, and whose solution must.
//!
//! A code cell tagged `exercise` holds a stub and the call of its check. The text cell tagged `solution` that
//! follows holds the cell's replacement, as the only ```` ```rust ```` block, folded away in `<details>`. The
//! check's verdict is the result's plain text, which starts with `Not yet.` or `Passed.`.

mod block;
mod verdict;

pub use block::NoBlock;
pub use verdict::Verdict;

use crate::notebook::{Cell, Notebook};

/// The tag of cells that hold an exercise.
const EXERCISE: &str = "exercise";
/// The tag of text cells that hold its solution.
const SOLUTION: &str = "solution";

/// An exercise of a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// The cell with the stub.
    pub cell: Cell,
    /// The source that takes the stub's place.
    pub solution: Result<String, NoBlock>,
    /// Whether an exercise before it has the same id.
    pub shares_id: bool,
}

/// The exercises of a notebook, in order.
pub fn exercises(notebook: &Notebook) -> Vec<Exercise> {
    let mut cells = notebook.code_cells();
    cells.retain(|cell| cell.has_tag(EXERCISE));
    let texts = notebook.text_cells();
    let mut exercises: Vec<Exercise> = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let next = cells
            .get(index + 1)
            .map_or(usize::MAX, |next| next.position);
        let between = cell.position..next;
        let solutions = texts
            .iter()
            .filter(|text| text.has_tag(SOLUTION) && between.contains(&text.position));
        let same_id = |earlier: &Exercise| cell.id.is_some() && earlier.cell.id == cell.id;
        exercises.push(Exercise {
            solution: block::only(solutions.map(|text| text.source.as_str())),
            shares_id: exercises.iter().any(same_id),
            cell: cell.clone(),
        });
    }
    exercises
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::path::Path;

    fn cell(kind: &str, id: &str, tag: &str, source: &str) -> Value {
        json!({"cell_type": kind, "id": id, "metadata": {"tags": [tag, "unknown"]}, "source": source})
    }

    fn found(cells: &[Value]) -> Vec<Exercise> {
        let document = json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5});
        let notebook = Notebook::parse(Path::new("a.ipynb"), document.to_string().as_bytes());
        exercises(&notebook.expect("it is a notebook"))
    }

    fn folded(code: &str) -> String {
        format!("<details><summary>Solution</summary>\n\n```rust\n{code}\n```\n</details>")
    }

    #[test]
    fn each_exercise_has_the_solution_between_it_and_the_next() {
        let found = found(&[
            cell("markdown", "early", "solution", &folded("0")),
            cell("code", "one", "exercise", "1"),
            cell("code", "more", "volatile", "1"),
            cell("markdown", "one-solution", "solution", &folded("one")),
            cell("code", "two", "exercise", "2"),
            cell("code", "two", "exercise", "3"),
            cell("markdown", "three-solution", "solution", &folded("three")),
        ]);
        let solutions: Vec<_> = found.iter().map(|one| one.solution.clone()).collect();
        let solution = |code: &str| Ok(format!("{code}\n"));
        assert_eq!(
            solutions,
            [solution("one"), Err(NoBlock::NoCell), solution("three")]
        );
        let shared: Vec<_> = found.iter().map(|one| one.shares_id).collect();
        assert_eq!(shared, [false, false, true]);
    }
}
