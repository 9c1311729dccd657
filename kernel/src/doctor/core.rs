//! The core library: what cells link to.

use super::finding::Finding;
use crate::toolchain::core_library::CoreLibrary;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const TOPIC: &str = "core";
const BUILD: &str = "build it in the project's folder: cargo build --release";

/// The core library, and who built it.
#[derive(Debug)]
pub struct Core {
    /// Where it is.
    pub library: CoreLibrary,
    /// The version of its compiler, as that compiler tells it; none if it could not be read.
    pub compiler: Option<String>,
}

/// Finds and reads the core library, and compares its age with that of its source.
pub fn check() -> (Finding, Option<Core>) {
    let library = match CoreLibrary::find() {
        Ok(library) => library,
        Err(error) => {
            return (
                Finding::problem(TOPIC, short(&error.to_string()), BUILD),
                None,
            );
        }
    };
    let read = File::open(&library.dylib).and_then(compiler);
    match read {
        Ok(compiler) => {
            let finding = age(&library.dylib, newest(&CoreLibrary::source()));
            (finding, Some(Core { library, compiler }))
        }
        Err(error) => {
            let found = format!("{}: {error}", library.dylib.display());
            (
                Finding::problem(
                    TOPIC,
                    found,
                    "build it anew in the project's folder: cargo clean --release -p dsprep-core; cargo build --release",
                ),
                None,
            )
        }
    }
}

/// What went wrong, without the way to mend it.
fn short(error: &str) -> &str {
    error.split(';').next().unwrap_or(error)
}

/// Compares the library with the newest file of its source.
fn age(dylib: &Path, newest: Option<(SystemTime, PathBuf)>) -> Finding {
    let built = dylib.metadata().and_then(|data| data.modified());
    let (Ok(built), Some((changed, file))) = (built, newest) else {
        return Finding::ok(TOPIC, dylib.display().to_string());
    };
    match changed.duration_since(built) {
        Ok(late) if !late.is_zero() => Finding::warning(
            TOPIC,
            format!(
                "older than its source: {} was changed {} after the build",
                file.display(),
                span(late)
            ),
            format!("{BUILD}, then restart kernels"),
        ),
        _ => Finding::ok(TOPIC, format!("{}, newer than its source", dylib.display())),
    }
}

/// The file of the core's source that was changed last.
fn newest(source: &Path) -> Option<(SystemTime, PathBuf)> {
    let mut newest = None;
    let mut folders = vec![source.join("src")];
    let mut files = vec![source.join("Cargo.toml")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    for file in files {
        let changed = file.metadata().and_then(|data| data.modified()).ok();
        newest = newest.max(changed.map(|time| (time, file)));
    }
    newest
}

fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{} s", seconds.max(1)),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86400),
    }
}

/// The compiler's version in a library that it made: `rustc 1.95.0 (59807616e 2026-04-14)`. Reads to there.
fn compiler(mut library: impl Read) -> io::Result<Option<String>> {
    const CHUNK: u64 = 1 << 20;
    const LONGEST: usize = 80;
    let mut bytes = Vec::new();
    loop {
        let read = library.by_ref().take(CHUNK).read_to_end(&mut bytes)?;
        let version = versions(&bytes).next();
        if read == 0 || version.is_some() {
            return Ok(version);
        }
        // A version may lie across the border.
        bytes.drain(..bytes.len().saturating_sub(LONGEST));
    }
}

/// The versions of rustc in these bytes.
fn versions(bytes: &[u8]) -> impl Iterator<Item = String> {
    const START: &[u8] = b"rustc ";
    let starts = (0..bytes.len()).filter(|&at| bytes[at] == b'r' && bytes[at..].starts_with(START));
    starts.filter_map(|at| {
        let number = &bytes[at + START.len()..];
        // LLVM's comment has one word more: `rustc version 1.95.0 (...)`.
        let number = number.strip_prefix(b"version ").unwrap_or(number);
        let end = number.iter().take(70).position(|&byte| byte == b')')?;
        let number = std::str::from_utf8(&number[..=end]).ok()?;
        let dated =
            number.starts_with(|first: char| first.is_ascii_digit()) && number.contains(" (");
        dated.then(|| format!("rustc {number}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Paint;

    #[test]
    fn the_compiler_is_read_from_a_library_even_across_chunks() -> io::Result<()> {
        let version = "rustc 1.95.0 (59807616e 2026-04-14)";
        for before in [0, 10, (1 << 20) - 7, (1 << 20) + 5] {
            let mut bytes = vec![b'r'; before];
            bytes.extend_from_slice(
                b"\0rustc wrapper (none)\0rustc version 1.95.0 (59807616e 2026-04-14)\0",
            );
            assert_eq!(compiler(&bytes[..])?.as_deref(), Some(version), "{before}");
        }
        assert_eq!(compiler(&b"rustc 1"[..])?, None);
        assert_eq!(compiler(&b""[..])?, None);
        Ok(())
    }

    #[test]
    fn the_core_of_this_build_names_its_compiler() {
        let (_, core) = check();
        let compiler = core.and_then(|core| core.compiler);
        assert!(compiler.is_some_and(|version| version.starts_with("rustc 1.")));
    }

    #[test]
    fn a_source_that_is_newer_than_the_library_is_a_warning() -> io::Result<()> {
        let dylib = tempfile::NamedTempFile::new()?;
        let built = dylib.path().metadata()?.modified()?;
        let hours = Duration::from_secs(3 * 3600);
        let tell = |changed| {
            let finding = age(
                dylib.path(),
                Some((changed, "/p/dsprep-core/src/lib.rs".into())),
            );
            finding
                .lines(Paint::OFF)
                .replace(&dylib.path().display().to_string(), "/p/core.so")
        };
        insta::assert_snapshot!(tell(built + hours), @r#"
        warning  core        older than its source: /p/dsprep-core/src/lib.rs was changed 3 h after the build
                             -> build it in the project's folder: cargo build --release, then restart kernels
        "#);
        insta::assert_snapshot!(tell(built - hours), @r#"
        ok       core        /p/core.so, newer than its source
        "#);
        Ok(())
    }

    #[test]
    fn times_are_told_in_one_unit() {
        let told = [0, 119, 120, 7199, 7200, 172_800].map(|time| span(Duration::from_secs(time)));
        assert_eq!(told, ["1 s", "119 s", "2 min", "119 min", "2 h", "2 days"]);
    }
}
