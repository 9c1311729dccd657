//! `dsprep pack`: program, core kit and notebooks in one file that needs no build.
//!
//! - `contents`: what is packed: stripped, without anything that only the machine of the build has.
//! - `needed`: the libraries that the compiler reads for a cell, and no others.
//! - `run_path`: where the packed program looks for its libraries.
//! - `archive`: a compressed tar archive that runs wherever it is unpacked.
//! - `wheel`: a Python package, after whose installation Jupyter offers the kernel.
//! - [`tar`], `zip`: the formats; the same contents give the same bytes.
//!
//! Both hold for the one compiler that built the core; `dsprep setup` gets it on the machine of the reader.

mod archive;
mod contents;
mod needed;
mod run_path;
pub mod tar;
mod wheel;
mod zip;

use crate::error::{Error, Result};
use crate::toolchain::kit::Kit;
use clap::{Args, ValueEnum};
use contents::Contents;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Put program, core kit and notebooks into a file that needs no build.
///
/// Takes what is built. The archive runs wherever it is unpacked; the wheel is a Python package: after
/// `pip install FILE.whl`, JupyterLab offers the kernel. Both need the one compiler that built the core, which
/// `dsprep setup` gets. The same build gives the same bytes. Needs the programs strip (of binutils) and zstd.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PackArgs {
    /// What to make [default: both]
    #[arg(value_enum, value_name = "WHAT")]
    what: Vec<What>,

    /// Where to write it
    #[arg(long, value_name = "DIR", default_value = "target/pack")]
    output_dir: PathBuf,

    /// How hard zstd works: 1 takes seconds, 19 minutes, for a file that is a fifth smaller
    #[arg(long, value_name = "1..19", default_value = "19", value_parser = clap::value_parser!(u8).range(1..=19))]
    level: u8,
}

const EXAMPLES: &str = "\
Examples:
  dsprep pack                               both, into target/pack
  dsprep pack wheel --level 1               only the Python package, quickly";

/// A kind of package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// A .tar.zst
    Archive,
    /// A Python package
    Wheel,
}

/// Makes the packages and says where they are, how large, and for which compiler.
///
/// # Errors
/// Those of finding the kit; [`Error::Tool`] if strip or zstd fails, [`Error::File`] if something can't be written.
pub fn run(args: &PackArgs) -> Result<ExitCode> {
    let kit = Kit::find()?;
    // Another program may gather a newer one meanwhile, and remove those that nobody needs.
    let _held = kit.hold();
    let output = &args.output_dir;
    fs::create_dir_all(output).map_err(Error::file("create", output))?;
    let stage = tempfile::Builder::new()
        .prefix(".pack-")
        .tempdir_in(output)
        .map_err(Error::file("create a folder in", output))?;
    let contents = Contents::gather(&kit, stage.path())?;
    let wanted = |what| args.what.is_empty() || args.what.contains(&what);
    let mut made = Vec::new();
    if wanted(What::Archive) {
        made.push(archive::write(&contents, stage.path(), args.level)?);
    }
    if wanted(What::Wheel) {
        made.push(wheel::write(&contents, stage.path(), args.level)?);
    }
    for file in made {
        let target = output.join(file.file_name().unwrap_or_default());
        fs::rename(&file, &target).map_err(Error::file("write", &target))?;
        say(&target, &kit.manifest().compiler)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn say(file: &Path, compiler: &str) -> Result<()> {
    let size = file.metadata().map_err(Error::file("read", file))?.len();
    let megabytes = size.div_ceil(1_000_000);
    // A closed standard output leaves nobody to tell.
    let _ = writeln!(
        std::io::stdout(),
        "{}: {megabytes} MB, for {compiler}",
        file.display()
    );
    Ok(())
}
