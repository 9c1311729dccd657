//! The floor: rustc alone on what the kernel compiled.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Compiles the last cell of a kernel again.
pub struct Floor {
    /// The folder of the kernel's session.
    source: PathBuf,
    folder: PathBuf,
    deps: PathBuf,
    rustc: PathBuf,
}

impl Floor {
    /// The floor for the kernel whose temporary folder is `temp`.
    pub fn new(temp: &Path) -> Floor {
        let entries = std::fs::read_dir(temp).expect("a folder").flatten();
        let is_session = |name: &str| name.starts_with("dsprep-kernel-");
        let session = entries
            .map(|entry| entry.path())
            .find(|path| {
                path.file_name()
                    .and_then(|name| name.to_str())
                    .is_some_and(is_session)
            })
            .expect("the kernel's folder");
        let program = Path::new(env!("CARGO_BIN_EXE_dsprep"));
        let folder = temp.join("floor");
        std::fs::create_dir_all(folder.join("src")).expect("a folder");
        Floor {
            source: session.join("crate/target/cell/src/lib.rs"),
            folder,
            deps: program.with_file_name("deps"),
            rustc: rustc(),
        }
    }

    /// One run of rustc on the source that the kernel compiled last, with the kernel's flags.
    pub fn compile(&mut self) -> Duration {
        std::fs::copy(&self.source, self.folder.join("src/lib.rs")).expect("a source file");
        let core = self.deps.join(format!(
            "{}dsprep_core{}",
            std::env::consts::DLL_PREFIX,
            std::env::consts::DLL_SUFFIX
        ));
        let start = Instant::now();
        let status = Command::new(&self.rustc)
            .current_dir(&self.folder)
            .args(["--crate-name", "ctx", "--edition", "2024", "src/lib.rs"])
            .args([
                "--crate-type",
                "cdylib",
                "--out-dir",
                ".",
                "--cap-lints",
                "allow",
            ])
            .args([
                "-C",
                "prefer-dynamic",
                "-C",
                "rpath",
                "-C",
                "metadata=dsprep",
            ])
            .args([
                "-C",
                "debug-assertions=on",
                "-C",
                "overflow-checks=on",
                "-C",
                "opt-level=2",
            ])
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["-C", "codegen-units=1", "-Zub-checks=no"])
            .args(["-C", "strip=debuginfo", "--extern"])
            .arg(format!("dsprep_core={}", core.display()))
            .arg("-L")
            .arg(format!("dependency={}", self.deps.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let elapsed = start.elapsed();
        assert!(
            status.is_ok_and(|status| status.success()),
            "rustc compiles what the kernel did"
        );
        elapsed
    }
}

/// The compiler itself, not rustup's proxy for it.
fn rustc() -> PathBuf {
    let output = Command::new("rustup").args(["which", "rustc"]).output();
    match output {
        Ok(output) if output.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
        }
        _ => PathBuf::from("rustc"),
    }
}
