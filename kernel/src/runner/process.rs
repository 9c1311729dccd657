//! A kernel's process: started in a group and a temporary folder of its own, and gone with both at the end.

use super::kernel::KernelCommand;
use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How many of the last lines that a kernel printed are shown.
const LOG_LINES: usize = 20;
/// How much of the log is looked at for them, in bytes.
const LOG_BYTES: i64 = 16 * 1024;

/// A kernel's process and everything that it leaves on the disk. Dropping it kills the whole process group
/// and removes the folder.
#[derive(Debug)]
pub struct Process {
    child: Child,
    group: Option<libc::pid_t>,
    log: PathBuf,
    folder: TempDir,
}

/// A new temporary folder for one kernel, with a path short enough for the sockets in it.
pub fn new_folder() -> Result<TempDir> {
    // A socket's path has room for about 100 bytes.
    const LONGEST: usize = 70;
    let usual = std::env::temp_dir();
    let parent = if usual.as_os_str().len() > LONGEST {
        PathBuf::from("/tmp")
    } else {
        usual
    };
    let folder = tempfile::Builder::new()
        .prefix("dsprep-run-")
        .tempdir_in(&parent);
    folder.map_err(Error::file("create a folder in", &parent))
}

impl Process {
    /// Starts `command` on the connection file, in `working_folder`, with `folder` for all it has to store.
    pub fn start(
        command: &KernelCommand,
        connection_file: &Path,
        working_folder: &Path,
        folder: TempDir,
    ) -> Result<Process> {
        let temporary = folder.path().join("tmp");
        fs::create_dir(&temporary).map_err(Error::file("create", &temporary))?;
        let log = folder.path().join("kernel.log");
        let stdout = File::create(&log).map_err(Error::file("create", &log))?;
        let stderr = stdout.try_clone().map_err(Error::file("open", &log))?;
        let child = Command::new(&command.program)
            .args(&command.args)
            .arg(connection_file)
            .current_dir(working_folder)
            .env("TMPDIR", &temporary)
            .env("JPY_PARENT_PID", std::process::id().to_string())
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .process_group(0)
            .spawn()
            .map_err(|source| Error::Start {
                program: command.program.clone(),
                source,
            })?;
        let group = child.id().and_then(|id| libc::pid_t::try_from(id).ok());
        Ok(Process {
            child,
            group,
            log,
            folder,
        })
    }

    /// Waits for the process to end, and says how it did.
    pub async fn ended(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => describe(status),
            Err(error) => format!("its end can't be awaited: {error}"),
        }
    }

    /// The last lines that the process printed.
    pub fn log_tail(&self) -> String {
        let text = read_end(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.trim_end().lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    fn kill(&mut self) {
        if let Some(group) = self.group {
            // SAFETY: `killpg` takes no pointer. The group is the one that was made for this process.
            unsafe { libc::killpg(group, libc::SIGKILL) };
        }
        // Waits for what was killed, so that it neither stays as a zombie nor writes into the folder.
        patiently(|| !matches!(self.child.try_wait(), Ok(None)));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        // The last of the group may still be on its way out.
        patiently(|| {
            fs::remove_dir_all(self.folder.path()).is_ok() || !self.folder.path().exists()
        });
    }
}

/// Tries for a second at most.
fn patiently(mut done: impl FnMut() -> bool) {
    for _ in 0..100 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn read_end(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    // Fails on a file that is shorter, which is then read from its start.
    let _ = file.seek(SeekFrom::End(-LOG_BYTES));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => match signal_name(signal) {
            Some(name) => format!("killed by signal {signal}, {name}"),
            None => format!("killed by signal {signal}"),
        },
        (None, None) => status.to_string(),
    }
}

fn signal_name(signal: i32) -> Option<&'static str> {
    let name = match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGILL => "SIGILL",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGTERM => "SIGTERM",
        _ => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_process_is_described() {
        assert_eq!(describe(ExitStatus::from_raw(3 << 8)), "exit code 3");
        assert_eq!(
            describe(ExitStatus::from_raw(libc::SIGKILL)),
            "killed by signal 9, SIGKILL"
        );
    }
}
