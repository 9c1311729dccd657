//! Resident memory of a kernel with all its processes.

use std::fs;

/// The resident memory of the process `front` and its descendants, in MB.
pub fn resident(front: u32) -> f64 {
    let mut family = vec![front];
    let parents = parents();
    loop {
        let children = parents
            .iter()
            .filter(|(pid, parent)| family.contains(parent) && !family.contains(pid));
        let children: Vec<u32> = children.map(|(pid, _)| *pid).collect();
        if children.is_empty() {
            break;
        }
        family.extend(children);
    }
    family.iter().map(|pid| kilobytes(*pid)).sum::<f64>() / 1024.0
}

/// Each process with its parent.
fn parents() -> Vec<(u32, u32)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers
        .filter_map(|pid| Some((pid, field(pid, "PPid:")?.parse().ok()?)))
        .collect()
}

fn kilobytes(pid: u32) -> f64 {
    let text = field(pid, "VmRSS:").unwrap_or_default();
    text.split_whitespace()
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0.0)
}

fn field(pid: u32, name: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().to_owned())
}
