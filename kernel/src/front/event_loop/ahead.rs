//! The cells that wait are compiled while another one runs, as if that were going to succeed.

use super::EventLoop;
use crate::engine::compile_ahead;
use crate::front::Toolchain;
use crate::front::completeness::too_deep;
use crate::front::context::{Context, STUB};
use crate::front::log;
use crate::front::prepared::Cell;
use crate::processes::signal_group;
use crate::toolchain::ahead::Task;
use crate::toolchain::cell_cache;
use jupyter_protocol::JupyterMessageContent;
use std::collections::VecDeque;
use tokio::process::Child;

/// How many cells are compiled ahead at most.
const MOST: usize = 20;

/// The cells that are compiled ahead.
#[derive(Default)]
pub(super) struct Ahead {
    /// What the notebook will have defined after them.
    context: Context,
    /// The requests that this takes as done: the running cell's, and those compiled ahead, in order.
    done: VecDeque<String>,
    /// The cell that is being compiled.
    now: Option<(Child, String, Cell)>,
    /// Whether the cell after them can't be compiled ahead.
    is_stuck: bool,
}

impl Ahead {
    /// Waits until the cell is compiled. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) {
        match &mut self.now {
            Some((child, ..)) => {
                // However it ended, what it wrote says what came of it.
                let _ = child.wait().await;
            }
            None => std::future::pending().await,
        }
    }

    /// Ends the compilation, with the compiler and the linker.
    pub async fn stop(&mut self) {
        if let Some((mut child, ..)) = self.now.take() {
            if let Some(pid) = child.id().and_then(|id| libc::pid_t::try_from(id).ok()) {
                signal_group(pid, libc::SIGKILL);
            }
            let _ = child.wait().await;
        }
    }
}

impl EventLoop {
    /// Has the next cell compiled, if one waits, another one runs, and no other is being compiled.
    pub(super) fn look_ahead(&mut self) {
        self.take_compiled();
        let may = self.toolchain == Toolchain::StandIn && self.replay.is_none();
        if self.waiting.is_empty() || self.ahead.now.is_some() || !may {
            return;
        }
        if !self.starts_at_running_cell() || self.ahead.is_stuck || self.ahead.done.len() > MOST {
            return;
        }
        let Some(request) = self.waiting.get(self.ahead.done.len() - 1) else {
            return;
        };
        let JupyterMessageContent::ExecuteRequest(content) = &request.content else {
            return;
        };
        let id = request.header.msg_id.clone();
        if content.code.trim().is_empty() {
            return self.ahead.done.push_back(id);
        }
        if too_deep(&content.code).is_some() {
            self.ahead.is_stuck = true;
            return;
        }
        let number = self.count + self.ahead.done.len();
        let name = request.metadata["cellId"].as_str();
        let cell = self.ahead.context.prepare(&content.code, number, name);
        // Whatever is more than a cell's own Rust, as a command, is not for now.
        if cell.refusal.is_some() || cell.for_engine != STUB || cell.plan.broken {
            self.ahead.is_stuck = true;
            return;
        }
        let task = Task {
            plan: cell.plan.clone(),
            types: self.ahead.context.types().clone(),
        };
        let child = self
            .workdir
            .set_ahead(&task)
            .and_then(|()| compile_ahead(&self.workdir));
        match child {
            Ok(child) => self.ahead.now = Some((child, id, cell)),
            Err(error) => {
                log(&format!("dsprep: {error}"));
                self.ahead.is_stuck = true;
            }
        }
    }

    /// Goes on from a cell that was compiled ahead.
    fn take_compiled(&mut self) {
        let ahead = &mut self.ahead;
        let Some((mut child, id, cell)) = ahead.now.take() else {
            return;
        };
        if matches!(child.try_wait(), Ok(None)) {
            ahead.now = Some((child, id, cell));
            return;
        }
        let outcome = self.workdir.ahead_outcome();
        match outcome.filter(|outcome| outcome.build.success) {
            Some(outcome) => {
                ahead.context.assume(&cell, &outcome.build, outcome.types);
                ahead.done.push_back(id);
            }
            None => ahead.is_stuck = true,
        }
    }

    /// Makes sure that what is assumed begins with the cell that runs, and goes on with those that wait.
    fn starts_at_running_cell(&mut self) -> bool {
        let Some(running) = &self.running else {
            return false;
        };
        let id = &running.request.header.msg_id;
        let done = &mut self.ahead.done;
        if let Some(at) = done.iter().position(|it| it == id) {
            done.drain(..at);
            let waiting = self.waiting.iter().map(|it| &it.header.msg_id);
            if done.len() - 1 <= self.waiting.len()
                && done.iter().skip(1).zip(waiting).all(|(a, b)| a == b)
            {
                return true;
            }
        }
        // Its types are known once it is compiled.
        let Some(build) = self
            .workdir
            .build()
            .filter(|build| build.success && build.runs)
        else {
            return false;
        };
        // Where nothing is kept, it would be compiled for nothing.
        if cell_cache::folder().is_none() {
            return false;
        }
        let mut context = self.context.copy();
        context.assume(&running.cell, &build, self.workdir.types());
        self.ahead.context = context;
        self.ahead.done = VecDeque::from([id.clone()]);
        self.ahead.is_stuck = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_waited_for_where_nothing_is_compiled() {
        let mut ahead = Ahead::default();
        let waited = tokio::time::timeout(std::time::Duration::from_millis(5), ahead.next()).await;
        assert!(waited.is_err());
    }
}
