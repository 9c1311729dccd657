//! How much memory a kernel and the processes that it started use.

use std::collections::BTreeMap;
#[cfg(target_os = "linux")]
use std::sync::{Arc, Mutex, PoisonError};
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

/// How long the table of all processes is taken as it is.
#[cfg(target_os = "linux")]
const RECENT: Duration = Duration::from_millis(150);

/// The memory that belongs to the process `root` and its descendants alone, in bytes; unknown outside of Linux.
#[cfg(target_os = "linux")]
pub fn private_bytes(root: u32) -> Option<u64> {
    let mut pages = 0;
    let mut left = vec![root];
    // Made only where the system does not list children: to look through all processes takes long.
    let mut table: Option<Arc<Table>> = None;
    while let Some(pid) = left.pop() {
        pages += private_pages(pid).unwrap_or(0);
        left.extend(children(pid).unwrap_or_else(|| {
            let table = table.get_or_insert_with(recent_table);
            table.get(&pid).cloned().unwrap_or_default()
        }));
    }
    // SAFETY: asks for a number; no memory is involved.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    Some(pages * u64::try_from(page).ok()?)
}

/// The children of a process, as the system lists them by thread; none where it does not.
#[cfg(target_os = "linux")]
fn children(pid: u32) -> Option<Vec<u32>> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        // It is gone.
        return Some(Vec::new());
    };
    let mut children = Vec::new();
    for thread in threads.flatten() {
        let file = thread.path().join("children");
        match std::fs::read_to_string(&file) {
            Ok(text) => children.extend(
                text.split_whitespace()
                    .filter_map(|word| word.parse::<u32>().ok()),
            ),
            // The thread is gone, or no thread has such a file.
            Err(_) if thread.path().exists() => return None,
            Err(_) => {}
        }
    }
    Some(children)
}

/// The children of all processes, by process.
#[cfg(target_os = "linux")]
type Table = BTreeMap<u32, Vec<u32>>;

/// The table, made anew only if it is old: all kernels of a run are looked at together.
#[cfg(target_os = "linux")]
fn recent_table() -> Arc<Table> {
    static LAST: Mutex<Option<(Instant, Arc<Table>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((made, table)) if made.elapsed() < RECENT => table.clone(),
        _ => {
            let table = Arc::new(children_of_all());
            *last = Some((Instant::now(), table.clone()));
            table
        }
    }
}

#[cfg(target_os = "linux")]
fn children_of_all() -> Table {
    let mut children = Table::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let pid = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let Some(pid) = pid else { continue };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name stands in parentheses and may hold anything; the state and the parent follow it.
        let parent = stat.rsplit(')').next();
        let parent = parent.and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(pid);
        }
    }
    children
}

#[cfg(target_os = "linux")]
fn private_pages(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let mut numbers = text.split_whitespace().skip(1).map(str::parse::<u64>);
    let (resident, shared) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(resident.saturating_sub(shared))
}

/// The memory that belongs to the process `root` and its descendants alone, in bytes; unknown outside of Linux.
#[cfg(not(target_os = "linux"))]
pub fn private_bytes(_root: u32) -> Option<u64> {
    None::<BTreeMap<u32, u64>>.map(|_| 0)
}

/// How often the system has killed a process since it was started because memory ran out.
pub fn kills() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/vmstat").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("oom_kill "))?;
    line.trim().parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn children_are_the_same_in_both_ways() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("it starts");
        let own = std::process::id();
        let listed = children(own);
        let searched = children_of_all().remove(&own).unwrap_or_default();
        let _ = child.kill();
        let _ = child.wait();
        assert!(searched.contains(&child.id()), "{searched:?}");
        assert!(listed.is_none_or(|listed| listed.contains(&child.id())));
    }

    #[test]
    fn memory_of_a_child_counts() {
        let own = || private_bytes(std::process::id()).unwrap_or(0);
        let before = own();
        // A shell that holds 32 MB in a variable.
        let script = "x=$(head -c 32000000 /dev/zero | tr '\\0' x); read y";
        let child = std::process::Command::new("sh")
            .args(["-c", script])
            .stdin(std::process::Stdio::piped())
            .spawn();
        let mut child = child.expect("sh starts");
        let start = std::time::Instant::now();
        while own() < before + 30_000_000 && start.elapsed().as_secs() < 60 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let with_child = own();
        drop(child.stdin.take());
        let _ = child.wait();
        assert!(with_child >= before + 30_000_000, "{before} {with_child}");
    }
}
