//! One engine's life: started, greeted, watched, and started anew, but not for ever.

use super::process::{Engine, FromEngine, Kind};
use crate::error::{Error, Result};
use crate::toolchain::workdir::Workdir;
use jupyter_protocol::JupyterMessage;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How many engines in a row may end before they are ready.
const MOST_STARTS: u32 = 3;
/// How many of an engine's last lines are told when it fails.
const LAST_LINES: usize = 8;
/// How long to wait for the last lines of an engine that ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// An engine, from before its start to after its end.
pub struct Supervisor {
    kind: Kind,
    state: State,
    failures: u32,
    /// What the engine wrote last.
    log: VecDeque<String>,
}

enum State {
    Absent,
    Starting(JoinHandle<Result<Engine>>, UnboundedReceiver<FromEngine>),
    /// It listens, but has not answered yet.
    Greeting(Box<Engine>, UnboundedReceiver<FromEngine>),
    Ready(Box<Engine>, UnboundedReceiver<FromEngine>),
    /// It ended for the reason given; what it wrote last is still on its way.
    Ending(String, UnboundedReceiver<FromEngine>, Instant),
    Failed(String),
}

/// What happened to an engine.
#[derive(Debug)]
pub enum Event {
    /// It listens, and wants to be greeted.
    Started,
    /// It said something.
    Said(Box<FromEngine>),
    /// It ended before it was ready. It has to be started again.
    EndedEarly,
    /// It was ready and has ended, as the text says. It has to be started again.
    Ended(String),
    /// It can't be started, for the reason given.
    Failed(String),
}

impl Supervisor {
    /// A supervisor of an engine that is not started yet.
    pub fn new(kind: Kind) -> Supervisor {
        Supervisor {
            kind,
            state: State::Absent,
            failures: 0,
            log: VecDeque::new(),
        }
    }

    /// Starts the engine in the folder of `workdir`, if it is not running.
    pub fn start(&mut self, workdir: &Workdir) {
        if !matches!(self.state, State::Absent | State::Failed(_)) {
            return;
        }
        self.log.clear();
        let (sender, events) = unbounded_channel();
        let (workdir, kind) = (workdir.clone(), self.kind);
        let start = tokio::spawn(async move { Engine::start(&workdir, kind, sender).await });
        self.state = State::Starting(start, events);
    }

    /// The engine has answered: it works.
    pub fn is_greeted(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Absent) {
            State::Greeting(engine, events) => State::Ready(engine, events),
            other => other,
        };
        self.failures = 0;
    }

    /// Whether it has answered, and works.
    pub fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(..))
    }

    /// Why it can't be started, if it can't.
    pub fn failure(&self) -> Option<&str> {
        match &self.state {
            State::Failed(why) => Some(why),
            _ => None,
        }
    }

    /// Waits for what happens next. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) -> Event {
        match &mut self.state {
            State::Absent | State::Failed(_) => std::future::pending().await,
            State::Starting(start, events) => {
                let started = tokio::select! {
                    Some(said) = events.recv() => return self.said(said),
                    started = start => started,
                };
                match started.unwrap_or(Err(Error::EngineStart { status: None })) {
                    Ok(engine) => return self.started(engine),
                    Err(error) => self.ends(error.to_string()),
                }
            }
            State::Greeting(engine, events) => {
                let status = tokio::select! {
                    Some(said) = events.recv() => return self.said(said),
                    status = engine.child.wait() => describe(status),
                };
                self.ends(format!("the engine that compiles cells ended ({status})"));
            }
            State::Ready(engine, events) => {
                let status = tokio::select! {
                    Some(said) = events.recv() => return self.said(said),
                    status = engine.child.wait() => describe(status),
                };
                self.state = State::Absent;
                return Event::Ended(status);
            }
            State::Ending(..) => {}
        }
        self.last_words().await
    }

    /// Waits for what an engine that ended early wrote last.
    async fn last_words(&mut self) -> Event {
        let State::Ending(_, events, deadline) = &mut self.state else {
            return std::future::pending().await;
        };
        tokio::select! {
            Some(said) = events.recv() => self.said(said),
            () = sleep_until(*deadline) => self.ended_early(),
            else => self.ended_early(),
        }
    }

    /// Sends a request.
    pub async fn shell(&mut self, message: JupyterMessage) {
        if let State::Greeting(engine, _) | State::Ready(engine, _) = &mut self.state {
            // An engine that can't be reached has ended, which is noticed by its process.
            let _ = engine.shell(message).await;
        }
    }

    /// Sends the answer to a question.
    pub async fn stdin(&mut self, message: JupyterMessage) {
        if let State::Ready(engine, _) = &mut self.state {
            let _ = engine.stdin(message).await;
        }
    }

    /// Ends the engine, if it runs, and forgets why it could not be started.
    pub async fn kill(&mut self) {
        match std::mem::replace(&mut self.state, State::Absent) {
            State::Greeting(mut engine, _) | State::Ready(mut engine, _) => engine.kill().await,
            State::Starting(start, _) => {
                // The process, if there is one yet, is killed when its handle is dropped.
                start.abort();
                let _ = start.await;
            }
            State::Absent | State::Ending(..) | State::Failed(_) => {}
        }
    }

    fn said(&mut self, said: FromEngine) -> Event {
        if let FromEngine::Log(line) = &said {
            if self.log.len() == LAST_LINES {
                self.log.pop_front();
            }
            self.log.push_back(line.clone());
        }
        Event::Said(Box::new(said))
    }

    fn started(&mut self, engine: Engine) -> Event {
        if let State::Starting(_, events) = std::mem::replace(&mut self.state, State::Absent) {
            self.state = State::Greeting(Box::new(engine), events);
        }
        Event::Started
    }

    /// Takes the end of an engine that was not ready yet.
    fn ends(&mut self, problem: String) {
        let (State::Starting(_, events) | State::Greeting(_, events)) =
            std::mem::replace(&mut self.state, State::Absent)
        else {
            return;
        };
        self.state = State::Ending(problem, events, Instant::now() + LAST_WORDS);
    }

    fn ended_early(&mut self) -> Event {
        let State::Ending(problem, ..) = std::mem::replace(&mut self.state, State::Absent) else {
            return Event::EndedEarly;
        };
        self.failures += 1;
        if self.failures < MOST_STARTS {
            return Event::EndedEarly;
        }
        let log = self.log.iter().map(String::as_str);
        let lines: Vec<&str> = std::iter::once(problem.as_str()).chain(log).collect();
        let why = lines.join("\n");
        self.state = State::Failed(why.clone());
        Event::Failed(why)
    }
}

fn describe(status: std::io::Result<std::process::ExitStatus>) -> String {
    match status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}
