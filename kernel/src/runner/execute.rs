//! One notebook: all its cells in order, in a fresh kernel, and then the solutions of its exercises.

use super::cache::Cache;
use super::cell::{Answers, Live, execute, first_line, has_code, judged};
use super::events::{CellRun, End, Event, Failed, Failure, Limit, Outcome, Run};
use super::judge::{self, Progress};
use super::marks::{Marks, Raises};
use super::plan::Planned;
use crate::client::{Execution as Request, Kernel, Raised, StartLimits};
use crate::compare::OwnRules;
use crate::notebook::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// The least time that a cell is given when the notebook's is nearly over.
const LEAST: Duration = Duration::from_millis(1);

/// What is the same for all notebooks of a run.
#[derive(Debug)]
pub struct Settings {
    /// How long one cell may take.
    pub timeout: Duration,
    /// How long one notebook may take.
    pub notebook_timeout: Option<Duration>,
    /// What a kernel may take.
    pub limits: StartLimits,
    /// Whether notebooks that pass keep their fresh outputs.
    pub update: bool,
    /// Whether the fresh outputs must be the stored ones.
    pub check: bool,
    /// Whether the cells after one that failed are run all the same.
    pub keep_going: bool,
    /// How often a notebook that failed is run again.
    pub retries: usize,
    /// The answers to the questions of each notebook, in order.
    pub answers: Vec<String>,
    /// The folder of executed copies.
    pub copies: Option<PathBuf>,
    /// Whether a report needs the fresh notebooks.
    pub keep_fresh: bool,
    /// Rules of a file for comparing outputs.
    pub rules: OwnRules,
    /// What is known of notebooks that passed, if those are passed over.
    pub cache: Option<Cache>,
    /// Whether what cells show is told as it comes.
    pub live: bool,
}

/// The run of one notebook.
pub struct Execution {
    /// The notebook's index in the plan.
    pub index: usize,
    /// The notebook.
    pub planned: Arc<Planned>,
    /// What is the same for all notebooks.
    pub settings: Arc<Settings>,
    /// Where to tell what happens.
    pub events: mpsc::UnboundedSender<Event>,
    /// Turns true when the run is to be stopped.
    pub stop: watch::Receiver<bool>,
}

/// What a running notebook has to be asked while it runs.
pub(super) struct Course<'a> {
    pub(super) kernel: &'a mut Kernel,
    pub(super) progress: &'a mut Progress,
    pub(super) answers: Answers,
    /// When the notebook's time is over.
    end: Option<Instant>,
}

impl Execution {
    /// Runs the notebook, again if it fails and may, writes the executed copy, and tells how it went.
    pub async fn run(mut self) {
        let mut now = match self.known().await {
            Ok(now) => now,
            Err(run) => {
                let notebook = self.index;
                return self.tell(Event::Finished { notebook, run });
            }
        };
        self.tell(Event::Started {
            notebook: self.index,
        });
        let mut failed_before = 0;
        loop {
            let mut run = self.run_once().await;
            run.failed_before = failed_before;
            if let (Some(cache), Some(now)) = (&self.settings.cache, now.take_if(|_| run.passed()))
            {
                cache.keep(&self.planned, &run, now, self.is_checked());
            }
            let notebook = self.index;
            let run = Box::new(run);
            if matches!(run.end, End::Failed(_)) && failed_before < self.settings.retries {
                failed_before += 1;
                self.tell(Event::Retried {
                    notebook,
                    failed: failed_before,
                    run,
                });
            } else {
                return self.tell(Event::Finished { notebook, run });
            }
        }
    }

    pub(super) fn tell(&self, event: Event) {
        // Nobody listens only after the run was broken off.
        let _ = self.events.send(event);
    }

    async fn run_once(&mut self) -> Run {
        let start = Instant::now();
        let mut progress = Progress::default();
        let (ended, kernel) = self.run_cells(&mut progress, start).await;
        let is_killed = ended.iter().flatten().any(hangs);
        // It takes a moment to end, which is no reason to wait with what it has told.
        let shut_down = async move {
            match kernel {
                Some(kernel) if is_killed => kernel.kill().await,
                Some(kernel) => kernel.shut_down().await,
                None => {}
            }
        };
        let mut run = Run {
            cells: progress.cells.clone(),
            solved: progress.solved(),
            took: start.elapsed(),
            peak_memory: progress.peak_memory,
            ..Run::default()
        };
        let Some(failed) = ended else {
            run.cells.extend(self.stopped_in(&progress));
            shut_down.await;
            return run;
        };
        if failed.iter().any(|failed| failed.failure.is_no_run()) {
            run.end = End::Failed(failed);
            shut_down.await;
            return run;
        }
        // Outputs may be large: judging and writing them must not keep the others waiting.
        let (planned, settings) = (self.planned.clone(), self.settings.clone());
        let concluded =
            tokio::task::spawn_blocking(move || judge::end(&planned, &settings, progress, failed));
        let (concluded, ()) = tokio::join!(concluded, shut_down);
        match concluded {
            Ok((end, fresh)) => (run.end, run.fresh) = (end, fresh),
            Err(error) => {
                let failure = Failure::Connection {
                    problem: format!("its outputs could not be judged: {error}"),
                };
                run.end = End::Failed(vec![Failed {
                    cell: None,
                    failure,
                }]);
            }
        }
        run.took = start.elapsed();
        run
    }

    /// The cell that ran when the run was stopped.
    fn stopped_in(&self, progress: &Progress) -> Option<CellRun> {
        let position = *progress.executed.last()?;
        let through = progress.cells.iter().any(|cell| cell.position == position);
        let cells = self.planned.notebook.code_cells();
        let index = cells
            .iter()
            .position(|cell| cell.position == position && !through)?;
        Some(CellRun {
            number: index + 1,
            position,
            id: cells[index].id.clone(),
            line: first_line(&cells[index].source),
            took: Duration::ZERO,
            outcome: Outcome::Stopped,
        })
    }

    /// What failed in the cells, or nothing if the run was stopped; and the kernel, if it came up.
    async fn run_cells(
        &mut self,
        progress: &mut Progress,
        start: Instant,
    ) -> (Option<Vec<Failed>>, Option<Kernel>) {
        let folder = self.planned.path.parent();
        let folder = folder
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let started = tokio::select! {
            started = Kernel::start(&self.planned.launch, folder, self.settings.limits) => started,
            _ = self.stop.wait_for(|stop| *stop) => return (None, None),
        };
        let mut kernel = match started {
            Ok(kernel) => kernel,
            Err(problem) => {
                let failed = Failed {
                    cell: None,
                    failure: problem.into(),
                };
                return (Some(vec![failed]), None);
            }
        };
        let mut stop = self.stop.clone();
        let course = Course {
            kernel: &mut kernel,
            progress: &mut *progress,
            answers: self.settings.answers.iter().cloned().collect(),
            end: self.settings.notebook_timeout.map(|time| start + time),
        };
        let failed = tokio::select! {
            failed = self.run_in(course) => Some(failed),
            _ = stop.wait_for(|stop| *stop) => None,
        };
        progress.peak_memory = kernel.peak_memory();
        (failed, Some(kernel))
    }

    async fn run_in(&self, mut course: Course<'_>) -> Vec<Failed> {
        let cells = self.planned.notebook.code_cells();
        let mut all_failed = Vec::new();
        for (done, cell) in cells.iter().enumerate() {
            let marks = Marks::of(cell);
            let mut cell_run = CellRun {
                number: done + 1,
                position: cell.position,
                id: cell.id.clone(),
                line: first_line(&cell.source),
                took: Duration::ZERO,
                outcome: Outcome::Skipped,
            };
            if !has_code(&self.planned, cell) {
                continue;
            }
            if marks.skip {
                self.finished(&mut course, cell_run);
                continue;
            }
            self.tell(Event::CellStarted {
                notebook: self.index,
                done,
                line: cell_run.line.clone(),
            });
            course.progress.executed.push(cell.position);
            course.progress.recorder.begin_cell();
            let allowed = self.planned.allow_errors.then_some(Raises::Allowed);
            let raises = marks.raises.clone().or(allowed);
            let start = Instant::now();
            let result = self.run_cell(&mut course, done + 1, cell, &marks).await;
            cell_run.took = start.elapsed();
            let (outcome, failure) = judged(result, raises.as_ref(), self.planned.guessed);
            cell_run.outcome = outcome;
            self.finished(&mut course, cell_run);
            if let Some(failure) = failure {
                // A cell that passed where it should not has left nothing undone.
                let passed = matches!(failure, Failure::NotRaised { got: None, .. });
                let goes_on = passed || self.settings.keep_going && failure.is_of_the_cell();
                let mut failed = judge::failed_cell(&self.planned.notebook, cell);
                if goes_on && let Some(failed) = &mut failed {
                    failed.left = 0;
                }
                all_failed.push(Failed {
                    cell: failed,
                    failure,
                });
                if !goes_on {
                    return all_failed;
                }
            }
        }
        if all_failed.is_empty() {
            self.solve(&mut course, cells.len()).await;
        }
        all_failed
    }

    fn finished(&self, course: &mut Course<'_>, cell: CellRun) {
        course.progress.cells.push(cell.clone());
        self.tell(Event::CellFinished {
            notebook: self.index,
            cell,
        });
    }

    async fn run_cell(
        &self,
        course: &mut Course<'_>,
        number: usize,
        cell: &Cell,
        marks: &Marks,
    ) -> Result<Option<Raised>, Failure> {
        let usual = self.planned.timeout.unwrap_or(self.settings.timeout);
        let own = marks.allowed(usual);
        let left = course
            .end
            .map(|end| end.saturating_duration_since(Instant::now()).max(LEAST));
        let allowed = left.map_or(own, |left| left.min(own));
        let request = Request {
            source: &cell.source,
            allowed,
        };
        let result = execute(
            course.kernel,
            request,
            &mut course.answers,
            &mut course.progress.recorder,
            self.settings.live.then_some(Live {
                events: &self.events,
                notebook: self.index,
                number,
            }),
        )
        .await;
        result.map_err(|failure| match failure {
            Failure::TimedOut {
                interrupted,
                refused,
                ..
            } => {
                let (after, limit) = match left {
                    Some(left) if left <= own => (
                        self.settings.notebook_timeout.unwrap_or(left),
                        Limit::Notebook,
                    ),
                    _ if marks.timeout.is_some() => (own, Limit::Own),
                    _ => (own, Limit::Cell),
                };
                Failure::TimedOut {
                    after,
                    limit,
                    // The notebook's time is over for the cells behind it too.
                    interrupted: interrupted && limit != Limit::Notebook,
                    refused,
                }
            }
            other => other,
        })
    }
}

/// Whether the kernel hangs: one that ignored an interrupt would not end by itself either.
fn hangs(failed: &Failed) -> bool {
    matches!(
        failed.failure,
        Failure::TimedOut {
            interrupted: false,
            ..
        }
    )
}
