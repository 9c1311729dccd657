//! The flags that every cell is compiled with.

use super::unstable::Unstable;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What a cell links to.
#[derive(Debug, Clone)]
pub struct Linked {
    folder: PathBuf,
    core: PathBuf,
    core_metadata: Option<PathBuf>,
}

impl Linked {
    /// Where the libraries are that a cell looks for when it is loaded.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The library `core` in `folder`, which also holds the metadata of all that the core is made of. The core's own
    /// metadata is a file of its own where the compiler keeps it out of the library.
    pub fn new(folder: &Path, core: PathBuf, core_metadata: Option<&str>) -> Linked {
        Linked {
            folder: folder.to_owned(),
            core,
            core_metadata: core_metadata.map(|name| folder.join(name)),
        }
    }

    /// What tells the compiler where the core is, and all that the core is made of.
    pub fn flags(&self) -> Vec<OsString> {
        let mut flags = Vec::new();
        for file in self.core_metadata.iter().chain([&self.core]) {
            flags.push("--extern".into());
            flags.push(joined("dsprep_core=", file.as_os_str()));
        }
        flags.push("-L".into());
        flags.push(joined("dependency=", self.folder.as_os_str()));
        flags
    }
}

/// What the compiler makes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A library that can be loaded and run.
    Library,
    /// The same, and the listing that tells the types of its variables.
    LibraryAndTypes,
    /// Errors only.
    Check,
}

/// What the compiler writes of a cell that is to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The library, which it has linked.
    Library,
    /// What is yet to be linked.
    Object,
}

/// The flags for a cell whose source is `source`, whose output goes to the current folder. What links it has flags of
/// its own.
pub fn for_cell(
    source: &str,
    goal: Goal,
    opt_level: &str,
    linked: &Linked,
    unstable: &Unstable,
) -> Vec<OsString> {
    for_written(source, goal, Written::Library, opt_level, linked, unstable)
}

/// The same for a cell of which this is written.
pub fn for_written(
    source: &str,
    goal: Goal,
    written: Written,
    opt_level: &str,
    linked: &Linked,
    unstable: &Unstable,
) -> Vec<OsString> {
    let mut flags: Vec<OsString> = Vec::new();
    let mut add = |words: &[&str]| flags.extend(words.iter().map(OsString::from));
    add(&["--crate-name", "ctx", "--edition", "2024", source]);
    add(&["--crate-type", "cdylib", "--out-dir", "."]);
    add(&["-C", "prefer-dynamic", "-C", "metadata=dsprep"]);
    add(&["-C", "debug-assertions=on", "-C", "overflow-checks=on"]);
    add(&["-C", &format!("opt-level={opt_level}")]);
    // One unit, and no incremental compilation: what a cell shares with the cell before it is compiled
    // in less time than it takes to keep track of it.
    add(&["-C", "codegen-units=1", "-C", "strip=debuginfo"]);
    match (goal, written) {
        (Goal::Check, _) => add(&["--emit=metadata"]),
        (_, Written::Library) => add(&["--emit=link,dep-info"]),
        (_, Written::Object) => add(&["--emit=obj,dep-info"]),
    }
    if goal == Goal::LibraryAndTypes {
        add(&["--emit=mir"]);
    }
    flags.extend(unstable.flags.iter().map(OsString::from));
    flags.extend(linked.flags());
    flags
}

/// The name of the file that is yet to be linked.
pub const OBJECT: &str = "ctx.o";

/// The name of the compiled cell's file.
pub fn library_name() -> String {
    format!(
        "{}ctx{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    )
}

/// `start` and `rest` in one word, whatever bytes a path is made of.
pub fn joined(start: &str, rest: &OsStr) -> OsString {
    let mut word = OsString::from(start);
    word.push(rest);
    word
}
