//! What rust-analyzer is told of the crate of the cell and of the libraries.

use super::cargo::{REAL_CARGO, REAL_RUSTC, real, restore_environment};
use super::core_library::CoreLibrary;
use super::session::Session;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::process::Command;

/// The packages whose types a cell can name. The other three hundred or so that the core is built
/// from cost rust-analyzer a gigabyte and several seconds, and complete nothing.
const NAMEABLE: &[&str] = &[
    "dsprep-core",
    "ndarray",
    "num-complex",
    "num-traits",
    "plotters",
    "plotters-backend",
    "plotters-svg",
    "polars",
    "polars-arrow",
    "polars-core",
    "polars-dtype",
    "polars-error",
    "polars-expr",
    "polars-lazy",
    "polars-ops",
    "polars-plan",
    "polars-schema",
    "polars-utils",
    "rusqlite",
    "statrs",
];

/// What `cargo metadata` would say of the crate of the cell, had it no dependencies.
pub fn of_the_cell(session: &Session) -> Value {
    let root = session.crate_dir();
    let id = format!("path+file://{}#ctx@1.0.0", root.display());
    json!({
        "packages": [{
            "name": "ctx", "version": "1.0.0", "id": id, "license": null, "license_file": null,
            "description": null, "source": null, "dependencies": [], "features": {},
            "targets": [{
                "kind": ["cdylib"], "crate_types": ["cdylib"], "name": "ctx",
                "src_path": root.join("src/lib.rs"), "edition": "2024", "doc": true,
                "doctest": false, "test": true,
            }],
            "manifest_path": root.join("Cargo.toml"), "metadata": null, "publish": null,
            "authors": [], "categories": [], "keywords": [], "readme": null, "repository": null,
            "homepage": null, "documentation": null, "edition": "2024", "links": null,
            "default_run": null, "rust_version": null,
        }],
        "workspace_members": [id], "workspace_default_members": [id],
        "resolve": {
            "nodes": [{"id": id, "dependencies": [], "deps": [], "features": []}], "root": id,
        },
        "target_directory": root.join("target"), "version": 1, "workspace_root": root,
        "metadata": null,
    })
}

/// The crate of the cell as one that depends on the core, with the packages that cells can name.
///
/// # Errors
/// If cargo can't be started in the folder of the core.
pub fn with_libraries(session: &Session) -> Result<Value> {
    let cell = of_the_cell(session);
    let mut metadata = metadata_of_the_core()?;
    let core = CoreLibrary::source();
    let Some(core_id) = package_id(&metadata, "dsprep-core") else {
        return Ok(cell);
    };
    keep_nameable(&mut metadata);
    let mut package = cell["packages"][0].clone();
    package["dependencies"] = json!([{
        "name": "dsprep-core", "source": null, "req": "*", "kind": null, "rename": null,
        "optional": false, "uses_default_features": true, "features": [], "target": null,
        "registry": null, "path": core,
    }]);
    let id = package["id"].clone();
    let node = json!({
        "id": id, "dependencies": [core_id], "features": [],
        "deps": [{
            "name": "dsprep_core", "pkg": core_id, "dep_kinds": [{"kind": null, "target": null}],
        }],
    });
    push(&mut metadata["packages"], package);
    push(&mut metadata["resolve"]["nodes"], node);
    metadata["resolve"]["root"] = id;
    for key in [
        "workspace_members",
        "workspace_default_members",
        "workspace_root",
        "target_directory",
    ] {
        metadata[key] = cell[key].clone();
    }
    Ok(metadata)
}

fn metadata_of_the_core() -> Result<Value> {
    let program = real(REAL_CARGO, "cargo");
    let mut command = Command::new(&program);
    command
        // What other platforms need was never downloaded.
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--filter-platform",
            &host(),
        ])
        .current_dir(CoreLibrary::source());
    restore_environment(&mut command);
    let output = command
        .output()
        .map_err(|source| Error::Start { program, source })?;
    Ok(serde_json::from_slice(&output.stdout).unwrap_or_default())
}

/// The platform that the compiler builds for by itself.
fn host() -> String {
    let output = Command::new(real(REAL_RUSTC, "rustc")).arg("-vV").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let text = text.unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or_default()
        .to_owned()
}

fn package_id(metadata: &Value, name: &str) -> Option<Value> {
    let packages = metadata["packages"].as_array()?;
    packages
        .iter()
        .find(|package| package["name"] == name)
        .map(|package| package["id"].clone())
}

/// Drops all packages but those that cells can name, and all mention of them.
fn keep_nameable(metadata: &mut Value) {
    let is_nameable = |package: &Value| {
        package["name"]
            .as_str()
            .is_some_and(|name| NAMEABLE.contains(&name))
    };
    retain(&mut metadata["packages"], is_nameable);
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let kept: HashSet<String> = packages
        .filter_map(|package| package["id"].as_str().map(str::to_owned))
        .collect();
    let is_kept = |id: &Value| id.as_str().is_some_and(|id| kept.contains(id));
    let nodes = &mut metadata["resolve"]["nodes"];
    retain(nodes, |node| is_kept(&node["id"]));
    for node in nodes.as_array_mut().into_iter().flatten() {
        retain(&mut node["dependencies"], is_kept);
        retain(&mut node["deps"], |dep| is_kept(&dep["pkg"]));
    }
}

fn retain(array: &mut Value, keep: impl Fn(&Value) -> bool) {
    if let Some(items) = array.as_array_mut() {
        items.retain(keep);
    }
}

fn push(array: &mut Value, item: Value) {
    if let Some(items) = array.as_array_mut() {
        items.push(item);
    }
}
