//! Colours, or none.

use super::clean;
use clap::ValueEnum;
use std::ffi::OsStr;
use std::io::IsTerminal as _;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// If the output is a terminal that knows colours, and `NO_COLOR` is not set
    Auto,
    /// Even into a file or pipe
    Always,
    /// Plain text
    Never,
}

/// Paints text if colours are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours as `color` says. `auto` means: on a terminal that is not `dumb`, unless `NO_COLOR` is set; or wherever
    /// `CLICOLOR_FORCE` is.
    pub fn new(color: Color) -> Self {
        let on = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => wanted(std::io::stdout().is_terminal(), |name| {
                std::env::var_os(name).filter(|value| !value.is_empty())
            }),
        };
        Paint { on }
    }

    /// No colours: for files.
    pub fn plain_only() -> Self {
        Paint { on: false }
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

    /// Text that brings its own colours: they are kept or taken away, and nothing else of it reaches the terminal
    /// that is not text.
    pub fn colored(self, text: &str) -> String {
        if self.on {
            clean::colored(text)
        } else {
            clean::plain(text)
        }
    }

    /// The text without colours of its own.
    pub fn plain(text: &str) -> String {
        clean::plain(text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Whether colours are wanted where nobody said so; `variable` gives the variables that are set and not empty.
fn wanted(terminal: bool, variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> bool {
    if variable("NO_COLOR").is_some() {
        return false;
    }
    let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != OsStr::new("0"));
    let dumb = variable("TERM").is_some_and(|value| value == OsStr::new("dumb"));
    forced || (terminal && !dumb)
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
        assert_eq!(
            Paint::ON.colored(&text),
            "\u{1b}[1;38;5;9merror\u{1b}[0m[E0425]: λ"
        );
    }

    #[test]
    fn variables_decide_where_nobody_says_it() {
        let with = |terminal: bool, set: &[(&str, &str)]| {
            wanted(terminal, |name| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| value.into())
            })
        };
        assert!(with(true, &[]) && !with(false, &[]));
        assert!(!with(true, &[("TERM", "dumb")]) && with(true, &[("TERM", "xterm")]));
        assert!(!with(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(with(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!with(false, &[("CLICOLOR_FORCE", "0")]));
    }
}
