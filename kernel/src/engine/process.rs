//! Starting the engine and talking to it.

use super::IS_ENGINE;
use crate::error::{Error, Result};
use crate::program;
use crate::protocol::pass_on;
use crate::toolchain::ahead::AHEAD;
use crate::toolchain::cargo::{REAL_CARGO, REAL_CARGO_HOME, REAL_PATH, REAL_RUSTC, REAL_TMPDIR};
use crate::toolchain::cell_cache::{self, CELL_CACHE};
use crate::toolchain::kit::{KIT, Kit, RUSTC};
use crate::toolchain::rust::tool;
use crate::toolchain::workdir::{WORKDIR, Workdir, write_private};
use jupyter_protocol::JupyterMessage;
use jupyter_zmq_client as zmq;
use serde_json::json;
use std::env;
use std::ffi::OsString;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::UnboundedSender;
use zeromq::{Socket as _, SocketOptions};

/// How long the engine may take to listen.
const START: Duration = Duration::from_secs(20);

/// What an engine is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To run cells, with the stand-in for cargo. Its rust-analyzer reads the cells alone.
    Cells,
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
    /// A line that cargo or the engine itself wrote to standard error.
    Log(String),
}

/// A running engine.
pub struct Engine {
    /// The process.
    pub child: Child,
    shell: zmq::DealerSendConnection,
    stdin: zmq::DealerSendConnection,
    readers: Vec<tokio::task::JoinHandle<()>>,
}

impl Engine {
    /// Starts an engine in the folder of `workdir`. What it says goes to `events`.
    ///
    /// # Errors
    /// If the process can't be started or does not listen in time.
    pub async fn start(
        workdir: &Workdir,
        kind: Kind,
        events: UnboundedSender<FromEngine>,
    ) -> Result<Engine> {
        prepare(workdir)?;
        let sockets = Sockets::new(workdir)?;
        let file = workdir.engine_connection();
        write_private(&file, sockets.connection_file().to_string().as_bytes())?;
        let mut child = spawn(workdir, kind, &file)?;

        let mut readers = Vec::new();
        if let Some(stderr) = child.stderr.take() {
            let events = events.clone();
            // This one ends by itself, after the engine's last words.
            tokio::spawn(async move {
                let mut lines = BufReader::new(stderr).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    let _ = events.send(FromEngine::Log(line));
                }
            });
        }
        sockets.wait_for(&mut child).await?;

        let id = uuid::Uuid::new_v4().to_string();
        // By it, a question finds the way back to who asked for the cell.
        let identity = zmq::peer_identity_for_session(&id)?;
        let [mut shell, mut stdin] = [identity.clone(), identity].map(|identity| {
            let mut options = SocketOptions::default();
            options.peer_identity(identity);
            zeromq::DealerSocket::with_options(options)
        });
        let mut iopub = zeromq::SubSocket::new();
        let problem = zmq::RuntimeError::from;
        shell.connect(&sockets.url(SHELL)).await.map_err(problem)?;
        stdin.connect(&sockets.url(STDIN)).await.map_err(problem)?;
        iopub.connect(&sockets.url(IOPUB)).await.map_err(problem)?;
        iopub.subscribe("").await.map_err(problem)?;
        let shell = zmq::Connection::new(shell, &sockets.key, &id);
        let stdin = zmq::Connection::new(stdin, &sockets.key, &id);
        let iopub = zmq::Connection::new(iopub, &sockets.key, &id);
        let (shell, from_shell) = shell.split();
        let (stdin, from_stdin) = stdin.split();

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
        readers.push(tokio::spawn(pass_on(
            from_stdin,
            events,
            FromEngine::Stdin,
            whose,
        )));
        Ok(Engine {
            child,
            shell,
            stdin,
            readers,
        })
    }

    /// Sends a request.
    pub async fn shell(&mut self, message: JupyterMessage) -> Result<()> {
        Ok(self.shell.send(message).await?)
    }

    /// Sends the answer to a question.
    pub async fn stdin(&mut self, message: JupyterMessage) -> Result<()> {
        Ok(self.stdin.send(message).await?)
    }

    /// Ends the engine.
    pub async fn kill(&mut self) {
        let _ = self.child.kill().await;
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A socket does not notice that the other end is gone for good.
        for reader in &self.readers {
            reader.abort();
        }
    }
}

/// The numbers of the engine's sockets.
const SHELL: u16 = 1;
const IOPUB: u16 = 2;
const STDIN: u16 = 3;
const CONTROL: u16 = 4;
const HEARTBEAT: u16 = 5;

/// The engine's sockets: files in the working folder, which only its owner may enter. Unlike ports, nobody
/// else can take them in between.
struct Sockets {
    path: String,
    key: String,
}

impl Sockets {
    /// Sockets for a new engine; those of an engine that was killed are removed.
    fn new(workdir: &Workdir) -> Result<Sockets> {
        let path = workdir.engine_sockets();
        let Some(text) = path.to_str() else {
            let problem = io::Error::other("the name of the folder is not UTF-8");
            return Err(Error::file("make sockets in", workdir.root())(problem));
        };
        let sockets = Sockets {
            path: text.to_owned(),
            key: uuid::Uuid::new_v4().to_string(),
        };
        for number in SHELL..=HEARTBEAT {
            let _ = std::fs::remove_file(sockets.file(number));
        }
        Ok(sockets)
    }

    /// The path of a socket, as evcxr forms it.
    fn file(&self, number: u16) -> String {
        format!("{}:{number}", self.path)
    }

    fn url(&self, number: u16) -> String {
        format!("ipc://{}", self.file(number))
    }

    fn connection_file(&self) -> serde_json::Value {
        json!({
            "ip": self.path, "transport": "ipc", "key": self.key, "signature_scheme": "hmac-sha256",
            "shell_port": SHELL, "iopub_port": IOPUB, "stdin_port": STDIN, "control_port": CONTROL,
            "hb_port": HEARTBEAT,
        })
    }

    /// Waits until the engine has made all that are connected to.
    async fn wait_for(&self, child: &mut Child) -> Result<()> {
        let deadline = tokio::time::Instant::now() + START;
        for number in [SHELL, IOPUB, STDIN] {
            while !Path::new(&self.file(number)).exists() {
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
}

/// Puts the stand-ins in their place.
fn prepare(workdir: &Workdir) -> Result<()> {
    let program = program::running()?;
    for name in ["cargo", "rustup", "rustc"] {
        let link = workdir.bin().join(name);
        let _ = std::fs::remove_file(&link);
        symlink(&program, &link).map_err(Error::file("write", &link))?;
    }
    // Where rust-analyzer is to read no standard library, it finds this empty one. The real one would
    // take a second and 300 MB.
    let core = workdir.root().join("no-std/core/src");
    let file = core.join("lib.rs");
    std::fs::create_dir_all(&core)
        .and_then(|()| std::fs::write(&file, ""))
        .map_err(Error::file("write", &file))
}

fn spawn(workdir: &Workdir, kind: Kind, connection_file: &Path) -> Result<Child> {
    let program = program::running()?;
    let mut command = Command::new(&program);
    command
        .arg("--control_file")
        .arg(connection_file)
        .env(IS_ENGINE, "1")
        .env("EVCXR_TMPDIR", workdir.crate_dir())
        .env("EVCXR_CONFIG_DIR", workdir.config())
        .env("TMPDIR", workdir.temporary())
        .env(REAL_TMPDIR, env::var_os("TMPDIR").unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // A signal to the front's group, as Jupyter sends it to interrupt a cell, is not for the engine.
        .process_group(0)
        .kill_on_drop(true);
    tell_folders(&mut command, workdir);
    if kind != Kind::Plain {
        put_stand_ins_first(&mut command, workdir);
    }
    let no_std = workdir.root().join("no-std");
    if kind == Kind::Cells {
        command.env("RUST_SRC_PATH", no_std);
    }
    command
        .spawn()
        .map_err(|source| Error::Start { program, source })
}

/// Starts the compilation of the cell that is next, while another one runs.
///
/// # Errors
/// If the process can't be started.
pub fn compile_ahead(workdir: &Workdir) -> Result<Child> {
    let program = workdir.bin().join("cargo");
    let mut command = Command::new(&program);
    command
        .arg(AHEAD)
        .current_dir(workdir.crate_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    tell_folders(&mut command, workdir);
    put_stand_ins_first(&mut command, workdir);
    command
        .spawn()
        .map_err(|source| Error::Start { program, source })
}

/// Tells a child process where what it needs is.
fn tell_folders(command: &mut Command, workdir: &Workdir) {
    command.env(WORKDIR, workdir.root());
    if let Some(kit) = workdir.kit() {
        command.env(KIT, kit);
        if let Ok(kit) = Kit::open(kit) {
            command.env(RUSTC, kit.rustc());
        }
    }
    if let Some(cache) = cell_cache::setting() {
        command.env(CELL_CACHE, cache);
    }
}

/// Makes the engine find the stand-ins instead of cargo and rustup.
fn put_stand_ins_first(command: &mut Command, workdir: &Workdir) {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut stand_ins_first = OsString::from(workdir.bin());
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
        .env("CARGO_HOME", workdir.root());
}
