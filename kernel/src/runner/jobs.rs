//! How many notebooks run at a time when nobody says so.

use std::fs;
use std::path::Path;
use std::thread::available_parallelism;

/// What one kernel needs: front, engine, the process that runs cells (measured: 0.1 GB together), and the compiler that
/// is called for each cell (0.2 GB), with room for data.
const BYTES_PER_KERNEL: u64 = 500_000_000;

/// One for each core, as far as free memory allows, and at least one.
pub fn default() -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    affordable(cores, free_memory())
}

fn affordable(cores: usize, free: Option<u64>) -> usize {
    let by_memory = free.map_or(cores, |bytes| {
        usize::try_from(bytes / BYTES_PER_KERNEL).unwrap_or(cores)
    });
    cores.min(by_memory).max(1)
}

/// The memory that is free on the machine or left to the container, in bytes; unknown outside of Linux.
pub fn free_memory() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| available(&text));
    match (machine, left_to_container()) {
        (Some(machine), Some(container)) => Some(machine.min(container)),
        (machine, container) => machine.or(container),
    }
}

/// `MemAvailable` of `/proc/meminfo`, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What the limits of the control groups around this process leave, in bytes. Pages of files that could be given back
/// at once do not count as used.
fn left_to_container() -> Option<u64> {
    let own = fs::read_to_string("/proc/self/cgroup").ok()?;
    let of_version_1 = own.lines().find_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        controllers
            .split(',')
            .any(|name| name == "memory")
            .then_some(path)
    });
    let of_version_2 = own.lines().find_map(|line| line.strip_prefix("0::"));
    let version_1 = of_version_1.and_then(|path| {
        let names = [
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "total_inactive_file",
        ];
        least(Path::new("/sys/fs/cgroup/memory"), path, names)
    });
    let version_2 = of_version_2.and_then(|path| {
        let names = ["memory.max", "memory.current", "inactive_file"];
        least(Path::new("/sys/fs/cgroup"), path, names)
    });
    version_1.into_iter().chain(version_2).min()
}

/// What the strictest of a group and those around it leaves; `names` are the files of limit and use, and the entry of
/// `memory.stat` for pages that can be given back.
fn least(root: &Path, path: &str, names: [&str; 3]) -> Option<u64> {
    let own = root.join(path.trim_start_matches('/'));
    // In a container the path may be that of the machine, and its own group lies at the root.
    let groups = own.ancestors().take_while(|group| group.starts_with(root));
    groups.filter_map(|group| left_in(group, names)).min()
}

fn left_in(group: &Path, [limit, used, cache]: [&str; 3]) -> Option<u64> {
    let text = |name: &str| fs::read_to_string(group.join(name)).ok();
    let number = |name: &str| text(name)?.trim().parse::<u64>().ok();
    let limit = number(limit)?;
    let stat = text("memory.stat").unwrap_or_default();
    let cache = stat.lines().find_map(|line| {
        let (name, number) = line.split_once(' ')?;
        (name == cache).then(|| number.trim().parse::<u64>().ok())?
    });
    let used = number(used)?.saturating_sub(cache.unwrap_or(0));
    Some(limit.saturating_sub(used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_cores_limit_the_jobs() {
        assert_eq!(affordable(4, Some(1_600_000_000)), 3);
        assert_eq!(affordable(4, Some(64_000_000_000)), 4);
        assert_eq!(affordable(4, Some(1)), 1);
        assert_eq!(affordable(4, None), 4);
    }

    #[test]
    fn the_strictest_group_counts_and_pages_of_files_are_free() -> std::io::Result<()> {
        let root = tempfile::tempdir()?;
        let group = |path: &str, max: &str, current: u64, cache: u64| -> std::io::Result<()> {
            let folder = root.path().join(path);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("memory.max"), format!("{max}\n"))?;
            fs::write(folder.join("memory.current"), format!("{current}\n"))?;
            fs::write(
                folder.join("memory.stat"),
                format!("anon 1\ninactive_file {cache}\n"),
            )
        };
        group("a", "1000", 900, 500)?;
        group("a/b", "max", 900, 0)?;
        group("a/b/c", "2000", 100, 0)?;
        let names = ["memory.max", "memory.current", "inactive_file"];
        assert_eq!(least(root.path(), "/a/b/c", names), Some(600));
        assert_eq!(least(root.path(), "/somewhere/else", names), None);
        Ok(())
    }

    #[test]
    fn the_available_memory_is_read() {
        let text = "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:    2000 kB\n";
        assert_eq!(available(text), Some(2_048_000));
        assert_eq!(available(""), None);
    }
}
