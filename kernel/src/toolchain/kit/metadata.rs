//! What rust-analyzer is told of the core and of the libraries whose types a cell can name.
//!
//! `cargo metadata` would tell it, but wants packages that only tests need and that a reader never downloaded. All
//! that rust-analyzer reads of it is known when the kit is gathered.

use super::artifacts::Artifact;
use super::packages::{PackageId, Packages};
use serde_json::{Value, json};

pub use super::manifest::METADATA as FILE;

/// The packages whose types a cell can name. The other hundred or so that the core is built from cost rust-analyzer
/// a gigabyte and several seconds, and complete nothing.
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

/// What `cargo metadata` would tell of these packages, were there no others: `packages` and `resolve`.
pub fn of(packages: &Packages, artifacts: &[Artifact]) -> Value {
    let artifact_of = |id: &PackageId| {
        let built = artifacts.iter().filter(|artifact| artifact.is_library());
        built
            .filter(|artifact| artifact.package() == Some((&id.0, &id.1)))
            .max_by_key(|artifact| artifact.features.len())
    };
    let nameable = |id: &PackageId| NAMEABLE.contains(&id.0.as_str());
    let ids = packages.edges.keys().filter(|id| nameable(id));
    let known: Vec<(&PackageId, &Artifact)> =
        ids.filter_map(|id| Some((id, artifact_of(id)?))).collect();
    let cargo_id = |id: &PackageId| {
        known
            .iter()
            .find(|(it, _)| *it == id)
            .map(|(_, artifact)| &artifact.package_id)
    };
    let node = |(id, artifact): &(&PackageId, &Artifact)| {
        let edges = packages.edges[*id].iter().filter(|(_, id)| nameable(id));
        let deps: Vec<Value> = edges
            .filter_map(|(name, id)| {
                Some(json!({
                    "name": name, "pkg": cargo_id(id)?, "dep_kinds": [{"kind": null, "target": null}],
                }))
            })
            .collect();
        let ids: Vec<&Value> = deps.iter().map(|dep| &dep["pkg"]).collect();
        json!({
            "id": artifact.package_id, "dependencies": ids, "deps": deps, "features": artifact.features,
        })
    };
    json!({
        "packages": known.iter().map(package).collect::<Vec<_>>(),
        "resolve": {"nodes": known.iter().map(node).collect::<Vec<_>>(), "root": null},
        "version": 1, "metadata": null,
    })
}

fn package((id, artifact): &(&PackageId, &Artifact)) -> Value {
    let target = &artifact.target;
    let local = artifact.package_id.starts_with("path+");
    let source = (!local).then(|| artifact.package_id.split('#').next().unwrap_or_default());
    let features: serde_json::Map<String, Value> = artifact
        .features
        .iter()
        .map(|name| (name.clone(), json!([])))
        .collect();
    json!({
        "name": id.0, "version": id.1, "id": artifact.package_id, "license": null, "license_file": null,
        "description": null, "source": source, "dependencies": [], "features": features,
        "targets": [{
            "kind": target.kind, "crate_types": target.crate_types, "name": target.name,
            "src_path": target.src_path, "edition": target.edition, "doc": true, "doctest": false, "test": true,
        }],
        "manifest_path": artifact.manifest_path, "metadata": null, "publish": null, "authors": [],
        "categories": [], "keywords": [], "readme": null, "repository": null, "homepage": null,
        "documentation": null, "edition": target.edition, "links": null, "default_run": null,
        "rust_version": null,
    })
}
