//! Frames: one line of JSON each, and the MIME bundles that they carry.

use super::lines;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a frame's line starts with: a control character that text does not hold, and our name.
pub const FRAME: &str = "\u{1e}dsprep ";

/// The kernel sets this variable for the processes in which cells run.
const IN_KERNEL: &str = "DSPREP_KERNEL";

/// Whether this process runs the cells of a `dsprep` kernel, which understands frames.
pub fn in_kernel() -> bool {
    std::env::var_os(IN_KERNEL).is_some()
}

/// The same content in several formats, keyed by MIME type, the richest last.
///
/// # Examples
/// ```
/// use dsprep_core::cell::MimeBundle;
/// let bundle = MimeBundle::plain("7").with("text/html", "<b>7</b>");
/// assert_eq!(bundle.get("text/html"), Some("<b>7</b>"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MimeBundle {
    parts: Vec<(String, String)>,
}

impl MimeBundle {
    /// A bundle of plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::default().with("text/plain", text)
    }

    /// The bundle with `content` added as `mime`.
    #[must_use]
    pub fn with(mut self, mime: &str, content: impl Into<String>) -> Self {
        self.parts.push((mime.to_owned(), content.into()));
        self
    }

    /// The content of the format `mime`, if there is one.
    pub fn get(&self, mime: &str) -> Option<&str> {
        let found = self.parts.iter().find(|(name, _)| name == mime);
        found.map(|(_, content)| content.as_str())
    }

    /// All formats with their contents.
    pub fn parts(&self) -> &[(String, String)] {
        &self.parts
    }
}

/// A message from a cell to the kernel, built key by key.
#[derive(Debug, Clone)]
pub struct Frame {
    json: String,
}

impl Frame {
    /// A frame of the given kind: `display`, `result`, `update`, `question`, `panic`, `error`, `interrupted`,
    /// `clear` or `sync`.
    pub fn new(kind: &str) -> Self {
        let mut frame = Frame {
            json: String::from("{"),
        };
        frame.push_key("kind");
        push_string(&mut frame.json, kind);
        frame
    }

    /// The frame with a text under `key`.
    #[must_use]
    pub fn text(mut self, key: &str, value: &str) -> Self {
        self.push_key(key);
        push_string(&mut self.json, value);
        self
    }

    /// The frame with a number under `key`.
    #[must_use]
    pub fn number(mut self, key: &str, value: u32) -> Self {
        self.push_key(key);
        let _ = write!(self.json, "{value}");
        self
    }

    /// The frame with a MIME bundle under `data`.
    #[must_use]
    pub fn data(mut self, bundle: &MimeBundle) -> Self {
        self.push_key("data");
        self.json.push_str(&object(bundle.parts()));
        self
    }

    /// The line that is printed, with its line end.
    pub fn line(&self) -> String {
        format!("{FRAME}{}}}\n", self.json)
    }

    /// Prints the frame on standard output, in order with the text around it.
    ///
    /// A mark with the frame's number goes to standard error, so that the kernel knows what was printed there
    /// before the frame.
    pub fn send(&self) {
        static SENT: AtomicU64 = AtomicU64::new(0);
        let mut stdout = std::io::stdout().lock();
        // A closed pipe means that the kernel is gone: there is nobody left to tell.
        if lines::is_attached() {
            let number = 1 + SENT.fetch_add(1, Ordering::Relaxed);
            let mark = format!("{FRAME}{{\"kind\":\"at\",\"at\":{number}}}\n");
            let _ = std::io::stderr().write_all(mark.as_bytes());
            let frame = format!("{FRAME}{},\"at\":{number}}}\n", self.json);
            let _ = stdout.write_all(frame.as_bytes());
        } else {
            let _ = stdout.write_all(self.line().as_bytes());
        }
        let _ = stdout.flush();
    }

    fn push_key(&mut self, key: &str) {
        if self.json.len() > 1 {
            self.json.push(',');
        }
        push_string(&mut self.json, key);
        self.json.push(':');
    }
}

/// These names and texts as a JSON object, on one line.
pub(super) fn object(pairs: &[(String, String)]) -> String {
    let mut json = String::from("{");
    for (index, (name, text)) in pairs.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        push_string(&mut json, name);
        json.push(':');
        push_string(&mut json, text);
    }
    json.push('}');
    json
}

/// Appends `text` as a JSON string: quoted, on one line.
fn push_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(json, "\\u{:04x}", u32::from(control));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_line_of_json() {
        let bundle = MimeBundle::plain("a \"b\"\n\u{1e}c\\");
        let line = Frame::new("display").number("line", 3).data(&bundle).line();
        assert_eq!(
            line,
            "\u{1e}dsprep {\"kind\":\"display\",\"line\":3,\
             \"data\":{\"text/plain\":\"a \\\"b\\\"\\n\\u001ec\\\\\"}}\n"
        );
    }
}
