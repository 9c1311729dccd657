//! The last lines of a report: the sums, and why the run was stopped.

use super::lines::{seconds, solved};
use super::reason::count;
use crate::runner::events::Stop;
use crate::runner::pool::Tally;
use crate::terminal::{Paint, one_line};
use std::path::Path;
use std::time::Duration;

/// The end of a run.
pub fn summary(paint: Paint, tally: &Tally, took: Duration, copies: Option<&Path>) -> String {
    let stopped = tally.planned - tally.ended();
    let parts = [
        (
            tally.passed,
            paint.green(&format!("{} passed", tally.passed)),
        ),
        (
            tally.unchanged,
            paint.green(&format!("{} unchanged", tally.unchanged)),
        ),
        (tally.flaky, paint.yellow(&format!("{} flaky", tally.flaky))),
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
    let stopped = match tally.stopped {
        None => String::new(),
        Some(Stop::Signal(130)) => "\nStopped by Ctrl-C.".to_owned(),
        Some(Stop::Signal(143)) => "\nStopped by SIGTERM.".to_owned(),
        Some(Stop::Signal(_)) => "\nStopped: the terminal is gone.".to_owned(),
        Some(Stop::Failure) => "\nStopped after the first failure (--fail-fast).".to_owned(),
        Some(Stop::Time(time)) => {
            format!("\nStopped after {} s (--run-timeout).", time.as_secs_f64())
        }
    };
    let copies = match copies {
        Some(copies) if tally.passed + tally.failed > 0 => {
            format!(
                "\nExecuted copies: {}",
                one_line(&copies.display().to_string())
            )
        }
        _ => String::new(),
    };
    format!("{sums}{stopped}{copies}")
}

#[cfg(test)]
mod tests {
    use super::*;

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
                Some(Path::new("target/dsprep")),
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
            stopped: Some(Stop::Signal(130)),
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
