//! Answers that need no engine.

use super::cell::{Completeness, completeness};
use serde_json::{Value, json};

/// What the kernel is.
pub fn kernel_info() -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "status": "ok",
        "protocol_version": "5.3",
        "implementation": "dsprep",
        "implementation_version": version,
        "language_info": {
            "name": "rust",
            "version": env!("CARGO_PKG_RUST_VERSION"),
            "mimetype": "text/rust",
            "file_extension": ".rs",
            "pygments_lexer": "rust",
            "codemirror_mode": "rust",
        },
        "banner": format!("dsprep {version}: Rust on evcxr, with the core library at hand"),
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
        Completeness::Incomplete => json!({"status": "incomplete", "indent": "    "}),
    }
}

/// No completions: the engine is busy.
pub fn no_completions(position: usize) -> Value {
    json!({
        "status": "ok", "matches": [], "cursor_start": position, "cursor_end": position, "metadata": {},
    })
}

/// Nothing is known of the name.
pub fn not_found() -> Value {
    json!({"status": "ok", "found": false, "data": {}, "metadata": {}})
}
