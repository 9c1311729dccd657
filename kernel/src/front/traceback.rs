//! Errors as readers see them: with the cell's own lines, in colour.

use super::prepared::{Cell, Refusal};
use super::rendered::{Lines, rendered_lines};
use super::syntax::SyntaxError;
use super::told;
use crate::toolchain::diagnostics::{code_of, is_about_result};
use crate::toolchain::plan::Build;
use crate::toolchain::source::{BODY_FILE, item_file};
use serde_json::Value;

/// What went wrong in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// The kind of error: the compiler's code, `panic`, `interrupted`, …
    pub name: String,
    /// One line that says what is wrong.
    pub value: String,
    /// The whole story, line by line, with colours.
    pub traceback: Vec<String>,
}

/// A red and a blue that can be read on JupyterLab's background of errors in both themes, at a contrast of 3: its own bright red and
/// blue, which bold text gets, are at 1.8 and 2.0 in the dark one.
pub(super) const RED: &str = "\u{1b}[1;38;5;197m";
pub(super) const BLUE: &str = "\u{1b}[1;38;5;32m";
pub(super) const BOLD: &str = "\u{1b}[1m";
pub(super) const PLAIN: &str = "\u{1b}[0m";

impl CellError {
    /// An error with nothing to show but its message.
    pub fn new(name: &str, value: impl Into<String>) -> CellError {
        let value = value.into();
        let traceback = value.lines().enumerate().map(|(index, line)| match index {
            0 => format!("{RED}{name}{PLAIN}: {BOLD}{line}{PLAIN}"),
            _ => line.to_owned(),
        });
        CellError {
            name: name.to_owned(),
            traceback: traceback.collect(),
            value,
        }
    }

    /// The errors that the compiler found in the cell; nothing if it found none.
    pub fn from_build(build: &Build, cell: &Cell) -> Option<CellError> {
        if let Some(refusal) = &build.unnameable {
            return Some(CellError::new("error", refusal));
        }
        if let Some(borrowed) = told::borrowed(build, cell) {
            return Some(borrowed);
        }
        if let Some(result) = build.errors.iter().find(|error| is_about_result(error)) {
            let others = build.errors.iter().any(|error| !is_about_result(error));
            if !others {
                return Some(told::of_result(result, cell));
            }
        }
        if let Some(unknown) = told::unknown(build, cell) {
            return Some(unknown);
        }
        let errors: Vec<&Value> = build
            .errors
            .iter()
            .filter(|it| !is_about_result(it))
            .collect();
        let lines = Lines::of(build, cell);
        let in_cell: Vec<&Value> = errors
            .iter()
            .copied()
            .filter(|error| lines.shows(error))
            .collect();
        if let Some(error) = cell.syntax.as_ref().filter(|_| in_cell.is_empty()) {
            return Some(CellError::in_syntax(error, &cell.code));
        }
        let first = in_cell.first().or(errors.first())?;
        let message = told::message(
            first["message"]
                .as_str()
                .unwrap_or("the cell does not compile"),
        );
        let name = match code_of(first) {
            "" => "error",
            code => code,
        };
        let mut error = CellError::new(name, message);
        if !in_cell.is_empty() {
            error.traceback.clear();
        }
        // An error outside of the cells shows code that its reader did not write: its message has to do.
        for error_in_cell in &in_cell {
            let rendered = error_in_cell["rendered"].as_str().unwrap_or_default();
            error.traceback.extend(rendered_lines(rendered, &lines));
        }
        let mut hints: Vec<String> = Vec::new();
        for hint in errors.iter().flat_map(|error| told::hints(error, cell)) {
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        error
            .traceback
            .extend(hints.iter().map(|hint| format!("{BOLD}{hint}{PLAIN}")));
        Some(error)
    }

    /// Why the cell can't run.
    pub fn from_refusal(refusal: &Refusal, code: &str) -> CellError {
        match refusal {
            Refusal::Syntax(error) => CellError::in_syntax(error, code),
            Refusal::Command(line, why) => {
                let mut told = CellError::new("error", why.clone());
                told.traceback.extend(excerpt(code, *line));
                told
            }
        }
    }

    /// An error in the syntax of the cell.
    pub fn in_syntax(error: &SyntaxError, code: &str) -> CellError {
        let mut told = CellError::new("error", error.message.clone());
        told.traceback.extend(excerpt(code, error.line));
        told
    }

    /// A panic or a failed `?`, at the place that the frame names.
    pub fn at_place(name: &str, frame: &Value, cell: &Cell) -> CellError {
        let message = frame["message"].as_str().unwrap_or("no message");
        let mut error = CellError::new(name, message);
        let number = |key: &str| frame[key].as_u64().and_then(|it| usize::try_from(it).ok());
        let file = frame["file"].as_str().unwrap_or_default();
        let line = number("line").unwrap_or(0);
        let of_cell = file
            .strip_prefix(&format!("{BODY_FILE} "))
            .and_then(|label| label.parse::<u32>().ok());
        let own = file == BODY_FILE || file == item_file(cell.label);
        let calling = number("cell_line").filter(|line| *line > 0);
        if own {
            error.traceback.extend(excerpt(&cell.code, line));
        } else if let Some(label) = of_cell {
            let place = format!("{BLUE}-->{PLAIN} cell [{label}], line {line}");
            error.traceback.push(place);
            if let Some(code) = cell.source_of(label) {
                error.traceback.extend(excerpt(code, line));
            }
            error.traceback.extend(called_from(&cell.code, calling));
        } else if !file.is_empty() {
            error
                .traceback
                .push(format!("{BLUE}-->{PLAIN} {}:{line}", short_path(file)));
            error.traceback.extend(called_from(&cell.code, calling));
        }
        error
    }
}

/// The line of the cell that called what failed.
fn called_from(code: &str, line: Option<usize>) -> Vec<String> {
    let Some(line) = line else {
        return Vec::new();
    };
    let mut lines = vec![format!(
        "{BLUE}-->{PLAIN} called from line {line} of this cell"
    )];
    lines.extend(excerpt(code, line));
    lines
}

/// The line of the cell and its neighbours, the line itself marked.
pub(super) fn excerpt(code: &str, line: usize) -> Vec<String> {
    let numbered = code
        .lines()
        .enumerate()
        .map(|(index, text)| (index + 1, text));
    let near = numbered.filter(|(number, _)| number.abs_diff(line) <= 1);
    near.map(|(number, text)| {
        let (mark, colour) = if number == line {
            ("-->", RED)
        } else {
            ("   ", PLAIN)
        };
        format!("{colour}{mark}{PLAIN} {BLUE}{number:>3} |{PLAIN} {text}")
    })
    .collect()
}

/// A source path from the crate's name on.
pub(super) fn short_path(file: &str) -> &str {
    let after = |mark: &str| file.split_once(mark).map(|(_, rest)| rest);
    let registry = after("/registry/src/")
        .and_then(|rest| rest.split_once('/'))
        .map(|(_, rest)| rest);
    registry.or_else(|| after("/library/")).unwrap_or(file)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    pub fn without_colours(lines: &[String]) -> String {
        let mut text = lines.join("\n");
        for colour in [RED, BLUE, BOLD, PLAIN] {
            text = text.replace(colour, "");
        }
        text
    }

    fn cell(code: &str) -> Cell {
        Cell {
            label: 4,
            code: code.to_owned(),
            earlier: [(2, "fn f() {\n    panic!()\n}".to_owned())].into(),
            ..Cell::default()
        }
    }

    #[test]
    fn a_panic_shows_where_in_the_cell_it_was() {
        let frame = json!({"message": "no value", "file": "cell", "line": 2, "column": 5});
        let error = CellError::at_place("panic", &frame, &cell("let a = 1;\nf();\nb"));
        insta::assert_snapshot!(without_colours(&error.traceback), @r"
        panic: no value
              1 | let a = 1;
        -->   2 | f();
              3 | b
        ");
    }

    #[test]
    fn a_panic_in_an_earlier_cell_shows_both_places() {
        let frame = json!({"message": "m", "file": "cell 2", "line": 2, "cell_line": 1});
        let error = CellError::at_place("panic", &frame, &cell("f()"));
        insta::assert_snapshot!(without_colours(&error.traceback), @r"
        panic: m
        --> cell [2], line 2
              1 | fn f() {
        -->   2 |     panic!()
              3 | }
        --> called from line 1 of this cell
        -->   1 | f()
        ");
    }

    #[test]
    fn a_panic_in_a_library_shows_the_line_of_the_cell() {
        let file = "/home/a/.cargo/registry/src/index/ndarray-0.17.2/src/linalg.rs";
        let frame = json!({"message": "m", "file": file, "line": 78, "cell_line": 2});
        let error = CellError::at_place("panic", &frame, &cell("let a = 1;\na.dot(&b)"));
        insta::assert_snapshot!(without_colours(&error.traceback), @r"
        panic: m
        --> ndarray-0.17.2/src/linalg.rs:78
        --> called from line 2 of this cell
              1 | let a = 1;
        -->   2 | a.dot(&b)
        ");
    }
}
