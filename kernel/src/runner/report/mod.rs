//! Reporters: each turns the events of a run into one kind of report.
//!
//! [`terminal`] is for people who watch; [`junit`], [`lines_of_json`], [`github`] and [`html`] are for those who look
//! later. All see the same events.

mod bars;
mod difference;
mod exercise;
mod failure;
mod github;
mod html;
mod junit;
mod lines;
mod lines_of_json;
mod live;
mod reason;
mod summary;
mod targets;
mod terminal;

pub use failure::cell_difference;

use super::events::Event;
use super::plan::Plan;
use super::pool::Tally;
use crate::error::Result;
use crate::terminal::{Color, one_line};
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

/// What a report says about a notebook before it ran.
#[derive(Debug, Clone)]
pub struct Title {
    /// The short name, fit for a terminal.
    pub name: String,
    /// The path as it was given.
    pub path: PathBuf,
    /// How many code cells have something to run.
    pub cells: usize,
}

/// What all reports know about a run.
#[derive(Debug, Clone)]
pub struct Context {
    /// The notebooks.
    pub titles: Vec<Title>,
    /// The folder of executed copies, as it is shown.
    pub copies: Option<PathBuf>,
    /// When the run began.
    pub start: Instant,
    /// The same, by the clock on the wall.
    pub started_at: SystemTime,
}

impl Context {
    /// The context of the run that `plan` describes, which begins now.
    pub fn new(plan: &Plan) -> Self {
        let titles = plan.notebooks.iter().map(|planned| {
            let cells = planned.notebook.code_cells();
            Title {
                name: one_line(&planned.name),
                path: planned.path.clone(),
                cells: cells
                    .iter()
                    .filter(|cell| super::cell::has_code(planned, cell))
                    .count(),
            }
        });
        Context {
            titles: titles.collect(),
            copies: plan.copies.as_ref().map(|copies| copies.shown.clone()),
            start: Instant::now(),
            started_at: SystemTime::now(),
        }
    }
}

/// One kind of report.
pub trait Reporter {
    /// Takes an event.
    fn event(&mut self, context: &Context, event: &Event);

    /// Sums up.
    ///
    /// # Errors
    /// If the report can't be written.
    fn end(&mut self, context: &Context, tally: &Tally) -> Result<()>;
}

/// Which reports are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The file for JUnit's XML.
    pub junit: Option<PathBuf>,
    /// The file for lines of JSON; `-` is standard output.
    pub json: Option<PathBuf>,
    /// The file for the HTML page.
    pub html: Option<PathBuf>,
    /// Whether GitHub's annotations are printed.
    pub github: bool,
}

/// All reports of a run.
pub struct Reporters {
    context: Context,
    all: Vec<Box<dyn Reporter>>,
}

impl Reporters {
    /// The reports that are wanted, and the one on the terminal, which goes to standard error if standard output is
    /// taken.
    ///
    /// # Errors
    /// If a file can't be made, or would take the place of another.
    pub fn new(context: Context, wanted: &Wanted, color: Color) -> Result<Self> {
        let taken = wanted
            .json
            .as_deref()
            .is_some_and(|path| path.as_os_str() == "-");
        targets::prepare(&context, wanted)?;
        let mut all: Vec<Box<dyn Reporter>> = vec![Box::new(terminal::Terminal::new(color, taken))];
        if let Some(path) = &wanted.json {
            all.push(Box::new(lines_of_json::LinesOfJson::create(
                path, &context,
            )?));
        }
        if let Some(path) = &wanted.junit {
            all.push(Box::new(junit::JUnit::new(path)));
        }
        if let Some(path) = &wanted.html {
            all.push(Box::new(html::Html::new(path)));
        }
        // Annotations would stand among the lines of JSON.
        if wanted.github && !taken {
            all.push(Box::new(github::GitHub));
        }
        Ok(Reporters { context, all })
    }

    /// Shows an event.
    pub fn show(&mut self, event: &Event) {
        for reporter in &mut self.all {
            reporter.event(&self.context, event);
        }
    }

    /// Sums up.
    ///
    /// # Errors
    /// The first report that can't be written; the others are.
    pub fn end(&mut self, tally: &Tally) -> Result<()> {
        let mut result = Ok(());
        // The terminal last, so that the sums stand at the end.
        for reporter in self.all.iter_mut().rev() {
            let ended = reporter.end(&self.context, tally);
            result = result.and(ended);
        }
        result
    }
}
