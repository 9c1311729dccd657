//! Cells on their toolchain through the kernel: waiting, running, done.

use super::{EventLoop, help};
use crate::front::Toolchain;
use crate::front::client::message;
use crate::front::commands::Answer;
use crate::front::completeness::too_deep;
use crate::front::event_loop::replay::REPLAY;
use crate::front::log;
use crate::front::prepared::Cell;
use crate::front::running::{BEGIN, Running};
use crate::front::traceback::CellError;
use jupyter_protocol::{JupyterMessage, JupyterMessageContent};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// How long to wait for output that is still on its way when evcxr has already replied.
const LAST_OUTPUT: Duration = Duration::from_secs(1);

impl EventLoop {
    /// Sends the next waiting cell to the engine, if that is free.
    pub(super) async fn run_next(&mut self) {
        let answers = matches!(self.toolchain, Toolchain::Unavailable(_));
        while (self.engine.is_ready() || answers) && self.running.is_none() {
            let Some(request) = self.waiting.pop_front() else {
                return;
            };
            self.run(request).await;
        }
        if let Some(why) = self.engine.failure().map(str::to_owned)
            && !self.waiting.is_empty()
        {
            self.refuse_waiting(&why).await;
            // Whatever it was may have been mended by the time of the next cell.
            self.engine.start(&self.workdir);
        }
    }

    pub(super) async fn run(&mut self, request: JupyterMessage) {
        let JupyterMessageContent::ExecuteRequest(content) = &request.content else {
            return;
        };
        let content = content.clone();
        self.client.status(Some(&request), "busy").await;
        if content.code.trim().is_empty() {
            return self.evaluate(&request, self.count).await;
        }
        if !content.silent && content.store_history {
            self.count += 1;
            // A program that runs a notebook answers no questions.
            if content.allow_stdin
                && let Err(error) = self.history.keep(self.count, &content.code)
            {
                log(&format!("dsprep: the history is not kept: {error}"));
            }
        }
        if !content.silent {
            let input = json!({"code": content.code, "execution_count": self.count});
            self.client
                .publish(Some(&request), "execute_input", input)
                .await;
        }
        if let Some(why) = too_deep(&content.code) {
            self.fail(&request, &CellError::new("error", why), self.count)
                .await;
            if content.stop_on_error {
                self.abort_waiting().await;
            }
            return;
        }
        if let Some(name) = help::wanted(&content.code, &self.context) {
            let name = name.to_owned();
            return self
                .analyst
                .look_up(request, &name, &self.context, self.count)
                .await;
        }
        let cell = match &self.toolchain {
            Toolchain::StandIn if content.code.trim() == REPLAY => {
                return self.replay(request).await;
            }
            Toolchain::StandIn => {
                let name = request.metadata["cellId"].as_str();
                self.context.prepare(&content.code, self.count, name)
            }
            Toolchain::Cargo => Cell::plain(&content.code),
            Toolchain::Unavailable(reason) => {
                let error = CellError::new("no cell can be run", reason.clone());
                self.fail(&request, &error, self.count).await;
                return self.abort_waiting().await;
            }
        };
        self.printer.flush(&mut self.client).await;
        self.printer.begin(&request);
        if let Some(text) = self.notice.take() {
            self.printer.print("stderr", &text, &mut self.client).await;
        }
        self.answer_commands(&cell, content.silent).await;
        if let Some(refusal) = &cell.refusal {
            let error = CellError::from_refusal(refusal, &content.code);
            self.printer.flush(&mut self.client).await;
            self.fail(&request, &error, self.count).await;
            if content.stop_on_error {
                self.abort_waiting().await;
            }
            return;
        }
        if cell.for_engine.is_empty() {
            if let Err(error) = self.workdir.set_plan(&cell.plan) {
                let error = CellError::new("error", error.to_string());
                return self.fail(&request, &error, self.count).await;
            }
            self.context.add(&cell, &self.workdir);
            self.printer.flush(&mut self.client).await;
            return self.evaluate(&request, self.count).await;
        }
        self.start(request, cell, content.allow_stdin).await;
    }

    /// Hands a cell to the engine.
    pub(super) async fn start(&mut self, request: JupyterMessage, cell: Cell, allow_stdin: bool) {
        if let Err(error) = self.workdir.set_plan(&cell.plan) {
            self.replay = None;
            let error = CellError::new("error", error.to_string());
            return self.fail(&request, &error, self.count).await;
        }
        let for_engine = cell.for_engine.clone();
        let mut running = Running::new(request, cell, self.count, String::new());
        running.quiet = self.replay.is_some();
        self.send_to_engine(running, &for_engine, allow_stdin).await;
    }

    /// Sends what is prepared in `running` to the engine.
    pub(super) async fn send_to_engine(
        &mut self,
        mut running: Running,
        code: &str,
        allow_stdin: bool,
    ) {
        let for_engine = json!({
            "code": code, "silent": false, "store_history": true, "user_expressions": {},
            "allow_stdin": allow_stdin, "stop_on_error": false,
        });
        let for_engine = message(None, "execute_request", for_engine);
        running.engine_id = for_engine.header.msg_id.clone();
        if let Some(process) = &mut self.process {
            process.tell("begin").await;
            // What was shown before, as by evcxr's trial at its start, is not this cell's.
            process.tell(&format!("sync {BEGIN}")).await;
            running.process = Some(process.id);
        }
        self.running = Some(running);
        self.engine.shell(for_engine).await;
    }

    /// Ends the running cell if evcxr is done with it and all that it printed has come.
    pub(super) async fn finish_if_complete(&mut self) {
        let Some(running) = self.running.as_mut().filter(|it| it.is_replied()) else {
            return;
        };
        if running.process_ended || running.process.is_none() {
            return self.finish().await;
        }
        if running.last_frame.is_some() {
            return;
        }
        match &mut self.process {
            Some(process) if !process.is_ours => return self.finish().await,
            Some(process) if running.process == Some(process.id) => {
                self.last_frames += 1;
                let frame = self.last_frames.to_string();
                process.tell(&format!("sync {frame}")).await;
                running.last_frame = Some(frame);
            }
            // It has ended, and what it printed last is on its way.
            _ => {}
        }
        running.deadline.get_or_insert(Instant::now() + LAST_OUTPUT);
    }

    /// Ends the running cell: publishes its error if there is one, replies, and starts the next.
    pub(super) async fn finish(&mut self) {
        let Some(mut running) = self.running.take() else {
            return;
        };
        self.question = None;
        self.analyst.read_added().await;
        match running.outcome(&self.workdir) {
            None if self.replay.is_some() => return self.replay_next(running.request).await,
            None => {
                running
                    .show_content(&mut self.printer, &mut self.client)
                    .await;
                self.keep(&running.cell).await;
                if running.expression.is_none() {
                    self.context.write_down(&running.cell);
                }
                self.printer.flush(&mut self.client).await;
                match running.expression.take() {
                    Some(name) => self.on_value(name, Ok(running.value.take())).await,
                    None => self.evaluate(&running.request, running.count).await,
                }
            }
            Some(mut error) => {
                if self.replay.is_some() {
                    self.end_replay(&mut error);
                } else {
                    // What a cell defines stays, though it ended early.
                    self.keep(&running.cell).await;
                }
                if running.was_left_behind() {
                    self.context.leave_behind(&running.cell);
                }
                if running.lost_variables() {
                    self.context.lose_variables();
                    self.offer_replay(&mut error);
                }
                self.printer.flush(&mut self.client).await;
                if let Some(name) = running.expression.take() {
                    self.on_value(name, Err(error)).await;
                    return self.run_next().await;
                }
                self.fail(&running.request, &error, running.count).await;
                if running.stop_on_error {
                    self.abort_waiting().await;
                }
            }
        }
        self.run_next().await;
    }

    /// Keeps what a cell that was run has defined, and tells what that did to earlier ones.
    async fn keep(&mut self, cell: &Cell) {
        for note in self.context.add(cell, &self.workdir) {
            let text = format!("{note}\n");
            self.printer.print("stderr", &text, &mut self.client).await;
        }
    }

    /// Publishes what the front itself answers to commands of a cell.
    async fn answer_commands(&mut self, cell: &Cell, silent: bool) {
        for answer in &cell.answers {
            let Answer::Text { plain, html } = answer else {
                continue;
            };
            if plain.is_empty() || silent {
                continue;
            }
            let mut data = json!({"text/plain": plain});
            if let Some(html) = html {
                data["text/html"] = json!(html);
            }
            let content = json!({"data": data, "metadata": {}, "execution_count": self.count});
            self.printer
                .show("execute_result", content, &mut self.client)
                .await;
        }
        if let Some(notice) = cell.notice {
            self.printer.print("stderr", notice, &mut self.client).await;
        }
    }

    /// Answers all cells that wait with an error: none can be run, as the text says.
    async fn refuse_waiting(&mut self, why: &str) {
        let text = format!("no cell can be run: {why}\nrun `dsprep doctor`: it says what to mend");
        let error = CellError::new("engine died", text);
        for request in std::mem::take(&mut self.waiting) {
            self.client.status(Some(&request), "busy").await;
            self.fail(&request, &error, self.count).await;
        }
    }

    /// Answers `request` with success.
    pub(super) async fn succeed(&mut self, request: &JupyterMessage, count: usize) {
        self.reply_ok(request, count, json!({}), json!([])).await;
    }

    /// Answers `request` with success, the values of its expressions, and what the client is to do.
    pub(super) async fn reply_ok(
        &mut self,
        request: &JupyterMessage,
        count: usize,
        expressions: Value,
        payload: Value,
    ) {
        let reply = json!({
            "status": "ok", "execution_count": count, "user_expressions": expressions, "payload": payload,
        });
        self.client.reply(request, reply).await;
        self.client.status(Some(request), "idle").await;
    }

    /// Answers `request` with an error.
    pub(super) async fn fail(&mut self, request: &JupyterMessage, error: &CellError, count: usize) {
        let content = json!({
            "ename": error.name, "evalue": error.value, "traceback": error.traceback,
        });
        self.client
            .publish(Some(request), "error", content.clone())
            .await;
        let mut reply = json!({
            "status": "error", "execution_count": count, "user_expressions": {}, "payload": [],
        });
        for key in ["ename", "evalue", "traceback"] {
            reply[key] = content[key].clone();
        }
        self.client.reply(request, reply).await;
        self.client.status(Some(request), "idle").await;
    }

    /// Gives up the cells that wait behind one that failed.
    pub(super) async fn abort_waiting(&mut self) {
        for request in std::mem::take(&mut self.waiting) {
            self.client.status(Some(&request), "busy").await;
            let reply = json!({"status": "aborted", "execution_count": self.count});
            self.client.reply(&request, reply).await;
            self.client.status(Some(&request), "idle").await;
        }
    }
}
