//! `dsprep setup`: gets what cells need on this machine: the kit, unpacked, and the one compiler that built it.

use crate::consent;
use crate::doctor;
use crate::error::{Error, Result};
use crate::toolchain::kit::packaged::Packaged;
use crate::toolchain::kit::{Kit, gather};
use crate::toolchain::rust;
use clap::Args;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// What the three parts of the minimal profile weigh, compressed and unpacked (1.95.0 for x86-64 Linux).
const DOWNLOAD: &str = "about 120 MB to load, 600 MB on disk";

/// Get what cells need: check the kit, and find the compiler that built it or load it by rustup.
///
/// Compares each file of the kit with what was packed, unpacks it where it is still an archive, and looks for the
/// compiler among rustup's toolchains and on PATH. If it is not there, asks whether rustup shall install exactly that
/// one beside the others; your default stays. At last a tiny cell is compiled and run.
///
/// The exit code is 0 if cells run, 1 if a check failed, 2 if something could not be got.
#[derive(Debug, Args)]
pub struct SetupArgs {
    /// Load the compiler without asking
    #[arg(long)]
    yes: bool,

    /// Unpack the kit beside the program, for all users, instead of into your cache
    #[arg(long)]
    shared: bool,
}

/// Does what [`SetupArgs`] says.
///
/// # Errors
/// [`Error::NotAKit`] if the kit is damaged, [`Error::Tool`] if rustup is missing or fails, [`Error::Usage`] if nobody
/// agrees.
pub fn run(args: &SetupArgs) -> Result<ExitCode> {
    let needed = match Packaged::here()? {
        Some(packaged) => {
            let kit = if args.shared {
                packaged.share()?
            } else {
                packaged.kit(&Kit::places())?
            };
            kit.manifest().check_hashes(kit.folder())?;
            packaged.kit.compiler
        }
        None if gather::workspace().is_some() => rust::BUILT_BY.to_owned(),
        // Says where it was looked for.
        None => Kit::find()?.manifest().compiler.clone(),
    };
    match rust::find(&needed) {
        Some(rustc) => say(&format!("{needed} is here: {}", rustc.display())),
        None => install(&needed, args.yes)?,
    }
    doctor::cells()
}

/// Has rustup install the toolchain of `needed`.
fn install(needed: &str, yes: bool) -> Result<()> {
    let failed = |problem: &str, mend| Error::Tool {
        tool: "rustup".to_owned(),
        problem: problem.to_owned(),
        mend,
    };
    let Some(toolchain) = rust::toolchain_of(needed) else {
        return Err(failed(
            &format!("it has no name for {needed}, which built the core"),
            "install a dsprep that a released compiler built",
        ));
    };
    let Some(rustup) = rust::on_path("rustup") else {
        return Err(failed(
            &format!("not found, and {needed} is not here"),
            "install rustup (https://rustup.rs), then call dsprep setup again",
        ));
    };
    consent::ask(
        &format!(
            "Cells need {needed}, which is not here. rustup would install it beside your other toolchains: {DOWNLOAD}.\n\
             rustup toolchain install {toolchain} --profile minimal --no-self-update"
        ),
        yes,
    )?;
    let status = call(&rustup, toolchain)
        .map_err(|error| failed(&error.to_string(), "call dsprep setup again"))?;
    if !status.success() {
        return Err(failed(
            &format!("could not install {toolchain} ({status})"),
            "see to what it says above (the network, room on the disk), then call dsprep setup again",
        ));
    }
    match rust::find(needed) {
        Some(_) => Ok(()),
        None => Err(failed(
            &format!("its {toolchain} is not {needed}"),
            "install a dsprep that a released compiler built",
        )),
    }
}

fn call(rustup: &Path, toolchain: &str) -> std::io::Result<std::process::ExitStatus> {
    Command::new(rustup)
        .args(["toolchain", "install", toolchain])
        .args(["--profile", "minimal", "--no-self-update"])
        // A checkout around us asks for components that cells do not need.
        .current_dir("/")
        .stdin(Stdio::null())
        .status()
}

fn say(text: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}
