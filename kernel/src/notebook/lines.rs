//! Texts as lists of lines, as notebook files hold them.

use serde_json::Value;

/// Splits a text after each line end, as Python's `str.splitlines(keepends=True)` does.
pub fn split(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let mut end = index + character.len_utf8();
        if character == '\r' && characters.peek().is_some_and(|(_, next)| *next == '\n') {
            characters.next();
            end += 1;
        }
        if ends_line(character) {
            lines.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

/// The characters that end a line for Python.
fn ends_line(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The text of a string or of a list of strings; of anything else, nothing.
pub fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_they_end_for_python() {
        assert_eq!(split(""), Vec::<&str>::new());
        assert_eq!(split("a"), ["a"]);
        assert_eq!(split("a\nb\n"), ["a\n", "b\n"]);
        assert_eq!(split("\n\na\r\nb\rc"), ["\n", "\n", "a\r\n", "b\r", "c"]);
        assert_eq!(
            split("ä\u{2028}b\u{85}c\u{b}d"),
            ["ä\u{2028}", "b\u{85}", "c\u{b}", "d"]
        );
    }
}
