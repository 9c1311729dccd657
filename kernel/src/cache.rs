//! `dsprep cache` and `dsprep warm`: what is kept of cells that were compiled before.

use crate::error::{Error, Result};
use crate::runner::{self, RunArgs};
use crate::toolchain::cell_cache::{self, CELL_CACHE, CellCache, MOST_BYTES};
use crate::toolchain::dependencies::place;
use clap::{Args, Parser};
use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Say how many compiled cells are kept, and where, or remove them.
///
/// Each cell that was compiled is kept in your cache folder, for this and other notebooks, until the folder holds
/// 1 GB; then those go that were not used for longest. Set DSPREP_CELL_CACHE to another folder, or to `off`.
#[derive(Debug, Args)]
pub struct CacheArgs {
    /// Remove them all, and the crates that notebooks have added
    #[arg(long)]
    clear: bool,
}

/// Compile the cells of notebooks, so that nobody waits for the compiler who opens them.
///
/// A cell's variables have the types that the cells before it gave them, so the notebooks are executed; what comes out is
/// thrown away. The exit codes are those of `dsprep run`.
#[derive(Debug, Args)]
pub struct WarmArgs {
    /// Notebooks, folders of notebooks, or patterns like 'notebooks/q1*.ipynb'
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// The arguments of `dsprep run` by themselves.
#[derive(Debug, Parser)]
struct Run {
    #[command(flatten)]
    args: RunArgs,
}

/// Compiles the cells of notebooks by executing them.
///
/// # Errors
/// If no folder can be made for what comes out, and those of [`runner::run`].
pub fn warm(args: WarmArgs) -> Result<ExitCode> {
    let parent = std::env::temp_dir();
    let folder = tempfile::Builder::new()
        .prefix("dsprep-warm-")
        .tempdir()
        .map_err(Error::file("make a folder in", &parent))?;
    let words = ["dsprep", "--keep-going", "--output-dir"].map(OsString::from);
    let words = words.into_iter().chain([folder.path().into(), "--".into()]);
    let words = words.chain(args.paths.into_iter().map(OsString::from));
    match Run::try_parse_from(words) {
        Ok(run) => runner::run(&run.args),
        Err(error) => error.exit(),
    }
}

/// Does what was asked for.
///
/// # Errors
/// If the folder can't be used, or a file in it can't be removed.
pub fn run(args: &CacheArgs) -> Result<ExitCode> {
    let Some(folder) = cell_cache::folder() else {
        say(&format!(
            "no compiled cells are kept: {CELL_CACHE} is `off`, or there is no folder for them (set HOME)"
        ));
        return Ok(ExitCode::SUCCESS);
    };
    let cache = CellCache::open(&folder).map_err(Error::file("use", &folder))?;
    let content = if args.clear {
        place::clear(&folder.join(place::FOLDER));
        cache.clear().map_err(Error::file("clear", &folder))?
    } else {
        cache.content()
    };
    let (folder, cells) = (folder.display(), content.cells);
    let cells = format!(
        "{cells} compiled {}",
        if cells == 1 { "cell" } else { "cells" }
    );
    let size = megabytes(content.bytes);
    say(&if args.clear {
        format!("{folder}: removed {cells}, {size}")
    } else {
        format!(
            "{folder}: {cells}, {size} of at most {}",
            megabytes(MOST_BYTES)
        )
    });
    Ok(ExitCode::SUCCESS)
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

fn say(line: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = writeln!(std::io::stdout(), "{line}");
}
