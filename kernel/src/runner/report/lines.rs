//! The one-line reports.

use super::Title;
use super::exercise;
use super::paint::Paint;
use crate::runner::events::{Failed, Failure, Run};
use crate::runner::pool::Tally;
use std::path::Path;
use std::time::Duration;

/// How much of an error's message fits on a line, in characters.
const MESSAGE_WIDTH: usize = 80;

/// A notebook's kernel is being started.
pub fn started(paint: Paint, title: &Title) -> String {
    paint.dim(&format!(
        "RUN  {}  {}",
        title.name,
        count(title.cells, "cell")
    ))
}

/// A notebook passed.
pub fn passed(paint: Paint, title: &Title, run: &Run, updated: bool) -> String {
    let updated = if updated { "  updated" } else { "" };
    format!(
        "{} {}  {}  {}{updated}",
        paint.green("PASS"),
        title.name,
        cells(run),
        seconds(run.took)
    )
}

/// A notebook failed; the first thing that did is named.
pub fn failed(paint: Paint, title: &Title, run: &Run, all: &[Failed]) -> String {
    let [failed, others @ ..] = all else {
        return String::new();
    };
    let place = match &failed.cell {
        Some(cell) => format!("cell {} of {}: ", cell.number, cell.of),
        None => String::new(),
    };
    let more = match others.len() {
        0 => String::new(),
        others => format!(" (and {others} more)"),
    };
    format!(
        "{} {}  {place}{}{more}  {}",
        paint.red("FAIL"),
        title.name,
        reason(&failed.failure),
        seconds(run.took)
    )
}

/// A notebook was stopped by a signal.
pub fn stopped(paint: Paint, title: &Title, run: &Run) -> String {
    format!(
        "{} {}  after {}  {}",
        paint.yellow("STOP"),
        title.name,
        cells(run),
        seconds(run.took)
    )
}

/// The end of a run.
pub fn summary(paint: Paint, tally: &Tally, took: Duration, copies: &Path) -> String {
    let stopped = tally.planned - tally.passed - tally.failed - tally.not_run;
    let parts = [
        (
            tally.passed,
            paint.green(&format!("{} passed", tally.passed)),
        ),
        (tally.updated, format!("{} updated", tally.updated)),
        (tally.failed, paint.red(&format!("{} failed", tally.failed))),
        (
            tally.not_run,
            paint.red(&format!("{} without a kernel", tally.not_run)),
        ),
        (stopped, paint.yellow(&format!("{stopped} not finished"))),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(_, text)| text)
        .collect();
    let sums = format!(
        "{}, {}{}: {} in {}",
        count(tally.planned, "notebook"),
        count(tally.cells, "cell"),
        solved(tally.solved),
        parts.join(", "),
        seconds(took)
    );
    let signal = match tally.signal {
        None => "",
        Some(130) => "\nStopped by Ctrl-C.",
        Some(143) => "\nStopped by SIGTERM.",
        Some(_) => "\nStopped: the terminal is gone.",
    };
    let copies = if tally.passed + tally.failed > 0 {
        format!("\nExecuted copies: {}", copies.display())
    } else {
        String::new()
    };
    format!("{sums}{signal}{copies}")
}

/// Why a notebook failed, on one line.
pub fn reason(failure: &Failure) -> String {
    match failure {
        Failure::NoKernel { problem, .. } => {
            format!("the kernel did not start: {}", first_line(problem))
        }
        Failure::Error { name, value, .. } => match first_line(value) {
            value if value.is_empty() || value == *name => name.clone(),
            value if name.is_empty() => value,
            value if value.starts_with(name.as_str()) => value,
            value => format!("{name}: {value}"),
        },
        Failure::TimedOut { after } => format!("timed out after {} s", after.as_secs_f64()),
        Failure::Died { how, .. } => format!("the kernel died: {how}"),
        Failure::Input { .. } => "it asks for input, and nobody is there to answer".to_owned(),
        Failure::Connection { problem } => format!(
            "the connection to the kernel broke: {}",
            first_line(problem)
        ),
        Failure::Exercise(problem) => exercise::reason(problem),
        Failure::Differs(differences) => match differences.as_slice() {
            [only] => format!("not as stored: {}", only.place),
            all => format!("not as stored in {} places", all.len()),
        },
        Failure::ChangedMeanwhile => {
            "passed, but not updated: the file was changed during the run".to_owned()
        }
        Failure::NotWritten(error) => format!("passed, but {error}"),
    }
}

pub fn first_line(text: &str) -> String {
    let text = Paint::plain(text);
    let line = text.trim().lines().next().unwrap_or_default();
    if line.chars().count() <= MESSAGE_WIDTH {
        return line.to_owned();
    }
    let start: String = line.chars().take(MESSAGE_WIDTH - 1).collect();
    format!("{}…", start.trim_end())
}

fn cells(run: &Run) -> String {
    let skipped = match run.skipped {
        0 => String::new(),
        skipped => format!(", {skipped} skipped"),
    };
    format!(
        "{}{skipped}{}",
        count(run.executed, "cell"),
        solved(run.solved)
    )
}

fn solved(exercises: usize) -> String {
    match exercises {
        0 => String::new(),
        exercises => format!(", {} solved", count(exercises, "exercise")),
    }
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Difference;
    use crate::runner::events::{End, FailedCell};

    fn title() -> Title {
        Title {
            name: "q16_sql_joins.ipynb".to_owned(),
            path: "notebooks/q16_sql_joins.ipynb".into(),
            cells: 14,
        }
    }

    fn run(executed: usize, skipped: usize) -> Run {
        Run {
            executed,
            skipped,
            solved: 0,
            took: Duration::from_millis(2130),
            end: End::Stopped,
        }
    }

    fn in_cell(failure: Failure) -> Failed {
        let cell = FailedCell {
            number: 6,
            of: 14,
            position: 13,
            of_all: 30,
            id: None,
            source: "y".to_owned(),
        };
        Failed {
            cell: Some(cell),
            failure,
        }
    }

    fn error(name: &str, value: &str) -> Failure {
        Failure::Error {
            name: name.to_owned(),
            value: value.to_owned(),
            traceback: Vec::new(),
        }
    }

    #[test]
    fn a_notebook_has_a_line_at_its_start_and_its_end() {
        insta::assert_snapshot!(started(Paint::OFF, &title()), @"RUN  q16_sql_joins.ipynb  14 cells");
        insta::assert_snapshot!(passed(Paint::OFF, &title(), &run(14, 0), false), @"PASS q16_sql_joins.ipynb  14 cells  2.1 s");
        insta::assert_snapshot!(passed(Paint::OFF, &title(), &run(1, 13), true), @"PASS q16_sql_joins.ipynb  1 cell, 13 skipped  2.1 s  updated");
        insta::assert_snapshot!(stopped(Paint::OFF, &title(), &run(5, 0)), @"STOP q16_sql_joins.ipynb  after 5 cells  2.1 s");
    }

    #[test]
    fn colours_are_put_around_the_word() {
        let line = passed(Paint::ON, &title(), &run(14, 0), false);
        insta::assert_snapshot!(line.escape_debug(), @r"\u{1b}[1;32mPASS\u{1b}[0m q16_sql_joins.ipynb  14 cells  2.1 s");
    }

    #[test]
    fn a_failure_is_told_on_one_line() {
        let line = |failed: &Failed| {
            super::failed(
                Paint::OFF,
                &title(),
                &run(6, 0),
                std::slice::from_ref(failed),
            )
        };
        insta::assert_snapshot!(line(&in_cell(error("E0425", "cannot find value `x` in this scope\nmore"))), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: E0425: cannot find value `x` in this scope  2.1 s");
        insta::assert_snapshot!(line(&in_cell(error("E0425", ""))), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: E0425  2.1 s");
        insta::assert_snapshot!(line(&in_cell(error("panic", &"long ".repeat(30)))), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: panic: long long long long long long long long long long long long long long long long…  2.1 s");
        insta::assert_snapshot!(line(&in_cell(Failure::TimedOut { after: Duration::from_secs(120) })), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: timed out after 120 s  2.1 s");
        let died = Failure::Died {
            how: "killed by signal 9, SIGKILL".to_owned(),
            log: String::new(),
        };
        insta::assert_snapshot!(line(&in_cell(died)), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: the kernel died: killed by signal 9, SIGKILL  2.1 s");
        let changed = Failed {
            cell: None,
            failure: Failure::ChangedMeanwhile,
        };
        insta::assert_snapshot!(line(&changed), @"FAIL q16_sql_joins.ipynb  passed, but not updated: the file was changed during the run  2.1 s");
    }

    #[test]
    fn exercises_are_counted_and_further_failures_too() {
        let solved = Run {
            solved: 2,
            ..run(14, 1)
        };
        insta::assert_snapshot!(passed(Paint::OFF, &title(), &solved, false), @"PASS q16_sql_joins.ipynb  14 cells, 1 skipped, 2 exercises solved  2.1 s");
        let all = ["output 1, text/plain", "printed text"].map(|place| {
            in_cell(Failure::Differs(vec![Difference {
                place: place.to_owned(),
                changes: Vec::new(),
            }]))
        });
        insta::assert_snapshot!(super::failed(Paint::OFF, &title(), &solved, &all), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: not as stored: output 1, text/plain (and 1 more)  2.1 s");
    }

    #[test]
    fn the_summary_names_only_what_there_was() {
        let tally = Tally {
            planned: 3,
            passed: 2,
            failed: 1,
            cells: 41,
            ..Tally::default()
        };
        let text = |tally: &Tally| {
            summary(
                Paint::OFF,
                tally,
                Duration::from_millis(8300),
                Path::new("target/dsprep"),
            )
        };
        insta::assert_snapshot!(text(&tally), @r"
        3 notebooks, 41 cells: 2 passed, 1 failed in 8.3 s
        Executed copies: target/dsprep
        ");
        let stopped = Tally {
            planned: 5,
            passed: 1,
            updated: 1,
            cells: 20,
            signal: Some(130),
            ..tally
        };
        insta::assert_snapshot!(text(&Tally { failed: 0, ..stopped }), @r"
        5 notebooks, 20 cells: 1 passed, 1 updated, 4 not finished in 8.3 s
        Stopped by Ctrl-C.
        Executed copies: target/dsprep
        ");
        let exercises = Tally {
            planned: 1,
            passed: 1,
            cells: 20,
            solved: 1,
            ..Tally::default()
        };
        insta::assert_snapshot!(text(&exercises), @r"
        1 notebook, 20 cells, 1 exercise solved: 1 passed in 8.3 s
        Executed copies: target/dsprep
        ");
        let none = Tally {
            planned: 1,
            not_run: 1,
            ..Tally::default()
        };
        insta::assert_snapshot!(text(&none), @"1 notebook, 0 cells: 1 without a kernel in 8.3 s");
    }
}
