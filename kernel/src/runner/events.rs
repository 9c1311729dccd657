//! What happens in a run, as values: the runner sends them, the reporter shows them.

use super::exercise::NoBlock;
use crate::compare::Difference;
use crate::error::Error;
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
    /// A notebook is through.
    Finished {
        /// The notebook's index in the plan.
        notebook: usize,
        /// How it went.
        run: Run,
    },
}

/// How the run of one notebook went.
#[derive(Debug)]
pub struct Run {
    /// How many cells were executed.
    pub executed: usize,
    /// How many cells were left out for their tag.
    pub skipped: usize,
    /// How many exercises their solutions solved.
    pub solved: usize,
    /// How long it took, with the kernel's start.
    pub took: Duration,
    /// How it ended.
    pub end: End,
}

/// How the run of a notebook ended.
#[derive(Debug)]
pub enum End {
    /// All cells passed.
    Passed {
        /// Whether the source has new outputs.
        updated: bool,
    },
    /// Something failed: one thing at least, in the order of the cells.
    Failed(Vec<Failed>),
    /// The run was stopped by a signal.
    Stopped,
}

/// What failed, and where.
#[derive(Debug)]
pub struct Failed {
    /// The cell, if it was a cell.
    pub cell: Option<FailedCell>,
    /// What failed.
    pub failure: Failure,
}

/// A cell that failed.
#[derive(Debug)]
pub struct FailedCell {
    /// Its number among the code cells, from 1.
    pub number: usize,
    /// How many code cells there are.
    pub of: usize,
    /// Its number among all cells, from 1.
    pub position: usize,
    /// How many cells there are.
    pub of_all: usize,
    /// Its id.
    pub id: Option<String>,
    /// Its source.
    pub source: String,
}

/// Why a notebook failed.
#[derive(Debug)]
pub enum Failure {
    /// The kernel did not come up.
    NoKernel {
        /// What was seen.
        problem: String,
        /// The last lines that the kernel printed.
        log: String,
    },
    /// A cell ended in an error.
    Error {
        /// The kind of error, like `E0425`.
        name: String,
        /// The message.
        value: String,
        /// The kernel's account of it, with colours.
        traceback: Vec<String>,
    },
    /// A cell ran too long.
    TimedOut {
        /// How long it was allowed to run.
        after: Duration,
    },
    /// The kernel's process ended.
    Died {
        /// Its exit code or signal.
        how: String,
        /// The last lines that the kernel printed.
        log: String,
    },
    /// A cell asked for input.
    Input {
        /// The prompt.
        prompt: String,
    },
    /// The connection to the kernel broke.
    Connection {
        /// What was seen.
        problem: String,
    },
    /// An exercise is not one, or its solution does not solve it.
    Exercise(Problem),
    /// A cell's fresh outputs are not the stored ones.
    Differs(Vec<Difference>),
    /// The notebook was changed by somebody else during the run, so its outputs were not updated.
    ChangedMeanwhile,
    /// The executed copy or the updated notebook can't be written.
    NotWritten(Error),
}

/// What is wrong with an exercise.
#[derive(Debug)]
pub enum Problem {
    /// Another exercise has the same id.
    SharedId,
    /// The stub passes as it stands.
    StubPasses {
        /// What the check said.
        said: String,
    },
    /// The stub's check says nothing.
    StubSaysNothing,
    /// There is no solution to run.
    NoSolution(NoBlock),
    /// The solution does not run.
    SolutionFails {
        /// Its source.
        source: String,
        /// Why not.
        failure: Box<Failure>,
    },
    /// The solution runs, but does not pass.
    SolutionNotPassed {
        /// Its source.
        source: String,
        /// What the check said, if it said something.
        said: Option<String>,
    },
}

impl Failure {
    /// Whether the notebook could not be run at all, as opposed to one that ran and failed.
    pub fn is_no_run(&self) -> bool {
        matches!(self, Failure::NoKernel { .. })
    }

    /// Whether the cell failed and the kernel can go on.
    pub fn is_of_the_cell(&self) -> bool {
        matches!(self, Failure::Error { .. })
    }

    /// Whether the cells after the one that failed were left alone.
    pub fn ends_the_notebook(&self) -> bool {
        !matches!(self, Failure::Exercise(_) | Failure::Differs(_))
    }
}
