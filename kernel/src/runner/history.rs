//! How notebooks went last time: which failed, and how long each took.
//!
//! It is kept in the user's cache, not in the project. A file of recorded times, which all shards of a run can share,
//! is read instead if one is given.

use super::events::{Event, Run};
use super::plan::{Planned, real};
use crate::error::{Error, Result};
use crate::named_files;
use crate::notebook::replace_in_folder;
use crate::terminal::one_line;
use crate::user_folders;
use serde_json::{Map, Value, json};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// How notebooks went, by path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    notebooks: Map<String, Value>,
    /// Whether the times come from a file that was given.
    given: bool,
}

impl History {
    /// What is known of notebooks of the folder `here`; nothing if nothing is.
    pub fn of(here: &Path) -> Self {
        let text = place(here).and_then(|(folder, name)| fs::read(folder.join(name)).ok());
        let notebooks = text.and_then(|text| serde_json::from_slice(&text).ok());
        History {
            notebooks: notebooks.unwrap_or_default(),
            given: false,
        }
    }

    /// The times in the lines of JSON that an earlier run wrote with `--json`.
    ///
    /// # Errors
    /// If the file can't be read, or is no such report.
    pub fn from_report(path: &Path) -> Result<Self> {
        let text = named_files::read_text(path)?;
        let mut history = History {
            given: true,
            ..History::default()
        };
        for line in text.lines() {
            let event: Value = serde_json::from_str(line).unwrap_or_default();
            if event["event"] == "notebook-finished"
                && let Some(notebook) = event["notebook"].as_str()
            {
                let seconds = event["run"]["seconds"].as_f64().unwrap_or(0.0);
                let failed =
                    event["run"]["outcome"] != "passed" && event["run"]["outcome"] != "flaky";
                history.notebooks.insert(
                    notebook.to_owned(),
                    json!({"seconds": seconds, "failed": failed}),
                );
            }
        }
        if history.notebooks.is_empty() {
            let path = one_line(&path.display().to_string());
            return Err(Error::Usage(format!(
                "{path}: it holds no times; give a report that `dsprep run --json FILE` wrote"
            )));
        }
        Ok(history)
    }

    /// Whether the notebook failed last time.
    pub fn failed(&self, path: &Path) -> bool {
        self.of_notebook(path)
            .is_some_and(|known| known["failed"] == true)
    }

    /// How long it took, if that was given: times of this machine alone would make other shards than those of others.
    pub fn milliseconds(&self, path: &Path) -> Option<u64> {
        let known = self.of_notebook(path).filter(|_| self.given)?;
        Some((known["seconds"].as_f64()? * 1000.0) as u64)
    }

    fn of_notebook(&self, path: &Path) -> Option<&Value> {
        self.notebooks.get(&key(path, self.given))
    }

    /// Notes how a notebook went.
    pub fn note(&mut self, notebooks: &[std::sync::Arc<Planned>], event: &Event) {
        let Event::Finished { notebook, run } = event else {
            return;
        };
        if let (Some(planned), false) = (notebooks.get(*notebook), run.is_unchanged()) {
            let known = json!({"seconds": run.took.as_secs_f64(), "failed": has_failed(run)});
            self.notebooks.insert(key(&planned.path, false), known);
        }
    }

    /// Keeps it for the next time. Where there is no place for it, it is forgotten.
    pub fn keep(&self, here: &Path) {
        if let Some((folder, name)) = place(here) {
            let bytes = Value::Object(self.notebooks.clone())
                .to_string()
                .into_bytes();
            let _ = replace_in_folder(&folder, Path::new(&name), &bytes);
        }
    }
}

fn has_failed(run: &Run) -> bool {
    !run.passed()
}

fn key(path: &Path, as_given: bool) -> String {
    if as_given {
        path.display().to_string()
    } else {
        real(path).display().to_string()
    }
}

/// The folder and the name of the file for the folder `here`.
fn place(here: &Path) -> Option<(PathBuf, String)> {
    let mut hasher = DefaultHasher::new();
    real(here).hash(&mut hasher);
    Some((
        user_folders::cache()?.join("runs"),
        format!("{:016x}.json", hasher.finish()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_a_report() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("report.jsonl");
        let line = json!({"event": "notebook-finished", "notebook": "a.ipynb", "run": {"seconds": 2.5, "outcome": "failed"}});
        fs::write(
            &path,
            format!("{{\"event\": \"run-started\"}}\n{line}\nbroken\n"),
        )?;
        let history = History::from_report(&path).map_err(std::io::Error::other)?;
        assert_eq!(history.milliseconds(Path::new("a.ipynb")), Some(2500));
        assert!(history.failed(Path::new("a.ipynb")));
        assert_eq!(history.milliseconds(Path::new("b.ipynb")), None);
        Ok(())
    }
}
