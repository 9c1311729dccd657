//! The plan: which notebooks run, checked before anything starts.

use crate::error::{Error, Result};
use crate::notebook::Notebook;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The folder of executed copies, in the project's folder.
const COPIES: &str = "target/dsprep";

/// What will be run.
#[derive(Debug)]
pub struct Plan {
    /// The notebooks, in order.
    pub notebooks: Vec<Planned>,
    /// The folder of executed copies, as it is shown.
    pub copies: PathBuf,
}

/// One notebook of the plan.
#[derive(Debug)]
pub struct Planned {
    /// How reports call it: its path without what all notebooks of the plan have in common.
    pub name: String,
    /// The path as it was given or found.
    pub path: PathBuf,
    /// Where the executed copy goes.
    pub copy: PathBuf,
    /// The file's content at the start of the run.
    pub bytes: Vec<u8>,
    /// The notebook.
    pub notebook: Notebook,
}

/// Finds and reads the notebooks that `paths` name, seen from the folder `here`.
///
/// # Errors
/// All problems with all paths and files, at once.
pub fn plan(paths: &[PathBuf], here: &Path) -> Result<Plan> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        match find(short(path)) {
            Ok(found) => files.extend(found.into_iter().filter(|file| seen.insert(real(file)))),
            Err(problem) => problems.push(problem),
        }
    }
    let project = project_folder(here);
    let copies = project.join(COPIES);
    let common = common_folder(&files);
    let mut notebooks = Vec::new();
    for path in files {
        match read(&path) {
            Ok((bytes, notebook)) => {
                let name = path
                    .strip_prefix(&common)
                    .unwrap_or(&path)
                    .display()
                    .to_string();
                let copy = copies.join(relative(&real(&path), &project));
                notebooks.push(Planned {
                    name,
                    path,
                    copy,
                    bytes,
                    notebook,
                });
            }
            Err(problem) => problems.push(problem),
        }
    }
    Error::all(problems)?;
    let copies = copies
        .strip_prefix(here)
        .map_or(copies.clone(), Path::to_owned);
    Ok(Plan { notebooks, copies })
}

/// The path without a leading `./`.
fn short(path: &Path) -> &Path {
    path.strip_prefix(".")
        .ok()
        .filter(|short| !short.as_os_str().is_empty())
        .unwrap_or(path)
}

/// The notebook `path`, or all notebooks in the folder `path` and below.
fn find(path: &Path) -> Result<Vec<PathBuf>> {
    let metadata = fs::metadata(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::NoSuchPath(path.to_owned()),
        _ => Error::File {
            action: "read",
            path: path.to_owned(),
            source,
        },
    })?;
    if metadata.is_dir() {
        let mut files = Vec::new();
        search(path, &mut files)?;
        return if files.is_empty() {
            Err(Error::NoNotebooks(path.to_owned()))
        } else {
            Ok(files)
        };
    }
    if is_called_notebook(path) {
        Ok(vec![path.to_owned()])
    } else {
        Err(Error::NotCalledNotebook(path.to_owned()))
    }
}

/// Adds the notebooks in `folder` and below, sorted by name; what is hidden and the executed copies are
/// passed over.
fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(Error::file("read", folder))?;
    let mut entries = entries
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(Error::file("read", folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = short(&entry.path()).to_owned();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // Links to folders are not followed, so that no circle of links is walked for ever.
        if entry
            .file_type()
            .map_err(Error::file("read", &path))?
            .is_dir()
        {
            if !path.ends_with(COPIES) {
                search(&path, files)?;
            }
        } else if is_called_notebook(&path) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn is_called_notebook(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("ipynb"))
}

fn read(path: &Path) -> Result<(Vec<u8>, Notebook)> {
    let bytes = fs::read(path).map_err(Error::file("read", path))?;
    let notebook = Notebook::parse(path, &bytes)?;
    match notebook.language() {
        Some(language) if !language.eq_ignore_ascii_case("rust") => Err(Error::OtherLanguage {
            path: path.to_owned(),
            language: language.to_owned(),
        }),
        _ => Ok((bytes, notebook)),
    }
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The folder of the cargo workspace or package around `here`, or `here` itself.
fn project_folder(here: &Path) -> PathBuf {
    let here = real(here);
    let manifest = |folder: &&Path| fs::read_to_string(folder.join("Cargo.toml")).ok();
    let workspace = here
        .ancestors()
        .find(|folder| manifest(folder).is_some_and(|text| text.contains("[workspace]")));
    let project = workspace.or_else(|| here.ancestors().find(|folder| manifest(folder).is_some()));
    project.map_or(here.clone(), Path::to_owned)
}

/// `path` seen from `project`; if it lies elsewhere, its whole path without the root.
fn relative(path: &Path, project: &Path) -> PathBuf {
    let inside = path.strip_prefix(project).unwrap_or(path);
    inside
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}

/// The folder that all files have in common.
fn common_folder(files: &[PathBuf]) -> PathBuf {
    let mut folders = files.iter().filter_map(|file| file.parent());
    let first = folders.next().unwrap_or(Path::new("")).to_owned();
    folders.fold(first, |common, folder| {
        let pairs = common.components().zip(folder.components());
        pairs
            .take_while(|(left, right)| left == right)
            .map(|(part, _)| part)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = r#"{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#;

    fn folder(files: &[(&str, &str)]) -> std::io::Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
            fs::write(path, text)?;
        }
        Ok(folder)
    }

    fn names(plan: &Plan) -> Vec<&str> {
        plan.notebooks
            .iter()
            .map(|planned| planned.name.as_str())
            .collect()
    }

    #[test]
    fn folders_are_searched_in_order_and_hidden_ones_passed_over() -> std::io::Result<()> {
        let folder = folder(&[
            ("b.ipynb", EMPTY),
            ("a/c.ipynb", EMPTY),
            ("a/.ipynb_checkpoints/c-checkpoint.ipynb", EMPTY),
            (".hidden/d.ipynb", EMPTY),
            ("target/dsprep/b.ipynb", EMPTY),
            ("notes.txt", ""),
        ])?;
        let here = folder.path();
        let plan =
            plan(&[here.to_owned(), here.join("b.ipynb")], here).map_err(std::io::Error::other)?;
        assert_eq!(names(&plan), ["a/c.ipynb", "b.ipynb"]);
        assert_eq!(plan.copies, Path::new(COPIES));
        assert!(plan.notebooks[0].copy.ends_with("target/dsprep/a/c.ipynb"));
        Ok(())
    }

    #[test]
    fn copies_go_to_the_folder_of_the_workspace() -> std::io::Result<()> {
        let folder = folder(&[
            ("Cargo.toml", "[workspace]"),
            ("kernel/Cargo.toml", ""),
            ("kernel/x/a.ipynb", EMPTY),
        ])?;
        let here = folder.path().join("kernel/x");
        let plan = plan(&[here.join("a.ipynb")], &here).map_err(std::io::Error::other)?;
        assert_eq!(
            plan.notebooks[0].copy,
            real(folder.path()).join("target/dsprep/kernel/x/a.ipynb")
        );
        Ok(())
    }

    #[test]
    fn all_problems_are_told_at_once() -> std::io::Result<()> {
        let python =
            r#"{"cells": [], "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}"#;
        let folder = folder(&[
            ("ok.ipynb", EMPTY),
            ("py.ipynb", python),
            ("a.txt", ""),
            ("none/a.txt", ""),
        ])?;
        let here = folder.path();
        let paths =
            ["ok.ipynb", "py.ipynb", "a.txt", "none", "missing"].map(|name| here.join(name));
        let error = plan(&paths, here)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        insta::assert_snapshot!(error.replace(&here.display().to_string(), "[here]"), @r#"
        4 problems:
          `[here]/a.txt`: not a notebook; a notebook's name ends in .ipynb
          `[here]/none`: there is no notebook (*.ipynb) in this folder or below
          `[here]/missing`: no such file or folder; it is looked for from the current folder
          [here]/py.ipynb: written in python, but this runner executes Rust; choose the kernel "Rust (dsprep)" in JupyterLab, or leave this notebook out
        "#);
        Ok(())
    }
}
