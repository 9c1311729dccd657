//! The content of two outputs of the same kind.

use super::{Difference, Rules, changes, changes::Change, kinds, markup, numbers, png, text};
use crate::notebook::joined;
use crate::terminal::Paint;
use serde_json::{Value, json};

/// The difference between two outputs of the same kind, of which this is the `number`th pair of the cell.
pub fn compare(number: usize, stored: &Value, fresh: &Value, rules: &Rules) -> Option<Difference> {
    let kind = stored["output_type"].as_str().unwrap_or_default();
    let (place, changes) = match kind {
        "display_data" | "execute_result" => in_data(number, stored, fresh, rules)?,
        "stream" => {
            let text = |output: &Value| joined(&output["text"]);
            (
                kinds::kind(stored),
                in_text(&text(stored), &text(fresh), rules),
            )
        }
        "error" => (
            "error".to_owned(),
            in_text(&account(stored), &account(fresh), rules),
        ),
        _ => (kinds::kind(stored), in_json(stored, fresh, rules)),
    };
    (!changes.is_empty()).then_some(Difference { place, changes })
}

/// The formats that differ, and how the first of them does; plain text comes first.
fn in_data(
    number: usize,
    stored: &Value,
    fresh: &Value,
    rules: &Rules,
) -> Option<(String, Vec<Change>)> {
    let data = stored["data"].as_object().into_iter().flatten();
    let mimes = data.map(|(mime, _)| mime.as_str());
    let mut mimes: Vec<&str> = mimes.filter(|mime| !rules.ignore(mime)).collect();
    mimes.sort_unstable_by_key(|mime| (*mime != "text/plain", *mime));
    let changed = mimes.into_iter().map(|mime| {
        let changes = in_format(mime, &stored["data"][mime], &fresh["data"][mime], rules);
        (mime, changes)
    });
    // Empty metadata come in several forms.
    let metadata = |output: &Value| match &output["metadata"] {
        Value::Null => json!({}),
        Value::Array(elements) if elements.is_empty() => json!({}),
        other => other.clone(),
    };
    let metadata = (
        "metadata",
        in_json(&metadata(stored), &metadata(fresh), rules),
    );
    let mut changed = changed
        .chain([metadata])
        .filter(|(_, changes)| !changes.is_empty());
    let (first, changes) = changed.next()?;
    let names: Vec<_> = std::iter::once(first)
        .chain(changed.map(|(name, _)| name))
        .collect();
    Some((format!("output {number}, {}", names.join(" and ")), changes))
}

fn in_format(mime: &str, stored: &Value, fresh: &Value, rules: &Rules) -> Vec<Change> {
    match mime {
        "text/html" | "image/svg+xml" => markup::changes(&joined(stored), &joined(fresh), rules),
        _ if stored.is_object() || fresh.is_object() || mime.ends_with("json") => {
            in_json(stored, fresh, rules)
        }
        _ if mime.starts_with("image/") => {
            let difference = match mime {
                "image/png" => png::difference(&joined(stored), &joined(fresh)),
                _ => None,
            };
            if let Some(difference) = difference {
                return difference.map(Change::Note).into_iter().collect();
            }
            let lines = |value: &Value| vec![joined(value).split_whitespace().collect::<String>()];
            changes::between(&lines(stored), &lines(fresh))
        }
        _ => in_text(&joined(stored), &joined(fresh), rules),
    }
}

fn in_json(stored: &Value, fresh: &Value, rules: &Rules) -> Vec<Change> {
    in_text(&format!("{stored:#}"), &format!("{fresh:#}"), rules)
}

fn in_text(stored: &str, fresh: &str, rules: &Rules) -> Vec<Change> {
    let (stored, mut fresh) = (text::lines(stored, rules), text::lines(fresh, rules));
    if rules.tolerance > 0.0 {
        let near = |_: &str, one: f64, _: &str, other: f64| rules.allow(one, other);
        for (stored, fresh) in stored.iter().zip(&mut fresh) {
            // What agrees is shown alike. Columns are as wide as their numbers.
            if numbers::agree(&squeezed(stored), &squeezed(fresh), near) {
                fresh.clone_from(stored);
            }
        }
    }
    changes::between(&stored, &fresh)
}

/// The line with one sign for each run of blanks or of the signs that lines of tables are drawn with.
fn squeezed(line: &str) -> String {
    let mut squeezed = String::with_capacity(line.len());
    for character in line.trim().chars() {
        let repeats = squeezed.ends_with(character);
        if !(repeats && " ─═┄╌┈=".contains(character)) {
            squeezed.push(character);
        }
    }
    squeezed
}

/// An error's account, without colours.
fn account(error: &Value) -> String {
    let word = |key: &str| error[key].as_str().unwrap_or_default();
    let traceback = error["traceback"].as_array().into_iter().flatten();
    let traceback: Vec<_> = traceback.filter_map(Value::as_str).collect();
    let text = format!(
        "{}: {}\n{}",
        word("ename"),
        word("evalue"),
        traceback.join("\n")
    );
    Paint::plain(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_text_may_be_wider_where_numbers_may_differ() {
        let rules = |tolerance| Rules {
            tolerance,
            ..Rules::STRICT
        };
        let (stored, fresh) = (
            "┌──────┐\n│ 9.99 │\n└──────┘",
            "┌───────┐\n│ 10.01 │\n└───────┘",
        );
        assert_eq!(in_text(stored, fresh, &rules(0.1)), []);
        assert_ne!(in_text(stored, fresh, &rules(0.0)), []);
        assert_ne!(
            in_text(stored, "┌──────┐\n│ 19.9 │\n└──────┘", &rules(0.1)),
            []
        );
    }
}
