//! Which of evcxr's requests to cargo and rustup are answered how.
//!
//! | request | answer |
//! |---|---|
//! | `rustup which cargo` | this stand-in |
//! | `rustup which rustc`, questions to rustc and cargo | see [`answers`] |
//! | `cargo build`, `cargo check` in the crate of the cell | one call of rustc |
//! | `cargo metadata --manifest-path …` from rust-analyzer | the crate of the cell alone: evcxr asks rust-analyzer for the types of variables, which we find with the compiler |
//! | anything else | the real cargo |

use super::ahead;
use super::answers;
use super::cell_cache::CellCache;
use super::compile::Compiler;
use super::dependencies;
use super::flags::Goal;
use super::kit::Kit;
use super::linker::Linker;
use super::metadata;
use super::real::{pass_on, real};
use super::rustc::Rustc;
use super::workdir::Workdir;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

pub use super::real::{
    REAL_CARGO, REAL_CARGO_HOME, REAL_PATH, REAL_RUSTC, REAL_TMPDIR, restore_own,
};

/// Answers one call of `cargo` or `rustup` inside the kernel.
pub fn main(program: &str, workdir: &Workdir) -> ExitCode {
    // A cell may ask for its folder for temporary files while it is compiled.
    // SAFETY: this is the start of `main`; no other thread runs yet that could read the environment.
    unsafe { restore_own(|name| name == "TMPDIR") };
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let answer = match program {
        "rustup" => rustup(&words, workdir),
        "rustc" => answers::rustc(&arguments, workdir),
        _ => cargo(&words, &arguments, workdir),
    };
    answer.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn rustup(words: &[&str], workdir: &Workdir) -> Result<ExitCode> {
    match words {
        ["which", "cargo"] => println!("{}", workdir.bin().join("cargo").display()),
        ["which", "rustc"] => println!("{}", workdir.bin().join("rustc").display()),
        _ => return pass_on(Path::new("rustup"), words.iter().map(OsString::from)),
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo(words: &[&str], arguments: &[OsString], workdir: &Workdir) -> Result<ExitCode> {
    if let Some(answer) = answers::cargo(words, arguments, workdir)? {
        return Ok(answer);
    }
    let command = words.iter().find(|word| !word.starts_with('-')).copied();
    let in_cell = env::current_dir().is_ok_and(|folder| same_folder(&folder, &workdir.crate_dir()));
    match command {
        Some(ahead::AHEAD) if in_cell => {
            if let Some(compiler) = compiler(workdir)? {
                compiler.compile_ahead()?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Some("build") if in_cell => compile(Goal::LibraryAndTypes, workdir),
        Some("check") if in_cell => compile(Goal::Check, workdir),
        Some("metadata") if in_cell && words.contains(&"--manifest-path") => {
            println!("{}", metadata::of_the_cell(workdir));
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

fn compile(goal: Goal, workdir: &Workdir) -> Result<ExitCode> {
    // SAFETY: makes this process the leader of a group, so that an interruption reaches the compiler
    // and linker too; no memory is involved.
    unsafe { libc::setpgid(0, 0) };
    let pid_file = workdir.compiler_pid();
    let _ = fs::write(&pid_file, std::process::id().to_string());
    let result = compile_cell(goal, workdir);
    let _ = fs::remove_file(&pid_file);
    result
}

fn compile_cell(goal: Goal, workdir: &Workdir) -> Result<ExitCode> {
    // evcxr tries a cell that failed once more, in a form that might give a better error. Its form of the cell is
    // not what was compiled.
    if workdir.plan().is_some() && workdir.build().is_some_and(|build| !build.success) {
        println!("{}", failure());
        return Ok(ExitCode::FAILURE);
    }
    let Some(compiler) = compiler(workdir)? else {
        return Ok(ExitCode::FAILURE);
    };
    let (build, library) = compiler.compile(goal)?;
    workdir.set_build(&build)?;
    if !build.success {
        println!("{}", failure());
        return Ok(ExitCode::FAILURE);
    }
    println!("{}", artifact_of(&library));
    Ok(ExitCode::SUCCESS)
}

/// What compiles the cells of this kernel, with the crates that it needs. Nothing if these can't be built.
fn compiler(workdir: &Workdir) -> Result<Option<Compiler<'_>>> {
    let manifest = workdir.crate_dir().join("Cargo.toml");
    let manifest = fs::read_to_string(&manifest).map_err(Error::file("read", &manifest))?;
    let added = match dependencies::build(&manifest, workdir)? {
        dependencies::Built::All(added) => added,
        dependencies::Built::Failed => return Ok(None),
    };
    if let Some(sources) = &added.sources {
        workdir.set_added(sources)?;
    }
    let kit = Kit::of_the_front()?;
    Ok(Some(Compiler {
        workdir,
        cache: CellCache::of_this_user().filter(|_| added.pure),
        rustc: Rustc {
            linker: Linker::choose(&kit.rustc(), workdir.root()),
            kit,
            added,
            opt_level: opt_level(&manifest),
        },
    }))
}

/// The error that evcxr gets: the front has those of the compiler.
fn failure() -> Value {
    json!({
        "message": "the cell does not compile", "level": "error", "code": null, "spans": [],
        "children": [], "rendered": "",
    })
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
