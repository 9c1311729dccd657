//! A kernel's process: started in a group and a private folder of its own, and gone with both at the end.

use super::folder::{self, Folder};
use super::guardian::Watched;
use super::memory_group::MemoryGroup;
use super::{Launch, memory};
use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};

/// How many of the last lines that a kernel printed are shown.
const LOG_LINES: usize = 20;
/// How much of the log is looked at for them, in bytes.
const LOG_BYTES: i64 = 16 * 1024;
/// How often it is tried to get rid of what is left of a process.
const TRIES: u32 = 100;
/// How long is waited between the tries.
const PAUSE: Duration = Duration::from_millis(10);

/// A kernel's process and everything that it leaves on the disk. Dropping it kills the whole process group
/// and removes the folder; if this program is killed, a guardian does.
#[derive(Debug)]
pub struct Process {
    child: Child,
    id: u32,
    group: Option<libc::pid_t>,
    log: PathBuf,
    folder: Folder,
    /// How often the system had killed for want of memory when this was started.
    kills: Option<u64>,
    /// What caps the memory, if a group can be had.
    memory_group: Option<MemoryGroup>,
    /// Until all of it is gone.
    _watched: Watched,
}

impl Process {
    /// Starts `launch` on the connection file, in `working_folder`, with `folder` for all it has to store. The kernel
    /// may have `memory` bytes, or where the system can't see to that, no process of it may have more.
    ///
    /// # Errors
    /// [`Error::Start`], [`Error::File`].
    pub fn start(
        launch: &Launch,
        connection_file: &Path,
        working_folder: &Path,
        folder: Folder,
        memory: Option<u64>,
    ) -> Result<Process> {
        let watched = Watched::new(folder.path());
        let temporary = folder.path().join("tmp");
        fs::create_dir(&temporary).map_err(Error::file("create", &temporary))?;
        let log = folder.path().join("kernel.log");
        let stdout = folder::private(&log).map_err(Error::file("create", &log))?;
        let stderr = stdout.try_clone().map_err(Error::file("open", &log))?;
        let mut command = Command::new(launch.program());
        command
            .args(launch.args(connection_file))
            .current_dir(working_folder)
            .envs(&launch.env)
            .env("TMPDIR", &temporary)
            .env("JPY_PARENT_PID", std::process::id().to_string())
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .process_group(0);
        let parent = std::process::id();
        let memory_group = memory.and_then(MemoryGroup::create);
        let mut door = memory_group.as_ref().and_then(|group| group.door().ok());
        // SAFETY: between fork and exec only system calls are made; nothing is allocated and no lock is taken.
        unsafe { command.pre_exec(move || before_exec(parent, memory, door.as_mut())) };
        let child = command.spawn().map_err(|source| Error::Start {
            program: launch.program(),
            source,
        })?;
        let id = child.id().unwrap_or_default();
        let group = libc::pid_t::try_from(id).ok().filter(|group| *group > 0);
        group.into_iter().for_each(|group| watched.add_group(group));
        Ok(Process {
            _watched: watched,
            group,
            child,
            id,
            log,
            folder,
            kills: memory::kills(),
            memory_group,
        })
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether something of the kernel was killed because it needed more memory than the kernel may have.
    pub fn ran_out_of_memory(&self) -> bool {
        let group = self.memory_group.as_ref();
        group.is_some_and(MemoryGroup::ran_out)
    }

    /// Waits for the process to end, and says how it did.
    pub async fn ended(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => {
                let how = describe(status);
                if status.signal() == Some(libc::SIGKILL) && memory::kills() > self.kills {
                    return format!("{how}; the system ran out of memory");
                }
                how
            }
            Err(error) => format!("its end can't be awaited: {error}"),
        }
    }

    /// The last lines that the process printed; if there is no room for them, that.
    pub fn log_tail(&self) -> String {
        let text = read_end(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.trim_end().lines().collect();
        let mut tail = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
        let folder = self.folder.path().parent().unwrap_or(Path::new("/"));
        if folder::free(folder).is_some_and(|free| free < 64 * 1024) {
            if !tail.is_empty() {
                tail.push('\n');
            }
            tail += &format!(
                "(no space is left in the temporary folder `{}`)",
                folder.display()
            );
        }
        tail
    }

    /// Sends a signal to all of the group.
    pub fn signal(&self, signal: libc::c_int) {
        if let Some(group) = self.group {
            // SAFETY: `killpg` takes no pointer. The group is the one that was made for this process.
            unsafe { libc::killpg(group, signal) };
        }
    }

    /// Kills what is left of the group, and removes the folder, without keeping anything else from going on.
    pub async fn end(mut self) {
        self.signal(libc::SIGKILL);
        let _ = tokio::time::timeout(PAUSE * TRIES, self.child.wait()).await;
        for _ in 0..TRIES {
            if self.is_removed() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Tries to remove the folder. The last of the group may still be on its way out.
    fn is_removed(&self) -> bool {
        fs::remove_dir_all(self.folder.path()).is_ok() || !self.folder.path().exists()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) || self.folder.path().exists() {
            self.signal(libc::SIGKILL);
            // Waits for what was killed, so that it neither stays as a zombie nor writes into the folder.
            patiently(|| !matches!(self.child.try_wait(), Ok(None)));
            patiently(|| self.is_removed());
        }
    }
}

/// Tries for a second at most.
fn patiently(mut done: impl FnMut() -> bool) {
    for _ in 0..TRIES {
        if done() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Makes the process end with this one, even if this one is killed, and limits its memory: by the group behind `door`,
/// or where it can't enter that, by a limit of the process.
fn before_exec(parent: u32, memory: Option<u64>, door: Option<&mut File>) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        // The thread that starts kernels is the first of this program, so it ends when the program does.
        // SAFETY: sets a flag of this process; no memory is involved.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        if std::os::unix::process::parent_id() != parent {
            return Err(std::io::Error::from_raw_os_error(libc::ESRCH));
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = parent;
    let in_group = door.is_some_and(|door| door.write_all(b"0").is_ok());
    if let Some(bytes) = memory.filter(|_| !in_group) {
        let limit = libc::rlimit {
            rlim_cur: bytes as libc::rlim_t,
            rlim_max: bytes as libc::rlim_t,
        };
        // SAFETY: the structure lives as long as the call.
        if unsafe { libc::setrlimit(libc::RLIMIT_DATA, &limit) } != 0 {
            return Err(std::io::Error::last_os_error());
        }
    }
    Ok(())
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
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGSYS => "SIGSYS",
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
