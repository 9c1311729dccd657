//! How many notebooks run at a time when nobody says so.

use std::fs;
use std::thread::available_parallelism;

/// What one kernel needs: the engine and the compiler that it calls.
const BYTES_PER_KERNEL: u64 = 700_000_000;

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

fn left_to_container() -> Option<u64> {
    let number = |name: &str| {
        let text = fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        text.trim().parse::<u64>().ok()
    };
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_cores_limit_the_jobs() {
        assert_eq!(affordable(4, Some(2_200_000_000)), 3);
        assert_eq!(affordable(4, Some(64_000_000_000)), 4);
        assert_eq!(affordable(4, Some(1)), 1);
        assert_eq!(affordable(4, None), 4);
    }

    #[test]
    fn the_available_memory_is_read() {
        let text = "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:    2000 kB\n";
        assert_eq!(available(text), Some(2_048_000));
        assert_eq!(available(""), None);
    }
}
