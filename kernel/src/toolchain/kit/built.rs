//! What cargo has built in the workspace, as it says itself, without building anything.

use super::artifacts::Artifact;
use super::gather::{core_as_built, workspace_of_the_build};
use crate::error::{Error, Result};
use crate::program;
use crate::toolchain::rust;
use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

/// All that cargo has built in the workspace, as it says itself.
pub fn artifacts(workspace: &Path) -> Result<Vec<Artifact>> {
    let cargo = rust::tool("cargo");
    let mut child = cargo_build(&cargo, workspace)
        .spawn()
        .map_err(|source| Error::Start {
            program: cargo,
            source,
        })?;
    let words = relay(&mut child);
    let mut artifacts = Vec::new();
    let stdout = child.stdout.take().into_iter();
    for line in stdout.flat_map(|stdout| BufReader::new(stdout).lines().map_while(io::Result::ok)) {
        artifacts.extend(Artifact::of_line(&line));
    }
    let status = child.wait().map_err(Error::system("wait for cargo"))?;
    let words = words.join().unwrap_or_default();
    // The program itself may be older than its source. What counts is the core: cargo names it only if it and all
    // that it is made of are built as they stand.
    if status.success() || core_as_built(&artifacts).is_ok() {
        return Ok(artifacts);
    }
    let error = words.iter().find(|line| line.starts_with("error"));
    let problem = if words.iter().any(|line| line.contains(NOT_BUILT)) {
        NOT_BUILT.to_owned()
    } else {
        error
            .or(words.last())
            .map_or_else(|| status.to_string(), Clone::clone)
    };
    Err(Error::Gather { problem })
}

/// Keeps what cargo says, and passes on that it waits for another cargo.
fn relay(child: &mut Child) -> std::thread::JoinHandle<Vec<String>> {
    let stderr = child.stderr.take();
    std::thread::spawn(move || {
        let lines = stderr
            .into_iter()
            .flat_map(|stderr| BufReader::new(stderr).lines().map_while(io::Result::ok));
        let mut words = Vec::new();
        for line in lines {
            if line.trim_start().starts_with("Blocking") {
                // A closed standard error leaves nobody to tell.
                let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
            }
            words.push(line);
        }
        words
    })
}

/// The call that builds what built this program: the same profile, flags, folders and compiler.
fn cargo_build(cargo: &Path, workspace: &Path) -> Command {
    let profile = match env!("DSPREP_BUILT_WITH_PROFILE") {
        "debug" => "dev",
        profile => profile,
    };
    let own = workspace == workspace_of_the_build();
    let mut command = Command::new(cargo);
    command
        .args(["build", "--profile", profile])
        // The program needs all that the core is made of, whether the workspace or the program alone was built.
        .args(if own {
            ["--package", "dsprep"].as_slice()
        } else {
            &["--workspace"]
        })
        .args([
            "--message-format",
            "json-render-diagnostics",
            "--offline",
            "--locked",
            "--keep-going",
        ])
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // What cargo told a test or a program that it started would make it build anew what reads these variables.
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| is_about_a_build(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    let flags = env!("DSPREP_BUILT_WITH_RUSTFLAGS");
    if !flags.is_empty() {
        command.env("RUSTFLAGS", flags);
    }
    only_what_is_built(&mut command);
    if let Some(toolchain) = rust::TOOLCHAIN {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    if let Some(root) = target_folder().filter(|_| own) {
        command.env("CARGO_TARGET_DIR", root);
    }
    let build_folder = env!("DSPREP_BUILT_WITH_BUILD_DIR");
    if !build_folder.is_empty() {
        command.env("CARGO_BUILD_BUILD_DIR", build_folder);
    }
    command
}

/// Set for the wrapper of rustc that compiles nothing.
const COMPILE_NOTHING: &str = "DSPREP_COMPILE_NOTHING";
/// What that wrapper says where there would be something to compile.
const NOT_BUILT: &str = "the workspace is not built as it stands";

/// Makes cargo fail instead of building anything: nobody who opens a notebook expects to wait for that.
fn only_what_is_built(command: &mut Command) {
    // The program of a unit test does not play this part.
    if let Ok(program) = program::running()
        && !cfg!(test)
    {
        command
            .env("RUSTC_WRAPPER", program)
            .env(COMPILE_NOTHING, "1");
    }
}

/// Plays the wrapper of rustc that answers questions and compiles nothing. Returns nothing in any other process.
pub fn intercept() -> Option<ExitCode> {
    env::var_os(COMPILE_NOTHING)?;
    let mut words = env::args_os().skip(1);
    let rustc = words.next()?;
    let words: Vec<_> = words.collect();
    let asks = words.iter().any(|word| word == "-vV" || word == "-");
    if !asks {
        eprintln!("error: {NOT_BUILT}");
        return Some(ExitCode::FAILURE);
    }
    let status = Command::new(rustc)
        .args(words)
        .env_remove(COMPILE_NOTHING)
        .status();
    let code = status
        .ok()
        .and_then(|status| u8::try_from(status.code()?).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn is_about_a_build(variable: &str) -> bool {
    is_about_a_package(variable) || variable.ends_with("RUSTFLAGS")
}

/// Whether cargo tells a program or test of its package by this variable: what reads it would be built anew.
pub fn is_about_a_package(variable: &str) -> bool {
    let starts = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
    ];
    variable == "OUT_DIR" || starts.iter().any(|start| variable.starts_with(start))
}

/// The target folder that this program lies in; that of its build where it was copied elsewhere. A test lies in a
/// folder of its own, which may be the build folder, not the target folder: then cargo's settings decide.
fn target_folder() -> Option<PathBuf> {
    let program = program::path().ok()?;
    let named = program.file_stem() == Some(OsStr::new("dsprep"));
    let is_root = |folder: &&Path| folder.join("CACHEDIR.TAG").is_file();
    let around = program.ancestors().find(is_root).filter(|_| named);
    let built = Path::new(env!("DSPREP_BUILT_WITH_BUILD_ROOT"));
    let built = Some(built)
        .filter(|folder| env!("DSPREP_BUILT_WITH_BUILD_DIR").is_empty() && is_root(folder));
    around.or(built).map(Path::to_owned)
}
