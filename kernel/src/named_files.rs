//! Files that a user names: what is no file is refused before it is opened, since that may wait or never end.

use crate::error::{Error, Result};
use std::fs::{self, FileType};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

/// What something is that is neither a file nor a folder, in words.
pub fn strange(kind: FileType) -> Option<&'static str> {
    let kinds = [
        (kind.is_fifo(), "a named pipe"),
        (kind.is_socket(), "a socket"),
        (kind.is_char_device() || kind.is_block_device(), "a device"),
    ];
    kinds.iter().find(|(is, _)| *is).map(|(_, name)| *name)
}

/// Reads a file that is no notebook; `<(command)` of a shell is one, too.
///
/// # Errors
/// [`Error::NoFile`] for a device and the like, [`Error::File`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let found = fs::metadata(path).map_err(Error::file("read", path))?;
    match strange(found.file_type()) {
        Some(kind) if !is_pipe_of_a_shell(path, found.file_type()) => Err(Error::NoFile {
            path: path.to_owned(),
            kind,
            wanted: "a file",
        }),
        _ => fs::read(path).map_err(Error::file("read", path)),
    }
}

/// The text of such a file, without the mark that some editors put before it.
///
/// # Errors
/// As [`read`], and [`Error::Usage`] if it is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    text_of(path, &read(path)?)
}

/// The text of the bytes of a file, without that mark.
///
/// # Errors
/// [`Error::Usage`] if it is not UTF-8.
pub fn text_of(path: &Path, bytes: &[u8]) -> Result<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_owned()).map_err(|_| {
        let path = crate::terminal::one_line(&path.display().to_string());
        Error::Usage(format!("{path}: it is not UTF-8; save it in UTF-8"))
    })
}

/// Refuses a file to write to that is a folder, or a named pipe, where nobody may ever read.
///
/// # Errors
/// [`Error::NoFile`].
pub fn can_be_written(path: &Path) -> Result<()> {
    let Ok(found) = fs::metadata(path) else {
        return Ok(());
    };
    let kind = found.file_type();
    let kind = match strange(kind) {
        _ if kind.is_dir() => "a folder",
        Some(name) if kind.is_fifo() && !is_pipe_of_a_shell(path, kind) => name,
        Some(name) if kind.is_socket() => name,
        _ => return Ok(()),
    };
    Err(Error::NoFile {
        path: path.to_owned(),
        kind,
        wanted: "a file",
    })
}

/// Whether it is a pipe that is open already: of one that lies in a folder, nobody may ever open the other end.
fn is_pipe_of_a_shell(path: &Path, kind: FileType) -> bool {
    kind.is_fifo() && (path.starts_with("/dev") || path.starts_with("/proc"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn what_is_no_file_is_named_before_it_is_opened() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let [pipe, socket] = ["pipe", "socket"].map(|name| folder.path().join(name));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status()?;
        assert!(made.success());
        let _listener = UnixListener::bind(&socket)?;
        for (path, said) in [
            (pipe.as_path(), "a named pipe"),
            (&socket, "a socket"),
            (Path::new("/dev/zero"), "a device"),
        ] {
            let read = read(path).map_err(|error| error.to_string());
            assert!(read.is_err_and(|error| error.contains(said)), "{said}");
        }
        assert!(can_be_written(&pipe).is_err());
        assert!(can_be_written(folder.path()).is_err());
        assert!(can_be_written(Path::new("/dev/null")).is_ok());
        assert!(can_be_written(&folder.path().join("new")).is_ok());
        Ok(())
    }

    #[test]
    fn a_mark_before_a_text_is_none_of_it() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("a");
        fs::write(&file, b"\xef\xbb\xbftext")?;
        assert_eq!(read_text(&file).ok().as_deref(), Some("text"));
        fs::write(&file, b"\xff")?;
        assert!(read_text(&file).is_err());
        Ok(())
    }
}
