//! Text of others, made fit for a terminal.
//!
//! A file's name, a cell's source, what a kernel says: each may hold control characters, with which it could clear
//! the screen, forge lines or rename the window. Only text reaches the terminal, and colours where they are wanted.

use std::fmt::Write as _;

/// The text on one line: every control character is shown as an escape, line ends and tabs too.
pub fn one_line(text: &str) -> String {
    escaped(text, |_| false)
}

/// The text with its lines and tabs, without escape sequences; other control characters are shown as escapes.
pub fn plain(text: &str) -> String {
    escaped(&without_sequences(text, false), |c| {
        matches!(c, '\n' | '\t')
    })
}

/// The same, but colours are kept.
pub fn colored(text: &str) -> String {
    escaped(&without_sequences(text, true), |c| {
        matches!(c, '\n' | '\t' | '\u{1b}')
    })
}

/// The text with its lines and tabs, where every other control character is shown as an escape: for source, in which
/// nothing may vanish.
pub fn visible(text: &str) -> String {
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

/// A word of a command line as a shell understands it: in quotes where it needs them.
pub fn quoted(word: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || "/._-+@%,:=".contains(c);
    if !word.is_empty() && !word.starts_with(['-', '~']) && word.chars().all(harmless) {
        return word.to_owned();
    }
    if word.chars().any(is_control) {
        // `$'…'` knows escapes, so that the command stays on one line.
        let mut quoted = "$'".to_owned();
        for character in word.chars() {
            match character {
                '\'' => quoted.push_str("\\'"),
                '\\' => quoted.push_str("\\\\"),
                '\n' => quoted.push_str("\\n"),
                other if is_control(other) => {
                    // Writing into a string can't fail.
                    let _ = write!(quoted, "\\u{:04x}", u32::from(other));
                }
                other => quoted.push(other),
            }
        }
        return quoted + "'";
    }
    let word = if word.starts_with('-') {
        format!("./{word}")
    } else {
        word.to_owned()
    };
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// What is no text: control characters, and those that turn the direction of writing, by which a line could be made
/// to look like another.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            other if kept(other) || !is_control(other) => clean.push(other),
            '\n' => clean.push_str("\\n"),
            '\r' => clean.push_str("\\r"),
            '\t' => clean.push_str("\\t"),
            other if u32::from(other) < 0x100 => {
                let _ = write!(clean, "\\x{:02x}", u32::from(other));
            }
            other => {
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(other));
            }
        }
    }
    clean
}

/// The text without escape sequences (ECMA-48: control sequences, and commands up to their terminator), but with
/// colours if they are to stay. A carriage return before a line end goes too.
fn without_sequences(text: &str, colours: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\u{1b}' => match characters.next() {
                // Parameters, then one final character.
                Some('[') => {
                    let mut sequence = "\u{1b}[".to_owned();
                    for next in characters.by_ref() {
                        sequence.push(next);
                        if !('\u{20}'..='\u{3f}').contains(&next) {
                            break;
                        }
                    }
                    let parameters = sequence[2..].strip_suffix('m');
                    let only =
                        |text: &str| text.chars().all(|c| c.is_ascii_digit() || ";:".contains(c));
                    if colours && parameters.is_some_and(only) {
                        plain.push_str(&sequence);
                    }
                }
                // Up to a bell, or the string terminator `ESC \`.
                Some(']' | 'P' | 'X' | '^' | '_') => {
                    let end = characters.find(|next| matches!(next, '\u{7}' | '\u{1b}' | '\n'));
                    match end {
                        Some('\u{1b}') => {
                            let _ = characters.next_if_eq(&'\\');
                        }
                        Some('\n') => plain.push('\n'),
                        _ => {}
                    }
                }
                Some('\n') => plain.push('\n'),
                _ => {}
            },
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_text_reaches_the_terminal() {
        let nasty = "two\nlines \u{1b}[2J\u{9b}2J\u{7f}\r\u{202e}x\u{7}";
        assert_eq!(
            one_line(nasty),
            r"two\nlines \x1b[2J\x9b2J\x7f\r\u{202e}x\x07"
        );
        assert_eq!(
            visible(nasty),
            "two\nlines \\x1b[2J\\x9b2J\\x7f\\r\\u{202e}x\\x07"
        );
        assert_eq!(plain(nasty), "two\nlines \\x9b2J\\x7f\\r\\u{202e}x\\x07");
        assert_eq!(
            colored("\u{1b}[31mred\u{1b}[2J\u{1b}[0m"),
            "\u{1b}[31mred\u{1b}[0m"
        );
        assert_eq!(colored("\u{1b}[31"), "");
        assert_eq!(plain("a\r\nb\u{1b}]0;title\u{7}c\u{1b}"), "a\nbc");
        assert_eq!(plain("\u{1b}Pdata\u{1b}\\x"), "x");
        assert_eq!(one_line("größe 表 🦀"), "größe 表 🦀");
    }

    #[test]
    fn commands_are_quoted_where_a_shell_would_stumble() {
        assert_eq!(quoted("notebooks/q16_sql.ipynb"), "notebooks/q16_sql.ipynb");
        assert_eq!(quoted("old one.ipynb"), "'old one.ipynb'");
        assert_eq!(quoted("it's.ipynb"), r"'it'\''s.ipynb'");
        assert_eq!(quoted("$(rm -rf).ipynb"), "'$(rm -rf).ipynb'");
        assert_eq!(quoted("-x.ipynb"), "'./-x.ipynb'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a\nb\u{1b}"), r"$'a\nb\u001b'");
    }
}
