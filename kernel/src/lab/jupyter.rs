//! Where JupyterLab is, and how it is got where there is none.

use crate::consent;
use crate::error::{Error, Result};
use crate::processes::die_with_parent::end_with_parent;
use crate::programs::Environment;
use crate::user_folders;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is installed where there is no JupyterLab: versions that these notebooks were tried with.
const PINNED: [&str; 2] = ["jupyterlab==4.6.6", "notebook==7.6.5"];
/// What they weigh, compressed and unpacked.
const DOWNLOAD: &str = "about 50 MB to load, 250 MB on disk";
/// The file in the private environment that says that it is whole.
const WHOLE: &str = "dsprep-installed";

/// Which of Jupyter's programs opens the notebooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interface {
    /// JupyterLab.
    #[default]
    Lab,
    /// Jupyter Notebook: one document at a time.
    Classic,
}

impl Interface {
    fn program(self) -> &'static str {
        match self {
            Interface::Lab => "jupyter-lab",
            Interface::Classic => "jupyter-notebook",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Interface::Lab => "JupyterLab",
            Interface::Classic => "Jupyter Notebook",
        }
    }
}

/// The program that opens the notebooks: that of the active Python environment, of `PATH`, or of the private
/// environment, which is made after a yes.
///
/// # Errors
/// [`Error::Usage`] if nobody agrees, [`Error::Tool`] if there is no Python or the installation fails.
pub fn find(environment: &Environment, interface: Interface, yes: bool) -> Result<PathBuf> {
    if let Some(found) = environment.jupyter(interface.program()) {
        return Ok(found);
    }
    let private = private_environment()?;
    let program = private.join("bin").join(interface.program());
    if private.join(WHOLE).is_file() && program.is_file() {
        return Ok(program);
    }
    set_up(environment, interface, &private, yes)?;
    Ok(program)
}

/// The environment that this program makes for itself; another one for other versions.
fn private_environment() -> Result<PathBuf> {
    let data = user_folders::data().ok_or(Error::NoHome)?;
    let version = PINNED[0].rsplit('=').next().unwrap_or_default();
    Ok(data.join(format!("jupyterlab-{version}")))
}

fn set_up(
    environment: &Environment,
    interface: Interface,
    private: &Path,
    yes: bool,
) -> Result<()> {
    let uv = environment.program("uv");
    let python = environment.program("python3");
    let name = interface.name();
    if uv.is_none() && python.is_none() {
        return Err(Error::Tool {
            tool: "python3".to_owned(),
            problem: format!("not found, and {name} needs it"),
            mend: "install it (Debian, Ubuntu: sudo apt install python3-venv) or uv (https://docs.astral.sh/uv), then \
                   call dsprep lab again",
        });
    }
    consent::ask(
        &format!(
            "There is no {name} in the active Python environment or on PATH. dsprep would install it into an \
             environment of its own, {}: {DOWNLOAD}.\n{}",
            private.display(),
            PINNED.join(", ")
        ),
        yes,
    )?;
    if private.exists() {
        fs::remove_dir_all(private).map_err(Error::file("remove", private))?;
    }
    let parent = private.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(parent).map_err(Error::file("create", parent))?;
    let inner = private.join("bin/python");
    match (&uv, &python) {
        (Some(uv), _) => {
            call(
                uv,
                &["venv".as_ref(), "--quiet".as_ref(), private.as_os_str()],
            )?;
            let words = ["pip", "install", "--quiet", "--python"].map(OsStr::new);
            call(
                uv,
                &[&words[..], &[inner.as_os_str()], &PINNED.map(OsStr::new)].concat(),
            )?;
        }
        (None, Some(python)) => {
            call(
                python,
                &["-m".as_ref(), "venv".as_ref(), private.as_os_str()],
            )?;
            let words = [
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
            ];
            call(
                &inner,
                &[&words.map(OsStr::new)[..], &PINNED.map(OsStr::new)].concat(),
            )?;
        }
        (None, None) => {}
    }
    let whole = private.join(WHOLE);
    fs::write(&whole, PINNED.join("\n")).map_err(Error::file("write", &whole))?;
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(
        std::io::stderr(),
        "Installed {name} in {}",
        private.display()
    );
    Ok(())
}

/// Runs a step of the installation.
fn call(program: &Path, arguments: &[&OsStr]) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    end_with_parent(&mut command);
    let output = command.output().map_err(|source| Error::Start {
        program: program.to_owned(),
        source,
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let mend = if said.contains("No space left") {
        "make room on the disk, then call dsprep lab again"
    } else if said.contains("ensurepip") || said.contains("No module named venv") {
        "install what it misses (Debian, Ubuntu: sudo apt install python3-venv), then call dsprep lab again"
    } else {
        "see to the network, then call dsprep lab again; or install JupyterLab yourself"
    };
    let tool = program.file_name().unwrap_or_default();
    Err(Error::Tool {
        tool: tool.to_string_lossy().into_owned(),
        problem: worst_line(&said),
        mend,
    })
}

/// The line that says most: the last that starts with "error", else the last.
fn worst_line(said: &str) -> String {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &&str| {
        line.get(..5)
            .is_some_and(|it| it.eq_ignore_ascii_case("error"))
    };
    let worst = lines.clone().rfind(is_error).or_else(|| lines.next_back());
    worst
        .unwrap_or("it failed without a word")
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_with_the_error_is_told() {
        let pip = "WARNING: Retrying\nERROR: Could not find a version.\nERROR: No matching distribution found for x\n";
        assert_eq!(
            worst_line(pip),
            "ERROR: No matching distribution found for x"
        );
        assert_eq!(worst_line("a\n\nb.\n"), "b");
        assert_eq!(worst_line(""), "it failed without a word");
    }
}
