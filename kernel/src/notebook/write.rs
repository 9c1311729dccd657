//! Writing a notebook as Jupyter writes it, and files so that nobody sees half of one.

use super::Notebook;
use crate::error::{Error, Result};
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use std::fs;
use std::io::Write as _;
use std::path::Path;

impl Notebook {
    /// The file's content: indented by one space, other alphabets as they are, one line end at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut serializer =
            Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b" "));
        // Neither the document nor the buffer can refuse: all keys are texts, and memory takes every byte.
        let _ = self.document.serialize(&mut serializer);
        bytes.push(b'\n');
        bytes
    }
}

/// Whether [`replace`] had something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file's content is new.
    Changed,
    /// The file held these bytes already, and was left alone.
    Unchanged,
}

/// Gives the file `path` the content `bytes` in one step, keeping its permissions; makes its folder if needed.
///
/// # Errors
/// [`Error::File`].
pub fn replace(path: &Path, bytes: &[u8]) -> Result<Written> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(Written::Unchanged);
    }
    // The file that a link leads to is replaced, not the link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dsprep-");
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder
        .tempfile_in(folder)
        .map_err(Error::file("create a file in", folder))?;
    file.write_all(bytes).map_err(Error::file("write", path))?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file()
            .set_permissions(old.permissions())
            .map_err(Error::file("set the permissions of", path))?;
    }
    file.as_file()
        .sync_all()
        .map_err(Error::file("write", path))?;
    file.persist(path)
        .map_err(|error| Error::file("write", path)(error.error))?;
    Ok(Written::Changed)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    #[test]
    fn a_file_is_replaced_only_if_it_differs_and_keeps_its_permissions() -> std::io::Result<()> {
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
    fn a_link_stays_a_link() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old")?;
        symlink(&file, &link)?;
        assert_eq!(replace(&link, b"new").ok(), Some(Written::Changed));
        assert!(fs::symlink_metadata(&link)?.is_symlink());
        assert_eq!(fs::read(&file)?, b"new");
        Ok(())
    }
}
