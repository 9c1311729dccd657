//! Writing files so that nobody sees half of one, and nothing of the old file but its content is lost.

use crate::error::{Error, Result};
use crate::named_files::strange;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use tempfile::NamedTempFile;

/// Whether a file had to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file's content is new.
    Changed,
    /// The file held these bytes already, and was left alone.
    Unchanged,
}

/// Gives the file `path` the content `bytes`; makes its folder if needed. Of a link, the file that it leads to is
/// meant.
///
/// Usually a new file takes the old one's place in one step. Where that would lose something (another name of the
/// same file, its owner, attributes), the old file gets the new content instead, once that is safe beside it. A device or
/// a pipe is written to.
///
/// # Errors
/// [`Error::File`].
pub fn replace(path: &Path, bytes: &[u8]) -> Result<Written> {
    if fs::metadata(path).is_ok_and(|found| strange(found.file_type()).is_some()) {
        let opened = OpenOptions::new().write(true).open(path);
        let written = opened.and_then(|mut device| device.write_all(bytes));
        return written
            .map(|()| Written::Changed)
            .map_err(Error::file("write", path));
    }
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(Written::Unchanged);
    }
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    let file = written_beside(path, folder, bytes)?;
    // Once it has the old file's place, there is no other.
    let stored = file.as_file().sync_all();
    stored.map_err(Error::file("write", path))?;
    match fs::metadata(path) {
        Ok(old) if would_lose(path, &old, &file) => {
            overwrite(path, bytes).map_err(Error::file("write", path))?;
        }
        Ok(old) => {
            let permissions = file.as_file().set_permissions(old.permissions());
            permissions.map_err(Error::file("set the permissions of", path))?;
            persist(file, path)?;
        }
        Err(_) => persist(file, path)?,
    }
    Ok(Written::Changed)
}

/// A complete new file beside `path`, which goes away by itself unless it is kept.
pub(super) fn written_beside(path: &Path, folder: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let file = builder
        .prefix(".dsprep-")
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder);
    let mut file = file.map_err(Error::file("create a file in", folder))?;
    file.write_all(bytes).map_err(Error::file("write", path))?;
    Ok(file)
}

/// Puts the new file in the place of the old one, or of a link.
pub(super) fn persist(file: NamedTempFile, path: &Path) -> Result<()> {
    let kept = file.persist(path);
    kept.map(drop)
        .map_err(|error| Error::file("write", path)(error.error))
}

/// Whether the new `file` in the place of the old one would not be all that the old one was.
fn would_lose(path: &Path, old: &Metadata, file: &NamedTempFile) -> bool {
    let same_owner = file
        .as_file()
        .metadata()
        .is_ok_and(|new| (new.uid(), new.gid()) == (old.uid(), old.gid()));
    old.nlink() > 1 || !same_owner || has_attributes(path)
}

/// Whether the file has extended attributes, such as access lists, beside those that the system gives every file.
#[cfg(target_os = "linux")]
fn has_attributes(path: &Path) -> bool {
    let Ok(path) = std::ffi::CString::new(path.as_os_str().as_bytes()) else {
        return false;
    };
    let mut names = vec![0_u8; 64 * 1024];
    // SAFETY: the path is a C string, and the buffer is as long as is said.
    let length = unsafe { libc::listxattr(path.as_ptr(), names.as_mut_ptr().cast(), names.len()) };
    let names = usize::try_from(length).map_or(&[][..], |length| &names[..length]);
    let mut names = names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty());
    names.any(|name| name != b"security.selinux")
}

/// Elsewhere the file is overwritten in any case where it might have some.
#[cfg(not(target_os = "linux"))]
fn has_attributes(_path: &Path) -> bool {
    true
}

/// Gives the file itself the new content. Room for it is reserved first; if something fails all the same, the old
/// content is put back.
fn overwrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = fs::read(path)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    reserve(&file, old.len().max(bytes.len()))?;
    let written = put(&mut file, bytes);
    if written.is_err() {
        // Nothing better can be done about a second failure than to tell the first.
        let _ = put(&mut file, &old);
    }
    written
}

fn put(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// Makes sure that the disk has room for a file of this length.
#[cfg(target_os = "linux")]
fn reserve(file: &File, length: usize) -> io::Result<()> {
    let Ok(length) = libc::off_t::try_from(length) else {
        return Ok(());
    };
    // SAFETY: the descriptor is open; no memory is involved. The file's length stays as it is.
    let answer = unsafe { libc::fallocate(file.as_raw_fd(), libc::FALLOC_FL_KEEP_SIZE, 0, length) };
    let error = io::Error::last_os_error();
    if answer != 0 && error.raw_os_error() == Some(libc::ENOSPC) {
        return Err(error);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn reserve(file: &File, _length: usize) -> io::Result<()> {
    let _ = file.as_raw_fd();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileTypeExt as _;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_file_is_replaced_only_if_it_differs_and_keeps_its_permissions() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("new/a.ipynb");
        assert_eq!(replace(&path, b"1").ok(), Some(Written::Changed));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640))?;
        let before = fs::metadata(&path)?;
        assert_eq!(replace(&path, b"1").ok(), Some(Written::Unchanged));
        assert_eq!(fs::metadata(&path)?.ino(), before.ino());
        assert_eq!(replace(&path, b"2").ok(), Some(Written::Changed));
        assert_eq!(fs::read(&path)?, b"2");
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path().join("new"))?.count(), 1);
        Ok(())
    }

    #[test]
    fn a_pipe_is_written_to_and_stays_one() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status()?;
        assert!(made.success());
        let reader = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read(pipe))
        };
        assert_eq!(replace(&pipe, b"new").ok(), Some(Written::Changed));
        assert_eq!(reader.join().expect("it reads")?, b"new");
        assert!(fs::metadata(&pipe)?.file_type().is_fifo());
        Ok(())
    }

    #[test]
    fn a_link_stays_a_link() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old")?;
        symlink(&file, &link)?;
        assert_eq!(replace(&link, b"new").ok(), Some(Written::Changed));
        assert!(fs::symlink_metadata(&link)?.is_symlink());
        assert_eq!(fs::read(&file)?, b"new");
        Ok(())
    }

    #[test]
    fn both_names_of_a_file_keep_naming_the_same_one() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (file, other) = (folder.path().join("file"), folder.path().join("other"));
        for (old, new) in [("a long old text", "new"), ("x", "a longer new text")] {
            fs::write(&file, old)?;
            let _ = fs::remove_file(&other);
            fs::hard_link(&file, &other)?;
            assert_eq!(replace(&other, new.as_bytes()).ok(), Some(Written::Changed));
            assert_eq!(fs::read(&file)?, new.as_bytes());
            assert_eq!(fs::metadata(&file)?.ino(), fs::metadata(&other)?.ino());
        }
        assert_eq!(fs::read_dir(folder.path())?.count(), 2);
        Ok(())
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn attributes_stay() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("file");
        fs::write(&file, "old")?;
        let path = std::ffi::CString::new(file.as_os_str().as_bytes())?;
        let value = b"mine";
        // SAFETY: C strings and a buffer of the length that is said.
        let set = unsafe {
            libc::setxattr(
                path.as_ptr(),
                c"user.note".as_ptr(),
                value.as_ptr().cast(),
                value.len(),
                0,
            )
        };
        if set != 0 {
            // This file system has no attributes.
            return Ok(());
        }
        let before = fs::metadata(&file)?.ino();
        assert_eq!(replace(&file, b"new").ok(), Some(Written::Changed));
        assert!(has_attributes(&file));
        assert_eq!(fs::metadata(&file)?.ino(), before);
        Ok(())
    }
}
