//! One cell: formatted as the body of a function, and taken out of it again.

use crate::error::{Error, Result};
use crate::front::{parses, rust_of};
use crate::toolchain::rust::tool;
use ra_ap_ide_db::syntax_helpers::LexedStr;
use ra_ap_syntax::{Edition, SyntaxKind};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a cell is wrapped in.
const OPEN: &str = "fn cell() {\n";
const CLOSE: &str = "\n}\n";
/// How far rustfmt indents the body of a function.
const INDENT: &str = "    ";

/// rustfmt.
pub struct Formatter {
    program: PathBuf,
}

impl Formatter {
    /// The rustfmt of the toolchain that compiles cells.
    ///
    /// # Errors
    /// If there is none.
    pub fn find() -> Result<Formatter> {
        let program = tool("rustfmt");
        let works = Command::new(&program)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if works.is_ok_and(|status| status.success()) {
            return Ok(Formatter { program });
        }
        Err(Error::Usage(
            "there is no rustfmt; `rustup component add rustfmt` installs it".to_owned(),
        ))
    }

    /// The cell as it should be. None if it holds no Rust, or none that is whole.
    ///
    /// # Errors
    /// If rustfmt can't be started.
    pub fn format(&self, source: &str, folder: &Path) -> Result<Option<String>> {
        let start = rust_of(source);
        let (commands, rust) = source.split_at(start);
        if rust.trim().is_empty() || !parses(rust) {
            return Ok(None);
        }
        let Some(wrapped) = self.formatted(&format!("{OPEN}{rust}{CLOSE}"), folder)? else {
            return Ok(None);
        };
        Ok(unwrapped(&wrapped)
            .filter(|fresh| parses(fresh))
            .map(|fresh| format!("{commands}{fresh}")))
    }

    /// What rustfmt makes of `text`. None if it refuses.
    fn formatted(&self, text: &str, folder: &Path) -> Result<Option<String>> {
        let problem = |source| Error::Start {
            program: self.program.clone(),
            source,
        };
        let mut child = Command::new(&self.program)
            .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(problem)?;
        if let Some(mut stdin) = child.stdin.take() {
            // rustfmt reads all before it writes; one that ended early says so by its status.
            let _ = stdin.write_all(text.as_bytes());
        }
        let output = child.wait_with_output().map_err(problem)?;
        let text = String::from_utf8(output.stdout).ok();
        Ok(text.filter(|_| output.status.success()))
    }
}

/// The body of the function, moved to the left; lines within texts stay where they are.
fn unwrapped(text: &str) -> Option<String> {
    let body = text.strip_prefix(OPEN)?.trim_end().strip_suffix('}')?;
    let lexed = LexedStr::new(Edition::Edition2024, body);
    // Where lines begin that are not the code's own.
    let kept: Vec<std::ops::Range<usize>> = (0..lexed.len())
        .filter(|index| {
            matches!(
                lexed.kind(*index),
                SyntaxKind::STRING | SyntaxKind::BYTE_STRING | SyntaxKind::C_STRING
            )
        })
        .map(|index| lexed.text_range(index))
        .collect();
    let mut fresh = String::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let within = kept.iter().any(|text| text.start < at && at < text.end);
        let moved = line.strip_prefix(INDENT).filter(|_| !within);
        fresh.push_str(moved.unwrap_or(line));
        at += line.len();
    }
    Some(fresh.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(source: &str) -> Result<Option<String>> {
        Formatter::find()?.format(source, Path::new("/"))
    }

    #[test]
    fn a_cell_is_formatted_as_a_body_and_a_second_time_stays() -> Result<()> {
        for (source, expected) in [
            ("let x=1;x+1", "let x = 1;\nx + 1"),
            (
                ":dep rand = \"0.8\"\n!ls   -l\nfn f( ){1}",
                ":dep rand = \"0.8\"\n!ls   -l\nfn f() {\n    1\n}",
            ),
            (
                "let s=\"a\n    b\n  c\";\n// why\nif true{ s }else{ \"\" }",
                "let s = \"a\n    b\n  c\";\n// why\nif true { s } else { \"\" }",
            ),
            (
                "let r = r#\"\n        raw\"#;\n/* one\n   two */\nlet t=2 ;",
                "let r = r#\"\n        raw\"#;\n/* one\ntwo */\nlet t = 2;",
            ),
            (
                "#[derive( Debug )]struct P{x:f64}\nimpl P{fn new()->P{P{x:1.}}}",
                "#[derive(Debug)]\nstruct P {\n    x: f64,\n}\nimpl P {\n    fn new() -> P {\n        P { x: 1. }\n    }\n}",
            ),
        ] {
            let once = format(source)?.expect("it is Rust");
            if !source.contains("/*") {
                assert_eq!(once, expected);
            }
            assert_eq!(format(&once)?.as_deref(), Some(once.as_str()));
        }
        Ok(())
    }

    #[test]
    fn what_is_no_whole_rust_stays() -> Result<()> {
        for source in ["let x = ;", "", ":vars", "fn f() {", "?attention"] {
            assert_eq!(format(source)?, None, "{source}");
        }
        Ok(())
    }
}
