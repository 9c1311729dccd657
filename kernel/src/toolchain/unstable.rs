//! What is asked of the compiler that nobody promises: flags that start with `-Z`, and the text of `--emit=mir`.
//!
//! Which of it a compiler can do is tried once, when the kit is gathered, and kept in the kit's manifest. A flag that
//! it does not know is left out: cells then take a little longer. A listing that can't be read leaves no way to find
//! the types of variables, which the kernel then says.

use super::flags::{self, Goal, Linked};
use super::linker::Linker;
use super::types::VariableTypes;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::{Command, Stdio};

/// The variable that makes the stable compiler take unstable flags.
pub const BOOTSTRAP: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");

/// Without the checks that the standard library makes of unsafe code, some 6 % of a cell's compilation.
const NO_UB_CHECKS: &str = "-Zub-checks=no";
/// Code that a library has compiled already is taken from there. The compiler then reads the lists of all that the
/// libraries hold, which pays where tables are used: what their values are dropped by alone takes longer to compile.
const SHARE: &str = "-Zshare-generics=yes";
/// The listing with full paths.
const FULL_PATHS: &str = "-Ztrim-diagnostic-paths=no";

/// A cell whose variable has a type of the standard library within another, and the type that the listing must tell.
const TRIAL: &str = "\
#[unsafe(no_mangle)]
pub fn trial(store: &mut dsprep_core::cell::store::VariableStore) {
    store.put_typed::<_, 0>(\"trial\", vec![Some(1.0)]);
}
";
const TOLD: &str = "::std::vec::Vec<::std::option::Option<f64>>";

/// What a compiler can do of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unstable {
    /// The flags that it knows.
    pub flags: Vec<String>,
    /// The flag by which a cell takes from libraries what they have compiled already, if it knows it.
    #[serde(default)]
    pub share: Option<String>,
    /// Whether its listing of a cell tells the types of variables.
    pub listing: bool,
    /// What it said where the listing can't be read.
    pub problem: Option<String>,
}

impl Unstable {
    /// Tries the compiler `rustc` on a tiny cell: with all flags, then without those that it refuses.
    pub fn probe(rustc: &Path, linked: &Linked) -> Unstable {
        let mut known = Unstable {
            flags: [FULL_PATHS, NO_UB_CHECKS].map(str::to_owned).to_vec(),
            share: knows(rustc, SHARE).then(|| SHARE.to_owned()),
            listing: true,
            problem: None,
        };
        if try_on(rustc, linked, &known).is_ok() {
            return known;
        }
        known.flags.retain(|flag| knows(rustc, flag));
        if let Err(problem) = try_on(rustc, linked, &known) {
            known.listing = false;
            known.problem = Some(problem);
        }
        known
    }
}

fn knows(rustc: &Path, flag: &str) -> bool {
    let mut command = Command::new(rustc);
    command
        .env(BOOTSTRAP.0, BOOTSTRAP.1)
        .args([flag, "--print", "sysroot"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Compiles the trial and reads its listing, or says what is wrong.
fn try_on(rustc: &Path, linked: &Linked, unstable: &Unstable) -> Result<(), String> {
    let folder = tempfile::Builder::new().prefix("dsprep-probe-").tempdir();
    let folder = folder.map_err(|error| error.to_string())?;
    let source = folder.path().join("trial.rs");
    std::fs::write(&source, TRIAL).map_err(|error| error.to_string())?;
    let output = Command::new(rustc)
        .current_dir(folder.path())
        .env(BOOTSTRAP.0, BOOTSTRAP.1)
        .args(["--error-format", "json"])
        .args(flags::for_cell(
            "trial.rs",
            Goal::LibraryAndTypes,
            "0",
            linked,
            unstable,
        ))
        .args(Linker::choose(rustc, folder.path()).flags(&[linked.folder()]))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(first_error(&output.stderr).unwrap_or_else(|| output.status.to_string()));
    }
    let listing = std::fs::read_to_string(folder.path().join("ctx.mir"))
        .map_err(|error| error.to_string())?;
    let mut types = VariableTypes::default();
    // A type that has no name is not in the trial.
    let _ = types.read_listing(&listing, &[7]);
    match types.get(7) {
        Some(TOLD) => Ok(()),
        Some(other) => Err(format!("its listing says {other} for {TOLD}")),
        None => Err("its listing does not tell the types of variables".to_owned()),
    }
}

/// The first error among the compiler's messages in JSON.
fn first_error(stderr: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(stderr);
    let mut messages = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let error = messages.find(|message| message["level"] == "error")?;
    error["message"].as_str().map(str::to_owned)
}
