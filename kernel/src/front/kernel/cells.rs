//! Cells on their way through the kernel: waiting, running, done.

use super::{Kernel, LAST_OUTPUT};
use crate::front::Way;
use crate::front::cell::Cell;
use crate::front::client::message;
use crate::front::running::Running;
use crate::front::traceback::CellError;
use jupyter_protocol::{JupyterMessage, JupyterMessageContent};
use serde_json::json;
use tokio::time::Instant;

impl Kernel {
    /// Sends the next waiting cell to the engine, if that is free.
    pub(super) async fn run_next(&mut self) {
        while self.ready && self.running.is_none() {
            let Some(request) = self.waiting.pop_front() else {
                return;
            };
            self.run(request).await;
        }
    }

    pub(super) async fn run(&mut self, request: JupyterMessage) {
        let JupyterMessageContent::ExecuteRequest(content) = &request.content else {
            return;
        };
        let content = content.clone();
        self.client.status(Some(&request), "busy").await;
        if content.code.trim().is_empty() {
            return self.succeed(&request, self.count).await;
        }
        if !content.silent && content.store_history {
            self.count += 1;
        }
        if !content.silent {
            let input = json!({"code": content.code, "execution_count": self.count});
            self.client
                .publish(Some(&request), "execute_input", input)
                .await;
        }
        let cell = match &self.way {
            Way::Fast => Cell::new(&content.code, &mut self.next_type),
            Way::Plain(reason) => {
                if self.count == 1 {
                    let text = format!("dsprep: cells run on plain evcxr, slowly: {reason}\n");
                    self.notice = Some(text);
                }
                Cell::plain(&content.code)
            }
        };
        if let Some(text) = self.notice.take() {
            let content = json!({"name": "stderr", "text": text});
            self.client.publish(Some(&request), "stream", content).await;
        }
        if let Err(error) = self.session.set_cell(&cell.cell_text()) {
            let error = CellError::new("error", error.to_string());
            return self.fail(&request, &error, self.count).await;
        }
        let for_engine = json!({
            "code": cell.code.clone(), "silent": false, "store_history": true, "user_expressions": {},
            "allow_stdin": content.allow_stdin, "stop_on_error": false,
        });
        let for_engine = message(None, "execute_request", for_engine);
        let id = for_engine.header.msg_id.clone();
        self.running = Some(Running::new(request, content.code, cell, self.count, id));
        if let Some(engine) = &mut self.engine {
            // An engine that can't be reached has ended, which is noticed by its process.
            let _ = engine.shell(for_engine).await;
        }
    }

    pub(super) async fn finish_if_complete(&mut self) {
        let Some(running) = &mut self.running else {
            return;
        };
        if running.is_complete(&self.session) {
            self.finish().await;
        } else if running.is_replied() && running.deadline.is_none() {
            running.deadline = Some(Instant::now() + LAST_OUTPUT);
        }
    }

    /// Ends the running cell: publishes its error if there is one, replies, and starts the next.
    pub(super) async fn finish(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        match running.outcome(&self.session) {
            None => {
                self.succeed(&running.request, running.count).await;
                self.context.add(&running.cell, &self.session);
            }
            Some(error) => {
                if running.lost_variables() {
                    self.context.lose_variables();
                }
                self.fail(&running.request, &error, running.count).await;
                if running.stop_on_error {
                    self.abort_waiting().await;
                }
                if running.is_out_of_step() {
                    self.restart_engine().await;
                }
            }
        }
        self.run_next().await;
    }

    /// Answers `request` with success.
    async fn succeed(&mut self, request: &JupyterMessage, count: usize) {
        let reply = json!({
            "status": "ok", "execution_count": count, "user_expressions": {}, "payload": [],
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
