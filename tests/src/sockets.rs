//! The client's ends of a kernel's sockets.

use crate::Sandbox;
use jupyter_protocol::connection_info::Transport;
use jupyter_protocol::{ConnectionInfo, JupyterMessage};
use jupyter_zmq_client as zmq;
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

/// How often is looked whether the kernel listens.
const GLANCE: Duration = Duration::from_millis(10);

/// One of the sockets between client and kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Requests in order.
    Shell,
    /// Requests that are answered at once.
    Control,
    /// Questions to the user.
    Stdin,
    /// Output and status.
    IoPub,
}

/// A message from the kernel.
pub struct Received {
    pub channel: Channel,
    message: JupyterMessage,
}

/// All sockets; what comes from them is in one queue.
pub struct Sockets {
    pub shell: zmq::DealerSendConnection,
    pub control: zmq::DealerSendConnection,
    pub stdin: zmq::DealerSendConnection,
    pub heartbeat: zmq::ClientHeartbeatConnection,
    pub incoming: UnboundedReceiver<Received>,
}

impl Received {
    /// The id of the request that it belongs to.
    pub fn parent(&self) -> Option<&str> {
        let parent = self.message.parent_header.as_ref();
        parent.map(|parent| parent.msg_id.as_str())
    }

    /// Its type.
    pub fn kind(&self) -> &str {
        &self.message.header.msg_type
    }

    /// Its content.
    pub fn content(&self) -> Value {
        serde_json::to_value(&self.message.content).expect("content is JSON")
    }

    /// Whether it tells that the kernel is done with a request.
    pub fn is_idle(&self) -> bool {
        self.channel == Channel::IoPub && self.content()["execution_state"] == "idle"
    }
}

impl Sockets {
    /// Connects as soon as the kernel listens.
    pub async fn connect(info: &ConnectionInfo) -> Sockets {
        wait_until_it_listens(info).await;
        let session = Uuid::new_v4().to_string();
        let identity = zmq::peer_identity_for_session(&session).expect("a short name");
        let shell =
            zmq::create_client_shell_connection_with_identity(info, &session, identity.clone())
                .await;
        let stdin =
            zmq::create_client_stdin_connection_with_identity(info, &session, identity).await;
        let control = zmq::create_client_control_connection(info, &session).await;
        let iopub = zmq::create_client_iopub_connection(info, "", &session)
            .await
            .expect("iopub");
        let heartbeat = zmq::create_client_heartbeat_connection(info)
            .await
            .expect("heartbeat");
        let (shell, from_shell) = shell.expect("shell").split();
        let (stdin, from_stdin) = stdin.expect("stdin").split();
        let (control, from_control) = control.expect("control").split();
        let (sender, incoming) = unbounded_channel();
        tokio::spawn(read(from_shell, Channel::Shell, sender.clone()));
        tokio::spawn(read(from_stdin, Channel::Stdin, sender.clone()));
        tokio::spawn(read(from_control, Channel::Control, sender.clone()));
        tokio::spawn(read_iopub(iopub, sender));
        Sockets {
            shell,
            control,
            stdin,
            heartbeat,
            incoming,
        }
    }
}

/// Addresses for a kernel in this sandbox: ports, or files that start with `name`.
pub async fn connection_info(sandbox: &Sandbox, name: &str, tcp: bool) -> ConnectionInfo {
    let ip = Ipv4Addr::LOCALHOST;
    let (transport, ip, ports) = if tcp {
        let ports = zmq::peek_ports(IpAddr::V4(ip), 5)
            .await
            .expect("there are free ports");
        (Transport::TCP, ip.to_string(), ports)
    } else {
        let socket = sandbox.path().join(name).display().to_string();
        (Transport::IPC, socket, vec![1, 2, 3, 4, 5])
    };
    ConnectionInfo {
        ip,
        transport,
        shell_port: ports[0],
        iopub_port: ports[1],
        stdin_port: ports[2],
        control_port: ports[3],
        hb_port: ports[4],
        key: Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".to_owned(),
        kernel_name: Some("dsprep".to_owned()),
    }
}

async fn wait_until_it_listens(info: &ConnectionInfo) {
    let urls = [
        info.shell_url(),
        info.iopub_url(),
        info.stdin_url(),
        info.control_url(),
        info.hb_url(),
    ];
    for url in urls {
        loop {
            let there = match url.strip_prefix("tcp://") {
                Some(address) => tokio::net::TcpStream::connect(address).await.is_ok(),
                None => PathBuf::from(url.trim_start_matches("ipc://")).exists(),
            };
            if there {
                break;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
}

async fn read(
    mut socket: zmq::DealerRecvConnection,
    channel: Channel,
    sender: UnboundedSender<Received>,
) {
    while let Ok(message) = socket.read().await {
        if sender.send(Received { channel, message }).is_err() {
            return;
        }
    }
}

async fn read_iopub(mut socket: zmq::ClientIoPubConnection, sender: UnboundedSender<Received>) {
    while let Ok(message) = socket.read().await {
        if sender
            .send(Received {
                channel: Channel::IoPub,
                message,
            })
            .is_err()
        {
            return;
        }
    }
}
