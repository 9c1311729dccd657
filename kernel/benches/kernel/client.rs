//! A kernel and the least client that can time it.

use jupyter_protocol::connection_info::Transport;
use jupyter_protocol::{
    CompleteRequest, ConnectionInfo, ExecuteRequest, InspectRequest, JupyterMessage,
    JupyterMessageContent, KernelInfoRequest,
};
use jupyter_zmq_client as zmq;
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
    shell: zmq::ClientShellConnection,
    folder: TempDir,
}

impl Kernel {
    /// Starts a kernel with more `arguments` for `dsprep kernel start`.
    pub fn start(arguments: &[&str]) -> Kernel {
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
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("the kernel starts");
        let identity = zmq::peer_identity_for_session("bench").expect("an identity");
        let shell = runtime.block_on(async {
            loop {
                let identity = identity.clone();
                let connect =
                    zmq::create_client_shell_connection_with_identity(&info, "bench", identity);
                match connect.await {
                    Ok(shell) => return shell,
                    Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
        });
        Kernel {
            started,
            runtime,
            child,
            shell,
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
        self.ask(KernelInfoRequest {});
        self.started.elapsed()
    }

    /// Runs a cell to its end.
    pub fn run(&mut self, code: &str) {
        self.ask(ExecuteRequest {
            stop_on_error: false,
            ..ExecuteRequest::new(code.to_owned())
        });
    }

    /// Starts a cell.
    pub fn send(&mut self, code: &str) {
        let message: JupyterMessage = ExecuteRequest::new(code.to_owned()).into();
        self.runtime
            .block_on(self.shell.send(message))
            .expect("the kernel listens");
    }

    /// The time that completion at the end of `code` takes.
    pub fn complete(&mut self, code: &str) -> Duration {
        let start = Instant::now();
        self.ask(CompleteRequest {
            code: code.to_owned(),
            cursor_pos: code.chars().count(),
        });
        start.elapsed()
    }

    /// The time that inspection at the end of `code` takes.
    pub fn inspect(&mut self, code: &str) -> Duration {
        let start = Instant::now();
        let request = InspectRequest {
            code: code.to_owned(),
            cursor_pos: code.chars().count(),
            detail_level: Some(0),
        };
        self.ask(request);
        start.elapsed()
    }

    fn ask(&mut self, request: impl Into<JupyterMessageContent>) {
        let message = JupyterMessage::new(request, None);
        let id = message.header.msg_id.clone();
        let shell = &mut self.shell;
        self.runtime.block_on(async {
            shell.send(message).await.expect("the kernel listens");
            let answer = async {
                loop {
                    let reply = shell.read().await.expect("the kernel answers");
                    if reply
                        .parent_header
                        .is_some_and(|parent| parent.msg_id == id)
                    {
                        return;
                    }
                }
            };
            tokio::time::timeout(PATIENCE, answer)
                .await
                .expect("an answer in time");
        });
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
