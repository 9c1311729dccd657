//! Which files are meant: notebooks, folders of notebooks, and patterns.

use super::plan::real;
use crate::error::{Error, Result};
use crate::named_files;
use glob::{MatchOptions, Pattern};
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The end of the path of the folder of executed copies.
const COPIES: &str = "target/dsprep";
/// Folders of programs that others wrote; notebooks in them are theirs.
const FOREIGN: [&str; 2] = ["node_modules", "__pycache__"];
/// The file that lies in each virtual environment of Python.
const ENVIRONMENT: &str = "pyvenv.cfg";

/// Reads patterns like `drafts/*` or `**/old_*.ipynb`.
///
/// # Errors
/// [`Error::Usage`] for what is none.
pub fn patterns(texts: &[String]) -> Result<Vec<Pattern>> {
    let pattern = |text: &String| {
        let plain = text.strip_prefix("./").unwrap_or(text);
        let refused = |problem| Error::Usage(format!("`{text}` is no pattern: {problem}"));
        match plain.trim_end_matches('/') {
            // It would fit everything.
            "" => Err(refused("name what is left out")),
            plain => Pattern::new(plain).map_err(|error| refused(error.msg)),
        }
    };
    texts.iter().map(pattern).collect()
}

/// Whether a path, a part of its end or a folder above it fits one of the patterns.
fn fits(path: &Path, patterns: &[Pattern]) -> bool {
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let parts: Vec<_> = path.components().collect();
    let mut ends = (0..parts.len()).map(|start| parts[start..].iter().collect::<PathBuf>());
    ends.any(|end| {
        let fits = |part: &Path| {
            patterns
                .iter()
                .any(|pattern| pattern.matches_path_with(part, options))
        };
        end.ancestors().any(fits)
    })
}

/// The notebook `path`, all notebooks in the folder `path` and below, or those that fit the pattern `path`.
///
/// # Errors
/// Why there is none.
pub fn find(path: &Path, exclude: &[Pattern], passed_over: Option<&Path>) -> Result<Vec<PathBuf>> {
    let path = short(path);
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return absent(path, exclude, passed_over);
        }
        Err(error) => return Err(Error::file("read", path)(error)),
    };
    if metadata.is_dir() {
        let mut files = Vec::new();
        search(path, exclude, passed_over, &mut files)?;
        return if files.is_empty() && exclude.is_empty() {
            Err(Error::NoNotebooks(path.to_owned()))
        } else {
            Ok(files)
        };
    }
    if let Some(kind) = named_files::strange(metadata.file_type()) {
        return Err(Error::NoFile {
            path: path.to_owned(),
            kind,
            wanted: "a notebook",
        });
    }
    if !is_called_notebook(path) {
        return Err(Error::NotCalledNotebook(path.to_owned()));
    }
    let left_out = fits(path, exclude);
    Ok(Some(path.to_owned())
        .filter(|_| !left_out)
        .into_iter()
        .collect())
}

/// A link to nothing, a pattern, or nothing at all.
fn absent(path: &Path, exclude: &[Pattern], passed_over: Option<&Path>) -> Result<Vec<PathBuf>> {
    if let Ok(target) = fs::read_link(path) {
        return Err(Error::DanglingLink {
            link: path.to_owned(),
            target,
        });
    }
    let missing = || Error::NoSuchPath(path.to_owned());
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']));
    let found = glob::glob(text.ok_or_else(missing)?).map_err(|_| missing())?;
    let mut files = Vec::new();
    for path in found.flatten() {
        if path.is_dir() {
            search(&path, exclude, passed_over, &mut files)?;
        } else if is_called_notebook(&path) && path.is_file() && !fits(&path, exclude) {
            files.push(path);
        }
    }
    if files.is_empty() && exclude.is_empty() {
        return Err(missing());
    }
    Ok(files)
}

/// The path without a leading `./`.
fn short(path: &Path) -> &Path {
    path.strip_prefix(".")
        .ok()
        .filter(|short| !short.as_os_str().is_empty())
        .unwrap_or(path)
}

/// Adds the notebooks in `folder` and below, sorted by name; what is hidden, what others wrote and the executed copies
/// are passed over.
fn search(
    folder: &Path,
    exclude: &[Pattern],
    passed_over: Option<&Path>,
    files: &mut Vec<PathBuf>,
) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(Error::file("read", folder))?;
    let mut entries = entries
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(Error::file("read", folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = short(&entry.path()).to_owned();
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") || fits(&path, exclude) {
            continue;
        }
        // Links to folders are not followed, so that no circle of links is walked for ever.
        let kind = entry.file_type().map_err(Error::file("read", &path))?;
        if kind.is_dir() {
            let foreign =
                FOREIGN.iter().any(|foreign| name == *foreign) || path.join(ENVIRONMENT).is_file();
            let copies =
                path.ends_with(COPIES) || passed_over.is_some_and(|copies| real(&path) == copies);
            if !foreign && !copies {
                search(&path, exclude, passed_over, files)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_paths_their_ends_and_folders() -> Result<()> {
        let fits = |path: &str, text: &str| {
            patterns(&[text.to_owned()]).map(|patterns| super::fits(Path::new(path), &patterns))
        };
        for (path, pattern) in [
            ("notebooks/q16.ipynb", "q16.ipynb"),
            ("notebooks/q16.ipynb", "q1*"),
            ("notebooks/drafts/a.ipynb", "drafts"),
            ("notebooks/drafts/a.ipynb", "./notebooks/drafts/"),
            ("a/b/c/old_1.ipynb", "a/**/old_*.ipynb"),
        ] {
            assert!(fits(path, pattern)?, "{path} {pattern}");
        }
        for (path, pattern) in [
            ("notebooks/q16.ipynb", "q2*"),
            ("a/b/c.ipynb", "a/*.ipynb"),
            ("drafts2/a.ipynb", "drafts"),
        ] {
            assert!(!fits(path, pattern)?, "{path} {pattern}");
        }
        for wrong in ["a[", "", "./", "/"] {
            assert!(patterns(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
        Ok(())
    }
}
