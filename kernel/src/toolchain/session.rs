//! The folder of one running kernel, and what its processes tell each other through it.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The start of the name of each kernel's folder; the process number of its front follows.
const PREFIX: &str = "dsprep-kernel-";
/// The start of the name of the folder of each `dsprep lab`; its process number follows.
pub const LAB_PREFIX: &str = "dsprep-lab-";
/// The variable that names the folder to the kernel's child processes.
pub const SESSION: &str = "DSPREP_SESSION";

/// The folder of one running kernel.
#[derive(Debug, Clone)]
pub struct Session {
    root: PathBuf,
}

/// The cell that is being run, as the front found it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CellText {
    /// The statements and items of the cell.
    pub statements: Vec<Statement>,
}

/// One statement or item of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The line of the cell on which it starts, counted from 1.
    pub line: usize,
    /// How many characters of that line stand before it.
    pub indent: usize,
    /// Its source.
    pub text: String,
}

/// A line of the generated source that holds one of the cell's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellLine {
    /// The number of the line in the generated source, counted from 1.
    pub generated: usize,
    /// The number of the line in the cell, counted from 1.
    pub line: usize,
    /// How many characters stand before it on the cell's line: another statement.
    pub indent: usize,
}

/// What the last compilation of a cell came to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Build {
    /// Whether it succeeded.
    pub success: bool,
    /// Whether there is anything to run: a cell that only defines items has nothing.
    #[serde(default)]
    pub runs: bool,
    /// The compiler's errors, as rustc wrote them in JSON.
    pub errors: Vec<serde_json::Value>,
    /// Where the lines of the cell are in the generated source.
    pub lines: Vec<CellLine>,
}

impl Session {
    /// Makes the folder of a new kernel, and removes those of kernels that no longer run.
    ///
    /// # Errors
    /// If the temporary folder can't be written.
    pub fn create() -> Result<Session> {
        sweep(&env::temp_dir());
        let name = format!(
            "{PREFIX}{}-{}",
            std::process::id(),
            uuid::Uuid::new_v4().simple()
        );
        let session = Session {
            root: env::temp_dir().join(name),
        };
        for folder in [
            session.bin(),
            session.config(),
            session.crate_dir().join("src"),
        ] {
            fs::create_dir_all(&folder).map_err(Error::file("write", &folder))?;
        }
        Ok(session)
    }

    /// The kernel's folder as its child processes know it.
    pub fn from_env() -> Option<Session> {
        env::var_os(SESSION).map(|root| Session { root: root.into() })
    }

    /// Whether the front whose folder this is still runs.
    pub fn is_owned(&self) -> bool {
        let name = self.root.file_name().and_then(|name| name.to_str());
        name.and_then(owner).is_none_or(is_alive)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The stand-ins for cargo and rustup.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// evcxr's configuration: empty, so that a user's own does not change notebooks.
    pub fn config(&self) -> PathBuf {
        self.root.join("config")
    }

    /// The crate into which evcxr writes each cell.
    pub fn crate_dir(&self) -> PathBuf {
        self.root.join("crate")
    }

    /// The connection file of the engine.
    pub fn engine_connection(&self) -> PathBuf {
        self.root.join("engine.json")
    }

    /// The process number of the compiler while it runs.
    pub fn compiler_pid(&self) -> PathBuf {
        self.root.join("compiler.pid")
    }

    fn types_file(&self) -> PathBuf {
        self.root.join("types.json")
    }

    fn cell_file(&self) -> PathBuf {
        self.root.join("cell.json")
    }

    fn build_file(&self) -> PathBuf {
        self.root.join("build.json")
    }

    /// Writes down the cell that is about to run, and forgets the last build.
    pub fn set_cell(&self, cell: &CellText) -> Result<()> {
        let _ = fs::remove_file(self.build_file());
        write_json(&self.cell_file(), cell)
    }

    /// The cell that is being run; none before the first.
    pub fn cell(&self) -> Option<CellText> {
        read_json(&self.cell_file())
    }

    /// Forgets the cell: the next code to be compiled is evcxr's own.
    pub fn forget_cell(&self) {
        let _ = fs::remove_file(self.cell_file());
    }

    /// What the last compilation of this cell came to, if there was one.
    pub fn build(&self) -> Option<Build> {
        read_json(&self.build_file())
    }

    /// Writes down what a compilation came to.
    pub fn set_build(&self, build: &Build) -> Result<()> {
        write_json(&self.build_file(), build)
    }

    /// The types of variables that are known so far.
    pub fn types(&self) -> super::types::VariableTypes {
        read_json(&self.types_file()).unwrap_or_default()
    }

    /// Writes down the types of variables.
    pub fn set_types(&self, types: &super::types::VariableTypes) -> Result<()> {
        write_json(&self.types_file(), types)
    }

    /// Removes the folder.
    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Removes the folders of kernels and labs whose process is gone (killed, or the machine went down).
fn sweep(temp: &Path) {
    for (folder, owner) in owned_folders(temp) {
        if !is_alive(owner) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// The folders of kernels and labs in `temp`, each with the number of the process that made it.
pub fn owned_folders(temp: &Path) -> Vec<(PathBuf, i32)> {
    let entries = fs::read_dir(temp).into_iter().flatten().flatten();
    let owned =
        entries.filter_map(|entry| Some((entry.path(), owner(entry.file_name().to_str()?)?)));
    owned.collect()
}

/// The process number in the name of a folder.
fn owner(name: &str) -> Option<i32> {
    let rest = name
        .strip_prefix(PREFIX)
        .or_else(|| name.strip_prefix(LAB_PREFIX))?;
    rest.split('-')
        .next()?
        .parse()
        .ok()
        .filter(|owner| *owner > 0)
}

/// Whether a process of this number exists.
pub fn is_alive(pid: i32) -> bool {
    // SAFETY: signal 0 sends nothing; the call only asks whether the process exists.
    let answer = unsafe { libc::kill(pid, 0) };
    answer == 0 || std::io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let bytes =
        serde_json::to_vec(value).map_err(|error| Error::file("write", path)(error.into()))?;
    fs::write(path, bytes).map_err(Error::file("write", path))
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}
