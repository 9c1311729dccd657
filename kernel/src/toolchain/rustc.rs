//! One run of rustc on the source of a cell.

use super::dependencies::Added;
use super::flags::{self, Goal, OBJECT, Written, library_name};
use super::kit::Kit;
use super::linker::Linker;
use super::source::{self, Source};
use super::unstable;
use crate::error::{Error, Result};
use crate::processes::die_with_parent::end_with_parent;
use std::ffi::OsString;
use std::fs;
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
    /// Compiles `source`, which lies in `folder`, there.
    ///
    /// # Errors
    /// If rustc can't be started.
    pub fn run(&self, goal: Goal, folder: &Path, source: &Source) -> Result<Output> {
        if let Some(output) = self.run_for_the_core(goal, folder, source)? {
            return Ok(output);
        }
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
        self.flags_for(goal, Written::Library)
    }

    fn flags_for(&self, goal: Goal, written: Written) -> Vec<OsString> {
        let mut flags = flags::for_written(
            source::CRATE_FILE,
            goal,
            written,
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

    /// Compiles a cell that needs no library but the core, and has it linked by itself. None where that can't be done.
    ///
    /// The process in which cells run has loaded the core before, and finds there what the cell calls. By the
    /// compiler's way the linker reads the names of all that the core exports, a quarter of the time for a small cell.
    fn run_for_the_core(
        &self,
        goal: Goal,
        folder: &Path,
        source: &Source,
    ) -> Result<Option<Output>> {
        let Linker::Own { .. } = self.linker else {
            return Ok(None);
        };
        if goal == Goal::Check || !self.added.externs.is_empty() || source.may_name_libraries() {
            return Ok(None);
        }
        let mut command = self.command(goal, Written::Object, folder);
        if source.uses_tables() {
            command.args(&self.kit.manifest().unstable.share);
        }
        let output = self.start(command)?;
        if !output.status.success() {
            return Ok(Some(output));
        }
        let object = folder.join(OBJECT);
        let linked = self.linker.link(&object, &folder.join(library_name()));
        let _ = fs::remove_file(&object);
        Ok(linked.then_some(output))
    }

    fn run_with(&self, goal: Goal, folder: &Path, linker: &Linker, shared: bool) -> Result<Output> {
        let mut command = self.command(goal, Written::Library, folder);
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
            });
        self.start(command)
    }

    fn command(&self, goal: Goal, written: Written, folder: &Path) -> Command {
        let mut command = Command::new(self.kit.rustc());
        command
            .current_dir(folder)
            .env(unstable::BOOTSTRAP.0, unstable::BOOTSTRAP.1)
            .args(["--error-format", "json"])
            // No line is cut: what is put into the source could not be found and taken out of a part of it.
            .args(["--diagnostic-width", "100000"])
            .args(self.flags_for(goal, written))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        end_with_parent(&mut command);
        command
    }

    fn start(&self, mut command: Command) -> Result<Output> {
        let start = |source| Error::Start {
            program: self.kit.rustc(),
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
