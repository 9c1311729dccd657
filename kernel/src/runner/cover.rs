//! A first output that says nothing, for cells whose outputs are folded.
//!
//! Beside the button that unfolds outputs, JupyterLab shows the first line of the first of them. After a question to the
//! reader that line may be the answer. A notebook whose metadata say `"dsprep": {"cover_folded": true}` gets a cover as
//! the first output of such cells.

use crate::notebook::{Cell, Notebook};
use serde_json::{Value, json};

/// What is shown of folded outputs. Unfolded it is a comment, of which nothing is seen.
const COVER: &str = "<!-- Predict first, then click -->";

/// Whether the notebook asks for covers.
pub fn is_wanted(notebook: &Notebook) -> bool {
    notebook.value()["metadata"]["dsprep"]["cover_folded"] == true
}

/// The outputs with a cover before them if the cell's are folded and there are any.
pub fn covered(cell: &Cell, mut outputs: Vec<Value>) -> Vec<Value> {
    if cell.metadata["jupyter"]["outputs_hidden"] == true && !outputs.is_empty() {
        let data = json!({"text/html": COVER, "text/plain": ""});
        let cover = json!({"output_type": "display_data", "metadata": {}, "data": data});
        outputs.insert(0, cover);
    }
    outputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn folded_outputs_get_a_cover_where_the_notebook_asks_for_it() {
        let notebook = |metadata: Value| {
            let cell = |hidden: bool| {
                json!({"cell_type": "code", "execution_count": 1, "source": "1", "outputs": [],
                    "metadata": {"jupyter": {"outputs_hidden": hidden}}})
            };
            let value = json!({"cells": [cell(true), cell(false)], "metadata": metadata, "nbformat": 4, "nbformat_minor": 4});
            Notebook::parse(Path::new("a.ipynb"), value.to_string().as_bytes()).expect("a notebook")
        };
        let wanted = notebook(json!({"dsprep": {"cover_folded": true}}));
        assert!(is_wanted(&wanted));
        assert!(!is_wanted(&notebook(json!({}))));
        let cells = wanted.code_cells();
        let output = || vec![json!({"output_type": "stream", "name": "stdout", "text": "42"})];
        assert_eq!(covered(&cells[1], output()), output());
        assert!(covered(&cells[0], Vec::new()).is_empty());
        let folded = covered(&cells[0], output());
        assert_eq!(folded[1..], output());
        assert_eq!(folded[0]["data"]["text/html"], COVER);
    }
}
