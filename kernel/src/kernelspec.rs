//! The kernelspec: the folder by which Jupyter finds the kernel.
//!
//! It holds `kernel.json` and the logos, in `kernels/dsprep` of a Jupyter data folder. It is written to a
//! folder beside it and then renamed, so that Jupyter never sees half of it.

use crate::error::{Error, Result};
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

/// Installs the kernelspec, in place of an earlier one, and says where.
///
/// # Errors
/// [`Error::NoHome`] or [`Error::NoSysPrefix`] if the place is not known, [`Error::File`] if it can't be written.
pub fn install(place: &Place) -> Result<ExitCode> {
    let kernels = place.kernels()?;
    let program = env::current_exe().map_err(Error::system("find the path of this program"))?;
    let target = write(&kernels, &program)?;
    say(&format!(
        "Installed the kernel \"Rust (dsprep)\" in {}",
        target.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Removes the kernelspec and says from where.
///
/// # Errors
/// [`Error::NotInstalled`] if there is none, and the errors of [`install`].
pub fn uninstall(place: &Place) -> Result<ExitCode> {
    let kernels = place.kernels()?;
    let target = kernels.join(NAME);
    if !target.exists() {
        return Err(Error::NotInstalled {
            name: NAME,
            kernels,
        });
    }
    fs::remove_dir_all(&target).map_err(Error::file("remove", &target))?;
    say(&format!(
        "Removed the kernel \"Rust (dsprep)\" from {}",
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
pub fn write(kernels: &Path, program: &Path) -> Result<PathBuf> {
    fs::create_dir_all(kernels).map_err(Error::file("create", kernels))?;
    let beside = || {
        tempfile::Builder::new()
            .prefix(".dsprep-")
            .tempdir_in(kernels)
    };
    let fresh = beside().map_err(Error::file("create a folder in", kernels))?;
    let spec = fresh.path().join(NAME);
    fs::create_dir(&spec).map_err(Error::file("create", &spec))?;
    let json = format!("{:#}\n", kernel_json(program));
    for (name, bytes) in LOGOS.into_iter().chain([("kernel.json", json.as_bytes())]) {
        let file = spec.join(name);
        fs::write(&file, bytes).map_err(Error::file("write", &file))?;
    }

    let target = kernels.join(NAME);
    // Dropped at the end, and with it the kernelspec that was there before.
    let old = beside().map_err(Error::file("create a folder in", kernels))?;
    if target.exists() {
        fs::rename(&target, old.path().join(NAME)).map_err(Error::file("replace", &target))?;
    }
    fs::rename(&spec, &target).map_err(Error::file("write", &target))?;
    Ok(target)
}

fn kernel_json(program: &Path) -> serde_json::Value {
    json!({
        "argv": [program.to_string_lossy(), "kernel", "start", "--connection-file", "{connection_file}"],
        "display_name": "Rust (dsprep)",
        "language": "rust",
        "interrupt_mode": "message",
        "metadata": { "debugger": false },
    })
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
        write(kernels.path(), Path::new("/old/dsprep"))?;
        let spec = write(kernels.path(), Path::new("/new/dsprep"))?;
        let json =
            fs::read_to_string(spec.join("kernel.json")).map_err(Error::file("read", &spec))?;
        assert!(json.contains("/new/dsprep"), "{json}");
        let entries = fs::read_dir(kernels.path()).map_err(Error::file("read", kernels.path()))?;
        assert_eq!(entries.count(), 1);
        Ok(())
    }
}
