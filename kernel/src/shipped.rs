//! Which notebooks are the project's own, byte for byte.
//!
//! Jupyter shows no stored figure of a notebook that somebody else ran, because what is stored may be a script. It may
//! show those of the project: notebooks in the checkout that built this program, as they were committed there, and
//! wherever they are, those whose bytes were packed with this program.

use crate::digest;
use crate::program;
use crate::toolchain::kit::gather::workspace_of_the_build;
use crate::toolchain::kit::packaged::Packaged;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The project's folder of notebooks: the one that came with a packed program, or that of the checkout that built this
/// program, if it is still there.
pub fn folder() -> Option<PathBuf> {
    if program::was_packed() {
        let beside = program::path().ok()?.with_file_name("notebooks");
        return beside.is_dir().then_some(beside);
    }
    let notebooks = workspace_of_the_build().join("notebooks");
    notebooks.canonicalize().ok()
}

/// Says it if this program was packed from other sources than those of the checkout around the current folder.
pub fn warn_of_another_checkout() {
    let packaged = Packaged::here().ok().flatten();
    let here = std::env::current_dir().ok();
    if let Some((packaged, here)) = packaged.zip(here)
        && let Some(checkout) = packaged.other_checkout(&here)
    {
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(
            std::io::stderr(),
            "warning: this dsprep was packed from other sources than those in `{}`, so its core may lack what notebooks \
             there use; run what is built there: cargo run --release -- run",
            checkout.display()
        );
    }
}

/// The notebooks in `folder` that are as the project ships them. Without a list of what was packed, none in any folder
/// but the project's own.
pub fn notebooks_in(folder: &Path) -> Vec<PathBuf> {
    if let Ok(Some(packaged)) = Packaged::here() {
        let mut notebooks = Vec::new();
        for (name, hash) in &packaged.notebooks {
            let path = folder.join(name);
            if path.is_file() && digest::of_file(&path).is_ok_and(|it| it == *hash) {
                notebooks.push(path);
            }
        }
        return notebooks;
    }
    if self::folder().is_none_or(|own| own != *folder) {
        return Vec::new();
    }
    committed_in(folder)
}

/// The notebooks in `folder` whose bytes are those of the last commit.
fn committed_in(folder: &Path) -> Vec<PathBuf> {
    let known = git(folder, &["ls-tree", "-z", "--name-only", "HEAD"]);
    let changed = git(
        folder,
        &["diff", "-z", "--name-only", "--relative", "HEAD", "--", "."],
    );
    let (Some(known), Some(changed)) = (known, changed) else {
        return Vec::new();
    };
    let unchanged = known
        .difference(&changed)
        .map(|name| folder.join(OsStr::from_bytes(name)));
    let is_notebook = |path: &PathBuf| path.extension().is_some_and(|it| it == "ipynb");
    // A link leads to something else than what was committed.
    unchanged
        .filter(|path| is_notebook(path) && !path.is_symlink() && path.is_file())
        .collect()
}

/// The names that git prints. None if it fails, or is not there.
fn git(folder: &Path, arguments: &[&str]) -> Option<BTreeSet<Vec<u8>>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let names = output.stdout.split(|byte| *byte == 0);
    let names = names.filter(|name| !name.is_empty()).map(<[u8]>::to_owned);
    output.status.success().then(|| names.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn run(folder: &Path, arguments: &[&str]) {
        let names = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let git = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(names)
            .args(arguments)
            .output();
        let git = git.expect("git starts");
        assert!(
            git.status.success(),
            "{}",
            String::from_utf8_lossy(&git.stderr)
        );
    }

    #[test]
    fn only_committed_bytes_are_the_projects_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let notebooks = folder
            .path()
            .canonicalize()
            .expect("a folder")
            .join("notebooks");
        fs::create_dir(&notebooks).expect("a folder");
        let write = |name: &str, text: &str| fs::write(notebooks.join(name), text).expect("a file");
        assert_eq!(committed_in(&notebooks), Vec::<PathBuf>::new());
        for name in [
            "shipped.ipynb",
            "changed.ipynb",
            "gone.ipynb",
            "it\u{e9} 1.ipynb",
            "read.me",
        ] {
            write(name, "{}");
        }
        run(folder.path(), &["init", "--quiet"]);
        run(folder.path(), &["add", "."]);
        run(folder.path(), &["commit", "--quiet", "-m", "All"]);
        write("changed.ipynb", "{\"cells\": []}");
        write("strange.ipynb", "{}");
        fs::remove_file(notebooks.join("gone.ipynb")).expect("a file");
        std::os::unix::fs::symlink("strange.ipynb", notebooks.join("gone.ipynb")).expect("a link");
        let own = committed_in(&notebooks);
        assert_eq!(
            own,
            ["it\u{e9} 1.ipynb", "shipped.ipynb"].map(|name| notebooks.join(name))
        );
        // The same bytes in another folder than the project's are somebody else's.
        assert_eq!(notebooks_in(&notebooks), Vec::<PathBuf>::new());
    }
}
