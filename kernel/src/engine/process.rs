//! Starting the engine and talking to it.

use super::IS_ENGINE;
use crate::error::{Error, Result};
use crate::sockets::pass_on;
use crate::toolchain::cargo::{
    KNOWS_LIBRARIES, REAL_CARGO, REAL_CARGO_HOME, REAL_PATH, REAL_RUSTC,
};
use crate::toolchain::session::{SESSION, Session};
use jupyter_protocol::connection_info::Transport;
use jupyter_protocol::{ConnectionInfo, JupyterMessage};
use jupyter_zmq_client as zmq;
use std::env;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::UnboundedSender;

/// How long the engine may take to listen.
const START: Duration = Duration::from_secs(20);

/// What an engine is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To run cells, with the stand-in for cargo. Its rust-analyzer reads the cells alone.
    Cells,
    /// To complete and inspect. Its rust-analyzer reads the core, the libraries whose types cells can
    /// name, and the standard library where its source is installed.
    Libraries,
    /// To run cells as evcxr does by itself, where the stand-in can't be used.
    Plain,
}

/// What comes from the engine.
#[derive(Debug)]
pub enum FromEngine {
    /// A reply.
    Shell(JupyterMessage),
    /// Output of a cell.
    IoPub(JupyterMessage),
    /// A question to the user.
    Stdin(JupyterMessage),
    /// A reply of control, which nobody waits for.
    Control,
    /// A line that cargo or the engine itself wrote to standard error.
    Log(String),
}

/// A running engine.
pub struct Engine {
    /// The process.
    pub child: Child,
    shell: zmq::DealerSendConnection,
    control: zmq::DealerSendConnection,
    stdin: zmq::DealerSendConnection,
    readers: Vec<tokio::task::JoinHandle<()>>,
}

impl Engine {
    /// Starts an engine in the folder of `session`. What it says goes to `events`.
    ///
    /// # Errors
    /// If the process can't be started or does not listen in time.
    pub async fn start(
        session: &Session,
        kind: Kind,
        events: UnboundedSender<FromEngine>,
    ) -> Result<Engine> {
        let (info, listeners) = connection_info().await?;
        prepare(session)?;
        let file = session.engine_connection();
        let text = serde_json::to_vec(&info).unwrap_or_default();
        std::fs::write(&file, text).map_err(Error::file("write", &file))?;
        drop(listeners);
        let mut child = spawn(session, kind, &file)?;

        let mut readers = Vec::new();
        if let Some(stderr) = child.stderr.take() {
            let events = events.clone();
            readers.push(tokio::spawn(async move {
                let mut lines = BufReader::new(stderr).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    let _ = events.send(FromEngine::Log(line));
                }
            }));
        }
        wait_until_it_listens(&info, &mut child).await?;

        let id = uuid::Uuid::new_v4().to_string();
        let identity = zmq::peer_identity_for_session(&id)?;
        let shell =
            zmq::create_client_shell_connection_with_identity(&info, &id, identity.clone()).await?;
        let stdin = zmq::create_client_stdin_connection_with_identity(&info, &id, identity).await?;
        let control = zmq::create_client_control_connection(&info, &id).await?;
        let iopub = zmq::create_client_iopub_connection(&info, "", &id).await?;
        let (shell, from_shell) = shell.split();
        let (stdin, from_stdin) = stdin.split();
        let (control, from_control) = control.split();

        let whose = "engine";
        let sender = events.clone();
        readers.push(tokio::spawn(pass_on(
            from_shell,
            sender,
            FromEngine::Shell,
            whose,
        )));
        let sender = events.clone();
        readers.push(tokio::spawn(pass_on(
            iopub,
            sender,
            FromEngine::IoPub,
            whose,
        )));
        let sender = events.clone();
        readers.push(tokio::spawn(pass_on(
            from_stdin,
            sender,
            FromEngine::Stdin,
            whose,
        )));
        let replied = |_| FromEngine::Control;
        readers.push(tokio::spawn(pass_on(from_control, events, replied, whose)));
        Ok(Engine {
            child,
            shell,
            control,
            stdin,
            readers,
        })
    }

    /// Sends a request.
    pub async fn shell(&mut self, message: JupyterMessage) -> Result<()> {
        Ok(self.shell.send(message).await?)
    }

    /// Sends a request of control.
    pub async fn control(&mut self, message: JupyterMessage) -> Result<()> {
        Ok(self.control.send(message).await?)
    }

    /// Sends the answer to a question.
    pub async fn stdin(&mut self, message: JupyterMessage) -> Result<()> {
        Ok(self.stdin.send(message).await?)
    }

    /// Ends the engine and the process in which cells run.
    pub async fn kill(&mut self) {
        let _ = self.child.kill().await;
        for reader in self.readers.drain(..) {
            reader.abort();
        }
    }
}

async fn connection_info() -> Result<(ConnectionInfo, Vec<tokio::net::TcpListener>)> {
    let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let (ports, listeners) = zmq::peek_ports_with_listeners(ip, 5).await?;
    let info = ConnectionInfo {
        ip: ip.to_string(),
        transport: Transport::TCP,
        shell_port: ports[0],
        iopub_port: ports[1],
        stdin_port: ports[2],
        control_port: ports[3],
        hb_port: ports[4],
        key: uuid::Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".to_owned(),
        kernel_name: None,
    };
    Ok((info, listeners))
}

/// Puts the stand-ins in their place.
fn prepare(session: &Session) -> Result<()> {
    let program = program()?;
    for name in ["cargo", "rustup"] {
        let link = session.bin().join(name);
        let _ = std::fs::remove_file(&link);
        symlink(&program, &link).map_err(Error::file("write", &link))?;
    }
    // Where rust-analyzer is to read no standard library, it finds this empty one. The real one would
    // take a second and 300 MB.
    let core = session.root().join("no-std/core/src");
    let file = core.join("lib.rs");
    std::fs::create_dir_all(&core)
        .and_then(|()| std::fs::write(&file, ""))
        .map_err(Error::file("write", &file))
}

/// Links to the parts of the standard library that cells name, and returns their folder.
///
/// Beside them lies `stdarch`, the intrinsics of each processor: half of the memory that
/// rust-analyzer takes for the standard library, for functions that no cell calls.
fn standard_library(session: &Session) -> Option<PathBuf> {
    let source = rust_src()?;
    let folder = session.root().join("std");
    std::fs::create_dir_all(&folder).ok()?;
    for part in ["core", "alloc", "std"] {
        symlink(source.join(part), folder.join(part)).ok()?;
    }
    Some(folder)
}

fn spawn(session: &Session, kind: Kind, connection_file: &Path) -> Result<Child> {
    let program = program()?;
    let mut command = Command::new(&program);
    command
        .arg("--control_file")
        .arg(connection_file)
        .env(IS_ENGINE, "1")
        .env(SESSION, session.root())
        .env("EVCXR_TMPDIR", session.crate_dir())
        .env("EVCXR_CONFIG_DIR", session.config())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if kind != Kind::Plain {
        put_stand_ins_first(&mut command, session);
    }
    let no_std = session.root().join("no-std");
    match kind {
        Kind::Cells => command.env("RUST_SRC_PATH", no_std),
        Kind::Libraries => {
            command.env("RUST_SRC_PATH", standard_library(session).unwrap_or(no_std))
        }
        Kind::Plain => &mut command,
    };
    if kind == Kind::Libraries {
        command.env(KNOWS_LIBRARIES, "1");
    }
    command
        .spawn()
        .map_err(|source| Error::Start { program, source })
}

/// Makes the engine find the stand-ins instead of cargo and rustup.
fn put_stand_ins_first(command: &mut Command, session: &Session) {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut stand_ins_first = OsString::from(session.bin());
    stand_ins_first.push(":");
    stand_ins_first.push(&path);
    command
        .env(REAL_CARGO, tool("cargo"))
        .env(REAL_RUSTC, tool("rustc"))
        .env(REAL_PATH, &path)
        .env(
            REAL_CARGO_HOME,
            env::var_os("CARGO_HOME").unwrap_or_default(),
        )
        .env("PATH", stand_ins_first)
        // rust-analyzer looks for cargo in `$CARGO_HOME/bin`, where it finds the stand-in.
        .env("CARGO_HOME", session.root());
}

/// The source of the standard library: a copy that `RUST_SRC_PATH` names, or the component rust-src.
fn rust_src() -> Option<PathBuf> {
    let named = env::var_os("RUST_SRC_PATH").map(PathBuf::from);
    let rustc = PathBuf::from(tool("rustc"));
    let sysroot = rustc.parent().and_then(Path::parent);
    let component = sysroot.map(|root| root.join("lib/rustlib/src/rust/library"));
    [named, component]
        .into_iter()
        .flatten()
        .find(|folder| folder.join("core").is_dir())
}

fn program() -> Result<PathBuf> {
    env::current_exe().map_err(|source| Error::Start {
        program: PathBuf::from("dsprep"),
        source,
    })
}

/// The tool itself, not rustup's proxy for it, which needs a moment for each call. It is the one that
/// built this program: cells can only link to a core library of the same compiler.
fn tool(name: &str) -> OsString {
    let mut command = std::process::Command::new("rustup");
    if let Some(toolchain) = option_env!("RUSTUP_TOOLCHAIN") {
        command.args(["which", "--toolchain", toolchain, name]);
    } else {
        command.args(["which", name]);
    }
    let output = command.output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .trim()
            .to_owned()
            .into(),
        _ => name.into(),
    }
}

async fn wait_until_it_listens(info: &ConnectionInfo, child: &mut Child) -> Result<()> {
    let deadline = tokio::time::Instant::now() + START;
    let ports = [
        info.shell_port,
        info.iopub_port,
        info.stdin_port,
        info.control_port,
    ];
    for port in ports {
        while tokio::net::TcpStream::connect((info.ip.as_str(), port))
            .await
            .is_err()
        {
            let ended = child.try_wait().ok().flatten();
            if ended.is_some() || tokio::time::Instant::now() > deadline {
                return Err(Error::EngineStart {
                    status: ended.map(|status| status.to_string()),
                });
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    Ok(())
}
