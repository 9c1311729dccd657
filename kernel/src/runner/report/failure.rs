//! The block that tells what failed: the place, the source, and the kernel's account.

use super::lines::{count, reason};
use super::paint::Paint;
use super::{Title, difference, exercise};
use crate::runner::events::{Failed, FailedCell, Failure};

/// How many cells of a notebook are shown whose outputs differ.
const DIFFERENCES: usize = 5;

/// The blocks for all that failed in a notebook, each with an empty line at its end.
pub fn blocks(paint: Paint, title: &Title, all: &[Failed]) -> String {
    let differs = |failed: &&Failed| matches!(failed.failure, Failure::Differs(_));
    let (differences, others): (Vec<_>, Vec<_>) = all.iter().partition(differs);
    let (shown, left) = differences.split_at(differences.len().min(DIFFERENCES));
    let blocks = others
        .iter()
        .chain(shown)
        .map(|failed| block(paint, title, failed));
    let mut text = blocks.collect::<Vec<_>>().join("\n");
    if !left.is_empty() {
        text += &format!("\n{}\n", difference::others(left));
    }
    if !differences.is_empty() {
        text += &format!("\n{}\n", difference::advice(&title.path));
    }
    text
}

/// The block for one failure, with an empty line at its end.
fn block(paint: Paint, title: &Title, failed: &Failed) -> String {
    let path = title.path.display().to_string();
    let mut parts = Vec::new();
    match &failed.cell {
        None => parts.push(paint.bold(&path)),
        Some(cell) => {
            parts.push(format!("{}, {}", paint.bold(&path), place(cell)));
            parts.extend(shown_source(cell, &failed.failure).map(|shown| source(paint, shown)));
        }
    }
    parts.push(account(paint, &failed.failure));
    let ends = failed.failure.ends_the_notebook();
    if let Some(cell) = failed.cell.as_ref().filter(|_| ends) {
        parts.extend(rest(cell));
    }
    parts.join("\n\n") + "\n"
}

/// The source that the failure is about: the cell's, or its solution's; none if it is about outputs alone.
fn shown_source<'a>(cell: &'a FailedCell, failure: &'a Failure) -> Option<&'a str> {
    match failure {
        Failure::Differs(_) => None,
        Failure::Exercise(problem) => Some(exercise::source(problem).unwrap_or(&cell.source)),
        _ => Some(&cell.source),
    }
}

/// Which cell it is, by both ways of counting.
fn place(cell: &FailedCell) -> String {
    let id = cell
        .id
        .as_deref()
        .map_or(String::new(), |id| format!(", id {id}"));
    let FailedCell {
        number,
        of,
        position,
        of_all,
        ..
    } = cell;
    format!(
        "code cell {number} of {of} (cell {position} of {of_all} if text cells are counted too{id})"
    )
}

fn source(paint: Paint, source: &str) -> String {
    let lines = source.trim_end().lines().enumerate();
    let numbered = lines.map(|(index, line)| {
        let numbered = format!("{} {line}", paint.dim(&format!("{:>4} │", index + 1)));
        numbered.trim_end().to_owned()
    });
    numbered.collect::<Vec<_>>().join("\n")
}

fn account(paint: Paint, failure: &Failure) -> String {
    let reason = paint.red(&reason(failure));
    match failure {
        Failure::Error { traceback, .. } if !traceback.is_empty() => {
            paint.colored(traceback.join("\n").trim_end()).into_owned()
        }
        Failure::Error { name, value, .. } => {
            paint.colored(&format!("{name}: {value}")).into_owned()
        }
        Failure::Died { log, .. } | Failure::NoKernel { log, .. } if !log.is_empty() => {
            format!(
                "{reason}\nThe last that it printed:\n{}",
                paint.colored(log)
            )
        }
        Failure::Died { .. } | Failure::NoKernel { .. } => format!("{reason}\nIt printed nothing."),
        Failure::TimedOut { .. } => {
            format!("{reason}\nLet cells take longer with --timeout SECONDS.")
        }
        Failure::Input { prompt } => format!("{reason}; the prompt was: {prompt}"),
        Failure::Exercise(problem) => {
            exercise::account(problem, reason, |failure| account(paint, failure))
        }
        Failure::Differs(differences) => difference::account(paint, differences),
        Failure::ChangedMeanwhile => format!("{reason}\nRun it again."),
        Failure::Connection { .. } | Failure::NotWritten(_) => reason,
    }
}

/// What did not run.
fn rest(cell: &FailedCell) -> Option<String> {
    match cell.of.saturating_sub(cell.number) {
        0 => None,
        1 => Some("The code cell after it was not run.".to_owned()),
        left => Some(format!(
            "The {} after it were not run.",
            count(left, "code cell")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn title() -> Title {
        Title {
            name: "q20_attention.ipynb".to_owned(),
            path: "notebooks/q20_attention.ipynb".into(),
            cells: 14,
        }
    }

    fn in_cell(number: usize, failure: Failure) -> Failed {
        let source = "let y = x + 1;\n\ny\n".to_owned();
        let id = Some("7e52a00f".to_owned());
        Failed {
            cell: Some(FailedCell {
                number,
                of: 14,
                position: 13,
                of_all: 30,
                id,
                source,
            }),
            failure,
        }
    }

    #[test]
    fn a_failing_cell_is_shown_with_its_source_and_the_account_of_the_kernel() {
        let traceback = [
            "\u{1b}[31merror[E0425]\u{1b}[0m: cannot find value `x` in this scope",
            "  --> cell 6:1:9",
        ];
        let error = Failure::Error {
            name: "E0425".to_owned(),
            value: "cannot find value `x` in this scope".to_owned(),
            traceback: traceback.map(str::to_owned).to_vec(),
        };
        insta::assert_snapshot!(block(Paint::OFF, &title(), &in_cell(6, error)), @r"
        notebooks/q20_attention.ipynb, code cell 6 of 14 (cell 13 of 30 if text cells are counted too, id 7e52a00f)

           1 │ let y = x + 1;
           2 │
           3 │ y

        error[E0425]: cannot find value `x` in this scope
          --> cell 6:1:9

        The 8 code cells after it were not run.
        ");
    }

    #[test]
    fn a_timeout_says_how_to_allow_more() {
        let failed = in_cell(
            13,
            Failure::TimedOut {
                after: Duration::from_millis(2500),
            },
        );
        insta::assert_snapshot!(block(Paint::OFF, &title(), &failed), @r"
        notebooks/q20_attention.ipynb, code cell 13 of 14 (cell 13 of 30 if text cells are counted too, id 7e52a00f)

           1 │ let y = x + 1;
           2 │
           3 │ y

        timed out after 2.5 s
        Let cells take longer with --timeout SECONDS.

        The code cell after it was not run.
        ");
    }

    #[test]
    fn a_kernel_that_does_not_start_is_shown_with_what_it_printed() {
        let failure = Failure::NoKernel {
            problem: "exit code 3".to_owned(),
            log: "error: no rustc".to_owned(),
        };
        insta::assert_snapshot!(block(Paint::OFF, &title(), &Failed { cell: None, failure }), @r"
        notebooks/q20_attention.ipynb

        the kernel did not start: exit code 3
        The last that it printed:
        error: no rustc
        ");
    }
}
