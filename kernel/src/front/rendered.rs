//! rustc's text of an error, with the numbers of the cells' lines, in colour, without the code around the cells.

use super::prepared::Cell;
use super::traceback::{BLUE, BOLD, PLAIN, RED, short_path};
use super::{marks, told};
use crate::toolchain::diagnostics::{Place, places};
use crate::toolchain::interrupts::INSERTED;
use crate::toolchain::plan::{Build, CellLine, Shift};
use crate::toolchain::source::{BODY_FILE, CRATE_FILE, MARK, SHOW};
use crate::toolchain::text::line_of;
use serde_json::Value;

/// Which lines of which file are lines of cells.
pub struct Lines<'a> {
    build: &'a Build,
    label: u32,
    length: usize,
    last_of_result: Option<usize>,
}

/// A line of a cell.
struct InCell {
    /// The cell, if it is another than the one that runs.
    label: Option<u32>,
    line: usize,
    indent: usize,
}

impl<'a> Lines<'a> {
    /// The lines of the cell that was built.
    pub fn of(build: &'a Build, cell: &Cell) -> Lines<'a> {
        Lines {
            build,
            label: cell.label,
            length: cell.code.lines().count().max(1),
            last_of_result: cell
                .plan
                .body
                .result
                .as_ref()
                .map(|it| line_of(&cell.code, it.end)),
        }
    }

    /// Whether the result of the cell ends on this line.
    fn ends_result(&self, line: usize) -> bool {
        self.last_of_result == Some(line) && !self.build.shifts.is_empty()
    }

    /// Whether a place of the error lies in a cell.
    pub fn shows(&self, error: &Value) -> bool {
        let shown = |place: &Place| self.find(&place.file, place.line).is_some();
        places(error).iter().any(shown)
    }

    fn find(&self, file: &str, line: usize) -> Option<InCell> {
        let other = |label: u32| (label != self.label).then_some(label);
        if file == BODY_FILE {
            return (line <= self.length).then_some(InCell {
                label: None,
                line,
                indent: 0,
            });
        }
        if file == CRATE_FILE {
            let at: &CellLine = self.build.lines.iter().find(|at| at.generated == line)?;
            return Some(InCell {
                label: other(at.label),
                line: at.line,
                indent: at.indent,
            });
        }
        let label = file.strip_prefix(&format!("{BODY_FILE} "))?.parse().ok()?;
        Some(InCell {
            label: other(label),
            line,
            indent: 0,
        })
    }

    /// The column in the cell of what stands at `column` of a generated line.
    fn column(&self, file: &str, at: &InCell, line: usize, column: usize) -> usize {
        let shifts = self.build.shifts.iter();
        let before: usize = shifts
            .filter(|shift| shift.file == file && shift.line == line && shift.from <= column)
            .map(|shift| shift.by)
            .sum();
        at.indent + column.saturating_sub(before).max(1)
    }
}

/// rustc's text with the cells' line numbers and colours.
pub fn rendered_lines(rendered: &str, lines: &Lines<'_>) -> Vec<String> {
    let mut output: Vec<String> = Vec::new();
    // The file of the lines of code that follow, and that of the error itself.
    let mut file = String::new();
    let mut primary = None;
    let mut inserted: Vec<(usize, usize)> = Vec::new();
    // Whether lines of code, and whole parts of the text, are left out.
    let (mut hidden_code, mut hidden_part) = (false, false);
    for line in rendered
        .trim_end()
        .lines()
        .filter(|line| !line.starts_with("For more information about this error"))
    {
        if let Some((before, path, place)) = arrow(line) {
            file = path.to_owned();
            primary.get_or_insert_with(|| file.clone());
            let at = numbers(place).and_then(|(row, _)| lines.find(path, row));
            let known = !matches!(path, CRATE_FILE | BODY_FILE) || at.is_some();
            hidden_part = !known;
            hidden_code = false;
            if known {
                output.push(place_line(before, path, place, lines));
            } else {
                drop_heading(&mut output);
            }
            continue;
        }
        let code = gutter(line);
        let is_code = code.is_some_and(|(number, _)| !number.is_empty());
        if !is_code && is_own_word(line) || line.contains("= help: to create the module") {
            continue;
        }
        if code.is_none() && line != "..." {
            hidden_part = false;
            hidden_code = false;
            // A suggestion without a place of its own is for the file of the error, also after a note about another.
            file = primary.clone().unwrap_or_default();
            output.push(heading(line));
            continue;
        }
        let Some((number, rest)) = code else {
            if !(hidden_part || hidden_code) {
                output.push(line.to_owned());
            }
            continue;
        };
        let note = line.trim_start().starts_with("= ");
        let suggestion = rest.starts_with(['+', '-', '~']);
        if note {
            output.push(told::message(line));
            continue;
        }
        if hidden_part {
            continue;
        }
        match number.parse::<usize>() {
            Ok(number) => {
                let at = lines.find(&file, number);
                let foreign = !matches!(file.as_str(), CRATE_FILE | BODY_FILE);
                hidden_code = at.is_none() && !foreign && !suggestion;
                if !hidden_code {
                    let shown = at.map(|at| at.line).filter(|_| !suggestion);
                    inserted = insertions(rest, &file, number, lines);
                    let rest = marks::without(rest, &inserted);
                    let width = line.len()
                        - line
                            .trim_start_matches(|it: char| it.is_ascii_digit() || it == ' ')
                            .len();
                    output.push(code_line(&line[..width], &rest, shown));
                }
            }
            Err(_) if hidden_code => {}
            Err(_) => {
                let width = line.len() - rest.len();
                for marks in marks::moved(rest, &inserted) {
                    output.push(code_line(&line[..width], &marks, None));
                }
            }
        }
    }
    output
}

/// Takes back the line that announced a part which is left out.
fn drop_heading(output: &mut Vec<String>) {
    let announces = |line: &String| line.starts_with("note: ") || line.starts_with("help: ");
    if output.last().is_some_and(announces) {
        output.pop();
    }
}

/// Whether a line tells of the code around the cells only.
fn is_own_word(line: &str) -> bool {
    line.contains("dsprep_show") || line.contains("in the macro `::std::include`")
}

/// Splits `  --> file:12:5` into what stands before the file, the file and the place.
fn arrow(line: &str) -> Option<(&str, &str, &str)> {
    let at = line.find("--> ").or_else(|| line.find("::: "))?;
    let (before, rest) = line.split_at(at + 4);
    if !before[..at].trim().is_empty() {
        return None;
    }
    let mut parts = rest.rsplitn(3, ':');
    let (column, row, path) = (parts.next()?, parts.next()?, parts.next()?);
    let place_start = path.len() + 1;
    let numeric = |text: &str| !text.is_empty() && text.chars().all(|it| it.is_ascii_digit());
    (numeric(column) && numeric(row)).then(|| (before, path, &rest[place_start..]))
}

fn numbers(place: &str) -> Option<(usize, usize)> {
    let (row, column) = place.split_once(':')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn place_line(before: &str, path: &str, place: &str, lines: &Lines<'_>) -> String {
    let (row, column) = numbers(place).unwrap_or((1, 1));
    let before = before.trim_end();
    match lines.find(path, row) {
        Some(at) => {
            let column = lines.column(path, &at, row, column);
            let cell = match at.label {
                Some(label) => format!("cell [{label}], line {}", at.line),
                None => format!("cell line {}", at.line),
            };
            format!("{BLUE}{before}{PLAIN} {cell}, column {column}")
        }
        None => format!("{BLUE}{before}{PLAIN} {}:{place}", short_path(path)),
    }
}

fn heading(line: &str) -> String {
    let line = told::message(line);
    if line.starts_with("error") {
        let (kind, message) = line.split_once(": ").unwrap_or((&line, ""));
        return format!("{RED}{kind}{PLAIN}: {BOLD}{message}{PLAIN}");
    }
    line
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
        && (rest.starts_with(['|', '=']) || !number.trim().is_empty());
    is_gutter.then_some((number.trim(), rest))
}

/// Where a line of code, from its bar on, holds what was put into the cell's line: columns and lengths.
fn insertions(rest: &str, file: &str, number: usize, lines: &Lines<'_>) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut add = |at: usize, length: usize| {
        let at = rest[..at].chars().count();
        // The call in the opening of a closure is the other text, too.
        let known = found
            .iter()
            .any(|(start, length)| (*start..start + length).contains(&at));
        if !known {
            found.push((at, length));
        }
    };
    for text in INSERTED {
        rest.match_indices(text)
            .for_each(|(at, _)| add(at, text.len()));
    }
    if file == BODY_FILE {
        let brace = |shift: &Shift| {
            shift.file == file && shift.line == number && shift.from == 2 && shift.by == 1
        };
        if number == 1 && lines.build.shifts.iter().any(brace) {
            rest.find('{').into_iter().for_each(|at| add(at, 1));
        }
        rest.find(SHOW)
            .into_iter()
            .for_each(|at| add(at, SHOW.len()));
        for (at, _) in rest.match_indices(MARK) {
            add(at, rest[at..].find(';').map_or(MARK.len(), |end| end + 1));
        }
        if rest.ends_with(");") && (rest.contains(SHOW) || lines.ends_result(number)) {
            add(rest.len() - 2, 2);
        }
    }
    found
}

fn code_line(before: &str, rest: &str, number: Option<usize>) -> String {
    let width = before.len();
    let old = before.trim();
    let shown = number.map_or_else(
        || {
            if rest.starts_with('|') {
                String::new()
            } else {
                old.to_owned()
            }
        },
        |it| it.to_string(),
    );
    let shown = if number.is_none() && !old.is_empty() {
        old.to_owned()
    } else {
        shown
    };
    format!(
        "{BLUE}{shown:>width$} {PLAIN}{}",
        coloured(rest),
        width = width - 1
    )
}

/// The part of a line from its bar on: the bar blue, marks under the code red. What is said beside them is bold: JupyterLab shows
/// errors on red, where red text is hard to read, in its dark theme above all.
fn coloured(rest: &str) -> String {
    let marks = rest.trim_start_matches(['|', ' ']);
    if marks.starts_with('^') {
        let start = rest.len() - marks.len();
        let text = marks.trim_start_matches('^');
        let marks = &marks[..marks.len() - text.len()];
        let text = told::message(text);
        return format!(
            "{BLUE}|{PLAIN}{}{RED}{marks}{PLAIN}{BOLD}{text}{PLAIN}",
            &rest[1..start]
        );
    }
    let (bar, code) = rest.split_at(1);
    format!("{BLUE}{bar}{PLAIN}{}", told::message(code))
}

#[cfg(test)]
mod tests {
    use super::super::traceback::tests::without_colours;
    use super::*;

    fn shown(rendered: &str, build: &Build) -> String {
        let cell = Cell {
            label: 4,
            code: "use_it(\n  let x: i32 = \"a\";".to_owned(),
            ..Cell::default()
        };
        without_colours(&rendered_lines(rendered, &Lines::of(build, &cell)))
    }

    #[test]
    fn marks_are_red_and_what_is_said_beside_them_is_not() {
        let line = coloured("|     ^^^^^ value used here after move");
        let said = format!("{RED}^^^^^{PLAIN}{BOLD} value used here after move{PLAIN}");
        assert!(line.ends_with(&said), "{line:?}");
    }

    #[test]
    fn compiler_errors_show_the_lines_of_the_cell() {
        let rendered = "error[E0308]: mismatched types\n --> cell:2:18\n  |\n\
            2 | let x: i32 = \"a\";\n  |        ---   ^^^ expected `i32`, found `&str`\n";
        insta::assert_snapshot!(shown(rendered, &Build::default()), @r#"
        error[E0308]: mismatched types
         --> cell line 2, column 18
          |
        2 | let x: i32 = "a";
          |        ---   ^^^ expected `i32`, found `&str`
        "#);
    }

    #[test]
    fn code_around_the_cells_is_left_out_and_that_of_other_cells_named() {
        let rendered = "error[E0061]: this function takes 1 argument\n   --> cell:2:1\n    |\n\
            2   | f();\n    | ^ missing\n    |\n   ::: lib.rs:40:2\n    |\n40  | let a = 1;\n    | - here\n\
            note: function defined here\n   --> cell 3:7:4\n    |\n7   | fn f(x: u8) {}\n    |    ^\n\
            help: provide the argument\n    |\n2   | f(/* u8 */);\n    |   ++++++++\n";
        insta::assert_snapshot!(shown(rendered, &Build::default()), @r"
        error[E0061]: this function takes 1 argument
           --> cell line 2, column 1
            |
          2 | f();
            | ^ missing
            |
        note: function defined here
           --> cell [3], line 7, column 4
            |
          7 | fn f(x: u8) {}
            |    ^
        help: provide the argument
            |
          2 | f(/* u8 */);
            |   ++++++++
        ");
    }
    #[test]
    fn a_suggestion_after_a_note_about_another_file_shows_only_the_cells_own_text() {
        let rendered = "error[E0061]: this function takes 1 argument but 2 were supplied\n --> cell:2:1\n  |\n\
            2 | let t = f(1, 2);::dsprep_core::cell::at_line(3);dsprep_show!(\n  | ^ unexpected\n  |\n\
            note: function defined here\n   --> dsprep-core/src/welch.rs:44:7\nhelp: remove the extra argument\n  |\n\
            2 - let t = f(1, 2);::dsprep_core::cell::at_line(3);dsprep_show!(\n\
            2 + let t = f(1);::dsprep_core::cell::at_line(3);dsprep_show!(\n  |\n";
        insta::assert_snapshot!(shown(rendered, &Build::default()), @r"
        error[E0061]: this function takes 1 argument but 2 were supplied
         --> cell line 2, column 1
          |
        2 | let t = f(1, 2);
          | ^ unexpected
          |
        note: function defined here
           --> dsprep-core/src/welch.rs:44:7
        help: remove the extra argument
          |
        2 - let t = f(1, 2);
        2 + let t = f(1);
          |
        ");
    }
}
