//! Where a kernel and its client meet.

use crate::Sandbox;
use dsprep::client::reserve_ports;
use jupyter_protocol::ConnectionInfo;
use jupyter_protocol::connection_info::Transport;
use std::net::Ipv4Addr;
use uuid::Uuid;

/// Addresses for a kernel in this sandbox: ports, or files that start with `name`.
pub fn connection_info(sandbox: &Sandbox, name: &str, tcp: bool) -> ConnectionInfo {
    let ip = Ipv4Addr::LOCALHOST;
    let (transport, ip, ports) = if tcp {
        // The listeners hold the ports until here.
        let (ports, _listeners) = reserve_ports().expect("there are free ports");
        (Transport::TCP, ip.to_string(), ports)
    } else {
        let socket = sandbox.path().join(name).display().to_string();
        (Transport::IPC, socket, [1, 2, 3, 4, 5])
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
