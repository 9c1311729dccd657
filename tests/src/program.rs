//! The program under test.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
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
    PROGRAM.get_or_init(build)
}

fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--bin", "dsprep"])
        .current_dir(workspace());
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // What cargo tells this test about its package would make it build anew what reads these variables.
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| is_about_this_package(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    let status = command.status().expect("cargo starts");
    assert!(status.success(), "dsprep does not build: {status}");
    // The test is in `target/<profile>/deps`, the program in `target/<profile>`.
    let test = env::current_exe().expect("the test knows its path");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("the test is in target/<profile>/deps");
    profile.join("dsprep")
}

fn is_about_this_package(variable: &str) -> bool {
    let starts = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
    ];
    starts.iter().any(|start| variable.starts_with(start))
}
