//! The engine's life, and what it says.

use super::EventLoop;
use super::processes::{Asker, COLON};
use crate::engine::{Event, FromEngine};
use crate::front::client::message;
use crate::front::context::Context;
use crate::front::traceback::CellError;
use crate::front::{log, running::Running};
use jupyter_protocol::JupyterMessage;
use serde_json::json;

impl EventLoop {
    pub(super) async fn on_engine(&mut self, event: Event) {
        match event {
            Event::Started => {
                let hello = message(None, "kernel_info_request", json!({}));
                self.engine.shell(hello).await;
            }
            Event::Said(said) => self.on_said(*said).await,
            Event::EndedEarly => self.engine.start(&self.workdir),
            Event::Ended(status) => self.on_engine_end(&status).await,
            Event::Failed(why) => {
                log(&format!("dsprep: {why}"));
                self.run_next().await;
            }
        }
    }

    /// Goes on with a new engine after the old one has ended.
    async fn on_engine_end(&mut self, status: &str) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
        self.expressions = None;
        self.context = Context::default();
        self.replay = None;
        self.question = None;
        self.workdir.forget_cell();
        self.engine.start(&self.workdir);
        let text = format!(
            "the engine ended ({status}) and was started anew; variables, functions, types and imports are lost"
        );
        if let Some(running) = self.running.take() {
            self.printer.flush(&mut self.client).await;
            let error = CellError::new("engine died", text);
            self.fail(&running.request, &error, running.count).await;
            self.abort_waiting().await;
        } else {
            self.notice = Some(format!("dsprep: {text}\n"));
        }
    }

    async fn on_said(&mut self, said: FromEngine) {
        match said {
            FromEngine::Shell(reply) => self.on_engine_reply(&reply).await,
            FromEngine::IoPub(output) => self.on_output(&output).await,
            FromEngine::Stdin(question) => {
                let content = serde_json::to_value(&question.content).unwrap_or_default();
                let prompt = content["prompt"].as_str().unwrap_or_default();
                let prompt = prompt.replace(COLON, ":");
                self.ask(&prompt, content["password"] == true, Asker::Engine)
                    .await;
            }
            FromEngine::Log(line) if self.running.is_some() => {
                let text = format!("{line}\n");
                self.printer.print("stderr", &text, &mut self.client).await;
            }
            FromEngine::Log(line) => log(&line),
        }
    }

    async fn on_output(&mut self, output: &JupyterMessage) {
        let belongs = |running: &&mut Running| running.is_parent_of(output);
        if self.running.as_mut().filter(belongs).is_none() {
            return;
        }
        if output.header.msg_type == "stream" {
            let content = serde_json::to_value(&output.content).unwrap_or_default();
            let on_stderr = content["name"] == "stderr";
            let text = content["text"].as_str().unwrap_or_default();
            let pieces = self.passed_on[usize::from(on_stderr)].feed(text.as_bytes());
            for piece in pieces {
                self.on_printed(piece, on_stderr).await;
            }
            return;
        }
        if let Some(running) = &mut self.running {
            running
                .on_engine(output, &mut self.printer, &mut self.client)
                .await;
        }
        self.finish_if_complete().await;
    }

    async fn on_engine_reply(&mut self, reply: &JupyterMessage) {
        if !self.engine.is_ready() && reply.header.msg_type == "kernel_info_reply" {
            self.engine.is_greeted();
            return self.run_next().await;
        }
        if let Some(running) = self.running.as_mut().filter(|it| it.is_parent_of(reply)) {
            running.on_reply(reply);
            self.finish_if_complete().await;
        }
    }
}
