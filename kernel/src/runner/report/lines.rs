//! The one-line reports.

use super::Title;
use super::reason::{count, first_line, reason};
use crate::runner::events::{Failed, Run};
use crate::terminal::{Paint, cut, one_line};
use std::time::Duration;

/// How many columns of the reason fit on a line.
const REASON_WIDTH: usize = 87;

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
    let flaky = match run.failed_before {
        0 => String::new(),
        failed => {
            let text = format!("flaky: failed {} before", count(failed, "time"));
            format!(", {}", paint.yellow(&text))
        }
    };
    format!(
        "{} {}  {}{flaky}  {}{updated}",
        paint.green("PASS"),
        title.name,
        cells(run),
        seconds(run.took)
    )
}

/// A notebook failed; the first thing that did is named.
pub fn failed(paint: Paint, title: &Title, run: &Run, all: &[Failed]) -> String {
    told(&paint.red("FAIL"), title, run, all)
}

/// A notebook failed and is run again.
pub fn retried(paint: Paint, title: &Title, run: &Run, all: &[Failed]) -> String {
    told(&paint.yellow("RETRY"), title, run, all)
}

fn told(word: &str, title: &Title, run: &Run, all: &[Failed]) -> String {
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
        "{word} {}  {place}{}{more}  {}",
        title.name,
        cut(&first_line(&reason(&failed.failure)), REASON_WIDTH),
        seconds(run.took)
    )
}

/// A notebook was not run: nothing changed since it passed.
pub fn unchanged(paint: Paint, title: &Title, since: Duration) -> String {
    format!(
        "{} {}  unchanged since it passed {} ago (--cache)",
        paint.green("SKIP"),
        title.name,
        span(since)
    )
}

/// A notebook is run although others are passed over.
pub fn not_cached(paint: Paint, title: &Title, why: &str) -> String {
    paint.dim(&format!("RUN  {}  {}", title.name, one_line(why)))
}

/// A time as people say it: the largest unit that fits.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let fits = units.into_iter().find(|(length, _)| seconds >= *length);
    let (number, unit) = fits.map_or((seconds, "second"), |(length, unit)| {
        (seconds / length, unit)
    });
    count(usize::try_from(number).unwrap_or(usize::MAX), unit)
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

fn cells(run: &Run) -> String {
    let skipped = match run.skipped() {
        0 => String::new(),
        skipped => format!(", {skipped} skipped"),
    };
    format!(
        "{}{skipped}{}",
        count(run.executed(), "cell"),
        solved(run.solved)
    )
}

/// How many exercises were solved; nothing if there were none.
pub fn solved(exercises: usize) -> String {
    match exercises {
        0 => String::new(),
        exercises => format!(", {} solved", count(exercises, "exercise")),
    }
}

/// A time as it is shown.
pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Difference;
    use crate::runner::events::{CellRun, End, FailedCell, Failure, Limit, Outcome};

    fn title() -> Title {
        Title {
            name: "q16_sql_joins.ipynb".to_owned(),
            path: "notebooks/q16_sql_joins.ipynb".into(),
            cells: 14,
        }
    }

    fn run(executed: usize, skipped: usize) -> Run {
        let cell = |outcome| CellRun {
            number: 1,
            position: 0,
            id: None,
            line: String::new(),
            took: Duration::ZERO,
            outcome,
        };
        let cells = std::iter::repeat_n(cell(Outcome::Passed), executed);
        Run {
            cells: cells
                .chain(std::iter::repeat_n(cell(Outcome::Skipped), skipped))
                .collect(),
            solved: 0,
            took: Duration::from_millis(2130),
            peak_memory: None,
            failed_before: 0,
            end: End::Stopped,
            fresh: None,
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
            left: 8,
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
            guessed: false,
        }
    }

    #[test]
    fn a_notebook_has_a_line_at_its_start_and_its_end() {
        insta::assert_snapshot!(started(Paint::OFF, &title()), @"RUN  q16_sql_joins.ipynb  14 cells");
        insta::assert_snapshot!(passed(Paint::OFF, &title(), &run(14, 0), false), @"PASS q16_sql_joins.ipynb  14 cells  2.1 s");
        let flaky = Run {
            failed_before: 1,
            ..run(2, 0)
        };
        insta::assert_snapshot!(passed(Paint::OFF, &title(), &flaky, false), @"PASS q16_sql_joins.ipynb  2 cells, flaky: failed 1 time before  2.1 s");
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
        insta::assert_snapshot!(line(&in_cell(Failure::TimedOut { after: Duration::from_secs(120), limit: Limit::Cell, interrupted: true, refused: 0 })), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: timed out after 120 s  2.1 s");
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
            in_cell(Failure::Differs {
                stored: Vec::new(),
                fresh: Vec::new(),
                differences: vec![Difference {
                    place: place.to_owned(),
                    changes: Vec::new(),
                }],
            })
        });
        insta::assert_snapshot!(super::failed(Paint::OFF, &title(), &solved, &all), @"FAIL q16_sql_joins.ipynb  cell 6 of 14: not as stored: output 1, text/plain (and 1 more)  2.1 s");
    }

    #[test]
    fn a_notebook_that_is_passed_over_says_since_when() {
        let told = |seconds| unchanged(Paint::OFF, &title(), Duration::from_secs(seconds));
        insta::assert_snapshot!(told(7_300), @"SKIP q16_sql_joins.ipynb  unchanged since it passed 2 hours ago (--cache)");
        assert!(told(1).contains("1 second ago") && told(200_000).contains("2 days ago"));
    }
}
