//! The kernelspec: the folder by which Jupyter finds the kernel.
//!
//! It holds `kernel.json` and the logos, in `kernels/dsprep` of a Jupyter data folder. It is written to a
//! folder beside it and then renamed, so that Jupyter never sees half of it.

use crate::error::{Error, Result};
use crate::program;
use crate::progress::record::PROGRESS;
use serde_json::json;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The name by which Jupyter knows the kernel.
pub const NAME: &str = "dsprep";

const LOGOS: [(&str, &[u8]); 3] = [
    ("logo-svg.svg", include_bytes!("kernelspec/logo-svg.svg")),
    (
        "logo-32x32.png",
        include_bytes!("kernelspec/logo-32x32.png"),
    ),
    (
        "logo-64x64.png",
        include_bytes!("kernelspec/logo-64x64.png"),
    ),
];

/// A kernelspec: what it is called, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kernelspec {
    /// Where it is.
    pub place: Place,
    /// The name of its folder, by which Jupyter knows the kernel.
    pub name: String,
}

/// Where a kernelspec is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The user's Jupyter data folder.
    User,
    /// `share/jupyter` below this folder.
    Prefix(PathBuf),
    /// `share/jupyter` of the active Python environment.
    SysPrefix,
}

/// Installs the kernelspec, in place of an earlier one of this program, and says where.
///
/// # Errors
/// [`Error::NoHome`] or [`Error::NoSysPrefix`] if the place is not known, [`Error::File`] if it can't be written,
/// [`Error::OtherKernel`] if there is one that starts another program, unless it may be replaced.
pub fn install(spec: &Kernelspec, replace: bool) -> Result<ExitCode> {
    let kernels = spec.place.kernels()?;
    let program = program::path()?;
    if !replace {
        let folder = kernels.join(&spec.name);
        let other = started_program(&folder.join("kernel.json")).ok();
        if let Some(other) = other.filter(|other| other.is_file() && !is_same(other, program)) {
            return Err(Error::OtherKernel { folder, other });
        }
    }
    let target = write(&kernels, &spec.name, program)?;
    say(&format!(
        "Installed the kernel \"{}\" in {}",
        display_name(&spec.name),
        target.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Removes the kernelspec and says from where.
///
/// # Errors
/// [`Error::NotInstalled`] if there is none, and the errors of [`install`].
pub fn uninstall(spec: &Kernelspec) -> Result<ExitCode> {
    let kernels = spec.place.kernels()?;
    let target = kernels.join(&spec.name);
    if !target.exists() {
        return Err(Error::NotInstalled {
            name: spec.name.clone(),
            kernels,
        });
    }
    fs::remove_dir_all(&target).map_err(Error::file("remove", &target))?;
    say(&format!(
        "Removed the kernel \"{}\" from {}",
        display_name(&spec.name),
        target.display()
    ));
    Ok(ExitCode::SUCCESS)
}

impl Place {
    /// The folder of kernelspecs.
    fn kernels(&self) -> Result<PathBuf> {
        let data = match self {
            Place::User => user_data(|name| env::var_os(name).filter(|value| !value.is_empty()))?,
            Place::Prefix(prefix) => absolute(prefix)?.join("share/jupyter"),
            Place::SysPrefix => sys_prefix()?.join("share/jupyter"),
        };
        Ok(data.join("kernels"))
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(Error::file("find", path))
}

/// The user's Jupyter data folder, as `jupyter --data-dir` tells it.
///
/// # Errors
/// [`Error::NoHome`] if no variable names it or the home folder.
pub fn user_data(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    if let Some(folder) = variable("JUPYTER_DATA_DIR") {
        return absolute(Path::new(&folder));
    }
    let home = || variable("HOME").map(PathBuf::from).ok_or(Error::NoHome);
    if cfg!(target_os = "macos") {
        return Ok(home()?.join("Library/Jupyter"));
    }
    match variable("XDG_DATA_HOME") {
        Some(folder) => Ok(Path::new(&folder).join("jupyter")),
        None => Ok(home()?.join(".local/share/jupyter")),
    }
}

/// The prefix of the active Python environment, or of the `python3` on `PATH`.
fn sys_prefix() -> Result<PathBuf> {
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].iter().find_map(env::var_os);
    if let Some(prefix) = active.filter(|prefix| !prefix.is_empty()) {
        return Ok(prefix.into());
    }
    let problem = match Command::new("python3")
        .args(["-c", "import sys; print(sys.prefix)"])
        .output()
    {
        Err(error) => format!("python3: {error}"),
        Ok(output) if !output.status.success() => format!("python3: {}", output.status),
        Ok(output) => {
            let prefix = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            if !prefix.is_empty() {
                return Ok(prefix.into());
            }
            "python3 named no prefix".to_owned()
        }
    };
    Err(Error::NoSysPrefix { problem })
}

/// Writes the kernelspec of `program` into the folder `kernels`; returns the kernelspec's folder.
///
/// # Errors
/// [`Error::File`] if it can't be written.
pub fn write(kernels: &Path, name: &str, program: &Path) -> Result<PathBuf> {
    fs::create_dir_all(kernels).map_err(Error::file("create", kernels))?;
    let beside = || {
        tempfile::Builder::new()
            .prefix(".dsprep-")
            .tempdir_in(kernels)
    };
    let fresh = beside().map_err(Error::file("create a folder in", kernels))?;
    let spec = fresh.path().join(name);
    fs::create_dir(&spec).map_err(Error::file("create", &spec))?;
    // JSON is UTF-8; another path could not be started.
    let program = program
        .to_str()
        .ok_or_else(|| Error::NotUtf8(program.to_owned()))?;
    let argv = [
        program,
        "kernel",
        "start",
        "--connection-file",
        "{connection_file}",
    ];
    for (file, bytes) in files(name, &argv) {
        let file = spec.join(file);
        fs::write(&file, bytes).map_err(Error::file("write", &file))?;
    }

    let target = kernels.join(name);
    // Dropped at the end, and with it the kernelspec that was there before.
    let old = beside().map_err(Error::file("create a folder in", kernels))?;
    if target.exists() {
        fs::rename(&target, old.path().join(name)).map_err(Error::file("replace", &target))?;
    }
    fs::rename(&spec, &target).map_err(Error::file("write", &target))?;
    Ok(target)
}

/// The files of the kernelspec `name` of a kernel that is started by the words `argv`: their names and bytes.
pub fn files(name: &str, argv: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
    let json = json!({
        "argv": argv,
        "display_name": display_name(name),
        "language": "rust",
        "interrupt_mode": "message",
        "env": { PROGRESS: "on" },
        // JupyterLab then offers its panel of variables.
        "metadata": { "debugger": true },
    });
    let logos = LOGOS.map(|(name, bytes)| (name, bytes.to_vec()));
    let json = ("kernel.json", format!("{json:#}\n").into_bytes());
    logos.into_iter().chain([json]).collect()
}

/// What people read.
fn display_name(name: &str) -> String {
    format!("Rust ({name})")
}

/// The program that a kernelspec starts, or what is wrong with it.
///
/// # Errors
/// In words, if `kernel.json` can't be read or names no program.
pub fn started_program(file: &Path) -> std::result::Result<PathBuf, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let json: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| format!("kernel.json is broken: {error}"))?;
    let words: Vec<&str> = json["argv"]
        .as_array()
        .map(|words| words.iter().filter_map(|word| word.as_str()).collect())
        .unwrap_or_default();
    match words.as_slice() {
        ["python", "-m", "dsprep", ..] => in_python(file)
            .ok_or_else(|| "the Python package dsprep that it starts is gone".to_owned()),
        [program, ..] => Ok(PathBuf::from(program)),
        [] => Err("kernel.json names no program in `argv`".to_owned()),
    }
}

/// The program in the Python package that brought the kernelspec `PREFIX/share/jupyter/kernels/dsprep/kernel.json`.
fn in_python(file: &Path) -> Option<PathBuf> {
    let prefix = file.ancestors().nth(5)?;
    let libraries = fs::read_dir(prefix.join("lib")).ok()?.flatten();
    let program = |library: fs::DirEntry| library.path().join("site-packages/dsprep/bin/dsprep");
    libraries.map(program).find(|program| program.is_file())
}

/// Whether two paths lead to one file.
pub fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn say(text: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data_folder(variables: &[(&str, &str)]) -> Result<PathBuf> {
        user_data(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.into())
        })
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn the_data_folder_is_the_one_that_jupyter_uses() {
        let home = ("HOME", "/home/ada");
        let xdg = ("XDG_DATA_HOME", "/data");
        let jupyter = ("JUPYTER_DATA_DIR", "/jupyter");
        let folder = |variables: &[_]| data_folder(variables).ok();
        assert_eq!(
            folder(&[home]),
            Some("/home/ada/.local/share/jupyter".into())
        );
        assert_eq!(folder(&[home, xdg]), Some("/data/jupyter".into()));
        assert_eq!(folder(&[home, xdg, jupyter]), Some("/jupyter".into()));
        assert!(matches!(data_folder(&[]), Err(Error::NoHome)));
    }

    #[test]
    fn installing_twice_leaves_one_kernelspec_and_nothing_else() -> Result<()> {
        let kernels = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        write(kernels.path(), NAME, Path::new("/old/dsprep"))?;
        let spec = write(kernels.path(), NAME, Path::new("/new/dsprep"))?;
        let json =
            fs::read_to_string(spec.join("kernel.json")).map_err(Error::file("read", &spec))?;
        assert!(json.contains("/new/dsprep"), "{json}");
        let entries = fs::read_dir(kernels.path()).map_err(Error::file("read", kernels.path()))?;
        assert_eq!(entries.count(), 1);
        Ok(())
    }
}
