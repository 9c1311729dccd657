//! Questions about a place in a cell, and the replies: places in code points, as the protocol counts them, and in bytes.

use crate::analysis::host::{Answer as Known, Completion};
use serde_json::{Value, json};

/// The place in bytes of a cursor that stands behind so many code points.
pub fn byte_of(code: &str, position: usize) -> usize {
    let mut places = code.char_indices();
    places.nth(position).map_or(code.len(), |(at, _)| at)
}

/// How many code points stand before a byte.
fn position_of(code: &str, at: usize) -> usize {
    code.get(..at).unwrap_or(code).chars().count()
}

/// The content of a reply with completions of a cell.
pub fn completion_reply(code: &str, answer: &Known) -> Value {
    let (start, end) = (
        position_of(code, answer.start),
        position_of(code, answer.end),
    );
    let texts: Vec<&str> = answer.completions.iter().map(|it| &*it.text).collect();
    let types: Vec<Value> = answer
        .completions
        .iter()
        .map(|it| {
            json!({
                "text": it.text, "type": it.kind, "signature": it.signature, "start": start, "end": end,
            })
        })
        .collect();
    json!({
        "status": "ok", "matches": texts, "cursor_start": start, "cursor_end": end,
        "metadata": {"_jupyter_types_experimental": types},
    })
}

/// Where the command begins that the cursor stands in, if it stands in one.
pub fn command_before(code: &str, at: usize) -> Option<usize> {
    let line = code[..at].rfind('\n').map_or(0, |end| end + 1);
    let (commands, rust) = super::parsed::split_commands(code, |_| true);
    let is_command = line < rust && code[line..].trim_start().starts_with(':');
    // A colon alone is one, too: its line may be the last.
    (is_command && !commands.is_empty()).then(|| line + leading(&code[line..]))
}

fn leading(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The content of a reply with the commands that what stands between `start` and `at` can become.
pub fn command_reply(code: &str, start: usize, at: usize) -> Value {
    let typed = code.get(start..at).unwrap_or_default();
    let completions = super::commands::NAMES
        .iter()
        .filter(|name| name.starts_with(typed))
        .map(|name| Completion {
            text: (*name).to_owned(),
            kind: "keyword".to_owned(),
            signature: String::new(),
        });
    let answer = Known {
        start: start.min(at),
        end: at,
        completions: completions.collect(),
        documentation: None,
    };
    completion_reply(code, &answer)
}

/// The cell with blanks for its commands, which are no Rust.
pub fn without_commands(code: &str) -> String {
    let (commands, rust) = super::parsed::split_commands(code, |_| true);
    if commands.is_empty() {
        return code.to_owned();
    }
    let blank = |it: char| {
        if it == '\n' {
            "\n".to_owned()
        } else {
            " ".repeat(it.len_utf8())
        }
    };
    let commands: String = code[..rust].chars().map(blank).collect();
    commands + &code[rust..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_code_points() {
        // A family is one grapheme of five code points; a line of Windows ends with two.
        let code = "let s = \"\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\";\r\ninterest";
        let position = code.chars().count();
        assert_eq!(byte_of(code, position), code.len());
        let start = code.len() - "interest".len();
        assert_eq!(position_of(code, start), position - 8);
        assert_eq!(byte_of(code, position - 8), start);
        assert_eq!(byte_of(code, 1000), code.len());
    }

    #[test]
    fn commands_are_blank_for_rust_and_complete_as_commands() {
        assert_eq!(without_commands(":dep a\nlet x = 1;"), "      \nlet x = 1;");
        assert_eq!(command_before(":va", 3), Some(0));
        assert_eq!(command_before("let x: u8 = 1;\n:v", 17), None);
        assert_eq!(command_before("::std", 5), None);
        let reply = command_reply(":va", 0, 3);
        assert_eq!(reply["matches"], json!([":vars"]));
        assert_eq!(reply["cursor_start"], 0);
    }
}
