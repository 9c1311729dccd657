//! `dsprep fmt`: rustfmt for the code cells of notebooks.
//!
//! - [`cell`]: one cell.

mod cell;

use crate::error::{Error, Result};
use crate::notebook::{Notebook, Written, replace};
use crate::runner::search;
use crate::terminal::one_line;
use cell::Formatter;
use clap::Args;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Format the Rust in notebooks as rustfmt does.
///
/// Commands (`:dep`, `!ls`), cells that are no whole Rust yet, and cells with the tag `skip-format` stay as they are,
/// and so do outputs and everything else in the file. A rustfmt.toml beside a notebook or above it is heeded.
///
/// The exit code is 0; with --check 1 if a cell is not formatted; 2 if a file can't be read or written.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FmtArgs {
    /// Notebooks, folders and patterns
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Change nothing, and say which cells are not formatted
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  dsprep fmt notebooks/q16_sql_joins.ipynb
  dsprep fmt --check notebooks              for CI";

/// Formats the notebooks.
///
/// # Errors
/// If one can't be read or written, is none, or if there is no rustfmt.
pub fn run(args: &FmtArgs) -> Result<ExitCode> {
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(search::find(path, &[], None)?);
    }
    let formatter = Formatter::find()?;
    let mut found = false;
    for file in files {
        let changed = format(&file, &formatter, args.check)?;
        if changed.is_empty() {
            continue;
        }
        found = true;
        let name = one_line(&file.display().to_string());
        let cells: Vec<String> = changed.iter().map(usize::to_string).collect();
        let word = if changed.len() == 1 { "cell" } else { "cells" };
        let did = if args.check {
            "not formatted"
        } else {
            "formatted"
        };
        // Whoever closed standard output does not want to know.
        let _ = writeln!(
            std::io::stdout(),
            "{name}: {word} {} {did}",
            cells.join(", ")
        );
    }
    Ok(ExitCode::from(u8::from(found && args.check)))
}

/// Formats one file; gives the numbers of the cells that differ, counted from 1 among all cells.
fn format(file: &Path, formatter: &Formatter, check: bool) -> Result<Vec<usize>> {
    let bytes = fs::read(file).map_err(Error::file("read", file))?;
    let mut notebook = Notebook::parse(file, &bytes)?;
    let language = notebook.written_for().language;
    if language.is_some_and(|language| !language.eq_ignore_ascii_case("rust")) {
        return Ok(Vec::new());
    }
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    let mut changed = Vec::new();
    for cell in notebook.code_cells() {
        if cell.has_tag("skip-format") {
            continue;
        }
        let formatted = formatter.format(&cell.source, folder.unwrap_or(Path::new(".")))?;
        if let Some(source) = formatted.filter(|it| *it != cell.source) {
            notebook.set_source(cell.position, &source);
            changed.push(cell.position + 1);
        }
    }
    if !check && !changed.is_empty() {
        let _: Written = replace(file, &notebook.to_bytes())?;
    }
    Ok(changed)
}
