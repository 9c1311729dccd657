//! Notebook files (nbformat 4): reading and writing them without losing anything.
//!
//! A [`Notebook`] keeps the JSON document as it was read, with unknown keys and the order of the known ones;
//! only what a run changes (outputs and execution counts) is replaced. It is written as Jupyter writes it, so
//! that the file differs from the source in nothing else.

mod lines;
mod outputs;
mod read;
mod write;

pub use lines::joined;
pub use outputs::normalised;
pub use write::{Written, replace};

use serde_json::{Map, Value};

/// A notebook: its JSON document, checked to be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Notebook {
    document: Value,
}

/// A code or text cell, read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its place among all cells of the file, counted from 0.
    pub position: usize,
    /// Its id; notebooks older than format 4.5 have none.
    pub id: Option<String>,
    /// Its source, as one text.
    pub source: String,
    /// The tags of its metadata.
    pub tags: Vec<String>,
}

impl Cell {
    /// Whether the cell carries `tag`.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }

    /// Whether there is nothing to execute.
    pub fn is_blank(&self) -> bool {
        self.source.trim().is_empty()
    }
}

/// Keys of a cell's metadata that tell when it ran and how long.
const TIMES: [&str; 2] = ["execution", "ExecuteTime"];

impl Notebook {
    /// The code cells, in order.
    pub fn code_cells(&self) -> Vec<Cell> {
        self.cells_of("code")
    }

    /// The text cells, in order.
    pub fn text_cells(&self) -> Vec<Cell> {
        self.cells_of("markdown")
    }

    fn cells_of(&self, kind: &str) -> Vec<Cell> {
        let cells = self.cells().iter().enumerate();
        cells
            .filter(|(_, cell)| cell["cell_type"] == kind)
            .map(|(position, cell)| read_only(position, cell))
            .collect()
    }

    /// The outputs that are stored in the cell at `position`.
    pub fn outputs(&self, position: usize) -> &[Value] {
        let outputs = self.cells().get(position).map(|cell| &cell["outputs"]);
        outputs.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// When the cell at `position` ran, counted from 1; none if it did not.
    pub fn execution_count(&self, position: usize) -> Option<usize> {
        let count = self.cells().get(position)?["execution_count"].as_u64()?;
        usize::try_from(count).ok()
    }

    /// How many cells there are, of all kinds.
    pub fn len(&self) -> usize {
        self.cells().len()
    }

    /// The language that the metadata names, if they name one.
    pub fn language(&self) -> Option<&str> {
        let metadata = &self.document["metadata"];
        let named = [
            &metadata["kernelspec"]["language"],
            &metadata["language_info"]["name"],
        ];
        named.into_iter().find_map(Value::as_str)
    }

    /// Replaces the outputs of the cell at `position`, and forgets when the cell ran.
    ///
    /// The outputs are those of Jupyter's messages; they are brought to the form that files have.
    pub fn set_outputs(&mut self, position: usize, count: Option<usize>, outputs: Vec<Value>) {
        let cells = self.document["cells"].as_array_mut();
        let Some(Value::Object(cell)) = cells.and_then(|cells| cells.get_mut(position)) else {
            return;
        };
        cell.insert(
            "execution_count".to_owned(),
            count.map_or(Value::Null, Value::from),
        );
        cell.insert(
            "outputs".to_owned(),
            Value::Array(normalised(outputs, count)),
        );
        if let Some(Value::Object(metadata)) = cell.get_mut("metadata") {
            TIMES.iter().for_each(|key| {
                metadata.shift_remove(*key);
            });
        }
    }

    fn cells(&self) -> &[Value] {
        self.document["cells"].as_array().map_or(&[], Vec::as_slice)
    }
}

fn is_code(cell: &Value) -> bool {
    cell["cell_type"] == "code"
}

fn read_only(position: usize, cell: &Value) -> Cell {
    let tags = cell["metadata"]["tags"].as_array();
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    Cell {
        position,
        id: cell["id"].as_str().map(str::to_owned),
        source: lines::joined(&cell["source"]),
        tags: tags.map(str::to_owned).collect(),
    }
}

/// An object with its keys in alphabetical order, as Jupyter writes them.
fn sorted(object: Map<String, Value>) -> Map<String, Value> {
    let mut entries: Vec<_> = object
        .into_iter()
        .map(|(key, value)| (key, sorted_value(value)))
        .collect();
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    entries.into_iter().collect()
}

fn sorted_value(value: Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(sorted(object)),
        Value::Array(items) => items.into_iter().map(sorted_value).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use serde_json::json;
    use std::path::Path;

    /// As Jupyter writes it, with keys that no format knows, in an order that is not alphabetical.
    const TEXT: &str = r##"{
 "nbformat": 4,
 "nbformat_minor": 5,
 "metadata": {
  "zeta": 1.5,
  "kernelspec": {
   "display_name": "Rust (dsprep)",
   "language": "rust",
   "name": "dsprep"
  },
  "unknown": {},
  "empty": []
 },
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a1",
   "metadata": {},
   "source": "# Größe \\ \"π\"\n"
  },
  {
   "cell_type": "code",
   "execution_count": 7,
   "id": "a2",
   "metadata": {
    "execution": {
     "iopub.status.busy": "2026-01-01T00:00:00Z"
    },
    "slideshow": {
     "slide_type": "slide"
    },
    "tags": [
     "raises-exception"
    ]
   },
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "\u001b[31mold\u001b[0m\n"
     ]
    }
   ],
   "source": [
    "let a = 1;\n",
    "a"
   ]
  }
 ]
}
"##;

    fn notebook() -> Result<Notebook> {
        Notebook::parse(Path::new("a.ipynb"), TEXT.as_bytes())
    }

    #[test]
    fn reading_and_writing_changes_no_byte() -> Result<()> {
        assert_eq!(String::from_utf8_lossy(&notebook()?.to_bytes()), TEXT);
        Ok(())
    }

    #[test]
    fn code_cells_are_told_with_their_place_and_tags() -> Result<()> {
        let cells = notebook()?.code_cells();
        let [cell] = cells.as_slice() else {
            panic!("{cells:?}")
        };
        assert_eq!(cell.position, 1);
        assert_eq!(cell.id.as_deref(), Some("a2"));
        assert_eq!(cell.source, "let a = 1;\na");
        assert!(cell.has_tag("raises-exception"));
        Ok(())
    }

    #[test]
    fn new_outputs_change_nothing_but_the_outputs_the_count_and_the_times() -> Result<()> {
        let mut notebook = notebook()?;
        let stream = json!({"output_type": "stream", "name": "stdout", "text": "new\n"});
        notebook.set_outputs(1, Some(1), vec![stream]);
        let times =
            "    \"execution\": {\n     \"iopub.status.busy\": \"2026-01-01T00:00:00Z\"\n    },\n";
        let expected = TEXT
            .replace("\\u001b[31mold\\u001b[0m", "new")
            .replace("\"execution_count\": 7", "\"execution_count\": 1")
            .replace(times, "");
        assert_eq!(String::from_utf8_lossy(&notebook.to_bytes()), expected);
        Ok(())
    }

    #[test]
    fn the_language_is_that_of_the_kernelspec() -> Result<()> {
        assert_eq!(notebook()?.language(), Some("rust"));
        Ok(())
    }
}
