//! A cell as the front hands it to the stand-in for cargo: all that its source is made of.
//!
//! The front knows what the notebook has defined; evcxr is handed a cell that does nothing. What is compiled in
//! its place is written by [`super::source`] from this plan.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// All that the source of one cell is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The number of the cell.
    pub label: u32,
    /// Attributes of the whole crate, `#![…]`.
    pub attributes: Vec<String>,
    /// Items that have to stand in the crate's own file: macros, and crates by `extern crate`.
    pub head: Vec<HeadItem>,
    /// How many earlier versions each type has had whose values may still be somewhere: the compiler then gives
    /// it an identity of its own.
    pub versions: Vec<(String, u32)>,
    /// The items of each cell.
    pub files: Vec<ItemFile>,
    /// The cell's statements.
    pub body: Body,
    /// The variables of earlier cells that the cell mentions.
    pub takes: Vec<Variable>,
    /// The variables that the cell defines.
    pub defines: Vec<Variable>,
    /// Settings of the notebook.
    pub options: Options,
    /// Whether the cell is no Rust: it is compiled for its errors only.
    pub broken: bool,
}

/// An item in the crate's own file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadItem {
    /// Its number in the notebook.
    pub id: u32,
    /// The cell that defined it.
    pub label: u32,
    /// The line of that cell on which it starts.
    pub line: usize,
    /// How many characters of that line stand before it.
    pub indent: usize,
    /// Its source.
    pub text: String,
}

/// The items of one cell, at the places where they stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFile {
    /// The number of the cell.
    pub label: u32,
    /// The whole cell.
    pub code: String,
    /// What of it is compiled.
    pub kept: Vec<Kept>,
    /// What is changed in it.
    pub edits: Vec<Edit>,
    /// Whether it defines statics that later cells are to find.
    pub exports: bool,
}

/// A part of a cell that is compiled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The number of the item.
    pub id: u32,
    /// Where it stands in the cell, in bytes.
    pub range: Range<usize>,
}

/// A replacement of some text of a cell. It holds as many line ends as what it replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced, in bytes; empty for an insertion.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
}

/// The statements of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The whole cell.
    pub code: String,
    /// What of it is compiled as statements.
    pub kept: Vec<Range<usize>>,
    /// What is changed in it.
    pub edits: Vec<Edit>,
    /// Where the last expression stands, the result of the cell.
    pub result: Option<Range<usize>>,
    /// The line of the first statement.
    pub first_line: usize,
}

/// A variable of the notebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name, without `r#`.
    pub name: String,
    /// Whether it can be changed.
    pub mutable: bool,
    /// The number of its definition, by which [`super::types::VariableTypes`] knows its type.
    pub id: u32,
}

impl Variable {
    /// The name as source has to write it.
    pub fn ident(&self) -> String {
        ident(&self.name)
    }
}

/// `name` as source has to write it: a keyword as a raw identifier.
pub fn ident(name: &str) -> String {
    use ra_ap_syntax::{Edition, SyntaxKind};
    let keyword = SyntaxKind::from_keyword(name, Edition::Edition2024).is_some();
    if keyword && !matches!(name, "self" | "Self" | "super" | "crate") {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// Settings that commands change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The format of results that have no richer one, if it was set: `{:?}`, `{:#?}` or `{}`.
    pub format: Option<String>,
    /// The format of errors that end a cell, if it was set.
    pub error_format: Option<String>,
    /// Whether results are shown with their types.
    pub types: bool,
    /// Whether variables outlive a panic.
    pub catch: bool,
    /// Whether the cell waits for futures.
    pub awaits: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            format: None,
            error_format: None,
            types: false,
            catch: true,
            awaits: false,
        }
    }
}

/// What the last compilation of a cell came to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Build {
    /// Whether it succeeded.
    pub success: bool,
    /// Whether there is anything to run.
    #[serde(default)]
    pub runs: bool,
    /// Whether the cell was compiled before, and taken from the cache.
    #[serde(default)]
    pub cached: bool,
    /// The compiler's errors, as rustc wrote them in JSON.
    pub errors: Vec<serde_json::Value>,
    /// Which lines of the crate's own file hold lines of cells.
    #[serde(default)]
    pub lines: Vec<CellLine>,
    /// How many characters were put before what stands on a line of the cell.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// The lines with which the cell keeps its variables.
    #[serde(default)]
    pub puts: Vec<Put>,
    /// Items of earlier cells that do not compile any more, and were left out.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Variables that the cell moved away.
    #[serde(default)]
    pub moved: Vec<String>,
    /// A variable that can't be kept, and what to do about it.
    #[serde(default)]
    pub unnameable: Option<String>,
}

/// A line of the generated source that holds one of a cell's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellLine {
    /// The number of the line in the generated source, counted from 1.
    pub generated: usize,
    /// The number of the cell.
    pub label: u32,
    /// The number of the line in the cell, counted from 1.
    pub line: usize,
    /// How many characters stand before it on the cell's line.
    pub indent: usize,
}

/// Something that was put into a line of the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// The file.
    #[serde(default)]
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in the generated line behind what was put there, counted from 1.
    pub from: usize,
    /// How many characters it has.
    pub by: usize,
}

/// A line that keeps a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Put {
    /// The file that it stands in.
    pub file: String,
    /// Its number there, counted from 1.
    pub line: usize,
    /// The variable.
    pub name: String,
}

/// An item that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its number in the notebook.
    pub id: u32,
    /// What is wrong with it now.
    pub message: String,
}
