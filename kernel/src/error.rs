//! What can go wrong outside of a notebook's own cells, and how to mend it.

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
    #[error("cannot {action} `{}`: {source}", path.display())]
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
    #[error("`{}`: no such file or folder; it is looked for from the current folder", .0.display())]
    NoSuchPath(PathBuf),
    /// No path was given, and the usual folder is not there.
    #[error("no folder `{}` here; change to the project's folder, or name notebooks: `dsprep run FILE.ipynb`", .0.display())]
    NoDefaultFolder(PathBuf),
    /// A folder holds no notebook.
    #[error("`{}`: there is no notebook (*.ipynb) in this folder or below", .0.display())]
    NoNotebooks(PathBuf),
    /// A file that was given is not called like a notebook.
    #[error("`{}`: not a notebook; a notebook's name ends in .ipynb", .0.display())]
    NotCalledNotebook(PathBuf),
    /// A notebook's file is not JSON.
    #[error("{}:{line}:{column}: broken JSON: {problem}; mend this place, or restore the file from version control", path.display())]
    BrokenJson {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What the parser missed.
        problem: String,
    },
    /// A file is JSON, but not a notebook.
    #[error("{}: not a notebook: {problem}; open it in JupyterLab and save it again", path.display())]
    NotANotebook {
        /// The file.
        path: PathBuf,
        /// What is missing or of the wrong kind.
        problem: String,
    },
    /// A notebook is of another version of the format than 4.
    #[error(
        "{}: notebook format {version}, but only format 4 is understood; \
         convert it: jupyter nbconvert --to notebook --nbformat 4 {}",
        path.display(), path.display()
    )]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its `nbformat`.
        version: u64,
    },
    /// A notebook is written in another language than Rust.
    #[error(
        "{}: written in {language}, but this runner executes Rust; choose the kernel \"Rust (dsprep)\" in JupyterLab, \
         or leave this notebook out",
        path.display()
    )]
    OtherLanguage {
        /// The file.
        path: PathBuf,
        /// The language that its metadata names.
        language: String,
    },
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
        name: &'static str,
        /// The folder of kernelspecs.
        kernels: PathBuf,
    },
    /// JupyterLab is not installed.
    #[error(
        "no JupyterLab in the active Python environment or on PATH; install it: python3 -m venv .venv, \
         . .venv/bin/activate, python3 -m pip install jupyterlab"
    )]
    NoJupyterLab,
    /// The core library is not where the build leaves it.
    #[error(
        "no core library for cells in `{}`; build it in the project's folder: cargo build --release",
        folder.display()
    )]
    NoCore {
        /// The folder of this program.
        folder: PathBuf,
    },
    /// No flash card fits all that was asked for.
    #[error("no card fits all of --questions, --topic and --level; leave one of them out")]
    NoCards,
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
            source,
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

/// Problems, each on a line of its own.
struct Listed<'a>(&'a [Error]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|problem| write!(out, "\n  {problem}"))
    }
}
