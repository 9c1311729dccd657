//! The private folder of one kernel: its connection file, its sockets, its log, and what it stores for a while.

use crate::error::{Error, Result};
use crate::processes::owned_folder::{OwnedFolder, sweep};
use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The start of the folder's name.
const PREFIX: &str = "dsprep-run-";
/// How much room a kernel needs for its files at least, in bytes.
const ROOM: u64 = 128 * 1024;

/// A folder that nobody else on the machine can look into. It is locked while it is in use, so that what a killed
/// program left can be told from what is in use. It is removed when this is dropped.
#[derive(Debug)]
pub struct Folder(OwnedFolder);

impl Folder {
    /// Makes a folder, and removes those that killed runs left.
    ///
    /// # Errors
    /// [`Error::File`] if there is no place for it, or no room.
    pub fn create() -> Result<Folder> {
        let parent = parent();
        sweep(&parent, &[PREFIX]);
        let folder = OwnedFolder::create(&parent, PREFIX).map(Folder);
        let folder = folder.map_err(Error::file("create a folder in", &parent))?;
        if free(&parent).is_some_and(|free| free < ROOM) {
            let full = io::Error::from_raw_os_error(libc::ENOSPC);
            return Err(Error::file("work in the temporary folder", &parent)(full));
        }
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.path().exists() {
            self.0.remove();
        }
    }
}

/// A new file that only its owner can read.
pub fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

/// Where the folder is made: the usual place for temporary files, unless no kernel could work there, since its path is
/// too long for a socket's, can't stand in `PATH`, or programs may not be loaded from it.
fn parent() -> PathBuf {
    // A socket's path has room for about 100 bytes.
    const LONGEST: usize = 70;
    let usual = Some(std::env::temp_dir()).filter(|usual| !usual.as_os_str().is_empty());
    let usual = usual.unwrap_or_else(|| "/tmp".into());
    let fits = |path: &Path| {
        let text = path.to_str();
        text.is_some_and(|text| text.len() <= LONGEST && !text.contains([':', ' ', '\n']))
    };
    let usual = std::path::absolute(&usual).unwrap_or(usual);
    if fits(&usual) && (!usual.exists() || may_load(&usual)) {
        return usual;
    }
    let other = PathBuf::from("/tmp");
    if usual.is_dir() && other.is_dir() && may_load(&other) {
        other
    } else {
        usual
    }
}

/// How many bytes may still be written to the file system of a folder.
pub fn free(folder: &Path) -> Option<u64> {
    let status = status(folder)?;
    // The fields have other types on other systems.
    #[allow(clippy::unnecessary_cast)]
    Some((status.f_bavail as u64).saturating_mul(status.f_frsize as u64))
}

/// Whether programs and libraries may be loaded from the file system of a folder.
fn may_load(folder: &Path) -> bool {
    #[cfg(target_os = "linux")]
    let refused = status(folder).is_some_and(|status| status.f_flag & libc::ST_NOEXEC != 0);
    #[cfg(not(target_os = "linux"))]
    let refused = !folder.exists();
    !refused
}

fn status(folder: &Path) -> Option<libc::statvfs> {
    let path = CString::new(folder.as_os_str().as_bytes()).ok()?;
    let mut answer = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path is a C string, and the answer has room for what is written there.
    let code = unsafe { libc::statvfs(path.as_ptr(), answer.as_mut_ptr()) };
    // SAFETY: the call succeeded, so it filled the answer in.
    (code == 0).then(|| unsafe { answer.assume_init() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn nobody_else_can_look_into_it() -> Result<()> {
        let folder = Folder::create()?;
        let mode = |path: &Path| {
            fs::metadata(path)
                .map(|it| it.permissions().mode() & 0o777)
                .ok()
        };
        assert_eq!(mode(folder.path()), Some(0o700));
        let file = folder.path().join("file");
        private(&file).map_err(Error::file("create", &file))?;
        assert_eq!(mode(&file), Some(0o600));
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
        Ok(())
    }
}
