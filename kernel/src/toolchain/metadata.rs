//! What evcxr's rust-analyzer is told of the crate of the cell.

use super::workdir::Workdir;
use serde_json::{Value, json};

/// What `cargo metadata` would say of the crate of the cell, had it no dependencies.
pub fn of_the_cell(workdir: &Workdir) -> Value {
    let root = workdir.crate_dir();
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
