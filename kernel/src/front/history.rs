//! What was run, kept across sessions: the arrow up in a console.
//!
//! One file for all kernels of a user, which only that user can read: a line of JSON for each cell. It is cut to its
//! newest half when it has grown too large. Only what a person has typed is kept: requests of programs, which do not
//! answer questions, are not.

use crate::error::{Error, Result};
use crate::user_folders;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

/// How large the file may become, in bytes.
const LARGEST: u64 = 4 << 20;
/// Cells longer than this are not kept.
const LONGEST: usize = 64 << 10;
/// Set to `0`, nothing is kept.
const SWITCH: &str = "DSPREP_HISTORY";

/// A cell that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    session: u64,
    line: usize,
    source: String,
}

/// The cells of this session and of those before.
pub struct History {
    file: Option<PathBuf>,
    /// The number of this session, once it has kept something.
    session: Option<u64>,
}

impl History {
    /// The user's history. If it can't be kept, as where there is no home, this session has none.
    pub fn of_the_user() -> History {
        let off = std::env::var_os(SWITCH).is_some_and(|value| value == "0");
        History {
            file: user_folders::state()
                .filter(|_| !off)
                .map(|folder| folder.join("history.jsonl")),
            session: None,
        }
    }

    /// Keeps the cell with this number.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn keep(&mut self, line: usize, source: &str) -> Result<()> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        if source.len() > LONGEST || source.trim().is_empty() {
            return Ok(());
        }
        let problem = |error| Error::file("write", path)(error);
        if let Some(folder) = path.parent() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(problem)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        let mut file = options.open(path).map_err(problem)?;
        // Another kernel may write at the same time.
        file.lock().map_err(problem)?;
        let session = match self.session {
            Some(session) => session,
            None => *self.session.insert(1 + last_session(&mut file)),
        };
        if file.metadata().map_err(problem)?.len() > LARGEST {
            cut(&mut file).map_err(problem)?;
        }
        let entry = Entry {
            session,
            line,
            source: source.to_owned(),
        };
        let mut text = serde_json::to_vec(&entry).unwrap_or_default();
        text.push(b'\n');
        file.write_all(&text).map_err(problem)
    }

    /// The answer to a `history_request`.
    pub fn answer(&self, request: &Value) -> Value {
        let entries = self.entries();
        let number = |key: &str| request[key].as_i64();
        let current = self
            .session
            .unwrap_or_else(|| 1 + entries.last().map_or(0, |it| it.session));
        let chosen: Vec<&Entry> = match request["hist_access_type"].as_str() {
            Some("range") => {
                let session = match number("session").unwrap_or(0) {
                    // 0 is this session, -1 the one before.
                    back @ ..=0 => current.saturating_sub(back.unsigned_abs()),
                    session => session.unsigned_abs(),
                };
                let start = number("start").unwrap_or(0);
                let stop = number("stop").unwrap_or(i64::MAX);
                let within = |it: &&Entry| {
                    let line = i64::try_from(it.line).unwrap_or(i64::MAX);
                    it.session == session && (start..stop).contains(&line)
                };
                entries.iter().filter(within).collect()
            }
            Some("search") => {
                let pattern = request["pattern"].as_str().unwrap_or("*");
                let fits = |it: &&Entry| matches(pattern, &it.source);
                let found = entries.iter().filter(fits);
                match request["unique"] == true {
                    true => unique(found.collect()),
                    false => found.collect(),
                }
            }
            // The newest; also for kinds of requests that are not known.
            _ => entries.iter().collect(),
        };
        let is_range = request["hist_access_type"] == "range";
        let most = number("n").filter(|n| !is_range && *n >= 0);
        let most = most.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let skipped = chosen.len().saturating_sub(most);
        let with_output = request["output"] == true;
        let shown = chosen[skipped..].iter().map(|it| {
            // Outputs are not kept.
            let source = match with_output {
                true => json!([it.source, null]),
                false => json!(it.source),
            };
            json!([it.session, it.line, source])
        });
        json!({"status": "ok", "history": shown.collect::<Vec<_>>()})
    }

    fn entries(&self) -> Vec<Entry> {
        let text = self.file.as_ref().and_then(|file| fs::read(file).ok());
        parsed(&String::from_utf8_lossy(&text.unwrap_or_default()))
    }
}

/// The entries in the file's text. A line that somebody broke is left out.
fn parsed(text: &str) -> Vec<Entry> {
    let entries = text.lines().map(serde_json::from_str);
    entries.filter_map(std::result::Result::ok).collect()
}

fn last_session(file: &mut File) -> u64 {
    let mut text = String::new();
    // What is no text is no entry.
    let _ = file.read_to_string(&mut text);
    let last = text.lines().rev().find_map(|line| {
        let entry: Entry = serde_json::from_str(line).ok()?;
        Some(entry.session)
    });
    last.unwrap_or(0)
}

/// Leaves the newer half of the lines.
fn cut(file: &mut File) -> std::io::Result<()> {
    use std::io::Seek as _;
    let mut text = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut text)?;
    let half = text.len() / 2;
    let line = text[half..].iter().position(|byte| *byte == b'\n');
    let newer = line.map_or(&[][..], |at| &text[half + at + 1..]);
    file.set_len(0)?;
    file.write_all(newer)
}

/// Each source once, where it was run last.
fn unique(entries: Vec<&Entry>) -> Vec<&Entry> {
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<&Entry> = entries
        .into_iter()
        .rev()
        .filter(|it| seen.insert(&it.source))
        .collect();
    kept.reverse();
    kept
}

/// Whether `text` is what `pattern` describes, in which `*` stands for anything and `?` for one character.
fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stands, and what it has taken so far.
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(it) if *it == '?' || *it == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn history(folder: &tempfile::TempDir) -> History {
        History {
            file: Some(folder.path().join("dsprep/history.jsonl")),
            session: None,
        }
    }

    #[test]
    fn cells_are_found_across_sessions() -> Result<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = history(&folder);
        first.keep(1, "let a = 1;")?;
        first.keep(2, "a\n+ 1")?;
        let mut second = history(&folder);
        second.keep(1, "let b = 2;")?;
        second.keep(2, "let a = 1;")?;
        let answer = |request: Value| second.answer(&request)["history"].clone();
        let tail = json!({"hist_access_type": "tail", "n": 2});
        assert_eq!(
            answer(tail),
            json!([[2, 1, "let b = 2;"], [2, 2, "let a = 1;"]])
        );
        let before = json!({"hist_access_type": "range", "session": -1, "start": 2, "stop": 9});
        assert_eq!(answer(before), json!([[1, 2, "a\n+ 1"]]));
        let search = json!({"hist_access_type": "search", "pattern": "let*", "unique": true});
        assert_eq!(
            answer(search),
            json!([[2, 1, "let b = 2;"], [2, 2, "let a = 1;"]])
        );
        let output = json!({"hist_access_type": "tail", "n": 1, "output": true});
        assert_eq!(answer(output), json!([[2, 2, ["let a = 1;", null]]]));
        let file = folder.path().join("dsprep/history.jsonl");
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        Ok(())
    }

    #[test]
    fn a_file_that_has_grown_too_large_loses_its_older_half() -> Result<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = history(&folder);
        let long = "x".repeat(LONGEST - 10);
        let cells = usize::try_from(LARGEST).expect("it is small") / LONGEST + 3;
        for line in 1..=cells {
            history.keep(line, &long)?;
        }
        let entries = history.entries();
        assert_eq!(entries.last().map(|it| it.line), Some(cells));
        assert!(entries.len() < cells * 2 / 3 && entries.len() > cells / 3);
        let file = history.file.clone().expect("a file");
        assert!(file.metadata().expect("a file").len() < LARGEST);
        history.keep(1, &"y".repeat(LONGEST + 1))?;
        assert_eq!(history.entries().len(), entries.len());
        Ok(())
    }

    #[test]
    fn patterns_are_those_of_a_shell() {
        for (pattern, text, fits) in [
            ("let*", "let a", true),
            ("*a*b", "xaxbab", true),
            ("?", "\u{e9}", true),
            ("a", "ab", false),
            ("*", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
