//! The kernel's state, and the loop that everything goes through.
//!
//! - [`requests`]: what clients ask.
//! - [`queue`]: cells waiting, running and done.
//! - [`expressions`]: what clients want to know after a cell.
//! - [`debug`]: what the panel of variables shows.
//! - [`help`]: cells that ask about a name.
//! - [`engines`]: the engine's life, and what it says.
//! - [`processes`]: the process in which cells run, what it prints and asks, and how it is stopped.
//! - [`replay`]: cells that are run again after the process has ended.
//! - [`ahead`]: cells that are compiled while another one runs.

mod ahead;
mod debug;
mod engines;
mod expressions;
mod help;
mod processes;
mod queue;
mod replay;
mod requests;

use super::Toolchain;
use super::analyst::{Analyst, Answer};
use super::cell_process::{Decoder, Process, Processes};
use super::client::Client;
use super::context::Context;
use super::history::History;
use super::printer::Printer;
use super::replies;
use super::running::Running;
use crate::engine::{Kind, Supervisor};
use crate::error::{Error, Result};
use crate::toolchain::workdir::Workdir;
use ahead::Ahead;
use debug::Panels;
use expressions::Expressions;
use jupyter_protocol::{ConnectionInfo, JupyterMessage};
use processes::Question;
use replay::Replay;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep_until};

/// How often the parent process is looked at, and an interruption is tried again.
const TICK: Duration = Duration::from_millis(200);

/// Serves clients on `info` until the kernel is shut down or its parent process is gone.
///
/// # Errors
/// If the ports can't be bound.
pub async fn serve(info: &ConnectionInfo, workdir: Workdir, toolchain: Toolchain) -> Result<()> {
    let parent = std::os::unix::process::parent_id();
    let (client, mut requests) = Client::bind(info).await?;
    let processes = Processes::listen(&workdir)?;
    let mut kernel = EventLoop::new(client, workdir, processes, toolchain);
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::system("watch signals"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::system("watch signals"))?;
    let mut tick = tokio::time::interval(TICK);
    kernel.client.status(None, "starting").await;
    if !matches!(kernel.toolchain, Toolchain::Unavailable(_)) {
        kernel.engine.start(&kernel.workdir);
    }
    while !kernel.ended {
        let deadline = kernel.deadline();
        let may_take = kernel.may_take();
        tokio::select! {
            request = requests.recv() => match request {
                Some(request) => kernel.on_client(request).await,
                // The thread of the sockets is gone: Jupyter starts a kernel anew whose heart does not beat.
                None => kernel.ended = true,
            },
            event = kernel.engine.next() => kernel.on_engine(event).await,
            event = kernel.processes.next(), if may_take => kernel.on_process(event).await,
            event = kernel.analyst.next() => {
                let answer = kernel.analyst.on(event).await;
                kernel.on_answers(answer).await;
            }
            () = kernel.ahead.next() => kernel.look_ahead(),
            () = sleep_until(deadline) => kernel.on_deadline().await,
            _ = terminate.recv() => kernel.ended = true,
            _ = interrupt.recv() => kernel.interrupt().await,
            _ = tick.tick() => kernel.on_tick(parent).await,
        }
    }
    kernel.stop().await;
    kernel.client.close().await;
    Ok(())
}

struct EventLoop {
    client: Client,
    workdir: Workdir,
    toolchain: Toolchain,
    engine: Supervisor,
    processes: Processes,
    /// The process in which cells run now.
    process: Option<Process>,
    printer: Printer,
    /// The two streams of cells whose output evcxr passes on, line by line.
    passed_on: [Decoder; 2],
    /// What a cell has asked and nobody answered yet.
    question: Option<Question>,
    /// The prompt of the next question that has none, and whether its answer is secret.
    prompt: (String, bool),
    /// How many cells have been asked for their last frame.
    last_frames: u64,
    waiting: VecDeque<JupyterMessage>,
    running: Option<Running>,
    analyst: Analyst,
    context: Context,
    history: History,
    /// The panels of variables.
    panels: Panels,
    /// The cell whose expressions are being evaluated.
    expressions: Option<Expressions>,
    /// The cells that are run again, while they are.
    replay: Option<Replay>,
    /// The cells that are compiled while another one runs.
    ahead: Ahead,
    /// What the next cell is to say before anything else.
    notice: Option<String>,
    count: usize,
    ended: bool,
}

impl EventLoop {
    pub(super) fn new(
        client: Client,
        workdir: Workdir,
        processes: Processes,
        toolchain: Toolchain,
    ) -> EventLoop {
        let analyst = Analyst::new(&workdir);
        let kind = match toolchain {
            Toolchain::Cargo => Kind::Plain,
            Toolchain::StandIn | Toolchain::Unavailable(_) => Kind::Cells,
        };
        EventLoop {
            analyst,
            client,
            workdir,
            toolchain,
            engine: Supervisor::new(kind),
            processes,
            process: None,
            printer: Printer::new(),
            passed_on: Default::default(),
            question: None,
            prompt: Default::default(),
            last_frames: 0,
            waiting: VecDeque::new(),
            running: None,
            context: Context::default(),
            history: History::of_the_user(),
            panels: Panels::default(),
            expressions: None,
            replay: None,
            ahead: Ahead::default(),
            notice: None,
            count: 0,
            ended: false,
        }
    }

    /// Ends the engine and the process in which cells run, with all that they have started.
    pub(super) async fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
        self.ahead.stop().await;
        self.engine.kill().await;
    }

    pub(super) fn deadline(&self) -> Instant {
        let far = Instant::now() + Duration::from_secs(3600);
        let running = self.running.as_ref();
        let cell = running.and_then(|running| running.deadline);
        let killed = running.and_then(|running| running.killed_at);
        [
            cell,
            killed,
            self.analyst.deadline(),
            self.printer.deadline(),
            self.panels.deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(far)
    }

    pub(super) async fn on_deadline(&mut self) {
        let now = Instant::now();
        let is_over = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= now);
        self.printer.on_deadline(&mut self.client).await;
        self.show_types_alone(|deadline| deadline <= now).await;
        let overdue = self.analyst.overdue();
        self.on_answers(overdue).await;
        if is_over(self.running.as_ref().and_then(|running| running.killed_at)) {
            self.give_cell_up().await;
        }
        if is_over(self.running.as_ref().and_then(|running| running.deadline)) {
            self.finish().await;
        }
    }

    pub(super) async fn on_answers(&mut self, answers: Vec<Answer>) {
        for Answer {
            request,
            content,
            count,
        } in answers
        {
            if let Some(count) = count {
                self.give_help(&request, count, content).await;
                continue;
            }
            let content = content.unwrap_or_else(|| replies::nothing_known(&request));
            self.client.reply(&request, content).await;
            self.idle_after(&request).await;
        }
    }

    /// What has to be looked at from time to time.
    pub(super) async fn on_tick(&mut self, parent: u32) {
        self.ended |= std::os::unix::process::parent_id() != parent;
        self.client.welcome().await;
        self.look_ahead();
        let running = self.running.as_ref();
        if running.is_some_and(|running| running.interrupted) {
            self.interrupt().await;
        }
    }
}
