//! Where kits lie.
//!
//! A kit is never changed: `store` holds a folder for each, named by its content, and `kit` is a link to the one
//! that is in use. A kernel that runs keeps the folder it started with, whatever is built meanwhile.

use super::manifest::FILE;
use crate::{program, user_folders};
use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash as _, Hasher as _};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, symlink};
use std::path::{Path, PathBuf};

/// The name of the kit beside the program; `build.rs` names it in the program's run path, too.
pub const BESIDE: &str = "dsprep-kit";

/// A place for a kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The kit that is in use: a folder, or a link to one.
    pub kit: PathBuf,
    /// The folder of all kits; none where kits are only read.
    pub store: Option<PathBuf>,
}

impl Place {
    /// All places, in the order in which they are looked at: beside this program; in the user's cache, where the
    /// program's folder can't be written; and in the user's data folder, where a package may put a kit.
    pub fn all() -> Vec<Place> {
        let mut places = Vec::new();
        if let Ok(program) = program::path() {
            let folder = program.parent().unwrap_or(Path::new("."));
            places.push(Place::beside(folder));
            places.extend(user_folders::cache().map(|cache| Place::cached(&cache, folder)));
        }
        places.extend(user_folders::data().map(|data| Place {
            kit: data.join("kit"),
            store: None,
        }));
        places
    }

    /// Beside a program in `folder`.
    pub fn beside(folder: &Path) -> Place {
        Place {
            kit: folder.join(BESIDE),
            store: Some(folder.join("dsprep-kits")),
        }
    }

    fn cached(cache: &Path, folder: &Path) -> Place {
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        Place {
            kit: cache.join(format!("kit-{:016x}", hasher.finish())),
            store: Some(cache.join("kits")),
        }
    }

    /// Makes the folder of kits, and waits until no other process gathers one there.
    ///
    /// # Errors
    /// If the folder can't be made or written, or is not there because kits are only read here.
    pub fn lock(&self) -> io::Result<(PathBuf, File)> {
        let store = self.store.clone().ok_or(io::ErrorKind::PermissionDenied)?;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(&store)?;
        let lock = File::create(store.join(".lock"))?;
        lock.lock()?;
        Ok((store, lock))
    }

    /// Makes `folder`, one of the store's, the kit that is in use.
    ///
    /// # Errors
    /// If the link can't be written.
    pub fn use_kit(&self, folder: &Path) -> io::Result<()> {
        let parent = self.kit.parent().unwrap_or(Path::new("."));
        let link = tempfile::Builder::new()
            .prefix(".dsprep-kit-")
            .make_in(parent, |path| symlink(folder, path))?;
        // Renaming replaces a link, and keeps a reader from ever seeing none.
        link.persist(&self.kit).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Removes the kits in `store` that are neither `used`, by this program or another, nor held by a kernel.
pub fn sweep(store: &Path, used: &Path) {
    let others = store.parent().and_then(|parent| fs::read_dir(parent).ok());
    let others = others.into_iter().flatten().flatten();
    let in_use: Vec<PathBuf> = others
        .filter_map(|link| fs::read_link(link.path()).ok())
        .collect();
    let entries = fs::read_dir(store).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()) {
        if folder == used || in_use.contains(&folder) || !folder.is_dir() {
            continue;
        }
        let free = match File::open(folder.join(FILE)) {
            Ok(manifest) => manifest.try_lock().is_ok(),
            // Half a kit, of a process that was killed: only one gathers at a time, and it is us.
            Err(_) => true,
        };
        if free {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kit_in_use_is_replaced_at_once_and_old_ones_go_unless_they_are_held() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let place = Place::beside(folder.path());
        let (store, _lock) = place.lock()?;
        for name in ["old", "held", "new"] {
            fs::create_dir(store.join(name))?;
            fs::write(store.join(name).join(FILE), "{}")?;
        }
        let held = File::open(store.join("held").join(FILE))?;
        held.lock_shared()?;
        place.use_kit(&store.join("old"))?;
        place.use_kit(&store.join("new"))?;
        assert_eq!(fs::read_link(&place.kit)?, store.join("new"));
        sweep(&store, &store.join("new"));
        let left = ["old", "held", "new"].map(|name| store.join(name).exists());
        assert_eq!(left, [false, true, true]);
        drop(held);
        sweep(&store, &store.join("new"));
        assert!(!store.join("held").exists());
        assert_eq!(fs::read_dir(folder.path())?.count(), 2);
        Ok(())
    }

    #[test]
    fn a_folder_that_can_not_be_written_is_no_place() {
        let place = Place::beside(Path::new("/proc/1"));
        assert!(place.lock().is_err());
    }
}
