//! Crates that a notebook adds with `:dep`.
//!
//! They are built by the real cargo in a crate of their own, once for all kernels of a user: what was built stays
//! beside the [compiled cells](super::cell_cache). The cells then link to one dynamic library that holds them all, so
//! that a static of such a crate (a logger, a thread pool) is the same for each cell. The core and its dependencies
//! are not built again.
//!
//! - [`place`]: where they are built.
//! - `cargo`: what cargo is asked.
//! - `sources`: what completion is told of them.

mod cargo;
pub mod place;
mod sources;

use super::kit::artifacts::Artifact;
use super::workdir::Workdir;
use crate::error::{Error, Result};
use place::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Procedural macros that look at nothing but what they are given, so that a cell which uses them comes out the same
/// each time. Others may read files, a database or the clock.
const PURE_MACROS: &[&str] = &[
    "async-trait",
    "bytemuck_derive",
    "clap_derive",
    "derive_more-impl",
    "displaydoc",
    "futures-macro",
    "num-derive",
    "pin-project-internal",
    "serde_derive",
    "strum_macros",
    "thiserror-impl",
    "tokio-macros",
    "tracing-attributes",
    "yoke-derive",
    "zerocopy-derive",
    "zerofrom-derive",
    "zerovec-derive",
];

/// A crate that cells can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extern {
    /// Its name in source.
    pub name: String,
    /// The compiled crate, and its metadata, which newer compilers keep apart.
    pub files: Vec<PathBuf>,
}

/// The crates that a notebook added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Those that cells can name.
    pub externs: Vec<Extern>,
    /// The folders in which they and all that they need lie: cargo may give each crate a folder of its own.
    pub folders: Vec<PathBuf>,
    /// The dynamic library that holds them all, if one could be made.
    pub library: Option<Extern>,
    /// The file that tells completion where their source is.
    #[serde(default)]
    pub sources: Option<PathBuf>,
    /// Whether a cell with these crates comes out the same each time it is compiled.
    pub pure: bool,
}

/// What building the notebook's crates came to.
#[derive(Debug)]
pub enum Built {
    /// All are there.
    All(Added),
    /// cargo said on standard error what failed.
    Failed,
}

/// Builds the dependencies that `manifest`, the one of the cell, lists.
///
/// # Errors
/// If files can't be written or cargo can't be started.
pub fn build(manifest: &str, workdir: &Workdir) -> Result<Built> {
    let dependencies = listed(manifest);
    if dependencies.is_empty() {
        return Ok(Built::All(Added {
            pure: true,
            ..Added::default()
        }));
    }
    let place = Place::of(&dependencies, workdir)?;
    // Cargo finds out whether the source of a crate on this disk has changed, once in each kernel.
    let may_change = dependencies.contains("path") && !place.is_known(workdir);
    if let Some(added) = place.built().filter(|_| !may_change) {
        return Ok(Built::All(added));
    }
    let folder = place.folder();
    write_crate(folder, &place.name(), &dependencies, "")?;
    let Some(direct) = cargo::direct_dependencies(folder)? else {
        return Ok(Built::Failed);
    };
    let used = direct.crates.iter().map(|(name, _)| name.as_str());
    let source: String = used
        .map(|name| format!("extern crate {name} as _;\n"))
        .collect();
    write_crate(folder, &place.name(), &dependencies, &source)?;
    let (whole, artifacts) = cargo::build(folder)?;
    let library = |id: &str| {
        let mut artifacts = artifacts.iter().filter(|artifact| artifact.is_library());
        artifacts
            .find(|artifact| artifact.package_id == id)
            .cloned()
    };
    let sources = place.keep_sources(&sources::of(&direct.metadata, &direct.crates))?;
    let externs: Option<Vec<Extern>> = direct
        .crates
        .into_iter()
        .map(|(name, id)| {
            let files = library(&id)?.filenames;
            Some(Extern { name, files })
        })
        .collect();
    let Some(externs) = externs else {
        return Ok(Built::Failed);
    };
    // Some crates can't be put into a dynamic library. Then each cell gets its own copy of them.
    let own = artifacts
        .iter()
        .filter(|_| whole)
        .find(|artifact| artifact.target.name == place.name());
    let added = Added {
        externs,
        folders: folders(&artifacts, own),
        library: own.map(|artifact| Extern {
            name: place.name(),
            files: artifact.filenames.clone(),
        }),
        sources: Some(sources),
        pure: artifacts.iter().all(is_pure),
    };
    place.keep(&added, workdir)?;
    Ok(Built::All(added))
}

/// The dependencies that the manifest lists besides the core.
fn listed(manifest: &str) -> String {
    let listed = manifest
        .split_once("[dependencies]")
        .map_or("", |(_, list)| list);
    let others = listed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("dsprep-core "));
    let mut others: Vec<&str> = others.collect();
    others.sort_unstable();
    others.join("\n")
}

/// The folders of all libraries but the one that holds them.
fn folders(artifacts: &[Artifact], own: Option<&Artifact>) -> Vec<PathBuf> {
    let libraries = artifacts
        .iter()
        .filter(|artifact| artifact.is_library() && Some(*artifact) != own);
    let folders: BTreeSet<PathBuf> = libraries
        .flat_map(|artifact| &artifact.filenames)
        .filter_map(|file| file.parent().map(Path::to_owned))
        .collect();
    folders.into_iter().collect()
}

fn is_pure(artifact: &Artifact) -> bool {
    let name = artifact.package().map(|(name, _)| name);
    !artifact.is_macro() || name.is_some_and(|name| PURE_MACROS.contains(&name))
}

fn write_crate(folder: &Path, name: &str, dependencies: &str, source: &str) -> Result<()> {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [lib]\npath = \"lib.rs\"\ncrate-type = [\"dylib\"]\n\n[workspace]\n\n\
         [profile.dev]\nopt-level = 2\ndebug = false\nincremental = false\n\n[dependencies]\n{dependencies}\n"
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("lib.rs"), source)
}

/// Writes a file, unless it is so already: cargo goes by its time.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_what_was_added_in_an_order_of_its_own() {
        let manifest = "[package]\nname = \"ctx\"\n\n[dependencies]\nrand = \"0.9\"\n\
                        dsprep-core = { path = \"..\" }\nitoa = \"1\"\n\n";
        assert_eq!(listed(manifest), "itoa = \"1\"\nrand = \"0.9\"");
        assert_eq!(listed("[package]\n"), "");
    }
}
