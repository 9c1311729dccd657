//! Answers that need no engine.

use super::completeness::{Completeness, completeness};
use jupyter_protocol::JupyterMessage;
use serde_json::{Value, json};

/// What the kernel is.
pub fn kernel_info() -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "status": "ok",
        "protocol_version": "5.5",
        "implementation": "dsprep",
        "implementation_version": version,
        "language_info": {
            "name": "rust",
            "version": crate::toolchain::rust::BUILT_BY.split(' ').nth(1),
            "mimetype": "text/rust",
            "file_extension": ".rs",
            "pygments_lexer": "rust",
            "nbconvert_exporter": "script",
            "codemirror_mode": "rust",
        },
        "banner": format!("dsprep {version}: Rust on evcxr, with the core library at hand"),
        "supported_features": ["debugger"],
        "help_links": [
            {"text": "The Rust book", "url": "https://doc.rust-lang.org/book/"},
            {"text": "evcxr", "url": "https://github.com/evcxr/evcxr"},
        ],
    })
}

/// Whether a cell can run as it stands.
pub fn is_complete(code: &str) -> Value {
    match completeness(code) {
        Completeness::Complete => json!({"status": "complete"}),
        Completeness::Invalid => json!({"status": "invalid"}),
        Completeness::Unknown => json!({"status": "unknown"}),
        Completeness::Incomplete => json!({"status": "incomplete", "indent": "    "}),
    }
}

/// The answer to a request that this kernel does not know, or that lacks what its kind must have.
pub fn not_understood(kind: &str) -> Value {
    json!({
        "status": "error",
        "ename": "request",
        "evalue": format!("this kernel does not know `{kind}`, or it lacks a field that the protocol demands"),
        "traceback": [],
    })
}

/// The answer to a question of completion or inspection when nothing is known.
pub fn nothing_known(request: &JupyterMessage) -> Value {
    let content = serde_json::to_value(&request.content).unwrap_or_default();
    if request.header.msg_type == "inspect_request" {
        return json!({"status": "ok", "found": false, "data": {}, "metadata": {}});
    }
    let at = &content["cursor_pos"];
    json!({"status": "ok", "matches": [], "cursor_start": at, "cursor_end": at, "metadata": {}})
}
