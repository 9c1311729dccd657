//! One notebook: all its cells in order, in a fresh kernel, and then the solutions of its exercises.

use super::cell;
use super::conclude::{self, Progress};
use super::events::{End, Event, Failed, Failure, Problem, Run};
use super::exercise::{Exercise, Verdict, exercises};
use super::kernel::{Kernel, KernelCommand};
use super::plan::Planned;
use super::recorder::Recorder;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// The tag of cells that may fail.
const MAY_FAIL: &str = "raises-exception";
/// The tag of cells that are left out.
const LEFT_OUT: &str = "skip-execution";

/// What is the same for all notebooks of a run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What starts a kernel.
    pub kernel: KernelCommand,
    /// How long one cell may take.
    pub timeout: Duration,
    /// Whether notebooks that pass keep their fresh outputs.
    pub update: bool,
    /// Whether the fresh outputs must be the stored ones.
    pub check: bool,
}

/// The run of one notebook.
pub struct Execution<'a> {
    /// The notebook's index in the plan.
    pub index: usize,
    /// The notebook.
    pub planned: Planned,
    /// What is the same for all notebooks.
    pub settings: &'a Settings,
    /// Where to tell what happens.
    pub events: mpsc::UnboundedSender<Event>,
    /// Turns true when the run is to be stopped.
    pub stop: watch::Receiver<bool>,
}

impl Execution<'_> {
    /// Runs the notebook, writes the executed copy, and tells how it went.
    pub async fn run(mut self) {
        self.tell(Event::Started {
            notebook: self.index,
        });
        let start = Instant::now();
        let mut progress = Progress::default();
        let ended = self.run_cells(&mut progress).await;
        let (executed, skipped) = (progress.executed.len(), progress.skipped.len());
        let solved = progress.solved();
        let end = match ended {
            Some(Err(failed)) if failed.failure.is_no_run() => End::Failed(vec![*failed]),
            Some(outcome) => conclude::end(&self.planned, self.settings, progress, outcome),
            None => End::Stopped,
        };
        let run = Run {
            executed,
            skipped,
            solved,
            took: start.elapsed(),
            end,
        };
        self.tell(Event::Finished {
            notebook: self.index,
            run,
        });
    }

    fn tell(&self, event: Event) {
        // Nobody listens only after the run was broken off.
        let _ = self.events.send(event);
    }

    /// Whether the cells passed; nothing if the run was stopped.
    async fn run_cells(&mut self, progress: &mut Progress) -> Option<Result<(), Box<Failed>>> {
        let folder = self
            .planned
            .path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let started = tokio::select! {
            started = Kernel::start(&self.settings.kernel, folder.unwrap_or(Path::new("."))) => started,
            _ = self.stop.wait_for(|stop| *stop) => return None,
        };
        let mut kernel = match started {
            Ok(kernel) => kernel,
            Err(failure) => {
                return Some(Err(Box::new(Failed {
                    cell: None,
                    failure,
                })));
            }
        };
        let mut stop = self.stop.clone();
        let outcome = tokio::select! {
            outcome = self.run_in(&mut kernel, progress) => Some(outcome),
            _ = stop.wait_for(|stop| *stop) => None,
        };
        kernel.shut_down().await;
        outcome
    }

    async fn run_in(
        &self,
        kernel: &mut Kernel,
        progress: &mut Progress,
    ) -> Result<(), Box<Failed>> {
        let cells = self.planned.notebook.code_cells();
        for (done, cell) in cells.iter().enumerate() {
            if cell.has_tag(LEFT_OUT) {
                progress.skipped.push(cell.position);
                continue;
            }
            if cell.is_blank() {
                continue;
            }
            let line = cell
                .source
                .trim_start()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            self.tell(Event::CellStarted {
                notebook: self.index,
                done,
                line,
            });
            progress.executed.push(cell.position);
            progress.recorder.begin_cell();
            let result = cell::run(
                kernel,
                &cell.source,
                self.settings.timeout,
                &mut progress.recorder,
            )
            .await;
            match result {
                Err(Failure::Error { .. }) if cell.has_tag(MAY_FAIL) => {}
                Err(failure) => {
                    return Err(Box::new(Failed {
                        cell: conclude::failed_cell(&self.planned.notebook, cell),
                        failure,
                    }));
                }
                Ok(()) => {}
            }
        }
        self.solve(kernel, cells.len(), progress).await;
        Ok(())
    }

    /// Runs the solutions of the exercises. What they show is judged and not kept.
    async fn solve(&self, kernel: &mut Kernel, done: usize, progress: &mut Progress) {
        for exercise in exercises(&self.planned.notebook) {
            if exercise.cell.has_tag(LEFT_OUT) {
                continue;
            }
            let name = exercise.cell.id.as_deref().unwrap_or("an exercise");
            self.tell(Event::CellStarted {
                notebook: self.index,
                done,
                line: format!("solving {name}"),
            });
            let solved = self.solve_one(kernel, &exercise).await;
            let goes_on = !matches!(&solved, Err(Problem::SolutionFails { failure, .. }) if !failure.is_of_the_cell());
            progress.exercises.push((exercise, solved));
            if !goes_on {
                return;
            }
        }
    }

    async fn solve_one(&self, kernel: &mut Kernel, exercise: &Exercise) -> Result<(), Problem> {
        let source = exercise.solution.clone().map_err(Problem::NoSolution)?;
        let mut recorder = Recorder::default();
        recorder.begin_cell();
        if let Err(failure) = cell::run(kernel, &source, self.settings.timeout, &mut recorder).await
        {
            let failure = Box::new(failure);
            return Err(Problem::SolutionFails { source, failure });
        }
        let outputs: Vec<_> = recorder.into_outputs().flatten().collect();
        match Verdict::of(&outputs) {
            Verdict::Passed(_) => Ok(()),
            Verdict::NotYet(said) => Err(Problem::SolutionNotPassed {
                source,
                said: Some(said),
            }),
            Verdict::None => Err(Problem::SolutionNotPassed { source, said: None }),
        }
    }
}
