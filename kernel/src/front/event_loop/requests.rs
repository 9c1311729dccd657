//! What clients ask.

use super::EventLoop;
use crate::front::replies;
use crate::front::sockets::FromClient;
use jupyter_protocol::{JupyterMessage, JupyterMessageContent};
use serde_json::json;
use std::time::Duration;

/// What is asked on the shell channel where a person has opened a notebook or a console, and by no program that only runs
/// notebooks. JupyterLab asks for comms only where an extension needs them, but always for the history.
const ASKED_FOR_PEOPLE: [&str; 3] = [
    "comm_info_request",
    "history_request",
    "is_complete_request",
];

impl EventLoop {
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
        let content = match &request.content {
            JupyterMessageContent::UnknownMessage(unknown) => unknown.content.clone(),
            known => serde_json::to_value(known).unwrap_or_default(),
        };
        let code = content["code"].as_str().unwrap_or_default();
        let kind = request.header.msg_type.as_str();
        if ASKED_FOR_PEOPLE.contains(&kind) {
            self.analyst.start();
        }
        // What the protocol's types can't hold has kept its content as it came.
        let misshapen = matches!(request.content, JupyterMessageContent::UnknownMessage(_));
        let reply = match kind {
            "shutdown_request" => return self.shut_down(request, false).await,
            // Clients leave out what does not matter to them.
            "history_request" => Some(self.history.answer(&content)),
            _ if misshapen => kind
                .ends_with("_request")
                .then(|| replies::not_understood(kind)),
            "kernel_info_request" => Some(replies::kernel_info()),
            "is_complete_request" => Some(replies::is_complete(code)),
            "comm_info_request" => Some(json!({"status": "ok", "comms": {}})),
            "complete_request" | "inspect_request" => {
                let answer = self
                    .analyst
                    .ask(request, &self.context, self.running.is_some())
                    .await;
                return self.on_answers(answer.into_iter().collect()).await;
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
            "debug_request" => {
                self.analyst.start();
                return self.on_debug(request).await;
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
        let restart = content["restart"].as_bool().unwrap_or(false);
        if restart {
            self.analyst.stay().await;
        }
        let reply = json!({"status": "ok", "restart": restart});
        self.stop().await;
        self.printer.flush(&mut self.client).await;
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
}
