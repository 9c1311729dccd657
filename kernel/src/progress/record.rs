//! The file of what was passed and reviewed: one line of JSON for each, readable by its owner only.
//!
//! It lies in the user's data folder, and nothing of it leaves the machine.

use crate::error::{Error, Result};
use crate::user_folders;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::env;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The variable that lets a kernel record: `on`, or the file to write. A kernelspec sets it, so that only a kernel that
/// Jupyter starts records anything.
pub const PROGRESS: &str = "DSPREP_PROGRESS";

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An exercise was passed: the name of its check.
    Passed(String),
    /// A card was reviewed: its name, and 1 (forgotten) to 4 (easy).
    Card(String, u8),
}

/// An event, and when it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Seconds since 1970.
    pub at: u64,
    /// What happened.
    pub what: What,
}

/// The file: the one that the variable names, or that of the user's data folder.
pub fn file() -> Option<PathBuf> {
    let named = env::var_os(PROGRESS).map(PathBuf::from);
    let named = named.filter(|path| path.is_absolute());
    named.or_else(|| Some(user_folders::data()?.join("progress.jsonl")))
}

/// Whether this kernel may record what is passed.
pub fn may_record() -> bool {
    let setting = env::var_os(PROGRESS).unwrap_or_default();
    setting == "on" || Path::new(&setting).is_absolute()
}

/// Records that a cell passed its check, if this kernel may record. A failure is nobody's concern while they learn.
pub fn cell(code: &str, shown: &Value) {
    if !may_record() {
        return;
    }
    let passed = shown["text/plain"]
        .as_str()
        .unwrap_or_default()
        .starts_with("Passed.");
    if let (true, Some(name), Some(file)) = (passed, check_in(code), file()) {
        let _ = append(&file, &[What::Passed(name.to_owned())]);
    }
}

/// The check that a cell calls: the last name that starts with `check_` and is followed by a bracket.
pub fn check_in(code: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let calls = code.rmatch_indices("check_").filter_map(|(at, _)| {
        let starts = !code[..at].ends_with(is_name);
        let end = code[at..].find(|c| !is_name(c))? + at;
        (starts && code[end..].starts_with('(')).then_some(&code[at..end])
    });
    calls.into_iter().next()
}

/// Appends entries of this moment.
///
/// # Errors
/// [`Error::File`] if the file can't be written.
pub fn append(file: &Path, events: &[What]) -> Result<()> {
    let at = now();
    let mut lines = String::new();
    for what in events {
        let what = what.clone();
        let line = serde_json::to_string(&Entry { at, what }).unwrap_or_default();
        lines += &(line + "\n");
    }
    let folder = file.parent().unwrap_or(Path::new("/"));
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(Error::file("create", folder))?;
    // In one piece at the end, so that kernels which write at the same time do no harm.
    let written = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| file.write_all(lines.as_bytes()));
    written.map_err(Error::file("write", file))
}

/// All entries. Lines that can't be understood, of a newer version perhaps, are passed over.
pub fn read(file: &Path) -> Vec<Entry> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let entries = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    entries.collect()
}

/// Seconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_check_of_a_cell_is_the_last_that_it_calls() {
        let cell = "fn f() {}\n// check_this_first(x)\ncheck_q17_surplus(f)";
        assert_eq!(check_in(cell), Some("check_q17_surplus"));
        assert_eq!(check_in("let recheck_it = 1; check_ = 2;"), None);
        assert_eq!(
            check_in("dsprep_core::prelude::check_start_sum(|n| n)"),
            Some("check_start_sum")
        );
    }

    #[test]
    fn what_is_recorded_is_read_again_and_nobody_else_can_read_it() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        let file = folder.path().join("a/progress.jsonl");
        let events = [
            What::Passed("check_a".into()),
            What::Card("q18-ranks".into(), 3),
        ];
        append(&file, &events[..1])?;
        append(&file, &events[1..])?;
        let mut text = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
        text += "half a li";
        fs::write(&file, text).map_err(Error::file("write", &file))?;
        let read: Vec<What> = read(&file).into_iter().map(|entry| entry.what).collect();
        assert_eq!(read, events);
        let mode = |path: &Path| {
            fs::metadata(path)
                .map(|data| data.permissions().mode() & 0o777)
                .ok()
        };
        assert_eq!(mode(&file), Some(0o600));
        assert_eq!(mode(&folder.path().join("a")), Some(0o700));
        Ok(())
    }
}
