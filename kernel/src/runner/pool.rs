//! The pool: several notebooks at a time, and what becomes of them when a signal comes.
//!
//! The first Ctrl-C or SIGTERM lets the kernels end politely; the second kills them.

use super::events::{End, Event};
use super::execute::{Execution, Settings};
use super::plan::Plan;
use super::report::Reporter;
use crate::error::Result;
use crate::signals::Signals;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// The sums over a run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Notebooks that were planned.
    pub planned: usize,
    /// Notebooks that passed.
    pub passed: usize,
    /// Notebooks that failed.
    pub failed: usize,
    /// Notebooks whose kernel did not come up.
    pub not_run: usize,
    /// Notebooks with new outputs.
    pub updated: usize,
    /// Cells that were executed.
    pub cells: usize,
    /// Exercises that their solutions solved.
    pub solved: usize,
    /// The exit code for the signal that stopped the run.
    pub signal: Option<u8>,
}

impl Tally {
    /// What the process exits with: 0, 1 if a notebook failed, 2 if one could not be run, 128 and the number
    /// of the signal that stopped the run.
    pub fn exit_code(&self) -> u8 {
        match self.signal {
            Some(code) => code,
            None if self.not_run > 0 => 2,
            None if self.failed > 0 => 1,
            None => 0,
        }
    }

    fn count(&mut self, event: &Event) {
        let Event::Finished { run, .. } = event else {
            return;
        };
        self.cells += run.executed;
        self.solved += run.solved;
        match &run.end {
            End::Passed { updated } => {
                self.passed += 1;
                self.updated += usize::from(*updated);
            }
            End::Failed(failed) if failed.iter().any(|one| one.failure.is_no_run()) => {
                self.not_run += 1;
            }
            End::Failed(_) => self.failed += 1,
            End::Stopped => {}
        }
    }
}

/// Runs all notebooks of the plan, `jobs` at a time.
///
/// # Errors
/// [`crate::error::Error::System`] if signals can't be caught. Failures of notebooks are events, not errors.
pub async fn run(
    plan: Plan,
    jobs: usize,
    settings: Settings,
    reporter: &mut Reporter,
) -> Result<Tally> {
    let mut signals = Signals::catch()?;
    let settings = Arc::new(settings);
    let (sender, mut events) = mpsc::unbounded_channel();
    let (stop, stopped) = watch::channel(false);
    let mut tally = Tally {
        planned: plan.notebooks.len(),
        ..Tally::default()
    };
    let mut waiting = plan.notebooks.into_iter().enumerate();
    let mut running = JoinSet::new();
    loop {
        while running.len() < jobs && tally.signal.is_none() {
            let Some((index, planned)) = waiting.next() else {
                break;
            };
            let (settings, events, stop) = (settings.clone(), sender.clone(), stopped.clone());
            running.spawn(async move {
                Execution {
                    index,
                    planned,
                    settings: &settings,
                    events,
                    stop,
                }
                .run()
                .await;
            });
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            biased;
            signal = signals.next() => {
                if tally.signal.is_some() {
                    running.shutdown().await;
                }
                tally.signal = Some(signal);
                stop.send_replace(true);
                reporter.stopping();
            }
            Some(event) = events.recv() => {
                tally.count(&event);
                reporter.show(&event);
            }
            Some(_) = running.join_next() => {}
        }
    }
    while let Ok(event) = events.try_recv() {
        tally.count(&event);
        reporter.show(&event);
    }
    reporter.summary(&tally);
    Ok(tally)
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
            signal: Some(130),
            ..one_not_run.clone()
        };
        assert_eq!(
            [all_well, one_failed, one_not_run, stopped].map(|tally| tally.exit_code()),
            [0, 1, 2, 130]
        );
    }
}
