//! The plan: which notebooks run in which kernels, checked before anything starts.

use super::copies::{self, Copies};
use super::kernels::Kernels;
use super::parameters::Parameters;
use super::search;
use crate::client::Launch;
use crate::error::{Error, Result};
use crate::notebook::{Notebook, WrittenFor};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What will be run.
#[derive(Debug)]
pub struct Plan {
    /// The notebooks, in order.
    pub notebooks: Vec<Planned>,
    /// Where executed copies go; nowhere if there are none.
    pub copies: Option<Copies>,
    /// What should be known before the run.
    pub notes: Vec<String>,
}

/// One notebook of the plan.
#[derive(Debug)]
pub struct Planned {
    /// How reports call it: its path without what all notebooks of the plan have in common.
    pub name: String,
    /// The path as it was given or found.
    pub path: PathBuf,
    /// Where the executed copy goes, seen from the folder of copies.
    pub copy: PathBuf,
    /// The file's content at the start of the run.
    pub bytes: Vec<u8>,
    /// The notebook.
    pub notebook: Notebook,
    /// The kernel that it runs in.
    pub launch: Launch,
    /// Whether it says nothing about its language, so that Rust was assumed.
    pub guessed: bool,
    /// How long a cell may take, if the notebook says so.
    pub timeout: Option<Duration>,
    /// Whether its cells may end in errors, as the notebook says.
    pub allow_errors: bool,
}

/// What is planned for.
#[derive(Debug)]
pub struct Wish<'a> {
    /// Notebooks, folders and patterns.
    pub paths: &'a [PathBuf],
    /// Patterns of what is left out.
    pub exclude: &'a [String],
    /// The kernel for all notebooks.
    pub kernel: Option<&'a str>,
    /// The folder for executed copies.
    pub output_dir: Option<&'a Path>,
    /// Whether nothing is written unless `output_dir` is given.
    pub no_copies: bool,
    /// What the cell tagged `parameters` is overridden by.
    pub parameters: &'a Parameters,
}

/// Finds and reads the notebooks that are wished for, seen from the folder `here`.
///
/// # Errors
/// All problems with all paths and files, at once.
pub fn plan(wish: &Wish, here: &Path) -> Result<Plan> {
    let project = project_folder(here);
    let copies = copies::choose(&project, wish.output_dir, wish.no_copies)?;
    let exclude = search::patterns(wish.exclude)?;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    let passed_over = copies.as_ref().map(|copies| real(&copies.folder));
    for path in wish.paths {
        match search::find(path, &exclude, passed_over.as_deref()) {
            Ok(found) => files.extend(found.into_iter().filter(|file| seen.insert(real(file)))),
            Err(problem) => problems.push(problem),
        }
    }
    let common = common_folder(&files);
    let mut notebooks = Vec::new();
    let mut notes = Vec::new();
    let kernels = Kernels::new(wish.kernel)?;
    for path in files {
        match read(&path, &kernels, wish) {
            Ok((bytes, notebook, launch)) => {
                let shown = path.strip_prefix(&common).unwrap_or(&path);
                let real = real(&path);
                let copy = copies::relative(&real, &project);
                if let Some(copies) = &copies
                    && self::real(&copies.folder.join(&copy)) == real
                {
                    problems.push(Error::CopyIsSource { path });
                    continue;
                }
                if let Some(half) = notebook.half() {
                    notes.push(format!(
                        "{}:{}:{}: half of a character (a lone surrogate) stands here; it is kept as it is",
                        path.display(),
                        half.line,
                        half.column
                    ));
                }
                notes.extend(not_followed(&path, &notebook));
                notebooks.push(Planned {
                    name: shown.display().to_string(),
                    copy,
                    bytes,
                    guessed: notebook.written_for() == WrittenFor::default()
                        && wish.kernel.is_none(),
                    timeout: notebook.timeout(),
                    allow_errors: notebook.allows_errors(),
                    notebook,
                    launch,
                    path,
                });
            }
            Err(problem) => problems.push(problem),
        }
    }
    Error::all(problems)?;
    Ok(Plan {
        notebooks,
        copies: copies.map(|copies| copies.seen_from(here)),
        notes,
    })
}

fn read(path: &Path, kernels: &Kernels, wish: &Wish) -> Result<(Vec<u8>, Notebook, Launch)> {
    let bytes = fs::read(path).map_err(Error::file("read", path))?;
    let mut notebook = Notebook::parse(path, &bytes)?;
    let launch = kernels.choose(path, &notebook.written_for())?;
    wish.parameters.put_into(path, &mut notebook, &launch)?;
    Ok((bytes, notebook, launch))
}

/// A hint at settings of cells for nbmake that are not followed.
fn not_followed(path: &Path, notebook: &Notebook) -> Option<String> {
    let cells = notebook.code_cells();
    let mut numbered = (1..).zip(&cells);
    let (number, cell) = numbered.find(|(_, cell)| cell.metadata["nbmake"].is_object())?;
    let keys: Vec<_> = cell.metadata["nbmake"]
        .as_object()?
        .keys()
        .cloned()
        .collect();
    Some(format!(
        "{}: code cell {number} has settings for nbmake that are not followed here: {}; values are overridden with -p",
        path.display(),
        keys.join(", ")
    ))
}

pub(super) fn real(path: &Path) -> PathBuf {
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

    fn plan(paths: &[PathBuf], here: &Path) -> Result<Plan> {
        let parameters = Parameters::default();
        let wish = Wish {
            paths,
            exclude: &[],
            kernel: None,
            output_dir: None,
            no_copies: false,
            parameters: &parameters,
        };
        super::plan(&wish, here)
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
            ("node_modules/e.ipynb", EMPTY),
            ("env/pyvenv.cfg", ""),
            ("env/lib/f.ipynb", EMPTY),
            ("target/dsprep/b.ipynb", EMPTY),
            ("notes.txt", ""),
        ])?;
        let here = folder.path();
        let plan =
            plan(&[here.to_owned(), here.join("b.ipynb")], here).map_err(std::io::Error::other)?;
        assert_eq!(names(&plan), ["a/c.ipynb", "b.ipynb"]);
        let copies = plan.copies.map(|copies| copies.shown);
        assert_eq!(copies.as_deref(), Some(Path::new("target/dsprep")));
        assert_eq!(plan.notebooks[0].copy, Path::new("a/c.ipynb"));
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
        let copies = plan.copies.map(|copies| copies.folder);
        assert_eq!(copies, Some(real(folder.path()).join("target/dsprep")));
        assert_eq!(plan.notebooks[0].copy, Path::new("kernel/x/a.ipynb"));
        Ok(())
    }

    #[test]
    fn all_problems_are_told_at_once() -> std::io::Result<()> {
        let other = r#"{"cells": [], "metadata": {"kernelspec": {"language": "brainfuck", "name": "bf"}}, "nbformat": 4}"#;
        let folder = folder(&[
            ("ok.ipynb", EMPTY),
            ("bf.ipynb", other),
            ("a.txt", ""),
            (".ipynb", EMPTY),
            ("none/a.txt", ""),
        ])?;
        std::os::unix::fs::symlink("nowhere.ipynb", folder.path().join("link.ipynb"))?;
        let here = folder.path();
        let paths = [
            "ok.ipynb",
            "bf.ipynb",
            "a.txt",
            ".ipynb",
            "none",
            "missing",
            "link.ipynb",
        ]
        .map(|name| here.join(name));
        let error = plan(&paths, here)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        insta::assert_snapshot!(error.replace(&here.display().to_string(), "[here]"), @r"
        6 problems:
          `[here]/a.txt`: not a notebook; a notebook is called NAME.ipynb
          `[here]/.ipynb`: not a notebook; a notebook is called NAME.ipynb
          `[here]/none`: there is no notebook (*.ipynb) in this folder or below
          `[here]/missing`: no such file or folder; it is looked for from the current folder
          `[here]/link.ipynb`: a link to `nowhere.ipynb`, which is not there
          [here]/bf.ipynb: written in brainfuck for the kernel `bf`, and there is no such kernel here; install it or name another with --kernel NAME, or leave this notebook out with --exclude [here]/bf.ipynb
        ");
        Ok(())
    }
}
