//! The core kit: one folder with all that a cell is compiled with and linked to.
//!
//! It holds the core library, the metadata of every crate that the core is made of, the procedural macros among
//! them, the standard library's dynamic part, what rust-analyzer is told of these crates, and a [`manifest`]. So
//! the program needs no folder of cargo's, whose layout is cargo's own business, and works wherever it lies.
//!
//! - `place`: where kits lie.
//! - [`gather`]: making one.
//! - [`built`], [`artifacts`], `packages`: what cargo says it has built, and which of it the core needs.
//! - `metadata`: what rust-analyzer is told.
//! - [`packaged`]: the kit of a packed program.

pub mod artifacts;
pub mod built;
pub mod gather;
pub mod manifest;
mod metadata;
pub mod packaged;
mod packages;
pub mod place;

use crate::digest::hex;
use crate::error::{Error, Result};
use crate::toolchain::flags::Linked;
use crate::toolchain::rust;
use manifest::Manifest;
use packaged::Packaged;
use place::Place;
use sha2::{Digest as _, Sha256};
use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The variable that names the folder of a kit.
pub const KIT: &str = "DSPREP_KIT";

/// The variable that tells the processes of a kernel which compiler it has found.
pub const RUSTC: &str = "DSPREP_RUSTC";

/// A kit that cells can be compiled with.
#[derive(Debug, Clone)]
pub struct Kit {
    folder: PathBuf,
    manifest: Manifest,
}

impl Kit {
    /// Finds the kit, or gathers it from the workspace that built this program.
    ///
    /// It is looked for in the folder that `DSPREP_KIT` names, beside this program, in the user's cache and in the
    /// user's data folder. One that is older than the core of the workspace is gathered anew.
    ///
    /// # Errors
    /// [`Error::NoKit`] if there is none and none can be gathered, [`Error::NotAKit`] if it is damaged,
    /// [`Error::OtherCompiler`] and [`Error::NoCompiler`] if the compiler that it needs is not there.
    pub fn find() -> Result<Kit> {
        let kit = Self::find_any()?;
        kit.check_compiler()?;
        Ok(kit)
    }

    /// The places in which kits are looked for.
    pub fn places() -> Vec<Place> {
        Place::all()
    }

    fn find_any() -> Result<Kit> {
        if let Some(folder) = env::var_os(KIT) {
            return Kit::open(Path::new(&folder));
        }
        let places = Place::all();
        if let Some(packaged) = Packaged::here()? {
            return packaged.kit(&places);
        }
        let mut damaged = None;
        for place in &places {
            match Kit::in_use(place) {
                Ok(Some(kit)) => return Ok(kit),
                Err(problem) if place.kit.exists() => damaged = Some(problem),
                _ => {}
            }
        }
        if let Some(workspace) = gather::workspace() {
            check_compiler(&rust::tool("rustc"), rust::BUILT_BY)?;
            return gather::kit(&workspace, &places);
        }
        Err(damaged.unwrap_or_else(|| Error::NoKit {
            looked: places.into_iter().map(|place| place.kit).collect(),
            workspace: gather::workspace_of_the_build().to_owned(),
        }))
    }

    /// The kit of `place`; none if it is another workspace's, or older than the core of this one.
    fn in_use(place: &Place) -> Result<Option<Kit>> {
        let kit = Kit::open(&place.kit)?;
        let current = kit.belongs_to(place) && !kit.is_outdated();
        Ok(current.then_some(kit))
    }

    /// The kit that the front has found, for the processes that it starts. Nothing is looked at twice.
    ///
    /// # Errors
    /// As in [`Kit::find`] where this process was not started by a front.
    pub fn of_the_front() -> Result<Kit> {
        match env::var_os(KIT) {
            Some(folder) => Ok(Kit {
                manifest: Manifest::read(Path::new(&folder))?,
                folder: folder.into(),
            }),
            None => Self::find_any(),
        }
    }

    /// The kit in `folder`, all of whose files are there.
    ///
    /// # Errors
    /// [`Error::NotAKit`].
    pub fn open(folder: &Path) -> Result<Kit> {
        let missing = |error: std::io::Error| Error::NotAKit {
            folder: folder.to_owned(),
            problem: error.to_string(),
        };
        // Without links: the folder stays what it is when another kit is put in its place.
        let folder = folder.canonicalize().map_err(missing)?;
        let manifest = Manifest::read(&folder)?;
        manifest.check_files(&folder)?;
        Ok(Kit { folder, manifest })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The core library.
    pub fn core(&self) -> PathBuf {
        self.folder.join(core_file())
    }

    /// What a cell links to.
    pub fn linked(&self) -> Linked {
        let metadata = gather::core_metadata(&self.manifest.files);
        Linked::new(&self.folder, self.core(), metadata)
    }

    /// What rust-analyzer is told of the crates whose types a cell can name, as `cargo metadata` would tell it.
    ///
    /// # Errors
    /// [`Error::File`] if it can't be read.
    pub fn metadata(&self) -> Result<serde_json::Value> {
        let file = self.folder.join(metadata::FILE);
        let text = std::fs::read(&file).map_err(Error::file("read", &file))?;
        let mut metadata = serde_json::from_slice(&text).unwrap_or_default();
        if self.manifest.packed {
            put_folder(&mut metadata, &self.folder.to_string_lossy());
        }
        Ok(metadata)
    }

    /// The folder of the core's source, as it was when the core was built.
    pub fn core_source(&self) -> Option<PathBuf> {
        let metadata = self.metadata().ok()?;
        let mut packages = metadata["packages"].as_array()?.iter();
        let core = packages.find(|package| package["name"] == "dsprep-core")?;
        let manifest = Path::new(core["manifest_path"].as_str()?);
        manifest.parent().map(Path::to_owned)
    }

    /// The compiler that built the core: the one that the front has found, the one that built it, or wherever else it
    /// is on this machine.
    pub fn rustc(&self) -> PathBuf {
        if let Some(found) = env::var_os(RUSTC) {
            return found.into();
        }
        let known = &self.manifest.rustc.path;
        if known.is_file() {
            known.clone()
        } else {
            let found = rust::find(&self.manifest.compiler);
            // A packed kit is of no use to the compiler that built this program where it is another one.
            let other = || {
                if self.manifest.packed {
                    "rustc".into()
                } else {
                    rust::tool("rustc")
                }
            };
            found.unwrap_or_else(other)
        }
    }

    /// Keeps the kit from being removed as long as the file is open. None where files can't be locked.
    pub fn hold(&self) -> Option<File> {
        let file = File::open(self.folder.join(manifest::FILE)).ok()?;
        file.lock_shared().ok()?;
        Some(file)
    }

    /// Whether the workspace of this program, if it is still there, is the one that the kit was gathered from, and the kit lies
    /// where `place` keeps its own. A target folder that was copied from another checkout holds a link to that one's kit.
    fn belongs_to(&self, place: &Place) -> bool {
        let (Some(store), Some(workspace)) = (&place.store, gather::workspace()) else {
            return true;
        };
        let kept = store.canonicalize();
        kept.is_ok_and(|store| self.folder.starts_with(store))
            && self.manifest.workspace.as_ref() == Some(&workspace)
    }

    /// Whether cargo has built another core since.
    fn is_outdated(&self) -> bool {
        self.manifest.built.was_replaced()
    }

    /// Makes sure that the compiler is the one that built the core: it understands no other's libraries.
    fn check_compiler(&self) -> Result<()> {
        if self.manifest.rustc.is_there() {
            return Ok(());
        }
        let needed = &self.manifest.compiler;
        let checked = check_compiler(&self.rustc(), needed);
        // Nobody can build anew what came in a package.
        checked.map_err(|error| match error {
            error if !self.manifest.packed => error,
            Error::OtherCompiler { .. } | Error::NoCompiler { .. } => Error::NotSetUp {
                needed: needed.clone(),
            },
            other => other,
        })
    }
}

/// Asks the compiler whether it is the one that is needed.
fn check_compiler(rustc: &Path, needed: &str) -> Result<()> {
    match rust::version(rustc) {
        Some(version) if version == needed => Ok(()),
        Some(version) => Err(Error::OtherCompiler {
            found: version,
            needed: needed.to_owned(),
        }),
        None => Err(Error::NoCompiler {
            needed: needed.to_owned(),
            toolchain: rust::TOOLCHAIN.unwrap_or("stable").to_owned(),
        }),
    }
}

/// Puts the folder of a packed kit in the place of what stands for it in the paths.
fn put_folder(value: &mut serde_json::Value, folder: &str) {
    use serde_json::Value;
    match value {
        Value::String(text) if text.starts_with(manifest::KIT_FOLDER) => {
            *text = text.replacen(manifest::KIT_FOLDER, folder, 1);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_folder(item, folder)),
        Value::Object(map) => map.values_mut().for_each(|item| put_folder(item, folder)),
        _ => {}
    }
}

/// The SHA-256 of all Rust files of a package. None if it is not there.
pub fn source_digest(package: &Path) -> Option<String> {
    let mut files = Vec::new();
    let mut folders = vec![package.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(
            file.strip_prefix(package)
                .ok()?
                .to_string_lossy()
                .as_bytes(),
        );
        hasher.update([0]);
        hasher.update(std::fs::read(&file).ok()?);
    }
    Some(hex(&hasher.finalize()))
}

/// The file name of the core library.
fn core_file() -> String {
    format!(
        "{}dsprep_core{}",
        env::consts::DLL_PREFIX,
        env::consts::DLL_SUFFIX
    )
}
