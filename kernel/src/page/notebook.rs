//! A notebook's cells as HTML.

use super::{ansi, escaped};
use crate::notebook::joined;
use pulldown_cmark::{Options, Parser, html};
use serde_json::Value;

/// The formats of a result, the best first.
const FORMATS: [&str; 8] = [
    "text/html",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "text/markdown",
    "text/latex",
    "text/plain",
];

/// The cells of a notebook's document.
pub fn notebook(document: &Value) -> String {
    let cells = document["cells"].as_array().into_iter().flatten();
    cells.map(cell).collect()
}

/// Outputs of a cell.
pub fn outputs(outputs: &[Value]) -> String {
    outputs.iter().map(output).collect()
}

/// One cell.
pub fn cell(cell: &Value) -> String {
    let source = joined(&cell["source"]);
    let id = cell["id"]
        .as_str()
        .map_or(String::new(), |id| format!(" id=\"{}\"", escaped(id)));
    match cell["cell_type"].as_str() {
        Some("markdown") => format!(
            "<div class=\"cell\"{id}>\n{}</div>\n",
            markdown(&with_attachments(&source, cell))
        ),
        Some("code") => {
            let count = cell["execution_count"].as_u64();
            let count = count.map_or(" ".to_owned(), |count| count.to_string());
            let outputs = cell["outputs"].as_array().map(Vec::as_slice);
            let outputs = super::outputs(outputs.unwrap_or_default());
            let outputs = if outputs.is_empty() {
                String::new()
            } else {
                format!("<div class=\"outputs\">\n{outputs}</div>\n")
            };
            format!(
                "<div class=\"cell\"{id}>\n<span class=\"count\">[{count}]</span>\n\
                 <pre class=\"input\"><code>{}</code></pre>\n{outputs}</div>\n",
                escaped(&source)
            )
        }
        _ => format!(
            "<div class=\"cell\"{id}><pre>{}</pre></div>\n",
            escaped(&source)
        ),
    }
}

fn markdown(text: &str) -> String {
    // A formula stays as it is written: its underscores make no emphasis.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let mut out = String::new();
    html::push_html(&mut out, Parser::new_ext(text, options));
    out
}

/// Pictures that are attached to a text cell, in the place of their names.
fn with_attachments(source: &str, cell: &Value) -> String {
    let mut source = source.to_owned();
    for (name, formats) in cell["attachments"].as_object().into_iter().flatten() {
        if let Some((mime, data)) = formats
            .as_object()
            .and_then(|formats| formats.iter().next())
        {
            let data: String = joined(data).split_whitespace().collect();
            source = source.replace(
                &format!("attachment:{name}"),
                &format!("data:{mime};base64,{data}"),
            );
        }
    }
    source
}

fn output(output: &Value) -> String {
    match output["output_type"].as_str() {
        Some("stream") => {
            let class = if output["name"] == "stderr" {
                " class=\"stderr\""
            } else {
                ""
            };
            format!(
                "<pre{class}>{}</pre>\n",
                ansi::to_html(&joined(&output["text"]))
            )
        }
        Some("error") => {
            let traceback = output["traceback"].as_array().into_iter().flatten();
            let lines: Vec<_> = traceback.filter_map(Value::as_str).collect();
            let text = if lines.is_empty() {
                format!(
                    "{}: {}",
                    joined(&output["ename"]),
                    joined(&output["evalue"])
                )
            } else {
                lines.join("\n")
            };
            format!("<pre class=\"stderr\">{}</pre>\n", ansi::to_html(&text))
        }
        _ => {
            let data = &output["data"];
            let best = FORMATS.into_iter().find(|mime| !data[mime].is_null());
            best.map_or(String::new(), |mime| shown(mime, &joined(&data[mime])))
        }
    }
}

fn shown(mime: &str, content: &str) -> String {
    match mime {
        "text/html" | "image/svg+xml" => format!("<div>{content}</div>\n"),
        "text/markdown" => markdown(content),
        _ if mime.starts_with("image/") => {
            let data: String = content.split_whitespace().collect();
            format!(
                "<img alt=\"\" src=\"data:{mime};base64,{}\">\n",
                escaped(&data)
            )
        }
        _ => format!("<pre>{}</pre>\n", ansi::to_html(content)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_and_outputs_become_html() {
        let document = json!({"cells": [
            {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# A *b* $a_1 + b_1$\n\n|x|\n|-|\n|1|\n"},
            {"cell_type": "code", "execution_count": 2, "metadata": {}, "source": ["a < b\n", "1"], "outputs": [
                {"output_type": "stream", "name": "stderr", "text": "\u{1b}[31moh\u{1b}[0m"},
                {"output_type": "execute_result", "data": {"text/plain": "1", "image/png": "aGk=\n"}, "metadata": {}},
            ]},
            {"cell_type": "raw", "metadata": {}, "source": "<x>"},
        ]});
        insta::assert_snapshot!(notebook(&document).trim_end(), @r#"
        <div class="cell" id="t">
        <h1>A <em>b</em> <span class="math math-inline">a_1 + b_1</span></h1>
        <table><thead><tr><th>x</th></tr></thead><tbody>
        <tr><td>1</td></tr>
        </tbody></table>
        </div>
        <div class="cell">
        <span class="count">[2]</span>
        <pre class="input"><code>a &lt; b
        1</code></pre>
        <div class="outputs">
        <pre class="stderr"><span class="a31">oh</span></pre>
        <img alt="" src="data:image/png;base64,aGk=">
        </div>
        </div>
        <div class="cell"><pre>&lt;x&gt;</pre></div>
        "#);
    }
}
