//! What came back from the kernel for one request.

use serde_json::Value;
use std::time::Duration;

/// All that came back for one request.
#[derive(Debug)]
pub struct Outcome {
    /// The content of the reply; null where none is sent.
    pub reply: Value,
    /// The type of the reply.
    pub reply_kind: String,
    /// What was published for it, in order, without the states.
    pub outputs: Vec<Output>,
    /// The states that were published for it, in order.
    pub states: Vec<String>,
    /// What the cell asked the user.
    pub questions: Vec<String>,
    /// The time from sending the request to the end of it.
    pub took: Duration,
}

/// A message about a request on iopub.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// `stream`, `display_data`, ...
    pub kind: String,
    /// Its content.
    pub content: Value,
}

/// The error of a cell, without colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind: the compiler's code, `panic`, ...
    pub name: String,
    /// The message.
    pub value: String,
    /// All that is shown.
    pub traceback: String,
}

impl Outcome {
    pub(crate) fn new() -> Outcome {
        Outcome {
            reply: Value::Null,
            reply_kind: String::new(),
            outputs: Vec::new(),
            states: Vec::new(),
            questions: Vec::new(),
            took: Duration::ZERO,
        }
    }

    /// All that was printed on standard output.
    pub fn stdout(&self) -> String {
        self.printed("stdout")
    }

    /// All that was printed on standard error.
    pub fn stderr(&self) -> String {
        self.printed("stderr")
    }

    fn printed(&self, name: &str) -> String {
        let streams = self
            .of_kind("stream")
            .filter(|content| content["name"] == name);
        streams.map(|content| text(&content["text"])).collect()
    }

    /// The contents of one kind of output.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.outputs
            .iter()
            .filter(move |output| output.kind == kind)
            .map(|output| &output.content)
    }

    /// The result of the cell in one format.
    pub fn result(&self, mime: &str) -> String {
        self.of_kind("execute_result")
            .map(|content| text(&content["data"][mime]))
            .collect()
    }

    /// The one error of the cell.
    ///
    /// # Panics
    /// If there is more than one, or the reply says something else.
    pub fn failure(&self) -> Option<Failure> {
        let errors: Vec<&Value> = self.of_kind("error").collect();
        assert!(errors.len() <= 1, "more than one error: {errors:?}");
        let error = errors.first()?;
        assert_eq!(self.reply["status"], "error", "{self:?}");
        for key in ["ename", "evalue", "traceback"] {
            assert_eq!(
                self.reply[key], error[key],
                "reply and output differ in {key}"
            );
        }
        let lines = error["traceback"].as_array().into_iter().flatten();
        let traceback: Vec<String> = lines.map(|line| without_colours(&text(line))).collect();
        Some(Failure {
            name: text(&error["ename"]),
            value: text(&error["evalue"]),
            traceback: traceback.join("\n"),
        })
    }
}

/// The text in a value; empty if it is none.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}
