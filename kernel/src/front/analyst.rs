//! Completion and inspection: questions to the [process](crate::analysis) that knows the libraries.
//!
//! It answers while a cell runs, and is shared by all kernels of a user. It is started when a person, not a program,
//! seems to be at the other end. If it ends, what was asked is asked once more of a new one.

use super::completeness::too_deep;
use super::completion::{
    byte_of, command_before, command_reply, completion_reply, without_commands,
};
use super::context::Context;
use super::log;
use crate::analysis::host::{Answer as Known, Question as Asked};
use crate::analysis::place::Place;
use crate::analysis::server::{Numbered, STAY};
use crate::analysis::sysroot::Sysroot;
use crate::error::{Error, Result};
use crate::toolchain::workdir::Workdir;
use jupyter_protocol::JupyterMessage;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::net::UnixStream as Stream;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long a question may take; the first one waits for the libraries to be read.
const LONGEST: Duration = Duration::from_secs(15);
/// The same while a cell runs and the libraries are not known yet: some clients ask for nothing else meanwhile.
const WHILE_BUSY: Duration = Duration::from_millis(500);
/// The number of a question whose answer nobody waits for.
const NOBODYS: u64 = 0;
/// How often a question is asked at most, if the process ends over it.
const TRIES: u32 = 2;

/// The variable that, set to `off`, does without completion, as on a machine that many share.
const COMPLETION: &str = "DSPREP_COMPLETION";
/// What is done when a connection is made, for errors.
const CONNECT: &str = "connect to the process for completion";

/// A question with its answer, or without one in time.
pub struct Answer {
    /// The client's request.
    pub request: JupyterMessage,
    /// The content of the reply; nothing if it is not known.
    pub content: Option<Value>,
    /// The number of the cell that asked for help, if it was a cell.
    pub count: Option<usize>,
}

/// What happened on the way to the process.
pub enum Event {
    /// It can be asked, or not.
    Connected(Result<UnixStream>),
    /// It said something.
    Line(String),
    /// It is gone.
    Closed,
}

/// The way to the process, and what it has been asked.
pub struct Analyst {
    kit: Option<PathBuf>,
    /// The file that names the one which tells of the crates that the notebook has added.
    added: PathBuf,
    /// What that named when the process was last told to read it.
    read: Option<PathBuf>,
    /// Whether the process is never started, and every question has no answer.
    is_off: bool,
    state: State,
    questions: BTreeMap<u64, Question>,
    asked: u64,
    /// Whether the process has answered before.
    is_warm: bool,
    /// Whether it was said that the standard library is not known.
    said: bool,
}

enum State {
    Absent,
    Connecting(JoinHandle<Result<Stream>>),
    Connected(Lines<BufReader<OwnedReadHalf>>, OwnedWriteHalf),
}

struct Question {
    request: JupyterMessage,
    asked: Asked,
    count: Option<usize>,
    deadline: Instant,
    tries: u32,
}

impl Analyst {
    /// An analyst that is not connected yet; it will know the crates of the kit, and those that this notebook adds.
    pub fn new(workdir: &Workdir) -> Analyst {
        Analyst {
            kit: workdir.kit().map(Path::to_owned),
            added: workdir.added_file(),
            read: None,
            is_off: env::var_os(COMPLETION).is_some_and(|it| it == "off"),
            state: State::Absent,
            questions: BTreeMap::new(),
            asked: 0,
            is_warm: false,
            said: false,
        }
    }

    /// Connects to the process, starting it if it does not run.
    pub fn start(&mut self) {
        if matches!(self.state, State::Absent) && !self.is_off {
            let kit = self.kit.clone();
            let connect = move || Place::of(kit.as_deref()).connect(kit.as_deref());
            self.state = State::Connecting(tokio::task::spawn_blocking(connect));
        }
    }

    /// Asks a question: `request` is one of completion or inspection. Gives the answer if it is known at once.
    pub async fn ask(
        &mut self,
        request: JupyterMessage,
        context: &Context,
        busy: bool,
    ) -> Option<Answer> {
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let code = content["code"].as_str().unwrap_or_default();
        let position = content["cursor_pos"]
            .as_u64()
            .and_then(|at| usize::try_from(at).ok());
        let at = byte_of(code, position.unwrap_or(0));
        let inspect = request.header.msg_type == "inspect_request";
        if let Some(line) = command_before(code, at) {
            let content = (!inspect).then(|| command_reply(code, line, at));
            return Some(Answer {
                request,
                content,
                count: None,
            });
        }
        if too_deep(code).is_some() {
            return Some(Answer {
                request,
                content: None,
                count: None,
            });
        }
        let (items, variables) = context.preamble();
        let asked = Asked {
            added: self.added(),
            inspect,
            items,
            variables,
            code: without_commands(code),
            at,
        };
        self.put(request, asked, None, busy).await;
        None
    }

    /// Asks for the documentation of `name`, for the cell `request` with this number.
    pub async fn look_up(
        &mut self,
        request: JupyterMessage,
        name: &str,
        context: &Context,
        count: usize,
    ) {
        let (items, variables) = context.preamble();
        let asked = Asked {
            added: self.added(),
            inspect: true,
            items,
            variables,
            code: name.to_owned(),
            at: name.trim_end_matches('!').len(),
        };
        self.put(request, asked, Some(count), false).await;
    }

    /// Has the process read the crates that the notebook has added since, before anybody asks for their names.
    pub async fn read_added(&mut self) {
        let added = self.added();
        let State::Connected(_, writing) = &mut self.state else {
            return;
        };
        if added.is_none() || added == self.read {
            return;
        }
        let content = Asked {
            added: added.clone(),
            ..Asked::default()
        };
        self.read = added;
        if let Ok(mut line) = serde_json::to_vec(&Numbered {
            id: NOBODYS,
            content,
        }) {
            line.push(b'\n');
            let _ = writing.write_all(&line).await;
        }
    }

    fn added(&self) -> Option<PathBuf> {
        let named = std::fs::read(&self.added).ok()?;
        Some(OsString::from_vec(named).into())
    }

    async fn put(
        &mut self,
        request: JupyterMessage,
        asked: Asked,
        count: Option<usize>,
        busy: bool,
    ) {
        self.start();
        let wait = match self.is_warm {
            _ if self.is_off => Duration::ZERO,
            false if busy => WHILE_BUSY,
            _ => LONGEST,
        };
        self.asked += 1;
        let question = Question {
            request,
            asked,
            count,
            deadline: Instant::now() + wait,
            tries: 0,
        };
        self.questions.insert(self.asked, question);
        self.send(self.asked).await;
    }

    /// Says that another kernel is about to take the place of this one, so that it finds the process warm.
    pub async fn stay(&mut self) {
        if let State::Connected(_, writing) = &mut self.state {
            let _ = writing.write_all(format!("{STAY}\n").as_bytes()).await;
        }
    }

    /// When the next unanswered question runs out of time.
    pub fn deadline(&self) -> Option<Instant> {
        self.questions.values().map(|it| it.deadline).min()
    }

    /// The questions that have run out of time.
    pub fn overdue(&mut self) -> Vec<Answer> {
        let now = Instant::now();
        self.give_up(|question| question.deadline <= now)
    }

    /// Waits for the next event. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) -> Event {
        match &mut self.state {
            State::Absent => std::future::pending().await,
            State::Connecting(connecting) => {
                let connected = connecting.await.map_err(std::io::Error::other);
                let connected = connected.map_err(Error::system(CONNECT));
                Event::Connected(connected.flatten().and_then(|stream| {
                    let stream = stream.set_nonblocking(true).map(|()| stream);
                    stream
                        .and_then(UnixStream::from_std)
                        .map_err(Error::system(CONNECT))
                }))
            }
            State::Connected(lines, _) => match lines.next_line().await {
                Ok(Some(line)) => Event::Line(line),
                _ => Event::Closed,
            },
        }
    }

    /// Acts on an event; gives answers if it brings some.
    pub async fn on(&mut self, event: Event) -> Vec<Answer> {
        match event {
            Event::Connected(Ok(stream)) => {
                let (reading, writing) = stream.into_split();
                self.state = State::Connected(BufReader::new(reading).lines(), writing);
                for id in self.questions.keys().copied().collect::<Vec<_>>() {
                    self.send(id).await;
                }
                Vec::new()
            }
            Event::Connected(Err(error)) => {
                self.state = State::Absent;
                log(&format!("dsprep: completion is not available: {error}"));
                self.give_up(|_| true)
            }
            Event::Line(line) => self.on_line(&line).into_iter().collect(),
            Event::Closed => {
                self.state = State::Absent;
                self.is_warm = false;
                self.read = None;
                let given_up = self.give_up(|question| question.tries >= TRIES);
                if !self.questions.is_empty() {
                    self.start();
                }
                given_up
            }
        }
    }

    /// Takes back the questions for which `is_over` holds.
    fn give_up(&mut self, is_over: impl Fn(&Question) -> bool) -> Vec<Answer> {
        let over = self.questions.extract_if(.., |_, it| is_over(it));
        over.map(|(_, question)| Answer {
            request: question.request,
            content: None,
            count: question.count,
        })
        .collect()
    }

    async fn send(&mut self, id: u64) {
        let State::Connected(_, writing) = &mut self.state else {
            return;
        };
        let Some(question) = self.questions.get_mut(&id) else {
            return;
        };
        question.tries += 1;
        let content = question.asked.clone();
        if let Ok(mut line) = serde_json::to_vec(&Numbered { id, content }) {
            line.push(b'\n');
            // A process that is gone is noticed where its answers are read.
            let _ = writing.write_all(&line).await;
        }
    }

    fn on_line(&mut self, line: &str) -> Option<Answer> {
        let answer: Numbered<Known> = serde_json::from_str(line).ok()?;
        self.is_warm = true;
        let question = self.questions.remove(&answer.id)?;
        let content = match question.asked.inspect {
            true => answer.content.documentation.as_ref().map(|it| {
                json!({
                    "status": "ok", "found": true, "metadata": {},
                    "data": {"text/plain": it.plain, "text/markdown": it.markdown},
                })
            }),
            false => Some(completion_reply(&question.asked.code, &answer.content)),
        };
        let empty = answer.content.completions.is_empty() && answer.content.documentation.is_none();
        if empty && !std::mem::replace(&mut self.said, true) && Sysroot::find().is_none() {
            log(
                "dsprep: completion does not know the standard library: install its source with `rustup component add \
                 rust-src`",
            );
        }
        Some(Answer {
            request: question.request,
            content,
            count: question.count,
        })
    }
}
