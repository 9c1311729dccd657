//! A text of a JSON document.

use std::fmt::Write as _;

/// A text, kept as it stands between its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Box<str>);

impl Text {
    /// The text whose JSON form between quotes is `written`, which must be right.
    pub(super) fn as_written(written: &str) -> Self {
        Text(written.into())
    }

    /// The form between quotes.
    pub fn written(&self) -> &str {
        &self.0
    }

    /// Whether it is this text.
    pub fn is(&self, text: &str) -> bool {
        if self.0.contains('\\') {
            self.decoded() == text
        } else {
            *self.0 == *text
        }
    }

    /// The text itself, with U+FFFD in the place of each lone surrogate.
    pub fn decoded(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = &*self.0;
        while let Some((before, escape)) = rest.split_once('\\') {
            text.push_str(before);
            let (character, length) = unescaped(escape);
            text.push(character);
            rest = &escape[length..];
        }
        text + rest
    }

    /// Where the first half of a character stands in it, in bytes of the form between quotes.
    pub fn lone_surrogate(&self) -> Option<usize> {
        let mut at = 0;
        while let Some(before) = self.0[at..].find('\\') {
            let escape = &self.0[at + before + 1..];
            let (character, length) = unescaped(escape);
            let is_surrogate = hex(escape).is_some_and(|unit| (0xd800..0xe000).contains(&unit));
            if is_surrogate && character == char::REPLACEMENT_CHARACTER {
                return Some(at + before);
            }
            at += before + 1 + length;
        }
        None
    }
}

/// What the escape means that follows a backslash, and how long it is.
fn unescaped(escape: &str) -> (char, usize) {
    let simple = match escape.as_bytes().first() {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return in_hexadecimal(escape),
        // A quote, a backslash, a slash.
        Some(other) => char::from(*other),
        None => return (char::REPLACEMENT_CHARACTER, 0),
    };
    (simple, 1)
}

/// `uD83E`, and the `\uDD80` that may belong to it.
fn in_hexadecimal(escape: &str) -> (char, usize) {
    let unit = hex(escape).unwrap_or(0xd800);
    if let Some(character) = char::from_u32(unit) {
        return (character, 5);
    }
    let low = escape.get(5..).and_then(|rest| rest.strip_prefix('\\'));
    let low = low
        .and_then(hex)
        .filter(|low| unit < 0xdc00 && (0xdc00..0xe000).contains(low));
    let both =
        low.and_then(|low| char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)));
    both.map_or((char::REPLACEMENT_CHARACTER, 5), |both| (both, 11))
}

/// The number after the `u` of an escape.
fn hex(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

impl From<&str> for Text {
    /// As Jupyter writes it: other alphabets as they are.
    fn from(text: &str) -> Self {
        let mut written = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '"' => written.push_str("\\\""),
                '\\' => written.push_str("\\\\"),
                '\n' => written.push_str("\\n"),
                '\r' => written.push_str("\\r"),
                '\t' => written.push_str("\\t"),
                '\u{8}' => written.push_str("\\b"),
                '\u{c}' => written.push_str("\\f"),
                control if control < ' ' => {
                    // Writing into a string can't fail.
                    let _ = write!(written, "\\u{:04x}", u32::from(control));
                }
                other => written.push(other),
            }
        }
        Text(written.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_understood_and_kept() {
        let text = Text::as_written(r#"\u00e4\/\"\\\n\ud83e\udd80\b"#);
        assert_eq!(text.decoded(), "ä/\"\\\n🦀\u{8}");
        assert!(text.is("ä/\"\\\n🦀\u{8}") && text.lone_surrogate().is_none());
        assert_eq!(text.written(), r#"\u00e4\/\"\\\n\ud83e\udd80\b"#);
    }

    #[test]
    fn lone_surrogates_are_seen() {
        for lone in [
            r"a\ud83e",
            r"\udd80\ud83e",
            r"\ud83ex",
            r"\ud83e\n",
            r"\ud83e\u0041",
        ] {
            let text = Text::as_written(lone);
            assert!(text.lone_surrogate().is_some(), "{lone}");
            assert!(text.decoded().contains('\u{fffd}'), "{lone}");
        }
        assert_eq!(Text::as_written(r"\ud83e\u0041").decoded(), "\u{fffd}A");
        assert_eq!(Text::as_written(r"\ufffd\\ud83e").lone_surrogate(), None);
    }

    #[test]
    fn what_is_written_is_read() {
        let text = "\u{0}\u{1f}\u{7f}\u{2028}\"\\/\n\r\t\u{8}\u{c}🦀";
        assert_eq!(Text::from(text).decoded(), text);
    }
}
