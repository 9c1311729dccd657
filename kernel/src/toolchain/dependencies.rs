//! Crates that a notebook adds with `:dep`.
//!
//! They are built by the real cargo in a crate of their own, once for each change of the list. The
//! cells then link to what it built; the core and its dependencies are not built again.

use super::cargo::{REAL_CARGO, real, restore_environment};
use super::session::Session;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A crate that cells can name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Extern {
    /// Its name in source.
    pub name: String,
    /// The compiled crate.
    pub file: PathBuf,
}

/// What building the notebook's crates came to.
#[derive(Debug)]
pub enum Built {
    /// All are there.
    All(Vec<Extern>),
    /// cargo said on standard error what failed.
    Failed,
}

/// The crates of one list of dependencies, so that the next cell need not ask cargo again.
#[derive(Serialize, Deserialize)]
struct Cache {
    dependencies: String,
    externs: Vec<Extern>,
}

/// Builds the dependencies that `manifest`, the one of the cell, lists.
///
/// # Errors
/// If files can't be written or cargo can't be started.
pub fn build(manifest: &str, session: &Session) -> Result<Built> {
    let listed = manifest
        .split_once("[dependencies]")
        .map_or("", |(_, list)| list);
    let others = listed
        .lines()
        .filter(|line| !line.starts_with("dsprep-core "));
    let dependencies = others.collect::<Vec<_>>().join("\n");
    let dependencies = dependencies.trim();
    if dependencies.is_empty() {
        return Ok(Built::All(Vec::new()));
    }
    let folder = session.root().join("dependencies");
    let cache_file = folder.join("externs.json");
    if let Some(externs) = cached(&cache_file, dependencies) {
        return Ok(Built::All(externs));
    }
    write_crate(&folder, dependencies)?;
    let Some(artifacts) = cargo_build(&folder)? else {
        return Ok(Built::Failed);
    };
    let externs: Vec<Extern> = direct_dependencies(&folder)?
        .into_iter()
        .filter_map(|(name, id)| {
            Some(Extern {
                name,
                file: artifacts.get(&id)?.clone(),
            })
        })
        .collect();
    let cache = Cache {
        dependencies: dependencies.to_owned(),
        externs,
    };
    write(
        &cache_file,
        &serde_json::to_string(&cache).unwrap_or_default(),
    )?;
    Ok(Built::All(cache.externs))
}

fn cached(file: &Path, dependencies: &str) -> Option<Vec<Extern>> {
    let cache: Cache = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    (cache.dependencies == dependencies).then_some(cache.externs)
}

fn write_crate(folder: &Path, dependencies: &str) -> Result<()> {
    let manifest = format!(
        "[package]\nname = \"notebook-dependencies\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [lib]\npath = \"lib.rs\"\n\n[workspace]\n\n\
         [profile.dev]\nopt-level = 2\ndebug = false\n\n[dependencies]\n{dependencies}\n"
    );
    fs::create_dir_all(folder).map_err(Error::file("write", folder))?;
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("lib.rs"), "")
}

/// The file of each package that cargo built, by package id; nothing if it failed.
fn cargo_build(folder: &Path) -> Result<Option<HashMap<String, PathBuf>>> {
    let mut command = cargo(folder);
    command
        .args(["build", "--message-format=json-render-diagnostics"])
        .stderr(Stdio::inherit());
    let output = output(&mut command)?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(Some(
        messages
            .filter_map(|message| library_of(&message))
            .collect(),
    ))
}

fn library_of(message: &Value) -> Option<(String, PathBuf)> {
    if message["reason"] != "compiler-artifact" {
        return None;
    }
    let is_library = message["target"]["kind"]
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .any(|kind| matches!(kind, "lib" | "rlib" | "dylib" | "proc-macro"));
    let mut files = message["filenames"]
        .as_array()?
        .iter()
        .filter_map(Value::as_str);
    let file = files.rfind(|file| !file.ends_with(".rmeta"))?;
    let id = message["package_id"].as_str()?;
    is_library.then(|| (id.to_owned(), PathBuf::from(file)))
}

/// The crates that cells can name, with their package ids.
fn direct_dependencies(folder: &Path) -> Result<Vec<(String, String)>> {
    let output = output(cargo(folder).args(["metadata", "--format-version", "1", "--offline"]))?;
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
    Ok(deps.iter().filter_map(pair).collect())
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(real(REAL_CARGO, "cargo"));
    command.current_dir(folder).stdin(Stdio::null());
    restore_environment(&mut command);
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"] {
        command.env_remove(name);
    }
    command
}

fn output(command: &mut Command) -> Result<std::process::Output> {
    let program = PathBuf::from(command.get_program());
    command
        .output()
        .map_err(|source| Error::Start { program, source })
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::file("write", path))
}
