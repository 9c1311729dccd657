//! The text of a cell on its way to the compiler: what is not compiled here is blank, so that each character
//! that is keeps its line and its column.

use super::plan::{Edit, Shift};
use std::ops::Range;

/// The part of `code` in `kept`, changed by `edits`, and where that moved what stands on a line.
pub fn render(code: &str, kept: &[Range<usize>], edits: &[Edit]) -> (String, Vec<Shift>) {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.range.start);
    let mut edits = edits.into_iter().peekable();
    let mut output = String::with_capacity(code.len());
    let mut shifts = Vec::new();
    let mut position = Position { line: 1, column: 1 };
    let mut kept: Vec<&Range<usize>> = kept.iter().collect();
    kept.sort_by_key(|range| range.start);
    let mut kept = kept.into_iter().peekable();
    let mut skip_to = 0;
    let ends = code.len();
    for (index, character) in code.char_indices().chain(std::iter::once((ends, '\0'))) {
        while let Some(edit) = edits.next_if(|edit| edit.range.start <= index) {
            let replaced = code[edit.range.clone()].chars().count();
            output.push_str(&edit.text);
            position.pass(&edit.text);
            skip_to = skip_to.max(edit.range.end);
            let added = edit.text.chars().count();
            if added > replaced && !edit.text.contains('\n') {
                shifts.push(Shift {
                    file: String::new(),
                    line: position.line,
                    from: position.column,
                    by: added - replaced,
                });
            }
        }
        if index >= ends || index < skip_to {
            continue;
        }
        while kept.next_if(|range| range.end <= index).is_some() {}
        let is_kept = kept.peek().is_some_and(|range| range.contains(&index));
        let character = match character {
            '\n' => '\n',
            _ if is_kept => character,
            _ => ' ',
        };
        output.push(character);
        position.pass(character.encode_utf8(&mut [0; 4]));
    }
    (output, shifts)
}

struct Position {
    line: usize,
    column: usize,
}

impl Position {
    fn pass(&mut self, text: &str) {
        for character in text.chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
    }
}

/// The line of `code`, counted from 1, on which the byte `at` stands.
pub fn line_of(code: &str, at: usize) -> usize {
    1 + code[..at.min(code.len())].matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_keeps_its_place() {
        let code = "let é = 1; fn f() {}\nf()";
        let (text, shifts) = render(code, &[0..11, 22..25], &[]);
        assert_eq!(text, "let é = 1;          \nf()");
        assert_eq!(shifts, []);
    }

    #[test]
    fn an_insertion_is_noted_with_its_line_and_column() {
        let edit = Edit {
            range: 3..3,
            text: "(".to_owned(),
        };
        let all = 0..8;
        let (text, shifts) = render("1;\na + b", std::slice::from_ref(&all), &[edit]);
        assert_eq!(text, "1;\n(a + b");
        assert_eq!(
            shifts,
            [Shift {
                file: String::new(),
                line: 2,
                from: 2,
                by: 1
            }]
        );
    }
}
