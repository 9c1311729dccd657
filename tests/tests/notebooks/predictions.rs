//! A prediction is one only if the answer is not in view: the outputs after it are folded, and what is said about
//! them afterwards, too.

use crate::form::ALL;
use crate::support::json;
use dsprep_tests::joined;
use serde_json::Value;

/// What a debrief begins with: "What came out, and why" or "What is wrong".
const DEBRIEF: &str = "<details><summary>What ";

fn is_code(cell: &Value) -> bool {
    cell["cell_type"] == "code"
}

fn asks(cell: &Value) -> bool {
    !is_code(cell)
        && joined(&cell["source"])
            .to_lowercase()
            .contains("**predict**")
}

fn is_folded(cell: &Value) -> bool {
    cell["metadata"]["jupyter"]["outputs_hidden"] == true
}

/// Whether what is folded is empty, ends in a colon, as before another cell, or holds a fold of its own.
fn hides_what_comes_next(text: &str) -> bool {
    let folded = text
        .strip_prefix(DEBRIEF)
        .and_then(|rest| rest.split_once("</summary>"));
    folded.is_some_and(|(_, rest)| {
        let inside = rest
            .split_once("</details>")
            .map_or(rest, |(inside, _)| inside);
        let inside = inside.trim();
        inside.is_empty() || inside.ends_with(':') || inside.contains("<details>")
    })
}

/// What is wrong with the predictions of a notebook.
fn problems(cells: &[Value]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let is_asked = asks(&cells[at]);
        let number = cells[at + 1..]
            .iter()
            .take_while(|cell| is_code(cell))
            .count();
        let (answers, rest) = cells[at + 1..].split_at(number);
        let mut tell = |what: &str| problems.push(format!("cell {}: {what}", cells[at]["id"]));
        if is_asked && answers.is_empty() {
            tell("a prediction of nothing");
        }
        if answers.iter().any(|cell| is_folded(cell) != is_asked) {
            tell("outputs are folded after a prediction, and only there");
        }
        let debriefed = rest
            .first()
            .is_some_and(|cell| joined(&cell["source"]).starts_with(DEBRIEF));
        if is_asked && !debriefed {
            tell("nothing is said about what came out");
        }
        if rest
            .first()
            .is_some_and(|cell| hides_what_comes_next(&joined(&cell["source"])))
        {
            tell(
                "the words that lead to the next cell are folded away with the debrief, or nothing is in it",
            );
        }
        at += 1 + number;
    }
    problems
}

#[test]
fn what_was_predicted_is_folded_and_debriefed() {
    // The start page asks for none.
    for name in ALL.into_iter().filter(|name| *name != "00_start_here") {
        let notebook = json(&format!("notebooks/{name}.ipynb"));
        let cells = notebook["cells"].as_array().expect("a notebook has cells");
        assert!(
            cells.iter().filter(|cell| asks(cell)).count() >= 5,
            "{name}"
        );
        assert_eq!(problems(cells), Vec::<String>::new(), "{name}");
    }
}

/// What JupyterLab (4.6) shows beside the button that unfolds outputs: the first line that is not empty of the first of
/// them.
fn shown_folded(cell: &Value) -> String {
    const KINDS: [&str; 5] = [
        "text/html",
        "image/svg+xml",
        "application/pdf",
        "text/markdown",
        "text/plain",
    ];
    let first = &cell["outputs"][0];
    let kind = KINDS
        .into_iter()
        .find(|kind| !first["data"][kind].is_null());
    let text = kind.map_or_else(
        || joined(&first["text"]),
        |kind| joined(&first["data"][kind]),
    );
    text.lines()
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn folded_outputs_show_nothing_of_the_answer() {
    let mut number = 0;
    for name in ALL {
        let notebook = json(&format!("notebooks/{name}.ipynb"));
        let cells = notebook["cells"].as_array().expect("a notebook has cells");
        for cell in cells.iter().filter(|cell| is_code(cell) && is_folded(cell)) {
            let outputs = cell["outputs"].as_array().expect("a code cell has outputs");
            if !outputs.is_empty() {
                number += 1;
                assert_eq!(
                    shown_folded(cell),
                    "<!-- Predict first, then click -->",
                    "{name}, cell {}: store its outputs anew: dsprep run --update",
                    cell["id"]
                );
            }
        }
    }
    assert!(number > 200, "{number}");
}

#[test]
fn an_answer_in_view_is_found() {
    let text =
        |source: &str| serde_json::json!({"cell_type": "markdown", "id": "t", "source": source});
    let code = |hidden: bool| {
        serde_json::json!({"cell_type": "code", "id": "c", "source": "1",
            "metadata": {"jupyter": {"outputs_hidden": hidden}}})
    };
    let debrief = text("<details><summary>What came out, and why</summary>\n\nOne.\n</details>");
    let asked = text("**Predict** it.");
    assert!(problems(&[asked.clone(), code(true), debrief.clone()]).is_empty());
    assert_eq!(
        problems(&[asked.clone(), code(false), debrief.clone()]).len(),
        1
    );
    assert_eq!(
        problems(&[asked.clone(), code(true), text("## Next")]).len(),
        1
    );
    for inside in [
        "",
        "One. The clock of your own machine:",
        "<details><summary>The answer</summary>One.\n</details>",
    ] {
        let debrief = text(&format!(
            "<details><summary>What came out, and why</summary>\n\n{inside}\n</details>"
        ));
        assert_eq!(
            problems(&[asked.clone(), code(true), debrief]).len(),
            1,
            "{inside}"
        );
    }
    assert_eq!(problems(&[asked, debrief]).len(), 1);
    assert_eq!(problems(&[text("See."), code(true)]).len(), 1);
}
