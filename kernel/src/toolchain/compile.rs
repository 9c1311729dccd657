//! The runs of rustc for one cell: one, unless that shows something that nobody could know before.

use super::ahead;
use super::cell_cache::{CellCache, Told};
use super::diagnostics::{Verdict, judge};
use super::flags::{Goal, library_name};
use super::kept::{Kept, restored_build, told};
use super::plan::{Build, LeftOut, Plan};
use super::rustc::Rustc;
use super::source::{self, Findings, Source};
use super::types::VariableTypes;
use super::unnameable::{self, Way, with_open_signature};
use super::workdir::Workdir;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::SystemTime;

/// How often a cell is compiled at most: each run after the first mends what the one before found.
const MOST_RUNS: usize = 8;

/// How cells are compiled in this kernel.
#[derive(Debug)]
pub struct Compiler<'a> {
    /// The kernel's folder.
    pub workdir: &'a Workdir,
    /// How rustc is called.
    pub rustc: Rustc,
    /// Where cells are kept that were compiled before.
    pub cache: Option<CellCache>,
}

impl Compiler<'_> {
    /// Compiles the cell in whose place evcxr wrote one that does nothing, and returns the library.
    ///
    /// # Errors
    /// If files can't be read or written, or rustc can't be started. Errors in the cell are no error
    /// here: they are in [`Build::errors`].
    pub fn compile(&self, goal: Goal) -> Result<(Build, PathBuf)> {
        let folder = self.workdir.crate_dir().join("target/cell");
        fs::create_dir_all(&folder).map_err(Error::file("write", &folder))?;
        let library = folder.join(library_name());
        let build = match self.workdir.plan() {
            None => self.trial(&folder)?,
            Some(plan) => self.cell(&plan, goal, &folder)?,
        };
        Ok((build, library))
    }

    /// Compiles what evcxr tries at its start.
    fn trial(&self, folder: &Path) -> Result<Build> {
        let generated = read(&self.workdir.crate_dir().join("src/lib.rs"))?;
        let source = source::of_trial(function_name(&generated));
        let cache = self.cache.as_ref();
        let kept = Kept::new(cache, &self.rustc, Goal::Library, &source, None, folder);
        if let Some(kept) = &kept
            && kept.restore().is_some()
        {
            return Ok(Build {
                success: true,
                cached: true,
                ..Build::default()
            });
        }
        write_source(folder, &source)?;
        let start = SystemTime::now();
        let output = self.rustc.run(Goal::Library, folder, &source)?;
        let build = Build {
            success: output.status.success(),
            errors: errors_of(&output),
            ..Build::default()
        };
        if let Some(kept) = kept.filter(|_| build.success) {
            kept.keep(Told::default(), start);
        }
        Ok(build)
    }

    fn cell(&self, plan: &Plan, goal: Goal, folder: &Path) -> Result<Build> {
        let goal = goal_for(plan, goal);
        let mut types = self.workdir.types();
        let mut build = self.found_or_compiled(plan, &mut types, goal, folder, false)?;
        if plan.broken {
            build.success = false;
        } else if build.success && goal != Goal::Check {
            if goal == Goal::LibraryAndTypes {
                self.workdir.set_types(&types)?;
            }
            self.workdir.set_numbers(plan)?;
        }
        Ok(build)
    }

    /// Compiles a cell while another one runs, so that it is found later.
    ///
    /// # Errors
    /// As in [`Compiler::compile`].
    pub fn compile_ahead(&self) -> Result<()> {
        let Some(ahead::Task { plan, mut types }) = self.workdir.ahead() else {
            return Ok(());
        };
        let folder = self.workdir.crate_dir().join("target/ahead");
        fs::create_dir_all(&folder).map_err(Error::file("write", &folder))?;
        let goal = goal_for(&plan, Goal::LibraryAndTypes);
        let build = self.found_or_compiled(&plan, &mut types, goal, &folder, true)?;
        self.workdir
            .set_ahead_outcome(&ahead::Outcome { build, types })
    }

    /// Takes the cell from the cache, or compiles it. Adds the types of its variables.
    fn found_or_compiled(
        &self,
        plan: &Plan,
        types: &mut VariableTypes,
        goal: Goal,
        folder: &Path,
        ahead: bool,
    ) -> Result<Build> {
        let first = source::of_cell(plan, types, &Findings::default());
        let cache = self.cache.as_ref();
        let kept = Kept::new(cache, &self.rustc, goal, &first, Some(plan), folder);
        let _announced = match &kept {
            Some(kept) if ahead => Some(ahead::announce(self.workdir, kept.key())?),
            _ => None,
        };
        let restored = kept.as_ref().and_then(|kept| {
            let is_new = || !ahead && ahead::wait_for(self.workdir, kept.key());
            kept.restore().or_else(|| is_new().then(|| kept.restore())?)
        });
        if let Some(build) = restored.and_then(|told| restored_build(plan, types, &told)) {
            return Ok(build);
        }
        let start = SystemTime::now();
        let (build, findings) = self.runs(plan, types, goal, folder)?;
        if let Some(kept) = kept.filter(|_| build.success && !plan.broken) {
            kept.keep(told(plan, types, &findings, &build), start);
        }
        Ok(build)
    }

    /// Runs the compiler until the cell is compiled or its errors are its own.
    fn runs(
        &self,
        plan: &Plan,
        types: &mut VariableTypes,
        goal: Goal,
        folder: &Path,
    ) -> Result<(Build, Findings)> {
        let mut findings = Findings::default();
        let mut left_out: Vec<LeftOut> = Vec::new();
        for _ in 0..MOST_RUNS {
            let source = source::of_cell(plan, types, &findings);
            write_source(folder, &source)?;
            let output = self.rustc.run(goal, folder, &source)?;
            let mut build = source.build(&findings, left_out.clone());
            build.success = output.status.success();
            if build.success {
                if goal == Goal::LibraryAndTypes {
                    let listing = read(&folder.join("ctx.mir"))?;
                    if self.box_what_has_no_name(plan, types, &listing, &mut findings, &mut build) {
                        continue;
                    }
                }
                return Ok((build, findings));
            }
            let errors = errors_of(&output);
            if !findings.tells_errors && source.wants_errors_told(&errors) {
                findings.tells_errors = true;
                continue;
            }
            match judge(errors, plan, &source, &findings) {
                Verdict::Own(errors) => {
                    build.errors = errors;
                    return Ok((build, findings));
                }
                Verdict::Boxes(ids) if open_signatures(&ids, &mut findings) => {}
                Verdict::Boxes(ids) => {
                    let refused = ids.first().and_then(|id| variable_of(plan, *id));
                    let name = refused.unwrap_or("this variable");
                    let boxed = ids.first().and_then(|id| findings.boxed.get(id));
                    let way = Way::Boxed(boxed.cloned().unwrap_or_default());
                    build.unnameable = Some(unnameable::refusal(name, &way));
                    return Ok((build, findings));
                }
                Verdict::Moved(names) => findings.moved.extend(names),
                Verdict::LeftOut(items) => {
                    findings.left_out.extend(items.iter().map(|item| item.id));
                    left_out.extend(items);
                }
            }
        }
        let build = Build {
            errors: vec![plain_error("the cell does not compile")],
            ..Build::default()
        };
        Ok((build, findings))
    }

    /// Whether the cell has to be compiled again, as variables whose type has no name are to be boxed.
    fn box_what_has_no_name(
        &self,
        plan: &Plan,
        types: &mut VariableTypes,
        listing: &str,
        findings: &mut Findings,
        build: &mut Build,
    ) -> bool {
        let mut again = false;
        let ids: Vec<u32> = plan.defines.iter().map(|variable| variable.id).collect();
        for variable in types.read_listing(listing, &ids) {
            match variable.way {
                Way::Boxed(ty) if !findings.boxed.contains_key(&variable.id) => {
                    findings.boxed.insert(variable.id, ty);
                    again = true;
                }
                way => {
                    let name = variable_of(plan, variable.id).unwrap_or("this variable");
                    build.success = false;
                    build.unnameable = Some(unnameable::refusal(name, &way));
                    return false;
                }
            }
        }
        again
    }
}

/// What the compiler has to make of this cell.
fn goal_for(plan: &Plan, goal: Goal) -> Goal {
    match goal {
        _ if plan.broken => Goal::Check,
        // The listing takes a fifth of the compiler's time: it is left out where nobody asks for a type.
        Goal::LibraryAndTypes if plan.defines.is_empty() => Goal::Library,
        goal => goal,
    }
}

/// Leaves open in these boxes what their closures take and return. Returns whether there was anything to leave open.
fn open_signatures(ids: &[u32], findings: &mut Findings) -> bool {
    let mut any = false;
    for id in ids {
        let boxed = findings.boxed.get_mut(id);
        if let Some(boxed) = boxed
            && let Some(open) = with_open_signature(boxed)
        {
            *boxed = open;
            any = true;
        }
    }
    any
}

/// The function that evcxr will call.
fn function_name(generated: &str) -> &str {
    const BEFORE: &str = "pub extern \"C\" fn ";
    let (_, rest) = generated.rsplit_once(BEFORE).unwrap_or_default();
    rest.split('(').next().unwrap_or_default()
}

fn variable_of(plan: &Plan, id: u32) -> Option<&str> {
    let variable = plan.defines.iter().find(|variable| variable.id == id);
    variable.map(|variable| variable.name.as_str())
}

/// The errors among the lines of JSON that rustc wrote, or one that holds all it wrote.
fn errors_of(output: &Output) -> Vec<Value> {
    if output.status.success() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let messages = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut errors: Vec<Value> = messages
        .filter(|message| message["level"].as_str().is_some_and(is_error))
        .collect();
    if errors.is_empty() {
        errors.push(plain_error(&text));
    }
    errors
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

fn write_source(folder: &Path, source: &Source) -> Result<()> {
    for (name, text) in &source.files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(Error::file("write", &path))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_that_evcxr_calls_is_read_from_what_it_wrote() {
        let generated = "#[unsafe(no_mangle)]\npub extern \"C\" fn run_user_code_12(\nmut x";
        assert_eq!(function_name(generated), "run_user_code_12");
    }
}
