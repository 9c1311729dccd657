//! Notebook files (nbformat 4): reading and writing them without losing anything.
//!
//! A [`Notebook`] keeps the JSON document as it was read, with unknown keys, the order of the known ones, the digits
//! of numbers and the spelling of texts ([`json`]); only what a run changes (outputs, execution counts, and when a
//! cell ran) is replaced. It is written as Jupyter writes it, so that the file differs from the source in nothing
//! else.

mod cell;
mod json;
#[cfg(test)]
mod kept;
mod lines;
mod outputs;
mod place;
mod read;
mod recognise;
mod script;
mod write;

pub use cell::{Cell, Half, WrittenFor};
pub use json::Json;
pub use lines::joined;
pub use outputs::normalised;
pub use place::replace_in_folder;
pub use write::{Written, replace};

use cell::read_only;
use serde_json::{Map, Value};
use std::time::Duration;

/// JSON that `serde_json` may refuse, with a sign in the place of what it can't hold.
pub fn lenient(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (document, _) = json::parse_noting_halves(text).ok()?;
    Some(document.value())
}

/// A notebook: its JSON document, checked to be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Notebook {
    document: Json,
    half: Option<Half>,
}

/// Keys of a cell's metadata under which its times are kept, and those keys below `execution` that are times.
const TIMES: [&str; 2] = ["execution", "ExecuteTime"];
const MOMENTS: [&str; 2] = ["iopub.", "shell."];

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
            .filter(|(_, cell)| cell.get("cell_type").is_some_and(|own| own.is_text(kind)))
            .map(|(position, cell)| read_only(position, cell))
            .collect()
    }

    /// The outputs that are stored in the cell at `position`.
    pub fn outputs(&self, position: usize) -> Vec<Value> {
        let outputs = self
            .cells()
            .get(position)
            .and_then(|cell| cell.get("outputs"));
        let outputs = outputs.and_then(Json::list).unwrap_or_default();
        outputs.iter().map(Json::value).collect()
    }

    /// When the cell at `position` ran, counted from 1; none if it did not.
    pub fn execution_count(&self, position: usize) -> Option<usize> {
        let count = self
            .cells()
            .get(position)?
            .get("execution_count")?
            .whole()?;
        usize::try_from(count).ok()
    }

    /// How many cells there are, of all kinds.
    pub fn len(&self) -> usize {
        self.cells().len()
    }

    /// Where half of a character stands in the file, if one does.
    pub fn half(&self) -> Option<Half> {
        self.half
    }

    /// What the metadata say about language and kernel. Empty texts say nothing.
    pub fn written_for(&self) -> WrittenFor {
        let named = |path: [&str; 3]| {
            let text = self.document.at(&path).and_then(Json::text);
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        WrittenFor {
            language: named(["metadata", "kernelspec", "language"])
                .or_else(|| named(["metadata", "language_info", "name"])),
            kernel: named(["metadata", "kernelspec", "name"])
                .or_else(|| named(["metadata", "kernelspec", "display_name"])),
        }
    }

    /// Gives the cell at `position` another source, as one text or in lines, as it was.
    pub fn set_source(&mut self, position: usize, source: &str) {
        let Some(Json::List(cells)) = self.document.get_mut("cells") else {
            return;
        };
        let Some(cell) = cells.get_mut(position) else {
            return;
        };
        let lines = lines::split(source).into_iter().map(Json::from);
        let source = match cell.get("source") {
            Some(Json::List(_)) | None => Json::List(lines.collect()),
            Some(_) => source.into(),
        };
        cell.set("source", source);
    }

    /// Replaces the outputs of the cell at `position`, and forgets when the cell ran.
    ///
    /// The outputs are those of Jupyter's messages; they are brought to the form that files have.
    pub fn set_outputs(&mut self, position: usize, count: Option<usize>, outputs: Vec<Value>) {
        let outputs = normalised(outputs, count).into_iter().map(Json::from);
        self.put(position, count, Json::List(outputs.collect()));
    }

    /// Gives the cell at `position` the outputs that `stored` has there, as they are written there, and the number
    /// `count`.
    pub fn keep_outputs(&mut self, position: usize, count: Option<usize>, stored: &Notebook) {
        let kept = stored
            .cells()
            .get(position)
            .and_then(|cell| cell.get("outputs"));
        let mut kept = kept.cloned().unwrap_or(Json::List(Vec::new()));
        if let Json::List(outputs) = &mut kept {
            for output in outputs {
                let is_result = output
                    .get("output_type")
                    .is_some_and(|kind| kind.is_text("execute_result"));
                if is_result
                    && output.get("execution_count").map(Json::whole)
                        != Some(count.map(|count| count as u64))
                {
                    output.set("execution_count", counted(count));
                }
            }
        }
        self.put(position, count, kept);
    }

    fn put(&mut self, position: usize, count: Option<usize>, outputs: Json) {
        let cells = self.document.get_mut("cells");
        let Some(Json::List(cells)) = cells else {
            return;
        };
        let Some(cell) = cells.get_mut(position) else {
            return;
        };
        let same_count = cell.get("execution_count").is_some_and(|own| match count {
            Some(count) => own.whole() == Some(count as u64),
            None => *own == Json::Null,
        });
        if !same_count {
            cell.set("execution_count", counted(count));
        }
        cell.set("outputs", outputs);
        if count.is_some()
            && let Some(metadata) = cell.get_mut("metadata")
        {
            forget_times(metadata);
        }
    }

    /// How long a cell may take, if the notebook's metadata say so.
    pub fn timeout(&self) -> Option<Duration> {
        let seconds = self
            .document
            .at(&["metadata", "execution", "timeout"])?
            .number()?;
        Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|time| !time.is_zero())
    }

    /// Whether cells may end in errors, as the notebook's metadata say.
    pub fn allows_errors(&self) -> bool {
        let allows = self.document.at(&["metadata", "execution", "allow_errors"]);
        allows == Some(&Json::Bool(true))
    }

    /// The tags of the notebook as a whole.
    pub fn tags(&self) -> Vec<String> {
        let tags = self.document.at(&["metadata", "tags"]).and_then(Json::list);
        tags.unwrap_or_default()
            .iter()
            .filter_map(Json::text)
            .collect()
    }

    /// Puts a code cell with one tag before the cell at `position`.
    pub fn insert_code_cell(&mut self, position: usize, source: &str, tag: &str) {
        let ids = self.cells().iter().any(|cell| cell.get("id").is_some());
        let lines = lines::split(source).into_iter().map(Json::from);
        let mut cell = Json::Object(Vec::new());
        cell.set("cell_type", "code".into());
        cell.set("execution_count", Json::Null);
        if ids {
            cell.set("id", tag.into());
        }
        let mut metadata = Json::Object(Vec::new());
        metadata.set("tags", Json::List(vec![tag.into()]));
        cell.set("metadata", metadata);
        cell.set("outputs", Json::List(Vec::new()));
        cell.set("source", Json::List(lines.collect()));
        if let Some(Json::List(cells)) = self.document.get_mut("cells") {
            cells.insert(position.min(cells.len()), cell);
        }
    }

    /// The file's content: indented by one space, other alphabets as they are, one line end at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.document.to_bytes()
    }

    /// The document as `serde_json` holds it: for showing, not for writing.
    pub fn value(&self) -> Value {
        self.document.value()
    }

    fn cells(&self) -> &[Json] {
        let cells = self.document.get("cells").and_then(Json::list);
        cells.unwrap_or_default()
    }
}

fn counted(count: Option<usize>) -> Json {
    count.map_or(Json::Null, Json::from)
}

/// Takes the times of an earlier run out of a cell's metadata, and nothing else: under `execution` others keep
/// settings, such as a time limit.
fn forget_times(metadata: &mut Json) {
    for key in TIMES {
        let Some(Json::Object(entries)) = metadata.get_mut(key) else {
            continue;
        };
        let before = entries.len();
        if key == "execution" {
            entries.retain(|(name, _)| {
                let name = name.decoded();
                !MOMENTS.iter().any(|start| name.starts_with(start))
            });
        } else {
            entries.clear();
        }
        if entries.is_empty() && before > 0 {
            metadata.remove(key);
        }
    }
}

fn is_code(cell: &Json) -> bool {
    cell.get("cell_type")
        .is_some_and(|kind| kind.is_text("code"))
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
        let written_for = notebook()?.written_for();
        assert_eq!(written_for.language.as_deref(), Some("rust"));
        assert_eq!(written_for.kernel.as_deref(), Some("dsprep"));
        Ok(())
    }
}
