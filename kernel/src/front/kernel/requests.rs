//! What clients ask.

use super::Kernel;
use crate::front::client::{FromClient, message};
use crate::front::replies;
use jupyter_protocol::{JupyterMessage, JupyterMessageContent};
use serde_json::json;
use std::time::Duration;

impl Kernel {
    pub(super) async fn on_client(&mut self, request: FromClient) {
        match request {
            FromClient::Shell(request) => self.on_shell(request).await,
            FromClient::Control(request) => self.on_control(request).await,
            FromClient::Stdin(answer) => self.on_answer(answer).await,
        }
    }

    pub(super) async fn on_shell(&mut self, request: JupyterMessage) {
        if let JupyterMessageContent::ExecuteRequest(_) = request.content {
            self.waiting.push_back(request);
            return self.run_next().await;
        }
        self.client.status(Some(&request), "busy").await;
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let code = content["code"].as_str().unwrap_or_default();
        let kind = request.header.msg_type.as_str();
        // What the protocol's types can't hold has kept its content as it came.
        let misshapen = matches!(request.content, JupyterMessageContent::UnknownMessage(_));
        let reply = match kind {
            "shutdown_request" => return self.shut_down(request, false).await,
            _ if misshapen => kind
                .ends_with("_request")
                .then(|| replies::not_understood(kind)),
            "kernel_info_request" => Some(replies::kernel_info()),
            "is_complete_request" => Some(replies::is_complete(code)),
            "comm_info_request" => {
                // Programs that only run notebooks do not ask for this; what people use does.
                self.analyst.start();
                Some(json!({"status": "ok", "comms": {}}))
            }
            "history_request" => Some(json!({"status": "ok", "history": []})),
            "complete_request" | "inspect_request" => {
                return self
                    .analyst
                    .ask(request, &self.context, self.running.is_some())
                    .await;
            }
            "comm_open" => {
                let id = content["comm_id"].clone();
                let close = json!({"comm_id": id, "data": {}});
                self.client
                    .publish(Some(&request), "comm_close", close)
                    .await;
                None
            }
            _ => None,
        };
        if let Some(reply) = reply {
            self.client.reply(&request, reply).await;
        }
        self.idle_after(&request).await;
    }

    /// Says that `request` is done. If a cell runs, the kernel is still busy with that.
    pub(super) async fn idle_after(&mut self, request: &JupyterMessage) {
        self.client.status(Some(request), "idle").await;
        if let Some(running) = &self.running {
            self.client.status(Some(&running.request), "busy").await;
        }
    }

    pub(super) async fn on_control(&mut self, request: JupyterMessage) {
        self.client.status(Some(&request), "busy").await;
        match request.header.msg_type.as_str() {
            "shutdown_request" => return self.shut_down(request, true).await,
            "interrupt_request" => {
                self.client
                    .control_reply(&request, json!({"status": "ok"}))
                    .await;
                self.interrupt().await;
            }
            "kernel_info_request" => {
                self.client
                    .control_reply(&request, replies::kernel_info())
                    .await;
            }
            kind => {
                self.client
                    .control_reply(&request, replies::not_understood(kind))
                    .await;
            }
        }
        self.idle_after(&request).await;
    }

    pub(super) async fn shut_down(&mut self, request: JupyterMessage, on_control: bool) {
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let reply =
            json!({"status": "ok", "restart": content["restart"].as_bool().unwrap_or(false)});
        if let Some(engine) = &mut self.engine {
            engine.kill().await;
        }
        if on_control {
            self.client.control_reply(&request, reply).await;
        } else {
            self.client.reply(&request, reply).await;
        }
        self.client.status(Some(&request), "idle").await;
        // The sockets send in the background; a moment lets the reply out before they close.
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.ended = true;
    }

    /// Stops the running cell: the compiler if it is being compiled, the process it runs in if not.
    /// What is between the two is caught when the clock ticks next.
    pub(super) async fn interrupt(&mut self) {
        let Some(running) = &mut self.running else {
            return;
        };
        running.interrupted = true;
        let compiler = std::fs::read_to_string(self.session.compiler_pid());
        if let Some(pid) = compiler.ok().and_then(|pid| pid.trim().parse::<i32>().ok()) {
            // SAFETY: sends a signal to the process group that the stand-in of cargo leads.
            unsafe { libc::kill(-pid, libc::SIGKILL) };
            let _ = std::fs::remove_file(self.session.compiler_pid());
        } else if running.may_stop_process(&self.session)
            && let Some(engine) = &mut self.engine
        {
            let _ = engine
                .control(message(None, "interrupt_request", json!({})))
                .await;
        }
    }

    pub(super) async fn on_answer(&mut self, answer: JupyterMessage) {
        let content = serde_json::to_value(&answer.content).unwrap_or_default();
        if let Some(engine) = &mut self.engine {
            let _ = engine.stdin(message(None, "input_reply", content)).await;
        }
    }
}
