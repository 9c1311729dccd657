//! The files that reports are written to: told before the run if one can't be, or if it would take the place of another.

use super::{Context, Wanted};
use crate::error::{Error, Result};
use crate::named_files;
use crate::terminal::one_line;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

/// Checks the files that are wanted, and makes the folders that they are to lie in.
///
/// # Errors
/// [`Error::Usage`] if a report would take the place of a notebook or of another report, [`Error::NoFile`] if it can be
/// no file, [`Error::File`] if there can be no folder for it.
pub fn prepare(context: &Context, wanted: &Wanted) -> Result<()> {
    let files = [
        ("--junit", &wanted.junit),
        ("--json", &wanted.json),
        ("--html", &wanted.html),
    ];
    let files = files
        .into_iter()
        .filter_map(|(option, file)| Some((option, file.as_deref()?)));
    let mut taken: Vec<(&str, PathBuf)> = Vec::new();
    for (option, file) in files.filter(|(_, file)| file.as_os_str() != "-") {
        named_files::can_be_written(file)?;
        let refused = |what: &str| {
            let file = one_line(&file.display().to_string());
            Err(Error::Usage(format!(
                "{option} {file}: {what}; name another file"
            )))
        };
        let real = real(file);
        let notebooks = &context.titles;
        if notebooks
            .iter()
            .any(|title| self::real(&title.path) == real)
        {
            return refused("the report would take the place of the notebook");
        }
        if let Some((other, _)) = taken.iter().find(|(_, other)| *other == real) {
            return refused(&format!("{other} is written there, too"));
        }
        if fs::metadata(file).is_ok_and(|found| !found.is_file()) {
            // Several may write to a device.
            continue;
        }
        taken.push((option, real));
        folder_for(file)?;
        try_to_write(file)?;
    }
    Ok(())
}

/// Whether the file can be written, which is better known before the run than after it.
fn try_to_write(file: &Path) -> Result<()> {
    let tried = if file.exists() {
        OpenOptions::new().append(true).open(file).map(drop)
    } else {
        let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        let new = builder
            .prefix(".dsprep-")
            .tempfile_in(folder.unwrap_or(Path::new(".")));
        new.map(drop)
    };
    tried.map_err(Error::file("write", file))
}

/// Makes the folder of a file.
fn folder_for(file: &Path) -> Result<()> {
    let folder = file.parent();
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => fs::create_dir_all(folder).map_err(Error::file("create", folder)),
        None => Ok(()),
    }
}

/// The path without links, also of a file that is not there yet.
fn real(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| {
        let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let folder = absolute.parent().and_then(|it| fs::canonicalize(it).ok());
        match (folder, absolute.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => absolute,
        }
    })
}
