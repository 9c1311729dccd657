//! A kernel and the least client that can time it.

use dsprep::client::{Channel, Channels};
use jupyter_protocol::ConnectionInfo;
use jupyter_protocol::connection_info::Transport;
use serde_json::{Value, json};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long anything may take; plain evcxr builds polars in its first cell.
const PATIENCE: Duration = Duration::from_secs(3600);

/// A running kernel.
pub struct Kernel {
    /// When its process was started.
    pub started: Instant,
    runtime: Runtime,
    child: Child,
    channels: Channels,
    folder: TempDir,
}

impl Kernel {
    /// Starts a kernel with more `arguments` for `dsprep kernel start`, which keeps compiled cells in `cache`.
    pub fn start(arguments: &[&str], cache: &Path) -> Kernel {
        let runtime = Runtime::new().expect("a runtime");
        let folder = TempDir::with_prefix("dsprep-bench-").expect("a temporary folder");
        let info = ConnectionInfo {
            ip: folder.path().join("socket").display().to_string(),
            transport: Transport::IPC,
            shell_port: 1,
            iopub_port: 2,
            stdin_port: 3,
            control_port: 4,
            hb_port: 5,
            key: String::new(),
            signature_scheme: "hmac-sha256".to_owned(),
            kernel_name: None,
        };
        let file = folder.path().join("connection.json");
        std::fs::write(&file, serde_json::to_vec(&info).expect("JSON")).expect("a file");
        let started = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_dsprep"))
            .args(["kernel", "start", "--connection-file"])
            .arg(&file)
            .args(arguments)
            .env("TMPDIR", folder.path())
            .env("DSPREP_CELL_CACHE", cache)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("the kernel starts");
        let opened = runtime.block_on(Channels::open(&info));
        let channels = opened.expect("the kernel's sockets can be reached");
        Kernel {
            started,
            runtime,
            child,
            channels,
            folder,
        }
    }

    /// The process number of the front.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The folder in which the kernel keeps its own.
    pub fn temp(&self) -> &Path {
        self.folder.path()
    }

    /// Asks what the kernel is; the time since its process was started.
    pub fn info(&mut self) -> Duration {
        self.ask("kernel_info_request", json!({}));
        self.started.elapsed()
    }

    /// Runs a cell to its end.
    pub fn run(&mut self, code: &str) {
        self.ask("execute_request", execute(code));
    }

    /// Starts a cell.
    pub fn send(&mut self, code: &str) {
        self.request("execute_request", execute(code));
    }

    /// The time that completion at the end of `code` takes.
    pub fn complete(&mut self, code: &str) -> Duration {
        let start = Instant::now();
        let content = json!({"code": code, "cursor_pos": code.chars().count()});
        self.ask("complete_request", content);
        start.elapsed()
    }

    /// The time that inspection at the end of `code` takes.
    pub fn inspect(&mut self, code: &str) -> Duration {
        let start = Instant::now();
        let at = code.chars().count();
        let content = json!({"code": code, "cursor_pos": at, "detail_level": 0});
        self.ask("inspect_request", content);
        start.elapsed()
    }

    fn request(&mut self, kind: &str, content: Value) -> String {
        let sent = self.channels.send(Channel::Shell, kind, content);
        self.runtime.block_on(sent).expect("the kernel listens")
    }

    fn ask(&mut self, kind: &str, content: Value) {
        let id = self.request(kind, content);
        let channels = &mut self.channels;
        let answer = async {
            loop {
                let message = channels.next().await.expect("the kernel answers");
                if message.channel == Channel::Shell && message.parent == id {
                    return;
                }
            }
        };
        let answer = async { tokio::time::timeout(PATIENCE, answer).await };
        self.runtime.block_on(answer).expect("an answer in time");
    }
}

fn execute(code: &str) -> Value {
    json!({
        "code": code, "silent": false, "store_history": true, "user_expressions": {},
        "allow_stdin": true, "stop_on_error": false,
    })
}

impl Drop for Kernel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
