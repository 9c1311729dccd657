//! The cell that is being run.

use super::cell::Cell;
use super::client::Client;
use super::frames::{Piece, pieces};
use super::traceback::CellError;
use crate::toolchain::session::{Build, Session};
use jupyter_protocol::{JupyterMessage, JupyterMessageContent};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// How much text and data one cell may send; what goes beyond is left out, which is said.
const OUTPUT_LIMIT: usize = 16 << 20;

/// How evcxr tells that a cell printed bytes that are no text.
const NOT_UTF8: &str = "stream did not contain valid UTF-8";
/// What Rust's standard library prints before it aborts a process whose stack is full.
const STACK_OVERFLOW: &str = "has overflowed its stack";
/// How evcxr tells of the end of the process in which cells run.
const PROCESS_ENDED: &str = "Subprocess terminated";
/// How long the process in which cells run may take to stop before it is told again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The cell that is being run.
pub struct Running {
    /// The client's request.
    pub request: JupyterMessage,
    /// The cell as it was written.
    pub code: String,
    /// What became of it on its way to the engine.
    pub cell: Cell,
    /// Whether its result is not to be shown.
    silent: bool,
    /// Whether cells that wait are given up if this one fails.
    pub stop_on_error: bool,
    /// Its number.
    pub count: usize,
    /// The id of the request that the engine got.
    pub engine_id: String,
    /// Whether the user interrupted it.
    pub interrupted: bool,
    /// When to stop waiting for output that is still on its way.
    pub deadline: Option<Instant>,
    /// When the process in which cells run was last told to stop.
    stopped: Option<Instant>,
    /// evcxr's status for the cell, once it has replied.
    replied: Option<bool>,
    idle: bool,
    stack_overflow: bool,
    streams_ended: [bool; 2],
    sent: usize,
    /// A panic or a failed `?`: its kind, and the frame that told of it.
    failure: Option<(String, Value)>,
    /// evcxr's own errors.
    reports: Vec<(String, Vec<String>)>,
}

impl Running {
    /// A cell that has been sent to the engine as `engine_id`.
    pub fn new(
        request: JupyterMessage,
        code: String,
        cell: Cell,
        count: usize,
        engine_id: String,
    ) -> Running {
        let (silent, stop_on_error) = match &request.content {
            JupyterMessageContent::ExecuteRequest(content) => {
                (content.silent, content.stop_on_error)
            }
            _ => (false, true),
        };
        Running {
            request,
            code,
            cell,
            silent,
            stop_on_error,
            count,
            engine_id,
            interrupted: false,
            deadline: None,
            stopped: None,
            replied: None,
            idle: false,
            stack_overflow: false,
            streams_ended: [false; 2],
            sent: 0,
            failure: None,
            reports: Vec::new(),
        }
    }

    /// Whether to stop the process in which cells run: only while the cell is in it, and not twice at
    /// once, since that would stop the process which takes its place.
    pub fn may_stop_process(&mut self, session: &Session) -> bool {
        let in_process = session.build().is_some_and(|build| build.success);
        let recently = self.stopped.is_some_and(|at| at.elapsed() < PATIENCE);
        if !in_process || recently {
            return false;
        }
        self.stopped = Some(Instant::now());
        true
    }

    /// Whether `message` of the engine belongs to this cell.
    pub fn is_parent_of(&self, message: &JupyterMessage) -> bool {
        message
            .parent_header
            .as_ref()
            .is_some_and(|parent| parent.msg_id == self.engine_id)
    }

    /// Takes evcxr's reply.
    pub fn on_reply(&mut self, reply: &JupyterMessage) {
        let content = serde_json::to_value(&reply.content).unwrap_or_default();
        self.replied = Some(content["status"] == "ok");
    }

    /// Whether all that belongs to the cell has come.
    pub fn is_complete(&self, session: &Session) -> bool {
        // Asked after each line that a cell prints; what follows reads a file.
        if !self.is_replied() {
            return false;
        }
        let crashed = !self.interrupted && self.has_ended_process();
        self.streams_ended == [true; 2] || !(self.has_run(session) || crashed)
    }

    /// Whether evcxr is done with the cell, even if output is still on its way.
    pub fn is_replied(&self) -> bool {
        self.replied.is_some() && self.idle
    }

    /// Whether code was run, and so has told or will tell of its end.
    fn has_run(&self, session: &Session) -> bool {
        let built = session
            .build()
            .is_some_and(|build| build.success && build.runs);
        built && (self.replied == Some(true) || self.streams_ended != [false; 2])
    }

    /// Takes one message of the engine's output and publishes what the client should see.
    pub async fn on_output(
        &mut self,
        output: JupyterMessage,
        client: &mut Client,
        session: &Session,
    ) {
        let content = serde_json::to_value(&output.content).unwrap_or_default();
        match output.header.msg_type.as_str() {
            "status" => self.idle |= content["execution_state"] == "idle",
            "stream" => self.on_stream(&content, client).await,
            "execute_result" => {
                let data = content["data"].to_string();
                let data = session.types().fill_in(&data);
                let data = serde_json::from_str(&data).unwrap_or_default();
                self.show("execute_result", data, None, client).await;
            }
            "error" => self.reports.push((
                content["evalue"].as_str().unwrap_or_default().to_owned(),
                strings(&content["traceback"]),
            )),
            _ => {}
        }
    }

    async fn on_stream(&mut self, content: &Value, client: &mut Client) {
        let name = content["name"].as_str().unwrap_or("stdout");
        for piece in pieces(content["text"].as_str().unwrap_or_default()) {
            match piece {
                Piece::Text(text) => {
                    self.stack_overflow |= name == "stderr" && text.contains(STACK_OVERFLOW);
                    self.print(name, &text, client).await;
                }
                Piece::Frame(frame) => self.on_frame(name, &frame, client).await,
            }
        }
    }

    async fn on_frame(&mut self, stream: &str, frame: &Value, client: &mut Client) {
        let display_id = frame["display_id"].as_str();
        match frame["kind"].as_str().unwrap_or_default() {
            "end" => self.streams_ended[usize::from(stream == "stderr")] = true,
            "result" => {
                self.show("execute_result", media(frame), None, client)
                    .await
            }
            "display" => {
                self.show("display_data", media(frame), display_id, client)
                    .await
            }
            "update" => {
                self.show("update_display_data", media(frame), display_id, client)
                    .await;
            }
            kind @ ("panic" | "error") => {
                self.failure = Some((kind.to_owned(), frame.clone()));
            }
            _ => {}
        }
    }

    /// Publishes text.
    pub async fn print(&mut self, name: &str, text: &str, client: &mut Client) {
        if text.is_empty() || !self.may_send(text.len(), client).await {
            return;
        }
        client
            .publish(
                Some(&self.request),
                "stream",
                json!({"name": name, "text": text}),
            )
            .await;
    }

    async fn show(&mut self, kind: &str, data: Value, id: Option<&str>, client: &mut Client) {
        let hidden = self.silent && kind == "execute_result";
        if hidden || !self.may_send(data.to_string().len(), client).await {
            return;
        }
        let mut content = json!({"data": data, "metadata": {}});
        match (kind, id) {
            ("execute_result", _) => content["execution_count"] = json!(self.count),
            (_, Some(id)) => content["transient"] = json!({"display_id": id}),
            _ => content["transient"] = json!({}),
        }
        client.publish(Some(&self.request), kind, content).await;
    }

    /// Counts what is sent. At the limit it says once that the rest is left out.
    async fn may_send(&mut self, size: usize, client: &mut Client) -> bool {
        let before = self.sent;
        self.sent = self.sent.saturating_add(size);
        if self.sent <= OUTPUT_LIMIT {
            return true;
        }
        if before <= OUTPUT_LIMIT {
            let text = format!(
                "dsprep: this cell printed more than {} MiB; the rest is left out\n",
                OUTPUT_LIMIT >> 20
            );
            let content = json!({"name": "stderr", "text": text});
            client.publish(Some(&self.request), "stream", content).await;
        }
        false
    }

    /// Whether the process that held the variables ended with this cell.
    pub fn lost_variables(&self) -> bool {
        self.stopped.is_some() || self.has_ended_process()
    }

    fn has_ended_process(&self) -> bool {
        self.reported(PROCESS_ENDED)
    }

    /// Whether evcxr gave up reading in the middle of what the cell printed. What is left of it would
    /// be taken for the output of later cells.
    pub fn is_out_of_step(&self) -> bool {
        self.reported(NOT_UTF8)
    }

    fn reported(&self, text: &str) -> bool {
        self.reports
            .iter()
            .any(|(message, _)| message.contains(text))
    }

    /// What went wrong, if anything did.
    pub fn outcome(&self, session: &Session) -> Option<CellError> {
        let build = session.build();
        if self.interrupted && (self.replied != Some(true) || self.failure.is_some()) {
            return Some(self.interruption(build.as_ref()));
        }
        if let Some((kind, frame)) = &self.failure {
            return Some(CellError::at_place(kind, frame, build.as_ref(), &self.code));
        }
        if self.replied == Some(true) {
            return None;
        }
        let report = self.reports.first();
        if let Some(build) = build.filter(|build| !build.success) {
            let hint = report.map(|(message, _)| message.as_str());
            let syntax = self
                .cell
                .syntax_error
                .as_ref()
                .map(|error| (error, self.code.as_str()));
            if let Some(error) = CellError::from_build(&build, hint, syntax) {
                return Some(error);
            }
        }
        Some(match report {
            Some((message, _)) if message.contains(PROCESS_ENDED) => {
                ended(message, self.stack_overflow)
            }
            Some((message, _)) if message.contains(NOT_UTF8) => CellError::new(
                "error",
                "the cell printed bytes that are not UTF-8; variables, functions, types and \
                 imports are lost. Print text: `String::from_utf8_lossy(&bytes)`",
            ),
            Some((message, traceback)) => {
                let mut error = CellError::new("error", message);
                if traceback.len() > 1 {
                    error.traceback = traceback.clone();
                }
                error
            }
            None => CellError::new("error", "the cell failed, and the engine did not say why"),
        })
    }

    fn interruption(&self, build: Option<&Build>) -> CellError {
        let lost = if build.is_some_and(|build| build.success) {
            "the cell was stopped; all variables are lost, functions, types and imports are kept"
        } else {
            "the cell was stopped while it was compiled; nothing is lost"
        };
        CellError::new("interrupted", lost)
    }
}

/// The error for a cell that ended the process it ran in.
fn ended(report: &str, stack_overflow: bool) -> CellError {
    let (_, status) = report.split_once("status: ").unwrap_or(("", report));
    let signal = status
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(name, _)| name);
    let (name, what) = match (signal, status.trim()) {
        (Some(_), _) if stack_overflow => (
            "stack overflow",
            "the cell overflowed its stack (recursion without end?)".to_owned(),
        ),
        (Some("SIGSEGV"), _) => (
            "SIGSEGV",
            "the cell used memory that is not its own".to_owned(),
        ),
        (Some("SIGABRT"), _) => (
            "SIGABRT",
            "the cell aborted (`abort`, a panic within a panic, or memory that could not be had)"
                .to_owned(),
        ),
        (Some("SIGKILL"), _) => (
            "SIGKILL",
            "the process that runs the cells was killed (out of memory, perhaps)".to_owned(),
        ),
        (Some(signal), _) => (
            "signal",
            format!("the process that runs the cells was ended by {signal}"),
        ),
        (None, status) => ("exit", format!("the cell ended its process ({status})")),
    };
    CellError::new(
        name,
        format!("{what}; all variables are lost, functions, types and imports are kept"),
    )
}

/// The formats of a frame. A cell sends all of them as text; JSON travels on as what it says.
fn media(frame: &Value) -> Value {
    let mut data = frame["data"].clone();
    for (mime, content) in data.as_object_mut().into_iter().flatten() {
        let parsed = content.as_str().filter(|_| mime.ends_with("json"));
        if let Some(value) = parsed.and_then(|text| serde_json::from_str(text).ok()) {
            *content = value;
        }
    }
    data
}

fn strings(array: &Value) -> Vec<String> {
    let items = array.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
