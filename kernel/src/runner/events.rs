//! What happens in a run, as values: the runner sends them, reporters show them.

pub use super::failure::{Failed, FailedCell, Failure, Limit, Problem};

use crate::notebook::Notebook;
use std::time::Duration;

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A notebook's kernel is being started.
    Started {
        /// The notebook's index in the plan.
        notebook: usize,
    },
    /// A cell begins to run.
    CellStarted {
        /// The notebook's index in the plan.
        notebook: usize,
        /// How many code cells are behind it.
        done: usize,
        /// The first line of its source.
        line: String,
    },
    /// A cell shows something; told only if somebody wants to watch.
    Shown {
        /// The notebook's index in the plan.
        notebook: usize,
        /// The cell's number among the code cells, from 1.
        number: usize,
        /// Whether it went to standard error.
        is_error: bool,
        /// Whether it was printed, so that its last line may go on in the next piece.
        is_printed: bool,
        /// The text; of other formats, the plain one.
        text: String,
    },
    /// A cell is through.
    CellFinished {
        /// The notebook's index in the plan.
        notebook: usize,
        /// How it went.
        cell: CellRun,
    },
    /// A notebook failed and is run again.
    Retried {
        /// The notebook's index in the plan.
        notebook: usize,
        /// How often it has failed by now.
        failed: usize,
        /// How it went.
        run: Box<Run>,
    },
    /// A notebook runs although others are passed over if nothing changed since they passed.
    NotCached {
        /// The notebook's index in the plan.
        notebook: usize,
        /// Why, like `code changed`.
        why: String,
    },
    /// The run is being stopped.
    Stopping(Stop),
    /// A notebook is through.
    Finished {
        /// The notebook's index in the plan.
        notebook: usize,
        /// How it went.
        run: Box<Run>,
    },
}

/// Why a run was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A signal came, with this exit code.
    Signal(u8),
    /// A notebook failed, and that was to be the end.
    Failure,
    /// The time for the whole run was over.
    Time(Duration),
}

/// How the run of one cell went.
#[derive(Debug, Clone, PartialEq)]
pub struct CellRun {
    /// Its number among the code cells, from 1.
    pub number: usize,
    /// Its place among all cells, from 0.
    pub position: usize,
    /// Its id.
    pub id: Option<String>,
    /// The first line of its source.
    pub line: String,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a cell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Without an error.
    Passed,
    /// In an error, as its tag wants.
    Raised,
    /// In an error or worse.
    Failed,
    /// It was left out for its tag.
    Skipped,
    /// The run was stopped while it ran.
    Stopped,
}

/// How the run of one notebook went.
#[derive(Debug, Default)]
pub struct Run {
    /// The cells, in order, as far as the run came.
    pub cells: Vec<CellRun>,
    /// How many exercises their solutions solved.
    pub solved: usize,
    /// How long it took, with the kernel's start.
    pub took: Duration,
    /// The most memory that the kernel was seen to use, in bytes.
    pub peak_memory: Option<u64>,
    /// How often it failed before.
    pub failed_before: usize,
    /// How it ended.
    pub end: End,
    /// The notebook with its fresh outputs, if a report needs it.
    pub fresh: Option<Notebook>,
}

impl Run {
    /// How many cells were executed.
    pub fn executed(&self) -> usize {
        self.cells.len() - self.skipped()
    }

    /// How many cells were left out for their tag.
    pub fn skipped(&self) -> usize {
        let skipped = self
            .cells
            .iter()
            .filter(|cell| cell.outcome == Outcome::Skipped);
        skipped.count()
    }

    /// Whether it passed.
    pub fn passed(&self) -> bool {
        matches!(self.end, End::Passed { .. })
    }

    /// Whether it was not run, because nothing changed since it passed.
    pub fn is_unchanged(&self) -> bool {
        matches!(self.end, End::Unchanged { .. })
    }

    /// Whether it passed only after it had failed.
    pub fn is_flaky(&self) -> bool {
        self.passed() && self.failed_before > 0
    }

    /// Whether it could not be run at all.
    pub fn is_no_run(&self) -> bool {
        matches!(&self.end, End::Failed(failed) if failed.iter().any(|one| one.failure.is_no_run()))
    }
}

/// How the run of a notebook ended.
#[derive(Debug, Default)]
pub enum End {
    /// All cells passed.
    Passed {
        /// Whether the source has new outputs.
        updated: bool,
    },
    /// Something failed: one thing at least, in the order of the cells.
    Failed(Vec<Failed>),
    /// It was not run: nothing changed since it passed.
    Unchanged {
        /// How long ago it passed.
        since: Duration,
    },
    /// The run was stopped.
    #[default]
    Stopped,
}
