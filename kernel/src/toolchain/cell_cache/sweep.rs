//! What goes when the cache holds too much: what was not used for longest.

use super::entry::FRESH;
use super::key::ANSWER;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often it is looked at how much there is.
const EVERY: Duration = Duration::from_secs(600);
/// How old a file may be that is being written; an older one is a killed process's.
const WRITTEN_WITHIN: Duration = Duration::from_secs(3600);
/// The file whose time says when it was looked at last.
const STAMP: &str = ".swept";

/// How much a cache holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Content {
    /// Compiled cells.
    pub cells: usize,
    /// Bytes.
    pub bytes: u64,
}

struct Found {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

/// Removes what is too much, if that was not looked after for some time.
pub fn from_time_to_time(folder: &Path, most: u64) {
    let stamp = folder.join(STAMP);
    let last = fs::metadata(&stamp).and_then(|found| found.modified());
    let is_recent = |last: SystemTime| last.elapsed().is_ok_and(|ago| ago < EVERY);
    if last.is_ok_and(is_recent) {
        return;
    }
    let mut options = File::options();
    let file = options.write(true).create(true).truncate(true).mode(0o600);
    let stamped = file
        .open(&stamp)
        .and_then(|file| file.set_modified(SystemTime::now()));
    if stamped.is_ok() {
        sweep(folder, most);
    }
}

/// Removes what was not used for longest until a tenth of `most` is free.
fn sweep(folder: &Path, most: u64) {
    let mut found = entries(folder);
    let (fresh, rest): (Vec<Found>, Vec<Found>) =
        found.drain(..).partition(|entry| is_fresh(&entry.path));
    for entry in fresh {
        if entry.used.elapsed().is_ok_and(|ago| ago > WRITTEN_WITHIN) {
            let _ = fs::remove_file(&entry.path);
        }
    }
    let mut found = rest;
    let mut bytes: u64 = found.iter().map(|entry| entry.size).sum();
    if bytes <= most {
        return;
    }
    found.sort_by_key(|entry| entry.used);
    for entry in found {
        if bytes <= most / 10 * 9 {
            break;
        }
        // Another kernel may have removed it.
        let _ = fs::remove_file(&entry.path);
        bytes -= entry.size;
    }
}

/// How much is in `folder`.
pub fn content(folder: &Path) -> Content {
    let found = entries(folder);
    let others = [FRESH, ANSWER];
    let is_cell = |entry: &&Found| others.iter().all(|start| !starts(&entry.path, start));
    let cells = found.iter().filter(is_cell).count();
    let bytes = found.iter().map(|entry| entry.size).sum();
    Content { cells, bytes }
}

/// Removes all that is in `folder`.
///
/// # Errors
/// If a file can't be removed.
pub fn clear(folder: &Path) -> io::Result<Content> {
    let content = content(folder);
    for entry in entries(folder) {
        match fs::remove_file(&entry.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(content)
}

fn entries(folder: &Path) -> Vec<Found> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let found = entries.filter_map(|entry| {
        let data = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        (entry.file_name() != STAMP).then_some(Found {
            path: entry.path(),
            size: data.len(),
            used: data.modified().ok()?,
        })
    });
    found.collect()
}

fn is_fresh(path: &Path) -> bool {
    starts(path, FRESH)
}

fn starts(path: &Path, start: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_and_what_a_killed_process_left() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, minutes: u64| -> io::Result<()> {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100])?;
            let used = SystemTime::now() - Duration::from_secs(60 * minutes);
            File::options().append(true).open(path)?.set_modified(used)
        };
        for (name, minutes) in [("a", 5), ("b", 90), ("c", 1), (".new-x", 90), (".new-y", 1)] {
            write(name, minutes)?;
        }
        from_time_to_time(folder.path(), 250);
        let left =
            ["a", "b", "c", ".new-x", ".new-y"].map(|name| folder.path().join(name).exists());
        assert_eq!(left, [true, false, true, false, true]);
        // Within ten minutes nobody looks again.
        write("d", 3)?;
        from_time_to_time(folder.path(), 250);
        assert_eq!(content(folder.path()).cells, 3);
        assert_eq!(clear(folder.path())?.cells, 3);
        assert_eq!(content(folder.path()), Content::default());
        Ok(())
    }
}
