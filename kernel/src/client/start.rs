//! The start of a kernel: its connection file, its process, and the first words.

use super::channels::Channels;
use super::folder::{Folder, private};
use super::process::Process;
use super::{Channel, Launch, Problem, Transport, ports};
use crate::error::{Error, Result};
use jupyter_protocol::ConnectionInfo;
use jupyter_zmq_client::RuntimeError;
use serde_json::json;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// How long to wait for a sign of life on a channel that is connected.
const SIGN: Duration = Duration::from_millis(300);

/// Whether a kernel says that its ports were taken.
pub fn is_about_ports(log: &str) -> bool {
    let log = log.to_lowercase();
    log.contains("address already in use")
        || log.contains("addr_in_use")
        || log.contains("eaddrinuse")
}

/// The problem of a kernel that did not come up, which is ended.
pub async fn no_kernel(problem: String, process: Process) -> Problem {
    let log = process.log_tail();
    process.end().await;
    Problem::NoKernel { problem, log }
}

/// Starts the process of a kernel, which gets its connection file.
///
/// # Errors
/// [`Error::File`], [`Error::Start`], [`Error::System`].
pub fn spawn(
    launch: &Launch,
    working_folder: &Path,
    memory: Option<u64>,
) -> Result<(Process, ConnectionInfo)> {
    let folder = Folder::create()?;
    let (info, listeners) = connection_info(launch, &folder)?;
    let path = folder.path().join("connection.json");
    let json =
        serde_json::to_vec(&info).map_err(|error| Error::file("write", &path)(error.into()))?;
    private(&path)
        .and_then(|mut file| file.write_all(&json))
        .map_err(Error::file("write", &path))?;
    // The kernel takes the ports itself.
    drop(listeners);
    let process = Process::start(launch, &path, working_folder, folder, memory)?;
    Ok((process, info))
}

fn connection_info(launch: &Launch, folder: &Folder) -> Result<(ConnectionInfo, Vec<TcpListener>)> {
    let (ip, ports, listeners) = match launch.transport {
        Transport::Files => {
            let socket = folder.path().join("socket");
            (socket.display().to_string(), [1, 2, 3, 4, 5], Vec::new())
        }
        Transport::Ports => {
            let (ports, listeners) = ports::reserve().map_err(Error::system("find free ports"))?;
            (Ipv4Addr::LOCALHOST.to_string(), ports, listeners)
        }
    };
    let [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    let info = ConnectionInfo {
        ip,
        transport: match launch.transport {
            Transport::Files => jupyter_protocol::Transport::IPC,
            Transport::Ports => jupyter_protocol::Transport::TCP,
        },
        shell_port,
        iopub_port,
        stdin_port,
        control_port,
        hb_port,
        key: Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".to_owned(),
        kernel_name: Some(launch.name.clone()),
    };
    Ok((info, listeners))
}

/// Whether the kernel answers on the shell channel and is heard on iopub, where the first messages get lost until the
/// kernel knows of the subscription.
///
/// # Errors
/// What the sockets say.
pub async fn greeted(channels: &mut Channels) -> std::result::Result<bool, RuntimeError> {
    let id = channels
        .send(Channel::Shell, "kernel_info_request", json!({}))
        .await?;
    let mut heard = false;
    let closed = || RuntimeError::ZmqMessageError("its sockets are closed".to_owned());
    loop {
        let message = channels.next().await.ok_or_else(closed)?;
        heard |= message.channel == Channel::IoPub;
        if message.kind == "kernel_info_reply" && message.parent == id {
            break;
        }
    }
    while !heard {
        match timeout(SIGN, channels.next()).await {
            Ok(message) => heard = message.ok_or_else(closed)?.channel == Channel::IoPub,
            Err(_) => return Ok(false),
        }
    }
    Ok(true)
}
