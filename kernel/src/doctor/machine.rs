//! The machine: disk, memory, and what dead kernels left.

use super::finding::Finding;
use crate::processes::owned_folder::{folders, is_abandoned as is_left, living_owner};
use crate::program;
use crate::runner::free_memory;
use crate::toolchain::workdir::{LAB_PREFIX, PREFIX};
use std::env;
use std::ffi::CString;
use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Less than this is a warning.
const ENOUGH: u64 = 1_000_000_000;
/// A folder of the runner that nobody has touched for so long is left over.
const STALE: Duration = Duration::from_secs(3600);

/// Asks how much space is free where cells are compiled and where the build lies.
pub fn check_disk() -> Finding {
    let program = program::path().ok();
    let build = program.and_then(Path::parent).map(Path::to_owned);
    let folders = [Some(env::temp_dir()), build].into_iter().flatten();
    judge_disk(
        folders
            .map(|folder| (free_space(&folder), folder))
            .collect(),
    )
}

fn judge_disk(folders: Vec<(io::Result<u64>, PathBuf)>) -> Finding {
    const TOPIC: &str = "disk";
    let tell = |(free, folder): &(io::Result<u64>, PathBuf)| match free {
        Ok(free) => format!("{} free in {}", gigabytes(*free), folder.display()),
        Err(error) => format!("{}: {error}", folder.display()),
    };
    let told = folders.iter().map(tell).collect::<Vec<_>>().join(", ");
    if folders.iter().any(|(free, _)| free.is_err()) {
        Finding::warning(
            TOPIC,
            told,
            "make the folder, or set TMPDIR to one that exists",
        )
    } else if folders.iter().any(|(free, _)| matches!(free, Ok(..ENOUGH))) {
        Finding::warning(
            TOPIC,
            told,
            "free some space; cargo clean removes the builds, which cargo build --release makes again",
        )
    } else {
        Finding::ok(TOPIC, told)
    }
}

/// The space that is free for this user on the disk of `folder`, in bytes.
fn free_space(folder: &Path) -> io::Result<u64> {
    let path = CString::new(folder.as_os_str().as_bytes())?;
    let mut answer = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path is a C string, and `answer` is large enough for what the call writes.
    if unsafe { libc::statvfs(path.as_ptr(), answer.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so it wrote its answer.
    let answer = unsafe { answer.assume_init() };
    Ok(widen(answer.f_bavail).saturating_mul(widen(answer.f_frsize)))
}

/// The fields' types differ between systems.
fn widen(number: impl Into<u64>) -> u64 {
    number.into()
}

/// Asks how much memory is available.
pub fn check_memory() -> Finding {
    judge_memory(free_memory())
}

fn judge_memory(free: Option<u64>) -> Finding {
    const TOPIC: &str = "memory";
    match free {
        None => Finding::ok(TOPIC, "not known on this system"),
        Some(free @ ..ENOUGH) => Finding::warning(
            TOPIC,
            format!(
                "{} available; a kernel that compiles takes about 0.7 GB",
                gigabytes(free)
            ),
            "shut down kernels or programs that you do not need",
        ),
        Some(free) => Finding::ok(TOPIC, format!("{} available", gigabytes(free))),
    }
}

fn gigabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    let number = bytes as f64 / 1e9;
    format!("{number:.1} GB")
}

/// Looks for folders of programs that no longer run.
pub fn check_leftovers() -> Finding {
    judge_leftovers(&leftovers(&env::temp_dir()))
}

fn judge_leftovers(folders: &[PathBuf]) -> Finding {
    const TOPIC: &str = "leftovers";
    let Some(first) = folders.first() else {
        return Finding::ok(TOPIC, "none of dead kernels");
    };
    let paths: Vec<_> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    let found = match folders.len() {
        1 => format!("a folder of a dead kernel: {}", first.display()),
        number => format!("{number} folders of dead kernels, like {}", first.display()),
    };
    Finding::warning(TOPIC, found, format!("rm -r {}", paths.join(" ")))
}

/// The folders of dead kernels, labs and runners.
fn leftovers(temp: &Path) -> Vec<PathBuf> {
    let owned = folders(temp, &[PREFIX, LAB_PREFIX]).into_iter();
    let mut dead: Vec<_> = owned.filter(|folder| is_left(folder)).collect();
    let entries = fs::read_dir(temp).into_iter().flatten().flatten();
    let runs = entries.filter(|entry| entry.file_name().as_bytes().starts_with(b"dsprep-run-"));
    dead.extend(
        runs.map(|entry| entry.path())
            .filter(|folder| is_abandoned(folder)),
    );
    dead.sort();
    dead
}

/// Whether a folder of the runner has no living kernel in it and has not been touched for long.
fn is_abandoned(folder: &Path) -> bool {
    let changed = folder.metadata().and_then(|data| data.modified());
    let age = changed.map(|time| time.elapsed().unwrap_or_default());
    let lives = folders(&folder.join("tmp"), &[PREFIX])
        .iter()
        .any(|kernel| living_owner(kernel).is_some());
    age.is_ok_and(|age| age > STALE) && !lives
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processes::owned_folder::OwnedFolder;
    use crate::terminal::Paint;

    #[test]
    fn little_space_or_memory_is_a_warning() {
        let tell = |free| {
            vec![
                (Ok(free), PathBuf::from("/tmp")),
                (Ok(70_400_000_000), "/p/target".into()),
            ]
        };
        let told = [
            judge_disk(tell(12_000_000_000)),
            judge_disk(tell(900_000_000)),
            judge_disk(vec![(
                Err(io::Error::from_raw_os_error(libc::ENOENT)),
                "/nowhere".into(),
            )]),
            judge_memory(Some(3_210_000_000)),
            judge_memory(Some(321_000_000)),
            judge_memory(None),
        ];
        insta::assert_snapshot!(told.map(|finding| finding.lines(Paint::OFF)).concat(), @r#"
        ok       disk        12.0 GB free in /tmp, 70.4 GB free in /p/target
        warning  disk        0.9 GB free in /tmp, 70.4 GB free in /p/target
                             -> free some space; cargo clean removes the builds, which cargo build --release makes again
        warning  disk        /nowhere: No such file or directory (os error 2)
                             -> make the folder, or set TMPDIR to one that exists
        ok       memory      3.2 GB available
        warning  memory      0.3 GB available; a kernel that compiles takes about 0.7 GB
                             -> shut down kernels or programs that you do not need
        ok       memory      not known on this system
        "#);
    }

    #[test]
    fn the_space_of_the_temporary_folder_is_known() {
        assert!(free_space(&env::temp_dir()).is_ok_and(|free| free > 0));
        assert!(free_space(Path::new("/no/such/folder")).is_err());
    }

    #[test]
    fn only_folders_of_dead_kernels_are_left_over() -> io::Result<()> {
        let temp = tempfile::tempdir()?;
        let _alive = OwnedFolder::create(temp.path(), PREFIX)?;
        for name in ["dsprep-kernel-b", "dsprep-lab-c", "dsprep-run-d", "other"] {
            fs::create_dir(temp.path().join(name))?;
        }
        for dead in ["dsprep-kernel-b", "dsprep-lab-c"] {
            fs::write(temp.path().join(dead).join("lock"), "1")?;
        }
        let found = leftovers(temp.path());
        let told = judge_leftovers(&found)
            .lines(Paint::OFF)
            .replace(&temp.path().display().to_string(), "/tmp");
        insta::assert_snapshot!(told, @r#"
        warning  leftovers   2 folders of dead kernels, like /tmp/dsprep-kernel-b
                             -> rm -r /tmp/dsprep-kernel-b /tmp/dsprep-lab-c
        "#);
        assert_eq!(
            judge_leftovers(&[]),
            Finding::ok("leftovers", "none of dead kernels")
        );
        Ok(())
    }
}
