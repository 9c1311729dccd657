//! A client that waits: starts the kernel as Jupyter does, sends requests by [`Channels`], and keeps what comes back.
//!
//! Every wait has an end, so that a test of a kernel that hangs fails. When a [`Kernel`] is dropped, all of
//! its processes are killed.

use crate::Sandbox;
use crate::outcome::{Failure, Outcome, Output, text};
use crate::process::{self, Process};
use crate::sockets::connection_info;
use dsprep::client::{Channel, Channels, Message};
use jupyter_protocol::ConnectionInfo;
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
    /// Variables that it is started with.
    pub variables: &'static [(&'static str, &'static str)],
    /// Where the log goes instead of into the sandbox.
    pub log: Option<&'static str>,
    /// Another folder for temporary files than the sandbox's own, seen from there.
    pub temporary: Option<&'static str>,
    /// Whether compiled cells are kept on a disk that is full. Needs Linux, and the right to mount one.
    pub full_disk: bool,
}

/// A running kernel and the client's ends of its sockets.
pub struct Kernel {
    runtime: Runtime,
    sandbox: Arc<Sandbox>,
    child: Child,
    info: ConnectionInfo,
    log: PathBuf,
    channels: Channels,
    heartbeat: zmq::ClientHeartbeatConnection,
    /// What came while something else was waited for.
    kept: VecDeque<Message>,
    /// Whether the kernel has welcomed this client to iopub.
    pub welcomed: bool,
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
        let info = connection_info(sandbox, &name[..8], settings.tcp);
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
        let opened = async {
            let channels = Channels::open(&info).await?;
            let heartbeat = zmq::create_client_heartbeat_connection(&info).await?;
            Ok::<_, zmq::RuntimeError>((channels, heartbeat))
        };
        let connected = runtime.block_on(async { timeout(START, opened).await });
        let Ok(Ok((channels, heartbeat))) = connected else {
            let text = fs::read_to_string(&log).unwrap_or_default();
            kill_all(child, sandbox);
            panic!("the kernel does not listen:\n{text}");
        };
        let mut kernel = Kernel {
            runtime,
            sandbox: Arc::clone(sandbox),
            child,
            info,
            log,
            channels,
            heartbeat,
            kept: VecDeque::new(),
            welcomed: false,
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
            self.wait_for(&id, |it| it.kind == "kernel_info_reply");
            if self.started_in.is_zero() {
                self.started_in = start.elapsed();
            }
            if self
                .try_wait_for(&id, GLANCE * 20, Message::is_idle)
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
        self.send_with(channel, kind, content, json!({}))
    }

    fn send_with(
        &mut self,
        channel: Channel,
        kind: &str,
        content: Value,
        metadata: Value,
    ) -> String {
        assert_ne!(channel, Channel::IoPub, "nothing is sent on iopub");
        let sent = self.channels.send_with(channel, kind, content, metadata);
        self.runtime.block_on(sent).expect("the socket is open")
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

    /// Runs a cell to its end as JupyterLab does, which says which of the notebook's cells it is.
    pub fn execute_named(&mut self, name: &str, code: &str) -> Outcome {
        let metadata = json!({"cellId": name});
        let id = self.send_with(
            Channel::Shell,
            "execute_request",
            execute_request(code),
            metadata,
        );
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

    /// Asks until completion knows the libraries: before, an answer comes in time, but may be empty.
    ///
    /// # Panics
    /// If it takes longer than any request may.
    pub fn wait_for_libraries(&mut self) {
        let start = Instant::now();
        while self.complete("attent")["matches"] == json!([]) {
            assert!(
                start.elapsed() < PATIENCE,
                "{}",
                self.story("the libraries are not read")
            );
        }
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
        let reply = self.wait_for(&id, |it| it.kind == "shutdown_reply");
        (reply.content, self.ended())
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

    /// Asks for heartbeats as clients do that are gone before the answer comes.
    ///
    /// # Panics
    /// If they can't connect.
    pub fn leave_heartbeats(&mut self, clients: usize) {
        for _ in 0..clients {
            self.runtime.block_on(async {
                let client = zmq::create_client_heartbeat_connection(&self.info);
                let mut client = client.await.expect("the heartbeat can be reached");
                // Time enough to ask, and not to hear.
                let _ = timeout(Duration::from_micros(50), client.single_heartbeat()).await;
            });
        }
    }

    /// Waits for a question of the cell `id`, and returns its prompt. Nobody answers it.
    pub fn wait_for_question(&mut self, id: &str) -> String {
        let question = self.wait_for(id, |it| it.kind == "input_request");
        text(&question.content["prompt"])
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
            let Message {
                channel,
                kind,
                content,
                ..
            } = received;
            match channel {
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
        self.wait_for(id, |it| it.kind == "execute_input");
    }

    /// Waits until the cell `id` has printed `wanted`.
    pub fn wait_for_text(&mut self, id: &str, wanted: &str) {
        let prints = |it: &Message| text(&it.content["text"]).contains(wanted);
        self.wait_for(id, prints);
    }

    /// Waits for an output of this kind about the request `id`, and returns its content.
    pub fn wait_for_output(&mut self, id: &str, kind: &str) -> Value {
        self.wait_for(id, |it| it.kind == kind).content
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
                .block_on(async { timeout(time, self.channels.next()).await });
            self.kept.extend(next.ok().flatten());
        }
        let received = self.kept.pop_front()?;
        Some(format!("{:?} {}", received.channel, received.kind))
    }

    fn wait_for(&mut self, id: &str, wanted: impl Fn(&Message) -> bool) -> Message {
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
        wanted: impl Fn(&Message) -> bool,
    ) -> Option<Message> {
        let fits = |it: &Message| it.parent == id && wanted(it);
        if let Some(at) = self.kept.iter().position(fits) {
            return self.kept.remove(at);
        }
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let next = self
                .runtime
                .block_on(async { timeout(left, self.channels.next()).await });
            let received = next.ok().flatten()?;
            if received.kind == "iopub_welcome" {
                self.welcomed = true;
            } else if fits(&received) {
                return Some(received);
            } else {
                self.kept.push_back(received);
            }
        }
    }

    /// Whether the last cell was taken from the cache of compiled cells. The kernel has to be the only one in its
    /// sandbox.
    ///
    /// # Panics
    /// If no cell was compiled.
    pub fn was_cached(&self) -> bool {
        let folders = fs::read_dir(self.sandbox.temporary()).expect("a folder");
        let builds = folders
            .flatten()
            .filter_map(|folder| fs::read(folder.path().join("build.json")).ok());
        let build: Value = builds
            .last()
            .and_then(|build| serde_json::from_slice(&build).ok())
            .expect("the last cell was compiled");
        build["cached"] == true
    }

    /// The front's process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The processes of this kernel, and of others in the same sandbox.
    pub fn processes(&self) -> Vec<Process> {
        process::with_temporary_folder(&self.sandbox.temporary())
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
        let engine = engines.find(|it| !it.has_variable("DSPREP_ANALYSIS"));
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
    command.envs(settings.variables.iter().copied());
    if let Some(folder) = settings.temporary {
        let folder = sandbox.temporary().join(folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        command.env("TMPDIR", folder);
    }
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
            .env("TMPDIR", sandbox.temporary())
            .env("DSPREP_CELL_CACHE", sandbox.cell_cache());
    }
    if settings.full_disk {
        const SMALL_DISK: &str =
            "mkdir \"$1\" && mount -t tmpfs -o size=8k none \"$1\" && shift && exec \"$@\"";
        let whole = command;
        command = Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh"])
            .arg(sandbox.cell_cache())
            .arg(whole.get_program())
            .args(whole.get_args())
            .current_dir(sandbox.path())
            .env("TMPDIR", sandbox.temporary())
            .env("DSPREP_CELL_CACHE", sandbox.cell_cache());
    }
    let log = settings.log.map_or(log, Path::new);
    let stdout = File::create(log).expect("the log can be opened");
    let stderr = stdout.try_clone().expect("the log can be written");
    command
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .process_group(0);
    command.spawn().expect("the kernel starts")
}
