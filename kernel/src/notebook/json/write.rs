//! Writing JSON as Jupyter writes notebooks.

use super::{Json, Text};

impl Json {
    /// The document, indented by one space, with a line end at its end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        value(&mut out, self, 0);
        out.push(b'\n');
        out
    }

    /// The document on one line.
    pub fn to_line(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(truth) => truth.to_string(),
            Json::Number(digits) => digits.to_string(),
            Json::Text(text) => format!("\"{}\"", text.written()),
            Json::List(elements) => {
                let elements: Vec<_> = elements.iter().map(Json::to_line).collect();
                format!("[{}]", elements.join(", "))
            }
            Json::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| format!("\"{}\": {}", key.written(), value.to_line()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn value(out: &mut Vec<u8>, json: &Json, depth: usize) {
    match json {
        Json::Null => out.extend(b"null"),
        Json::Bool(true) => out.extend(b"true"),
        Json::Bool(false) => out.extend(b"false"),
        Json::Number(digits) => out.extend(digits.bytes()),
        Json::Text(written) => text(out, written),
        Json::List(elements) => items(out, b"[]", elements, depth, |out, element| {
            value(out, element, depth + 1);
        }),
        Json::Object(entries) => items(out, b"{}", entries, depth, |out, (key, entry)| {
            text(out, key);
            out.extend(b": ");
            value(out, entry, depth + 1);
        }),
    }
}

fn items<T>(
    out: &mut Vec<u8>,
    brackets: &[u8; 2],
    items: &[T],
    depth: usize,
    write: impl Fn(&mut Vec<u8>, &T),
) {
    out.push(brackets[0]);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        indent(out, depth + 1);
        write(out, item);
    }
    if !items.is_empty() {
        indent(out, depth);
    }
    out.push(brackets[1]);
}

fn indent(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', depth));
}

fn text(out: &mut Vec<u8>, text: &Text) {
    out.push(b'"');
    out.extend(text.written().bytes());
    out.push(b'"');
}
