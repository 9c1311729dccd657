//! The engine: evcxr_jupyter, unmodified, in a child process of the front.
//!
//! The same program plays four parts besides the one that people start by name. [`intercept`] finds
//! out which, by the variables and the name that it was started with:
//!
//! 1. the engine itself, started by the front;
//! 2. the process in which cells run, started by the engine;
//! 3. the stand-in for cargo and rustup, started by the engine for each cell;
//! 4. evcxr's wrapper of rustc, started by cargo where a notebook asks for a cache.

mod cells;
mod process;

pub use process::{Engine, FromEngine, Kind};

use crate::toolchain::{cargo, core_library::CoreLibrary, session::Session};
use std::env;
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
    let session = Session::from_env()?;
    if env::var_os(IS_RUNTIME).is_some() {
        die_with_parent(&session);
        return Some(run_cells());
    }
    let name = env::args_os().next().unwrap_or_default();
    match Path::new(&name).file_name().and_then(|name| name.to_str()) {
        Some(program @ ("cargo" | "rustup")) => {
            die_with_parent(&session);
            return Some(cargo::main(program, &session));
        }
        _ if env::var_os(IS_WRAPPER).is_some() => evcxr::runtime_hook(),
        _ => {}
    }
    if env::var_os(IS_ENGINE).is_some() {
        die_with_parent(&session);
        return Some(match evcxr_jupyter::main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            }
        });
    }
    None
}

/// Becomes the process in which cells run: it loads and runs them until its input ends.
fn run_cells() -> ExitCode {
    let path = env::var_os(cargo::REAL_PATH);
    let is_plain = path.is_none();
    let home = env::var_os(cargo::REAL_CARGO_HOME);
    // SAFETY: this is the start of `main`; no other thread runs yet that could read the environment.
    unsafe {
        if let Some(path) = path {
            env::set_var("PATH", path);
        }
        match home {
            Some(home) if home.is_empty() => env::remove_var("CARGO_HOME"),
            Some(home) => env::set_var("CARGO_HOME", home),
            None => {}
        }
        env::set_var(IN_KERNEL, "1");
    }
    if is_plain {
        evcxr::runtime_hook();
    }
    if let Ok(core) = CoreLibrary::find() {
        load_early(&core.dylib);
    }
    match cells::run_until_input_ends() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dsprep: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Loads the core before the first cell needs it, while the user still types.
fn load_early(library: &Path) {
    use std::os::unix::ffi::OsStrExt;
    if let Ok(path) = std::ffi::CString::new(library.as_os_str().as_bytes()) {
        // SAFETY: the path is a valid C string. The library is one that each cell loads anyway; its
        // initialisers are those of Rust's standard library and of SQLite's build.
        unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_LAZY | libc::RTLD_GLOBAL) };
    }
}

/// Makes this process end when its parent does, however that ends.
#[cfg(target_os = "linux")]
fn die_with_parent(session: &Session) {
    // SAFETY: sets a flag of this process; no memory is involved.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // A parent that died before the call above sends no signal any more.
    if !session.is_owned() {
        std::process::exit(1);
    }
}

/// Makes this process end when its parent does, by asking twice a second.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_session: &Session) {
    let parent = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        std::process::exit(1);
    });
}
