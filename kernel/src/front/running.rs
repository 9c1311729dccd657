//! The cell that is being run.

use super::cell_process::Piece;
use super::client::Client;
use super::ended::{LOST, ended};
use super::prepared::Cell;
use super::printer::Printer;
use super::told;
use super::traceback::CellError;
use crate::program;
use crate::progress::record;
use crate::toolchain::plan::Build;
use crate::toolchain::workdir::Workdir;
use jupyter_protocol::{JupyterMessage, JupyterMessageContent};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

/// How evcxr begins to say that the process for cells can't be started.
const NOT_STARTED: &str = "Failed to run";
/// The id of the frame that comes before all that a cell prints.
pub const BEGIN: &str = "begin";
/// How evcxr tells of the end of the process in which cells run.
const PROCESS_ENDED: &str = "Subprocess terminated";

/// The cell that is being run.
pub struct Running {
    /// The client's request.
    pub request: JupyterMessage,
    /// What became of it on its way to the engine.
    pub cell: Cell,
    /// Whether its result is not to be shown.
    silent: bool,
    /// Whether its user can be asked.
    pub allow_stdin: bool,
    /// Whether it was said that nobody can be asked.
    pub told_of_nobody: bool,
    /// Whether cells that wait are given up if this one fails.
    pub stop_on_error: bool,
    /// The name of the expression that it is for a client, if it is one and no cell.
    pub expression: Option<String>,
    /// What that expression shows.
    pub value: Value,
    /// Its number.
    pub count: usize,
    /// The id of the request that the engine got.
    pub engine_id: String,
    /// The process in which it runs, once that is known.
    pub process: Option<u64>,
    /// Whether that process has ended.
    pub process_ended: bool,
    /// Whether the user interrupted it.
    pub interrupted: bool,
    /// When its process is ended, if it does not end by itself.
    pub killed_at: Option<Instant>,
    /// Whether its process was asked to go on without it, because it did not hear.
    pub left: bool,
    /// Whether its process was ended because it did not hear.
    pub killed: bool,
    /// Whether nothing of what it prints and shows is passed on.
    pub quiet: bool,
    /// When to stop waiting for output that is still on its way.
    pub deadline: Option<Instant>,
    /// The number of the frame that comes after all its output, once it has been asked for.
    pub last_frame: Option<String>,
    /// evcxr's status for the cell, once it has replied.
    replied: Option<bool>,
    idle: bool,
    /// The end of what it printed on standard error.
    last_error: String,
    /// What libraries that know evcxr have shown, by MIME type.
    content: Map<String, Value>,
    /// A panic or a failed `?`: its kind, and the frame that told of it.
    failure: Option<(String, Value)>,
    /// evcxr's own errors.
    reports: Vec<(String, Vec<String>)>,
}

impl Running {
    /// A cell that has been sent to the engine as `engine_id`.
    pub fn new(request: JupyterMessage, cell: Cell, count: usize, engine_id: String) -> Running {
        let (silent, stop_on_error, allow_stdin) = match &request.content {
            JupyterMessageContent::ExecuteRequest(content) => {
                (content.silent, content.stop_on_error, content.allow_stdin)
            }
            _ => (false, true, false),
        };
        Running {
            request,
            cell,
            silent,
            allow_stdin,
            told_of_nobody: false,
            stop_on_error,
            expression: None,
            value: json!({}),
            count,
            engine_id,
            process: None,
            process_ended: false,
            interrupted: false,
            killed_at: None,
            left: false,
            killed: false,
            quiet: false,
            deadline: None,
            last_frame: None,
            replied: None,
            idle: false,
            last_error: String::new(),
            content: Map::new(),
            failure: None,
            reports: Vec::new(),
        }
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

    /// Whether evcxr is done with the cell, even if output is still on its way.
    pub fn is_replied(&self) -> bool {
        self.replied.is_some() && self.idle
    }

    /// Takes what evcxr says of the cell. Text comes this way only where evcxr has the cell's streams.
    pub async fn on_engine(
        &mut self,
        output: &JupyterMessage,
        printer: &mut Printer,
        client: &mut Client,
    ) {
        let content = serde_json::to_value(&output.content).unwrap_or_default();
        match output.header.msg_type.as_str() {
            "status" => self.idle |= content["execution_state"] == "idle",
            "execute_result" => {
                let data = content["data"].clone();
                self.show("execute_result", data, None, printer, client)
                    .await;
            }
            "error" => {
                let message = content["evalue"].as_str().unwrap_or_default();
                let traceback = strings(&content["traceback"]);
                self.reports.push((
                    told::of_engine(message),
                    traceback.iter().map(|line| told::of_engine(line)).collect(),
                ));
            }
            _ => {}
        }
    }

    /// Looks at a piece of the cell's output that was printed as it is.
    pub fn on_text(&mut self, text: &str, on_stderr: bool) {
        // It may print a backtrace behind its last words.
        const KEPT: usize = 16 << 10;
        if on_stderr {
            self.last_error.push_str(text);
            let surplus = self.last_error.len().saturating_sub(KEPT);
            let cut = self.last_error.ceil_char_boundary(surplus);
            self.last_error.drain(..cut);
        }
    }

    /// Takes a frame or content that the cell printed. Returns whether it was the last that comes.
    pub async fn on_piece(
        &mut self,
        piece: Piece,
        printer: &mut Printer,
        client: &mut Client,
    ) -> bool {
        let frame = match piece {
            Piece::Frame(frame) => frame,
            Piece::Content(kind, content) => {
                let content = parsed(&kind, Value::String(content));
                self.content.insert(kind, content);
                return false;
            }
            Piece::Text(_) | Piece::Mark(_) | Piece::Prompt(..) => return false,
        };
        let display_id = frame["display_id"].as_str();
        let kind = match frame["kind"].as_str().unwrap_or_default() {
            "sync" if frame["id"] == BEGIN => {
                self.content.clear();
                return false;
            }
            "sync" => return self.last_frame.as_deref() == frame["id"].as_str(),
            "clear" => {
                let content = json!({"wait": frame["wait"] == "yes"});
                printer.show("clear_output", content, client).await;
                return false;
            }
            "result" => "execute_result",
            "display" => "display_data",
            "update" => "update_display_data",
            kind @ ("panic" | "error" | "interrupted") => {
                self.failure = Some((kind.to_owned(), frame.clone()));
                return false;
            }
            _ => return false,
        };
        self.show(kind, media(&frame), display_id, printer, client)
            .await;
        false
    }

    /// Shows what libraries that know evcxr have printed, at the cell's end.
    pub async fn show_content(&mut self, printer: &mut Printer, client: &mut Client) {
        if !self.content.is_empty() {
            let data = Value::Object(std::mem::take(&mut self.content));
            self.show("execute_result", data, None, printer, client)
                .await;
        }
    }

    async fn show(
        &mut self,
        kind: &str,
        data: Value,
        id: Option<&str>,
        printer: &mut Printer,
        client: &mut Client,
    ) {
        if kind == "execute_result" && self.expression.is_some() {
            self.value = data;
            return;
        }
        if self.quiet || self.silent && kind == "execute_result" {
            return;
        }
        if let ("execute_result", JupyterMessageContent::ExecuteRequest(asked)) =
            (kind, &self.request.content)
        {
            record::cell(&asked.code, &data);
        }
        let mut content = json!({"data": data, "metadata": {}});
        match (kind, id) {
            ("execute_result", _) => content["execution_count"] = json!(self.count),
            (_, Some(id)) => content["transient"] = json!({"display_id": id}),
            _ => content["transient"] = json!({}),
        }
        printer.show(kind, content, client).await;
    }

    /// Whether the process that held the variables ended with this cell.
    pub fn lost_variables(&self) -> bool {
        self.reports
            .iter()
            .any(|(message, _)| message.contains(PROCESS_ENDED))
    }

    /// What went wrong, if anything did.
    pub fn outcome(&self, workdir: &Workdir) -> Option<CellError> {
        let build = workdir.build();
        let is_stopped = |(kind, _): &(String, Value)| kind == "interrupted";
        if self.failure.as_ref().is_some_and(is_stopped)
            || self.interrupted && (self.replied != Some(true) || self.failure.is_some())
        {
            return Some(self.interruption(build.as_ref()));
        }
        if let Some((kind, frame)) = &self.failure {
            return Some(CellError::at_place(kind, frame, &self.cell));
        }
        if self.replied == Some(true) {
            return None;
        }
        let report = self.reports.first();
        if let Some(build) = build.filter(|build| !build.success)
            && let Some(error) = CellError::from_build(&build, &self.cell)
        {
            return Some(error);
        }
        Some(match report {
            Some((message, _)) if message.contains(PROCESS_ENDED) => {
                ended(message, &self.last_error)
            }
            Some((message, _)) if message.starts_with(NOT_STARTED) && program::was_replaced() => {
                CellError::new(
                    "the program was replaced",
                    "cells can't be run any more, because the program of this kernel was built anew or removed; \
                     restart the kernel",
                )
            }
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

    /// Whether its process goes on without it.
    pub fn was_left_behind(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|(_, frame)| frame["left"] == "yes")
    }

    fn interruption(&self, build: Option<&Build>) -> CellError {
        let lost = if build.is_none_or(|build| !build.success) {
            "the cell was stopped while it was compiled; nothing is lost".to_owned()
        } else if self.lost_variables() {
            let why = if self.killed {
                "the cell was stopped by ending its process, as it neither looked at the interruption nor could be left behind"
            } else {
                "the cell was stopped by ending its process"
            };
            format!("{why}; {LOST}")
        } else if self.was_left_behind() {
            let names = self
                .cell
                .plan
                .takes
                .iter()
                .map(|it| format!("`{}`", it.name));
            let names: Vec<String> = names.collect();
            let lost = match names.len() {
                0 => "variables of earlier cells are kept".to_owned(),
                1 => format!(
                    "{}, which it mentions, is lost, all other variables are kept",
                    names[0]
                ),
                _ => format!(
                    "the variables that it mentions are lost ({}), all others are kept",
                    names.join(", ")
                ),
            };
            format!(
                "the cell was stopped, but the call that it is in hears of no interruption: it was left behind, and ends \
                 with that call or with the kernel; {lost}"
            )
        } else {
            "the cell was stopped; variables of earlier cells are kept, but for those that it had moved".to_owned()
        };
        CellError::new("interrupted", lost)
    }
}

/// The formats of a frame.
fn media(frame: &Value) -> Value {
    let mut data = frame["data"].clone();
    for (mime, content) in data.as_object_mut().into_iter().flatten() {
        *content = parsed(mime, content.take());
    }
    data
}

/// Content of a format. A cell sends all of them as text; JSON travels on as what it says.
fn parsed(mime: &str, content: Value) -> Value {
    let text = content.as_str().filter(|_| mime.ends_with("json"));
    let value = text.and_then(|text| serde_json::from_str(text).ok());
    value.unwrap_or(content)
}

fn strings(array: &Value) -> Vec<String> {
    let items = array.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
