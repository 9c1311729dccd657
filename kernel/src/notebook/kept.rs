//! A property of all notebooks: what a run does not change comes out as it came in.

use super::Notebook;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use std::path::Path;

/// JSON as it is written.
#[derive(Debug, Clone)]
enum Written {
    Plain(String),
    List(Vec<Written>),
    Object(Vec<(String, Written)>),
}

impl Written {
    /// As Jupyter lays files out; written here anew, so that a mistake of the program's own writer shows.
    fn lay_out(&self, depth: usize, out: &mut String) {
        let (brackets, items): (_, Vec<(Option<&String>, &Written)>) = match self {
            Written::Plain(text) => return out.push_str(text),
            Written::List(items) => (['[', ']'], items.iter().map(|item| (None, item)).collect()),
            Written::Object(items) => {
                let items = items.iter().map(|(key, item)| (Some(key), item));
                (['{', '}'], items.collect())
            }
        };
        out.push(brackets[0]);
        for (index, (key, item)) in items.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            out.push_str(&format!("{comma}\n{}", " ".repeat(depth + 1)));
            if let Some(key) = key {
                out.push_str(&format!("\"{key}\": "));
            }
            item.lay_out(depth + 1, out);
        }
        if !items.is_empty() {
            out.push_str(&format!("\n{}", " ".repeat(depth)));
        }
        out.push(brackets[1]);
    }

    fn text(&self) -> String {
        let mut out = String::new();
        self.lay_out(0, &mut out);
        out + "\n"
    }
}

fn plain(text: &str) -> Written {
    Written::Plain(text.to_owned())
}

fn object(entries: &[(&str, Written)]) -> Written {
    let entries = entries
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()));
    Written::Object(entries.collect())
}

/// A piece of a text between quotes: letters of all alphabets, escapes in every spelling, halves of characters.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 äß表🦀\u{7f}\u{2028}]{0,6}",
        1 => Just("\\n".to_owned()),
        1 => Just("\\/".to_owned()),
        1 => Just("\\\"".to_owned()),
        1 => Just("\\\\".to_owned()),
        1 => Just("\\u00E4".to_owned()),
        1 => Just("\\u001b".to_owned()),
        1 => Just("\\ud83e\\udd80".to_owned()),
        1 => Just("\\uD83E".to_owned()),
        1 => Just("\\udd80".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    vec(piece(), 0..4).prop_map(|pieces| pieces.concat())
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,30})",
        "-?(0|[1-9][0-9]{0,3})\\.[0-9]{1,30}",
        "-?(0|[1-9][0-9]{0,2})(\\.[0-9]{1,3})?[eE][+-]?[0-9]{1,4}",
    ]
}

fn value() -> impl Strategy<Value = Written> {
    let leaf = prop_oneof![
        Just(plain("null")),
        Just(plain("true")),
        number().prop_map(Written::Plain),
        text().prop_map(|text| Written::Plain(format!("\"{text}\""))),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Written::List),
            entries(inner).prop_map(Written::Object),
        ]
    })
}

/// Entries whose keys differ, by a number in front.
fn entries(value: impl Strategy<Value = Written>) -> impl Strategy<Value = Vec<(String, Written)>> {
    vec((text(), value), 0..4).prop_map(|entries| {
        let numbered = entries.into_iter().enumerate();
        numbered
            .map(|(index, (key, value))| (format!("{index}{key}"), value))
            .collect()
    })
}

/// A notebook whose only code cell has these outputs and this number.
fn notebook(
    extra: &[(String, Written)],
    metadata: &[(String, Written)],
    of_cell: &[(String, Written)],
    unknown: &Written,
    outputs: Written,
    count: &str,
) -> String {
    let mut cell = of_cell.to_vec();
    let known = [
        ("cell_type", plain("\"code\"")),
        ("execution_count", plain(count)),
        ("metadata", Written::Object(metadata.to_vec())),
        ("outputs", outputs),
        (
            "source",
            Written::List(vec![plain("\"let a = 1;\\n\""), plain("\"a\"")]),
        ),
    ];
    cell.extend(known.map(|(key, value)| (key.to_owned(), value)));
    let text = object(&[
        ("cell_type", plain("\"markdown\"")),
        ("metadata", Written::Object(metadata.to_vec())),
        ("source", unknown.clone()),
        ("attachments", unknown.clone()),
    ]);
    let mut document = extra.to_vec();
    document.push((
        "cells".to_owned(),
        Written::List(vec![text, Written::Object(cell)]),
    ));
    document.push(("metadata".to_owned(), Written::Object(metadata.to_vec())));
    document.push(("nbformat".to_owned(), plain("4")));
    document.push(("nbformat_minor".to_owned(), plain("99")));
    Written::Object(document).text()
}

proptest! {
    #[test]
    fn all_but_outputs_and_counts_come_out_as_they_came_in(
        extra in entries(value()),
        metadata in entries(value()),
        of_cell in entries(value()),
        unknown in value(),
        old in vec(value(), 0..3),
    ) {
        let with = |outputs: Written, count: &str| notebook(&extra, &metadata, &of_cell, &unknown, outputs, count);
        let before = with(Written::List(old.clone()), "17");
        let read = Notebook::parse(Path::new("a.ipynb"), before.as_bytes());
        let mut read = read.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let written = read.to_bytes();
        prop_assert_eq!(String::from_utf8_lossy(&written), before.as_str());

        let mut kept = read.clone();
        kept.keep_outputs(1, Some(3), &read);
        let kept = String::from_utf8_lossy(&kept.to_bytes()).into_owned();
        prop_assert_eq!(kept, with(Written::List(old), "3"));

        let stream = json!({"output_type": "stream", "name": "stdout", "text": "new\n"});
        read.set_outputs(1, Some(2), vec![stream]);
        let fresh = object(&[
            ("name", plain("\"stdout\"")),
            ("output_type", plain("\"stream\"")),
            ("text", Written::List(vec![plain("\"new\\n\"")])),
        ]);
        let after = with(Written::List(vec![fresh]), "2");
        let written = read.to_bytes();
        prop_assert_eq!(String::from_utf8_lossy(&written), after.as_str());
    }
}
