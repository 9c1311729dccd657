//! Errors as readers see them: with the cell's own lines, in colour.

use super::cell::SyntaxError;
use crate::toolchain::session::{Build, CellLine};
use serde_json::Value;
use std::collections::HashMap;

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

/// The lines of the cell, by their numbers in the generated source.
type Lines = HashMap<usize, CellLine>;

const RED: &str = "\u{1b}[1;31m";
const BLUE: &str = "\u{1b}[1;34m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

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
    ///
    /// `hint` is evcxr's own word on the first of them, shown where rustc did not say the same.
    ///
    /// An error in the `syntax` is told in our words where rustc places it into the code around the cell.
    pub fn from_build(
        build: &Build,
        hint: Option<&str>,
        syntax: Option<(&SyntaxError, &str)>,
    ) -> Option<CellError> {
        let errors: Vec<&Value> = build
            .errors
            .iter()
            .filter(|error| !is_summary(error))
            .collect();
        let lines: Lines = build.lines.iter().map(|at| (at.generated, *at)).collect();
        let in_cell: Vec<&Value> = errors
            .iter()
            .copied()
            .filter(|error| touches(error, &lines))
            .collect();
        if let Some((error, code)) = syntax.filter(|_| in_cell.is_empty()) {
            return Some(CellError::in_syntax(error, code));
        }
        let first = in_cell.first().or(errors.first())?;
        let message = first["message"]
            .as_str()
            .unwrap_or("the cell does not compile");
        let name = first["code"]["code"].as_str().unwrap_or("error");
        let mut error = CellError::new(name, message);
        if !in_cell.is_empty() {
            error.traceback.clear();
        }
        // An error outside of the cell shows code that its reader did not write: its message has to do.
        for error_in_cell in in_cell {
            let rendered = error_in_cell["rendered"].as_str().unwrap_or(message);
            error.traceback.extend(rendered_lines(rendered, &lines));
        }
        if let Some(hint) = hint.filter(|hint| *hint != message) {
            error
                .traceback
                .extend(hint.lines().map(|line| format!("{BOLD}{line}{PLAIN}")));
        }
        Some(error)
    }

    /// An error in the syntax of the cell.
    pub fn in_syntax(error: &SyntaxError, code: &str) -> CellError {
        let mut told = CellError::new("error", error.message.clone());
        told.traceback.extend(excerpt(code, error.line));
        told
    }

    /// A panic or a failed `?`, at the place in the generated source that the frame names.
    pub fn at_place(name: &str, frame: &Value, build: Option<&Build>, code: &str) -> CellError {
        let message = frame["message"].as_str().unwrap_or("no message");
        let mut error = CellError::new(name, message);
        let file = frame["file"].as_str().unwrap_or_default();
        let line = frame["line"]
            .as_u64()
            .and_then(|line| usize::try_from(line).ok())
            .unwrap_or(0);
        if file.ends_with("src/lib.rs") && !file.starts_with('/') {
            let found = build.and_then(|build| build.lines.iter().find(|at| at.generated == line));
            match found {
                Some(at) => error.traceback.extend(excerpt(code, at.line)),
                None => error
                    .traceback
                    .push(format!("{BLUE}-->{PLAIN} in code of an earlier cell")),
            }
        } else if !file.is_empty() {
            error
                .traceback
                .push(format!("{BLUE}-->{PLAIN} {}:{line}", short_path(file)));
        }
        error
    }
}

/// Whether rustc only counts or explains the other errors here.
fn is_summary(error: &Value) -> bool {
    let message = error["message"].as_str().unwrap_or_default();
    message.starts_with("aborting due to") || message.starts_with("For more information")
}

/// Whether a primary place of the error lies in the cell.
fn touches(error: &Value, lines: &Lines) -> bool {
    let spans = error["spans"].as_array().into_iter().flatten();
    let line_of = |span: &Value| usize::try_from(span["line_start"].as_u64()?).ok();
    spans
        .filter_map(line_of)
        .any(|line| lines.contains_key(&line))
}

/// rustc's text with the cell's line numbers and colours, without the code around the cell.
fn rendered_lines(rendered: &str, lines: &Lines) -> Vec<String> {
    let mut output: Vec<String> = Vec::new();
    let mut hidden = false;
    for line in rendered
        .trim_end()
        .lines()
        .filter(|line| !is_about_codes(line))
    {
        hidden = match gutter(line).map(|(number, _)| number.parse::<usize>()) {
            Some(Ok(number)) => !lines.contains_key(&number),
            // Marks belong to the line above; notes and arrows to the whole.
            Some(Err(_)) => hidden && !line.trim_start().starts_with("= "),
            None => line == "...",
        };
        if !hidden {
            output.push(rendered_line(line, lines));
        }
    }
    output
}

fn is_about_codes(line: &str) -> bool {
    line.starts_with("For more information about this error")
}

fn rendered_line(line: &str, lines: &Lines) -> String {
    if let Some((arrow, place)) = line.split_once(" src/lib.rs:")
        && matches!(arrow.trim(), "-->" | ":::")
    {
        let mut numbers = place.split(':');
        let row = numbers
            .next()
            .and_then(|row| row.parse().ok())
            .and_then(|row| lines.get(&row));
        let column: usize = numbers
            .next()
            .and_then(|column| column.parse().ok())
            .unwrap_or(1);
        let place = row.map_or("code around the cell".to_owned(), |at| {
            format!("cell line {}, column {}", at.line, at.indent + column)
        });
        return format!("{BLUE}{arrow}{PLAIN} {place}");
    }
    if let Some((number, rest)) = gutter(line) {
        let width = line.len() - rest.len();
        let row = number.parse().ok().and_then(|row: usize| lines.get(&row));
        let row = row.map_or_else(String::new, |at| at.line.to_string());
        let shown = format!("{row:>width$}", width = width - 1);
        return format!("{BLUE}{shown} {PLAIN}{}", coloured(rest));
    }
    if let Some((arrow, place)) = line.split_once("--> ")
        && arrow.trim().is_empty()
    {
        return format!("{BLUE}{arrow}-->{PLAIN} {}", short_path(place));
    }
    if line.starts_with("error") {
        let (kind, message) = line.split_once(": ").unwrap_or((line, ""));
        return format!("{RED}{kind}{PLAIN}: {BOLD}{message}{PLAIN}");
    }
    line.to_owned()
}

/// Splits `12 | code` into number and the rest from the bar on; the number may be missing.
fn gutter(line: &str) -> Option<(&str, &str)> {
    let bar = line.find(['|', '+', '-', '~', '.', '='])?;
    let (number, rest) = line.split_at(bar);
    let is_gutter = number.ends_with(' ')
        && number
            .trim()
            .chars()
            .all(|character| character.is_ascii_digit())
        && (rest.starts_with('|') || !number.trim().is_empty());
    is_gutter.then_some((number.trim(), rest))
}

/// The part of a line from its bar on: the bar blue, marks under the code red.
fn coloured(rest: &str) -> String {
    let marks = rest.trim_start_matches(['|', ' ']);
    if marks.starts_with('^') {
        let start = rest.len() - marks.len();
        return format!("{BLUE}|{PLAIN}{}{RED}{marks}{PLAIN}", &rest[1..start]);
    }
    let (bar, code) = rest.split_at(1);
    format!("{BLUE}{bar}{PLAIN}{code}")
}

/// The line of the cell and its neighbours, the line itself marked.
fn excerpt(code: &str, line: usize) -> Vec<String> {
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
fn short_path(file: &str) -> &str {
    let after = |mark: &str| file.split_once(mark).map(|(_, rest)| rest);
    let registry = after("/registry/src/")
        .and_then(|rest| rest.split_once('/'))
        .map(|(_, rest)| rest);
    registry.or_else(|| after("/library/")).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn without_colours(lines: &[String]) -> String {
        let mut text = lines.join("\n");
        for colour in [RED, BLUE, BOLD, PLAIN] {
            text = text.replace(colour, "");
        }
        text
    }

    #[test]
    fn compiler_errors_show_the_lines_of_the_cell() {
        let rendered = "error[E0308]: mismatched types\n  --> src/lib.rs:112:18\n    |\n\
            112 | let x: i32 = \"a\";\n    |        ---   ^^^ expected `i32`, found `&str`\n";
        let build = Build {
            success: false,
            runs: true,
            errors: vec![json!({
                "message": "mismatched types", "code": {"code": "E0308"}, "level": "error",
                "spans": [{"line_start": 112}], "rendered": rendered,
            })],
            lines: vec![CellLine {
                generated: 112,
                line: 2,
                indent: 0,
            }],
        };
        let error = CellError::from_build(&build, None, None).unwrap();
        assert_eq!(
            (error.name.as_str(), error.value.as_str()),
            ("E0308", "mismatched types")
        );
        insta::assert_snapshot!(without_colours(&error.traceback), @r#"
        error[E0308]: mismatched types
          --> cell line 2, column 18
            |
          2 | let x: i32 = "a";
            |        ---   ^^^ expected `i32`, found `&str`
        "#);
    }

    #[test]
    fn a_panic_shows_where_in_the_cell_it_was() {
        let frame = json!({"message": "no value", "file": "src/lib.rs", "line": 40, "column": 5});
        let build = Build {
            success: true,
            runs: true,
            errors: Vec::new(),
            lines: vec![CellLine {
                generated: 40,
                line: 2,
                indent: 0,
            }],
        };
        let error = CellError::at_place("panic", &frame, Some(&build), "let a = 1;\nf();\nb");
        insta::assert_snapshot!(without_colours(&error.traceback), @r"
        panic: no value
              1 | let a = 1;
        -->   2 | f();
              3 | b
        ");
    }
}
