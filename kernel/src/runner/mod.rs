//! The runner: executes notebooks without a browser and reports the cells that fail, the exercises that are
//! none, and, if asked to, the outputs that are not the stored ones.
//!
//! [`plan`] finds the notebooks and checks them all before anything starts, and [`select`] leaves some out; [`pool`]
//! runs several at a time; [`execute`] runs one, cell by cell, in a kernel of its own, and then the solution of each
//! [`exercise`]; [`judge`] says what came out is worth. What happens is told by [`events`], which each [`report`] turns
//! into something to read.

mod args;
mod cache;
mod cell;
mod copies;
mod cover;
mod events;
mod execute;
mod exercise;
mod failure;
mod history;
mod jobs;
mod judge;
mod kernels;
mod marks;
mod parameters;
mod plan;
mod pool;
mod recorder;
mod report;
mod review;
pub mod search;
mod select;
mod solve;
mod unchanged;

pub use args::RunArgs;
pub use jobs::free_memory;
pub use review::{ReviewArgs, review};

use crate::client::StartLimits;
use crate::compare::OwnRules;
use crate::error::{Error, Result};
use crate::shipped;
use crate::terminal::{Paint, one_line};
use crate::toolchain::kit::Kit;
use args::Output;
use cache::Cache;
use copies::Copies;
use events::Event;
use execute::Settings;
use history::History;
use parameters::Parameters;
use plan::{Plan, Planned, Wish};
use report::{Context, Reporters, Wanted};
use select::Selection;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// The folder that is run when no path is given.
const DEFAULT_FOLDER: &str = "notebooks";
/// The exit code where there is nothing to run.
const NOTHING: u8 = 4;
/// How long the program waits at its end for what it judges or writes.
const LAST: Duration = Duration::from_secs(5);

/// Runs the notebooks and reports; the code is what the process exits with.
///
/// # Errors
/// Whatever keeps a notebook from being run at all; then none is run.
pub fn run(args: &RunArgs) -> Result<ExitCode> {
    run_with(args, false, &mut |_, _| {})
}

/// Who sees each event after all reports have, with the notebooks of the run.
type Sink<'a> = dyn FnMut(&[Arc<Planned>], &mut Event) + 'a;

/// Runs the notebooks; `sink` sees each event, with the fresh notebooks if it wants them.
fn run_with(args: &RunArgs, keep_fresh: bool, sink: &mut Sink<'_>) -> Result<ExitCode> {
    let here = std::env::current_dir().map_err(Error::system("find the current folder"))?;
    shipped::warn_of_another_checkout();
    let parameters = Parameters::read(args.parameters.as_deref(), &args.parameter)?;
    let wish = Wish {
        paths: &paths(&args.paths)?,
        exclude: &args.exclude,
        kernel: args.kernel.as_deref(),
        output_dir: args.output_dir.as_deref(),
        no_copies: args.check || args.list,
        parameters: &parameters,
    };
    let mut plan = plan::plan(&wish, &here)?;
    let last = History::of(&here);
    let times = args
        .times
        .as_deref()
        .map(History::from_report)
        .transpose()?;
    let selection = Selection {
        tags: args.tags.clone(),
        changed_since: args.changed_since.clone(),
        failed: args.rerun_failed,
        shard: args.shard,
    };
    let history = times
        .as_ref()
        .filter(|_| args.shard.is_some())
        .unwrap_or(&last);
    plan.notebooks = select::select(plan.notebooks, &selection, history)?;
    if plan.notebooks.is_empty() {
        note("nothing to run: no notebook is left of those that were named");
        return Ok(ExitCode::from(NOTHING));
    }
    if args.list {
        return Ok(list(&plan));
    }
    for text in &plan.notes {
        note(text);
    }
    let own = plan
        .notebooks
        .iter()
        .any(|planned| planned.launch.name == crate::kernelspec::NAME);
    // What cells need is told once, before anything starts.
    let kit = match own.then(Kit::find).transpose() {
        Ok(kit) => kit,
        Err(error) => {
            plan.copies.iter().for_each(Copies::take_back);
            return Err(error);
        }
    };
    let settings = settings(args, &plan, kit.as_ref(), keep_fresh)?;
    run_plan(args, plan, settings, last, &here, sink)
}

fn settings(args: &RunArgs, plan: &Plan, kit: Option<&Kit>, keep_fresh: bool) -> Result<Settings> {
    let rules = args.rules.as_deref();
    let cache = args
        .cache
        .then(|| Cache::new(kit, &args.input, rules))
        .flatten();
    if args.cache && cache.is_none() {
        note("nobody knows your home folder, so there is no place for what --cache keeps");
    }
    Ok(Settings {
        timeout: args.timeout,
        notebook_timeout: args.notebook_timeout,
        limits: StartLimits {
            start: args.start_timeout,
            memory: args.memory,
        },
        update: args.update,
        check: args.check,
        keep_going: args.keep_going,
        retries: args.retries,
        answers: args.input.clone(),
        copies: plan.copies.as_ref().map(|copies| copies.folder.clone()),
        keep_fresh: keep_fresh || args.html.is_some(),
        rules: rules.map(OwnRules::read).transpose()?.unwrap_or_default(),
        cache,
        live: args.output == Output::Live,
    })
}

fn run_plan(
    args: &RunArgs,
    plan: Plan,
    settings: Settings,
    mut history: History,
    here: &Path,
    sink: &mut Sink<'_>,
) -> Result<ExitCode> {
    let wanted = Wanted {
        junit: args.junit.clone(),
        json: args.json.clone(),
        html: args.html.clone(),
        github: args.github
            || std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
    };
    let jobs = args.jobs.map_or_else(jobs::default, usize::from);
    let limits = pool::Limits {
        jobs: jobs.min(plan.notebooks.len()),
        fail_fast: args.fail_fast,
        time: args.run_timeout,
    };
    let mut reporters = Reporters::new(Context::new(&plan), &wanted, args.color)?;
    let notebooks: Vec<_> = plan.notebooks.into_iter().map(Arc::new).collect();
    // One thread waits for all kernels: those watch the thread that started them, and this one lives as long as the
    // program. What takes long (judging and writing outputs) is done by others.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::system("start waiting for kernels"))?;
    let tally = runtime.block_on(pool::run(&notebooks, limits, settings, &mut |event| {
        history.note(&notebooks, event);
        reporters.show(event);
        sink(&notebooks, event);
    }));
    // After a second Ctrl-C something may still be judged, which nobody wants any more.
    runtime.shutdown_timeout(LAST);
    let tally = tally?;
    history.keep(here);
    reporters.end(&tally)?;
    Ok(ExitCode::from(tally.exit_code()))
}

fn list(plan: &Plan) -> ExitCode {
    let mut out = std::io::stdout().lock();
    for planned in &plan.notebooks {
        // Whoever closed standard output has seen enough.
        let _ = writeln!(out, "{}", one_line(&planned.path.display().to_string()));
    }
    ExitCode::SUCCESS
}

/// Prints a note on standard error.
fn note(text: &str) {
    let text = Paint::plain(&one_line(text));
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "note: {text}");
}

fn paths(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    let folder = Path::new(DEFAULT_FOLDER);
    if folder.is_dir() {
        Ok(vec![folder.to_owned()])
    } else {
        Err(Error::NoDefaultFolder(folder.to_owned()))
    }
}
