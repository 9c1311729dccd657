//! Processes, found by the variables that they were started with.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A process that runs.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// The number of the process that started it.
    pub parent: u32,
    /// Its command line.
    pub command: String,
    variables: Vec<String>,
}

impl Process {
    /// Whether it was started with the variable.
    pub fn has_variable(&self, name: &str) -> bool {
        self.variables
            .iter()
            .any(|variable| variable.split('=').next() == Some(name))
    }

    /// How much memory it uses, in KiB.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .unwrap_or(0)
    }

    /// Sends a signal, like `KILL`.
    ///
    /// # Panics
    /// If the process is gone.
    pub fn signal(&self, signal: &str) {
        assert!(kill(signal, &self.id.to_string()), "no process {}", self.id);
    }
}

/// The processes that were started with this folder for temporary files, or for a kernel that was.
pub fn with_temporary_folder(folder: &Path) -> Vec<Process> {
    let wanted = ["TMPDIR", "DSPREP_TMPDIR"].map(|name| format!("{name}={}", folder.display()));
    let ids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(process)
        .filter(|process| wanted.iter().any(|it| process.variables.contains(it)))
        .collect()
}

fn process(id: u32) -> Option<Process> {
    let strings = |file: &str| {
        let bytes = fs::read(format!("/proc/{id}/{file}")).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Some(text.split('\0').map(str::to_owned).collect::<Vec<_>>())
    };
    let status = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in brackets may hold anything; after it come the state and the parent's number.
    let (_, fields) = status.rsplit_once(") ")?;
    Some(Process {
        id,
        parent: fields.split(' ').nth(1)?.parse().ok()?,
        command: strings("cmdline")?.join(" "),
        variables: strings("environ")?,
    })
}

/// Sends a signal to the processes of the group that `leader` made, if any are left.
pub fn signal_group(leader: u32, signal: &str) {
    kill(signal, &format!("-{leader}"));
}

fn kill(signal: &str, target: &str) -> bool {
    let mut command = Command::new("kill");
    command
        .args([&format!("-{signal}"), "--", target])
        .stderr(Stdio::null());
    command
        .status()
        .expect("the command `kill` starts")
        .success()
}
