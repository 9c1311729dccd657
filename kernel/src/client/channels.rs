//! The channels to a kernel: sockets to send on, and one queue of all that comes.

use super::listening::until_it_listens;
use super::message::{Channel, Message};
use jupyter_protocol::{ConnectionInfo, JupyterMessage, JupyterMessageContent, UnknownMessage};
use jupyter_zmq_client as zmq;
use jupyter_zmq_client::RuntimeError;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Sockets to a kernel that listens.
pub struct Channels {
    shell: zmq::DealerSendConnection,
    control: zmq::DealerSendConnection,
    stdin: zmq::DealerSendConnection,
    incoming: UnboundedReceiver<Message>,
    refused: Arc<AtomicUsize>,
    readers: Vec<JoinHandle<()>>,
}

impl Channels {
    /// Connects as soon as the kernel listens.
    ///
    /// # Errors
    /// What the sockets say.
    pub async fn open(info: &ConnectionInfo) -> Result<Channels, RuntimeError> {
        until_it_listens(info).await;
        let session = Uuid::new_v4().to_string();
        let identity = zmq::peer_identity_for_session(&session)?;
        let iopub = zmq::create_client_iopub_connection(info, "", &session).await?;
        let (shell, from_shell) =
            zmq::create_client_shell_connection_with_identity(info, &session, identity.clone())
                .await?
                .split();
        let (stdin, from_stdin) =
            zmq::create_client_stdin_connection_with_identity(info, &session, identity)
                .await?
                .split();
        let (control, from_control) = zmq::create_client_control_connection(info, &session)
            .await?
            .split();
        let (sender, incoming) = unbounded_channel();
        let refused = Arc::new(AtomicUsize::new(0));
        let readers = vec![
            tokio::spawn(read(iopub, Channel::IoPub, sender.clone(), refused.clone())),
            tokio::spawn(read(
                from_shell,
                Channel::Shell,
                sender.clone(),
                refused.clone(),
            )),
            tokio::spawn(read(
                from_stdin,
                Channel::Stdin,
                sender.clone(),
                refused.clone(),
            )),
            tokio::spawn(read(
                from_control,
                Channel::Control,
                sender,
                refused.clone(),
            )),
        ];
        Ok(Channels {
            shell,
            control,
            stdin,
            incoming,
            refused,
            readers,
        })
    }

    /// Sends a request, and returns its id.
    ///
    /// # Errors
    /// What the socket says.
    pub async fn send(
        &mut self,
        channel: Channel,
        kind: &str,
        content: Value,
    ) -> Result<String, RuntimeError> {
        let nothing = Value::Object(serde_json::Map::new());
        self.send_with(channel, kind, content, nothing).await
    }

    /// Sends a request with metadata, and returns its id.
    ///
    /// # Errors
    /// What the socket says.
    pub async fn send_with(
        &mut self,
        channel: Channel,
        kind: &str,
        content: Value,
        metadata: Value,
    ) -> Result<String, RuntimeError> {
        let content = JupyterMessageContent::UnknownMessage(UnknownMessage {
            msg_type: kind.to_owned(),
            content,
        });
        let message = JupyterMessage::new(content, None).with_metadata(metadata);
        let id = message.header.msg_id.clone();
        match channel {
            Channel::Control => self.control.send(message).await?,
            Channel::Stdin => self.stdin.send(message).await?,
            Channel::Shell | Channel::IoPub => self.shell.send(message).await?,
        }
        Ok(id)
    }

    /// The next message of any channel; none if all are closed.
    pub async fn next(&mut self) -> Option<Message> {
        self.incoming.recv().await
    }

    /// How many messages were left out, because they were none or not signed with the kernel's key.
    pub fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}

impl Drop for Channels {
    fn drop(&mut self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}

async fn read<S: zeromq::SocketRecv>(
    mut connection: zmq::Connection<S>,
    channel: Channel,
    sender: UnboundedSender<Message>,
    refused: Arc<AtomicUsize>,
) {
    while let Ok(parts) = connection.socket.recv().await {
        let raw = zmq::RawMessage::from_multipart(parts, &connection.mac);
        match raw.and_then(|raw| Message::read(channel, &raw)) {
            Ok(message) => {
                if sender.send(message).is_err() {
                    return;
                }
            }
            Err(_) => {
                refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
