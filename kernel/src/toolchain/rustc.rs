//! One run of rustc on the source of a cell.

use super::dependencies::Added;
use super::flags::{self, Goal};
use super::kit::Kit;
use super::linker::Linker;
use super::source;
use super::unstable;
use crate::error::{Error, Result};
use crate::processes::die_with_parent::end_with_parent;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// How rustc is called for the cells of a notebook.
#[derive(Debug)]
pub struct Rustc {
    /// What cells link to.
    pub kit: Kit,
    /// Crates that the notebook added.
    pub added: Added,
    /// The optimisation level that evcxr asks for.
    pub opt_level: String,
    /// What links the cells.
    pub linker: Linker,
}

/// What rustc says where there is no C compiler.
const NO_C_COMPILER: &str = "linker `cc` not found";

impl Rustc {
    /// Compiles the source in `folder` there.
    ///
    /// # Errors
    /// If rustc can't be started.
    pub fn run(&self, goal: Goal, folder: &Path) -> Result<Output> {
        let mut linkers = vec![&self.linker];
        if self.linker != Linker::System {
            // The cell, or a crate that the notebook added, may want a library which only a C compiler finds.
            linkers.push(&Linker::System);
        }
        // A crate may call functions of C in code that is compiled in the cell, which no dynamic library exports. Then
        // the cell gets a copy of its own.
        let shared = [true, false];
        let shared = shared
            .iter()
            .filter(|shared| !**shared || self.added.library.is_some());
        let mut first = None;
        for shared in shared {
            for linker in &linkers {
                let output = self.run_with(goal, folder, linker, *shared)?;
                let stderr = String::from_utf8_lossy(&output.stderr);
                if output.status.success() || !is_about_linking(&stderr) {
                    return Ok(output);
                }
                // What is said last is for people; that there is no C compiler is not what is wrong.
                if first.is_none() || !stderr.contains(NO_C_COMPILER) {
                    first = Some(output);
                }
            }
        }
        first.map_or_else(|| self.run_with(goal, folder, &Linker::System, false), Ok)
    }

    /// The flags that decide what comes out: all but those for the linker, and those for messages.
    pub fn flags(&self, goal: Goal) -> Vec<OsString> {
        let mut flags = flags::for_cell(
            source::CRATE_FILE,
            goal,
            &self.opt_level,
            &self.kit.linked(),
            &self.kit.manifest().unstable,
        );
        for dependency in &self.added.externs {
            for file in &dependency.files {
                let name = format!("{}=", dependency.name);
                flags.push("--extern".into());
                flags.push(flags::joined(&name, file.as_os_str()));
            }
        }
        for folder in &self.added.folders {
            flags.push("-L".into());
            flags.push(flags::joined("dependency=", folder.as_os_str()));
        }
        flags
    }

    /// The flags by which a cell links to the dynamic library with the crates that the notebook added.
    fn library(&self) -> Vec<OsString> {
        let Some(library) = &self.added.library else {
            return Vec::new();
        };
        let mut flags: Vec<OsString> = vec!["-Zunstable-options".into()];
        for file in &library.files {
            let name = format!("force:{}=", library.name);
            flags.push("--extern".into());
            flags.push(flags::joined(&name, file.as_os_str()));
        }
        flags
    }

    fn run_with(&self, goal: Goal, folder: &Path, linker: &Linker, shared: bool) -> Result<Output> {
        let rustc = self.kit.rustc();
        let mut command = Command::new(&rustc);
        command
            .current_dir(folder)
            .env(unstable::BOOTSTRAP.0, unstable::BOOTSTRAP.1)
            .args(["--error-format", "json"])
            // No line is cut: what is put into the source could not be found and taken out of a part of it.
            .args(["--diagnostic-width", "100000"])
            .args(self.flags(goal));
        let mut run_paths = vec![self.kit.folder()];
        if shared {
            command.args(self.library());
            let files = self.added.library.iter().flat_map(|it| &it.files);
            run_paths.extend(files.filter_map(|file| file.parent()));
        }
        command
            .args(linker.flags(&run_paths))
            .args(if run_paths.len() > 1 {
                linker.require_all()
            } else {
                &[]
            })
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        end_with_parent(&mut command);
        let start = |source| Error::Start {
            program: rustc.clone(),
            source,
        };
        let child = command.spawn().map_err(start)?;
        child.wait_with_output().map_err(start)
    }
}

/// Whether what rustc wrote says that it compiled all, but could not link it so.
fn is_about_linking(stderr: &str) -> bool {
    const STARTS: &[&str] = &[
        "linking with `",
        "linker `",
        "could not exec the linker `",
        "cannot satisfy dependencies so ",
    ];
    let says = |start: &&str| stderr.contains(&format!("\"message\":\"{start}"));
    STARTS.iter().any(says)
}
