//! What others may know of a notebook and its cells.

use super::json::Json;
use serde_json::Value;

/// Where half of a character stands in a file (a lone surrogate): JSON allows it, and it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Half {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
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
    /// Its metadata, as far as `serde_json` can hold them.
    pub metadata: Value,
}

/// What a notebook says about the kernel that it was written for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenFor {
    /// The language.
    pub language: Option<String>,
    /// The name of the kernelspec.
    pub kernel: Option<String>,
}

impl Cell {
    /// Whether the cell carries `tag`.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }
}

/// The cell at `position`, to be read.
pub(super) fn read_only(position: usize, cell: &Json) -> Cell {
    let metadata = cell.get("metadata").map_or(Value::Null, Json::value);
    let tags = metadata["tags"].as_array();
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    let source = match cell.get("source") {
        Some(Json::List(lines)) => lines.iter().filter_map(Json::text).collect(),
        Some(text) => text.text().unwrap_or_default(),
        None => String::new(),
    };
    Cell {
        position,
        id: cell.get("id").and_then(Json::text),
        source,
        tags: tags.map(str::to_owned).collect(),
        metadata,
    }
}
