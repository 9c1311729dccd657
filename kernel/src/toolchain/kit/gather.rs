//! Makes a kit of what cargo has built in the workspace.
//!
//! Cargo is asked to build what it has just built, which takes half a second, and names each file in a message. The
//! files are linked into a new folder of the store, or copied where that is on another disk, and the folder becomes
//! the kit in use only when it is whole.

use super::artifacts::Artifact;
use super::built;
use super::manifest::{self, Entry, FORMAT, Manifest, Stamped};
use super::packages::Packages;
use super::place::{Place, sweep};
use super::{Kit, core_file, metadata};
use crate::digest;
use crate::error::{Error, Result};
use crate::program;
use crate::toolchain::flags::Linked;
use crate::toolchain::rust;
use crate::toolchain::unstable::Unstable;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The workspace that built this program, if it is still there.
pub fn workspace() -> Option<PathBuf> {
    let folder = workspace_of_the_build();
    let there = folder.join("Cargo.lock").is_file() && folder.join("dsprep-core").is_dir();
    there.then(|| folder.to_owned())
}

/// Where the workspace was when it built this program.
pub fn workspace_of_the_build() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Gathers a kit into the first of `places` that can be written.
///
/// # Errors
/// [`Error::Gather`] if cargo fails or does not name what is needed, [`Error::File`] if no place can be written.
pub fn kit(workspace: &Path, places: &[Place]) -> Result<Kit> {
    let mut refused = None;
    for place in places {
        let Some(folder) = &place.store else { continue };
        let (store, _lock) = match place.lock() {
            Ok(locked) => locked,
            Err(error) => {
                refused.get_or_insert_with(|| Error::file("write", folder)(error));
                continue;
            }
        };
        // Another process may have gathered it while this one waited.
        if let Ok(Some(kit)) = Kit::in_use(place) {
            return Ok(kit);
        }
        let folder = into_store(workspace, &store)?;
        place
            .use_kit(&folder)
            .map_err(Error::file("write", &place.kit))?;
        sweep(&store, &folder);
        return Kit::open(&place.kit);
    }
    program::path()?;
    Err(refused.unwrap_or_else(|| Error::Gather {
        problem: "there is no folder for it: set HOME".to_owned(),
    }))
}

/// Gathers a kit into the new folder `output`, from the workspace that built this program or from another.
///
/// # Errors
/// [`Error::File`] if the folder is there already or can't be written, and those of [`kit`].
pub fn into(workspace: Option<&Path>, output: &Path) -> Result<Kit> {
    if output.exists() {
        return Err(Error::file("write", output)(
            io::ErrorKind::AlreadyExists.into(),
        ));
    }
    let workspace = match workspace {
        Some(workspace) => workspace.to_owned(),
        None => self::workspace().ok_or_else(|| Error::Gather {
            problem: format!(
                "the workspace that built this program, {}, is not there",
                workspace_of_the_build().display()
            ),
        })?,
    };
    let parent = output.parent().filter(|it| !it.as_os_str().is_empty());
    let (fresh, _) = gathered(&workspace, parent.unwrap_or(Path::new(".")))?;
    put(fresh, output)?;
    Kit::open(output)
}

/// Makes the folder of a new kit in `store`, and returns it.
fn into_store(workspace: &Path, store: &Path) -> Result<PathBuf> {
    let (fresh, core_hash) = gathered(workspace, store)?;
    let named = store.join(&core_hash[..16]);
    if named.exists() {
        fs::remove_dir_all(&named).map_err(Error::file("replace", &named))?;
    }
    put(fresh, &named)?;
    Ok(named)
}

/// A whole kit in a temporary folder in `parent`, and the hash of its core.
fn gathered(workspace: &Path, parent: &Path) -> Result<(TempDir, String)> {
    let artifacts = built::artifacts(workspace)?;
    let packages = Packages::below("dsprep-core", &workspace.join("Cargo.lock"), &artifacts)?;
    let built = core_as_built(&artifacts)?;
    let fresh = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(parent)
        .map_err(Error::file("write", parent))?;
    let folder = fresh.path();
    let libraries = artifacts.iter().filter(|it| it.is_library());
    for artifact in libraries.filter(|it| packages.contains(it)) {
        for file in artifact.needed_files() {
            take(&file, folder)?;
        }
    }
    let rustc = rust::tool("rustc");
    take(&standard_library(&rustc)?, folder)?;
    let text = metadata::of(&packages, &artifacts).to_string();
    let file = folder.join(metadata::FILE);
    fs::write(&file, text).map_err(Error::file("write", &file))?;

    let core = folder.join(core_file());
    let core_hash = digest::of_file(&core)?;
    let files = entries(folder)?;
    let linked = Linked::new(folder, core, core_metadata(&files));
    let manifest = Manifest {
        format: FORMAT,
        dsprep: env!("CARGO_PKG_VERSION").to_owned(),
        packed: false,
        compiler: rust::version(&rustc).unwrap_or_default(),
        rustc: Stamped::now(&rustc).ok_or_else(|| Error::NoCompiler {
            needed: rust::BUILT_BY.to_owned(),
            toolchain: rust::TOOLCHAIN.unwrap_or("stable").to_owned(),
        })?,
        workspace: Some(workspace.to_owned()),
        flags: flags().map(str::to_owned).collect(),
        unstable: Unstable::probe(&rustc, &linked),
        core_hash: core_hash.clone(),
        built,
        files,
    };
    manifest.write(folder)?;
    Ok((fresh, core_hash))
}

/// Gives a gathered kit its place.
///
/// # Errors
/// [`Error::File`] if it can't be put there.
pub fn put(fresh: TempDir, place: &Path) -> Result<()> {
    open_to_all(fresh.path())?;
    fs::rename(fresh.path(), place).map_err(Error::file("write", place))?;
    // There is nothing left to remove.
    let _ = fresh.keep();
    Ok(())
}

/// Whoever may run the program may read its kit.
fn open_to_all(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
        .map_err(Error::file("write", folder))
}

/// The core library where cargo leaves it for others.
pub fn core_as_built(artifacts: &[Artifact]) -> Result<Stamped> {
    let name = core_file();
    let files = artifacts.iter().flat_map(|artifact| &artifact.filenames);
    let mut named = files.filter(|file| file.file_name() == Some(OsStr::new(&name)));
    named
        .find_map(|file| Stamped::now(file))
        .ok_or_else(|| Error::Gather {
            problem: format!("cargo has built no {name}"),
        })
}

/// The name of the core's own metadata, where the compiler keeps it out of the library.
pub fn core_metadata(files: &[Entry]) -> Option<&str> {
    let mut names = files.iter().map(|entry| entry.name.as_str());
    names.find(|name| name.starts_with("libdsprep_core") && name.ends_with(".rmeta"))
}

/// Puts a file into the folder: the same file where both are on one disk, else a copy.
///
/// # Errors
/// [`Error::File`] if it can be neither.
pub fn take(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().unwrap_or_default();
    let target = folder.join(name);
    let linked = match fs::hard_link(file, &target) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => fs::copy(file, &target).map(|_| ()),
        Ok(()) => Ok(()),
    };
    linked.map_err(Error::file("take into the kit", file))
}

/// The standard library's dynamic part.
fn standard_library(rustc: &Path) -> Result<PathBuf> {
    let problem = |problem: String| Error::Gather { problem };
    let output = Command::new(rustc)
        .args(["--print", "target-libdir"])
        .output()
        .map_err(|error| problem(format!("{}: {error}", rustc.display())))?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end());
    let entries = fs::read_dir(&folder).map_err(Error::file("read", &folder))?;
    let start = format!("{}std-", env::consts::DLL_PREFIX);
    let is_std = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&start) && name.ends_with(env::consts::DLL_SUFFIX)
    };
    let mut files = entries.flatten().map(|entry| entry.path());
    files.find(is_std).ok_or_else(|| {
        problem(format!(
            "{} holds no dynamic standard library; this platform has none",
            folder.display()
        ))
    })
}

fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let listed = fs::read_dir(folder).map_err(Error::file("read", folder))?;
    let mut entries = Vec::new();
    for entry in listed.flatten() {
        let size = entry
            .metadata()
            .map_err(Error::file("read", &entry.path()))?
            .len();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != manifest::FILE {
            entries.push(Entry {
                name,
                size,
                hash: None,
            });
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

fn flags() -> impl Iterator<Item = &'static str> {
    env!("DSPREP_BUILT_WITH_FLAGS").split('\u{1f}')
}
