//! The process in which cells run: what it prints and asks, and how it is stopped.

use super::EventLoop;
use crate::front::cell_process::{FromProcess, Piece};
use crate::front::client::message;
use crate::processes::signal_group;
use jupyter_protocol::JupyterMessage;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// How a colon travels in the prompt of a question that goes through evcxr, which ends the prompt at one.
pub(super) const COLON: char = '\u{a789}';
/// How long a cell may take to see that it is interrupted.
const HEARS: Duration = Duration::from_secs(1);
/// How long it may then take to clean up.
const CLEANS_UP: Duration = Duration::from_secs(5);
/// How long the process may take to leave a cell behind.
const LEAVES: Duration = Duration::from_secs(2);

/// Who wants an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// The process in which cells run.
    Process,
    /// evcxr, for a process whose streams it has.
    Engine,
}

/// A question that a cell has put to its user.
#[derive(Debug)]
pub(super) struct Question {
    /// The id of the message by which the user was asked.
    id: String,
    asker: Asker,
}

impl EventLoop {
    /// Whether more should be taken of what cells print.
    pub(super) fn may_take(&mut self) -> bool {
        let running = self.running.as_ref();
        // Nothing new comes any more.
        running.is_some_and(|it| it.interrupted || it.is_replied()) || self.printer.may_take()
    }

    pub(super) async fn on_process(&mut self, event: FromProcess) {
        match event {
            FromProcess::Started(process) => {
                if let Some(running) = self.running.as_mut().filter(|it| it.process.is_none()) {
                    running.process = Some(process.id);
                }
                self.process = Some(process);
            }
            FromProcess::Printed(id, on_stderr, piece) => {
                let running = self.running.as_ref();
                let is_late = running.is_some_and(|it| it.process != Some(id));
                // A frame of a process that is gone is not about the cell that runs now.
                if !is_late || matches!(piece, Piece::Text(_)) {
                    self.on_printed(piece, on_stderr).await;
                }
            }
            FromProcess::Heard(id) => {
                if let Some(running) = &mut self.running
                    && running.process == Some(id)
                    && running.killed_at.is_some()
                {
                    running.killed_at = Some(Instant::now() + CLEANS_UP);
                }
            }
            FromProcess::Values(asked, values) => self.on_values(asked, &values).await,
            FromProcess::Ended(id) => {
                self.show_types_alone(|_| true).await;
                self.process = self.process.take().filter(|process| process.id != id);
                if let Some(running) = &mut self.running {
                    running.process_ended |= running.process == Some(id);
                }
                self.finish_if_complete().await;
            }
        }
    }

    /// Takes a piece of what a cell, or a thread that it left behind, has printed.
    pub(super) async fn on_printed(&mut self, piece: Piece, on_stderr: bool) {
        let name = if on_stderr { "stderr" } else { "stdout" };
        match piece {
            Piece::Text(text) => {
                if let Some(running) = &mut self.running {
                    running.on_text(&text, on_stderr);
                    if running.quiet {
                        return;
                    }
                }
                self.printer.print(name, &text, &mut self.client).await;
            }
            Piece::Prompt(prompt, secret) => self.prompt = (prompt.replace(COLON, ":"), secret),
            Piece::Frame(frame) if frame["kind"] == "question" => {
                let (earlier, is_secret) = std::mem::take(&mut self.prompt);
                let prompt = frame["prompt"].as_str().filter(|prompt| !prompt.is_empty());
                let secret = is_secret || frame["secret"] == "yes";
                self.ask(prompt.unwrap_or(&earlier), secret, Asker::Process)
                    .await;
            }
            piece => {
                let Some(running) = &mut self.running else {
                    return;
                };
                let last = running
                    .on_piece(piece, &mut self.printer, &mut self.client)
                    .await;
                if last {
                    self.finish().await;
                }
            }
        }
    }

    /// Asks the user of the running cell. Where nobody can be asked, the cell learns that at once.
    pub(super) async fn ask(&mut self, prompt: &str, secret: bool, asker: Asker) {
        self.printer.flush(&mut self.client).await;
        let content = json!({"prompt": prompt, "password": secret});
        let asked = match &self.running {
            Some(running) if running.allow_stdin && !running.interrupted => {
                Some(self.client.ask(&running.request, content).await)
            }
            _ => None,
        };
        match asked {
            Some(id) => self.question = Some(Question { id, asker }),
            None => {
                self.tell_of_nobody(prompt).await;
                self.give_answer(asker, None).await;
            }
        }
    }

    /// Says once in a cell that its question reaches nobody: an empty answer looks like one that somebody gave.
    async fn tell_of_nobody(&mut self, prompt: &str) {
        let Some(running) = &mut self.running else {
            return;
        };
        if running.interrupted
            || running.quiet
            || std::mem::replace(&mut running.told_of_nobody, true)
        {
            return;
        }
        let asked = match prompt.trim() {
            "" => "the cell reads standard input".to_owned(),
            prompt => format!("the cell asks {prompt:?}"),
        };
        let text = format!("{asked}, and nobody can answer here: it gets an empty answer\n");
        self.printer.print("stderr", &text, &mut self.client).await;
    }

    /// Passes on an answer to the question that is open. One that nobody has asked for, or not any more, is dropped.
    pub(super) async fn on_answer(&mut self, answer: JupyterMessage) {
        let parent = answer.parent_header.as_ref().map(|parent| &parent.msg_id);
        // Some clients name no parent.
        let fits =
            |question: &Question| parent.is_none_or(|id| id.is_empty() || *id == question.id);
        if !self.question.as_ref().is_some_and(fits) {
            return;
        }
        let content = serde_json::to_value(&answer.content).unwrap_or_default();
        if let Some(question) = self.question.take() {
            let value = content["value"].as_str().unwrap_or_default();
            self.give_answer(question.asker, Some(value)).await;
        }
    }

    async fn give_answer(&mut self, asker: Asker, text: Option<&str>) {
        match (asker, &mut self.process) {
            (Asker::Process, Some(process)) => process.answer(text).await,
            (Asker::Process, None) => {}
            (Asker::Engine, _) => {
                let content = json!({"value": text.unwrap_or_default()});
                let answer = message(None, "input_reply", content);
                self.engine.stdin(answer).await;
            }
        }
    }

    /// Stops the running cell: the compiler if it is being compiled, else the cell itself, and its process if it
    /// does not hear. What is between the two is caught when the clock ticks next.
    pub(super) async fn interrupt(&mut self) {
        let Some(running) = &mut self.running else {
            return;
        };
        running.interrupted = true;
        let compiler = std::fs::read_to_string(self.workdir.compiler_pid());
        if let Some(pid) = compiler.ok().and_then(|pid| pid.trim().parse().ok()) {
            // The group that the stand-in for cargo leads.
            signal_group(pid, libc::SIGKILL);
            let _ = std::fs::remove_file(self.workdir.compiler_pid());
            return;
        }
        let is_built = self.workdir.build().is_some_and(|build| build.success);
        if running.is_replied() || !is_built && self.question.is_none() {
            return;
        }
        if let Some(process) = &mut self.process
            && running.process == Some(process.id)
        {
            if process.is_ours {
                process.interrupt().await;
                if !running.killed {
                    running.killed_at.get_or_insert(Instant::now() + HEARS);
                }
            } else {
                process.kill();
            }
        }
        if let Some(question) = self.question.take_if(|it| it.asker == Asker::Engine) {
            self.give_answer(question.asker, None).await;
        }
    }

    /// Leaves a cell behind that does not hear that it is interrupted, or ends its process if that can't be done.
    pub(super) async fn give_cell_up(&mut self) {
        let Some(running) = &mut self.running else {
            return;
        };
        let process = self.process.as_mut();
        let Some(process) = process.filter(|process| running.process == Some(process.id)) else {
            running.killed_at = None;
            return;
        };
        if process.is_ours && !running.left {
            running.left = true;
            running.killed_at = Some(Instant::now() + LEAVES);
            process.leave_cell().await;
        } else {
            running.killed_at = None;
            running.killed = true;
            process.kill();
        }
    }
}
