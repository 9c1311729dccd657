//! Outputs in the form in which files keep them.

use super::{lines, sorted_value};
use serde_json::{Map, Value};

/// MIME types that are split into lines although their names do not begin with `text/`.
const ALSO_TEXT: [&str; 2] = ["application/javascript", "image/svg+xml"];

/// Brings outputs to the form of files: streams of one name that follow each other are joined, texts are
/// lists of lines, keys are in alphabetical order, and results carry the `count` of their cell.
pub fn normalised(outputs: Vec<Value>, count: Option<usize>) -> Vec<Value> {
    let mut merged = Vec::new();
    for output in outputs {
        merge(&mut merged, output);
    }
    merged
        .into_iter()
        .map(|output| sorted_value(in_lines(output, count)))
        .collect()
}

/// Appends an output, or joins it to the last one if both are of the same stream. What is joined already is not
/// touched again, so that the time grows with the text and not with its square.
fn merge(outputs: &mut Vec<Value>, mut output: Value) {
    if output["output_type"] == "stream" {
        let text = lines::joined(&output["text"]);
        if text.is_empty() {
            return;
        }
        if let Some(last) = outputs.last_mut()
            && last["output_type"] == "stream"
            && last["name"] == output["name"]
        {
            if !last["text"].is_string() {
                last["text"] = lines::joined(&last["text"]).into();
            }
            if let Value::String(before) = &mut last["text"] {
                before.push_str(&text);
            }
            return;
        }
        output["text"] = text.into();
    }
    outputs.push(output);
}

fn in_lines(mut output: Value, count: Option<usize>) -> Value {
    let kind = output["output_type"]
        .as_str()
        .map(str::to_owned)
        .unwrap_or_default();
    match kind.as_str() {
        "stream" => output["text"] = split(&lines::joined(&output["text"])),
        "display_data" | "execute_result" => {
            if let Some(Value::Object(data)) = output.get_mut("data") {
                split_texts(data);
            }
            if kind == "execute_result" {
                output["execution_count"] = count.map_or(Value::Null, Value::from);
            }
        }
        _ => {}
    }
    output
}

fn split_texts(data: &mut Map<String, Value>) {
    for (mime, content) in data.iter_mut() {
        if let Value::String(text) = content
            && (mime.starts_with("text/") || ALSO_TEXT.contains(&mime.as_str()))
        {
            *content = split(text);
        }
    }
}

fn split(text: &str) -> Value {
    lines::split(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn streams_of_one_name_are_joined() {
        let stream =
            |name: &str, text: &str| json!({"output_type": "stream", "name": name, "text": text});
        let outputs = vec![
            stream("stdout", "a"),
            stream("stdout", "b\nc"),
            stream("stderr", ""),
            stream("stdout", "\n"),
            stream("stderr", "d"),
        ];
        let expected = vec![
            json!({"name": "stdout", "output_type": "stream", "text": ["ab\n", "c\n"]}),
            json!({"name": "stderr", "output_type": "stream", "text": ["d"]}),
        ];
        assert_eq!(normalised(outputs, None), expected);
    }

    #[test]
    fn texts_become_lines_and_json_stays_json() {
        let result = json!({
            "output_type": "execute_result",
            "execution_count": 9,
            "metadata": {},
            "data": {
                "text/plain": "1\n2",
                "image/svg+xml": "<svg>\n</svg>",
                "image/png": "aGk=\n",
                "application/json": {"b": "x\ny", "a": 1},
            },
        });
        let outputs = normalised(vec![result], Some(3));
        let text = serde_json::to_string(&outputs).unwrap_or_default();
        insta::assert_snapshot!(text, @r#"[{"data":{"application/json":{"a":1,"b":"x\ny"},"image/png":"aGk=\n","image/svg+xml":["<svg>\n","</svg>"],"text/plain":["1\n","2"]},"execution_count":3,"metadata":{},"output_type":"execute_result"}]"#);
    }

    #[test]
    fn a_hundred_thousand_pieces_are_joined_in_one_pass() {
        let piece =
            || json!({"output_type": "stream", "name": "stdout", "text": "x".repeat(200) + "\n"});
        let outputs = normalised((0..100_000).map(|_| piece()).collect(), None);
        let [only] = outputs.as_slice() else {
            panic!("{} outputs", outputs.len());
        };
        assert_eq!(only["text"].as_array().map(Vec::len), Some(100_000));
    }

    #[test]
    fn normalising_twice_is_normalising_once() {
        let outputs = vec![
            json!({"output_type": "stream", "name": "stdout", "text": "a\nb\n"}),
            json!({"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>\n</b>"}}),
            json!({"output_type": "error", "ename": "E0425", "evalue": "x", "traceback": ["a\nb"]}),
        ];
        let once = normalised(outputs, Some(1));
        assert_eq!(normalised(once.clone(), Some(1)), once);
    }
}
