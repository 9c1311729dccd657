//! A small Jupyter client: starts the kernel as Jupyter does, sends requests, and keeps what comes back.
//!
//! Every wait has an end, so that a test of a kernel that hangs fails. When a [`Kernel`] is dropped, all of
//! its processes are killed.

use crate::Sandbox;
use crate::outcome::{Failure, Outcome, Output, text};
use crate::process::{self, Process};
use crate::sockets::{Channel, Received, Sockets, connection_info};
use jupyter_protocol::{JupyterMessage, JupyterMessageContent, UnknownMessage};
use jupyter_zmq_client as zmq;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;
use uuid::Uuid;

/// How long any request may take, on a machine that does other work too.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a kernel may take to listen and to answer.
const START: Duration = Duration::from_secs(30);
/// How often something is looked at that sends no message.
const GLANCE: Duration = Duration::from_millis(10);

/// How a kernel is started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Sockets of TCP, as Jupyter makes them; files else, which no two tests can want at once.
    pub tcp: bool,
    /// How much address space each process may have, in KiB.
    pub memory: Option<u64>,
}

/// A running kernel and the client's ends of its sockets.
pub struct Kernel {
    runtime: Runtime,
    sandbox: Arc<Sandbox>,
    child: Child,
    log: PathBuf,
    shell: zmq::DealerSendConnection,
    control: zmq::DealerSendConnection,
    stdin: zmq::DealerSendConnection,
    heartbeat: zmq::ClientHeartbeatConnection,
    incoming: UnboundedReceiver<Received>,
    /// What came while something else was waited for.
    kept: VecDeque<Received>,
    /// How long it took from the start of the process to the first reply.
    pub started_in: Duration,
}

impl Kernel {
    /// A kernel in a sandbox of its own.
    pub fn start() -> Kernel {
        Kernel::start_in(&Arc::new(Sandbox::new()))
    }

    /// A kernel in this sandbox.
    pub fn start_in(sandbox: &Arc<Sandbox>) -> Kernel {
        Kernel::start_with(sandbox, Settings::default())
    }

    /// A kernel with settings, once it has answered.
    ///
    /// # Panics
    /// If it does not answer in time.
    pub fn start_with(sandbox: &Arc<Sandbox>, settings: Settings) -> Kernel {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads can be started");
        let name = Uuid::new_v4().simple().to_string();
        let info = runtime.block_on(connection_info(sandbox, &name[..8], settings.tcp));
        let text = serde_json::to_string(&info).expect("it is plain data");
        let file = sandbox.write(&format!("{name}.json"), &text);
        let log = file.with_extension("log");
        let start = Instant::now();
        let child = spawn(
            sandbox,
            &["-f", &file.display().to_string()],
            &log,
            settings,
        );
        let connected = runtime.block_on(async { timeout(START, Sockets::connect(&info)).await });
        let Ok(Sockets {
            shell,
            control,
            stdin,
            heartbeat,
            incoming,
        }) = connected
        else {
            let text = fs::read_to_string(&log).unwrap_or_default();
            kill_all(child, sandbox);
            panic!("the kernel does not listen:\n{text}");
        };
        let mut kernel = Kernel {
            runtime,
            sandbox: Arc::clone(sandbox),
            child,
            log,
            shell,
            control,
            stdin,
            heartbeat,
            incoming,
            kept: VecDeque::new(),
            started_in: Duration::ZERO,
        };
        kernel.greet(start);
        kernel
    }

    /// Asks until the first reply has come, and output is heard: before the kernel knows of a subscription,
    /// output gets lost.
    fn greet(&mut self, start: Instant) {
        loop {
            let id = self.send(Channel::Shell, "kernel_info_request", json!({}));
            self.wait_for(&id, |it| it.kind() == "kernel_info_reply");
            if self.started_in.is_zero() {
                self.started_in = start.elapsed();
            }
            if self
                .try_wait_for(&id, GLANCE * 20, Received::is_idle)
                .is_some()
            {
                return self.kept.clear();
            }
            assert!(
                start.elapsed() < START,
                "{}",
                self.story("no output is heard")
            );
        }
    }

    /// The folder in which it runs.
    pub fn sandbox(&self) -> &Arc<Sandbox> {
        &self.sandbox
    }

    /// Sends a request, and returns its id.
    ///
    /// # Panics
    /// If the socket is closed.
    pub fn send(&mut self, channel: Channel, kind: &str, content: Value) -> String {
        let content = UnknownMessage {
            msg_type: kind.to_owned(),
            content,
        };
        let message = JupyterMessage::new(JupyterMessageContent::UnknownMessage(content), None);
        let id = message.header.msg_id.clone();
        let sent = match channel {
            Channel::Shell => self.runtime.block_on(self.shell.send(message)),
            Channel::Control => self.runtime.block_on(self.control.send(message)),
            Channel::Stdin => self.runtime.block_on(self.stdin.send(message)),
            Channel::IoPub => panic!("nothing is sent on iopub"),
        };
        sent.expect("the socket is open");
        id
    }

    /// Sends a cell, and returns the request's id.
    pub fn send_cell(&mut self, code: &str) -> String {
        self.send(Channel::Shell, "execute_request", execute_request(code))
    }

    /// Sends a request and waits for its reply and the state `idle`.
    pub fn request(&mut self, channel: Channel, kind: &str, content: Value) -> Outcome {
        let id = self.send(channel, kind, content);
        self.outcome(&id)
    }

    /// Runs a cell to its end, whatever that is.
    pub fn execute(&mut self, code: &str) -> Outcome {
        let id = self.send_cell(code);
        self.outcome(&id)
    }

    /// Runs a cell that has to succeed.
    ///
    /// # Panics
    /// If it fails.
    #[track_caller]
    pub fn run(&mut self, code: &str) -> Outcome {
        let outcome = self.execute(code);
        if let Some(failure) = outcome.failure() {
            panic!(
                "{}",
                self.story(&format!("this cell failed:\n{code}\n{}", failure.traceback))
            );
        }
        assert_eq!(outcome.reply["status"], "ok", "{code}");
        outcome
    }

    /// Runs a cell that has to fail.
    ///
    /// # Panics
    /// If it succeeds.
    #[track_caller]
    pub fn fails(&mut self, code: &str) -> Failure {
        let outcome = self.execute(code);
        match outcome.failure() {
            Some(failure) => failure,
            None => panic!("this cell should fail:\n{code}\n{outcome:?}"),
        }
    }

    /// What the last expression of a cell that has to succeed shows as plain text.
    #[track_caller]
    pub fn value(&mut self, code: &str) -> String {
        self.run(code).result("text/plain")
    }

    /// Runs a cell that asks the user questions.
    pub fn answer(&mut self, code: &str, answers: &[&str]) -> Outcome {
        let mut content = execute_request(code);
        content["allow_stdin"] = true.into();
        let id = self.send(Channel::Shell, "execute_request", content);
        self.outcome_with_answers(&id, answers)
    }

    /// The completions at the end of `code`.
    pub fn complete(&mut self, code: &str) -> Value {
        let content = json!({"code": code, "cursor_pos": code.chars().count()});
        self.request(Channel::Shell, "complete_request", content)
            .reply
    }

    /// What is known about the name at `position`.
    pub fn inspect(&mut self, code: &str, position: usize) -> Value {
        let content = json!({"code": code, "cursor_pos": position, "detail_level": 0});
        self.request(Channel::Shell, "inspect_request", content)
            .reply
    }

    /// Whether `code` can run as it stands.
    pub fn is_complete(&mut self, code: &str) -> String {
        let content = json!({"code": code});
        let reply = self
            .request(Channel::Shell, "is_complete_request", content)
            .reply;
        reply["status"].as_str().unwrap_or_default().to_owned()
    }

    /// Asks to stop the running cell.
    pub fn interrupt(&mut self) {
        let reply = self
            .request(Channel::Control, "interrupt_request", json!({}))
            .reply;
        assert_eq!(reply["status"], "ok");
    }

    /// Asks for the end of the kernel, and waits for the reply and the end.
    ///
    /// # Panics
    /// If the kernel does not end.
    pub fn shut_down(&mut self, channel: Channel, restart: bool) -> (Value, ExitStatus) {
        let id = self.send(channel, "shutdown_request", json!({"restart": restart}));
        let reply = self.wait_for(&id, |it| it.kind() == "shutdown_reply");
        (reply.content(), self.ended())
    }

    /// Waits for the end of the front.
    ///
    /// # Panics
    /// If it does not end.
    pub fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        while start.elapsed() < START {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                return status;
            }
            sleep(GLANCE);
        }
        panic!("{}", self.story("the kernel does not end"));
    }

    /// Waits for `pong` on the heartbeat's socket.
    ///
    /// # Panics
    /// If it does not come.
    pub fn beats(&mut self) {
        let beat = self
            .runtime
            .block_on(async { timeout(START, self.heartbeat.single_heartbeat()).await });
        beat.expect("in time").expect("a heartbeat");
    }

    /// Waits for what came back for the request `id`.
    pub fn outcome(&mut self, id: &str) -> Outcome {
        self.outcome_with_answers(id, &[])
    }

    fn outcome_with_answers(&mut self, id: &str, answers: &[&str]) -> Outcome {
        let start = Instant::now();
        let mut answers = answers.iter();
        let mut outcome = Outcome::new();
        let mut idle = false;
        while !idle || outcome.reply.is_null() {
            let received = self.wait_for(id, |_| true);
            idle |= received.is_idle();
            let kind = received.kind().to_owned();
            let content = received.content();
            match received.channel {
                Channel::IoPub if kind == "status" => {
                    outcome.states.push(text(&content["execution_state"]))
                }
                Channel::IoPub => outcome.outputs.push(Output { kind, content }),
                Channel::Stdin => {
                    outcome.questions.push(text(&content["prompt"]));
                    let answer = answers.next().expect("no more questions than answers");
                    self.send(
                        Channel::Stdin,
                        "input_reply",
                        json!({"status": "ok", "value": answer}),
                    );
                }
                Channel::Shell | Channel::Control => {
                    assert!(outcome.reply.is_null(), "a second reply: {content}");
                    outcome.reply_kind = kind;
                    outcome.reply = content;
                }
            }
        }
        outcome.took = start.elapsed();
        outcome
    }

    /// Waits until the kernel has taken the cell `id` up.
    pub fn wait_for_start(&mut self, id: &str) {
        self.wait_for(id, |it| it.kind() == "execute_input");
    }

    /// Waits until the cell `id` has printed `wanted`.
    pub fn wait_for_text(&mut self, id: &str, wanted: &str) {
        let prints = |it: &Received| text(&it.content()["text"]).contains(wanted);
        self.wait_for(id, prints);
    }

    /// Waits until a file is there that a cell makes.
    ///
    /// # Panics
    /// If it does not come.
    pub fn wait_for_file(&self, name: &str) {
        let path = self.sandbox.path().join(name);
        let start = Instant::now();
        while !path.exists() {
            assert!(
                start.elapsed() < PATIENCE,
                "{}",
                self.story(&format!("no cell made the file {name}"))
            );
            sleep(GLANCE);
        }
    }

    /// Whatever comes next within `time` without a request having asked for it.
    pub fn unasked(&mut self, time: Duration) -> Option<String> {
        if self.kept.is_empty() {
            let next = self
                .runtime
                .block_on(async { timeout(time, self.incoming.recv()).await });
            self.kept.extend(next.ok().flatten());
        }
        let received = self.kept.pop_front()?;
        Some(format!("{:?} {}", received.channel, received.kind()))
    }

    fn wait_for(&mut self, id: &str, wanted: impl Fn(&Received) -> bool) -> Received {
        match self.try_wait_for(id, PATIENCE, wanted) {
            Some(received) => received,
            None => panic!("{}", self.story("the kernel does not answer")),
        }
    }

    /// The next message that belongs to the request `id` and is `wanted`. What is not stays.
    fn try_wait_for(
        &mut self,
        id: &str,
        patience: Duration,
        wanted: impl Fn(&Received) -> bool,
    ) -> Option<Received> {
        let fits = |it: &Received| it.parent() == Some(id) && wanted(it);
        if let Some(at) = self.kept.iter().position(fits) {
            return self.kept.remove(at);
        }
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let next = self
                .runtime
                .block_on(async { timeout(left, self.incoming.recv()).await });
            let received = next.ok().flatten()?;
            if fits(&received) {
                return Some(received);
            }
            self.kept.push_back(received);
        }
    }

    /// The front's process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The processes of this kernel, and of others in the same sandbox.
    pub fn processes(&self) -> Vec<Process> {
        process::with_variable("TMPDIR", &self.sandbox.temporary().display().to_string())
    }

    /// The engine: the child of the front that is not the one for completion.
    ///
    /// # Panics
    /// If there is none.
    pub fn engine(&self) -> Process {
        let mut engines = self
            .processes()
            .into_iter()
            .filter(|it| it.parent == self.id());
        let engine = engines.find(|it| !it.has_variable("DSPREP_KNOWS_LIBRARIES"));
        engine.expect("the front has an engine")
    }

    /// The process in which cells run.
    ///
    /// # Panics
    /// If there is none.
    pub fn cells(&self) -> Process {
        let engine = self.engine().id;
        let mut processes = self
            .processes()
            .into_iter()
            .filter(|it| it.parent == engine);
        processes
            .find(|it| it.has_variable("EVCXR_IS_RUNTIME"))
            .expect("the engine has a process for cells")
    }

    fn story(&self, problem: &str) -> String {
        format!(
            "{problem}\nThe kernel's log:\n{}",
            fs::read_to_string(&self.log).unwrap_or_default()
        )
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        process::signal_group(self.child.id(), "KILL");
    }
}

fn kill_all(mut child: Child, sandbox: &Sandbox) {
    let _ = child.kill();
    let _ = child.wait();
    process::signal_group(child.id(), "KILL");
    drop(sandbox.leftovers());
}

/// The content of a request to run `code`.
pub fn execute_request(code: &str) -> Value {
    json!({
        "code": code, "silent": false, "store_history": true, "user_expressions": {},
        "allow_stdin": false, "stop_on_error": true,
    })
}

/// Starts the front in a process group of its own.
fn spawn(sandbox: &Sandbox, arguments: &[&str], log: &Path, settings: Settings) -> Child {
    let mut command = sandbox.command(&[&["kernel", "start"], arguments].concat());
    if let Some(memory) = settings.memory {
        let limited = command;
        command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("ulimit -v {memory} && exec \"$@\""))
            .arg("sh");
        command.arg(limited.get_program()).args(limited.get_args());
        command
            .current_dir(sandbox.path())
            .env("TMPDIR", sandbox.temporary());
    }
    let stdout = File::create(log).expect("the log can be written");
    let stderr = stdout.try_clone().expect("the log can be written");
    command
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .process_group(0);
    command.spawn().expect("the kernel starts")
}
