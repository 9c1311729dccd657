//! The reporter: turns events into what people read.
//!
//! Results go to standard output, one line for each notebook and a block for each failure. If standard error
//! is a terminal, a progress bar for each running notebook lives there below the results.

mod bars;
mod difference;
mod exercise;
mod failure;
mod lines;
mod paint;

use super::events::{End, Event, Run};
use super::plan::Plan;
use super::pool::Tally;
use crate::cli::Color;
use bars::Bars;
pub use paint::Paint;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::Instant;

/// What a report says about a notebook before it ran.
#[derive(Debug, Clone)]
struct Title {
    /// The short name.
    name: String,
    /// The path as it was given.
    path: PathBuf,
    /// How many code cells there are.
    cells: usize,
}

/// Shows a run on the terminal.
pub struct Reporter {
    titles: Vec<Title>,
    copies: PathBuf,
    paint: Paint,
    bars: Option<Bars>,
    start: Instant,
}

impl Reporter {
    /// A reporter of the run that `plan` describes, which begins now.
    pub fn new(plan: &Plan, color: Color) -> Self {
        let titles = plan.notebooks.iter().map(|planned| Title {
            name: planned.name.clone(),
            path: planned.path.clone(),
            cells: planned.notebook.code_cells().len(),
        });
        Reporter {
            titles: titles.collect(),
            copies: plan.copies.clone(),
            paint: Paint::new(color),
            bars: std::io::stderr().is_terminal().then(Bars::new),
            start: Instant::now(),
        }
    }

    /// Shows an event.
    pub fn show(&mut self, event: &Event) {
        match event {
            Event::Started { notebook } => {
                let Some(title) = self.titles.get(*notebook) else {
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
            Event::Finished { notebook, run } => {
                let Some(title) = self.titles.get(*notebook).cloned() else {
                    return;
                };
                if let Some(bars) = &mut self.bars {
                    bars.remove(*notebook);
                }
                self.finished(&title, run);
            }
        }
    }

    /// Says that a signal came and kernels are being ended.
    pub fn stopping(&self) {
        self.print("Stopping the kernels; Ctrl-C again ends them at once.");
    }

    /// Sums up.
    pub fn summary(&self, tally: &Tally) {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
        self.print(&lines::summary(
            self.paint,
            tally,
            self.start.elapsed(),
            &self.copies,
        ));
    }

    fn finished(&self, title: &Title, run: &Run) {
        let line = match &run.end {
            End::Passed { updated } => lines::passed(self.paint, title, run, *updated),
            End::Failed(failed) => {
                let line = lines::failed(self.paint, title, run, failed);
                format!("{line}\n\n{}", failure::blocks(self.paint, title, failed))
            }
            End::Stopped => lines::stopped(self.paint, title, run),
        };
        self.print(&line);
    }

    /// Prints on standard output, above the progress bars.
    fn print(&self, text: &str) {
        // A closed standard output leaves nobody to tell; the exit code still does.
        let write = || {
            let _ = writeln!(std::io::stdout(), "{text}");
        };
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }
}
