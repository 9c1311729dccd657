//! The report on the terminal.
//!
//! Results go to standard output, one line for each notebook and a block for each failure. If standard error
//! is a terminal, a progress bar for each running notebook lives there below the results.

use super::bars::Bars;
use super::live::{Line, Live, Piece};
use super::{Context, Reporter, Title, failure, lines, summary};
use crate::error::Result;
use crate::runner::events::{End, Event, Run, Stop};
use crate::runner::pool::Tally;
use crate::terminal::{Color, Paint};
use std::io::{IsTerminal as _, Write as _};

/// Shows a run on the terminal.
pub struct Terminal {
    paint: Paint,
    bars: Option<Bars>,
    /// Whether results go to standard error.
    to_stderr: bool,
    /// What cells show while they run.
    live: Live,
}

impl Terminal {
    /// A report in these colours.
    pub fn new(color: Color, to_stderr: bool) -> Self {
        Terminal {
            paint: Paint::new(color),
            bars: std::io::stderr().is_terminal().then(Bars::new),
            to_stderr,
            live: Live::default(),
        }
    }

    fn print_live(&self, title: &Title, number: usize, lines: &[Line]) {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| line.shown(self.paint, title, number))
            .collect();
        if !lines.is_empty() {
            self.print(&lines.join("\n"));
        }
    }

    fn finished(&self, title: &Title, run: &Run) {
        let line = match &run.end {
            End::Passed { updated } => lines::passed(self.paint, title, run, *updated),
            End::Failed(failed) => {
                let line = lines::failed(self.paint, title, run, failed);
                format!("{line}\n\n{}", failure::blocks(self.paint, title, failed))
            }
            End::Unchanged { since } => lines::unchanged(self.paint, title, *since),
            End::Stopped => lines::stopped(self.paint, title, run),
        };
        self.print(&line);
    }

    /// Prints above the progress bars.
    fn print(&self, text: &str) {
        // A closed output leaves nobody to tell; the exit code still does.
        let write = || {
            let _ = if self.to_stderr {
                writeln!(std::io::stderr(), "{text}")
            } else {
                writeln!(std::io::stdout(), "{text}")
            };
        };
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }
}

impl Reporter for Terminal {
    fn event(&mut self, context: &Context, event: &Event) {
        match event {
            Event::Started { notebook } => {
                let Some(title) = context.titles.get(*notebook) else {
                    return;
                };
                match &mut self.bars {
                    Some(bars) => bars.add(*notebook, &title.name, title.cells),
                    None => self.print(&lines::started(self.paint, title)),
                }
            }
            Event::CellStarted {
                notebook,
                done,
                line,
            } => {
                if let Some(bars) = &mut self.bars {
                    bars.advance(*notebook, *done, line);
                }
            }
            Event::Shown {
                notebook,
                number,
                is_error,
                is_printed,
                text,
            } => {
                if let Some(title) = context.titles.get(*notebook) {
                    let piece = Piece {
                        is_error: *is_error,
                        is_printed: *is_printed,
                        text,
                    };
                    let lines = self.live.take(*notebook, *number, piece);
                    self.print_live(title, *number, &lines);
                }
            }
            Event::CellFinished { notebook, cell } => {
                if let Some(title) = context.titles.get(*notebook) {
                    let lines = self.live.end(*notebook);
                    self.print_live(title, cell.number, &lines);
                }
            }
            Event::NotCached { notebook, why } => {
                if let Some(title) = context.titles.get(*notebook) {
                    self.print(&lines::not_cached(self.paint, title, why));
                }
            }
            Event::Stopping(why) => self.print(match why {
                Stop::Signal(_) => "Stopping the kernels; Ctrl-C again ends them at once.",
                Stop::Failure => "A notebook failed: stopping the others (--fail-fast).",
                Stop::Time(_) => "The time for the whole run is over: stopping the kernels.",
            }),
            Event::Retried { notebook, run, .. } => {
                if let (Some(title), End::Failed(failed)) =
                    (context.titles.get(*notebook), &run.end)
                {
                    self.print(&lines::retried(self.paint, title, run, failed));
                }
            }
            Event::Finished { notebook, run } => {
                if let Some(bars) = &mut self.bars {
                    bars.remove(*notebook);
                }
                if let Some(title) = context.titles.get(*notebook) {
                    self.finished(title, run);
                }
            }
        }
    }

    fn end(&mut self, context: &Context, tally: &Tally) -> Result<()> {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
        self.print(&summary::summary(
            self.paint,
            tally,
            context.start.elapsed(),
            context.copies.as_deref(),
        ));
        Ok(())
    }
}
