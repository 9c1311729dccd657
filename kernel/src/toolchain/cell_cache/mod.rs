//! Cells that have been compiled before, in the user's cache folder.
//!
//! A cell is found by its `key`: all that the compiler was given. What is found is used only if it is whole, this
//! user's own, and if what the cell read while it was compiled, such as a file by `include_str!`, is still the
//! same. Anything else costs a compilation: nothing here fails. Kernels that run at the same time share the
//! folder: an entry appears when it is whole, and is never changed.
//!
//! - `entry`: how an entry is written and read.
//! - `sweep`: what goes when there is too much.

mod entry;
mod key;
mod reads;
mod sweep;

pub use entry::{Compiled, Told};
#[cfg(test)]
pub use key::tests::key as test_key;
pub use key::{Key, KeyMaker};
pub use reads::Reads;
pub use sweep::Content;

use crate::processes::user::this_user;
use crate::user_folders;
use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The variable that names another folder for the cache, or is `off`.
pub const CELL_CACHE: &str = "DSPREP_CELL_CACHE";
/// Its value for no cache.
const OFF: &str = "off";
/// The most that the cache may hold, in bytes.
pub const MOST_BYTES: u64 = 1_000_000_000;

/// The cache of one user.
#[derive(Debug, Clone)]
pub struct CellCache {
    folder: PathBuf,
}

impl CellCache {
    /// The cache that this process is to use: none if it was switched off, or its folder is not this user's own.
    pub fn of_this_user() -> Option<CellCache> {
        CellCache::open(&folder()?).ok()
    }

    /// The cache in `folder`, which is made if it is not there. Only its owner may read it.
    ///
    /// # Errors
    /// If it can't be made, or belongs to somebody else.
    pub fn open(folder: &Path) -> io::Result<CellCache> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let found = fs::symlink_metadata(folder)?;
        if !found.is_dir() || found.uid() != this_user() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if found.mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        Ok(CellCache {
            folder: folder.to_owned(),
        })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cell with this key, if it was compiled before and all that it read is as it was. Names of files in
    /// [`Reads`] are seen from `folder`.
    pub fn find(&self, key: &Key, folder: &Path) -> Option<Compiled> {
        let path = self.path(key);
        let compiled = entry::read(&path, key)?;
        if !compiled.told.reads.are_the_same(folder) {
            return None;
        }
        // What is used stays longest.
        let file = fs::File::options().append(true).open(&path);
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
        Some(compiled)
    }

    /// Keeps a cell that was compiled. A disk that is full, or a folder that can't be written any more, is no error.
    pub fn keep(&self, key: &Key, compiled: &Compiled) {
        if entry::write(&self.folder, &self.path(key), key, compiled).is_ok() {
            sweep::from_time_to_time(&self.folder, MOST_BYTES);
        }
    }

    /// What it holds.
    pub fn content(&self) -> Content {
        sweep::content(&self.folder)
    }

    /// Removes all cells, and says what that was.
    ///
    /// # Errors
    /// If a file can't be removed.
    pub fn clear(&self) -> io::Result<Content> {
        sweep::clear(&self.folder)
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.name())
    }
}

/// The folder of the cache, whether or not it is there; none if the cache is off.
pub fn folder() -> Option<PathBuf> {
    match setting() {
        Some(value) if value == OFF => None,
        Some(folder) => Some(folder.into()),
        None => Some(user_folders::cache()?.join("cells")),
    }
}

/// The value of [`CELL_CACHE`] for processes that run in other folders: a path is made absolute.
pub fn setting() -> Option<OsString> {
    let value = env::var_os(CELL_CACHE).filter(|value| !value.is_empty())?;
    if value == OFF {
        return Some(value);
    }
    let absolute = std::path::absolute(Path::new(&value)).ok()?;
    Some(absolute.into_os_string())
}
