//! What can go wrong outside of a notebook's own cells, and how to mend it.

use crate::terminal::{one_line, quoted};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The result of everything that can fail with an [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// A problem that keeps `dsprep` from doing what it was asked to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused something that was tried on a file or folder.
    #[error("cannot {action} `{}`: {source}", shown(path))]
    File {
        /// What was tried: `read`, `write`, ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The operating system refused something else.
    #[error("cannot {action}: {source}")]
    System {
        /// What was tried.
        action: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
    /// A path that was given does not exist.
    #[error("`{}`: no such file or folder; it is looked for from the current folder", shown(.0))]
    NoSuchPath(PathBuf),
    /// No path was given, and the usual folder is not there.
    #[error("no folder `{}` here; change to the project's folder, or name notebooks: `dsprep run FILE.ipynb`", shown(.0))]
    NoDefaultFolder(PathBuf),
    /// A folder holds no notebook.
    #[error("`{}`: there is no notebook (*.ipynb) in this folder or below", shown(.0))]
    NoNotebooks(PathBuf),
    /// A file that was given is not called like a notebook.
    #[error("`{}`: not a notebook; a notebook is called NAME.ipynb", shown(.0))]
    NotCalledNotebook(PathBuf),
    /// A file that is called a notebook is not JSON.
    #[error("{}{}: {}; {advice}", shown(path), Place(place), one_line(problem))]
    BrokenFile {
        /// The file.
        path: PathBuf,
        /// The line and the column, counted from 1; none if the whole file is meant.
        place: Option<(usize, usize)>,
        /// What is wrong there.
        problem: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// A file is JSON, but not a notebook.
    #[error(
        "{}: not a notebook: {problem}; open it in JupyterLab and save it again",
        shown(path)
    )]
    NotANotebook {
        /// The file.
        path: PathBuf,
        /// What is missing or of the wrong kind.
        problem: String,
    },
    /// A notebook is of another version of the format than 4.
    #[error("{}: notebook format {version}{}", shown(path), other_format(*version, path))]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its `nbformat`.
        version: u64,
    },
    /// A notebook is written for a kernel that is not here.
    #[error(
        "{}: written {}, and there is no such kernel here; {}",
        shown(path),
        one_line(written),
        one_line(advice)
    )]
    NoSuchKernel {
        /// The file.
        path: PathBuf,
        /// What it is written for: `in python for the kernel \`python3\``.
        written: String,
        /// How to get the kernel.
        advice: String,
    },
    /// The kernel that was asked for is not here.
    #[error("no kernel `{}`; there are: {}", one_line(name), one_line(known))]
    UnknownKernel {
        /// The name that was given.
        name: String,
        /// The names of the kernels that there are.
        known: String,
    },
    /// A link to nothing was given.
    #[error("`{}`: a link to `{}`, which is not there", shown(link), shown(target))]
    DanglingLink {
        /// The link.
        link: PathBuf,
        /// Where it points to.
        target: PathBuf,
    },
    /// What was given is neither a file nor a folder.
    #[error("`{}`: {kind}, not {wanted}", shown(path))]
    NoFile {
        /// The path.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// Executed copies would be written through a link.
    #[error(
        "`{}` is a link, and executed copies are not written through links; remove it, or name another folder: --output-dir DIR",
        shown(link)
    )]
    CopyThroughLink {
        /// The link.
        link: PathBuf,
    },
    /// The executed copy would take the place of the notebook itself.
    #[error(
        "`{}`: the executed copy would take the place of the notebook itself; name another folder: --output-dir DIR (--update stores outputs in the notebook)",
        shown(path)
    )]
    CopyIsSource {
        /// The notebook.
        path: PathBuf,
    },
    /// What was given on the command line does not fit.
    #[error("{0}")]
    Usage(String),
    /// There is no folder for the kernelspec, because no home folder is known.
    #[error(
        "no home folder is known, so there is no place for the kernel; set HOME, or use --prefix DIR"
    )]
    NoHome,
    /// The prefix of Python could not be asked for.
    #[error(
        "no Python environment found ({problem}); activate one, or use --user or --prefix DIR instead of --sys-prefix"
    )]
    NoSysPrefix {
        /// Why asking `python3` did not help.
        problem: String,
    },
    /// The kernel is not installed where it was looked for.
    #[error("no kernel `{name}` in `{}`; if it was installed elsewhere, give the same --user, --prefix or --sys-prefix", kernels.display())]
    NotInstalled {
        /// The kernel's name.
        name: String,
        /// The folder of kernelspecs.
        kernels: PathBuf,
    },
    /// There is a kernel of this name that starts another program.
    #[error(
        "`{}` starts another program, `{}`; to offer both kernels, choose another name: --name dsprep-2; to put this \
         one in its place: --replace",
        folder.display(), other.display()
    )]
    OtherKernel {
        /// The kernelspec's folder.
        folder: PathBuf,
        /// The program that it starts.
        other: PathBuf,
    },
    /// A path can't be written down in JSON.
    #[error("`{}`: the path is not UTF-8, so Jupyter can't start what lies there; move it to a folder with another name", .0.display())]
    NotUtf8(PathBuf),
    /// Somebody else listens on the port.
    #[error(
        "port {0} is taken, or not yours to use; choose another one: --port N, or leave --port out"
    )]
    PortTaken(u16),
    /// This program's file is gone.
    #[error("this program's file was removed or replaced while it started; start it again")]
    NoProgram,
    /// There is no kit for cells.
    #[error(
        "cells need the core kit, which is in none of {}; build it in the project's folder (it was `{}`): \
         cargo build --release, or name the folder of a kit in DSPREP_KIT",
        names(looked), workspace.display()
    )]
    NoKit {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
        /// The workspace that built this program.
        workspace: PathBuf,
    },
    /// A folder is not a kit, or not a whole one.
    #[error(
        "the core kit in `{}` can't be used: {problem}; {}",
        folder.display(), another_kit()
    )]
    NotAKit {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The kit could not be gathered.
    #[error(
        "the core kit can't be gathered: {problem}; build in the project's folder: cargo build --release"
    )]
    Gather {
        /// Why not.
        problem: String,
    },
    /// The compiler is not the one that built the core.
    #[error(
        "the core library was built by {needed}, but the compiler here is {found}; build again with it, in the \
         project's folder: cargo build --release, then restart kernels"
    )]
    OtherCompiler {
        /// The compiler here.
        found: String,
        /// The compiler that built the core.
        needed: String,
    },
    /// The compiler of a packed core is not here.
    #[error(
        "cells need the compiler that built the core library, {needed}, which is not here; get it: dsprep setup"
    )]
    NotSetUp {
        /// The compiler that built the core.
        needed: String,
    },
    /// A program that packing or setting up needs is not here, or failed.
    #[error("{tool}: {}; {mend}", one_line(problem))]
    Tool {
        /// The program.
        tool: String,
        /// What it said, or why it can't be started.
        problem: String,
        /// What to do about it.
        mend: &'static str,
    },
    /// There is no compiler.
    #[error(
        "cells need the compiler that built the core library, {needed}, and there is none; install it \
         (https://rustup.rs): rustup toolchain install {toolchain}"
    )]
    NoCompiler {
        /// The compiler that built the core.
        needed: String,
        /// Its name for rustup.
        toolchain: String,
    },
    /// No flash card fits all that was asked for.
    #[error("no card fits all of --questions, --topic and --level; leave one of them out")]
    NoCards,
    /// No question is among those that a whole interview may open with.
    #[error(
        "`--mock`: the reference card opens no interview; name questions from 16 to 30, like: --questions 23-25"
    )]
    NoInterview,
    /// Flash cards are not exported in this format.
    #[error(
        "`--export {format}`: cards are exported as `anki` or `csv`, like: --export csv cards.csv"
    )]
    NoSuchExport {
        /// The format that was given.
        format: String,
    },
    /// A program could not be started.
    #[error("cannot start `{}`: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The engine ended, or did not listen in time.
    #[error("the engine that compiles cells did not start{}", status.as_ref().map_or(String::new(), |s| format!(" ({s})")))]
    EngineStart {
        /// How it ended, if it did.
        status: Option<String>,
    },
    /// A kernel's connection failed.
    #[error("the kernel's connection failed: {0}")]
    Connection(#[from] jupyter_zmq_client::RuntimeError),
    /// Several problems at once, in the order in which they were met.
    #[error("{} problems:{}", .0.len(), Listed(.0))]
    Several(Vec<Error>),
}

impl Error {
    /// Makes an [`Error::File`] of what the operating system said, for `map_err`.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::File {
            action,
            path,
            source: without_path(source),
        }
    }

    /// Makes an [`Error::System`] of what the operating system said, for `map_err`.
    pub fn system(action: &'static str) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::System { action, source }
    }

    /// One error for all `problems`, or nothing if there are none.
    pub fn all(mut problems: Vec<Error>) -> Result<()> {
        match problems.len() {
            0 => Ok(()),
            1 => Err(problems.remove(0)),
            _ => Err(Error::Several(problems)),
        }
    }
}

/// What the operating system said, without the path of a temporary file that nobody knows, which is added to it.
fn without_path(source: io::Error) -> io::Error {
    let text = source.to_string();
    match text.split_once(" at path \"") {
        Some((said, _)) => io::Error::new(source.kind(), said.to_owned()),
        None => source,
    }
}

/// A path as it may be printed.
fn shown(path: &Path) -> String {
    one_line(&path.display().to_string())
}

/// How to get another kit than one that can't be used.
fn another_kit() -> &'static str {
    if crate::program::was_packed() {
        "install or unpack dsprep again"
    } else {
        "remove this folder, then build in the project's folder: cargo build --release"
    }
}

/// What to do about a notebook of another format.
fn other_format(version: u64, path: &Path) -> String {
    if version > 4 {
        return " is newer than this program, which understands format 4; get a newer dsprep, or leave this notebook \
                out"
            .to_owned();
    }
    let path = quoted(&path.display().to_string());
    format!(
        ", but only format 4 is understood; convert it: jupyter nbconvert --to notebook --nbformat 4 {path}"
    )
}

/// `:3:12`, or nothing.
struct Place<'a>(&'a Option<(usize, usize)>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((line, column)) => write!(out, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}

/// Folders, each in quotes.
fn names(folders: &[PathBuf]) -> String {
    let names: Vec<_> = folders
        .iter()
        .map(|it| format!("`{}`", it.display()))
        .collect();
    names.join(", ")
}

/// Problems, each on a line of its own.
struct Listed<'a>(&'a [Error]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|problem| write!(out, "\n  {problem}"))
    }
}
