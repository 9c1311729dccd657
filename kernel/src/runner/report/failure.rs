//! The block that tells what failed: the place, the source, and the kernel's account.

use super::reason::{count, reason};
use super::{Title, difference, exercise};
use crate::runner::events::{Failed, FailedCell, Failure, Limit};
use crate::terminal::{Paint, one_line, visible};

/// How many cells of a notebook are shown whose outputs differ.
const DIFFERENCES: usize = 5;

/// The blocks for all that failed in a notebook, each with an empty line at its end.
pub fn blocks(paint: Paint, title: &Title, all: &[Failed]) -> String {
    let differs = |failed: &&Failed| matches!(failed.failure, Failure::Differs { .. });
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
pub fn block(paint: Paint, title: &Title, failed: &Failed) -> String {
    let path = one_line(&title.path.display().to_string());
    let mut parts = Vec::new();
    match &failed.cell {
        None => parts.push(paint.bold(&path)),
        Some(cell) => {
            parts.push(format!("{}, {}", paint.bold(&path), place(cell)));
            parts.extend(
                shown_source(cell, &failed.failure)
                    .map(|shown| source(paint, shown, failing_line(&failed.failure))),
            );
        }
    }
    parts.push(account(paint, &failed.failure));
    let ends = !failed.failure.is_of_the_outputs();
    if let Some(cell) = failed.cell.as_ref().filter(|_| ends) {
        parts.extend(rest(cell));
    }
    parts.join("\n\n") + "\n"
}

/// A cell whose outputs differ, for the review: the place, the source, and the differences.
pub fn cell_difference(paint: Paint, name: &str, failed: &Failed) -> String {
    let mut parts = Vec::new();
    if let Some(cell) = &failed.cell {
        parts.push(format!("{}, {}", paint.bold(name), place(cell)));
        parts.push(source(paint, &cell.source, None));
    }
    parts.push(account(paint, &failed.failure));
    parts.join("\n\n")
}

/// The source that the failure is about: the cell's, or its solution's; none if it is about outputs alone.
fn shown_source<'a>(cell: &'a FailedCell, failure: &'a Failure) -> Option<&'a str> {
    match failure {
        Failure::Differs { .. } => None,
        Failure::Exercise(problem) => Some(exercise::source(problem).unwrap_or(&cell.source)),
        _ => Some(&cell.source),
    }
}

/// Which cell it is, by both ways of counting.
fn place(cell: &FailedCell) -> String {
    let id = cell
        .id
        .as_deref()
        .map_or(String::new(), |id| format!(", id {}", one_line(id)));
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

/// The source with its lines numbered; the line that failed is marked.
fn source(paint: Paint, source: &str, failing: Option<usize>) -> String {
    let source = visible(&source.replace("\r\n", "\n"));
    let lines = source.trim_end().lines().enumerate();
    let numbered = lines.map(|(index, line)| {
        let number = index + 1;
        let numbered = if failing == Some(number) {
            format!("{} {line}", paint.red(&format!(">{number:>3} │")))
        } else {
            format!("{} {line}", paint.dim(&format!("{number:>4} │")))
        };
        numbered.trim_end().to_owned()
    });
    numbered.collect::<Vec<_>>().join("\n")
}

/// The line of the cell that failed, as the kernel's account tells it: `--> cell line 3, column 5` in ours,
/// `Cell In[2], line 3` or `----> 3` in that of IPython.
fn failing_line(failure: &Failure) -> Option<usize> {
    let Failure::Error { traceback, .. } = failure else {
        return None;
    };
    let text = Paint::plain(&traceback.join("\n"));
    let number = |text: &str| {
        let digits = text.trim_start();
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        digits[..end].parse().ok()
    };
    let after = |mark: &str| text.split_once(mark).and_then(|(_, rest)| number(rest));
    let in_python = || {
        let (_, rest) = text.split_once("Cell In[")?;
        let (_, rest) = rest.lines().next()?.split_once("line ")?;
        number(rest)
    };
    after("cell line ")
        .or_else(in_python)
        .or_else(|| after("----> "))
}

fn account(paint: Paint, failure: &Failure) -> String {
    let reason = paint.red(&reason(failure));
    match failure {
        Failure::Error {
            name,
            value,
            traceback,
            guessed,
        } => {
            let text = if traceback.is_empty() {
                format!("{name}: {value}")
            } else {
                traceback.join("\n")
            };
            let text = paint.colored(text.trim_end());
            if *guessed {
                format!("{text}\n\n{GUESSED}")
            } else {
                text
            }
        }
        Failure::Died { log, .. } | Failure::NoKernel { log, .. } if !log.is_empty() => {
            format!(
                "{reason}\nThe last that it printed:\n{}",
                paint.colored(log)
            )
        }
        Failure::Died { .. } | Failure::NoKernel { .. } => format!("{reason}\nIt printed nothing."),
        Failure::TimedOut { limit, refused, .. } => {
            let advice = match limit {
                Limit::Cell => {
                    "Let cells take longer with --timeout SECONDS, or tag this one `slow`, which gives it ten times as \
                     long."
                }
                Limit::Own => {
                    "This is the cell's own limit, in its metadata: `execution`, `timeout`."
                }
                Limit::Notebook => "Let notebooks take longer with --notebook-timeout SECONDS.",
            };
            let refused = match refused {
                0 => String::new(),
                refused => format!(
                    "\n{} of the kernel were malformed or not signed with its key.",
                    count(*refused, "message")
                ),
            };
            format!("{reason}\n{advice}{refused}")
        }
        Failure::Memory { .. } => format!("{reason}\nLet kernels use more with --memory SIZE."),
        Failure::Input { prompt, .. } => {
            let asked = match prompt.trim() {
                "" => "it reads standard input".to_owned(),
                prompt => format!("it asked: {}", one_line(prompt)),
            };
            format!(
                "{reason}; {asked}\nAnswer with --input TEXT, once for each question, or tag the cell \
                 `skip-execution`."
            )
        }
        Failure::Exercise(problem) => {
            exercise::account(problem, reason, |failure| account(paint, failure))
        }
        Failure::Differs { differences, .. } => difference::account(paint, differences),
        Failure::ChangedMeanwhile => format!("{reason}\nRun it again."),
        Failure::Connection { .. }
        | Failure::NotWritten(_)
        | Failure::NotRaised { .. }
        | Failure::RemovedMeanwhile => reason,
    }
}

/// Said where a notebook fails that names no language.
const GUESSED: &str = "This notebook does not say in which language it is written, so it was run as Rust; choose another \
                       kernel with --kernel NAME.";

/// What did not run.
fn rest(cell: &FailedCell) -> Option<String> {
    match cell.left {
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
                left: 14 - number,
            }),
            failure,
        }
    }

    #[test]
    fn a_failing_cell_is_shown_with_its_source_and_the_account_of_the_kernel() {
        let traceback = [
            "\u{1b}[31merror[E0425]\u{1b}[0m: cannot find value `x` in this scope",
            "  --> cell line 1, column 9",
        ];
        let error = Failure::Error {
            name: "E0425".to_owned(),
            value: "cannot find value `x` in this scope".to_owned(),
            traceback: traceback.map(str::to_owned).to_vec(),
            guessed: false,
        };
        insta::assert_snapshot!(block(Paint::OFF, &title(), &in_cell(6, error)), @r"
        notebooks/q20_attention.ipynb, code cell 6 of 14 (cell 13 of 30 if text cells are counted too, id 7e52a00f)

        >  1 │ let y = x + 1;
           2 │
           3 │ y

        error[E0425]: cannot find value `x` in this scope
          --> cell line 1, column 9

        The 8 code cells after it were not run.
        ");
    }

    #[test]
    fn a_timeout_says_how_to_allow_more() {
        let failed = in_cell(
            13,
            Failure::TimedOut {
                after: Duration::from_millis(2500),
                limit: Limit::Cell,
                interrupted: true,
                refused: 0,
            },
        );
        insta::assert_snapshot!(block(Paint::OFF, &title(), &failed), @r"
        notebooks/q20_attention.ipynb, code cell 13 of 14 (cell 13 of 30 if text cells are counted too, id 7e52a00f)

           1 │ let y = x + 1;
           2 │
           3 │ y

        timed out after 2.5 s
        Let cells take longer with --timeout SECONDS, or tag this one `slow`, which gives it ten times as long.

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
