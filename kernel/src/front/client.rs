//! The sockets towards Jupyter.

use crate::error::Result;
use crate::sockets::pass_on;
use jupyter_protocol::{ConnectionInfo, JupyterMessage, JupyterMessageContent, UnknownMessage};
use jupyter_zmq_client as zmq;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A message from Jupyter.
#[derive(Debug)]
pub enum FromClient {
    /// A request that is served in order.
    Shell(JupyterMessage),
    /// A request that is served at once.
    Control(JupyterMessage),
    /// The answer to a question of a cell.
    Stdin(JupyterMessage),
}

/// The sending halves of the sockets.
pub struct Client {
    shell: zmq::RouterSendConnection,
    control: zmq::RouterSendConnection,
    stdin: zmq::RouterSendConnection,
    iopub: zmq::KernelIoPubConnection,
}

impl Client {
    /// Binds the sockets and reads from them until the kernel ends.
    ///
    /// # Errors
    /// If a port is taken.
    pub async fn bind(info: &ConnectionInfo) -> Result<(Client, UnboundedReceiver<FromClient>)> {
        let id = uuid::Uuid::new_v4().to_string();
        let mut heartbeat = zmq::create_kernel_heartbeat_connection(info).await?;
        let (shell, from_shell) = zmq::create_kernel_shell_connection(info, &id)
            .await?
            .split();
        let (control, from_control) = zmq::create_kernel_control_connection(info, &id)
            .await?
            .split();
        let (stdin, from_stdin) = zmq::create_kernel_stdin_connection(info, &id)
            .await?
            .split();
        let iopub = zmq::create_kernel_iopub_connection(info, &id).await?;
        let (sender, receiver) = unbounded_channel();
        tokio::spawn(async move { while heartbeat.single_heartbeat().await.is_ok() {} });
        tokio::spawn(pass_on(
            from_shell,
            sender.clone(),
            FromClient::Shell,
            "client",
        ));
        tokio::spawn(pass_on(
            from_control,
            sender.clone(),
            FromClient::Control,
            "client",
        ));
        tokio::spawn(pass_on(from_stdin, sender, FromClient::Stdin, "client"));
        Ok((
            Client {
                shell,
                control,
                stdin,
                iopub,
            },
            receiver,
        ))
    }

    /// Publishes output that belongs to `parent`.
    pub async fn publish(&mut self, parent: Option<&JupyterMessage>, kind: &str, content: Value) {
        let topic = format!("kernel.{kind}").into_bytes();
        let message = message(parent, kind, content).with_zmq_identities(vec![topic.into()]);
        // A client that went away misses nothing that it could still use.
        let _ = self.iopub.send(message).await;
    }

    /// Publishes that the kernel is `busy` with `parent`, or `idle` after it.
    pub async fn status(&mut self, parent: Option<&JupyterMessage>, state: &str) {
        self.publish(
            parent,
            "status",
            serde_json::json!({"execution_state": state}),
        )
        .await;
    }

    /// Answers a request of the shell channel.
    pub async fn reply(&mut self, request: &JupyterMessage, content: Value) {
        let _ = self.shell.send(reply_to(request, content)).await;
    }

    /// Answers a request of the control channel.
    pub async fn control_reply(&mut self, request: &JupyterMessage, content: Value) {
        let _ = self.control.send(reply_to(request, content)).await;
    }

    /// Asks the user who sent `request` a question.
    pub async fn ask(&mut self, request: &JupyterMessage, content: Value) {
        let _ = self
            .stdin
            .send(message(Some(request), "input_request", content))
            .await;
    }
}

/// A message of any kind, with any content.
pub fn message(parent: Option<&JupyterMessage>, kind: &str, content: Value) -> JupyterMessage {
    let content = UnknownMessage {
        msg_type: kind.to_owned(),
        content,
    };
    JupyterMessage::new(JupyterMessageContent::UnknownMessage(content), parent)
}

fn reply_to(request: &JupyterMessage, content: Value) -> JupyterMessage {
    let kind = request.header.msg_type.replace("_request", "_reply");
    message(Some(request), &kind, content)
}
