//! Which of evcxr's requests to cargo and rustup are answered how.
//!
//! | request | answer |
//! |---|---|
//! | `rustup which cargo` | this stand-in |
//! | `rustup which rustc` | the real rustc |
//! | `cargo build`, `cargo check` in the crate of the cell | one call of rustc |
//! | `cargo metadata --manifest-path …` from rust-analyzer | the crate of the cell alone: evcxr asks rust-analyzer for the types of variables, which we find with the compiler |
//! | anything else | the real cargo |

use super::child::end_with_parent;
use super::compile::{Compiler, Goal};
use super::core_library::CoreLibrary;
use super::dependencies;
use super::metadata;
use super::session::Session;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The real cargo, for what the stand-in passes on.
pub const REAL_CARGO: &str = "DSPREP_CARGO";
/// The real rustc.
pub const REAL_RUSTC: &str = "DSPREP_RUSTC";
/// PATH as it was before the kernel put its stand-ins in front.
pub const REAL_PATH: &str = "DSPREP_PATH";
/// Set for an engine whose rust-analyzer reads the libraries.
pub const KNOWS_LIBRARIES: &str = "DSPREP_KNOWS_LIBRARIES";
/// CARGO_HOME as it was, empty where it was not set.
pub const REAL_CARGO_HOME: &str = "DSPREP_CARGO_HOME";

/// Answers one call of `cargo` or `rustup` inside the kernel.
pub fn main(program: &str, session: &Session) -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let answer = match program {
        "rustup" => rustup(&words, session),
        _ => cargo(&words, &arguments, session),
    };
    answer.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn rustup(words: &[&str], session: &Session) -> Result<ExitCode> {
    match words {
        ["which", "cargo"] => println!("{}", session.bin().join("cargo").display()),
        ["which", "rustc"] => println!("{}", real(REAL_RUSTC, "rustc").display()),
        _ => return pass_on(Path::new("rustup"), words.iter().map(OsString::from)),
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo(words: &[&str], arguments: &[OsString], session: &Session) -> Result<ExitCode> {
    let command = words.iter().find(|word| !word.starts_with('-')).copied();
    let in_cell = env::current_dir().is_ok_and(|folder| same_folder(&folder, &session.crate_dir()));
    match command {
        Some("build") if in_cell => compile(Goal::Run, session),
        Some("check") if in_cell => compile(Goal::Check, session),
        Some("metadata") if in_cell && env::var_os(KNOWS_LIBRARIES).is_some() => {
            println!("{}", metadata::with_libraries(session)?);
            Ok(ExitCode::SUCCESS)
        }
        Some("metadata") if in_cell && words.contains(&"--manifest-path") => {
            println!("{}", metadata::of_the_cell(session));
            Ok(ExitCode::SUCCESS)
        }
        _ => pass_on(&real(REAL_CARGO, "cargo"), arguments.iter().cloned()),
    }
}

fn same_folder(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn compile(goal: Goal, session: &Session) -> Result<ExitCode> {
    // SAFETY: makes this process the leader of a group, so that an interruption reaches the compiler
    // and linker too; no memory is involved.
    unsafe { libc::setpgid(0, 0) };
    let pid_file = session.compiler_pid();
    let _ = fs::write(&pid_file, std::process::id().to_string());
    let result = compile_cell(goal, session);
    let _ = fs::remove_file(&pid_file);
    result
}

fn compile_cell(goal: Goal, session: &Session) -> Result<ExitCode> {
    let manifest = session.crate_dir().join("Cargo.toml");
    let manifest = fs::read_to_string(&manifest).map_err(Error::file("read", &manifest))?;
    let externs = match dependencies::build(&manifest, session)? {
        dependencies::Built::All(externs) => externs,
        dependencies::Built::Failed => return Ok(ExitCode::FAILURE),
    };
    let compiler = Compiler {
        session,
        core: CoreLibrary::find()?,
        rustc: real(REAL_RUSTC, "rustc"),
        externs,
        opt_level: opt_level(&manifest),
    };
    let (build, library) = compiler.compile(goal)?;
    session.set_build(&build)?;
    for error in &build.errors {
        println!("{error}");
    }
    if !build.success {
        return Ok(ExitCode::FAILURE);
    }
    println!("{}", artifact_of(&library));
    Ok(ExitCode::SUCCESS)
}

/// The line by which cargo would name the library it built.
fn artifact_of(library: &Path) -> Value {
    json!({
        "reason": "compiler-artifact",
        "target": {"name": "ctx", "kind": ["cdylib"], "crate_types": ["cdylib"]},
        "filenames": [library],
    })
}

/// The optimisation level in the manifest that evcxr wrote.
fn opt_level(manifest: &str) -> String {
    let line = manifest
        .lines()
        .find_map(|line| line.trim().strip_prefix("opt-level"));
    let level = line.map(|rest| rest.trim_start_matches([' ', '=']).trim_matches(['"', ' ']));
    level.unwrap_or("2").to_owned()
}

/// The path in the variable `name`, or the bare program name for PATH to resolve.
pub fn real(name: &str, program: &str) -> PathBuf {
    env::var_os(name).map_or_else(|| PathBuf::from(program), PathBuf::from)
}

/// `command` in the environment that the kernel itself was started in, ending when we do.
pub fn restore_environment(command: &mut Command) {
    if let Some(path) = env::var_os(REAL_PATH) {
        command.env("PATH", path);
    }
    match env::var_os(REAL_CARGO_HOME) {
        Some(home) if !home.is_empty() => command.env("CARGO_HOME", home),
        _ => command.env_remove("CARGO_HOME"),
    };
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

fn pass_on(program: &Path, arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
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
