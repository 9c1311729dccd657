//! The compiler that cells are built with.

use super::finding::Finding;
use crate::analysis::sysroot::Sysroot;
use crate::programs::{Environment, ask};
use crate::toolchain::kit::Kit;
use crate::toolchain::rust::{self, TOOLCHAIN};
use std::path::{Path, PathBuf};

/// The compiler.
#[derive(Debug)]
pub struct Rust {
    /// The program.
    pub rustc: PathBuf,
    /// Its version, like `rustc 1.95.0 (59807616e 2026-04-14)`.
    version: String,
    /// How it was found.
    by: String,
}

/// Finds the compiler as the kernel does, and compares it with the one that built the core.
pub async fn check(environment: &Environment, kit: Option<&Kit>) -> (Finding, Option<Rust>) {
    judge(environment, find(environment), kit).await
}

async fn judge(
    environment: &Environment,
    found: Option<(PathBuf, String)>,
    kit: Option<&Kit>,
) -> (Finding, Option<Rust>) {
    let Some((rustc, by)) = found else {
        let mend = "install Rust from https://rustup.rs, open a new terminal, and build: cargo build --release";
        return (Finding::problem("Rust", "no rustc on PATH", mend), None);
    };
    match version(environment, &rustc).await {
        Ok(version) => {
            let rust = Rust { rustc, version, by };
            (
                compare(&rust, kit.map(|kit| kit.manifest().compiler.as_str())),
                Some(rust),
            )
        }
        Err(problem) => {
            let found = format!("{}: {problem}", rustc.display());
            let mend = format!("rustup toolchain install {}", TOOLCHAIN.unwrap_or("stable"));
            (Finding::problem("Rust", found, mend), None)
        }
    }
}

fn compare(rust: &Rust, built_by: Option<&str>) -> Finding {
    let Rust { version, by, .. } = rust;
    match built_by {
        Some(built_by) if built_by == version => Finding::ok(
            "Rust",
            format!("{version}, which built the core library ({by})"),
        ),
        Some(built_by) => Finding::problem(
            "Rust",
            format!("{version} ({by}), but the core library was built by {built_by}"),
            "build again with this compiler, in the project's folder: cargo build --release",
        ),
        None => Finding::ok("Rust", format!("{version} ({by})")),
    }
}

/// The compiler that the kernel uses, and how it was found.
fn find(environment: &Environment) -> Option<(PathBuf, String)> {
    let rustc = rust::tool("rustc");
    if rustc.is_absolute() {
        let by = rust::origin(&rustc);
        return Some((rustc, by));
    }
    let rustc = environment.program("rustc")?;
    let by = rustc.display().to_string();
    Some((rustc, by))
}

async fn version(environment: &Environment, rustc: &Path) -> Result<String, String> {
    let mut command = environment.command(rustc);
    command.arg("-vV");
    let answer = ask(command, "").await.map_err(|error| error.to_string())?;
    if !answer.status.success() {
        // What follows may be a backtrace.
        let said = answer.stderr.lines().next().unwrap_or_default();
        return Err(format!("{}: {}", answer.status, said.trim()));
    }
    let first = answer.stdout.lines().next().unwrap_or_default();
    if first.starts_with("rustc ") {
        Ok(first.to_owned())
    } else {
        Err("it does not tell its version".to_owned())
    }
}

/// Whether the source of the standard library is there, which completion reads.
pub async fn check_source(environment: &Environment, rust: &Rust) -> Finding {
    const TOPIC: &str = "rust-src";
    let named = environment.get("RUST_SRC_PATH").map(PathBuf::from);
    let root = sysroot(environment, &rust.rustc).await;
    match Sysroot::of(root.as_deref(), named) {
        Some(Sysroot::Source(folder)) => Finding::ok(TOPIC, folder.display().to_string()),
        Some(Sysroot::Pages(folder)) => Finding::ok(
            TOPIC,
            format!(
                "not installed; completion reads rust-docs ({})",
                folder.display()
            ),
        ),
        None => Finding::warning(
            TOPIC,
            "not installed: completion does not know the standard library; cells run without it",
            format!(
                "rustup component add rust-src{}",
                rust::name_for_rustup(&rust.rustc)
                    .map_or(String::new(), |name| format!(" --toolchain {name}"))
            ),
        ),
    }
}

async fn sysroot(environment: &Environment, rustc: &Path) -> Option<PathBuf> {
    let mut command = environment.command(rustc);
    command.args(["--print", "sysroot"]);
    let answer = ask(command, "").await.ok()?;
    Some(answer.stdout.trim().into()).filter(|_| answer.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Paint;

    fn rust(version: &str) -> Rust {
        Rust {
            rustc: "/bin/rustc".into(),
            version: version.into(),
            by: "rustup, stable".into(),
        }
    }

    #[test]
    fn a_compiler_of_another_version_than_the_core_is_a_problem() {
        let rust = rust("rustc 1.96.0 (0123abcde 2026-05-28)");
        let told = [
            compare(&rust, Some("rustc 1.96.0 (0123abcde 2026-05-28)")),
            compare(&rust, Some("rustc 1.95.0 (59807616e 2026-04-14)")),
            compare(&rust, None),
        ];
        let told = told.map(|finding| finding.lines(Paint::OFF)).concat();
        insta::assert_snapshot!(told, @r#"
        ok       Rust        rustc 1.96.0 (0123abcde 2026-05-28), which built the core library (rustup, stable)
        problem  Rust        rustc 1.96.0 (0123abcde 2026-05-28) (rustup, stable), but the core library was built by rustc 1.95.0 (59807616e 2026-04-14)
                             -> build again with this compiler, in the project's folder: cargo build --release
        ok       Rust        rustc 1.96.0 (0123abcde 2026-05-28) (rustup, stable)
        "#);
    }

    #[tokio::test]
    async fn without_rustc_there_is_a_problem_and_a_way_to_mend_it() {
        let (finding, rust) = judge(&Environment::current(), None, None).await;
        assert!(rust.is_none());
        insta::assert_snapshot!(finding.lines(Paint::OFF), @r#"
        problem  Rust        no rustc on PATH
                             -> install Rust from https://rustup.rs, open a new terminal, and build: cargo build --release
        "#);
    }

    #[tokio::test]
    async fn a_rustc_that_fails_is_reported_with_its_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let rustc = folder.path().join("rustc");
        std::os::unix::fs::symlink("/bin/false", &rustc).expect("a link");
        let found = Some((rustc, "by hand".to_owned()));
        let (finding, rust) = judge(&Environment::current(), found, None).await;
        assert!(rust.is_none());
        let told = finding
            .lines(Paint::OFF)
            .replace(&folder.path().display().to_string(), "");
        assert!(
            told.starts_with("problem  Rust        /rustc: exit status: 1:"),
            "{told}"
        );
    }
}
