//! One notebook: all its cells in order, in a fresh kernel.

use super::cell;
use super::events::{End, Event, Failed, FailedCell, Failure, Run};
use super::kernel::{Kernel, KernelCommand};
use super::plan::Planned;
use super::recorder::Recorder;
use crate::notebook::{CodeCell, Written, replace};
use std::fs;
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

/// What became of the cells.
#[derive(Default)]
struct Progress {
    recorder: Recorder,
    /// The places of the cells that were begun.
    executed: Vec<usize>,
    /// The places of the cells that were left out.
    skipped: Vec<usize>,
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
        let end = match ended {
            Some(Err(failed)) if failed.failure.is_no_run() => End::Failed(failed),
            Some(outcome) => self.write(progress, outcome),
            None => End::Stopped,
        };
        let run = Run {
            executed,
            skipped,
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
                    let cell = Some(self.failed_cell(cell, done + 1, cells.len()));
                    return Err(Box::new(Failed { cell, failure }));
                }
                Ok(()) => {}
            }
        }
        Ok(())
    }

    fn failed_cell(&self, cell: &CodeCell, number: usize, of: usize) -> FailedCell {
        FailedCell {
            number,
            of,
            position: cell.position + 1,
            of_all: self.planned.notebook.len(),
            id: cell.id.clone(),
            source: cell.source.clone(),
        }
    }

    /// Writes the executed copy, and the source if that is wanted and the cells passed.
    fn write(&self, progress: Progress, outcome: Result<(), Box<Failed>>) -> End {
        let bytes = self.executed(progress);
        let failed = |failure| {
            End::Failed(Box::new(Failed {
                cell: None,
                failure,
            }))
        };
        let copied = replace(&self.planned.copy, &bytes);
        match (outcome, copied) {
            (Err(earlier), _) => End::Failed(earlier),
            (Ok(()), Err(error)) => failed(Failure::NotWritten(error)),
            (Ok(()), Ok(_)) if !self.settings.update => End::Passed { updated: false },
            (Ok(()), Ok(_)) => match self.update(&bytes) {
                Ok(written) => End::Passed {
                    updated: written == Written::Changed,
                },
                Err(failure) => failed(failure),
            },
        }
    }

    /// The notebook's bytes with the fresh outputs. Cells that did not run have none.
    fn executed(&self, progress: Progress) -> Vec<u8> {
        let mut notebook = self.planned.notebook.clone();
        for cell in notebook.code_cells() {
            if !progress.skipped.contains(&cell.position) {
                notebook.set_outputs(cell.position, None, Vec::new());
            }
        }
        let outputs = progress.recorder.into_outputs();
        for (count, (position, outputs)) in (1..).zip(progress.executed.into_iter().zip(outputs)) {
            notebook.set_outputs(position, Some(count), outputs);
        }
        notebook.to_bytes()
    }

    fn update(&self, bytes: &[u8]) -> Result<Written, Failure> {
        let path = &self.planned.path;
        if fs::read(path).is_ok_and(|now| now == self.planned.bytes) {
            replace(path, bytes).map_err(Failure::NotWritten)
        } else {
            Err(Failure::ChangedMeanwhile)
        }
    }
}
