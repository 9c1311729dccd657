//! Reading source files.

use std::fs;
use std::path::{Path, PathBuf};

/// Files with their texts.
pub type Sources = Vec<(PathBuf, String)>;

/// Folders of no use to cells: tests; intrinsics of processors, which are most of the standard library's text; tables;
/// and what that is made of on each system.
const LEFT_OUT: &[&str] = &[
    "tests",
    "stdarch",
    "core_arch",
    "portable-simd",
    "unicode",
    "os",
    "sys",
    "backtrace",
];

/// Whether the folder's files are to be read.
pub fn is_read(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    !LEFT_OUT.iter().any(|it| name == *it)
}

/// The Rust files in `folder` and below it.
pub fn rust_files(folder: &Path) -> Sources {
    let mut sources = Vec::new();
    collect(folder, &mut sources);
    sources
}

fn collect(folder: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if is_read(&path) {
                collect(&path, sources);
            }
        } else if path.extension().is_some_and(|it| it == "rs")
            && let Ok(text) = fs::read_to_string(&path)
        {
            sources.push((path, text));
        }
    }
}
