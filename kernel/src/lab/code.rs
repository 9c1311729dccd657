//! `dsprep code`: the notebooks in VS Code, which offers the kernel once it is installed.

use super::Target;
use crate::error::{Error, Result};
use crate::kernelspec::{self, Kernelspec, Place};
use crate::programs::Environment;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// What VS Code is called on the command line.
const PROGRAMS: [&str; 3] = ["code", "codium", "code-insiders"];

/// Installs the kernel for this user, and opens the folder, and the notebook, in VS Code.
///
/// # Errors
/// [`Error::Tool`] if VS Code is not on `PATH` or fails, and those of installing the kernel.
pub fn run(path: Option<&Path>) -> Result<ExitCode> {
    let failed = |problem: String| Error::Tool {
        tool: "VS Code".to_owned(),
        problem,
        mend: "the kernel is installed: open the folder in VS Code yourself, install its extension Jupyter, and choose \
               the kernel Rust (dsprep)",
    };
    let target = Target::of(path)?;
    let spec = Kernelspec {
        place: Place::User,
        name: kernelspec::NAME.to_owned(),
    };
    kernelspec::install(&spec, false)?;
    let environment = Environment::current();
    let program = PROGRAMS.iter().find_map(|name| environment.program(name));
    let program = program.ok_or_else(|| failed("no command `code` on PATH".to_owned()))?;
    let status = Command::new(&program)
        .arg(&target.folder)
        .args(&target.file)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(failed(status.to_string()))
    }
}
