//! Temporary folders that belong to a running process.
//!
//! The owner holds a lock on a file in the folder. Whoever can take that lock knows that the owner is gone, and may
//! remove the folder: process numbers would mean something else in another container, on another machine that shares
//! the disk, or after they were given out anew.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file that the owner has locked. It holds the owner's process number.
const LOCK: &str = "lock";

/// A folder that nobody else can look into, with the lock on it.
#[derive(Debug)]
pub struct OwnedFolder {
    path: PathBuf,
    /// Open as long as the owner lives.
    _lock: File,
}

impl OwnedFolder {
    /// Makes a folder in `parent` whose name begins with `prefix`.
    pub fn create(parent: &Path, prefix: &str) -> io::Result<OwnedFolder> {
        loop {
            // Only its owner may enter it.
            let folder = tempfile::Builder::new()
                .prefix(prefix)
                .permissions(Permissions::from_mode(0o700))
                .tempdir_in(parent)?;
            let file = folder.path().join(LOCK);
            let mut lock = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&file)?;
            // Somebody who sweeps may have come in between.
            let same = |data: fs::Metadata| lock.metadata().is_ok_and(|it| it.ino() == data.ino());
            if lock.try_lock().is_ok() && file.metadata().is_ok_and(same) {
                write!(lock, "{}", std::process::id())?;
                return Ok(OwnedFolder {
                    path: folder.keep(),
                    _lock: lock,
                });
            }
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the folder. Processes on their way out may still write into it, so it is tried for a while.
    pub fn remove(&self) {
        for _ in 0..100 {
            if fs::remove_dir_all(&self.path).is_ok() || !self.path.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The process number of a folder's living owner, as it was given out where that runs; nothing if it is gone, or
/// if the folder has no owner.
pub fn living_owner(folder: &Path) -> Option<libc::pid_t> {
    let mut lock = File::open(folder.join(LOCK)).ok()?;
    if !matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let mut number = String::new();
    lock.read_to_string(&mut number).ok()?;
    number.trim().parse().ok()
}

/// Whether the folder once had an owner who is gone.
pub fn is_abandoned(folder: &Path) -> bool {
    File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock_shared().is_ok())
}

/// The folders in `parent` whose names begin with one of `prefixes`.
pub fn folders(parent: &Path, prefixes: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let named = entries.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        prefixes.iter().any(|prefix| name.starts_with(prefix))
    });
    named.map(|entry| entry.path()).collect()
}

/// Removes the folders in `parent` whose names begin with one of `prefixes` and whose owners are gone. One in which
/// another such folder has a living owner, as that of a killed JupyterLab with kernels that run on, stays.
pub fn sweep(parent: &Path, prefixes: &[&str]) {
    for folder in folders(parent, prefixes) {
        let inner = folders(&folder, prefixes);
        if inner.iter().any(|folder| living_owner(folder).is_some()) {
            continue;
        }
        // Nobody else takes it up or away while we hold the lock.
        if let Ok(lock) = File::open(folder.join(LOCK))
            && lock.try_lock().is_ok()
        {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_whose_owner_is_gone_is_swept() -> io::Result<()> {
        let parent = tempfile::tempdir()?;
        let living = OwnedFolder::create(parent.path(), "a-")?;
        let dead = OwnedFolder::create(parent.path(), "a-")?.path().to_owned();
        let strange = parent.path().join("a-strange");
        fs::create_dir(&strange)?;
        let mode = living.path().metadata()?.permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        assert_eq!(
            living_owner(living.path()),
            i32::try_from(std::process::id()).ok()
        );
        assert!(is_abandoned(&dead) && !is_abandoned(living.path()) && !is_abandoned(&strange));
        assert_eq!(living_owner(&dead), None);
        sweep(parent.path(), &["a-"]);
        assert!(living.path().exists() && strange.exists() && !dead.exists());
        living.remove();
        assert!(!living.path().exists());
        let outer = OwnedFolder::create(parent.path(), "a-")?.path().to_owned();
        let inner = OwnedFolder::create(&outer, "a-")?;
        sweep(parent.path(), &["a-"]);
        assert!(inner.path().exists());
        drop(inner);
        sweep(parent.path(), &["a-"]);
        assert!(!outer.exists());
        Ok(())
    }
}
