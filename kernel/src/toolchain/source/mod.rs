//! The source of a cell as the compiler gets it.
//!
//! Each cell's text lies in a file of its own that the crate includes, with everything else in it blank, so the
//! places in errors, panics, `dbg!` and `line!()` are the places in the cell:
//!
//! | file | what it holds |
//! |---|---|
//! | `lib.rs` | macros, the function that runs the cell, and what takes variables out of the store and puts them back |
//! | `cell 3` | the items that cell 3 has defined |
//! | `cell` | the statements of the cell that runs, and what keeps its new variables |
//!
//! Macros stand in the crate's own file because a macro from an included file may not shadow one of the standard
//! library. Names of ours start with `dsprep`; paths are absolute, so that a notebook may have a `Vec`, an `Ok` or
//! a module `std` of its own.
//!
//! - `body`: the statements, and what keeps the new variables.
//! - `function`: the function that runs the cell.
//! - `told`: how results and errors are shown.

mod body;
mod function;
mod told;

use super::plan::{Build, CellLine, Edit, LeftOut, Plan, Put, Shift};
use super::text::render;
use super::types::VariableTypes;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

/// The crate's own file.
pub const CRATE_FILE: &str = "lib.rs";
/// The file with the statements of the cell that runs.
pub const BODY_FILE: &str = "cell";

/// The function that runs the cell.
pub const CELL_FUNCTION: &str = "dsprep_run_cell";

/// The type of what a `?` in the cell turns any error into.
const FAILURE: &str = "DsprepFailure";

/// What stands before the result of a cell.
pub const SHOW: &str = "dsprep_show!(";
/// The start of what stands before a statement, to tell its line.
pub const MARK: &str = "::dsprep_core::cell::at_line(";

/// Warnings are not shown. Of what is an error in a program, code that can only panic may run here and show it.
const LINTS: &str = "#![allow(warnings, arithmetic_overflow, let_underscore_lock, static_mut_refs, unconditional_panic)]";
/// How an attribute begins that makes an error of a warning.
const LINT_LEVELS: [&str; 3] = ["#![deny", "#![forbid", "#![warn"];

/// The file with the items of cell `label`.
pub fn item_file(label: u32) -> String {
    format!("cell {label}")
}

/// What an earlier run of the compiler showed has to be different.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Items of earlier cells that do not compile any more.
    pub left_out: HashSet<u32>,
    /// Variables that can't be put back, as the cell moves them away.
    pub moved: HashSet<String>,
    /// Whether the cell turns errors into its own by a `?` that is not in its text, but in that of a macro.
    pub tells_errors: bool,
    /// Variables that are kept in a box, by the number of their definition, with the type of the box.
    pub boxed: BTreeMap<u32, String>,
}

/// The source of one cell.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The files by name.
    pub files: Vec<(String, String)>,
    /// Which lines of the crate's own file hold lines of cells.
    pub lines: Vec<CellLine>,
    /// What was put into the cell's own lines.
    pub shifts: Vec<Shift>,
    /// The lines that keep a variable.
    pub puts: Vec<Put>,
    /// Whether it holds what a `?` calls.
    pub tells_errors: bool,
}

/// Whether the statements of a cell may turn an error into the cell's own, as far as its text and the notebook's macros
/// tell.
fn may_meet_errors(plan: &Plan) -> bool {
    let macros = plan.head.iter().map(|item| item.text.as_str());
    let mut texts = macros.chain([plan.body.code.as_str()]);
    texts.any(|text| {
        ["?", "Err", "into", "from"]
            .iter()
            .any(|it| text.contains(it))
    })
}

/// The source for evcxr's own trial at its start, which knows no cell.
pub fn of_trial(function: &str) -> Source {
    let text = format!(
        "#[unsafe(no_mangle)]\npub extern \"C\" fn {function}(store: *mut u8) -> *mut u8 {{ store }}\n"
    );
    Source {
        files: vec![(CRATE_FILE.to_owned(), text)],
        ..Source::default()
    }
}

/// The source of the cell that `plan` describes, as the function [`CELL_FUNCTION`].
///
/// Two cells that do the same have the same source, whatever ran before them: nothing in it counts cells or
/// definitions, but for the names of the files with items and what tells types of the same name apart.
pub fn of_cell(plan: &Plan, types: &VariableTypes, findings: &Findings) -> Source {
    let mut source = Source::default();
    let body = source.body(plan, findings);
    let mut file = source.crate_head(plan, findings);
    for items in &plan.files {
        let kept = items.kept.iter();
        let kept: Vec<_> = kept
            .filter(|kept| !findings.left_out.contains(&kept.id))
            .map(|kept| kept.range.clone())
            .collect();
        if kept.is_empty() {
            continue;
        }
        let inside = |edit: &&Edit| {
            kept.iter()
                .any(|range| range.start <= edit.range.start && edit.range.end <= range.end)
        };
        let edits: Vec<Edit> = items.edits.iter().filter(inside).cloned().collect();
        let (text, shifts) = render(&items.code, &kept, &edits);
        let name = item_file(items.label);
        source.shifts.extend(shifts.into_iter().map(|shift| Shift {
            file: name.clone(),
            ..shift
        }));
        file.line(&format!("::std::include!({name:?});"));
        source.files.push((name, text));
    }
    source.function(&mut file, plan, types, findings);
    // Last, so that no line is another one for it.
    source.tells_errors = findings.tells_errors || may_meet_errors(plan);
    for line in told::errors(&plan.options, source.tells_errors).lines() {
        file.line(line);
    }
    source.files.push((BODY_FILE.to_owned(), body));
    source.files.push((CRATE_FILE.to_owned(), file.text));
    source
}

/// A file that is written line by line.
#[derive(Default)]
struct File {
    text: String,
    lines: usize,
}

impl File {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.lines += 1 + text.matches('\n').count();
    }
}

impl Source {
    /// Whether it may name libraries that the core does not hold: by `#[link]`, or by `extern crate`.
    pub fn may_name_libraries(&self) -> bool {
        let names = |text: &String| text.contains("link") || text.contains("crate ");
        self.files.iter().any(|(_, text)| names(text))
    }

    /// Whether it uses tables of polars: it takes a variable of one of their types, or asks for a query.
    pub fn uses_tables(&self) -> bool {
        let names = |text: &String| text.contains("polars") || text.contains("lazy");
        self.files.iter().any(|(_, text)| names(text))
    }

    /// Whether these errors are that it does not hold what a `?` calls.
    pub fn wants_errors_told(&self, errors: &[Value]) -> bool {
        let is_about_failure = |error: &Value| error.to_string().contains(FAILURE);
        !self.tells_errors && errors.iter().any(is_about_failure)
    }

    /// What a run of the compiler on it came to, as far as that is known before.
    pub fn build(&self, findings: &Findings, left_out: Vec<LeftOut>) -> Build {
        Build {
            runs: true,
            lines: self.lines.clone(),
            shifts: self.shifts.clone(),
            puts: self.puts.clone(),
            moved: findings.moved.iter().cloned().collect(),
            left_out,
            ..Build::default()
        }
    }

    /// What has to stand in the crate's own file before the items.
    fn crate_head(&mut self, plan: &Plan, findings: &Findings) -> File {
        let mut file = File::default();
        file.line(LINTS);
        file.line("#![feature(specialization, decl_macro)]");
        // What is written around the cells would not pass every check.
        let is_lint = |text: &&String| LINT_LEVELS.iter().any(|level| text.starts_with(level));
        for attribute in plan.attributes.iter().filter(|it| !is_lint(it)) {
            file.line(&attribute.replace('\n', " "));
        }
        let head = plan.head.iter();
        for item in head.filter(|item| !findings.left_out.contains(&item.id)) {
            for (offset, _) in item.text.lines().enumerate() {
                self.lines.push(CellLine {
                    generated: file.lines + offset + 1,
                    label: item.label,
                    line: item.line + offset,
                    indent: if offset == 0 { item.indent } else { 0 },
                });
            }
            file.line(&item.text);
        }
        file.line(&told::results(&plan.options));
        for (index, (name, times)) in plan.versions.iter().enumerate() {
            // A hygienic type of the same name and place takes the identity that the earlier version had.
            let name = crate::toolchain::plan::ident(name);
            let mut text = format!("macro dsprep_version_{index}() {{ struct {name}; }} ");
            for _ in 0..*times {
                let _ = write!(text, "dsprep_version_{index}!(); ");
            }
            file.line(&text);
        }
        file
    }
}
