//! The floor: rustc alone on what the kernel compiled.

use dsprep::toolchain::flags::{self, Goal};
use dsprep::toolchain::kit::Kit;
use dsprep::toolchain::linker::Linker;
use dsprep::toolchain::unstable::BOOTSTRAP;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Compiles the last cell of a kernel again.
pub struct Floor {
    /// The folder with the source that the kernel compiled last.
    source: PathBuf,
    folder: PathBuf,
    kit: Kit,
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
        let kit = Path::new(env!("CARGO_BIN_EXE_dsprep")).with_file_name("dsprep-kit");
        let folder = temp.join("floor");
        std::fs::create_dir_all(&folder).expect("a folder");
        Floor {
            source: session.join("crate/target/cell"),
            folder,
            kit: Kit::open(&kit).expect("the kernel has gathered a kit"),
        }
    }

    /// One run of rustc on the source that the kernel compiled last, with the kernel's flags.
    pub fn compile(&mut self) -> Duration {
        let linker = Linker::choose(&self.kit.rustc(), &self.folder).flags(&[self.kit.folder()]);
        self.run(Goal::Library, &linker)
    }

    /// The same with the listing that tells the types of variables, and linked by the C compiler: what each cell cost
    /// before the kernel left out what a cell does not need.
    pub fn compile_with_all(&mut self) -> Duration {
        self.run(Goal::LibraryAndTypes, &[])
    }

    fn run(&mut self, goal: Goal, linker: &[OsString]) -> Duration {
        for file in std::fs::read_dir(&self.source).expect("a folder").flatten() {
            let name = file.file_name();
            let is_source = name == "lib.rs" || name.to_string_lossy().starts_with("cell");
            if is_source {
                std::fs::copy(file.path(), self.folder.join(name)).expect("a source file");
            }
        }
        let unstable = &self.kit.manifest().unstable;
        let start = Instant::now();
        let status = Command::new(self.kit.rustc())
            .current_dir(&self.folder)
            .env(BOOTSTRAP.0, BOOTSTRAP.1)
            .args(flags::for_cell(
                "lib.rs",
                goal,
                "2",
                &self.kit.linked(),
                unstable,
            ))
            .args(linker)
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
