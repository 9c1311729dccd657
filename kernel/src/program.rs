//! Where this program lies.

use crate::error::{Error, Result};
use std::env;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

static PATH: OnceLock<Option<PathBuf>> = OnceLock::new();
/// Disk and file number of this program, by which another one at its place is noticed.
static FILE: OnceLock<Option<(u64, u64)>> = OnceLock::new();

/// Finds out where this program lies, while that is still true: later the file may have been replaced or removed.
pub fn remember() {
    let path = PATH.get_or_init(find).as_deref();
    FILE.get_or_init(|| identity(path?));
}

/// Whether there is another file now where this program was, or none: it was built anew or removed.
pub fn was_replaced() -> bool {
    let now = path().ok().and_then(identity);
    FILE.get().is_some_and(|then| *then != now)
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let data = path.metadata().ok()?;
    Some((data.dev(), data.ino()))
}

/// The path of this program, without links, as it was when it started.
///
/// # Errors
/// [`Error::NoProgram`] if it was removed or replaced while it started.
pub fn path() -> Result<&'static Path> {
    PATH.get_or_init(find).as_deref().ok_or(Error::NoProgram)
}

/// Whether this program came in a package, with all that it needs beside it.
pub fn was_packed() -> bool {
    let folder = path().ok().and_then(Path::parent);
    folder.is_some_and(|folder| folder.join("dsprep-kit.json").is_file())
}

fn find() -> Option<PathBuf> {
    // On macOS the path may be that of a link.
    env::current_exe().ok()?.canonicalize().ok()
}

/// The path by which other processes start this very program, even when its file was replaced by a new build.
///
/// # Errors
/// [`Error::NoProgram`] as in [`path`].
pub fn running() -> Result<PathBuf> {
    let link = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
    if link.exists() {
        return Ok(link);
    }
    path().map(Path::to_owned)
}
