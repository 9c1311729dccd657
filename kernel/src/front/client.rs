//! What is said to Jupyter.

use super::sockets::{FromClient, Sockets};
use crate::client::Channel;
use crate::error::Result;
use jupyter_protocol::{ConnectionInfo, JupyterMessage, JupyterMessageContent, UnknownMessage};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedReceiver;

/// The client, as the kernel talks to it.
pub struct Client {
    sockets: Sockets,
    /// Whether somebody has come to iopub since it was asked last.
    arrivals: Box<dyn FnMut() -> bool + Send>,
    /// Whether somebody is to be welcomed when the clock ticks next.
    newcomers: bool,
}

impl Client {
    /// Binds the sockets and reads from them until the kernel ends.
    ///
    /// # Errors
    /// If a port is taken.
    pub async fn bind(info: &ConnectionInfo) -> Result<(Client, UnboundedReceiver<FromClient>)> {
        let (sockets, incoming) = Sockets::bind(info).await?;
        let client = Client {
            sockets,
            arrivals: incoming.arrivals,
            newcomers: false,
        };
        Ok((client, incoming.messages))
    }

    /// Closes the sockets when all is sent.
    pub async fn close(self) {
        self.sockets.close().await;
    }

    /// Publishes output that belongs to `parent`.
    pub async fn publish(&mut self, parent: Option<&JupyterMessage>, kind: &str, content: Value) {
        let topic = format!("kernel.{kind}").into_bytes();
        let message = message(parent, kind, content).with_zmq_identities(vec![topic.into()]);
        self.sockets.send(Channel::IoPub, message).await;
    }

    /// Welcomes who has come to iopub: from then on, a client knows that it misses nothing. A subscription is taken up
    /// within milliseconds, but is not told of; so the welcome comes a tick of the clock later.
    pub async fn welcome(&mut self) {
        let before = std::mem::replace(&mut self.newcomers, (self.arrivals)());
        if before {
            let content = serde_json::json!({"subscription": ""});
            self.publish(None, "iopub_welcome", content).await;
        }
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
        let reply = reply_to(request, content);
        self.sockets.send(Channel::Shell, reply).await;
    }

    /// Answers a request of the control channel.
    pub async fn control_reply(&mut self, request: &JupyterMessage, content: Value) {
        let reply = reply_to(request, content);
        self.sockets.send(Channel::Control, reply).await;
    }

    /// Asks the user who sent `request` a question. Returns the id that an answer names.
    pub async fn ask(&mut self, request: &JupyterMessage, content: Value) -> String {
        let question = message(Some(request), "input_request", content);
        let id = question.header.msg_id.clone();
        self.sockets.send(Channel::Stdin, question).await;
        id
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
