//! Where the crates of a notebook are built: a folder for each list of crates and compiler, in the user's cache.
//!
//! Two kernels that want the same crates at once wait for each other. A list whose crates nobody has used for a month
//! is removed when another one is built.

use super::Added;
use crate::digest::hex;
use crate::error::{Error, Result};
use crate::toolchain::cell_cache::CellCache;
use crate::toolchain::kit::manifest::Stamped;
use crate::toolchain::real::{REAL_RUSTC, real};
use crate::toolchain::workdir::{Workdir, write_private};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The folder of all lists, in the cache.
pub const FOLDER: &str = "crates";
/// What was built.
const BUILT: &str = "built.json";
/// What completion is told of it.
const SOURCES: &str = "sources.json";
/// Locked while something is built.
const LOCK: &str = ".lock";
/// How long crates stay that nobody uses.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 3600);

/// The folder of one list of crates, held for as long as this lives.
pub struct Place {
    folder: PathBuf,
    key: String,
    _lock: File,
}

impl Place {
    /// The folder for these dependencies, which nobody else uses now.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn of(dependencies: &str, workdir: &Workdir) -> Result<Place> {
        let key = key(dependencies);
        // Where nothing can be kept, they are built for this kernel alone.
        let kept = CellCache::of_this_user().map(|cache| cache.folder().join(FOLDER));
        let kept = kept.and_then(|parent| Place::within(&parent, &key).ok());
        match kept {
            Some(place) => Ok(place),
            None => Place::within(&workdir.root().join(FOLDER), &key),
        }
    }

    fn within(parent: &Path, key: &str) -> Result<Place> {
        let folder = parent.join(key);
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder);
        let lock = made.and_then(|()| {
            let lock = File::create(folder.join(LOCK))?;
            lock.lock()?;
            Ok(lock)
        });
        let place = Place {
            _lock: lock.map_err(Error::file("write", &folder))?,
            folder,
            key: key.to_owned(),
        };
        sweep(parent);
        Ok(place)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the crate that names all the others: no other list's, as the loader goes by the names of libraries.
    pub fn name(&self) -> String {
        format!("dsprep_added_{}", self.key)
    }

    /// What was built here, if all of it is there.
    pub fn built(&self) -> Option<Added> {
        let file = self.folder.join(BUILT);
        let added: Added = serde_json::from_slice(&fs::read(&file).ok()?).ok()?;
        let externs = added.externs.iter().chain(&added.library);
        let is_whole = externs
            .flat_map(|added| &added.files)
            .chain(&added.folders)
            .all(|path| path.exists());
        let used = File::options().append(true).open(&file);
        let _ = used.and_then(|file| file.set_modified(SystemTime::now()));
        Some(added).filter(|_| is_whole)
    }

    /// Whether this kernel has had them built.
    pub fn is_known(&self, workdir: &Workdir) -> bool {
        self.mark(workdir).exists()
    }

    /// Keeps what was built.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn keep(&self, added: &Added, workdir: &Workdir) -> Result<()> {
        let text = serde_json::to_vec(added).unwrap_or_default();
        // Nobody reads it meanwhile: the folder is locked.
        write_private(&self.folder.join(BUILT), &text)?;
        write_private(&self.mark(workdir), b"")
    }

    /// Keeps what completion is told of the crates. Returns the file.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn keep_sources(&self, told: &Value) -> Result<PathBuf> {
        let file = self.folder.join(SOURCES);
        write_private(&file, told.to_string().as_bytes())?;
        Ok(file)
    }

    fn mark(&self, workdir: &Workdir) -> PathBuf {
        workdir.root().join(format!("crates-{}", self.key))
    }
}

/// Removes lists that were not used for long.
fn sweep(parent: &Path) {
    remove(parent, |folder| {
        let used = fs::metadata(folder.join(BUILT)).and_then(|found| found.modified());
        used.is_ok_and(|used| used.elapsed().is_ok_and(|ago| ago > UNUSED))
    });
}

/// Removes all lists in `parent` that nobody builds now.
pub fn clear(parent: &Path) {
    remove(parent, |_| true);
}

fn remove(parent: &Path, is_wanted: impl Fn(&Path) -> bool) {
    let folders = fs::read_dir(parent).into_iter().flatten().flatten();
    for folder in folders.map(|entry| entry.path()) {
        let is_free = || File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_wanted(&folder) && is_free() {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

fn key(dependencies: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(dependencies.as_bytes());
    let rustc = Stamped::now(&real(REAL_RUSTC, "rustc"));
    hash.update(serde_json::to_vec(&rustc).unwrap_or_default());
    hex(&hash.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_used_for_a_month_goes_unless_somebody_builds_there() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let long_ago = SystemTime::now() - 2 * UNUSED;
        for (name, used) in [
            ("old", long_ago),
            ("held", long_ago),
            ("new", SystemTime::now()),
        ] {
            let place = folder.path().join(name);
            fs::create_dir(&place)?;
            File::create(place.join(LOCK))?;
            File::create(place.join(BUILT))?.set_modified(used)?;
        }
        let held = File::open(folder.path().join("held").join(LOCK))?;
        held.lock()?;
        sweep(folder.path());
        let left = ["old", "held", "new"].map(|name| folder.path().join(name).exists());
        assert_eq!(left, [false, true, true]);
        Ok(())
    }

    #[test]
    fn another_list_is_built_elsewhere() {
        assert_eq!(key("itoa = \"1\""), key("itoa = \"1\""));
        assert_ne!(key("itoa = \"1\""), key("itoa = \"1.0\""));
    }
}
