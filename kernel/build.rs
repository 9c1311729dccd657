//! Makes sure of the compiler's flags, and tells the program who built it and where the standard library lies.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    let flags = require_prefer_dynamic()?;
    let library_folder = ask_rustc(&["--print", "target-libdir"])?;
    // Absolute, for a program that lies anywhere on the machine that built it; and relative, for
    // one that lies beside its core kit on another, or beside the libraries of a kit not unpacked yet.
    link_with_run_path(&library_folder);
    let beside = if cfg!(target_os = "macos") {
        "@loader_path"
    } else {
        "$ORIGIN"
    };
    link_with_run_path(&format!("{beside}/dsprep-kit"));
    link_with_run_path(&format!("{beside}/dsprep-lib"));

    tell("FLAGS", &flags);
    tell("RUSTFLAGS", &variable("RUSTFLAGS"));
    tell("SYSROOT", &ask_rustc(&["--print", "sysroot"])?);
    let version = ask_rustc(&["-vV"])?;
    tell("RUSTC_VERSION", version.lines().next().unwrap_or_default());
    tell("PROFILE", &variable("PROFILE"));
    tell("BUILD_ROOT", &build_root().display().to_string());
    println!("cargo::rerun-if-env-changed=CARGO_BUILD_BUILD_DIR");
    tell("BUILD_DIR", &variable("CARGO_BUILD_BUILD_DIR"));
    Ok(())
}

/// Makes `value` known to the program as `env!("DSPREP_BUILT_WITH_…")`.
fn tell(name: &str, value: &str) {
    println!("cargo::rustc-env=DSPREP_BUILT_WITH_{name}={value}");
}

/// Each word for itself, so that blanks and commas in a path do no harm.
fn link_with_run_path(path: &str) {
    for word in ["-Xlinker", "-rpath", "-Xlinker", path] {
        println!("cargo::rustc-link-arg-bins={word}");
    }
}

/// `RUSTFLAGS` in the environment replaces what `.cargo/config.toml` says, and then no cell could be linked.
fn require_prefer_dynamic() -> Result<String, String> {
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    if flags.contains("prefer-dynamic") {
        return Ok(flags);
    }
    Err(
        "the flag `-C prefer-dynamic` of .cargo/config.toml is missing: RUSTFLAGS or CARGO_ENCODED_RUSTFLAGS in the \
         environment replaces it, or the build was not started in the project's folder. Unset them, or add \
         `-C prefer-dynamic`, and build again in the project's folder"
            .to_owned(),
    )
}

/// The folder of all builds: the target folder, or the build folder where cargo keeps the two apart.
fn build_root() -> PathBuf {
    let out = PathBuf::from(variable("OUT_DIR"));
    let root = out.ancestors().find(|it| it.join("CACHEDIR.TAG").is_file());
    root.map_or_else(PathBuf::new, Path::to_owned)
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn ask_rustc(arguments: &[&str]) -> Result<String, String> {
    let rustc = env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from);
    let output = Command::new(&rustc)
        .args(arguments)
        .output()
        .map_err(|error| format!("cannot start {}: {error}", rustc.display()))?;
    if !output.status.success() {
        return Err(format!(
            "{} {} failed",
            rustc.display(),
            arguments.join(" ")
        ));
    }
    String::from_utf8(output.stdout)
        .map(|text| text.trim_end().to_owned())
        .map_err(|_| format!("{} answers with a path that is no UTF-8", rustc.display()))
}
