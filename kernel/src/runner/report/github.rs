//! GitHub's annotations: lines on standard output that it shows beside the changed files.

use super::{Context, Reporter, reason};
use crate::error::Result;
use crate::runner::events::{End, Event};
use crate::runner::pool::Tally;
use std::io::Write as _;

/// Prints an annotation for each failure.
pub struct GitHub;

impl Reporter for GitHub {
    fn event(&mut self, context: &Context, event: &Event) {
        let Event::Finished { notebook, run } = event else {
            return;
        };
        let Some(title) = context.titles.get(*notebook) else {
            return;
        };
        let path = title.path.display().to_string();
        let print = |kind: &str, place: &str, message: &str| {
            // A closed standard output leaves nobody to tell.
            let _ = writeln!(
                std::io::stdout(),
                "{}",
                annotation(kind, &path, place, message)
            );
        };
        if run.is_flaky() {
            let message = format!(
                "passed, after it had failed {}",
                reason::count(run.failed_before, "time")
            );
            print("warning", "flaky", &message);
        }
        if let End::Failed(all) = &run.end {
            for failed in all {
                let place = failed.cell.as_ref().map_or("notebook".to_owned(), |cell| {
                    format!("code cell {} of {}", cell.number, cell.of)
                });
                print("error", &place, &reason::reason(&failed.failure));
            }
        }
    }

    fn end(&mut self, _context: &Context, _tally: &Tally) -> Result<()> {
        Ok(())
    }
}

/// `::error file=a.ipynb,title=code cell 1 of 2::message`
fn annotation(kind: &str, path: &str, title: &str, message: &str) -> String {
    let message = message
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    let property = |text: &str| {
        let text = text
            .replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A");
        text.replace(':', "%3A").replace(',', "%2C")
    };
    format!(
        "::{kind} file={},title={}::{message}",
        property(path),
        property(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_an_annotation_is_escaped() {
        assert_eq!(
            annotation(
                "error",
                "a,b:c.ipynb",
                "code cell 1 of 2",
                "100 % wrong\nreally"
            ),
            "::error file=a%2Cb%3Ac.ipynb,title=code cell 1 of 2::100 %25 wrong%0Areally"
        );
    }
}
