//! The kernel's state, and the loop that everything goes through.
//!
//! - [`requests`]: what clients ask.
//! - [`cells`]: cells waiting, running and done.
//! - [`engines`]: the engine's life, and what it says.

mod cells;
mod engines;
mod requests;

use super::Way;
use super::analyst::{Analyst, Answer};
use super::client::Client;
use super::context::Context;
use super::replies;
use super::running::Running;
use crate::engine::{Engine, FromEngine};
use crate::error::{Error, Result};
use crate::toolchain::session::Session;
use jupyter_protocol::{ConnectionInfo, JupyterMessage};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How long to wait for output that is still on its way when evcxr has already replied.
const LAST_OUTPUT: Duration = Duration::from_millis(500);
/// How often the parent process is looked at, and an interruption is tried again.
const TICK: Duration = Duration::from_millis(200);
/// How a colon travels in the prompt of a question, since evcxr ends the prompt at one.
const COLON: char = '\u{a789}';
/// How many engines in a row may fail to start before the kernel gives up.
const MOST_STARTS: u32 = 3;

/// Serves clients on `info` until the kernel is shut down or its parent process is gone.
///
/// # Errors
/// If the ports can't be bound.
pub async fn serve(info: &ConnectionInfo, session: Session, way: Way) -> Result<()> {
    let parent = std::os::unix::process::parent_id();
    let (client, mut requests) = Client::bind(info).await?;
    let mut kernel = Kernel::new(client, session, way);
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::system("watch signals"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::system("watch signals"))?;
    let mut tick = tokio::time::interval(TICK);
    kernel.client.status(None, "starting").await;
    kernel.start_engine();
    while !kernel.ended {
        let deadline = kernel.deadline();
        tokio::select! {
            Some(request) = requests.recv() => kernel.on_client(request).await,
            Some(event) = kernel.events.recv() => kernel.on_engine(event).await,
            started = &mut kernel.starting, if kernel.engine.is_none() => {
                kernel.on_started(started.unwrap_or(Err(Error::EngineStart { status: None }))).await;
            }
            status = ended(&mut kernel.engine) => kernel.on_engine_end(&status).await,
            event = kernel.analyst.next() => {
                let answer = kernel.analyst.on(event).await;
                kernel.on_answers(answer.into_iter().collect()).await;
            }
            () = sleep_until(deadline) => kernel.on_deadline().await,
            _ = terminate.recv() => kernel.ended = true,
            _ = interrupt.recv() => kernel.interrupt().await,
            _ = tick.tick() => kernel.on_tick(parent).await,
        }
    }
    if let Some(engine) = &mut kernel.engine {
        engine.kill().await;
    }
    kernel.analyst.stop().await;
    kernel.starting.abort();
    Ok(())
}

/// Waits for the end of the engine's process.
async fn ended(engine: &mut Option<Engine>) -> String {
    match engine {
        Some(engine) => match engine.child.wait().await {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        },
        None => std::future::pending().await,
    }
}

struct Kernel {
    client: Client,
    session: Session,
    way: Way,
    engine: Option<Engine>,
    starting: JoinHandle<Result<Engine>>,
    failed_starts: u32,
    /// Whether the engine has answered, and so can run cells.
    ready: bool,
    events: UnboundedReceiver<FromEngine>,
    waiting: VecDeque<JupyterMessage>,
    running: Option<Running>,
    analyst: Analyst,
    context: Context,
    /// What the next cell is to say before anything else.
    notice: Option<String>,
    count: usize,
    next_type: u32,
    ended: bool,
}

impl Kernel {
    pub(super) fn new(client: Client, session: Session, way: Way) -> Kernel {
        let (_, events) = unbounded_channel();
        Kernel {
            client,
            session,
            way,
            engine: None,
            starting: tokio::spawn(std::future::pending()),
            failed_starts: 0,
            ready: false,
            events,
            waiting: VecDeque::new(),
            running: None,
            analyst: Analyst::new(),
            context: Context::default(),
            notice: None,
            count: 0,
            next_type: 1,
            ended: false,
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        let far = Instant::now() + Duration::from_secs(3600);
        let cell = self.running.as_ref().and_then(|running| running.deadline);
        [cell, self.analyst.deadline()]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(far)
    }

    pub(super) async fn on_deadline(&mut self) {
        let overdue = self.analyst.overdue();
        self.on_answers(overdue).await;
        let cell = self.running.as_ref().and_then(|running| running.deadline);
        if cell.is_some_and(|deadline| deadline <= Instant::now()) {
            self.finish().await;
        }
    }

    pub(super) async fn on_answers(&mut self, answers: Vec<Answer>) {
        for Answer { request, content } in answers {
            let content = content.unwrap_or_else(|| replies::nothing_known(&request));
            self.client.reply(&request, content).await;
            self.idle_after(&request).await;
        }
    }

    /// What has to be looked at from time to time.
    pub(super) async fn on_tick(&mut self, parent: u32) {
        self.ended |= std::os::unix::process::parent_id() != parent;
        if self
            .running
            .as_ref()
            .is_some_and(|running| running.interrupted)
        {
            self.interrupt().await;
        }
    }
}
