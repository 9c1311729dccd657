//! `dsprep run --check`: stored outputs against fresh ones.

use dsprep_tests::{Sandbox, assert_code, code, tagged, text};
use serde_json::{Value, json};

/// A cell of each kind of output.
fn every_kind() -> Vec<Value> {
    vec![
        text("Grüße"),
        tagged(
            "use dsprep_core::prelude::*;\nprintln!(\"mean {:.3}\\nran {:?}\", 1.0 / 3.0, std::time::Duration::from_millis(12));",
            &["timed"],
        ),
        code("table!(\"name\" => [\"Ann\", \"Bob\"], \"rows\" => [1, 2])?"),
        code("attention_heatmap(&array![[0.25, 0.75], [1.0, 0.0]], \"Weights\")?"),
        tagged(
            "println!(\"took a while in process {}\", std::process::id());",
            &["volatile"],
        ),
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

/// Changes the stored outputs of a cell.
#[track_caller]
fn change(sandbox: &Sandbox, id: &str, change: impl Fn(&mut Value)) {
    let mut notebook: Value = serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    let cells = notebook["cells"].as_array_mut().expect("it has cells");
    let cell = cells.iter_mut().find(|cell| cell["id"] == id);
    let outputs = &mut cell.expect("the cell is there")["outputs"];
    let before = outputs.clone();
    change(outputs);
    assert_ne!(*outputs, before, "nothing changed");
    sandbox.write("a.ipynb", &format!("{notebook:#}\n"));
}

/// Replaces a text in the stored outputs of a cell.
#[track_caller]
fn replace(sandbox: &Sandbox, id: &str, from: &str, to: &str) {
    change(sandbox, id, |outputs| replace_in(outputs, from, to));
}

fn replace_in(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => *text = text.replace(from, to),
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| replace_in(value, from, to)),
        Value::Object(values) => values
            .values_mut()
            .for_each(|value| replace_in(value, from, to)),
        _ => {}
    }
}

#[test]
fn what_varies_by_nature_is_no_difference_and_nothing_is_written() {
    let sandbox = stored();
    let stored = sandbox.read("a.ipynb");
    let again = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&again, 0);
    let updated = sandbox.read("a.ipynb");
    assert_eq!(updated, stored, "a second --update changes no byte");

    replace(&sandbox, "cell-2", "ran 12ms", "ran 807.1µs");
    replace(&sandbox, "cell-4", "<rect x=\"305\"", "<rect x=\"306\"");
    replace(&sandbox, "cell-4", "#2171B5", "#2272B4");
    replace(&sandbox, "cell-5", "a while", "two weeks");
    let before = sandbox.read("a.ipynb");
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 0);
    assert_eq!(sandbox.read("a.ipynb"), before);
    insta::assert_snapshot!(finished.report(), @r"
    RUN  a.ipynb  7 cells
    PASS a.ipynb  6 cells, 1 skipped  [time]
    1 notebook, 6 cells: 1 passed in [time]
    ");
}

#[test]
fn every_difference_is_shown_with_its_cell() {
    let sandbox = stored();
    replace(&sandbox, "cell-2", "mean 0.333", "mean 0.334");
    replace(&sandbox, "cell-3", "Bob", "Rob");
    replace(&sandbox, "cell-4", "<title>Weights", "<title>Heights");
    replace(&sandbox, "cell-6", "E0425", "E0426");
    let before = sandbox.read("a.ipynb");
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 1);
    assert_eq!(sandbox.read("a.ipynb"), before);
    insta::assert_snapshot!(finished.report(), @r#"
    RUN  a.ipynb  7 cells
    FAIL a.ipynb  cell 1 of 7: not as stored: printed text (and 3 more)  [time]

    a.ipynb, code cell 1 of 7 (cell 2 of 8 if text cells are counted too, id cell-2)

    not as stored: printed text
        - mean 0.334
        + mean 0.333
          ran <duration>

    a.ipynb, code cell 2 of 7 (cell 3 of 8 if text cells are counted too, id cell-3)

    not as stored: output 1, text/plain and text/html
          │ Ann  ┆ 1    │
        - │ Rob  ┆ 2    │
        + │ Bob  ┆ 2    │
          └──────┴──────┘

    a.ipynb, code cell 3 of 7 (cell 4 of 8 if text cells are counted too, id cell-4)

    not as stored: output 1, image/svg+xml
          <title>
        - Heights
        + Weights
          </title>

    a.ipynb, code cell 5 of 7 (cell 6 of 8 if text cells are counted too, id cell-6)

    not as stored: error
        - E0426: cannot find value `missing` in this scope
        - error[E0426]: cannot find value `missing` in this scope
        + E0425: cannot find value `missing` in this scope
        + error[E0425]: cannot find value `missing` in this scope
           --> cell line 1, column 1

    - is what is stored, + is what this run gave. If the new outputs are right, store them:
      dsprep run --update a.ipynb

    1 notebook, 6 cells: 1 failed in [time]
    "#);
}

#[test]
fn missing_and_left_over_outputs_are_differences() {
    let sandbox = stored();
    change(&sandbox, "cell-2", |outputs| *outputs = json!([]));
    change(&sandbox, "cell-5", |outputs| *outputs = json!([]));
    let old = json!([{"output_type": "stream", "name": "stdout", "text": "old\n"}]);
    change(&sandbox, "cell-7", |outputs| *outputs = old.clone());
    let finished = sandbox.dsprep(&["run", "--check", "."]);
    assert_code(&finished, 1);
    insta::assert_snapshot!(finished.report(), @r"
    RUN  a.ipynb  7 cells
    FAIL a.ipynb  cell 1 of 7: not as stored: no output is stored (and 1 more)  [time]

    a.ipynb, code cell 1 of 7 (cell 2 of 8 if text cells are counted too, id cell-2)

    not as stored: no output is stored
        + printed text: mean 0.333

    a.ipynb, code cell 6 of 7 (cell 7 of 8 if text cells are counted too, id cell-7)

    not as stored: outputs are stored, but the cell shows none now
        - printed text: old

    - is what is stored, + is what this run gave. If the new outputs are right, store them:
      dsprep run --update a.ipynb

    1 notebook, 6 cells: 1 failed in [time]
    ");
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

#[test]
fn a_duration_counts_unless_the_cell_says_that_it_was_measured() {
    let sandbox = Sandbox::new();
    let latency = "println!(\"p99 {} ms\", 7);";
    sandbox.notebook("a.ipynb", &[code(latency), tagged(latency, &["timed"])]);
    assert_code(&sandbox.dsprep(&["run", "--update", "a.ipynb"]), 0);
    replace(&sandbox, "cell-2", "7 ms", "50 ms");
    assert_code(&sandbox.dsprep(&["run", "--check", "a.ipynb"]), 0);
    replace(&sandbox, "cell-1", "7 ms", "50 ms");
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 1);
    assert!(
        finished
            .stdout
            .contains("FAIL a.ipynb  cell 1 of 2: not as stored: printed text  "),
        "{}",
        finished.stdout
    );
}

#[test]
fn checking_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("let a = 1;")]);
    assert_code(&sandbox.dsprep(&["run", "--check", "a.ipynb"]), 0);
    assert!(!sandbox.path().join("target").exists());
    let named = sandbox.dsprep(&["run", "--check", "--output-dir", "out", "a.ipynb"]);
    assert_code(&named, 0);
    assert!(sandbox.path().join("out/a.ipynb").exists());
}

#[test]
fn counts_tell_that_cells_were_run_in_another_order() {
    let sandbox = stored();
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 0);
    let counted = |id: &str, count: Value| {
        let mut notebook: Value =
            serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
        let cells = notebook["cells"].as_array_mut().expect("it has cells");
        let cell = cells.iter_mut().find(|cell| cell["id"] == id);
        cell.expect("the cell is there")["execution_count"] = count;
        sandbox.write("a.ipynb", &format!("{notebook:#}\n"));
    };
    // What was never run says nothing about the order.
    counted("cell-7", Value::Null);
    assert_code(&sandbox.dsprep(&["run", "--check", "a.ipynb"]), 0);
    counted("cell-7", 12.into());
    let finished = sandbox.dsprep(&["run", "--check", "a.ipynb"]);
    assert_code(&finished, 1);
    assert!(
        finished.stdout.contains(
            "not as stored: execution count: the cells were run in another order or more than once\n    - [12]\n    + [6]\n"
        ),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_file_of_rules_says_what_may_differ() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[code("println!(\"run {}\", std::process::id());")],
    );
    assert_code(&sandbox.dsprep(&["run", "--update", "a.ipynb"]), 0);
    assert_code(&sandbox.dsprep(&["run", "--check", "a.ipynb"]), 1);
    sandbox.write("rules.ini", "[process]\nregex: run \\d+\nreplace: run N\n");
    let check = ["run", "--check", "--rules", "rules.ini", "a.ipynb"];
    assert_code(&sandbox.dsprep(&check), 0);
    sandbox.write("rules.ini", "[process]\nregex: run \\d+\n");
    let wrong = sandbox.dsprep(&check);
    assert_code(&wrong, 2);
    assert!(
        wrong
            .stderr
            .contains("rules.ini:1: `regex` needs a `replace`"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn the_page_shows_stored_outputs_beside_fresh_ones() {
    let sandbox = stored();
    replace(&sandbox, "cell-4", "Weights", "Other");
    let finished = sandbox.dsprep(&["run", "--check", "--html", "report.html", "a.ipynb"]);
    assert_code(&finished, 1);
    let page = sandbox.read("report.html");
    let (_, beside) = page
        .split_once("<div class=\"beside\">")
        .expect("they stand side by side");
    let (stored, fresh) = beside
        .split_once("<b>This run</b>")
        .expect("the fresh ones follow");
    assert!(
        stored.contains("svg") && stored.contains("Other"),
        "{stored}"
    );
    assert!(
        fresh.contains("svg") && fresh.contains("Weights"),
        "{fresh}"
    );
}
