//! JUnit's XML, which every CI service reads: a suite for each notebook, a case for each cell.

use super::{Context, Reporter, Title, failure, reason};
use crate::error::Result;
use crate::notebook::replace;
use crate::runner::events::{End, Event, Failed, Outcome, Run};
use crate::runner::pool::Tally;
use crate::terminal::Paint;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Collects suites, and writes them at the end.
pub struct JUnit {
    path: PathBuf,
    suites: BTreeMap<usize, Suite>,
}

#[derive(Default)]
struct Suite {
    xml: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    took: Duration,
}

impl JUnit {
    /// A report in the file `path`.
    pub fn new(path: &Path) -> Self {
        JUnit {
            path: path.to_owned(),
            suites: BTreeMap::new(),
        }
    }
}

impl Reporter for JUnit {
    fn event(&mut self, context: &Context, event: &Event) {
        if let Event::Finished { notebook, run } = event
            && let Some(title) = context.titles.get(*notebook)
        {
            self.suites.insert(*notebook, suite(title, run));
        }
    }

    fn end(&mut self, context: &Context, _tally: &Tally) -> Result<()> {
        let sum = |number: fn(&Suite) -> usize| self.suites.values().map(number).sum::<usize>();
        let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        xml += &format!(
            "<testsuites name=\"dsprep\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n",
            sum(|suite| suite.tests),
            sum(|suite| suite.failures),
            sum(|suite| suite.errors),
            seconds(context.start.elapsed())
        );
        for (index, suite) in &self.suites {
            let name = context
                .titles
                .get(*index)
                .map(|title| title.path.display().to_string());
            let name = escaped(&name.unwrap_or_default());
            // Writing into a string can't fail.
            let _ = writeln!(
                xml,
                "  <testsuite name=\"{name}\" file=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\">\n{}  </testsuite>",
                suite.tests,
                suite.failures,
                suite.errors,
                suite.skipped,
                seconds(suite.took),
                suite.xml
            );
        }
        xml += "</testsuites>\n";
        replace(&self.path, xml.as_bytes()).map(drop)
    }
}

fn suite(title: &Title, run: &Run) -> Suite {
    let mut suite = Suite {
        took: run.took,
        ..Suite::default()
    };
    let file = escaped(&title.path.display().to_string());
    let all: &[Failed] = match &run.end {
        End::Failed(failed) => failed,
        _ => &[],
    };
    let mut told = vec![false; all.len()];
    for cell in &run.cells {
        let name = match &cell.id {
            Some(id) => format!("cell {} ({id}): {}", cell.number, cell.line),
            None => format!("cell {}: {}", cell.number, cell.line),
        };
        let mut inner = String::new();
        for (failed, told) in all.iter().zip(&mut told) {
            if failed
                .cell
                .as_ref()
                .is_some_and(|own| own.position == cell.position + 1)
            {
                inner += &failure_xml("failure", title, failed);
                *told = true;
            }
        }
        if cell.outcome == Outcome::Skipped {
            inner += "      <skipped message=\"tagged skip-execution\"/>\n";
            suite.skipped += 1;
        }
        suite.failures += usize::from(inner.contains("<failure"));
        suite.case(&file, &name, cell.took, &inner);
    }
    // What is of no cell that ran: no kernel, or outputs that can't be written.
    for failed in all
        .iter()
        .zip(&told)
        .filter(|(_, told)| !**told)
        .map(|(failed, _)| failed)
    {
        let inner = failure_xml("error", title, failed);
        suite.errors += 1;
        suite.case(&file, "the notebook", Duration::ZERO, &inner);
    }
    if matches!(run.end, End::Stopped) {
        suite.errors += 1;
        suite.case(
            &file,
            "the notebook",
            Duration::ZERO,
            "      <error message=\"the run was stopped\"/>\n",
        );
    }
    if run.is_unchanged() {
        suite.skipped += 1;
        suite.case(
            &file,
            "the notebook",
            Duration::ZERO,
            "      <skipped message=\"unchanged since it passed\"/>\n",
        );
    }
    if run.is_flaky() {
        let message = format!(
            "      <flakyFailure type=\"flaky\" message=\"failed {} before\"/>\n",
            reason::count(run.failed_before, "time")
        );
        suite.case(&file, "the notebook, run again", run.took, &message);
    }
    suite
}

impl Suite {
    fn case(&mut self, file: &str, name: &str, took: Duration, inner: &str) {
        self.tests += 1;
        let name = escaped(name);
        let head = format!(
            "    <testcase classname=\"{file}\" name=\"{name}\" time=\"{}\"",
            seconds(took)
        );
        self.xml += &if inner.is_empty() {
            format!("{head}/>\n")
        } else {
            format!("{head}>\n{inner}    </testcase>\n")
        };
    }
}

fn failure_xml(element: &str, title: &Title, failed: &Failed) -> String {
    let message = escaped(&reason::first_line(&reason::reason(&failed.failure)));
    let text = escaped(&failure::block(Paint::plain_only(), title, failed));
    format!("      <{element} message=\"{message}\">{text}</{element}>\n")
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

/// Text as XML takes it, also between quotes. What XML can't hold in any form is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            control if control < ' ' || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}')
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::events::{CellRun, FailedCell, Failure};

    #[test]
    fn a_suite_has_a_case_for_each_cell() {
        let cell = |number: usize, outcome| CellRun {
            number,
            position: number,
            id: Some(format!("id-{number}")),
            line: "a < \"b\"".to_owned(),
            took: Duration::from_millis(1500),
            outcome,
        };
        let failed = Failed {
            cell: Some(FailedCell {
                number: 2,
                of: 3,
                position: 3,
                of_all: 4,
                id: None,
                source: "x".to_owned(),
                left: 0,
            }),
            failure: Failure::Error {
                name: "E0425".to_owned(),
                value: "no `x`\u{1b}[0m".to_owned(),
                traceback: Vec::new(),
                guessed: false,
            },
        };
        let run = Run {
            cells: vec![
                cell(1, Outcome::Passed),
                cell(2, Outcome::Failed),
                cell(3, Outcome::Skipped),
            ],
            solved: 0,
            took: Duration::from_secs(3),
            peak_memory: None,
            failed_before: 0,
            end: End::Failed(vec![failed]),
            fresh: None,
        };
        let title = Title {
            name: "a.ipynb".to_owned(),
            path: "a&b.ipynb".into(),
            cells: 3,
        };
        let suite = suite(&title, &run);
        assert_eq!(
            (suite.tests, suite.failures, suite.skipped, suite.errors),
            (3, 1, 1, 0)
        );
        insta::assert_snapshot!(suite.xml.trim_end(), @r#"
            <testcase classname="a&amp;b.ipynb" name="cell 1 (id-1): a &lt; &quot;b&quot;" time="1.500"/>
            <testcase classname="a&amp;b.ipynb" name="cell 2 (id-2): a &lt; &quot;b&quot;" time="1.500">
              <failure message="E0425: no `x`">a&amp;b.ipynb, code cell 2 of 3 (cell 3 of 4 if text cells are counted too)&#10;&#10;   1 │ x&#10;&#10;E0425: no `x`&#10;</failure>
            </testcase>
            <testcase classname="a&amp;b.ipynb" name="cell 3 (id-3): a &lt; &quot;b&quot;" time="1.500">
              <skipped message="tagged skip-execution"/>
            </testcase>
        "#);
    }
}
