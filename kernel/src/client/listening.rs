//! The moment from which on a kernel listens.
//!
//! A kernel of Python needs half a second to come up. To look again and again costs as much as all the rest that a
//! runner does for a short notebook, so the system is asked to tell when a socket's file is made.

use jupyter_protocol::ConnectionInfo;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// How often is looked where the system does not tell.
const GLANCE: Duration = Duration::from_millis(10);
/// How long it takes at most from a socket's file to somebody who listens there.
const MOMENT: Duration = Duration::from_millis(1);

/// Waits until a kernel listens on all sockets that a client needs.
pub async fn until_it_listens(info: &ConnectionInfo) {
    let urls = [
        info.shell_url(),
        info.iopub_url(),
        info.stdin_url(),
        info.control_url(),
    ];
    let mut files = Vec::new();
    for url in urls {
        match url.strip_prefix("tcp://") {
            Some(address) => {
                while TcpStream::connect(address).await.is_err() {
                    sleep(GLANCE).await;
                }
            }
            None => files.push(PathBuf::from(url.trim_start_matches("ipc://"))),
        }
    }
    if let Some(folder) = files.first().and_then(|file| file.parent()) {
        until_all_are_there(folder, &files).await;
        sleep(MOMENT).await;
    }
}

/// Waits until the `files` are there, all in this folder.
async fn until_all_are_there(folder: &Path, files: &[PathBuf]) {
    // Watched before the first look, so that none is missed.
    let mut watch = watch::Watch::on(folder).ok();
    while !files.iter().all(|file| file.exists()) {
        let told = match &mut watch {
            Some(watch) => watch.changed().await.is_ok(),
            None => false,
        };
        if !told {
            watch = None;
            sleep(GLANCE).await;
        }
    }
}

#[cfg(target_os = "linux")]
mod watch {
    use inotify::{Inotify, WatchMask};
    use std::io;
    use std::path::Path;
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A folder that is watched for new files.
    pub struct Watch(AsyncFd<Inotify>);

    impl Watch {
        pub fn on(folder: &Path) -> io::Result<Watch> {
            let inotify = Inotify::init()?;
            inotify.watches().add(folder, WatchMask::CREATE)?;
            // SAFETY: `inotify` moves into the registration, and keeps its one descriptor open until it is dropped there.
            let registered =
                unsafe { AsyncFd::register_with_interest(inotify, Interest::READABLE) };
            registered.map(Watch).map_err(io::Error::from)
        }

        /// Waits until a file is new.
        pub async fn changed(&mut self) -> io::Result<()> {
            let mut buffer = [0; 4096];
            loop {
                let mut ready = self.0.readable_mut().await?;
                let read = ready.try_io(|inotify| {
                    let events = inotify.get_mut().read_events(&mut buffer)?;
                    Ok(events.count())
                });
                if let Ok(read) = read {
                    return read.map(drop);
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod watch {
    use std::convert::Infallible;
    use std::io;
    use std::path::Path;

    /// Nothing, where the system does not tell.
    pub struct Watch(Infallible);

    impl Watch {
        pub fn on(_folder: &Path) -> io::Result<Watch> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub async fn changed(&mut self) -> io::Result<()> {
            match self.0 {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_noticed_when_they_come_one_after_the_other() -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let folder = tempfile::tempdir()?;
        let files = ["a", "b", "c"].map(|name| folder.path().join(name));
        fs::write(&files[0], "")?;
        runtime.block_on(async {
            let come = async {
                for file in &files[1..] {
                    tokio::task::yield_now().await;
                    fs::write(folder.path().join("other"), "")?;
                    fs::write(file, "")?;
                }
                Ok(())
            };
            let (came, ()) = tokio::join!(come, until_all_are_there(folder.path(), &files));
            came
        })
    }
}
