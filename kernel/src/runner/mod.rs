//! The runner: executes notebooks without a browser and reports the cells that fail, the exercises that are
//! none, and, if asked to, the outputs that are not the stored ones.
//!
//! [`plan`] finds the notebooks and checks them all before anything starts; [`pool`] runs several at a time;
//! [`execute`] runs one, cell by cell, in a [`kernel`] of its own, and then the solution of each [`exercise`];
//! [`conclude`] judges what came out. What happens is told by [`events`], which [`report`] turns into lines and
//! progress bars.

mod cell;
mod conclude;
mod events;
mod execute;
mod exercise;
mod jobs;
mod kernel;
mod plan;
mod pool;
mod process;
mod recorder;
mod report;

pub use jobs::free_memory;
pub use report::Paint;

use crate::cli::Color;
use crate::error::{Error, Result};
use execute::Settings;
use kernel::KernelCommand;
use report::Reporter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// The folder that is run when no path is given.
const DEFAULT_FOLDER: &str = "notebooks";

/// What to run, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Notebooks and folders; if empty, the folder `notebooks`.
    pub paths: Vec<PathBuf>,
    /// How many notebooks run at a time; if not given, as many as cores and memory allow.
    pub jobs: Option<usize>,
    /// How long one cell may take.
    pub timeout: Duration,
    /// Whether notebooks that pass keep their fresh outputs.
    pub update: bool,
    /// Whether the fresh outputs must be the stored ones.
    pub check: bool,
    /// When to use colours.
    pub color: Color,
}

/// Runs the notebooks and reports on the terminal; the code is what the process exits with.
///
/// # Errors
/// Whatever keeps a notebook from being run at all; then none is run.
pub fn run(options: &Options) -> Result<ExitCode> {
    let here = std::env::current_dir().map_err(Error::system("find the current folder"))?;
    let plan = plan::plan(&paths(&options.paths)?, &here)?;
    let jobs = options
        .jobs
        .unwrap_or_else(jobs::default)
        .min(plan.notebooks.len());
    let settings = Settings {
        kernel: KernelCommand::this_program()?,
        timeout: options.timeout,
        update: options.update,
        check: options.check,
    };
    let mut reporter = Reporter::new(&plan, options.color);
    // One thread is enough: it only waits. And children that watch the thread that started them stay alive.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::system("start waiting for kernels"))?;
    let tally = runtime.block_on(pool::run(plan, jobs, settings, &mut reporter))?;
    Ok(ExitCode::from(tally.exit_code()))
}

fn paths(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    let folder = Path::new(DEFAULT_FOLDER);
    if folder.is_dir() {
        Ok(vec![folder.to_owned()])
    } else {
        Err(Error::NoDefaultFolder(folder.to_owned()))
    }
}
