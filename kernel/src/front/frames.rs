//! What a cell prints, taken apart into text and frames.
//!
//! The counterpart in the core is `dsprep_core::cell`.

use serde_json::Value;

/// What a frame's line starts with; the core's `FRAME`.
const FRAME: &str = "\u{1e}dsprep ";

/// A piece of what a cell printed.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text for the reader.
    Text(String),
    /// A message to the kernel.
    Frame(Value),
}

/// Takes one line of output, with its line end, apart.
pub fn pieces(line: &str) -> Vec<Piece> {
    let Some((before, frame)) = line.split_once(FRAME) else {
        return vec![Piece::Text(line.to_owned())];
    };
    let mut pieces = Vec::new();
    if !before.is_empty() {
        pieces.push(Piece::Text(before.to_owned()));
    }
    match serde_json::from_str(frame.trim_end()) {
        Ok(frame) => pieces.push(Piece::Frame(frame)),
        // Not from our core: somebody printed the mark.
        Err(_) => pieces.push(Piece::Text(frame.to_owned())),
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_without_a_line_end_keeps_none() {
        let line = "abc\u{1e}dsprep {\"kind\":\"end\"}\n";
        let expected = [
            Piece::Text("abc".to_owned()),
            Piece::Frame(json!({"kind": "end"})),
        ];
        assert_eq!(pieces(line), expected);
        assert_eq!(pieces("abc\n"), [Piece::Text("abc\n".to_owned())]);
    }
}
