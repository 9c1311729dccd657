//! `dsprep run --check`: stored outputs against fresh ones.

use dsprep_tests::{Finished, Sandbox, code, tagged, text};
use serde_json::Value;

/// A cell of each kind of output.
fn every_kind() -> Vec<Value> {
    vec![
        text("Grüße"),
        code(
            "use dsprep_core::prelude::*;\nprintln!(\"mean {:.3}\\nran {:?}\", 1.0 / 3.0, std::time::Duration::from_millis(12));",
        ),
        code("df!(\"name\" => [\"Ann\", \"Bob\"], \"rows\" => [1, 2])?"),
        code("attention_heatmap(&array![[0.25, 0.75], [1.0, 0.0]], \"Weights\")?"),
        tagged("println!(\"{}\", std::process::id());", &["volatile"]),
        tagged("missing", &["raises-exception"]),
        code("let quiet = 1;"),
        tagged("panic!(\"never\")", &["skip-execution"]),
    ]
}

/// A sandbox with the notebook `a.ipynb` of every kind of output, whose outputs are stored.
fn stored() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &every_kind());
    assert_code(&sandbox.dsprep(&["run", "--update", "a.ipynb"]), 0);
    sandbox
}

#[track_caller]
fn assert_code(finished: &Finished, code: i32) {
    assert_eq!(
        finished.code,
        Some(code),
        "\n{}\n{}",
        finished.stdout,
        finished.stderr
    );
}

/// Changes the stored notebook, and makes sure that there was something to change.
#[track_caller]
fn change(sandbox: &Sandbox, from: &str, to: &str) {
    let before = sandbox.read("a.ipynb");
    let after = before.replacen(from, to, 1);
    assert_ne!(after, before, "{from} is not in {before}");
    sandbox.write("a.ipynb", &after);
}

/// Forgets the outputs of the cell with this id.
fn forget(sandbox: &Sandbox, id: &str) {
    let mut notebook: Value = serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    let cells = notebook["cells"].as_array_mut().expect("it has cells");
    let cell = cells
        .iter_mut()
        .find(|cell| cell["id"] == id)
        .expect("the cell is there");
    cell["outputs"] = Value::Array(Vec::new());
    sandbox.write("a.ipynb", &format!("{notebook:#}\n"));
}

#[test]
fn what_varies_by_nature_is_no_difference_and_nothing_is_written() {
    let sandbox = stored();
    let stored = sandbox.read("a.ipynb");
    let again = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&again, 0);
    let is_volatile = |line: &str| {
        line.trim()
            .trim_end_matches("\\n\"")
            .trim_start_matches('"')
            .parse::<u32>()
            .is_ok()
    };
    let steady = |text: &str| {
        text.lines()
            .filter(|line| !is_volatile(line))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        steady(&sandbox.read("a.ipynb")),
        steady(&stored),
        "a second --update changes no byte"
    );

    change(&sandbox, "ran 12ms", "ran 807.1µs");
    change(&sandbox, "<rect x=\\\"80\\\"", "<rect x=\\\"81\\\"");
    let before = sandbox.read("a.ipynb");
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 0);
    assert_eq!(sandbox.read("a.ipynb"), before);
    insta::assert_snapshot!(finished.report(), @r"");
}

#[test]
fn every_difference_is_shown_with_its_cell() {
    let sandbox = stored();
    change(&sandbox, "mean 0.333", "mean 0.334");
    change(&sandbox, ">Bob<", ">Rob<");
    change(&sandbox, "\\n0.25\\n", "\\n0.26\\n");
    change(&sandbox, "\"evalue\": \"", "\"evalue\": \"x ");
    let before = sandbox.read("a.ipynb");
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 1);
    assert_eq!(sandbox.read("a.ipynb"), before);
    insta::assert_snapshot!(finished.report(), @r"");
}

#[test]
fn missing_and_left_over_outputs_are_differences() {
    let sandbox = stored();
    forget(&sandbox, "cell-2");
    forget(&sandbox, "cell-5");
    let quiet = "\"outputs\": [],\n   \"source\": [\n    \"let quiet";
    let left_over = "\"outputs\": [{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"old\"}],\n   \"source\": [\n    \"let quiet";
    change(
        &sandbox,
        &quiet
            .replace("   ", "      ")
            .replace("\n    \"let", "\n        \"let"),
        left_over,
    );
    let finished = sandbox.dsprep(&["run", "--check", "."]);
    assert_code(&finished, 1);
    insta::assert_snapshot!(finished.report(), @r"");
}

#[test]
fn a_failing_cell_is_told_before_its_outputs() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[code("println!(\"not stored\");"), code("missing")],
    );
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 1);
    let report = finished.report();
    assert!(
        report.contains("FAIL a.ipynb  cell 2 of 2: E0425"),
        "{report}"
    );
    assert!(!report.contains("not as stored"), "{report}");
}
