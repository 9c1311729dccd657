//! What rust-analyzer reads: the standard library, the crates that cells can name, and the cell itself.

use super::outline::outline;
use super::sources::{Sources, rust_files};
use super::sysroot::Sysroot;
use crate::toolchain::rust::BUILT_BY;
use ra_ap_hir::{CfgAtom, CfgOptions, ChangeWithProcMacros, Symbol};
use ra_ap_ide::{CrateGraphBuilder, Edition, FileId, SourceRoot};
use ra_ap_ide_db::base_db::{
    AbsPathBuf, CrateBuilderId, CrateDisplayName, CrateName, CrateOrigin, CrateWorkspaceData,
    DependencyBuilder, Env, FileSet, LangCrateOrigin, Version, VfsPath,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use triomphe::Arc;

/// The name of the crate that each cell sees of those that the kit tells of; it offers the others.
const CORE: &str = "dsprep_core";

/// A crate that rust-analyzer is told of.
#[derive(Debug, Clone)]
pub struct Package {
    /// By what name others use it.
    pub name: String,
    /// The file that its source begins with.
    pub root: PathBuf,
    /// The folder of its package.
    pub folder: PathBuf,
    /// The year of its Rust.
    pub edition: Edition,
    /// Its features that are on.
    pub features: Vec<String>,
    /// The crates that it uses: by what name, and their place in the list.
    pub uses: Vec<(String, usize)>,
}

/// The crates that `metadata` tells of, as cargo writes it.
pub fn packages(metadata: &Value) -> Vec<Package> {
    let listed = metadata["packages"].as_array();
    let listed: Vec<&Value> = listed.into_iter().flatten().collect();
    let place = |id: &Value| listed.iter().position(|it| it["id"] == *id);
    let nodes = metadata["resolve"]["nodes"].as_array();
    let nodes: Vec<&Value> = nodes.into_iter().flatten().collect();
    let package = |package: &&Value| {
        let targets = package["targets"].as_array()?;
        let library = targets.iter().find(|target| {
            let kinds = target["kind"].as_array();
            kinds.is_some_and(|kinds| {
                kinds
                    .iter()
                    .any(|kind| matches!(kind.as_str(), Some("lib" | "rlib" | "dylib" | "cdylib")))
            })
        })?;
        let node = nodes.iter().find(|node| node["id"] == package["id"])?;
        let uses = node["deps"].as_array()?.iter().filter_map(|dep| {
            let name = dep["name"].as_str()?.replace('-', "_");
            Some((name, place(&dep["pkg"])?))
        });
        let features = node["features"].as_array();
        Some(Package {
            name: library["name"].as_str()?.replace('-', "_"),
            root: library["src_path"].as_str()?.into(),
            folder: Path::new(package["manifest_path"].as_str()?)
                .parent()?
                .into(),
            edition: edition(library["edition"].as_str()),
            features: features
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            uses: uses.collect(),
        })
    };
    // Crates that are no library keep their place, so that the others' numbers stay right.
    let nothing = || Package {
        name: String::new(),
        root: PathBuf::new(),
        folder: PathBuf::new(),
        edition: Edition::Edition2024,
        features: Vec::new(),
        uses: Vec::new(),
    };
    listed
        .iter()
        .map(|it| package(it).unwrap_or_else(nothing))
        .collect()
}

fn edition(year: Option<&str>) -> Edition {
    year.and_then(|year| year.parse().ok())
        .unwrap_or(Edition::Edition2024)
}

/// All that is read once, and the place of the cell's own file in it.
pub struct Project {
    /// What rust-analyzer has to be told.
    pub change: ChangeWithProcMacros,
    /// The cell's file.
    pub cell: FileId,
}

impl Project {
    /// Reads the sources of these crates, of which the cell sees the core and those at the places `seen`, and those of the standard library where they are to be had.
    pub fn read(packages: &[Package], seen: &[usize], sysroot: Option<&Sysroot>) -> Project {
        let mut building = Building::default();
        let core = building.standard_library(sysroot);
        building.packages(packages, core.as_slice());
        building.cell(packages, seen, &core)
    }
}

/// A crate of the standard library: its name and number.
type Lang = (&'static str, CrateBuilderId);

#[derive(Default)]
struct Building {
    graph: CrateGraphBuilder,
    change: ChangeWithProcMacros,
    roots: Vec<SourceRoot>,
    files: u32,
    numbers: BTreeMap<usize, CrateBuilderId>,
}

impl Building {
    /// Takes up a folder of sources, and returns the number of the file `root` in it.
    fn sources(&mut self, folder: Sources, root: &Path) -> Option<FileId> {
        let mut set = FileSet::default();
        let mut found = None;
        for (path, text) in folder {
            let id = self.next_file();
            if path == root {
                found = Some(id);
            }
            set.insert(id, VfsPath::from(absolute(&path)?));
            self.change.change_file(id, Some(outline(&text)));
        }
        // What is in a library is not expected to change.
        self.roots.push(SourceRoot::new_library(set));
        found
    }

    fn next_file(&mut self) -> FileId {
        let id = FileId::from_raw(self.files);
        self.files += 1;
        id
    }

    fn add_crate(
        &mut self,
        root: FileId,
        name: &str,
        edition: Edition,
        features: &[String],
        origin: CrateOrigin,
    ) -> CrateBuilderId {
        let mut cfg: CfgOptions = platform().into_iter().collect();
        for feature in features {
            cfg.extend([key_value("feature", feature)]);
        }
        self.graph.add_crate_root(
            root,
            edition,
            Some(CrateDisplayName::from_canonical_name(name)),
            None,
            cfg,
            None,
            Env::default(),
            origin,
            Vec::new(),
            false,
            Arc::new(AbsPathBuf::assert("/".into())),
            Arc::new(CrateWorkspaceData {
                target: Err("the layout of values is not asked for".into()),
                // What is not stable there is not offered.
                toolchain: version(),
            }),
        )
    }

    fn standard_library(&mut self, sysroot: Option<&Sysroot>) -> Vec<Lang> {
        let mut known: Vec<Lang> = Vec::new();
        for name in ["core", "alloc", "std"] {
            let Some(sysroot) = sysroot else { break };
            let root = sysroot.root(name);
            let Some(file) = self.sources(sysroot.read(name), &root) else {
                continue;
            };
            let origin = CrateOrigin::Lang(LangCrateOrigin::from(name));
            let id = self.add_crate(file, name, Edition::Edition2024, &[], origin);
            for (name, earlier) in &known {
                self.uses(id, name, *earlier);
            }
            known.push((name, id));
        }
        known
    }

    fn packages(&mut self, packages: &[Package], lang: &[Lang]) {
        for (index, package) in packages.iter().enumerate() {
            let sources = rust_files(package.root.parent().unwrap_or(&package.folder));
            let Some(file) = self.sources(sources, &package.root) else {
                continue;
            };
            let origin = CrateOrigin::Library {
                repo: None,
                name: Symbol::intern(&package.name),
            };
            let id = self.add_crate(
                file,
                &package.name,
                package.edition,
                &package.features,
                origin,
            );
            self.uses_standard_library(id, lang);
            self.numbers.insert(index, id);
        }
        for (index, package) in packages.iter().enumerate() {
            for (name, used) in &package.uses {
                if let (Some(&from), Some(&to)) = (self.numbers.get(&index), self.numbers.get(used))
                {
                    self.uses(from, name, to);
                }
            }
        }
    }

    fn cell(mut self, packages: &[Package], seen: &[usize], lang: &[Lang]) -> Project {
        let cell = self.next_file();
        let mut set = FileSet::default();
        set.insert(cell, VfsPath::new_virtual_path("/cell/lib.rs".to_owned()));
        self.roots.push(SourceRoot::new_local(set));
        self.change.change_file(cell, Some(String::new()));
        let origin = CrateOrigin::Local {
            repo: None,
            name: None,
        };
        let id = self.add_crate(cell, "cell", Edition::Edition2024, &[], origin);
        self.uses_standard_library(id, lang);
        for (index, package) in packages.iter().enumerate() {
            let named = package.name == CORE || seen.contains(&index);
            if let Some(&used) = self.numbers.get(&index)
                && named
            {
                self.uses(id, &package.name, used);
            }
        }
        self.change.set_roots(self.roots);
        self.change.set_crate_graph(self.graph);
        Project {
            change: self.change,
            cell,
        }
    }

    fn uses(&mut self, from: CrateBuilderId, name: &str, to: CrateBuilderId) {
        let dependency = DependencyBuilder::new(CrateName::normalize_dashes(name), to);
        // What would go in a circle is left out: cargo builds no such thing.
        let _ = self.graph.add_dep(from, dependency);
    }

    fn uses_standard_library(&mut self, from: CrateBuilderId, lang: &[Lang]) {
        for (name, id) in lang {
            let prelude = *name != "alloc";
            let name = CrateName::normalize_dashes(name);
            let dependency = DependencyBuilder::with_prelude(name, *id, prelude, true);
            let _ = self.graph.add_dep(from, dependency);
        }
    }
}

/// The version of the compiler that cells are compiled with.
fn version() -> Option<Version> {
    let number = BUILT_BY.split(' ').nth(1)?;
    Version::parse(number).ok()
}

fn absolute(path: &Path) -> Option<AbsPathBuf> {
    AbsPathBuf::try_from(path.to_str()?).ok()
}

fn key_value(key: &str, value: &str) -> CfgAtom {
    CfgAtom::KeyValue {
        key: Symbol::intern(key),
        value: Symbol::intern(value),
    }
}

/// What the compiler says of this machine, as far as sources ask for it.
fn platform() -> Vec<CfgAtom> {
    let mut atoms = vec![
        CfgAtom::Flag(Symbol::intern("debug_assertions")),
        // The standard library leaves out what only the compiler can read.
        CfgAtom::Flag(Symbol::intern("miri")),
        key_value("target_os", std::env::consts::OS),
        key_value("target_family", std::env::consts::FAMILY),
        key_value("target_arch", std::env::consts::ARCH),
        key_value("target_pointer_width", &usize::BITS.to_string()),
        key_value(
            "target_endian",
            if cfg!(target_endian = "big") {
                "big"
            } else {
                "little"
            },
        ),
        key_value("panic", "unwind"),
    ];
    if cfg!(unix) {
        atoms.push(CfgAtom::Flag(Symbol::intern("unix")));
    }
    for size in ["8", "16", "32", "64", "ptr"] {
        for key in ["target_has_atomic", "target_has_atomic_load_store"] {
            atoms.push(key_value(key, size));
        }
    }
    atoms
}
