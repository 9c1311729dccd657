//! `--cache`: a notebook that passed is passed over as long as nothing changed that it depends on.
//!
//! What it depends on is told by a [`fingerprint`] of several parts: its code, its kernel, the core library, the
//! compiler, lock files, the data that it declares, how it is run, and under `--check` its stored outputs. Only if
//! every part is as it was when the notebook passed, it is not run. Where a part can't be known, it always is.

mod fingerprint;
mod parts;

use super::events::Run;
use super::plan::{Planned, real};
use crate::digest;
use crate::error::Error;
use crate::notebook::{Notebook, replace_in_folder};
use crate::toolchain::kit::Kit;
use crate::user_folders;
use fingerprint::{Fingerprint, OUTPUTS};
use serde_json::{Value, json};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What is known of notebooks that passed.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    own: fingerprint::OwnKernel,
    /// How all notebooks are run: the answers to their questions, and the rules for comparing.
    how: String,
}

/// What the cache says of a notebook.
#[derive(Debug)]
pub enum Known {
    /// It passed so long ago, and nothing changed since.
    Unchanged {
        /// How long ago it passed.
        since: Duration,
    },
    /// It is to be run.
    Changed {
        /// Why.
        why: String,
        /// What it is like now, to be kept if it passes; none if that can't be known.
        now: Option<Now>,
    },
}

/// What a notebook is like before it runs.
#[derive(Debug)]
pub struct Now(Fingerprint);

impl Cache {
    /// The cache of this user; none where there is no place for it.
    pub fn new(kit: Option<&Kit>, answers: &[String], rules: Option<&Path>) -> Option<Cache> {
        let rules = rules.map(|path| fs::read(path).unwrap_or_default());
        Some(Cache {
            folder: user_folders::cache()?.join("passed"),
            own: fingerprint::OwnKernel::new(kit),
            how: digest::of_bytes(format!("{answers:?} {rules:?}").as_bytes()),
        })
    }

    /// Whether the notebook must be run. `checked` tells whether its stored outputs are to be those of a fresh run, and
    /// `copies` is the folder where its executed copy must lie.
    pub fn look_up(&self, planned: &Planned, checked: bool, copies: Option<&Path>) -> Known {
        let now = match Fingerprint::of(planned, &self.own, &self.how) {
            Ok(now) => now,
            Err(why) => {
                let why = format!("not cached: {why}");
                return Known::Changed { why, now: None };
            }
        };
        let (why, since) = match self.read(&planned.path) {
            None => ("not cached yet".to_owned(), None),
            Some((then, since)) => {
                let mut changed = then.differs_from(&now, checked);
                let copy = copies.map(|folder| folder.join(&planned.copy));
                if changed.is_empty() && copy.is_some_and(|copy| !copy.is_file()) {
                    changed.push("the executed copy, which is not there any more,");
                }
                let since = changed.is_empty().then_some(since);
                (format!("{} changed", changed.join(", ")), since)
            }
        };
        match since {
            Some(since) => Known::Unchanged { since },
            None => Known::Changed {
                why,
                now: Some(Now(now)),
            },
        }
    }

    /// Keeps that the notebook passed. `checked` tells whether its stored outputs are those of this run.
    pub fn keep(&self, planned: &Planned, run: &Run, now: Now, checked: bool) {
        if !run.passed() {
            return;
        }
        let mut parts = now.0.parts;
        // After an update the file holds other outputs than before.
        let stored = fs::read(&planned.path).map_err(Error::file("read", &planned.path));
        let stored = stored.and_then(|bytes| Notebook::parse(&planned.path, &bytes));
        match stored.ok().filter(|_| checked) {
            Some(stored) => parts.insert(OUTPUTS, parts::outputs(&stored)),
            None => parts.remove(OUTPUTS),
        };
        let at = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let entry = json!({"format": 1, "passed_at": at.as_secs(), "parts": parts});
        // Where there is no room for it, it is run again the next time.
        let name = name(&planned.path);
        let _ = replace_in_folder(&self.folder, Path::new(&name), entry.to_string().as_bytes());
    }

    /// What the notebook was like when it passed last, and how long ago that was.
    fn read(&self, path: &Path) -> Option<(Fingerprint, Duration)> {
        let bytes = fs::read(self.folder.join(name(path))).ok()?;
        let entry: Value = serde_json::from_slice(&bytes).ok()?;
        let at = UNIX_EPOCH + Duration::from_secs(entry["passed_at"].as_u64()?);
        let since = SystemTime::now().duration_since(at).unwrap_or_default();
        Some((Fingerprint::from_entry(&entry["parts"])?, since))
    }
}

fn name(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    real(path).hash(&mut hasher);
    format!("{:016x}.json", hasher.finish())
}
