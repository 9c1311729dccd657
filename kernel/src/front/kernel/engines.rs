//! The engine's life, and what it says.

use super::{COLON, Kernel, MOST_STARTS};
use crate::engine::{Engine, FromEngine, Kind};
use crate::error::Result;
use crate::front::Way;
use crate::front::client::message;
use crate::front::context::Context;
use crate::front::traceback::CellError;
use jupyter_protocol::JupyterMessage;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

impl Kernel {
    pub(super) fn start_engine(&mut self) {
        let (sender, events) = unbounded_channel();
        self.events = events;
        self.ready = false;
        self.session.forget_cell();
        let session = self.session.clone();
        let kind = if self.way == Way::Fast {
            Kind::Cells
        } else {
            Kind::Plain
        };
        self.starting.abort();
        self.starting = tokio::spawn(async move { Engine::start(&session, kind, sender).await });
    }

    pub(super) async fn on_started(&mut self, started: Result<Engine>) {
        self.starting = tokio::spawn(std::future::pending());
        match started {
            Ok(mut engine) => {
                let hello = message(None, "kernel_info_request", json!({}));
                let _ = engine.shell(hello).await;
                self.engine = Some(engine);
            }
            Err(error) => {
                eprintln!("dsprep: {error}");
                self.on_failed_start(&error.to_string()).await;
            }
        }
    }

    pub(super) async fn on_failed_start(&mut self, why: &str) {
        self.failed_starts += 1;
        if self.failed_starts < MOST_STARTS {
            self.start_engine();
        }
        let error = CellError::new("engine died", format!("no cell can be run: {why}"));
        for request in std::mem::take(&mut self.waiting) {
            self.client.status(Some(&request), "busy").await;
            self.fail(&request, &error, self.count).await;
        }
    }

    pub(super) async fn restart_engine(&mut self) {
        if let Some(mut engine) = self.engine.take() {
            engine.kill().await;
        }
        self.context = Context::default();
        self.start_engine();
    }

    pub(super) async fn on_engine_end(&mut self, status: &str) {
        let was_ready = self.ready;
        self.restart_engine().await;
        if let Some(running) = self.running.take() {
            let text = format!(
                "the engine ended ({status}) and was started anew; variables, functions, types and \
                 imports are lost"
            );
            let error = CellError::new("engine died", text);
            self.fail(&running.request, &error, running.count).await;
            self.abort_waiting().await;
        } else if was_ready {
            self.notice = Some(format!(
                "dsprep: the engine ended ({status}) and was started anew; variables, functions, \
                 types and imports are lost\n"
            ));
        } else {
            self.on_failed_start(&format!("the engine ended ({status})"))
                .await;
        }
        self.run_next().await;
    }

    pub(super) async fn on_engine(&mut self, event: FromEngine) {
        match event {
            FromEngine::Shell(reply) => self.on_engine_reply(reply).await,
            FromEngine::IoPub(output) => {
                if let Some(running) = self.running.as_mut().filter(|it| it.is_parent_of(&output)) {
                    running
                        .on_output(output, &mut self.client, &self.session)
                        .await;
                    self.finish_if_complete().await;
                }
            }
            FromEngine::Stdin(question) => {
                if let Some(running) = &self.running {
                    let mut content = serde_json::to_value(&question.content).unwrap_or_default();
                    if let Some(prompt) = content["prompt"].as_str() {
                        content["prompt"] = json!(prompt.replace(COLON, ":"));
                    }
                    self.client.ask(&running.request, content).await;
                }
            }
            FromEngine::Control => {}
            FromEngine::Log(line) => match &mut self.running {
                Some(running) => {
                    running
                        .print("stderr", &format!("{line}\n"), &mut self.client)
                        .await
                }
                None => eprintln!("{line}"),
            },
        }
    }

    pub(super) async fn on_engine_reply(&mut self, reply: JupyterMessage) {
        if !self.ready && reply.header.msg_type == "kernel_info_reply" {
            self.ready = true;
            self.failed_starts = 0;
            return self.run_next().await;
        }
        if let Some(running) = self.running.as_mut().filter(|it| it.is_parent_of(&reply)) {
            running.on_reply(&reply);
            return self.finish_if_complete().await;
        }
    }
}
