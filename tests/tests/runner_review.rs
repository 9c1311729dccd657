//! `dsprep review` and `dsprep convert`.

use dsprep_tests::{Sandbox, assert_code, code, joined, text};
use serde_json::{Value, json};
use std::io::Write as _;

fn printing(count: usize, id: &str, source: &str, stored: &str) -> Value {
    let mut cell = code(source);
    cell["id"] = id.into();
    cell["execution_count"] = count.into();
    cell["outputs"] = json!([{"output_type": "stream", "name": "stdout", "text": [stored]}]);
    cell
}

fn outputs(sandbox: &Sandbox) -> Vec<String> {
    let notebook: Value = serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    let cells = notebook["cells"].as_array().expect("it has cells");
    cells
        .iter()
        .map(|cell| joined(&cell["outputs"][0]["text"]))
        .collect()
}

#[test]
fn each_difference_is_accepted_or_rejected() {
    let sandbox = Sandbox::new();
    let cells = [
        printing(1, "a", "println!(\"one\");", "1\n"),
        printing(2, "b", "println!(\"two\");", "2\n"),
        printing(3, "c", "println!(\"three\");", "three\n"),
    ];
    sandbox.notebook("a.ipynb", &cells);
    let mut command = sandbox.command(&["review", "a.ipynb"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("dsprep starts");
    let mut stdin = child.stdin.take().expect("it has an input");
    stdin.write_all(b"a\nr\n").expect("answers can be given");
    drop(stdin);
    let finished = sandbox.finished(&child.wait_with_output().expect("its output can be read"));
    assert_code(&finished, 1);
    assert!(
        finished.stdout.contains("stored 1 of 2 in a.ipynb"),
        "{}",
        finished.stdout
    );
    assert_eq!(outputs(&sandbox), ["one\n", "2\n", "three\n"]);
    let refused = sandbox.dsprep(&["review", "--update", "a.ipynb"]);
    assert_code(&refused, 2);
}

#[test]
fn a_notebook_becomes_a_page_and_a_script_and_comes_back() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[
            text("# Title"),
            printing(2, "b", "println!(\"<two>\");", "<two>\n"),
        ],
    );
    let before: Value = serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    assert_code(&sandbox.dsprep(&["convert", "a.ipynb"]), 0);
    let page = sandbox.read("a.html");
    assert!(
        page.contains("<h1>Title</h1>") && page.contains("<pre>&lt;two&gt;\n</pre>"),
        "{page}"
    );
    assert_code(
        &sandbox.dsprep(&["convert", "a.ipynb", "--to", "script"]),
        0,
    );
    let there = sandbox.dsprep(&["convert", "a.rs"]);
    assert_code(&there, 2);
    assert!(
        there
            .stderr
            .contains("a.ipynb: it is there already; --force writes over it"),
        "{}",
        there.stderr
    );
    assert_code(&sandbox.dsprep(&["convert", "a.rs", "--force"]), 0);
    let after: Value = serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    assert_eq!(joined(&after["cells"][1]["source"]), "println!(\"<two>\");");
    assert_eq!(
        after["cells"][1]["outputs"], before["cells"][1]["outputs"],
        "outputs of the same source stay"
    );
    assert_eq!(after["metadata"], before["metadata"]);
}

#[test]
fn a_notebook_becomes_a_deck_of_slides() {
    let sandbox = Sandbox::new();
    let slide = |mut cell: Value, kind: &str| {
        cell["metadata"]["slideshow"] = serde_json::json!({"slide_type": kind});
        cell
    };
    let cells = [
        slide(text("# Title"), "slide"),
        slide(
            printing(2, "b", "println!(\"<two>\");", "<two>\n"),
            "subslide",
        ),
        slide(text("hidden"), "skip"),
    ];
    sandbox.notebook("a.ipynb", &cells);
    assert_code(
        &sandbox.dsprep(&["convert", "a.ipynb", "--to", "slides"]),
        0,
    );
    let deck = sandbox.read("a.slides.html");
    assert_eq!(deck.matches("<section").count(), 2, "{deck}");
    assert!(
        deck.contains("<h1>Title</h1>") && deck.contains("&lt;two&gt;"),
        "{deck}"
    );
    assert!(
        !deck.contains("hidden</p>") && !deck.contains("<script"),
        "{deck}"
    );
    let named = ["convert", "a.ipynb", "-o", "b.slides.html"];
    assert_code(&sandbox.dsprep(&named), 0);
    assert_eq!(sandbox.read("b.slides.html"), deck);
}
