//! A tiny cell: compiled, linked to the core, loaded and run, as the kernel does it.

use super::finding::Finding;
use super::rust::Rust;
use crate::engine::IS_TRIAL;
use crate::program;
use crate::programs::{Answer, Environment, ask};
use crate::toolchain::flags::{self, Goal, library_name};
use crate::toolchain::kit::{KIT, Kit};
use crate::toolchain::linker::Linker;
use crate::toolchain::unstable;
use crate::toolchain::workdir::WORKDIR;
use std::env;
use std::path::Path;
use std::time::Instant;

const TOPIC: &str = "cell";

/// A cell that calls a function of the core, so that the linker has to find it.
const SOURCE: &str = "\
use dsprep_core::rusqlite;

#[unsafe(no_mangle)]
pub extern \"C\" fn doctor(variables: *mut std::ffi::c_void) -> *mut std::ffi::c_void {
    println!(\"SQLite {}\", rusqlite::version());
    variables
}
";

const INSTALL_LINKER: &str = "install a C compiler: sudo apt install gcc (Debian, Ubuntu), sudo dnf install gcc (Fedora), xcode-select --install (macOS)";
const BUILD_AGAIN: &str = "build again in the project's folder: cargo build --release";

const BUILD_ANEW: &str = "build the core anew in the project's folder: cargo clean --release -p dsprep-core; cargo build --release";

/// Compiles, links, loads and runs a tiny cell in a temporary folder.
pub async fn check(environment: &Environment, rust: Option<&Rust>, kit: Option<&Kit>) -> Finding {
    let (Some(rust), Some(kit)) = (rust, kit) else {
        return Finding::problem(
            TOPIC,
            "not tried: it needs rustc and the core kit",
            "mend these first",
        );
    };
    let folder = match tempfile::Builder::new().prefix("dsprep-doctor-").tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            let found = format!(
                "no folder can be made in {}: {error}",
                env::temp_dir().display()
            );
            return Finding::problem(TOPIC, found, "set TMPDIR to a folder that you can write to");
        }
    };
    let told = build_and_run(environment, rust, kit, folder.path()).await;
    told.unwrap_or_else(|problem| problem)
}

async fn build_and_run(
    environment: &Environment,
    rust: &Rust,
    kit: &Kit,
    folder: &Path,
) -> Result<Finding, Finding> {
    let source = folder.join("cell.rs");
    std::fs::write(&source, SOURCE).map_err(|error| {
        Finding::problem(
            TOPIC,
            format!("{}: {error}", source.display()),
            "free space there, or set TMPDIR to another folder",
        )
    })?;
    let start = Instant::now();
    let built = compile(environment, &rust.rustc, kit, folder).await?;
    if !built.status.success() {
        return Err(diagnose_build(&built));
    }
    let compiled = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let ran = run(environment, kit, folder).await?;
    if !ran.status.success() || !ran.stdout.contains("SQLite 3") {
        return Err(diagnose_run(&ran, folder));
    }
    let run = start.elapsed().as_secs_f64();
    Ok(Finding::ok(
        TOPIC,
        format!("compiled and linked to the core in {compiled:.2} s, loaded and run in {run:.2} s"),
    ))
}

async fn compile(
    environment: &Environment,
    rustc: &Path,
    kit: &Kit,
    folder: &Path,
) -> Result<Answer, Finding> {
    let mut command = environment.command(rustc);
    command
        .current_dir(folder)
        // The linker's own files go here too, and away with the folder.
        .env("TMPDIR", folder)
        .env(unstable::BOOTSTRAP.0, unstable::BOOTSTRAP.1)
        .args(flags::for_cell(
            "cell.rs",
            Goal::Library,
            "2",
            &kit.linked(),
            &kit.manifest().unstable,
        ))
        .args(Linker::choose(rustc, folder).flags(&[kit.folder()]))
        // Words for people, instead of JSON.
        .args(["--error-format", "human", "--color", "never"]);
    let answer = ask(command, "").await;
    answer.map_err(|error| {
        Finding::problem(
            TOPIC,
            format!("{} {error}", rustc.display()),
            "try again; if it stays so: rustup update, then cargo build --release",
        )
    })
}

/// Loads and runs the cell in the process that the kernel uses for it.
async fn run(environment: &Environment, kit: &Kit, folder: &Path) -> Result<Answer, Finding> {
    let no_answer = |found: String| Finding::problem(TOPIC, found, BUILD_AGAIN);
    let program = program::running().map_err(|error| no_answer(error.to_string()))?;
    let mut command = environment.command(&program);
    command
        .current_dir(folder)
        .env(KIT, kit.folder())
        .env(WORKDIR, folder)
        .env(IS_TRIAL, "1")
        .env("EVCXR_IS_RUNTIME", "1");
    let library = folder.join(library_name());
    let request = format!("LOAD_AND_RUN {} doctor\n", library.display());
    let answer = ask(command, &request).await;
    answer.map_err(|error| no_answer(format!("the process that runs cells {error}")))
}

/// Says why the compiler failed, by what it wrote.
fn diagnose_build(answer: &Answer) -> Finding {
    let stderr = answer.stderr.as_str();
    let first = stderr.lines().find(|line| line.starts_with("error"));
    let Some(first) = first.map(|line| line.split_once(": ").map_or(line, |(_, message)| message))
    else {
        let found = format!("rustc failed ({}): {stderr}", answer.status);
        return Finding::problem(
            TOPIC,
            found,
            format!("free memory and try again; if it stays so, {BUILD_AGAIN}"),
        );
    };
    let (found, mend) = if stderr.contains("No space left") {
        (
            "no space is left on the disk".to_owned(),
            "free some, or set TMPDIR to a folder on another disk",
        )
    } else if first.starts_with("linker") {
        (format!("cells can't be linked: {first}"), INSTALL_LINKER)
    } else if first.starts_with("linking with") {
        let words = stderr
            .lines()
            .rfind(|line| line.contains("ld: "))
            .unwrap_or_default();
        let words = words
            .trim_start_matches([' ', '='])
            .trim_start_matches("note: ");
        (format!("{first}: {words}"), INSTALL_LINKER)
    } else if stderr.contains("E0514") {
        (
            "the core library was built by another version of rustc".to_owned(),
            BUILD_AGAIN,
        )
    } else {
        (format!("rustc failed: {first}"), BUILD_ANEW)
    };
    Finding::problem(TOPIC, found, mend)
}

/// Says why the cell did not run.
fn diagnose_run(answer: &Answer, folder: &Path) -> Finding {
    if folder.as_os_str().as_encoded_bytes().contains(&b' ') {
        let found = format!(
            "cells can't be loaded from {}: there is a space in the path",
            folder.display()
        );
        return Finding::problem(
            TOPIC,
            found,
            "set TMPDIR to a folder without a space in its path",
        );
    }
    if answer.stderr.contains("failed to map segment")
        || answer.stderr.contains("Operation not permitted")
    {
        let found = format!(
            "nothing can be executed in {}: it is mounted with `noexec`",
            folder.display()
        );
        let mend = "set TMPDIR to a folder on another disk, in your home for example";
        return Finding::problem(TOPIC, found, mend);
    }
    let said = answer.stderr.lines().next().unwrap_or("it said nothing");
    let found = format!(
        "the cell was compiled, but did not run ({}): {said}",
        answer.status
    );
    Finding::problem(TOPIC, found, BUILD_ANEW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::core;
    use crate::terminal::Paint;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;

    fn answer(status: i32, stderr: &str) -> Answer {
        Answer {
            status: ExitStatus::from_raw(status),
            stdout: String::new(),
            stderr: stderr.to_owned(),
        }
    }

    #[tokio::test]
    async fn without_rustc_no_cell_is_tried() {
        let (_, core) = core::check();
        let finding = check(&Environment::current(), None, core.as_ref()).await;
        insta::assert_snapshot!(finding.lines(Paint::OFF), @r#"
        problem  cell        not tried: it needs rustc and the core kit
                             -> mend these first
        "#);
    }

    #[test]
    fn the_compilers_words_are_understood() {
        let told = [
            "error: linker `cc` not found\n  |\n  = note: No such file or directory (os error 2)\n",
            "error: linking with `cc` failed: exit status: 1\n  |\n  = note: /usr/bin/ld: cannot find Scrt1.o: No such file or directory\n\nerror: aborting due to 1 previous error\n",
            "error[E0514]: found crate `dsprep_core` compiled by an incompatible version of rustc\n",
            "error: couldn't create a temp dir: No space left on device (os error 28) at path \"/tmp/rustcX\"\n",
            "error[E0433]: failed to resolve: could not find `rusqlite` in `dsprep_core`\n --> cell.rs:1:5\n",
        ];
        let told = told
            .map(|stderr| diagnose_build(&answer(256, stderr)).lines(Paint::OFF))
            .concat();
        insta::assert_snapshot!(told, @r#"
        problem  cell        cells can't be linked: linker `cc` not found
                             -> install a C compiler: sudo apt install gcc (Debian, Ubuntu), sudo dnf install gcc (Fedora), xcode-select --install (macOS)
        problem  cell        linking with `cc` failed: exit status: 1: /usr/bin/ld: cannot find Scrt1.o: No such file or directory
                             -> install a C compiler: sudo apt install gcc (Debian, Ubuntu), sudo dnf install gcc (Fedora), xcode-select --install (macOS)
        problem  cell        the core library was built by another version of rustc
                             -> build again in the project's folder: cargo build --release
        problem  cell        no space is left on the disk
                             -> free some, or set TMPDIR to a folder on another disk
        problem  cell        rustc failed: failed to resolve: could not find `rusqlite` in `dsprep_core`
                             -> build the core anew in the project's folder: cargo clean --release -p dsprep-core; cargo build --release
        "#);
    }

    #[test]
    fn a_compiler_that_was_killed_is_told_so() {
        let killed = diagnose_build(&answer(libc::SIGKILL, ""));
        insta::assert_snapshot!(killed.lines(Paint::OFF), @r#"
        problem  cell        rustc failed (signal: 9 (SIGKILL)):
                             -> free memory and try again; if it stays so, build again in the project's folder: cargo build --release
        "#);
    }

    #[test]
    fn a_cell_that_does_not_load_is_told_with_the_loaders_words() {
        let answer = answer(
            99 << 8,
            "libdsprep_core.so: cannot open shared object file\nmore\n",
        );
        let told = ["/tmp/x", "/tmp/my files"]
            .map(|folder| diagnose_run(&answer, Path::new(folder)).lines(Paint::OFF));
        insta::assert_snapshot!(told.concat(), @r#"
        problem  cell        the cell was compiled, but did not run (exit status: 99): libdsprep_core.so: cannot open shared object file
                             -> build the core anew in the project's folder: cargo clean --release -p dsprep-core; cargo build --release
        problem  cell        cells can't be loaded from /tmp/my files: there is a space in the path
                             -> set TMPDIR to a folder without a space in its path
        "#);
    }
}
