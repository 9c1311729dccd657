//! Where the process for completion listens, and how a kernel finds or starts it.
//!
//! The folder's name is made of the program, the kit and the user, so that whoever means the same process looks at
//! the same place. Only its user can enter it. A lock on the folder is held by who starts the process or ends it.

use crate::error::{Error, Result};
use crate::processes::user::this_user;
use crate::program;
use crate::toolchain::kit::KIT;
use crate::toolchain::rust::BUILT_BY;
use crate::toolchain::workdir::WORKDIR;
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs::{self, DirBuilder, File};
use std::hash::{Hash as _, Hasher as _};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Tells the process its folder.
pub const FOLDER: &str = "DSPREP_ANALYSIS";
/// The start of the folder's name.
const PREFIX: &str = "dsprep-analysis-";
/// Where the folder is if the usual place has too long a name: the path of a socket has room for 103 bytes.
const SHORT: &str = "/tmp";
/// How long the name of the usual place may be.
const LONGEST: usize = 60;

/// The folder in which the process listens.
#[derive(Debug, Clone)]
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// The place of the process that knows this kit.
    pub fn of(kit: Option<&Path>) -> Place {
        let mut hasher = DefaultHasher::new();
        program::path().ok().hash(&mut hasher);
        let data = program::running().and_then(|path| {
            path.metadata()
                .map(|data| (data.dev(), data.ino()))
                .map_err(Error::file("read", &path))
        });
        data.ok().hash(&mut hasher);
        (kit, BUILT_BY, env::var_os("RUST_SRC_PATH")).hash(&mut hasher);
        let usual = env::temp_dir();
        let parent = if usual.as_os_str().len() > LONGEST {
            PathBuf::from(SHORT)
        } else {
            usual
        };
        let name = format!("{PREFIX}{}-{:016x}", this_user(), hasher.finish());
        Place::at(parent.join(name))
    }

    /// The place with this folder.
    pub fn at(folder: PathBuf) -> Place {
        Place { folder }
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// A connection to the process, which is started if it does not run.
    ///
    /// # Errors
    /// If the folder can't be made, or is another user's, or the process can't be started.
    pub fn connect(&self, kit: Option<&Path>) -> Result<UnixStream> {
        if let Ok(stream) = UnixStream::connect(self.socket()) {
            return Ok(stream);
        }
        let problem = |error| Error::file("use", &self.folder)(error);
        let _lock = self.lock().map_err(problem)?;
        // Another kernel may have started it while this one waited.
        if let Ok(stream) = UnixStream::connect(self.socket()) {
            return Ok(stream);
        }
        let _ = fs::remove_file(self.socket());
        let listener = UnixListener::bind(self.socket()).map_err(problem)?;
        self.start(listener, kit)?;
        // The connection waits until the process is ready to take it.
        UnixStream::connect(self.socket()).map_err(problem)
    }

    /// Starts the process. It outlives this one if another kernel still needs it.
    fn start(&self, listener: UnixListener, kit: Option<&Path>) -> Result<()> {
        let program = program::running()?;
        let mut command = Command::new(&program);
        command
            .env(FOLDER, &self.folder)
            .env_remove(WORKDIR)
            .stdin(Stdio::from(OwnedFd::from(listener)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It would keep that folder from being removed.
            .current_dir("/")
            // A signal to this kernel is not for it.
            .process_group(0);
        if let Some(kit) = kit {
            command.env(KIT, kit);
        }
        let mut child = command
            .spawn()
            .map_err(|source| Error::Start { program, source })?;
        // Whoever starts a process has to take notice of its end.
        std::thread::spawn(move || child.wait());
        Ok(())
    }

    /// Makes the folder if it is not there, and waits until nobody else starts or ends a process in it.
    fn lock(&self) -> io::Result<File> {
        loop {
            match DirBuilder::new().mode(0o700).create(&self.folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            let found = fs::symlink_metadata(&self.folder)?;
            if !found.is_dir() || found.uid() != this_user() || found.mode() & 0o077 != 0 {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            let lock = File::open(&self.folder)?;
            lock.lock()?;
            // It may have been removed in between.
            let same = |data: fs::Metadata| lock.metadata().is_ok_and(|it| it.ino() == data.ino());
            if fs::symlink_metadata(&self.folder).is_ok_and(same) {
                return Ok(lock);
            }
        }
    }

    /// Removes the folder, unless there is a last-minute reason to stay, which is returned. A kernel that connected
    /// and was not taken sees that the connection ends, and starts another process.
    ///
    /// # Errors
    /// If the folder is not what it was.
    pub fn leave<T>(&self, reason: impl FnOnce() -> Option<T>) -> io::Result<Option<T>> {
        let _lock = self.lock()?;
        let reason = reason();
        if reason.is_none() {
            fs::remove_file(self.socket())?;
            fs::remove_dir(&self.folder)?;
        }
        Ok(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_folder_that_others_can_enter_is_not_used() -> io::Result<()> {
        let parent = tempfile::tempdir()?;
        let place = Place::at(parent.path().join("analysis"));
        drop(place.lock()?);
        let mode = place.folder.metadata()?.permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::set_permissions(&place.folder, fs::Permissions::from_mode(0o755))?;
        assert!(place.lock().is_err());
        Ok(())
    }

    #[test]
    fn the_folder_goes_with_the_process_unless_there_is_a_reason_to_stay() -> io::Result<()> {
        let parent = tempfile::tempdir()?;
        let place = Place::at(parent.path().join("analysis"));
        drop(place.lock()?);
        let _listener = UnixListener::bind(place.socket())?;
        assert!(place.leave(|| Some(1))?.is_some() && place.folder.exists());
        assert!(place.leave(|| None::<i32>)?.is_none() && !place.folder.exists());
        Ok(())
    }
}
