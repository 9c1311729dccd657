//! Copies of the notebooks to practise in, in a folder of the learner's own.
//!
//! A copy has no stored outputs, so that a prediction is one, and each exercise is the stub. What the learner changed
//! is never overwritten: a newer version of a notebook is offered, and taken when it is asked for.

use crate::digest;
use crate::error::{Error, Result};
use crate::notebook::{Notebook, replace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// The folder in the home folder where nobody names another.
const USUAL: &str = "dsprep-practice";
/// Which version of each notebook was copied.
const LIST: &str = ".dsprep-practice.json";

/// The version of each notebook that the learner has: the SHA-256 of the copy as it was made.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Versions(BTreeMap<String, String>);

/// What was found and done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Notebooks that were copied for the first time.
    pub fresh: Vec<String>,
    /// Notebooks of which there is a newer version.
    pub outdated: Vec<String>,
    /// Notebooks that were replaced by the newer version, and what the learner's own is called now.
    pub renewed: Vec<(String, String)>,
}

/// The folder to practise in: the one that is named, or one in the home folder.
///
/// # Errors
/// [`Error::NoHome`] if there is no home folder, [`Error::Usage`] if the folder is in a git checkout.
pub fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let folder = match named {
        Some(folder) => folder.to_owned(),
        None => env::home_dir().ok_or(Error::NoHome)?.join(USUAL),
    };
    let folder = std::path::absolute(&folder).map_err(Error::file("find", &folder))?;
    let checkout = folder.ancestors().find(|it| it.join(".git").exists());
    match checkout {
        // A home folder that is kept in git is the learner's own.
        Some(checkout) if env::home_dir().as_deref() != Some(checkout) => {
            Err(Error::Usage(format!(
                "`{}` is in the git checkout `{}`; what you practise belongs in a folder of your own: dsprep lab \
             --practice ~/{USUAL}",
                folder.display(),
                checkout.display()
            )))
        }
        _ => Ok(folder),
    }
}

/// Copies what is missing from `shipped` into `folder`, and, if `renew` is set, takes newer versions; the learner's
/// own then gets another name.
///
/// # Errors
/// [`Error::File`] if something can't be read or written.
pub fn prepare(shipped: &Path, folder: &Path, renew: bool) -> Result<Report> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(Error::file("create", folder))?;
    let list = folder.join(LIST);
    let known = fs::read(&list).ok();
    let mut versions: Versions = known
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let mut report = Report::default();
    for source in notebooks_in(shipped)? {
        let name = source
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&source).map_err(Error::file("read", &source))?;
        let copy = without_outputs(&source, &bytes)?;
        let version = digest::of_bytes(&copy);
        let target = folder.join(&name);
        let is_there = target.symlink_metadata().is_ok();
        if is_there && versions.0.get(&name) == Some(&version) {
            continue;
        }
        if !is_there {
            report.fresh.push(name.clone());
        } else if renew {
            let kept = set_aside(&target)?;
            report.renewed.push((name.clone(), kept));
        } else {
            report.outdated.push(name);
            continue;
        }
        create(&target, &copy)?;
        versions.0.insert(name, version);
    }
    let text = serde_json::to_vec_pretty(&versions).unwrap_or_default();
    replace(&list, &text)?;
    Ok(report)
}

/// Says what [`prepare`] found and did.
pub fn tell(report: &Report, folder: &Path) {
    let mut lines = Vec::new();
    if !report.fresh.is_empty() {
        lines.push(format!(
            "{} notebooks to practise in are in {}: yours to change, without outputs",
            report.fresh.len(),
            folder.display()
        ));
    }
    for (name, kept) in &report.renewed {
        lines.push(format!("{name} is the newer version; yours is {kept}"));
    }
    if !report.outdated.is_empty() {
        lines.push(format!(
            "There is a newer version of {}; to take it and keep yours beside it: dsprep lab --practice --renew",
            report.outdated.join(", ")
        ));
    }
    for line in lines {
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

fn notebooks_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::file("read", folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut notebooks: Vec<PathBuf> = paths
        .filter(|path| path.extension() == Some(OsStr::new("ipynb")))
        .collect();
    notebooks.sort();
    Ok(notebooks)
}

fn without_outputs(path: &Path, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut notebook = Notebook::parse(path, bytes)?;
    for cell in notebook.code_cells() {
        notebook.set_outputs(cell.position, None, Vec::new());
    }
    Ok(notebook.to_bytes())
}

/// Writes a file that is not there yet.
fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = fs::File::create_new(path).map_err(Error::file("write", path))?;
    let written = file.write_all(bytes);
    if written.is_err() {
        // Half a notebook would look like the learner's own.
        let _ = fs::remove_file(path);
    }
    written.map_err(Error::file("write", path))
}

/// Gives the learner's own notebook another name, `q16_sql_joins.mine-1.ipynb`, and returns it.
fn set_aside(path: &Path) -> Result<String> {
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for number in 1.. {
        let name = format!("{stem}.mine-{number}.ipynb");
        let target = path.with_file_name(&name);
        // A link is made only where nothing is.
        match fs::hard_link(path, &target) {
            Ok(()) => {
                fs::remove_file(path).map_err(Error::file("rename", path))?;
                return Ok(name);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::file("rename", path)(error)),
        }
    }
    unreachable!("some number is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(source: &str) -> String {
        format!(
            r##"{{
 "cells": [
  {{
   "cell_type": "code",
   "execution_count": 3,
   "id": "a",
   "metadata": {{}},
   "outputs": [
    {{
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "the answer\n"
     ]
    }}
   ],
   "source": [
    "{source}"
   ]
  }}
 ],
 "metadata": {{}},
 "nbformat": 4,
 "nbformat_minor": 5
}}
"##
        )
    }

    fn write(path: &Path, text: &str) {
        fs::write(path, text).expect("a file");
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("a file")
    }

    #[test]
    fn copies_have_no_outputs_and_what_was_changed_is_kept() -> Result<()> {
        let root = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        let (shipped, own) = (root.path().join("shipped"), root.path().join("own"));
        fs::create_dir(&shipped).map_err(Error::system("make a folder"))?;
        write(&shipped.join("q16.ipynb"), &notebook("1"));
        write(&shipped.join("q17.ipynb"), &notebook("2"));
        let first = prepare(&shipped, &own, false)?;
        assert_eq!(first.fresh, ["q16.ipynb", "q17.ipynb"]);
        let copy = read(&own.join("q16.ipynb"));
        assert!(
            !copy.contains("the answer") && copy.contains("\"outputs\": []"),
            "{copy}"
        );
        assert!(copy.contains("\"execution_count\": null"), "{copy}");

        // The second time there is nothing to do, and the learner's work stays.
        write(&own.join("q16.ipynb"), "mine");
        assert_eq!(prepare(&shipped, &own, true)?, Report::default());
        assert_eq!(read(&own.join("q16.ipynb")), "mine");

        // Other outputs alone are no newer version; another cell is.
        write(
            &shipped.join("q17.ipynb"),
            &notebook("2").replace("the answer", "another"),
        );
        write(&shipped.join("q16.ipynb"), &notebook("3"));
        let offered = prepare(&shipped, &own, false)?;
        assert_eq!(offered.outdated, ["q16.ipynb"]);
        assert_eq!(read(&own.join("q16.ipynb")), "mine");
        write(&own.join("q16.mine-1.ipynb"), "older");
        let renewed = prepare(&shipped, &own, true)?;
        let kept = ("q16.ipynb".to_owned(), "q16.mine-2.ipynb".to_owned());
        assert_eq!(renewed.renewed, [kept]);
        assert_eq!(read(&own.join("q16.mine-1.ipynb")), "older");
        assert_eq!(read(&own.join("q16.mine-2.ipynb")), "mine");
        assert!(read(&own.join("q16.ipynb")).contains("\"3\""));
        assert_eq!(prepare(&shipped, &own, false)?, Report::default());

        // One that the learner removed comes again.
        fs::remove_file(own.join("q17.ipynb")).map_err(Error::system("remove a file"))?;
        assert_eq!(prepare(&shipped, &own, false)?.fresh, ["q17.ipynb"]);
        Ok(())
    }

    #[test]
    fn nobody_practises_in_a_checkout() -> Result<()> {
        let root = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        fs::create_dir(root.path().join(".git")).map_err(Error::system("make a folder"))?;
        let refused = folder(Some(&root.path().join("a/b")));
        assert!(matches!(refused, Err(Error::Usage(_))), "{refused:?}");
        let free = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        assert_eq!(folder(Some(free.path()))?, free.path());
        Ok(())
    }
}
