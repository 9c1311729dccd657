//! What a cell read while it was compiled besides its source: files by `include_str!`, variables by `env!`.
//!
//! The compiler lists both (`--emit=dep-info`).

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::env;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How much later than the compiler's start a file may seem to have been changed that was changed before.
const CLOCK: Duration = Duration::from_secs(2);

/// The files and variables that a cell read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// Each file with the SHA-256 of what it held.
    files: Vec<(String, Vec<u8>)>,
    /// Each variable with its value, if it had one.
    variables: Vec<(String, Option<String>)>,
}

impl Reads {
    /// What the compiler, which started at `start` in `folder`, lists beside the files `own` of the cell itself. None
    /// if that can't be told for sure, as for a file that has been changed meanwhile.
    pub fn listed(listing: &str, own: &[&str], folder: &Path, start: SystemTime) -> Option<Reads> {
        let mut reads = Reads::default();
        for line in listing.lines() {
            if let Some(text) = line.strip_prefix("# env-dep:") {
                let (name, value) = match text.split_once('=') {
                    Some((name, value)) => (name, Some(unescaped(value))),
                    None => (text, None),
                };
                reads.variables.push((unescaped(name), value));
            } else if let Some(name) = line.strip_suffix(':') {
                let name = name.replace("\\ ", " ");
                if own.contains(&name.as_str()) || reads.files.iter().any(|(it, _)| *it == name) {
                    continue;
                }
                let path = folder.join(&name);
                let changed = fs::metadata(&path).ok()?.modified().ok()?;
                if changed + CLOCK > start {
                    return None;
                }
                let hash = hash_of(&path)?;
                reads.files.push((name, hash));
            }
        }
        Some(reads)
    }

    /// Whether all that was read is still the same, seen from `folder`.
    pub fn are_the_same(&self, folder: &Path) -> bool {
        let files = self.files.iter();
        let variables = self.variables.iter();
        let is_now = |name: &str| env::var_os(name);
        files
            .clone()
            .all(|(name, hash)| hash_of(&folder.join(name)).as_ref() == Some(hash))
            && variables.clone().all(|(name, value)| {
                is_now(name).as_deref() == value.as_deref().map(std::ffi::OsStr::new)
            })
    }
}

fn hash_of(path: &Path) -> Option<Vec<u8>> {
    let bytes = fs::read(path).ok()?;
    Some(Sha256::digest(bytes).to_vec())
}

/// A text in which the compiler has written line ends and backslashes as two characters.
fn unescaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        output.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_variable_that_changed_is_noticed() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("a file.txt");
        fs::write(&file, "one")?;
        let listing = "ctx.d: lib.rs cell\\ 3 a\\ file.txt\n\nlib.rs:\ncell\\ 3:\na\\ file.txt:\n\n\
                       # env-dep:DSPREP_NOT_SET\n# env-dep:PATH=of\\\\a\\nline\n";
        let own = ["lib.rs", "cell 3"];
        let later = SystemTime::now() + 2 * CLOCK;
        assert_eq!(
            Reads::listed(listing, &own, folder.path(), SystemTime::now()),
            None
        );
        let mut reads =
            Reads::listed(listing, &own, folder.path(), later).expect("it is all there");
        assert_eq!(reads.files.len(), 1);
        let path = reads.variables.pop();
        assert_eq!(
            path,
            Some(("PATH".to_owned(), Some("of\\a\nline".to_owned())))
        );
        assert!(reads.are_the_same(folder.path()));
        fs::write(&file, "two")?;
        assert!(!reads.are_the_same(folder.path()));
        fs::write(&file, "one")?;
        reads.variables.push(path.expect("it was there"));
        assert!(!reads.are_the_same(folder.path()));
        Ok(())
    }
}
