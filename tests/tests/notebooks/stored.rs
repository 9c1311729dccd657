//! What is stored in the notebooks is what a fresh run gives.

use crate::support::{executed, json};
use dsprep_tests::{executed_cells, workspace};
use serde_json::{Value, json as value};

/// The names of all notebooks of the project.
fn notebooks() -> Vec<String> {
    let folder = std::fs::read_dir(workspace().join("notebooks")).expect("the folder is there");
    let files = folder.map(|entry| entry.expect("it can be read").path());
    let notebooks = files.filter(|path| path.extension().is_some_and(|name| name == "ipynb"));
    let stem = |path: std::path::PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    notebooks.filter_map(stem).collect()
}

fn is_volatile(cell: &Value) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.contains(&value!("volatile")))
}

#[test]
fn stored_outputs_are_those_of_a_fresh_run() {
    let names = notebooks();
    assert!(names.len() >= 3, "{names:?}");
    for name in &names {
        let stored = json(&format!("notebooks/{name}.ipynb"));
        let fresh = executed(name);
        let pairs = executed_cells(&stored)
            .into_iter()
            .zip(executed_cells(&fresh));
        for (index, (stored, fresh)) in pairs.enumerate() {
            if !is_volatile(stored) {
                let number = index + 1;
                assert_eq!(
                    stored["outputs"], fresh["outputs"],
                    "{name}, code cell {number}: refresh it with `dsprep run --update`"
                );
            }
        }
    }
}
