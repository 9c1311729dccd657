//! The engine: evcxr_jupyter, unmodified, in a child process of the front.
//!
//! The same program plays four parts besides the one that people start by name. [`intercept`] finds
//! out which, by the variables and the name that it was started with:
//!
//! 1. the engine itself, started by the front;
//! 2. the process in which cells run, started by the engine;
//! 3. the stand-in for cargo and rustup, started by the engine for each cell;
//! 4. evcxr's wrapper of rustc, started by cargo where a notebook asks for a cache.

mod cell_process;
mod process;
mod supervisor;
mod waits;

pub use process::{FromEngine, Kind, compile_ahead};
pub use supervisor::{Event, Supervisor};

use crate::toolchain::{cargo, workdir::Workdir};
use std::env;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Set for the engine, so that the same program knows that it is one.
const IS_ENGINE: &str = "DSPREP_ENGINE";
/// Set by evcxr for the process in which cells run.
const IS_RUNTIME: &str = "EVCXR_IS_RUNTIME";
/// Set by evcxr for its wrapper of rustc.
const IS_WRAPPER: &str = "EVCXR_RUSTC_WRAPPER";
/// Tells the core that it runs in a kernel that understands its frames.
const IN_KERNEL: &str = "DSPREP_KERNEL";

/// Plays the part that the parent process asks for. Returns nothing if a person started us.
pub fn intercept() -> Option<ExitCode> {
    let workdir = Workdir::from_env()?;
    if env::var_os(IS_RUNTIME).is_some() {
        return Some(run_cells(&workdir));
    }
    let name = env::args_os().next().unwrap_or_default();
    match Path::new(&name).file_name().and_then(|name| name.to_str()) {
        Some(program @ ("cargo" | "rustup" | "rustc")) => {
            die_with_parent(&workdir);
            return Some(cargo::main(program, &workdir));
        }
        _ if env::var_os(IS_WRAPPER).is_some() => evcxr::runtime_hook(),
        _ => {}
    }
    if env::var_os(IS_ENGINE).is_some() {
        die_with_parent(&workdir);
        return Some(match evcxr_jupyter::main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error:#}");
                ExitCode::FAILURE
            }
        });
    }
    None
}

/// Set for a process that runs one cell for `dsprep doctor`, without a front.
pub const IS_TRIAL: &str = "DSPREP_IS_TRIAL";

/// Becomes the process in which cells run: it loads and runs them until its instructions end.
fn run_cells(workdir: &Workdir) -> ExitCode {
    let is_plain = env::var_os(cargo::REAL_PATH).is_none();
    // SAFETY: this is the start of `main`; no other thread runs yet that could read the environment.
    unsafe {
        cargo::restore_own(|_| true);
        env::set_var(IN_KERNEL, "1");
    }
    if env::var_os(IS_TRIAL).is_some() {
        // No front listens: the process ends with its instructions.
        evcxr::runtime_hook();
    }
    let result = if is_plain {
        // evcxr's own loop does not return.
        cell_process::follow_front(workdir).map(|()| evcxr::runtime_hook())
    } else {
        cell_process::run(workdir)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without the front there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "dsprep: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Makes this process end when its parent does, however that ends.
#[cfg(target_os = "linux")]
fn die_with_parent(workdir: &Workdir) {
    // SAFETY: sets a flag of this process; no memory is involved.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // A parent that died before the call above sends no signal any more.
    if !workdir.is_owned() {
        std::process::exit(1);
    }
}

/// Makes this process end when its parent does, by asking twice a second.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_workdir: &Workdir) {
    let parent = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        std::process::exit(1);
    });
}
