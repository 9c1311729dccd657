//! Messages of Jupyter's protocol, as a client needs them.

use jupyter_zmq_client::{RawMessage, RuntimeError};
use serde_json::Value;

/// The channel that a message came on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Requests and their replies.
    Shell,
    /// What cells show.
    IoPub,
    /// Questions.
    Stdin,
    /// Requests that do not wait for cells.
    Control,
}

/// A message from a kernel.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The channel that it came on.
    pub channel: Channel,
    /// Its type, like `stream`.
    pub kind: String,
    /// The id of the request that it belongs to; empty if it belongs to none.
    pub parent: String,
    /// Its content.
    pub content: Value,
}

impl Message {
    /// Reads a message whose signature is right.
    pub(super) fn read(channel: Channel, raw: &RawMessage) -> Result<Message, RuntimeError> {
        let [header, parent, _, content] = [0, 1, 2, 3].map(|part| value(&raw.jparts[part]));
        let header = header?;
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Ok(Message {
            channel,
            kind: text(&header, "msg_type"),
            parent: text(&parent?, "msg_id"),
            content: content?,
        })
    }

    /// Whether it tells that the kernel is done with the request.
    pub fn is_idle(&self) -> bool {
        self.channel == Channel::IoPub
            && self.kind == "status"
            && self.content["execution_state"] == "idle"
    }
}

fn value(part: &[u8]) -> Result<Value, RuntimeError> {
    serde_json::from_slice(part).or_else(|error| {
        // Half a character in a text, for one: a cell may print what it likes.
        crate::notebook::lenient(part).ok_or(RuntimeError::SerdeError(error))
    })
}
