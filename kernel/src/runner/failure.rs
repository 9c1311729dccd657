//! What can fail in a run, and where.

use super::exercise::NoBlock;
use crate::client;
use crate::compare::Difference;
use crate::error::Error;
use serde_json::Value;
use std::time::Duration;

/// What failed, and where.
#[derive(Debug)]
pub struct Failed {
    /// The cell, if it was a cell.
    pub cell: Option<FailedCell>,
    /// What failed.
    pub failure: Failure,
}

/// A cell that failed.
#[derive(Debug, Clone)]
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
    /// How many code cells behind it were not run.
    pub left: usize,
}

/// Why a notebook failed.
#[derive(Debug)]
pub enum Failure {
    /// The kernel did not come up, or can run no cell.
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
        /// Whether the notebook does not say in which language it is, so that Rust was assumed.
        guessed: bool,
    },
    /// A cell that must raise an error did not, or raised another.
    NotRaised {
        /// The error that it must raise, if that is said.
        wanted: Option<String>,
        /// The error that it raised, if it raised one.
        got: Option<String>,
    },
    /// A cell ran too long.
    TimedOut {
        /// How long it was allowed to run.
        after: Duration,
        /// Which limit it was.
        limit: Limit,
        /// Whether it ended when it was interrupted.
        interrupted: bool,
        /// How many of the kernel's messages could not be taken.
        refused: usize,
    },
    /// The kernel's process ended.
    Died {
        /// Its exit code or signal.
        how: String,
        /// The last lines that the kernel printed.
        log: String,
    },
    /// The kernel used more memory than it may.
    Memory {
        /// What it used, in bytes.
        used: u64,
        /// What it may use, in bytes.
        limit: u64,
    },
    /// A cell asked for input.
    Input {
        /// The prompt.
        prompt: String,
        /// Whether the cell ended when it was interrupted, so that the kernel can go on.
        interrupted: bool,
    },
    /// The connection to the kernel broke, or the kernel does not keep to the protocol.
    Connection {
        /// What was seen.
        problem: String,
    },
    /// An exercise is not one, or its solution does not solve it.
    Exercise(Problem),
    /// A cell's fresh outputs are not the stored ones.
    Differs {
        /// How they differ.
        differences: Vec<Difference>,
        /// The outputs that are stored.
        stored: Vec<Value>,
        /// Those of this run.
        fresh: Vec<Value>,
    },
    /// The notebook was changed by somebody else during the run, so its outputs were not updated.
    ChangedMeanwhile,
    /// The notebook was removed during the run, so its outputs were not updated.
    RemovedMeanwhile,
    /// The executed copy or the updated notebook can't be written.
    NotWritten(Error),
}

/// The limit that a cell came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// That of all cells.
    Cell,
    /// Its own.
    Own,
    /// That of the notebook.
    Notebook,
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

impl From<client::Problem> for Failure {
    fn from(problem: client::Problem) -> Self {
        match problem {
            client::Problem::NoKernel { problem, log } => Failure::NoKernel { problem, log },
            client::Problem::Died { how, log } => Failure::Died { how, log },
            client::Problem::Memory { used, limit } => Failure::Memory { used, limit },
            client::Problem::TimedOut {
                after,
                interrupted,
                refused,
            } => Failure::TimedOut {
                after,
                limit: Limit::Cell,
                interrupted,
                refused,
            },
            client::Problem::Asked {
                prompt,
                interrupted,
            } => Failure::Input {
                prompt,
                interrupted,
            },
            client::Problem::Connection { problem } => Failure::Connection { problem },
        }
    }
}

impl Failure {
    /// Whether the notebook could not be run at all, as opposed to one that ran and failed.
    pub fn is_no_run(&self) -> bool {
        matches!(self, Failure::NoKernel { .. })
    }

    /// Whether the cell failed and the kernel can go on.
    pub fn is_of_the_cell(&self) -> bool {
        matches!(
            self,
            Failure::Error { .. }
                | Failure::NotRaised { .. }
                | Failure::Input {
                    interrupted: true,
                    ..
                }
                | Failure::TimedOut {
                    interrupted: true,
                    ..
                }
        )
    }

    /// Whether it is about outputs or an exercise, and not about a cell that did not run to its end.
    pub fn is_of_the_outputs(&self) -> bool {
        matches!(self, Failure::Exercise(_) | Failure::Differs { .. })
    }
}
