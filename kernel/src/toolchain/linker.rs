//! What links cells.
//!
//! The toolchain brings a linker of its own, `rust-lld`, which links a cell without the detour by a C compiler, and
//! where there is none. It has to be told where the system's libraries are: a C compiler finds the files that are
//! meant for linking, which come with it. Here it gets a folder of links to the libraries that this very process has
//! loaded.
//!
//! Where the toolchain has no such linker, as on macOS, and for crates and cells that need further libraries, the C
//! compiler links.

use super::flags::joined;
use crate::processes::die_with_parent::end_with_parent;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of links, in the folder that is given for it.
const FOLDER: &str = "link";
/// The system's libraries that the standard library names, and the files that programs load for them. The first three
/// are loaded by this process; newer systems have the others only in name.
const LIBRARIES: &[(&str, &str)] = &[
    ("c", "libc.so.6"),
    ("m", "libm.so.6"),
    ("gcc_s", "libgcc_s.so.1"),
    ("util", "libutil.so.1"),
    ("rt", "librt.so.1"),
    ("pthread", "libpthread.so.0"),
    ("dl", "libdl.so.2"),
];
/// How many of them have to be there.
const NEEDED: usize = 3;
/// An archive with nothing in it.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

/// What links cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linker {
    /// The linker of the toolchain, with a folder of the system's libraries.
    Own {
        /// The program.
        program: PathBuf,
        /// The folder.
        libraries: PathBuf,
    },
    /// The C compiler.
    System,
}

impl Linker {
    /// The linker of the toolchain of `rustc`, if it has one that can be used here. What that needs is put into
    /// `folder`.
    pub fn choose(rustc: &Path, folder: &Path) -> Linker {
        if !cfg!(all(target_os = "linux", target_env = "gnu")) {
            return Linker::System;
        }
        let libraries = folder.join(FOLDER);
        match own_linker(rustc) {
            Some(program) if libraries.exists() || links(&libraries).is_ok() => {
                Linker::Own { program, libraries }
            }
            _ => Linker::System,
        }
    }

    /// The compiler's flags for it, and for the folders in which the cell looks for its libraries.
    pub fn flags(&self, run_paths: &[&Path]) -> Vec<OsString> {
        let mut flags = Vec::new();
        let mut add = |start: &str, rest: &OsStr| {
            flags.push("-C".into());
            flags.push(joined(start, rest));
        };
        match self {
            Linker::Own { program, libraries } => {
                add("linker-flavor=", "gnu-lld".as_ref());
                add("linker=", program.as_os_str());
                add("link-arg=", "-L".as_ref());
                add("link-arg=", libraries.as_os_str());
                for path in run_paths {
                    add("link-arg=", "-rpath".as_ref());
                    add("link-arg=", path.as_os_str());
                }
                flags.push("-Zunstable-options".into());
            }
            // The run path in words of their own: a path may hold commas and blanks.
            Linker::System => {
                for path in run_paths {
                    for word in ["-Xlinker", "-rpath", "-Xlinker"] {
                        add("link-arg=", word.as_ref());
                    }
                    add("link-arg=", path.as_os_str());
                }
            }
        }
        flags
    }

    /// Links an object to a library that names none, but for those of C: whoever loads it has loaded the others. Returns
    /// whether that could be done.
    pub fn link(&self, object: &Path, library: &Path) -> bool {
        let Linker::Own { program, libraries } = self else {
            return false;
        };
        let mut command = Command::new(program);
        command
            .args(["-flavor", "gnu", "-shared", "--threads=1", "-O1"])
            .args(["--strip-debug", "--gc-sections", "--eh-frame-hdr"])
            .args(["-z", "noexecstack", "-z", "relro", "-z", "now"])
            .arg(object)
            .arg("-o")
            .arg(library);
        if fs::read(object).is_ok_and(|bytes| may_call_builtins(&bytes)) {
            command.args(builtins(program));
        }
        command
            .arg("-L")
            .arg(libraries)
            .args(["--as-needed", "-lgcc_s", "-lm", "-lc"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        end_with_parent(&mut command);
        command.status().is_ok_and(|status| status.success())
    }

    /// The flags by which linking fails if anything is missing, which else only loading would tell.
    pub fn require_all(&self) -> &'static [&'static str] {
        match self {
            Linker::Own { .. } => &["-C", "link-arg=-z", "-C", "link-arg=defs"],
            Linker::System if cfg!(target_os = "linux") => &["-C", "link-arg=-Wl,-z,defs"],
            // Elsewhere that is so anyway.
            Linker::System => &[],
        }
    }
}

/// `rust-lld` in the toolchain of `rustc`. Only the part for the machine itself has one.
fn own_linker(rustc: &Path) -> Option<PathBuf> {
    let sysroot = rustc.parent()?.parent()?;
    let targets = fs::read_dir(sysroot.join("lib/rustlib")).ok()?.flatten();
    targets
        .map(|target| target.path().join("bin/rust-lld"))
        .find(|program| program.is_file())
}

/// Whether an object names what the compiler puts into each library, such as the division of 128 bits: its name begins
/// with two underscores.
fn may_call_builtins(object: &[u8]) -> bool {
    object.windows(3).any(|bytes| bytes == b"\0__")
}

/// The archive in which that is, of the toolchain whose linker is `program`.
fn builtins(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?.parent()?.join("lib");
    let mut files = fs::read_dir(folder).ok()?.flatten().map(|it| it.path());
    files.find(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libcompiler_builtins-") && name.ends_with(".rlib")
    })
}

/// Makes the folder of links. It appears when it is whole.
fn links(folder: &Path) -> io::Result<()> {
    let loaded = loaded_libraries()?;
    let near = loaded.first().and_then(|library| library.parent());
    let parent = folder.parent().unwrap_or(Path::new("."));
    let fresh = tempfile::Builder::new()
        .prefix(".link-")
        .tempdir_in(parent)?;
    for (index, (name, file)) in LIBRARIES.iter().enumerate() {
        let known = loaded.iter().find(|library| library.ends_with(file));
        let beside = near.map(|near| near.join(file)).filter(|it| it.is_file());
        match known.cloned().or(beside) {
            Some(library) => symlink(library, fresh.path().join(format!("lib{name}.so")))?,
            None if index < NEEDED => return Err(io::ErrorKind::NotFound.into()),
            None => fs::write(fresh.path().join(format!("lib{name}.a")), EMPTY_ARCHIVE)?,
        }
    }
    match fs::rename(fresh.path(), folder) {
        Ok(()) => {
            // There is nothing left to remove.
            let _ = fresh.keep();
            Ok(())
        }
        // Another process was quicker.
        Err(_) if folder.exists() => Ok(()),
        Err(error) => Err(error),
    }
}

/// The files of the libraries that this process has loaded, the C library first.
fn loaded_libraries() -> io::Result<Vec<PathBuf>> {
    let maps = fs::read_to_string("/proc/self/maps")?;
    let files = maps
        .lines()
        .filter_map(|line| line.find('/').map(|at| &line[at..]));
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.contains(".so"))
        .map(PathBuf::from)
        .collect();
    files.dedup();
    files.sort_by_key(|file| !file.ends_with(LIBRARIES[0].1));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_without_a_linker_leaves_it_to_the_c_compiler() {
        let folder = tempfile::tempdir().expect("a folder");
        let rustc = folder.path().join("bin/rustc");
        assert_eq!(Linker::choose(&rustc, folder.path()), Linker::System);
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn the_toolchains_linker_gets_the_libraries_that_this_process_has_loaded() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let rustc = crate::toolchain::rust::tool("rustc");
        let linker = Linker::choose(&rustc, folder.path());
        let Linker::Own { libraries, .. } = &linker else {
            panic!("the toolchain has a linker");
        };
        for name in ["libc.so", "libm.so", "libgcc_s.so"] {
            assert!(libraries.join(name).is_file(), "{name}");
        }
        assert_eq!(Linker::choose(&rustc, folder.path()), linker);
        Ok(())
    }
}
