//! The file that a model is kept in.

use crate::{Error, Result};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `text` beside the file and then puts it in the file's place, so that there is never half of it.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let beside = beside(path).map_err(|error| failed(path, "written", error))?;
    let written = fs::File::create_new(&beside)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // If it was not made, there is nothing to take away.
        let _ = fs::remove_file(&beside);
        failed(path, "written", error)
    })
}

pub(super) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| failed(path, "read", error))
}

fn beside(path: &Path) -> io::Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it does not name a file",
        ));
    };
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}", std::process::id()));
    Ok(path.with_file_name(hidden))
}

fn failed(path: &Path, done: &'static str, source: io::Error) -> Error {
    Error::File {
        path: path.display().to_string(),
        done,
        source,
    }
}
