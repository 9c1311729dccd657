//! The program under test.

use dsprep::toolchain::kit::built::is_about_a_package;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The `dsprep` program, built once with the profile of the tests themselves.
///
/// # Panics
/// If it does not build.
pub fn dsprep() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| build("--bin", "dsprep"))
}

/// A kernel that does what a test tells it to: an example, since another program of the workspace would keep
/// `cargo run` from knowing which one is meant.
///
/// # Panics
/// If it does not build.
pub fn fake_kernel() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| build("--example", "fake_kernel"))
}

/// Python itself, and not a script that chooses one by the home folder.
///
/// # Panics
/// If there is none.
pub fn python() -> PathBuf {
    let output = Command::new("python3")
        .args(["-c", "import sys; print(sys.executable)"])
        .output()
        .expect("python3 starts");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

fn build(kind: &str, name: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", kind, name])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(workspace())
        .stderr(Stdio::inherit());
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // What cargo tells this test about its package would make it build anew what reads these variables.
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| is_about_a_package(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    let output = command.output().expect("cargo starts");
    assert!(
        output.status.success(),
        "{name} does not build: {}",
        output.status
    );
    // Cargo says where it put the program, whatever its folders are called.
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut programs =
        messages.filter_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    programs
        .find(|program| program.ends_with(name))
        .expect("cargo names the program")
}
