//! Reading from the sockets of Jupyter's protocol, on either side.

use jupyter_protocol::{JupyterMessage, JupyterMessageContent, UnknownMessage};
use jupyter_zmq_client as zmq;
use serde_json::{Value, json};
use std::io::Write as _;
use tokio::sync::mpsc::UnboundedSender;

/// Passes on what a socket receives until either end closes. What is no message, or not signed with the
/// kernel's key, is left out; `whose` it was is said on standard error.
pub async fn pass_on<S: zeromq::SocketRecv, T>(
    mut connection: zmq::Connection<S>,
    sender: UnboundedSender<T>,
    wrap: impl Fn(JupyterMessage) -> T,
    whose: &str,
) {
    while let Ok(parts) = connection.socket.recv().await {
        match zmq::RawMessage::from_multipart(parts, &connection.mac).and_then(message) {
            Ok(message) => {
                if sender.send(wrap(message)).is_err() {
                    return;
                }
            }
            Err(error) => {
                // A log that can't be written is no reason to end.
                let _ = writeln!(
                    std::io::stderr(),
                    "dsprep: a message of the {whose} was not understood: {error}"
                );
            }
        }
    }
}

/// The message in `raw`. Content that does not fit its type is kept as it is, so that the sender can be told.
fn message(raw: zmq::RawMessage) -> Result<JupyterMessage, zmq::RuntimeError> {
    let header: jupyter_protocol::Header = serde_json::from_slice(&raw.jparts[0])?;
    let content = with_defaults(&header.msg_type, serde_json::from_slice(&raw.jparts[3])?);
    let typed = JupyterMessageContent::from_type_and_content(&header.msg_type, content.clone());
    let content = typed.unwrap_or_else(|_| {
        JupyterMessageContent::UnknownMessage(UnknownMessage {
            msg_type: header.msg_type.clone(),
            content,
        })
    });
    Ok(JupyterMessage {
        zmq_identities: raw.zmq_identities,
        header,
        // The protocol writes "no parent" as an empty object.
        parent_header: serde_json::from_slice(&raw.jparts[1]).ok(),
        metadata: serde_json::from_slice(&raw.jparts[2])?,
        content,
        buffers: raw.jparts.into_iter().skip(4).collect(),
        channel: None,
    })
}

/// `content` with the fields that a request may leave out.
fn with_defaults(kind: &str, mut content: Value) -> Value {
    if let ("execute_request", Some(fields)) = (kind, content.as_object_mut()) {
        let silent = fields.get("silent") == Some(&Value::Bool(true));
        for (field, default) in [
            ("silent", json!(false)),
            ("store_history", json!(!silent)),
            ("user_expressions", json!({})),
        ] {
            fields.entry(field).or_insert(default);
        }
    }
    content
}
