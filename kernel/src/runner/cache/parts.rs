//! The parts of what a notebook depends on, each as one digest.

use crate::digest;
use crate::notebook::Notebook;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files that say exactly which packages are used, or at least which.
const LOCKS: [&str; 11] = [
    "Cargo.lock",
    "Pipfile.lock",
    "conda-lock.yml",
    "environment.yml",
    "pdm.lock",
    "pixi.lock",
    "poetry.lock",
    "pyproject.toml",
    "requirements.txt",
    "rust-toolchain.toml",
    "uv.lock",
];
/// The endings of files beside a notebook that are taken for its code.
const CODE: [&str; 3] = ["py", "rs", "toml"];

/// Code cells, text cells with tags (those hold solutions), metadata, and code beside the notebook.
pub fn code(notebook: &Notebook, folder: &Path) -> String {
    let code = notebook.code_cells();
    let texts = notebook.text_cells();
    let tagged = texts.iter().filter(|cell| !cell.tags.is_empty());
    let cells: Vec<_> = code
        .iter()
        .chain(tagged)
        .map(|cell| {
            json!([
                cell.position,
                cell.id,
                cell.source,
                cell.tags,
                cell.metadata["execution"]["timeout"]
            ])
        })
        .collect();
    let metadata = notebook.value()["metadata"].take();
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let is_code = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| CODE.contains(&ending))
    };
    let beside: BTreeMap<_, _> = entries
        .filter(is_code)
        .map(|path| (path.display().to_string(), file(&path)))
        .collect();
    digest::of_bytes(json!([cells, metadata, beside]).to_string().as_bytes())
}

/// The outputs and counts that a notebook stores.
pub fn outputs(notebook: &Notebook) -> String {
    let cells = notebook.code_cells().into_iter();
    let stored: Vec<_> = cells
        .map(|cell| {
            json!([
                notebook.outputs(cell.position),
                notebook.execution_count(cell.position)
            ])
        })
        .collect();
    digest::of_bytes(Value::Array(stored).to_string().as_bytes())
}

/// The lock files in the notebook's folder and those around it, up to the root of the repository.
pub fn locks(folder: &Path) -> String {
    let mut found = BTreeMap::new();
    for around in folder.ancestors() {
        for path in LOCKS.iter().map(|name| around.join(name)) {
            if let Some(content) = file(&path) {
                found.insert(path.display().to_string(), content);
            }
        }
        if around.join(".git").exists() {
            break;
        }
    }
    digest::of_bytes(json!(found).to_string().as_bytes())
}

/// The files that the notebook declares in its metadata: `"dsprep": {"data": ["prices.csv", "images/*"]}`.
///
/// # Errors
/// If what it declares is no list of files.
pub fn data(notebook: &Notebook, folder: &Path) -> Result<String, String> {
    let declared = notebook.value()["metadata"]["dsprep"]["data"].take();
    let patterns = match &declared {
        Value::Null => Vec::new(),
        Value::String(only) => vec![only.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return Err("`dsprep.data` in its metadata is no list of files".to_owned()),
    };
    let mut found = BTreeMap::new();
    for pattern in patterns {
        let whole = folder.join(pattern).display().to_string();
        let paths = glob::glob(&whole)
            .map_err(|error| format!("`{pattern}` is no pattern: {}", error.msg))?;
        for path in paths.flatten() {
            add_file(&path, &mut found);
        }
    }
    Ok(digest::of_bytes(json!(found).to_string().as_bytes()))
}

/// A file, or all below a folder. Links are followed once: what they lead to is the data.
fn add_file(path: &Path, found: &mut BTreeMap<String, Option<String>>) {
    let is_link = fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
    if path.is_dir() && !is_link {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            add_file(&entry.path(), found);
        }
    } else {
        found.insert(path.display().to_string(), file(path));
    }
}

/// The program as a shell finds it.
pub fn on_path(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    let mut files = std::env::split_paths(&path).map(|folder| folder.join(program));
    files.find(|file| file.is_file())
}

/// The interpreter of a kernel of Python, and the packages that are installed beside it.
///
/// # Errors
/// What can't be known of them.
pub fn packages(language: &str, program: &Path) -> Result<String, String> {
    if language != "python" {
        return Err(format!(
            "of kernels of others, only those of Python are known, not of `{language}`"
        ));
    }
    let real =
        fs::canonicalize(program).map_err(|error| format!("{}: {error}", program.display()))?;
    let version = fs::metadata(&real).map_err(|error| format!("{}: {error}", real.display()))?;
    let mut names = vec![format!(
        "{} {} {:?}",
        real.display(),
        version.len(),
        version.modified().ok()
    )];
    // The prefix of a virtual environment, and that of the Python that it was made from.
    for program in [program, &real] {
        let Some(prefix) = program.parent().and_then(Path::parent) else {
            continue;
        };
        let pattern = prefix
            .join("lib*/python3*/*-packages/*")
            .display()
            .to_string();
        for path in glob::glob(&pattern).into_iter().flatten().flatten() {
            let name = path.display().to_string();
            if name.contains("__editable__") || name.ends_with(".egg-link") {
                return Err(format!("a package is installed for editing: {name}"));
            }
            if name.ends_with("-info") {
                names.push(name);
            }
        }
    }
    Ok(digest::of_bytes(names.join("\n").as_bytes()))
}

/// The digest of a file; none if it can't be read.
pub fn file(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    digest::of_file(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(metadata: &str, source: &str, output: &str) -> Notebook {
        let text = format!(
            r#"{{"cells": [{{"cell_type": "markdown", "metadata": {{}}, "source": "{output}"}},
            {{"cell_type": "code", "execution_count": 1, "metadata": {{}}, "source": "{source}",
              "outputs": [{{"output_type": "stream", "name": "stdout", "text": "{output}"}}]}}],
            "metadata": {metadata}, "nbformat": 4, "nbformat_minor": 4}}"#
        );
        Notebook::parse(Path::new("a.ipynb"), text.as_bytes()).expect("a notebook")
    }

    #[test]
    fn outputs_and_prose_are_no_code_and_code_is_no_output() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let code =
            |source: &str, output: &str| code(&notebook("{}", source, output), folder.path());
        assert_eq!(code("1", "a"), code("1", "b"));
        assert_ne!(code("1", "a"), code("2", "a"));
        let out = |source: &str, output: &str| outputs(&notebook("{}", source, output));
        assert_eq!(out("1", "a"), out("2", "a"));
        assert_ne!(out("1", "a"), out("1", "b"));
        let before = code("1", "a");
        fs::write(folder.path().join("helper.py"), "x = 1")?;
        assert_ne!(code("1", "a"), before);
        Ok(())
    }

    #[test]
    fn declared_data_and_lock_files_count() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let folder = root.path().join("a/b");
        fs::create_dir_all(folder.join("images"))?;
        fs::create_dir(root.path().join("a/.git"))?;
        let declared = notebook(r#"{"dsprep": {"data": ["*.csv", "images"]}}"#, "1", "");
        let now = || (data(&declared, &folder), locks(&folder));
        let mut last = now();
        let steps = [
            ("a/b/x.csv", true),
            ("a/b/images/y.png", true),
            ("a/b/other.txt", false),
            ("uv.lock", false),
        ];
        for (name, counts) in steps {
            fs::write(root.path().join(name), "1")?;
            assert_eq!(now().0 != last.0, counts, "{name}");
            last = now();
        }
        fs::write(root.path().join("a/uv.lock"), "1")?;
        assert_ne!(now().1, last.1);
        assert!(data(&notebook(r#"{"dsprep": {"data": 1}}"#, "", ""), &folder).is_err());
        Ok(())
    }
}
