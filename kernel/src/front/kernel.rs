//! The kernel's state, and the loop that everything goes through.

use super::Way;
use super::analyst::{Analyst, Answer};
use super::cell::Cell;
use super::client::{Client, FromClient, message};
use super::context::Context;
use super::replies;
use super::running::Running;
use super::traceback::CellError;
use crate::engine::{Engine, FromEngine, Kind};
use crate::error::{Error, Result};
use crate::toolchain::session::Session;
use jupyter_protocol::{ConnectionInfo, JupyterMessage, JupyterMessageContent};
use serde_json::json;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How long to wait for output that is still on its way when evcxr has already replied.
const LAST_OUTPUT: Duration = Duration::from_millis(500);
/// How often the parent process is looked at, and an interruption is tried again.
const TICK: Duration = Duration::from_millis(200);
/// How a colon travels in the prompt of a question, since evcxr ends the prompt at one.
const COLON: char = '\u{a789}';
/// How many engines in a row may fail to start before the kernel gives up.
const MOST_STARTS: u32 = 3;

/// Serves clients on `info` until the kernel is shut down or its parent process is gone.
///
/// # Errors
/// If the ports can't be bound.
pub async fn serve(info: &ConnectionInfo, session: Session, way: Way) -> Result<()> {
    let parent = std::os::unix::process::parent_id();
    let (client, mut requests) = Client::bind(info).await?;
    let mut kernel = Kernel::new(client, session, way);
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::system("watch signals"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::system("watch signals"))?;
    let mut tick = tokio::time::interval(TICK);
    kernel.client.status(None, "starting").await;
    kernel.start_engine();
    while !kernel.ended {
        let deadline = kernel.deadline();
        tokio::select! {
            Some(request) = requests.recv() => kernel.on_client(request).await,
            Some(event) = kernel.events.recv() => kernel.on_engine(event).await,
            started = &mut kernel.starting, if kernel.engine.is_none() => {
                kernel.on_started(started.unwrap_or(Err(Error::EngineStart { status: None }))).await;
            }
            status = ended(&mut kernel.engine) => kernel.on_engine_end(&status).await,
            event = kernel.analyst.next() => {
                let answer = kernel.analyst.on(event).await;
                kernel.on_answers(answer.into_iter().collect()).await;
            }
            () = sleep_until(deadline) => kernel.on_deadline().await,
            _ = terminate.recv() => kernel.ended = true,
            _ = interrupt.recv() => kernel.interrupt().await,
            _ = tick.tick() => kernel.on_tick(parent).await,
        }
    }
    if let Some(engine) = &mut kernel.engine {
        engine.kill().await;
    }
    kernel.analyst.stop().await;
    kernel.starting.abort();
    Ok(())
}

/// Waits for the end of the engine's process.
async fn ended(engine: &mut Option<Engine>) -> String {
    match engine {
        Some(engine) => match engine.child.wait().await {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        },
        None => std::future::pending().await,
    }
}

struct Kernel {
    client: Client,
    session: Session,
    way: Way,
    engine: Option<Engine>,
    starting: JoinHandle<Result<Engine>>,
    failed_starts: u32,
    /// Whether the engine has answered, and so can run cells.
    ready: bool,
    events: UnboundedReceiver<FromEngine>,
    waiting: VecDeque<JupyterMessage>,
    running: Option<Running>,
    analyst: Analyst,
    context: Context,
    /// What the next cell is to say before anything else.
    notice: Option<String>,
    count: usize,
    next_type: u32,
    ended: bool,
}

impl Kernel {
    fn new(client: Client, session: Session, way: Way) -> Kernel {
        let (_, events) = unbounded_channel();
        Kernel {
            client,
            session,
            way,
            engine: None,
            starting: tokio::spawn(std::future::pending()),
            failed_starts: 0,
            ready: false,
            events,
            waiting: VecDeque::new(),
            running: None,
            analyst: Analyst::new(),
            context: Context::default(),
            notice: None,
            count: 0,
            next_type: 1,
            ended: false,
        }
    }

    fn deadline(&self) -> Instant {
        let far = Instant::now() + Duration::from_secs(3600);
        let cell = self.running.as_ref().and_then(|running| running.deadline);
        [cell, self.analyst.deadline()]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(far)
    }

    async fn on_deadline(&mut self) {
        let overdue = self.analyst.overdue();
        self.on_answers(overdue).await;
        let cell = self.running.as_ref().and_then(|running| running.deadline);
        if cell.is_some_and(|deadline| deadline <= Instant::now()) {
            self.finish().await;
        }
    }

    async fn on_answers(&mut self, answers: Vec<Answer>) {
        for Answer { request, content } in answers {
            let content = content.unwrap_or_else(|| replies::nothing_known(&request));
            self.client.reply(&request, content).await;
            self.idle_after(&request).await;
        }
    }

    fn start_engine(&mut self) {
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

    async fn on_started(&mut self, started: Result<Engine>) {
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

    async fn on_failed_start(&mut self, why: &str) {
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

    async fn restart_engine(&mut self) {
        if let Some(mut engine) = self.engine.take() {
            engine.kill().await;
        }
        self.context = Context::default();
        self.start_engine();
    }

    async fn on_engine_end(&mut self, status: &str) {
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

    async fn on_client(&mut self, request: FromClient) {
        match request {
            FromClient::Shell(request) => self.on_shell(request).await,
            FromClient::Control(request) => self.on_control(request).await,
            FromClient::Stdin(answer) => self.on_answer(answer).await,
        }
    }

    async fn on_shell(&mut self, request: JupyterMessage) {
        if let JupyterMessageContent::ExecuteRequest(_) = request.content {
            self.waiting.push_back(request);
            return self.run_next().await;
        }
        self.client.status(Some(&request), "busy").await;
        let content = serde_json::to_value(&request.content).unwrap_or_default();
        let code = content["code"].as_str().unwrap_or_default();
        let reply = match request.header.msg_type.as_str() {
            "kernel_info_request" => Some(replies::kernel_info()),
            "is_complete_request" => Some(replies::is_complete(code)),
            "comm_info_request" => {
                // Programs that only run notebooks do not ask for this; what people use does.
                self.analyst.start();
                Some(json!({"status": "ok", "comms": {}}))
            }
            "history_request" => Some(json!({"status": "ok", "history": []})),
            "shutdown_request" => return self.shut_down(request, false).await,
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
    async fn idle_after(&mut self, request: &JupyterMessage) {
        self.client.status(Some(request), "idle").await;
        if let Some(running) = &self.running {
            self.client.status(Some(&running.request), "busy").await;
        }
    }

    async fn on_control(&mut self, request: JupyterMessage) {
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
            _ => {
                let text = "this kernel has no such request";
                let reply =
                    json!({"status": "error", "ename": "unknown", "evalue": text, "traceback": []});
                self.client.control_reply(&request, reply).await;
            }
        }
        self.idle_after(&request).await;
    }

    async fn shut_down(&mut self, request: JupyterMessage, on_control: bool) {
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
    async fn interrupt(&mut self) {
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

    /// What has to be looked at from time to time.
    async fn on_tick(&mut self, parent: u32) {
        self.ended |= std::os::unix::process::parent_id() != parent;
        if self
            .running
            .as_ref()
            .is_some_and(|running| running.interrupted)
        {
            self.interrupt().await;
        }
    }

    async fn on_answer(&mut self, answer: JupyterMessage) {
        let content = serde_json::to_value(&answer.content).unwrap_or_default();
        if let Some(engine) = &mut self.engine {
            let _ = engine.stdin(message(None, "input_reply", content)).await;
        }
    }

    /// Sends the next waiting cell to the engine, if that is free.
    async fn run_next(&mut self) {
        while self.ready && self.running.is_none() {
            let Some(request) = self.waiting.pop_front() else {
                return;
            };
            self.run(request).await;
        }
    }

    async fn run(&mut self, request: JupyterMessage) {
        let JupyterMessageContent::ExecuteRequest(content) = &request.content else {
            return;
        };
        let content = content.clone();
        self.client.status(Some(&request), "busy").await;
        if content.code.trim().is_empty() {
            let reply = json!({
                "status": "ok", "execution_count": self.count, "user_expressions": {}, "payload": [],
            });
            self.client.reply(&request, reply).await;
            return self.client.status(Some(&request), "idle").await;
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

    async fn on_engine(&mut self, event: FromEngine) {
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

    async fn on_engine_reply(&mut self, reply: JupyterMessage) {
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

    async fn finish_if_complete(&mut self) {
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
    async fn finish(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        match running.outcome(&self.session) {
            None => {
                let reply = json!({
                    "status": "ok", "execution_count": running.count, "user_expressions": {},
                    "payload": [],
                });
                self.client.reply(&running.request, reply).await;
                self.client.status(Some(&running.request), "idle").await;
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

    /// Answers `request` with an error.
    async fn fail(&mut self, request: &JupyterMessage, error: &CellError, count: usize) {
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
    async fn abort_waiting(&mut self) {
        for request in std::mem::take(&mut self.waiting) {
            self.client.status(Some(&request), "busy").await;
            let reply = json!({"status": "aborted", "execution_count": self.count});
            self.client.reply(&request, reply).await;
            self.client.status(Some(&request), "idle").await;
        }
    }
}
