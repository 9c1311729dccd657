//! Colours, or none.

use crate::cli::Color;
use std::borrow::Cow;
use std::io::IsTerminal as _;

/// Paints text if colours are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours as `color` says; `auto` means: on a terminal, unless `NO_COLOR` is set.
    pub fn new(color: Color) -> Self {
        let wanted = || std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let on = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stdout().is_terminal() && wanted(),
        };
        Paint { on }
    }

    /// Bold green, for what passed.
    pub fn green(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// Bold red, for what failed.
    pub fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    /// Bold yellow, for what was stopped.
    pub fn yellow(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// Bold, for titles.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Faint, for what goes without saying.
    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Text that brings its own colours.
    pub fn colored<'a>(self, text: &'a str) -> Cow<'a, str> {
        if self.on {
            text.into()
        } else {
            without_escapes(text).into()
        }
    }

    /// The text without colours of its own.
    pub fn plain(text: &str) -> String {
        without_escapes(text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The text without escape sequences (ECMA-48, control sequences and operating system commands).
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            // Parameters, then one final character.
            Some('[') => {
                let _ = characters.find(|next| ('\u{40}'..='\u{7e}').contains(next));
            }
            // Up to a bell, or the string terminator `ESC \`.
            Some(']') => {
                let end = characters.find(|next| matches!(next, '\u{7}' | '\u{1b}'));
                if end == Some('\u{1b}') {
                    let _ = characters.next_if_eq(&'\\');
                }
            }
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
impl Paint {
    /// No colours.
    pub const OFF: Paint = Paint { on: false };
    /// Colours.
    pub const ON: Paint = Paint { on: true };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_others_are_kept_or_taken_away() {
        let link = "\u{1b}]8;;http://a\u{1b}\\E0425\u{1b}]8;;\u{7}";
        let text = format!("\u{1b}[1;38;5;9merror\u{1b}[0m[{link}]: λ\u{1b}");
        assert_eq!(Paint::OFF.colored(&text), "error[E0425]: λ");
        assert_eq!(Paint::ON.colored(&text), text);
    }
}
