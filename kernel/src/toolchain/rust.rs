//! The compiler and cargo that cells need: those which built this program.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What `rustc --version` said when this program was built.
pub const BUILT_BY: &str = env!("DSPREP_BUILT_WITH_RUSTC_VERSION");
/// Where that compiler was.
const SYSROOT: &str = env!("DSPREP_BUILT_WITH_SYSROOT");
/// Its name for rustup, if rustup knows it.
pub const TOOLCHAIN: Option<&str> = option_env!("RUSTUP_TOOLCHAIN");

/// A program of the toolchain that built this one: `rustc` or `cargo`. Itself, and not rustup's proxy for it,
/// which needs a moment for each call. Where the toolchain was moved, the same one elsewhere, or the
/// one that rustup or `PATH` names.
pub fn tool(name: &str) -> PathBuf {
    let built_by = Path::new(SYSROOT).join("bin").join(name);
    if built_by.is_file() {
        return built_by;
    }
    if let Some(found) = find(BUILT_BY).map(|rustc| rustc.with_file_name(name))
        && found.is_file()
    {
        return found;
    }
    by_rustup(name)
        .or_else(|| on_path(name))
        .unwrap_or_else(|| name.into())
}

/// The compiler whose first line of `rustc -vV` is `needed`, wherever it is on this machine: among rustup's toolchains,
/// whatever they are called, or on `PATH`.
pub fn find(needed: &str) -> Option<PathBuf> {
    let is_needed = |rustc: &PathBuf| version(rustc).as_deref() == Some(needed);
    toolchains(needed)
        .into_iter()
        .chain(on_path("rustc").filter(|rustc| !is_proxy(rustc)))
        .find(is_needed)
}

/// What rustup calls the toolchain whose compiler says `needed` of itself: `rustc 1.95.0 (59807616e 2026-04-14)` is in
/// 1.95.0. None if it is not a release.
pub fn toolchain_of(needed: &str) -> Option<&str> {
    let number = needed.strip_prefix("rustc ")?.split(' ').next()?;
    let is_release = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_release.then_some(number)
}

/// What rustup calls the toolchain of a compiler, wherever the program was built: the name of its folder.
pub fn name_for_rustup(rustc: &Path) -> Option<&str> {
    let toolchain = rustc.parent()?.parent()?;
    let is_of_rustup = toolchain.parent()?.file_name()? == "toolchains";
    toolchain.file_name()?.to_str().filter(|_| is_of_rustup)
}

/// The compilers of rustup's toolchains: first those that are called like the one that is needed.
fn toolchains(needed: &str) -> Vec<PathBuf> {
    let home = env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".rustup")));
    let folder = home.map(|home| home.join("toolchains"));
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    let mut found: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin/rustc"))
        .filter(|rustc| rustc.is_file())
        .collect();
    let named = toolchain_of(needed).map(|name| format!("/{name}-"));
    let is_named = |rustc: &Path| {
        let path = rustc.to_string_lossy();
        named.as_ref().is_some_and(|name| path.contains(name))
    };
    found.sort_by_key(|rustc| (!is_named(rustc), rustc.clone()));
    found
}

/// Whether a program is rustup's stand-in for any compiler.
fn is_proxy(rustc: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |path: &Path| path.metadata().ok().map(|data| (data.dev(), data.ino()));
    identity(rustc) == identity(&rustc.with_file_name("rustup"))
}

/// Where the toolchain was found, in words.
pub fn origin(tool: &Path) -> String {
    let known = TOOLCHAIN.map(|name| format!("rustup, {name}"));
    known
        .filter(|_| tool.starts_with(SYSROOT))
        .unwrap_or_else(|| tool.display().to_string())
}

fn by_rustup(name: &str) -> Option<PathBuf> {
    let mut command = Command::new(on_path("rustup")?);
    command.arg("which");
    if let Some(toolchain) = TOOLCHAIN {
        command.args(["--toolchain", toolchain]);
    }
    let output = command
        .arg(name)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim_end());
    (output.status.success() && path.is_file()).then_some(path)
}

/// A program on `PATH`, or in the folder where rustup puts its own: a desktop starts its programs without it.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let folders = env::split_paths(&path).chain(home.map(|home| home.join("bin")));
    folders
        .map(|folder| folder.join(name))
        .find(|it| it.is_file())
}

/// The first line of what a compiler tells of itself: `rustc 1.95.0 (59807616e 2026-04-14)`.
pub fn version(rustc: &Path) -> Option<String> {
    let output = Command::new(rustc)
        .arg("-vV")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let first = text.lines().next()?;
    first.starts_with("rustc ").then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_that_built_this_program_is_found_and_tells_its_version() {
        let rustc = tool("rustc");
        assert!(rustc.is_absolute(), "{}", rustc.display());
        assert_eq!(version(&rustc).as_deref(), Some(BUILT_BY));
        assert!(tool("cargo").is_absolute());
    }

    #[test]
    fn a_compiler_is_found_by_what_it_says_of_itself() {
        let found = find(BUILT_BY).expect("it built this test");
        assert_eq!(version(&found).as_deref(), Some(BUILT_BY));
        assert_eq!(find("rustc 1.0.0 (a59de37e9 2015-05-13)"), None);
    }

    #[test]
    fn a_toolchain_is_called_like_its_folder() {
        let name = |path: &'static str| name_for_rustup(Path::new(path));
        assert_eq!(
            name("/h/.rustup/toolchains/1.95.0-x86_64/bin/rustc"),
            Some("1.95.0-x86_64")
        );
        assert_eq!(name("/usr/bin/rustc"), None);
        assert_eq!(name("rustc"), None);
    }

    #[test]
    fn rustup_is_asked_for_a_release_by_its_number() {
        assert_eq!(
            toolchain_of("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some("1.95.0")
        );
        assert_eq!(
            toolchain_of("rustc 1.97.0-nightly (e50aa6fba 2026-05-19)"),
            None
        );
        assert_eq!(toolchain_of("gcc 12"), None);
    }

    #[test]
    fn what_is_no_compiler_has_no_version() {
        assert_eq!(version(Path::new("/bin/false")), None);
        assert_eq!(version(Path::new("/nowhere/rustc")), None);
    }
}
