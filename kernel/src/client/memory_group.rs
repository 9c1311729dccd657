//! A control group of Linux that caps the memory of one kernel with all that it starts.
//!
//! The system itself keeps to the cap, whatever the processes do, and a group can be ended with all that is in it. A
//! group can be had where this program may make one: as root, in a container with its own groups, in a session that
//! systemd delegates. Where none can be had, the cap is one of each process ([`super::process`]).

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// The start of a group's name; the process that made it follows.
const PREFIX: &str = "dsprep-";
/// How often it is tried to remove a group whose processes are on their way out.
const TRIES: u32 = 50;
/// How long is waited between the tries.
const PAUSE: Duration = Duration::from_millis(10);

/// What the files of a version of control groups are called.
#[derive(Debug)]
struct Files {
    /// The most memory, in bytes.
    limit: &'static str,
    /// The most that may be swapped, and whether the memory itself counts into it.
    swap: (&'static str, bool),
    /// The file whose entry `oom_kill` counts the processes that were killed for want of memory.
    kills: &'static str,
}

const VERSION_1: Files = Files {
    limit: "memory.limit_in_bytes",
    swap: ("memory.memsw.limit_in_bytes", true),
    kills: "memory.oom_control",
};
const VERSION_2: Files = Files {
    limit: "memory.max",
    swap: ("memory.swap.max", false),
    kills: "memory.events",
};

/// A group for one kernel. Dropping it ends what is still in it and removes it.
#[derive(Debug)]
pub struct MemoryGroup {
    folder: PathBuf,
    files: &'static Files,
}

impl MemoryGroup {
    /// A group that may use so many bytes; none where none can be had.
    pub fn create(bytes: u64) -> Option<MemoryGroup> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let places = places(&own, Path::new("/sys/fs/cgroup"));
        places
            .into_iter()
            .find_map(|(parent, files)| Self::create_in(&parent, files, bytes))
    }

    fn create_in(parent: &Path, files: &'static Files, bytes: u64) -> Option<MemoryGroup> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        sweep(parent);
        if files.limit == VERSION_2.limit {
            // Fails where it is so already, and where this is not allowed: then there is no file for the limit.
            let _ = fs::write(parent.join("cgroup.subtree_control"), "+memory");
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}", std::process::id());
        let group = MemoryGroup {
            folder: parent.join(name),
            files,
        };
        fs::create_dir(&group.folder).ok()?;
        // Opened, and not made: the system makes the files of a group.
        let write = |name: &str, text: &str| {
            let file = OpenOptions::new().write(true).open(group.folder.join(name));
            file.and_then(|mut file| file.write_all(text.as_bytes()))
        };
        write(files.limit, &bytes.to_string()).ok()?;
        let (swap, with_memory) = files.swap;
        // Not there where nothing is swapped.
        let _ = write(swap, &if with_memory { bytes } else { 0 }.to_string());
        group.door().ok()?;
        Some(group)
    }

    /// The file that a process writes `0` to, to enter the group.
    ///
    /// # Errors
    /// If this program may put no process into the group.
    pub fn door(&self) -> std::io::Result<File> {
        let path = self.folder.join("cgroup.procs");
        OpenOptions::new().write(true).open(path)
    }

    /// Whether a process of the group was killed because it needed more memory.
    pub fn ran_out(&self) -> bool {
        let text = fs::read_to_string(self.folder.join(self.files.kills)).unwrap_or_default();
        let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        count.is_some_and(|count| count.trim() != "0")
    }
}

impl Drop for MemoryGroup {
    fn drop(&mut self) {
        for _ in 0..TRIES {
            if fs::remove_dir(&self.folder).is_ok() || !self.folder.exists() {
                return;
            }
            end_all(&self.folder);
            sleep(PAUSE);
        }
    }
}

/// Ends all processes of a group, also those that left the kernel's process group.
fn end_all(folder: &Path) {
    if fs::write(folder.join("cgroup.kill"), "1").is_ok() {
        return;
    }
    let text = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    for process in text.lines().filter_map(|line| line.parse().ok()) {
        // SAFETY: sends a signal; no memory is involved. The number is positive: zero stands for processes of other
        // containers, and would mean this one's own group.
        if process > 0 {
            unsafe { libc::kill(process, libc::SIGKILL) };
        }
    }
}

/// Where groups may be made: the group of this process, or the one around it, of version 2 before version 1.
fn places(own: &str, root: &Path) -> Vec<(PathBuf, &'static Files)> {
    let mut places = Vec::new();
    let mut add = |root: PathBuf, path: &str, files| {
        let own = root.join(path.trim_start_matches('/'));
        // In a container the path may be that of the machine, and its own group lies at the root.
        let around = own.parent().filter(|around| around.starts_with(&root));
        let candidates = [Some(own.as_path()), around, Some(root.as_path())];
        for folder in candidates.into_iter().flatten() {
            let place = (folder.to_owned(), files);
            if folder.join("cgroup.procs").exists() && !places.iter().any(|(it, _)| it == folder) {
                places.push(place);
            }
        }
    };
    for line in own.lines() {
        if let Some(path) = line.strip_prefix("0::") {
            add(root.to_owned(), path, &VERSION_2);
            add(root.join("unified"), path, &VERSION_2);
        }
    }
    for line in own.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        if let (Some(controllers), Some(path)) = (parts.next(), parts.next())
            && controllers.split(',').any(|name| name == "memory")
        {
            add(root.join("memory"), path, &VERSION_1);
        }
    }
    places
}

/// Removes the empty groups of programs that were killed.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if maker(&entry.file_name()).is_some_and(|maker| !lives(maker)) {
            // One in which something still runs stays.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// The process that made the group of this name.
fn maker(name: &OsStr) -> Option<libc::pid_t> {
    let (maker, _) = name.to_str()?.strip_prefix(PREFIX)?.split_once('-')?;
    maker.parse().ok().filter(|maker| *maker > 0)
}

fn lives(process: libc::pid_t) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_looked_for_at_this_process_and_around_it() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let group = |path: &str| -> std::io::Result<PathBuf> {
            let folder = root.path().join(path);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("cgroup.procs"), "")?;
            Ok(folder)
        };
        let (slice, own) = (group("app.slice")?, group("app.slice/run.scope")?);
        let old = group("memory")?;
        let found = places(
            "4:cpu,memory:/not/seen/here\n0::/app.slice/run.scope\n",
            root.path(),
        );
        let folders: Vec<_> = found.into_iter().map(|(folder, _)| folder).collect();
        assert_eq!(folders, [own, slice, old]);
        Ok(())
    }

    #[test]
    fn a_group_without_a_file_for_the_limit_is_none() -> std::io::Result<()> {
        let parent = tempfile::tempdir()?;
        assert!(MemoryGroup::create_in(parent.path(), &VERSION_2, 1 << 20).is_none());
        assert_eq!(
            fs::read_dir(parent.path())?.count(),
            1,
            "the file subtree_control"
        );
        Ok(())
    }

    #[test]
    fn the_maker_stands_in_the_name() {
        assert_eq!(maker(OsStr::new("dsprep-12-0")), Some(12));
        for name in ["dsprep-x-0", "dsprep-12", "other-12-0", "dsprep-0-1"] {
            assert_eq!(maker(OsStr::new(name)), None, "{name}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_needs_too_much_is_killed_and_the_group_goes_with_all_that_is_in_it() {
        // Nothing can be shown where no group can be had.
        let Some(group) = MemoryGroup::create(32 << 20) else {
            return;
        };
        let door = group.folder.join("cgroup.procs");
        let run = |script: &str| {
            let mut shell = std::process::Command::new("sh");
            shell
                .arg("-c")
                .arg(format!("echo $$ > '{}'; {script}", door.display()));
            shell
        };
        let status = run("sleep 0; exit 3").status().expect("sh starts");
        assert_eq!((status.code(), group.ran_out()), (Some(3), false));
        let mut left = run("exec sleep 300").spawn().expect("sh starts");
        let greedy = run("x=$(head -c 200000000 /dev/zero | tr '\\0' x); exit 0").status();
        assert!(!greedy.expect("sh starts").success() || group.ran_out());
        assert!(group.ran_out());
        let folder = group.folder.clone();
        drop(group);
        assert!(!folder.exists());
        assert!(!left.wait().expect("it ends").success());
    }
}
