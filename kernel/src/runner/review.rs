//! `dsprep review`: walks through the outputs that are not the stored ones, and stores those that are accepted.

use super::args::RunArgs;
use super::events::{End, Event, Failed, Failure};
use super::plan::Planned;
use super::report::cell_difference;
use crate::error::{Error, Result};
use crate::notebook::{Notebook, replace};
use crate::terminal::{Paint, one_line};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;

/// Walk through changed outputs, and accept or reject each.
///
/// Runs the notebooks as `dsprep run --check` does, shows each cell whose fresh outputs are not the stored ones, and
/// asks: `a` accepts the new outputs, `r` (or Enter) keeps the stored ones, `A` accepts all that are left in this
/// notebook, `q` ends the review; what was accepted by then is stored. Answers are read from standard input.
///
/// The exit code is 0 if nothing differs any more, 1 if something was rejected or failed, and otherwise as for run.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    #[command(flatten)]
    run: RunArgs,
}

/// A notebook to be reviewed.
struct Pending {
    planned: Arc<Planned>,
    fresh: Notebook,
    /// The cells that differ.
    differing: Vec<Failed>,
}

/// What somebody said to a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    AcceptAll,
    Quit,
}

/// Runs the notebooks and asks about each difference.
///
/// # Errors
/// Whatever keeps a notebook from being run at all, or from being written.
pub fn review(args: ReviewArgs) -> Result<ExitCode> {
    let mut run = args.run;
    if run.update || run.list {
        return Err(Error::Usage(
            "`dsprep review` stores what is accepted; --update and --list are for `dsprep run`"
                .to_owned(),
        ));
    }
    run.check = true;
    let paint = Paint::new(run.color);
    let mut pending = BTreeMap::new();
    let mut others = false;
    let code = super::run_with(&run, true, &mut |notebooks, event| {
        let Event::Finished { notebook, run } = event else {
            return;
        };
        let (End::Failed(failed), Some(fresh), Some(planned)) =
            (&mut run.end, run.fresh.take(), notebooks.get(*notebook))
        else {
            return;
        };
        let differs = |failed: &Failed| matches!(failed.failure, Failure::Differs { .. });
        others |= !failed.iter().all(differs);
        let differing: Vec<_> = failed.extract_if(.., |failed| differs(failed)).collect();
        if !differing.is_empty() {
            let planned = planned.clone();
            pending.insert(
                *notebook,
                Pending {
                    planned,
                    fresh,
                    differing,
                },
            );
        }
    })?;
    if pending.is_empty() {
        return Ok(code);
    }
    let asked = ask_all(
        paint,
        pending.into_values().collect(),
        &mut io::stdin().lock(),
        &mut io::stdout().lock(),
    )?;
    Ok(match (asked, others) {
        (true, false) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Asks about all differences, and stores what is accepted; tells whether all was.
fn ask_all(
    paint: Paint,
    pending: Vec<Pending>,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<bool> {
    let mut all = true;
    let mut quit = false;
    for notebook in pending {
        let mut accepted = Vec::new();
        let mut rest = false;
        for failed in &notebook.differing {
            let Some(cell) = &failed.cell else { continue };
            let answer = match (quit, rest) {
                (true, _) => Answer::Reject,
                (_, true) => Answer::Accept,
                _ => {
                    let name = one_line(&notebook.planned.name);
                    // A closed standard output is told by the answers that do not come.
                    let _ = writeln!(out, "\n{}", cell_difference(paint, &name, failed));
                    ask(answers, out)
                }
            };
            quit |= answer == Answer::Quit;
            rest |= answer == Answer::AcceptAll;
            if matches!(answer, Answer::Accept | Answer::AcceptAll) {
                accepted.push(cell.position - 1);
            }
        }
        all &= accepted.len() == notebook.differing.len();
        if !accepted.is_empty() {
            store(&notebook, &accepted)?;
            let path = one_line(&notebook.planned.path.display().to_string());
            let _ = writeln!(
                out,
                "stored {} of {} in {path}",
                accepted.len(),
                notebook.differing.len()
            );
        }
    }
    Ok(all)
}

fn ask(answers: &mut dyn BufRead, out: &mut dyn Write) -> Answer {
    loop {
        let _ = write!(
            out,
            "[a]ccept, [r]eject, accept [A]ll of this notebook, [q]uit? "
        );
        let _ = out.flush();
        let mut line = String::new();
        match answers.read_line(&mut line) {
            Ok(0) | Err(_) => return Answer::Quit,
            Ok(_) => {}
        }
        match line.trim() {
            "a" => return Answer::Accept,
            "A" => return Answer::AcceptAll,
            "r" | "" => return Answer::Reject,
            "q" => return Answer::Quit,
            _ => {}
        }
    }
}

/// Puts the accepted outputs into the notebook's file, which must still be as it was.
fn store(pending: &Pending, accepted: &[usize]) -> Result<()> {
    let path = &pending.planned.path;
    let now = fs::read(path).map_err(Error::file("read", path))?;
    if now != pending.planned.bytes {
        let path = one_line(&path.display().to_string());
        return Err(Error::Usage(format!(
            "{path}: changed during the review, so nothing was stored; run it again"
        )));
    }
    let mut notebook = pending.planned.notebook.clone();
    for position in accepted {
        let count = pending.fresh.execution_count(*position);
        notebook.keep_outputs(*position, count, &pending.fresh);
    }
    replace(path, &notebook.to_bytes()).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_asked_for_until_one_is_understood() {
        let told = |text: &str| ask(&mut text.as_bytes(), &mut io::sink());
        assert_eq!(told("x\nyes\na\n"), Answer::Accept);
        assert_eq!(told("A\n"), Answer::AcceptAll);
        assert_eq!(told("\n"), Answer::Reject);
        assert_eq!(told("what"), Answer::Quit);
    }
}
