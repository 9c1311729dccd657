//! The content of two outputs of the same kind.

use super::{Difference, changes, changes::Change, kinds, markup, text};
use crate::notebook::joined;
use crate::runner::Paint;
use serde_json::Value;

/// The difference between two outputs of the same kind, of which this is the `number`th pair of the cell.
pub fn compare(number: usize, stored: &Value, fresh: &Value) -> Option<Difference> {
    let kind = stored["output_type"].as_str().unwrap_or_default();
    let (place, changes) = match kind {
        "display_data" | "execute_result" => in_data(number, stored, fresh)?,
        "stream" => {
            let lines = |output: &Value| text::lines(&joined(&output["text"]));
            (
                kinds::kind(stored),
                changes::between(&lines(stored), &lines(fresh)),
            )
        }
        "error" => (
            "error".to_owned(),
            changes::between(&account(stored), &account(fresh)),
        ),
        _ => (kinds::kind(stored), in_json(stored, fresh)),
    };
    (!changes.is_empty()).then_some(Difference { place, changes })
}

/// The formats that differ, and how the first of them does; plain text comes first.
fn in_data(number: usize, stored: &Value, fresh: &Value) -> Option<(String, Vec<Change>)> {
    let data = stored["data"].as_object().into_iter().flatten();
    let mut mimes: Vec<&str> = data.map(|(mime, _)| mime.as_str()).collect();
    mimes.sort_unstable_by_key(|mime| (*mime != "text/plain", *mime));
    let changed = mimes.into_iter().map(|mime| {
        let changes = in_format(mime, &stored["data"][mime], &fresh["data"][mime]);
        (mime, changes)
    });
    let metadata = ("metadata", in_json(&stored["metadata"], &fresh["metadata"]));
    let mut changed = changed
        .chain([metadata])
        .filter(|(_, changes)| !changes.is_empty());
    let (first, changes) = changed.next()?;
    let names: Vec<_> = std::iter::once(first)
        .chain(changed.map(|(name, _)| name))
        .collect();
    Some((format!("output {number}, {}", names.join(" and ")), changes))
}

fn in_format(mime: &str, stored: &Value, fresh: &Value) -> Vec<Change> {
    match mime {
        "text/html" | "image/svg+xml" => markup::changes(&joined(stored), &joined(fresh)),
        _ if stored.is_object() || fresh.is_object() || mime.ends_with("json") => {
            in_json(stored, fresh)
        }
        _ if mime.starts_with("image/") => {
            let lines = |value: &Value| vec![joined(value).split_whitespace().collect::<String>()];
            changes::between(&lines(stored), &lines(fresh))
        }
        _ => {
            let lines = |value: &Value| text::lines(&joined(value));
            changes::between(&lines(stored), &lines(fresh))
        }
    }
}

fn in_json(stored: &Value, fresh: &Value) -> Vec<Change> {
    let lines = |value: &Value| text::lines(&format!("{value:#}"));
    changes::between(&lines(stored), &lines(fresh))
}

/// The lines of an error's account.
fn account(error: &Value) -> Vec<String> {
    let word = |key: &str| error[key].as_str().unwrap_or_default();
    let traceback = error["traceback"].as_array().into_iter().flatten();
    let traceback: Vec<_> = traceback.filter_map(Value::as_str).collect();
    let text = format!(
        "{}: {}\n{}",
        word("ename"),
        word("evalue"),
        traceback.join("\n")
    );
    text::lines(&Paint::plain(&text))
}
