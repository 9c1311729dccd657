//! A folder for what a bench writes.

use crate::compare::Outcome;
use std::path::Path;

/// Runs `bench` with a folder of its own in the temporary one, which is removed afterwards.
pub fn with_folder(name: &str, bench: impl FnOnce(&Path) -> Outcome<()>) -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("dsprep-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = bench(&folder);
    std::fs::remove_dir_all(&folder)?;
    outcome
}
