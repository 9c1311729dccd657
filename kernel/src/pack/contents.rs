//! What is packed: the kit and the program without symbols, the sources that completion reads, and the notebooks.

use super::needed;
use super::run_path;
use crate::digest;
use crate::error::{Error, Result};
use crate::kernelspec;
use crate::program;
use crate::toolchain::kit::gather::workspace;
use crate::toolchain::kit::manifest::{self, Entry, Manifest, Stamped};
use crate::toolchain::kit::packaged::Packaged;
use crate::toolchain::kit::{Kit, source_digest};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of sources in a packed kit.
const SOURCES: &str = "sources";

/// A file of a package.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Its name in the package, with `/` between folders.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// What is packed.
#[derive(Debug)]
pub struct Contents {
    /// The program.
    pub program: PathBuf,
    /// The files of the kit but its manifest, by name.
    pub kit: Vec<Packed>,
    /// What is packed, in words for the program.
    pub description: Packaged,
    /// The notebooks.
    pub notebooks: Vec<Packed>,
    /// README and licences.
    pub papers: Vec<Packed>,
}

impl Contents {
    /// Copies what is packed into `stage`, and strips it.
    ///
    /// # Errors
    /// [`Error::Usage`] without the workspace of the build, [`Error::Tool`] if `strip` fails, [`Error::File`].
    pub fn gather(kit: &Kit, stage: &Path) -> Result<Contents> {
        let workspace = workspace().ok_or_else(|| {
            Error::Usage("`dsprep pack` packs what was built in a checkout; call it there: cargo run --release -- pack".to_owned())
        })?;
        let folder = stage.join("kit");
        fs::create_dir(&folder).map_err(Error::file("create", &folder))?;
        let needed = needed::libraries(kit, stage)?;
        let is_needed = |entry: &&Entry| {
            let is_library = entry.name.ends_with(".rmeta")
                || entry.name.ends_with(".rlib")
                || entry.name.ends_with(env::consts::DLL_SUFFIX);
            !is_library || entry.name.starts_with("libstd-") || needed.contains(&entry.name)
        };
        let mut files = Vec::new();
        for entry in kit.manifest().files.iter().filter(is_needed) {
            let source = kit.folder().join(&entry.name);
            let path = if entry.name.ends_with(env::consts::DLL_SUFFIX) {
                stripped(&source, &folder)?
            } else {
                source
            };
            files.push(Packed {
                name: entry.name.clone(),
                path,
            });
        }
        let sources = take_sources(kit, &folder, &mut files)?;
        files.extend(sources);
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let program = stripped(program::path()?, stage)?;
        look_beside(&program)?;
        let notebooks = notebooks(&workspace)?;
        let hash = |it: &Packed| Ok((it.name.clone(), digest::of_file(&it.path)?));
        let description = Packaged {
            kit: manifest_of(kit, &files)?,
            archive: None,
            source: source_digest(&workspace.join("dsprep-core")),
            notebooks: notebooks
                .iter()
                .map(hash)
                .collect::<Result<BTreeMap<_, _>>>()?,
        };
        let papers = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];
        let papers = papers.map(|name| Packed {
            name: name.to_owned(),
            path: workspace.join(name),
        });
        Ok(Contents {
            program,
            kit: files,
            description,
            notebooks,
            papers: papers.into(),
        })
    }

    /// The platform, as Rust calls it.
    pub fn platform() -> String {
        format!("{}-{}", env::consts::ARCH, env::consts::OS)
    }

    /// `dsprep-0.1.0-x86_64-linux`
    pub fn name() -> String {
        format!("dsprep-{}-{}", env!("CARGO_PKG_VERSION"), Self::platform())
    }
}

/// A copy without symbols and debug information in `folder`.
fn stripped(file: &Path, folder: &Path) -> Result<PathBuf> {
    let target = folder.join(file.file_name().unwrap_or_default());
    let mut command = Command::new("strip");
    if cfg!(target_os = "macos") {
        // Without the names that nobody outside of the file uses.
        command.arg("-x");
    }
    command.arg("-o").arg(&target).arg(file);
    call(command, "install binutils")?;
    Ok(target)
}

/// Makes the program look for its libraries beside itself only.
fn look_beside(program: &Path) -> Result<()> {
    if !cfg!(target_os = "linux") {
        // A changed program would have to be signed again.
        return Ok(());
    }
    let mut bytes = fs::read(program).map_err(Error::file("read", program))?;
    run_path::keep_folders_beside(&mut bytes);
    fs::write(program, bytes).map_err(Error::file("write", program))
}

/// Runs a program that packing needs.
///
/// # Errors
/// [`Error::Tool`] if it can't be started or fails.
pub fn call(mut command: Command, mend: &'static str) -> Result<()> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let problem = match output {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(Error::Tool {
        tool,
        problem,
        mend,
    })
}

/// The manifest of the packed kit: without what only the machine of the build has.
fn manifest_of(kit: &Kit, files: &[Packed]) -> Result<Manifest> {
    let nowhere = Stamped {
        path: PathBuf::new(),
        size: 0,
        changed: 0,
    };
    let mut entries = Vec::new();
    for file in files.iter().filter(|file| !file.name.contains('/')) {
        let data = file
            .path
            .metadata()
            .map_err(Error::file("read", &file.path))?;
        entries.push(Entry {
            name: file.name.clone(),
            size: data.len(),
            hash: Some(digest::of_file(&file.path)?),
        });
    }
    let core = kit.core();
    let core = entries.iter().find(|entry| core.ends_with(&entry.name));
    let core_hash = core
        .and_then(|entry| entry.hash.clone())
        .unwrap_or_default();
    Ok(Manifest {
        packed: true,
        workspace: None,
        rustc: nowhere.clone(),
        built: nowhere,
        core_hash,
        files: entries,
        ..kit.manifest().clone()
    })
}

/// Takes the sources of the packages that a cell can name, which rust-analyzer reads, and tells it where they will
/// be, in the place of the list of packages of this machine.
fn take_sources(kit: &Kit, folder: &Path, files: &mut [Packed]) -> Result<Vec<Packed>> {
    let mut metadata = kit.metadata()?;
    let mut sources = Vec::new();
    for package in metadata["packages"].as_array_mut().into_iter().flatten() {
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        let Some(root) = manifest.parent() else {
            continue;
        };
        let name = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let place = format!("{SOURCES}/{}-{}", name("name"), name("version"));
        sources.push(Packed {
            name: format!("{place}/Cargo.toml"),
            path: manifest.clone(),
        });
        for path in rust_files(&root.join("src"))? {
            let Some(inner) = path.strip_prefix(root).ok().and_then(Path::to_str) else {
                continue;
            };
            let name = format!("{place}/{inner}");
            sources.push(Packed { name, path });
        }
        let moved = |path: &Value| {
            let inner = Path::new(path.as_str()?).strip_prefix(root).ok()?;
            Some(format!("{}/{place}/{}", manifest::KIT_FOLDER, inner.display()).into())
        };
        package["manifest_path"] = moved(&package["manifest_path"]).unwrap_or_default();
        for target in package["targets"].as_array_mut().into_iter().flatten() {
            target["src_path"] = moved(&target["src_path"]).unwrap_or_default();
        }
    }
    let mut text = metadata.to_string();
    // The ids of the workspace's own packages hold its path.
    if let Some(workspace) = workspace() {
        text = text.replace(&*workspace.to_string_lossy(), "/dsprep");
    }
    let file = folder.join(manifest::METADATA);
    fs::write(&file, text).map_err(Error::file("write", &file))?;
    for packed in files.iter_mut().filter(|it| it.name == manifest::METADATA) {
        packed.path.clone_from(&file);
    }
    Ok(sources)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(Error::file("read", &folder))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs" || it == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The project's notebooks.
fn notebooks(workspace: &Path) -> Result<Vec<Packed>> {
    let folder = workspace.join("notebooks");
    let entries = fs::read_dir(&folder).map_err(Error::file("read", &folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut notebooks: Vec<Packed> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "ipynb"))
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            Some(Packed { name, path })
        })
        .collect();
    notebooks.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(notebooks)
}

/// The files of the kernelspec for a package: `kernel.json` that starts `argv`, and the logos.
///
/// # Errors
/// [`Error::File`] if they can't be written into `stage`.
pub fn kernelspec(stage: &Path, argv: &[&str]) -> Result<Vec<Packed>> {
    let folder = stage.join("kernelspec");
    fs::create_dir(&folder).map_err(Error::file("create", &folder))?;
    let mut files = Vec::new();
    for (name, bytes) in kernelspec::files(kernelspec::NAME, argv) {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(Error::file("write", &path))?;
        files.push(Packed {
            name: name.to_owned(),
            path,
        });
    }
    Ok(files)
}
