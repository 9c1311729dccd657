//! What cargo is asked about the crates of a notebook.

use crate::error::{Error, Result};
use crate::toolchain::kit::artifacts::Artifact;
use crate::toolchain::real::{REAL_CARGO, real, restore_environment};
use serde_json::Value;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The flag by which the crates share the standard library with the core and the cells.
const SHARE_STD: &str = "-C prefer-dynamic";

/// What cargo built, and whether that is all of it. What fails is said on standard error.
pub fn build(folder: &Path) -> Result<(bool, Vec<Artifact>)> {
    let mut command = cargo(folder);
    command
        .args(["build", "--message-format=json-render-diagnostics"])
        .stderr(Stdio::inherit());
    match env::var("RUSTFLAGS") {
        Ok(flags) if !flags.trim().is_empty() => {
            command.env("RUSTFLAGS", format!("{flags} {SHARE_STD}"));
        }
        // Joined with what a user's own settings say for a target, as how to link.
        _ => {
            let setting = "target.'cfg(all())'.rustflags=[\"-C\", \"prefer-dynamic\"]";
            command.args(["--config", setting]);
        }
    }
    let output = output(&mut command)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let artifacts = text.lines().filter_map(Artifact::of_line).collect();
    Ok((output.status.success(), artifacts))
}

/// The crates that cells can name.
pub struct Direct {
    /// By what name, with their package ids.
    pub crates: Vec<(String, String)>,
    /// What cargo tells of them and of all that they need.
    pub metadata: Value,
}

/// The crates that cells can name. None if they can't be had, as cargo then said.
pub fn direct_dependencies(folder: &Path) -> Result<Option<Direct>> {
    let mut command = cargo(folder);
    command
        .args(["metadata", "--format-version", "1"])
        .stderr(Stdio::inherit());
    let output = output(&mut command)?;
    if !output.status.success() {
        return Ok(None);
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let root = &metadata["resolve"]["root"];
    let nodes = metadata["resolve"]["nodes"].as_array();
    let node = nodes.and_then(|nodes| nodes.iter().find(|node| node["id"] == *root));
    let deps = node
        .and_then(|node| node["deps"].as_array())
        .cloned()
        .unwrap_or_default();
    let pair = |dep: &Value| {
        Some((
            dep["name"].as_str()?.to_owned(),
            dep["pkg"].as_str()?.to_owned(),
        ))
    };
    let crates = deps.iter().filter_map(pair).collect();
    Ok(Some(Direct { crates, metadata }))
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(real(REAL_CARGO, "cargo"));
    command.current_dir(folder).stdin(Stdio::null());
    restore_environment(&mut command);
    for name in [
        "CARGO_TARGET_DIR",
        "CARGO_BUILD_BUILD_DIR",
        "CARGO_ENCODED_RUSTFLAGS",
    ] {
        command.env_remove(name);
    }
    command
}

fn output(command: &mut Command) -> Result<Output> {
    let program = PathBuf::from(command.get_program());
    command
        .output()
        .map_err(|source| Error::Start { program, source })
}
