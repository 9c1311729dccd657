//! One call of rustc for one cell.

use super::child::end_with_parent;
use super::core_library::CoreLibrary;
use super::dependencies::Extern;
use super::session::{Build, Session};
use super::source::{self, Origin};
use super::types::Unnameable;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a cell's source is compiled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A library that can be loaded and run.
    Run,
    /// Errors only.
    Check,
}

/// How cells are compiled in this session.
#[derive(Debug)]
pub struct Compiler<'a> {
    /// The kernel's folder.
    pub session: &'a Session,
    /// What cells link to.
    pub core: CoreLibrary,
    /// The compiler itself.
    pub rustc: PathBuf,
    /// Crates that the notebook added.
    pub externs: Vec<Extern>,
    /// The optimisation level that evcxr asks for.
    pub opt_level: String,
}

impl Compiler<'_> {
    /// Compiles the cell that evcxr wrote, and returns the library.
    ///
    /// # Errors
    /// If files can't be read or written, or rustc can't be started. Errors in the cell are no error
    /// here: they are in [`Build::errors`].
    pub fn compile(&self, goal: Goal) -> Result<(Build, PathBuf)> {
        let generated_file = self.session.crate_dir().join("src/lib.rs");
        let generated = read(&generated_file)?;
        let mut types = self.session.types();
        let cell = self.session.cell();
        let origin = if cell.is_some() {
            Origin::Cell
        } else {
            Origin::Trial
        };
        if let Some(error) = source::missing_question_mark(&generated, origin) {
            return Ok((
                Build {
                    errors: vec![error],
                    ..Build::default()
                },
                PathBuf::new(),
            ));
        }
        let prepared = source::for_compiler(&generated, &types, origin);
        // The compiler reads its source from a folder of its own: evcxr compares its file with what it
        // wrote last.
        let folder = self.session.crate_dir().join("target/cell");
        let source_file = folder.join("src/lib.rs");
        write(&source_file, &prepared)?;

        let output = self.rustc(goal, &folder)?;
        let mut build = Build {
            success: output.status.success(),
            runs: prepared.contains(source::END_OF_CELL),
            errors: source::point_at_moved_variables(errors(&output.stderr), &prepared),
            lines: source::cell_lines(&prepared, &cell.unwrap_or_default()),
        };
        if build.success && goal == Goal::Run {
            let listing = read(&folder.join("ctx.mir"))?;
            match types.read_listing(&listing) {
                Ok(()) => self.session.set_types(&types)?,
                Err(unnameable) => {
                    build.success = false;
                    build.errors = vec![unnameable_error(&unnameable, &prepared)];
                }
            }
        }
        if !build.success && build.errors.is_empty() {
            build.errors = vec![plain_error(&String::from_utf8_lossy(&output.stderr))];
        }
        Ok((build, folder.join(library_name())))
    }

    fn rustc(&self, goal: Goal, folder: &Path) -> Result<std::process::Output> {
        let mut command = Command::new(&self.rustc);
        command
            .current_dir(folder)
            // The stable compiler takes its unstable flags, `-Z`, when this variable is set.
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["--crate-name", "ctx", "--edition", "2024", "src/lib.rs"])
            .args(["--crate-type", "cdylib", "--out-dir", "."])
            .args(["--error-format", "json", "--cap-lints", "warn"])
            .args([
                "-C",
                "prefer-dynamic",
                "-C",
                "rpath",
                "-C",
                "metadata=dsprep",
            ])
            .args(["-C", "debug-assertions=on", "-C", "overflow-checks=on"])
            .args(["-C", &format!("opt-level={}", self.opt_level)])
            // One unit, and no incremental compilation: what a cell shares with the cell before it is compiled
            // in less time than it takes to keep track of it.
            .args(["-C", "codegen-units=1", "-C", "strip=debuginfo"])
            // The checks that the standard library makes of unsafe code, some 6 % of a cell's compilation.
            .arg("-Zub-checks=no");
        match goal {
            Goal::Check => command.arg("--emit=metadata"),
            // The listing with full paths.
            Goal::Run => command
                .arg("--emit=link,mir")
                .arg("-Ztrim-diagnostic-paths=no"),
        };
        command
            .arg("--extern")
            .arg(named_path("dsprep_core=", &self.core.dylib));
        command
            .arg("-L")
            .arg(named_path("dependency=", &self.core.deps));
        for dependency in &self.externs {
            command.arg("--extern").arg(named_path(
                &format!("{}=", dependency.name),
                &dependency.file,
            ));
            if let Some(deps) = dependency.file.parent() {
                command.arg("-L").arg(named_path("dependency=", deps));
            }
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        end_with_parent(&mut command);
        let start = |source| Error::Start {
            program: self.rustc.clone(),
            source,
        };
        let child = command.spawn().map_err(start)?;
        child.wait_with_output().map_err(start)
    }
}

/// The name of the compiled cell's file.
pub fn library_name() -> String {
    format!(
        "{}ctx{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    )
}

fn named_path(prefix: &str, path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(prefix);
    argument.push(path);
    argument
}

/// The errors among the lines of JSON that rustc wrote.
fn errors(stderr: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(stderr);
    let messages = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages
        .filter(|message| message["level"].as_str().is_some_and(is_error))
        .collect()
}

fn is_error(level: &str) -> bool {
    level.starts_with("error")
}

fn plain_error(message: &str) -> Value {
    json!({
        "message": message, "level": "error", "code": null, "spans": [], "children": [],
        "rendered": format!("error: {message}\n"),
    })
}

/// The error for a variable that no later cell could use.
fn unnameable_error(unnameable: &Unnameable, prepared: &str) -> Value {
    let put = format!("put_typed::<_, {}>(stringify!(", unnameable.id);
    let variable = prepared
        .split_once(&put)
        .and_then(|(_, rest)| rest.split_once(')'))
        .map_or("this variable", |(name, _)| name);
    let kind = unnameable.kind;
    let mend = match kind {
        "a closure" => format!(
            "box it, as in `let {variable}: Box<dyn Fn(f64) -> f64> = Box::new(|x| 2.0 * x);`, \
             or write it as a function `fn {variable}(…) {{ … }}`"
        ),
        "built around a closure" => format!(
            "collect it, as in `let {variable}: Vec<_> = ….collect();`, or box it, as in \
             `let {variable}: Box<dyn Iterator<Item = f64>> = Box::new(…);`"
        ),
        "a function item" => {
            format!("give it a pointer type, as in `let {variable}: fn(f64) -> f64 = …;`")
        }
        _ => "run it to its end in this cell and keep the result".to_owned(),
    };
    plain_error(&format!(
        "`{variable}` is {kind}, whose type has no name, so later cells can't use it: {mend}, \
         or wrap the code in braces to use it in this cell only."
    ))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::file("write", folder))?;
    fs::write(path, text).map_err(Error::file("write", path))
}
