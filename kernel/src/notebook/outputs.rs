//! Outputs in the form in which files keep them.

use super::{lines, sorted_value};
use serde_json::{Map, Value};

/// MIME types that are split into lines although their names do not begin with `text/`.
const ALSO_TEXT: [&str; 2] = ["application/javascript", "image/svg+xml"];

/// Brings outputs to the form of files: streams of one name that follow each other are joined, texts are
/// lists of lines, keys are in alphabetical order, and results carry the `count` of their cell.
pub fn normalised(outputs: Vec<Value>, count: Option<usize>) -> Vec<Value> {
    let merged = outputs.into_iter().fold(Vec::new(), merge);
    merged
        .into_iter()
        .map(|output| sorted_value(in_lines(output, count)))
        .collect()
}

/// Appends an output, or joins it to the last one if both are of the same stream.
fn merge(mut outputs: Vec<Value>, mut output: Value) -> Vec<Value> {
    if output["output_type"] == "stream" {
        output["text"] = lines::joined(&output["text"]).into();
        if output["text"] == "" {
            return outputs;
        }
        if let Some(last) = outputs
            .last_mut()
            .filter(|last| last["name"] == output["name"])
        {
            let text = lines::joined(&last["text"]) + &lines::joined(&output["text"]);
            last["text"] = text.into();
            return outputs;
        }
    }
    outputs.push(output);
    outputs
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
