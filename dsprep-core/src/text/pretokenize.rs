//! Cutting text into pieces that no merge crosses, as GPT-2 does (question 22).
//!
//! GPT-2 (Radford et al., 2019, and its `encoder.py`) cuts by the expression
//!
//! ```text
//! 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//! ```
//!
//! in words: English contractions; letters, digits or other characters, each kind by itself and with
//! one space before it; white space. Without this, "dog", "dog." and "dog!" would become separate tokens.
//!
//! Here the kinds are those of Rust's `char`. One differs: Rust's letters include the vowel signs of
//! scripts such as Devanagari, which `\p{L}` leaves out, so that Hindi words stay whole.

const CONTRACTIONS: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Number,
    Space,
    Other,
}

/// Cuts `text` into pieces; together they are the text. O(length of the text).
///
/// # Examples
/// ```
/// use dsprep_core::text::pretokenize;
/// assert_eq!(pretokenize("I've 2 dogs!!"), ["I", "'ve", " 2", " dogs", "!!"]);
/// assert_eq!(pretokenize("if x:\n    y"), ["if", " x", ":", "\n   ", " y"]);
/// ```
pub fn pretokenize(text: &str) -> Vec<&str> {
    pieces(text).collect()
}

/// [`pretokenize`], one piece at a time.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(piece_length(rest)?);
        rest = after;
        Some(piece)
    })
}

/// The length in bytes of the piece that `text` begins with; `None` at the end.
fn piece_length(text: &str) -> Option<usize> {
    let contraction = CONTRACTIONS.iter().find(|short| text.starts_with(**short));
    if let Some(short) = contraction {
        return Some(short.len());
    }
    let body = text.strip_prefix(' ').unwrap_or(text);
    match body.chars().next().map(kind) {
        None if text.is_empty() => None,
        None | Some(Kind::Space) => Some(space_length(text)),
        Some(first) => Some(text.len() - body.len() + run_length(body, first)),
    }
}

/// The white space at the start of `text`, without its last character if a word follows: a space
/// goes with the word after it.
fn space_length(text: &str) -> usize {
    let run = run_length(text, Kind::Space);
    match text[..run].char_indices().next_back() {
        Some((last, _)) if run < text.len() && last > 0 => last,
        _ => run,
    }
}

/// The length of the run of characters of `wanted` that `text` begins with.
fn run_length(text: &str, wanted: Kind) -> usize {
    text.find(|character| kind(character) != wanted)
        .unwrap_or(text.len())
}

fn kind(character: char) -> Kind {
    if character.is_numeric() {
        Kind::Number
    } else if character.is_alphabetic() {
        Kind::Letter
    } else if character.is_whitespace() {
        Kind::Space
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_together_are_the_text() {
        for text in [
            "",
            " ",
            "  ",
            "a  b",
            "\u{0}\r\n\t x",
            "🙂🙂 한글'll",
            "x \u{a0} ",
        ] {
            assert_eq!(pretokenize(text).concat(), text);
        }
    }

    #[test]
    fn the_last_space_goes_with_the_word_and_other_white_space_stands_alone() {
        assert_eq!(pretokenize("a   b"), ["a", "  ", " b"]);
        assert_eq!(pretokenize("a\nb"), ["a", "\n", "b"]);
        assert_eq!(pretokenize("a\n\nb  "), ["a", "\n", "\n", "b", "  "]);
    }

    #[test]
    fn contractions_are_cut_only_in_lower_case_and_at_a_border() {
        assert_eq!(pretokenize("it's IT'S"), ["it", "'s", " IT", "'", "S"]);
        assert_eq!(pretokenize("!'s"), ["!'", "s"]);
    }
}
