//! Little notebooks, and what is in executed ones.

use serde_json::{Value, json};

/// A code cell.
pub fn code(source: &str) -> Value {
    tagged(source, &[])
}

/// A code cell with tags.
pub fn tagged(source: &str, tags: &[&str]) -> Value {
    json!({
        "cell_type": "code",
        "execution_count": null,
        "metadata": metadata(tags),
        "outputs": [],
        "source": source,
    })
}

/// A text cell.
pub fn text(source: &str) -> Value {
    tagged_text(source, &[])
}

/// A text cell with tags.
pub fn tagged_text(source: &str, tags: &[&str]) -> Value {
    json!({"cell_type": "markdown", "metadata": metadata(tags), "source": source})
}

fn metadata(tags: &[&str]) -> Value {
    if tags.is_empty() {
        json!({})
    } else {
        json!({"tags": tags})
    }
}

/// A notebook of these cells, as the text of its file; cells without an id are counted.
pub(crate) fn notebook(cells: &[Value]) -> String {
    let mut cells = cells.to_vec();
    for (index, cell) in cells.iter_mut().enumerate() {
        if cell["id"].is_null() {
            cell["id"] = format!("cell-{}", index + 1).into();
        }
    }
    let notebook = json!({
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "Rust (dsprep)", "language": "rust", "name": "dsprep"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    format!("{notebook:#}\n")
}

/// The code cells of a notebook that have something to execute and are not left out.
pub fn executed_cells(notebook: &Value) -> Vec<&Value> {
    let cells = notebook["cells"].as_array().into_iter().flatten();
    let left_out = |cell: &Value| {
        let tags = cell["metadata"]["tags"].as_array();
        tags.is_some_and(|tags| tags.contains(&json!("skip-execution")))
    };
    let to_execute = |cell: &&Value| {
        cell["cell_type"] == "code" && !joined(&cell["source"]).trim().is_empty() && !left_out(cell)
    };
    cells.filter(to_execute).collect()
}

/// All that a cell printed, and its results as plain text.
pub fn text_of(cell: &Value) -> String {
    let outputs = cell["outputs"].as_array().into_iter().flatten();
    outputs
        .map(|output| joined(&output["text"]) + &joined(&output["data"]["text/plain"]))
        .collect()
}

/// A text that may be stored as a list of lines.
pub fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}
