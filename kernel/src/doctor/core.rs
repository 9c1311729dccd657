//! The core kit: what cells are compiled with and linked to.

use super::finding::Finding;
use crate::toolchain::kit::Kit;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const TOPIC: &str = "core kit";
const BUILD: &str = "build it in the project's folder: cargo build --release";

/// Finds the kit, gathers it if it is not there yet, and compares its age with that of the core's source.
pub fn check() -> (Finding, Option<Kit>) {
    match Kit::find() {
        Ok(kit) => {
            // What was unpacked has no age.
            let source = kit.core_source().filter(|_| !kit.manifest().packed);
            let finding = age(&kit, source.and_then(|source| newest(&source)));
            (finding, Some(kit))
        }
        Err(error) => {
            let text = error.to_string();
            // A message of these is what was found, and then how to mend it.
            let (found, mend) = text.rsplit_once("; ").unwrap_or((&text, BUILD));
            (Finding::problem(TOPIC, found, mend), None)
        }
    }
}

/// Compares the library with the newest file of its source.
fn age(kit: &Kit, newest: Option<(SystemTime, PathBuf)>) -> Finding {
    let manifest = kit.manifest();
    let kept = format!(
        "{}: {} files, built by {}",
        kit.folder().display(),
        manifest.files.len(),
        manifest.compiler
    );
    judge(&kit.core(), &kept, newest)
}

fn judge(dylib: &Path, kept: &str, newest: Option<(SystemTime, PathBuf)>) -> Finding {
    let built = dylib.metadata().and_then(|data| data.modified());
    let (Ok(built), Some((changed, file))) = (built, newest) else {
        return Finding::ok(TOPIC, kept);
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
        _ => Finding::ok(TOPIC, format!("{kept}, newer than its source")),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Paint;
    use std::io;

    #[test]
    fn the_kit_of_this_build_is_found_and_names_its_compiler() {
        let (finding, kit) = check();
        let kit = kit.unwrap_or_else(|| panic!("{}", finding.lines(Paint::OFF)));
        assert!(kit.manifest().compiler.starts_with("rustc 1."));
        assert!(kit.core().is_file());
    }

    #[test]
    fn a_source_that_is_newer_than_the_library_is_a_warning() -> io::Result<()> {
        let dylib = tempfile::NamedTempFile::new()?;
        let built = dylib.path().metadata()?.modified()?;
        let hours = Duration::from_secs(3 * 3600);
        let tell = |changed| {
            let newest = Some((changed, "/p/dsprep-core/src/lib.rs".into()));
            judge(dylib.path(), "/p/dsprep-kit: 140 files", newest).lines(Paint::OFF)
        };
        insta::assert_snapshot!(tell(built + hours), @r#"
        warning  core kit    older than its source: /p/dsprep-core/src/lib.rs was changed 3 h after the build
                             -> build it in the project's folder: cargo build --release, then restart kernels
        "#);
        insta::assert_snapshot!(tell(built - hours), @r#"
        ok       core kit    /p/dsprep-kit: 140 files, newer than its source
        "#);
        Ok(())
    }

    #[test]
    fn times_are_told_in_one_unit() {
        let told = [0, 119, 120, 7199, 7200, 172_800].map(|time| span(Duration::from_secs(time)));
        assert_eq!(told, ["1 s", "119 s", "2 min", "119 min", "2 h", "2 days"]);
    }
}
