//! The real cargo and rustc, for what the stand-ins pass on, and the environment that they expect.

use crate::error::{Error, Result};
use crate::processes::die_with_parent::end_with_parent;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The real cargo, for what the stand-in passes on.
pub const REAL_CARGO: &str = "DSPREP_CARGO";
/// The real rustc.
pub const REAL_RUSTC: &str = "DSPREP_RUSTC";
/// PATH as it was before the kernel put its stand-ins in front.
pub const REAL_PATH: &str = "DSPREP_PATH";
/// CARGO_HOME as it was, empty where it was not set.
pub const REAL_CARGO_HOME: &str = "DSPREP_CARGO_HOME";
/// TMPDIR as it was, empty where it was not set. The engine has one within the kernel's folder: rust-analyzer puts
/// a copy of the lock file there, which stays when the engine is killed meanwhile. The stand-ins go back to this one.
pub const REAL_TMPDIR: &str = "DSPREP_TMPDIR";

/// The path in the variable `name`, or the bare program name for PATH to resolve.
pub fn real(name: &str, program: &str) -> PathBuf {
    env::var_os(name).map_or_else(|| PathBuf::from(program), PathBuf::from)
}

/// The variables that the kernel has set for its engine, each with the value that it had before: nothing where it was
/// not set.
fn real_variables() -> Vec<(&'static str, Option<OsString>)> {
    let changed = [
        ("PATH", REAL_PATH),
        ("CARGO_HOME", REAL_CARGO_HOME),
        ("TMPDIR", REAL_TMPDIR),
    ];
    let was = |(name, kept)| {
        let value: OsString = env::var_os(kept)?;
        Some((name, Some(value).filter(|value| !value.is_empty())))
    };
    changed.into_iter().filter_map(was).collect()
}

/// Gives this process back, with the values that they had before, those of the changed variables that are `wanted`.
///
/// # Safety
/// As for [`env::set_var`]: no other thread may run that reads the environment, as at the start of `main`.
pub unsafe fn restore_own(wanted: impl Fn(&str) -> bool) {
    let variables = real_variables().into_iter();
    for (name, value) in variables.filter(|(name, _)| wanted(name)) {
        // SAFETY: as the caller has promised.
        unsafe {
            match value {
                Some(value) => env::set_var(name, value),
                None => env::remove_var(name),
            }
        }
    }
}

/// `command` in the environment that the kernel itself was started in, ending when we do.
pub fn restore_environment(command: &mut Command) {
    for (name, value) in real_variables() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // evcxr names the stand-in.
    command.env("RUSTC", real(REAL_RUSTC, "rustc"));
    end_with_parent(command);
    // Somebody waits in front of the cell: where there is no network, cargo is to say so in seconds.
    for (name, value) in [("CARGO_NET_RETRY", "1"), ("CARGO_HTTP_TIMEOUT", "10")] {
        if env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    for name in ["RUST_SRC_PATH", "EVCXR_TMPDIR", "EVCXR_CONFIG_DIR"] {
        command.env_remove(name);
    }
}

/// Runs `program` in its place.
///
/// # Errors
/// If it can't be started.
pub fn pass_on(program: &Path, arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let mut command = Command::new(program);
    command.args(arguments);
    restore_environment(&mut command);
    let status = command.status().map_err(|source| Error::Start {
        program: program.to_owned(),
        source,
    })?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
