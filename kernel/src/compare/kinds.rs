//! Which outputs there are: their kinds, in order.

use super::changes::{self, Change};
use super::{Difference, Rules, text};
use crate::notebook::joined;
use serde_json::Value;

/// The difference in number or kind of the outputs, if there is one.
pub fn compare(stored: &[Value], fresh: &[Value], rules: &Rules) -> Option<Difference> {
    let kinds = |outputs: &[Value]| outputs.iter().map(kind).collect::<Vec<_>>();
    if kinds(stored) == kinds(fresh) {
        return None;
    }
    let place = match (stored, fresh) {
        ([], _) => "no output is stored",
        (_, []) => "outputs are stored, but the cell shows none now",
        _ => "the outputs are of other kinds",
    };
    let lines = |outputs: &[Value]| {
        let lines = outputs.iter().map(|output| line(output, rules));
        lines.collect::<Vec<_>>()
    };
    let changes: Vec<Change> = changes::between(&lines(stored), &lines(fresh));
    Some(Difference {
        place: place.to_owned(),
        changes,
    })
}

/// What kind of output it is, like `result (text/html, text/plain)`.
pub fn kind(output: &Value) -> String {
    let mimes = || {
        let data = output["data"].as_object().into_iter().flatten();
        let mut names: Vec<_> = data.map(|(mime, _)| mime.as_str()).collect();
        names.sort_unstable();
        names.join(", ")
    };
    match output["output_type"].as_str() {
        Some("stream") => match output["name"].as_str() {
            Some("stdout") => "printed text".to_owned(),
            Some(other) => format!("text on the stream {other}"),
            None => "text on a stream without a name".to_owned(),
        },
        Some("execute_result") => format!("result ({})", mimes()),
        Some("display_data") => format!("display ({})", mimes()),
        Some(other) => other.to_owned(),
        None => "an output without a type".to_owned(),
    }
}

/// The kind and the first line of the text.
fn line(output: &Value, rules: &Rules) -> String {
    let text = joined(&output["text"]) + &joined(&output["data"]["text/plain"]);
    match text::lines(text.trim(), rules).first() {
        Some(first) => format!("{}: {first}", kind(output)),
        None => kind(output),
    }
}
