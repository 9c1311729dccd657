//! What a notebook depends on, in parts that are told apart.

use super::super::plan::Planned;
use super::parts::{code, data, file, locks, on_path, outputs, packages};
use crate::digest;
use crate::kernelspec;
use crate::program;
use crate::toolchain::kit::Kit;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The part for the outputs that are stored.
pub const OUTPUTS: &str = "outputs";
/// All parts.
const PARTS: [&str; 8] = [
    "code",
    "kernel",
    "core",
    "toolchain",
    "lock files",
    "data",
    "settings",
    OUTPUTS,
];
/// A digest for each part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// The parts by name.
    pub parts: BTreeMap<&'static str, String>,
}

/// The kernel of this program, with what it compiles cells with.
#[derive(Debug)]
pub struct OwnKernel {
    program: Option<String>,
    core: Option<String>,
    toolchain: Option<String>,
}

impl OwnKernel {
    /// This program with the kit that it uses.
    pub fn new(kit: Option<&Kit>) -> Self {
        let manifest = kit.map(Kit::manifest);
        OwnKernel {
            program: manifest.and_then(|_| file(program::path().ok()?)),
            core: manifest.map(|manifest| manifest.core_hash.clone()),
            toolchain: manifest.map(|manifest| {
                digest::of_bytes(format!("{} {:?}", manifest.compiler, manifest.flags).as_bytes())
            }),
        }
    }
}

impl Fingerprint {
    /// What the notebook depends on; `how` tells how all are run.
    ///
    /// # Errors
    /// What can't be known, so that it must always be run.
    pub fn of(planned: &Planned, own: &OwnKernel, how: &str) -> Result<Fingerprint, String> {
        let folder = planned
            .path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = super::real(folder.unwrap_or(Path::new(".")));
        let notebook = &planned.notebook;
        let cells = notebook.code_cells();
        let is_path = |line: &str| {
            let line = line.trim_start();
            line.starts_with(":dep") && (line.contains("path") || line.contains("git"))
        };
        if cells.iter().any(|cell| cell.source.lines().any(is_path)) {
            return Err("a `:dep` takes a crate from a folder or from Git".to_owned());
        }
        let unknown = |part: &str| format!("the {part} can't be read");
        let (kernel, core, toolchain) = if planned.launch.name == kernelspec::NAME {
            let known =
                |part: &Option<String>, name: &str| part.clone().ok_or_else(|| unknown(name));
            (
                known(&own.program, "program")?,
                known(&own.core, "core library")?,
                known(&own.toolchain, "compiler")?,
            )
        } else {
            let kernel = digest::of_bytes(format!("{:?}", planned.launch).as_bytes());
            let program =
                on_path(&planned.launch.program()).ok_or_else(|| unknown("kernel's program"))?;
            (
                kernel,
                String::new(),
                packages(&planned.launch.language, &program)?,
            )
        };
        let parts = [
            ("code", code(notebook, &folder)),
            ("kernel", kernel),
            ("core", core),
            ("toolchain", toolchain),
            ("lock files", locks(&folder)),
            ("data", data(notebook, &folder)?),
            ("settings", how.to_owned()),
            (OUTPUTS, outputs(notebook)),
        ];
        Ok(Fingerprint {
            parts: parts.into_iter().collect(),
        })
    }

    /// The fingerprint that was kept; none if it is of another version.
    pub fn from_entry(entry: &Value) -> Option<Fingerprint> {
        let known = PARTS
            .iter()
            .filter_map(|part| Some((*part, entry[*part].as_str()?.to_owned())));
        let parts: BTreeMap<_, _> = known.collect();
        (parts.len() >= PARTS.len() - 1).then_some(Fingerprint { parts })
    }

    /// The parts in which `now` differs, that of the stored outputs only if they are `checked`.
    pub fn differs_from(&self, now: &Fingerprint, checked: bool) -> Vec<&'static str> {
        let parts = PARTS.into_iter().filter(|part| checked || *part != OUTPUTS);
        parts
            .filter(|part| self.parts.get(part) != now.parts.get(part))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_differ_are_named() {
        let with = |outputs: &str| Fingerprint {
            parts: PARTS
                .iter()
                .map(|part| {
                    (
                        *part,
                        if *part == OUTPUTS { outputs } else { "same" }.to_owned(),
                    )
                })
                .collect(),
        };
        assert_eq!(
            with("a").differs_from(&with("b"), false),
            Vec::<&str>::new()
        );
        assert_eq!(with("a").differs_from(&with("b"), true), [OUTPUTS]);
    }
}
