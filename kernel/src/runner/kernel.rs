//! A running kernel: its process and the channels to it.
//!
//! The sockets are files in the kernel's temporary folder, so that kernels that run at the same time can't
//! take each other's ports, and nobody else on the machine can connect.

use super::events::Failure;
use super::process::{self, Process};
use crate::error::{Error, Result};
use jupyter_protocol::{
    ConnectionInfo, InterruptRequest, JupyterMessage, JupyterMessageContent, KernelInfoRequest,
    ShutdownRequest, Transport,
};
use jupyter_zmq_client::{
    ClientControlConnection, ClientIoPubConnection, ClientShellConnection, ClientStdinConnection,
    RuntimeError, create_client_control_connection, create_client_iopub_connection,
    create_client_shell_connection_with_identity, create_client_stdin_connection_with_identity,
    peer_identity_for_session,
};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// How long a kernel may take to come up.
const START: Duration = Duration::from_secs(60);
/// How long a kernel may take to end by itself when asked to.
const SHUTDOWN: Duration = Duration::from_secs(2);
/// How long to wait for a sign of life on a channel that is connected.
const SIGN: Duration = Duration::from_millis(300);
/// How long to wait for a process to end whose connection broke.
const DYING: Duration = Duration::from_secs(1);

/// The command that starts a kernel; the path of the connection file is appended.
#[derive(Debug, Clone)]
pub struct KernelCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments before the connection file.
    pub args: Vec<OsString>,
}

impl KernelCommand {
    /// The kernel that is part of this very program.
    pub fn this_program() -> Result<Self> {
        let program =
            std::env::current_exe().map_err(Error::system("find the path of this program"))?;
        let args = ["kernel", "start", "--connection-file"].map(OsString::from);
        Ok(KernelCommand {
            program,
            args: args.to_vec(),
        })
    }
}

/// A running kernel. Dropping it kills its processes and removes its files.
pub struct Kernel {
    /// Requests and their replies.
    pub shell: ClientShellConnection,
    /// What the cells print and show.
    pub iopub: ClientIoPubConnection,
    /// Requests for input.
    pub stdin: ClientStdinConnection,
    control: ClientControlConnection,
    process: Process,
}

impl Kernel {
    /// Starts a kernel in `working_folder` and waits until it answers.
    pub async fn start(
        command: &KernelCommand,
        working_folder: &Path,
    ) -> std::result::Result<Kernel, Failure> {
        Self::start_within(START, command, working_folder).await
    }

    async fn start_within(
        patience: Duration,
        command: &KernelCommand,
        working_folder: &Path,
    ) -> std::result::Result<Kernel, Failure> {
        let (mut process, info) =
            spawn(command, working_folder).map_err(|error| Failure::NoKernel {
                problem: error.to_string(),
                log: String::new(),
            })?;
        let connected = tokio::select! {
            connected = timeout(patience, Channels::open(&info)) => connected,
            how = process.ended() => return Err(no_kernel(how, &process)),
        };
        match connected {
            Ok(Ok(Channels {
                shell,
                iopub,
                stdin,
                control,
            })) => Ok(Kernel {
                shell,
                iopub,
                stdin,
                control,
                process,
            }),
            Ok(Err(error)) => Err(no_kernel(error.to_string(), &process)),
            Err(_) => Err(no_kernel(
                format!("no answer within {} s", patience.as_secs_f64()),
                &process,
            )),
        }
    }

    /// Asks the kernel to interrupt the cell that it runs.
    pub async fn interrupt(&mut self) -> std::result::Result<(), RuntimeError> {
        self.control.send(InterruptRequest {}.into()).await
    }

    /// The next message of any channel, or the failure that no more will come.
    pub async fn next(&mut self) -> std::result::Result<JupyterMessage, Failure> {
        let received = tokio::select! {
            // Outputs first, so that what a dying kernel printed is not lost.
            biased;
            message = self.iopub.read() => message,
            message = self.shell.read() => message,
            message = self.stdin.read() => message,
            how = self.process.ended() => return self.last_words(how).await,
        };
        match received {
            Ok(message) => Ok(message),
            Err(error) => Err(self.broken(&error).await),
        }
    }

    /// What is still in the pipe after the kernel's end, then the failure that it died.
    async fn last_words(&mut self, how: String) -> std::result::Result<JupyterMessage, Failure> {
        match timeout(SIGN, self.iopub.read()).await {
            Ok(Ok(message)) => Ok(message),
            _ => Err(Failure::Died {
                how,
                log: self.process.log_tail(),
            }),
        }
    }

    /// The failure behind an error of the connection: most often, the kernel's end.
    pub async fn broken(&mut self, error: &RuntimeError) -> Failure {
        match timeout(DYING, self.process.ended()).await {
            Ok(how) => Failure::Died {
                how,
                log: self.process.log_tail(),
            },
            Err(_) => Failure::Connection {
                problem: error.to_string(),
            },
        }
    }

    /// Asks the kernel to end, and ends it if it does not.
    pub async fn shut_down(mut self) {
        let asked = self.control.send(ShutdownRequest { restart: false }.into());
        if matches!(timeout(SHUTDOWN, asked).await, Ok(Ok(()))) {
            // Whether it ended or not: what is left of it goes when `self` is dropped.
            let _ = timeout(SHUTDOWN, self.process.ended()).await;
        }
    }
}

fn no_kernel(problem: String, process: &Process) -> Failure {
    Failure::NoKernel {
        problem,
        log: process.log_tail(),
    }
}

fn spawn(command: &KernelCommand, working_folder: &Path) -> Result<(Process, ConnectionInfo)> {
    let folder = process::new_folder()?;
    let info = connection_info(&folder);
    let file = folder.path().join("connection.json");
    let json =
        serde_json::to_vec(&info).map_err(|error| Error::file("write", &file)(error.into()))?;
    fs::write(&file, json).map_err(Error::file("write", &file))?;
    Ok((
        Process::start(command, &file, working_folder, folder)?,
        info,
    ))
}

fn connection_info(folder: &TempDir) -> ConnectionInfo {
    ConnectionInfo {
        ip: folder.path().join("socket").display().to_string(),
        transport: Transport::IPC,
        shell_port: 1,
        iopub_port: 2,
        stdin_port: 3,
        control_port: 4,
        hb_port: 5,
        key: Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".to_owned(),
        kernel_name: Some(crate::kernelspec::NAME.to_owned()),
    }
}

/// The channels of a kernel that has answered.
struct Channels {
    shell: ClientShellConnection,
    iopub: ClientIoPubConnection,
    stdin: ClientStdinConnection,
    control: ClientControlConnection,
}

impl Channels {
    async fn open(info: &ConnectionInfo) -> std::result::Result<Channels, RuntimeError> {
        wait_for_sockets(info).await;
        let session = Uuid::new_v4().to_string();
        let identity = peer_identity_for_session(&session)?;
        let mut channels = Channels {
            iopub: create_client_iopub_connection(info, "", &session).await?,
            shell: create_client_shell_connection_with_identity(info, &session, identity.clone())
                .await?,
            stdin: create_client_stdin_connection_with_identity(info, &session, identity).await?,
            control: create_client_control_connection(info, &session).await?,
        };
        while !channels.greeted().await? {}
        Ok(channels)
    }

    /// Whether the kernel answers on the shell channel and is heard on iopub, where the first messages get
    /// lost until the kernel knows of the subscription.
    async fn greeted(&mut self) -> std::result::Result<bool, RuntimeError> {
        self.shell.send(KernelInfoRequest {}.into()).await?;
        while !matches!(
            self.shell.read().await?.content,
            JupyterMessageContent::KernelInfoReply(_)
        ) {}
        match timeout(SIGN, self.iopub.read()).await {
            Ok(message) => message.map(|_| true),
            Err(_) => Ok(false),
        }
    }
}

/// Waits until the kernel has made all its sockets; connecting earlier would only wait longer.
async fn wait_for_sockets(info: &ConnectionInfo) {
    let urls = [
        info.shell_url(),
        info.iopub_url(),
        info.stdin_url(),
        info.control_url(),
    ];
    let paths = urls.map(|url| PathBuf::from(url.trim_start_matches("ipc://")));
    while !paths.iter().all(|path| path.exists()) {
        sleep(Duration::from_millis(10)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> KernelCommand {
        let args = ["-c", script, "sh"].map(OsString::from);
        KernelCommand {
            program: "/bin/sh".into(),
            args: args.to_vec(),
        }
    }

    /// The problem and the log of a kernel that does not start within half a second.
    fn no_kernel(command: &KernelCommand) -> Result<(String, String)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(Error::system("wait"))?;
        let started = Kernel::start_within(Duration::from_millis(500), command, Path::new("/"));
        Ok(match runtime.block_on(started) {
            Err(Failure::NoKernel { problem, log }) => (problem, log),
            Err(other) => (format!("{other:?}"), String::new()),
            Ok(_) => ("it started".to_owned(), String::new()),
        })
    }

    #[test]
    fn a_kernel_that_ends_at_once_is_told_with_what_it_printed() -> Result<()> {
        let (problem, log) = no_kernel(&shell("echo out; echo no rustc >&2; exit 3"))?;
        assert_eq!(
            (problem.as_str(), log.as_str()),
            ("exit code 3", "out\nno rustc")
        );
        Ok(())
    }

    #[test]
    fn a_kernel_that_does_not_answer_is_given_up_with_its_children_and_files() -> Result<()> {
        let script = "(sleep 60 & echo $!); echo $1; sleep 60";
        let (problem, log) = no_kernel(&shell(script))?;
        assert_eq!(problem, "no answer within 0.5 s");
        let (child, file) = log.split_once('\n').unwrap_or_default();
        assert!(
            child.parse::<u32>().is_ok() && file.ends_with("connection.json"),
            "{log}"
        );
        let state = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        assert!(
            state.is_empty() || state.contains(") Z "),
            "the child lives: {state}"
        );
        assert!(!Path::new(file).exists());
        Ok(())
    }

    #[test]
    fn a_program_that_is_not_there_is_named() -> Result<()> {
        let command = KernelCommand {
            program: "/nowhere/dsprep".into(),
            args: Vec::new(),
        };
        let (problem, _) = no_kernel(&command)?;
        assert!(
            problem.starts_with("cannot start `/nowhere/dsprep`: "),
            "{problem}"
        );
        Ok(())
    }
}
