//! Completion and inspection.
//!
//! A second engine answers them: it never runs a cell of the notebook, so that it answers while one
//! runs, and the engine that runs cells need not read the sources of any library. It is started when a
//! person, not a program, seems to be at the other end. With each question it gets all that the notebook
//! has defined so far, so that it has no state to keep up.

use super::client::message;
use super::context::Context;
use crate::engine::{Engine, FromEngine, Kind};
use crate::error::{Error, Result};
use crate::toolchain::core_library::CoreLibrary;
use crate::toolchain::session::Session;
use jupyter_protocol::JupyterMessage;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long a question may take while a cell runs.
const WHILE_BUSY: Duration = Duration::from_millis(250);
/// How long a question may take while nothing runs; the first one waits for the libraries to be read.
const WHILE_IDLE: Duration = Duration::from_secs(15);

/// A question with its answer, or without one in time.
pub struct Answer {
    /// The client's request.
    pub request: JupyterMessage,
    /// The content of the reply; nothing if it is not known.
    pub content: Option<Value>,
}

/// The second engine and what it has been asked.
pub struct Analyst {
    state: State,
    questions: HashMap<String, Question>,
    waiting: Vec<(Question, String, usize)>,
    /// The id of the request that made the libraries known.
    hello: Option<String>,
}

/// What happened to the second engine.
pub enum Event {
    /// It started, or could not.
    Started(Box<Result<Running>>),
    /// It said something, or has ended.
    Said(Option<Box<FromEngine>>),
}

enum State {
    Absent,
    Starting(JoinHandle<Result<Running>>),
    Running(Box<Running>),
    Failed,
}

/// The second engine at work.
pub struct Running {
    engine: Engine,
    session: Session,
    events: UnboundedReceiver<FromEngine>,
    ready: bool,
}

struct Question {
    request: JupyterMessage,
    /// What stands before the code of the request in the code that is analysed.
    prefix: usize,
    deadline: Instant,
}

impl Analyst {
    /// An analyst that is not started yet.
    pub fn new() -> Analyst {
        Analyst {
            state: State::Absent,
            questions: HashMap::new(),
            waiting: Vec::new(),
            hello: None,
        }
    }

    /// Starts the engine, if that has not been done.
    pub fn start(&mut self) {
        if !matches!(self.state, State::Absent) {
            return;
        }
        self.state = State::Starting(tokio::spawn(async {
            let session = Session::create()?;
            let (sender, events) = unbounded_channel();
            let engine = Engine::start(&session, Kind::Libraries, sender).await?;
            Ok(Running {
                engine,
                session,
                events,
                ready: false,
            })
        }));
    }

    /// Asks a question: `request` is one of completion or inspection.
    pub async fn ask(&mut self, request: JupyterMessage, context: &Context, busy: bool) {
        self.start();
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let code = content["code"].as_str().unwrap_or_default();
        let position = content["cursor_pos"]
            .as_u64()
            .and_then(|at| usize::try_from(at).ok());
        let mut position = position.unwrap_or(0);
        if request.header.msg_type == "inspect_request" {
            // evcxr looks at what ends at the cursor: so it has to stand at the end of the name.
            let rest = code.chars().skip(position);
            position += rest
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .count();
        }
        let wait = if busy { WHILE_BUSY } else { WHILE_IDLE };
        let before = context.preamble();
        let prefix = before.chars().count();
        let question = Question {
            request,
            prefix,
            deadline: Instant::now() + wait,
        };
        self.waiting
            .push((question, before + code, position + prefix));
        self.send_waiting().await;
    }

    /// When the next unanswered question runs out of time.
    pub fn deadline(&self) -> Option<Instant> {
        let waiting = self.waiting.iter().map(|(question, ..)| question.deadline);
        self.questions
            .values()
            .map(|question| question.deadline)
            .chain(waiting)
            .min()
    }

    /// The questions that have run out of time.
    pub fn overdue(&mut self) -> Vec<Answer> {
        let now = Instant::now();
        let late: Vec<String> = self
            .questions
            .iter()
            .filter(|(_, question)| question.deadline <= now)
            .map(|(id, _)| id.clone())
            .collect();
        let asked = late
            .iter()
            .filter_map(|id| self.questions.remove(id))
            .collect::<Vec<_>>();
        let (late, waiting) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|(it, ..)| it.deadline <= now);
        self.waiting = waiting;
        let late: Vec<(Question, String, usize)> = late;
        let late = asked
            .into_iter()
            .chain(late.into_iter().map(|(question, ..)| question));
        late.map(|question| Answer {
            request: question.request,
            content: None,
        })
        .collect()
    }

    /// Waits for the next event. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) -> Event {
        match &mut self.state {
            State::Absent | State::Failed => std::future::pending().await,
            State::Starting(start) => Event::Started(Box::new(
                start
                    .await
                    .unwrap_or(Err(Error::EngineStart { status: None })),
            )),
            State::Running(running) => Event::Said(running.events.recv().await.map(Box::new)),
        }
    }

    /// Acts on an event; gives an answer if that is one.
    pub async fn on(&mut self, event: Event) -> Option<Answer> {
        match event {
            Event::Started(started) => self.on_started(*started).await,
            Event::Said(Some(said)) => {
                if let FromEngine::Shell(reply) = *said {
                    return self.on_reply(reply).await;
                }
            }
            Event::Said(None) => {
                self.stop().await;
                self.state = State::Failed;
            }
        }
        None
    }

    /// Ends the engine and removes its folder.
    pub async fn stop(&mut self) {
        match std::mem::replace(&mut self.state, State::Absent) {
            State::Running(mut running) => {
                running.engine.kill().await;
                running.session.remove();
            }
            State::Starting(start) => {
                if let Ok(Ok(mut running)) = start.await {
                    running.engine.kill().await;
                    running.session.remove();
                }
            }
            State::Absent | State::Failed => {}
        }
    }

    async fn on_started(&mut self, started: Result<Running>) {
        let mut running = match started {
            Ok(running) => Box::new(running),
            Err(error) => {
                eprintln!("dsprep: completion is not available: {error}");
                self.state = State::Failed;
                return;
            }
        };
        let core = CoreLibrary::source();
        let code = format!(
            ":dep dsprep-core = {{ path = {:?} }}\nuse dsprep_core::prelude::*;",
            core.display().to_string()
        );
        let content = json!({
            "code": code, "silent": false, "store_history": true, "user_expressions": {},
            "allow_stdin": false, "stop_on_error": false,
        });
        let hello = message(None, "execute_request", content);
        self.hello = Some(hello.header.msg_id.clone());
        let _ = running.engine.shell(hello).await;
        self.state = State::Running(running);
    }

    async fn on_reply(&mut self, reply: JupyterMessage) -> Option<Answer> {
        let parent = reply
            .parent_header
            .as_ref()
            .map(|parent| parent.msg_id.clone());
        if parent == self.hello
            && let State::Running(running) = &mut self.state
        {
            running.ready = true;
            self.send_waiting().await;
            return None;
        }
        let question = self.questions.remove(&parent?)?;
        let mut content = serde_json::to_value(&reply.content).unwrap_or_default();
        for key in ["cursor_start", "cursor_end"] {
            if let Some(at) = content[key]
                .as_u64()
                .and_then(|at| usize::try_from(at).ok())
            {
                content[key] = json!(at.saturating_sub(question.prefix));
            }
        }
        let is_answer = content["status"] == "ok";
        Some(Answer {
            request: question.request,
            content: is_answer.then_some(content),
        })
    }

    async fn send_waiting(&mut self) {
        let State::Running(running) = &mut self.state else {
            return;
        };
        if !running.ready {
            return;
        }
        for (question, code, position) in std::mem::take(&mut self.waiting) {
            let kind = question.request.header.msg_type.clone();
            let content = json!({"code": code, "cursor_pos": position, "detail_level": 0});
            let sent = message(None, &kind, content);
            self.questions.insert(sent.header.msg_id.clone(), question);
            let _ = running.engine.shell(sent).await;
        }
    }
}
