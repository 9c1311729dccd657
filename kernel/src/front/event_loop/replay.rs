//! `:replay`: runs again what made the variables, after the process that held them has ended.
//!
//! The cells run in their order, as they were compiled, and what they print and show is not shown again.

use super::EventLoop;
use crate::front::context::Entry;
use crate::front::traceback::CellError;
use jupyter_protocol::JupyterMessage;
use std::collections::VecDeque;

/// The command.
pub(super) const REPLAY: &str = ":replay";

/// The cells that are run again.
pub(super) struct Replay {
    /// The one that runs now.
    now: Option<Entry>,
    rest: VecDeque<Entry>,
    done: usize,
}

impl EventLoop {
    /// Begins to run again what made the variables.
    pub(super) async fn replay(&mut self, request: JupyterMessage) {
        self.printer.flush(&mut self.client).await;
        self.printer.begin(&request);
        let rest: VecDeque<Entry> = self.context.take_lost_cells().into();
        if rest.is_empty() {
            let error = CellError::new(
                "error",
                "there is nothing to run again: `:replay` gets back variables after a crash",
            );
            return self.fail(&request, &error, self.count).await;
        }
        self.replay = Some(Replay {
            now: None,
            rest,
            done: 0,
        });
        self.replay_next(request).await;
    }

    /// Keeps what a cell has made that was run again, and runs the next.
    pub(super) async fn replay_next(&mut self, request: JupyterMessage) {
        let Some(replay) = &mut self.replay else {
            return;
        };
        if let Some(entry) = replay.now.take() {
            self.context.restore(entry, &self.workdir);
            replay.done += 1;
        }
        if let Some(entry) = replay.rest.pop_front() {
            let cell = entry.cell();
            replay.now = Some(entry);
            return Box::pin(self.start(request, cell, false)).await;
        }
        let done = replay.done;
        self.replay = None;
        let cells = if done == 1 { "cell" } else { "cells" };
        let text = format!("{done} {cells} run again\n");
        self.printer.print("stdout", &text, &mut self.client).await;
        self.printer.flush(&mut self.client).await;
        self.succeed(&request, self.count).await;
        Box::pin(self.run_next()).await;
    }

    /// Gives up what is run again, as a cell of it failed. Says which.
    pub(super) fn end_replay(&mut self, error: &mut CellError) {
        if let Some(label) = self
            .replay
            .take()
            .and_then(|it| it.now)
            .map(|it| it.label())
        {
            let text =
                format!("cell [{label}] failed when it was run again: run the notebook again");
            error.traceback.push(text);
        }
    }

    /// Says how to get back variables that were lost.
    pub(super) fn offer_replay(&self, error: &mut CellError) {
        let cells = match self.context.lost_cells() {
            0 => return,
            1 => "the cell".to_owned(),
            count => format!("the {count} cells"),
        };
        let text = format!("`{REPLAY}` runs {cells} again that made them, without compiling");
        error.traceback.push(text);
    }
}
