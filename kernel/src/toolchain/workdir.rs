//! The folder of one running kernel, and what its processes tell each other through it.

use super::ahead;
use super::kit::KIT;
use super::plan::{Build, Plan, Variable};
use crate::error::{Error, Result};
use crate::processes::owned_folder::{OwnedFolder, is_abandoned, sweep};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The start of the name of each kernel's folder.
pub const PREFIX: &str = "dsprep-kernel-";
/// The start of the name of the folder of each `dsprep lab`.
pub const LAB_PREFIX: &str = "dsprep-lab-";
/// Where folders are made if the usual place has too long a name: the path of a socket has room for 103 bytes.
const SHORT: &str = "/tmp";
/// How long the name of the usual place may be.
const LONGEST: usize = 68;
/// The variable that names the folder to the kernel's child processes.
pub const WORKDIR: &str = "DSPREP_WORKDIR";

/// The folder of one running kernel.
#[derive(Debug, Clone)]
pub struct Workdir {
    root: PathBuf,
    kit: Option<PathBuf>,
    /// Held by the front.
    folder: Option<Arc<OwnedFolder>>,
}

impl Workdir {
    /// Makes the folder of a new kernel, and removes those of kernels that no longer run.
    ///
    /// # Errors
    /// If the temporary folder can't be written.
    pub fn create() -> Result<Workdir> {
        let usual = env::temp_dir();
        let parent = if usual.as_os_str().len() > LONGEST {
            PathBuf::from(SHORT)
        } else {
            usual
        };
        sweep(&parent, &[PREFIX, LAB_PREFIX]);
        let folder = OwnedFolder::create(&parent, PREFIX)
            .map_err(Error::file("create a folder in", &parent))?;
        let workdir = Workdir {
            root: folder.path().to_owned(),
            kit: None,
            folder: Some(Arc::new(folder)),
        };
        for folder in [
            workdir.bin(),
            workdir.config(),
            workdir.temporary(),
            workdir.crate_dir().join("src"),
        ] {
            fs::create_dir_all(&folder).map_err(Error::file("write", &folder))?;
        }
        Ok(workdir)
    }

    /// The kernel's folder as its child processes know it.
    pub fn from_env() -> Option<Workdir> {
        env::var_os(WORKDIR).map(|root| Workdir {
            root: root.into(),
            kit: env::var_os(KIT).map(PathBuf::from),
            folder: None,
        })
    }

    /// The same with the kit that its cells are compiled with.
    pub fn with_kit(mut self, folder: Option<&Path>) -> Workdir {
        self.kit = folder.map(Path::to_owned);
        self
    }

    /// The folder of the kit that cells are compiled with.
    pub fn kit(&self) -> Option<&Path> {
        self.kit.as_deref()
    }

    /// Whether the front whose folder this is still runs.
    pub fn is_owned(&self) -> bool {
        self.root.exists() && !is_abandoned(&self.root)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The stand-ins for cargo and rustup.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// The list of the variables that there are, which the process of the cells writes.
    pub fn variables_file(&self) -> PathBuf {
        self.root.join("variables")
    }

    /// The numbers of the variables that the cell takes and defines which runs next.
    pub fn numbers_file(&self) -> PathBuf {
        self.root.join("numbers")
    }

    /// evcxr's configuration: empty, so that a user's own does not change notebooks.
    pub fn config(&self) -> PathBuf {
        self.root.join("config")
    }

    /// Where the engine has its temporary files, so that they go with the kernel.
    pub fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// The crate into which evcxr writes each cell.
    pub fn crate_dir(&self) -> PathBuf {
        self.root.join("crate")
    }

    /// The connection file of the engine.
    pub fn engine_connection(&self) -> PathBuf {
        self.root.join("engine.json")
    }

    /// What the paths of the engine's sockets begin with; a colon and a number follow.
    pub fn engine_sockets(&self) -> PathBuf {
        self.root.join("engine")
    }

    /// The socket by which processes in which cells run reach the front.
    pub fn cells_socket(&self) -> PathBuf {
        self.root.join("cells")
    }

    /// The pipes that carry what the process `pid`, in which cells run, prints: standard output and error.
    pub fn cell_streams(&self, pid: u32) -> [PathBuf; 2] {
        ["out", "err"].map(|name| self.root.join(format!("{name}-{pid}")))
    }

    /// The process number of the compiler while it runs.
    pub fn compiler_pid(&self) -> PathBuf {
        self.root.join("compiler.pid")
    }

    /// The files about the cell that is compiled while another one runs.
    pub fn ahead_file(&self, name: &str) -> PathBuf {
        self.root.join(format!("ahead.{name}"))
    }

    /// Writes down the cell to compile while another one runs, and forgets what came of the last.
    pub fn set_ahead(&self, task: &ahead::Task) -> Result<()> {
        let _ = fs::remove_file(self.ahead_file("outcome"));
        write_json(&self.ahead_file("task"), task)
    }

    /// The cell to compile while another one runs.
    pub fn ahead(&self) -> Option<ahead::Task> {
        read_json(&self.ahead_file("task"))
    }

    /// Writes down what came of it.
    pub fn set_ahead_outcome(&self, outcome: &ahead::Outcome) -> Result<()> {
        write_json(&self.ahead_file("outcome"), outcome)
    }

    /// What came of it.
    pub fn ahead_outcome(&self) -> Option<ahead::Outcome> {
        read_json(&self.ahead_file("outcome"))
    }

    /// Names the file that tells completion of the crates which the notebook has added.
    pub fn added_file(&self) -> PathBuf {
        self.root.join("added")
    }

    /// Writes down the file that tells completion of the crates which the notebook has added.
    pub fn set_added(&self, sources: &Path) -> Result<()> {
        let bytes = sources.as_os_str().as_bytes();
        if fs::read(self.added_file()).is_ok_and(|known| known == bytes) {
            return Ok(());
        }
        write_private(&self.added_file(), bytes)
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
    pub fn set_plan(&self, plan: &Plan) -> Result<()> {
        let _ = fs::remove_file(self.build_file());
        write_json(&self.cell_file(), plan)
    }

    /// The cell that is being run; none before the first.
    pub fn plan(&self) -> Option<Plan> {
        read_json(&self.cell_file())
    }

    /// Writes down the numbers of the variables that the cell takes and defines, for the process that runs it.
    pub fn set_numbers(&self, plan: &Plan) -> Result<()> {
        let line = |variables: &[Variable]| {
            let numbers = variables.iter().map(|variable| variable.id.to_string());
            numbers.collect::<Vec<_>>().join(" ")
        };
        let text = format!("{}\n{}\n", line(&plan.takes), line(&plan.defines));
        write_private(&self.numbers_file(), text.as_bytes())
    }

    /// The variables that the process which runs the cells holds, each with the number of its definition.
    pub fn variables(&self) -> BTreeMap<String, u32> {
        let text = fs::read_to_string(self.variables_file()).unwrap_or_default();
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines
            .filter_map(|(id, name)| Some((name.to_owned(), id.parse().ok()?)))
            .collect()
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
        if let Some(folder) = &self.folder {
            folder.remove();
        }
    }
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    file.and_then(|mut file| file.write_all(bytes))
        .map_err(Error::file("write", path))
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let bytes =
        serde_json::to_vec(value).map_err(|error| Error::file("write", path)(error.into()))?;
    write_private(path, &bytes)
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}
