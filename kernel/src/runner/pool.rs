//! The pool: several notebooks at a time, and what becomes of them when the run is to be stopped.
//!
//! The first Ctrl-C or SIGTERM lets the kernels end politely; the second kills them.

use super::events::{End, Event, Run, Stop};
use super::execute::{Execution, Settings};
use super::plan::Planned;
use crate::error::Result;
use crate::signals::Signals;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// The sums over a run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Notebooks that were planned.
    pub planned: usize,
    /// Notebooks that passed.
    pub passed: usize,
    /// Notebooks that were not run, because nothing changed since they passed.
    pub unchanged: usize,
    /// Notebooks that passed only after they had failed.
    pub flaky: usize,
    /// Notebooks that failed.
    pub failed: usize,
    /// Notebooks that could not be run.
    pub not_run: usize,
    /// Notebooks with new outputs.
    pub updated: usize,
    /// Cells that were executed.
    pub cells: usize,
    /// Exercises that their solutions solved.
    pub solved: usize,
    /// Why the run was stopped.
    pub stopped: Option<Stop>,
}

impl Tally {
    /// What the process exits with: 0, 1 if a notebook failed or there was no time for it, 2 if one could not be run,
    /// 128 and the number of the signal that stopped the run.
    pub fn exit_code(&self) -> u8 {
        match self.stopped {
            Some(Stop::Signal(code)) => code,
            _ if self.not_run > 0 => 2,
            _ if self.failed > 0 => 1,
            Some(Stop::Time(_) | Stop::Failure) => 1,
            None => 0,
        }
    }

    /// How many notebooks came to their end.
    pub fn ended(&self) -> usize {
        self.passed + self.unchanged + self.failed + self.not_run
    }

    fn count(&mut self, event: &Event) {
        let Event::Finished { run, .. } = event else {
            return;
        };
        self.cells += run.executed();
        self.solved += run.solved;
        self.flaky += usize::from(run.is_flaky());
        match &run.end {
            End::Passed { updated } => {
                self.passed += 1;
                self.updated += usize::from(*updated);
            }
            End::Unchanged { .. } => self.unchanged += 1,
            End::Failed(_) if run.is_no_run() => self.not_run += 1,
            End::Failed(_) => self.failed += 1,
            End::Stopped => {}
        }
    }
}

/// How the pool works.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many notebooks run at a time.
    pub jobs: usize,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// How long the whole run may take.
    pub time: Option<Duration>,
}

/// Runs all notebooks.
///
/// # Errors
/// [`crate::error::Error::System`] if signals can't be caught. Failures of notebooks are events, not errors.
pub async fn run(
    notebooks: &[Arc<Planned>],
    limits: Limits,
    settings: Settings,
    tell: &mut dyn FnMut(&mut Event),
) -> Result<Tally> {
    let mut signals = Signals::catch()?;
    let settings = Arc::new(settings);
    let (sender, mut events) = mpsc::unbounded_channel();
    let (stop, stopped) = watch::channel(false);
    let mut tally = Tally {
        planned: notebooks.len(),
        ..Tally::default()
    };
    let mut waiting = notebooks.iter().cloned().enumerate();
    let mut running = JoinSet::new();
    let time_is_over = async {
        match limits.time {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(time_is_over);
    let mut time_is_up = false;
    loop {
        while running.len() < limits.jobs && tally.stopped.is_none() {
            let Some((index, planned)) = waiting.next() else {
                break;
            };
            let execution = Execution {
                index,
                planned,
                settings: settings.clone(),
                events: sender.clone(),
                stop: stopped.clone(),
            };
            running.spawn(execution.run());
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            biased;
            signal = signals.next() => {
                if matches!(tally.stopped, Some(Stop::Signal(_))) {
                    running.shutdown().await;
                }
                tally.stopped = Some(Stop::Signal(signal));
                stop.send_replace(true);
                tell(&mut Event::Stopping(Stop::Signal(signal)));
            }
            () = &mut time_is_over, if !time_is_up => {
                time_is_up = true;
                if tally.stopped.is_none() {
                    let why = Stop::Time(limits.time.unwrap_or_default());
                    tally.stopped = Some(why);
                    stop.send_replace(true);
                    tell(&mut Event::Stopping(why));
                }
            }
            Some(mut event) = events.recv() => {
                tally.count(&event);
                let ends = matches!(&event, Event::Finished { run, .. } if is_failure(run));
                tell(&mut event);
                if limits.fail_fast && ends && tally.stopped.is_none() && tally.ended() < tally.planned {
                    tally.stopped = Some(Stop::Failure);
                    stop.send_replace(true);
                    tell(&mut Event::Stopping(Stop::Failure));
                }
            }
            Some(_) = running.join_next() => {}
        }
    }
    while let Ok(mut event) = events.try_recv() {
        tally.count(&event);
        tell(&mut event);
    }
    Ok(tally)
}

fn is_failure(run: &Run) -> bool {
    matches!(run.end, End::Failed(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_tells_the_worst_that_happened() {
        let all_well = Tally {
            planned: 2,
            passed: 2,
            ..Tally::default()
        };
        let one_failed = Tally {
            passed: 1,
            failed: 1,
            ..all_well.clone()
        };
        let one_not_run = Tally {
            not_run: 1,
            ..one_failed.clone()
        };
        let stopped = Tally {
            stopped: Some(Stop::Signal(130)),
            ..one_not_run.clone()
        };
        assert_eq!(
            [all_well.clone(), one_failed, one_not_run, stopped].map(|tally| tally.exit_code()),
            [0, 1, 2, 130]
        );
        let late = Tally {
            stopped: Some(Stop::Time(Duration::from_secs(1))),
            ..all_well
        };
        assert_eq!(late.exit_code(), 1);
    }
}
