//! The exercises of the notebooks, and their checks.

use super::record::check_in;
use crate::error::{Error, Result};
use crate::notebook;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// All notebooks with exercises.
#[derive(Debug, Default)]
pub struct Exercises {
    /// In the order of their names.
    pub notebooks: Vec<Notebook>,
}

/// A notebook with exercises.
#[derive(Debug, PartialEq, Eq)]
pub struct Notebook {
    /// The file's name without its end.
    pub name: String,
    /// Its first heading.
    pub title: String,
    /// The names of its exercises' checks, in their order.
    pub checks: Vec<String>,
}

impl Exercises {
    /// Those of the notebooks in `folder`.
    ///
    /// # Errors
    /// [`Error::File`] if a notebook can't be read.
    pub fn in_folder(folder: &Path) -> Result<Exercises> {
        let entries = fs::read_dir(folder).map_err(Error::file("read", folder))?;
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension() == Some(OsStr::new("ipynb")));
        files.sort();
        let mut notebooks = Vec::new();
        for file in files {
            let bytes = fs::read(&file).map_err(Error::file("read", &file))?;
            let parsed = notebook::Notebook::parse(&file, &bytes)?;
            let cells = parsed.code_cells();
            let exercises = cells.iter().filter(|cell| cell.has_tag("exercise"));
            let checks: Vec<String> = exercises
                .filter_map(|cell| check_in(&cell.source).map(str::to_owned))
                .collect();
            if checks.is_empty() {
                continue;
            }
            let texts = parsed.text_cells();
            let mut lines = texts.iter().flat_map(|cell| cell.source.lines());
            let title = lines.find_map(|line| line.strip_prefix("# "));
            notebooks.push(Notebook {
                name: file
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                title: title.unwrap_or_default().to_owned(),
                checks,
            });
        }
        Ok(Exercises { notebooks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exercise_of_the_project_has_a_check_of_its_own() -> Result<()> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let exercises = Exercises::in_folder(&package.with_file_name("notebooks"))?;
        assert!(exercises.notebooks.len() >= 16, "{exercises:?}");
        let mut checks: Vec<&String> = exercises
            .notebooks
            .iter()
            .flat_map(|it| &it.checks)
            .collect();
        let all = checks.len();
        checks.sort();
        checks.dedup();
        assert_eq!(
            checks.len(),
            all,
            "two exercises with one check: {checks:?}"
        );
        Ok(())
    }
}
