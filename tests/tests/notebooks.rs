//! What the project's notebooks print: the original's numbers, and what is stored in them.

use dsprep_tests::{dsprep, executed_cells, text_of, workspace};
use serde_json::Value;
use std::fs;
use std::process::Command;
use std::sync::OnceLock;

const NOTEBOOKS: [&str; 3] = ["q16_sql_joins", "q20_attention", "q30_forecast_metrics"];

/// A fresh copy of a notebook, executed once for all tests of this file.
fn executed(name: &str) -> Value {
    static RUN: OnceLock<()> = OnceLock::new();
    RUN.get_or_init(|| {
        let mut command = Command::new(dsprep());
        let output = command.arg("run").current_dir(workspace()).output();
        let output = output.expect("dsprep starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}");
    });
    json(&format!("target/dsprep/notebooks/{name}.ipynb"))
}

fn json(path: &str) -> Value {
    let text = fs::read_to_string(workspace().join(path)).expect("the file is there");
    serde_json::from_str(&text).expect("it is JSON")
}

fn golden(question: &str) -> String {
    let golden = json("tests/reference/golden.json");
    golden[question]["stdout"]
        .as_str()
        .expect("the original printed something")
        .to_owned()
}

/// The output of the first cell that printed `mark` or has it in its source.
fn cell_with(notebook: &Value, mark: &str) -> Value {
    let cells = executed_cells(notebook);
    let found = cells
        .iter()
        .find(|cell| text_of(cell).contains(mark) || joined(&cell["source"]).contains(mark));
    (*found.unwrap_or_else(|| panic!("no cell shows {mark:?}"))).clone()
}

/// The result of a cell in one format.
fn result(cell: &Value, mime: &str) -> String {
    let outputs = cell["outputs"].as_array().expect("a code cell has outputs");
    let result = outputs
        .iter()
        .find(|output| output["output_type"] == "execute_result");
    joined(&result.expect("the cell has a result")["data"][mime])
}

/// A text of a notebook, which may be stored as a list of lines.
fn joined(text: &Value) -> String {
    match text {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// The contents of the cells of an HTML table, without tags.
fn table_cells(html: &str) -> Vec<String> {
    let cells = html.split("<td").skip(1).map(|cell| {
        let content = cell.split_once('>').map_or("", |(_, rest)| rest);
        let content = content.split("</td>").next().unwrap_or_default();
        let mut text = String::new();
        let mut in_tag = false;
        for character in content.chars() {
            match character {
                '<' => in_tag = true,
                '>' => in_tag = false,
                other if !in_tag => text.push(other),
                _ => {}
            }
        }
        text
    });
    cells.collect()
}

/// All numbers of a text, in order.
fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'));
    words.filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn joins_have_the_rows_of_the_original() {
    let notebook = executed("q16_sql_joins");
    let original = golden("q16");
    for section in original.trim().split("\n\n") {
        let (title, rows) = section.split_once('\n').expect("a title and rows");
        let cell = cell_with(&notebook, title);
        let mut ours: Vec<String> = table_cells(&result(&cell, "text/html"))
            .chunks(2)
            .map(|pair| pair.join(" "))
            .collect();
        let rows = rows.lines().skip(1).filter(|row| !row.trim().is_empty());
        let mut theirs: Vec<String> = rows
            .map(|row| {
                let words: Vec<&str> = row.split_whitespace().collect();
                words.join(" ").replace("NaN", "null").replace(".0", "")
            })
            .collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{title}");
    }
}

#[test]
fn attention_has_the_weights_of_the_original() {
    let notebook = executed("q20_attention");
    let original = golden("q20");
    let (shape, weights) = original.split_once('\n').expect("several lines");
    cell_with(&notebook, shape);
    let (title, weights) = weights.split_once('\n').expect("a title and weights");
    let cell = cell_with(&notebook, title);
    let ours = numbers(&result(&cell, "text/plain"));
    assert_eq!(ours.len(), 16);
    assert_eq!(ours, numbers(weights));
}

#[test]
fn forecast_metrics_have_the_values_of_the_original() {
    let notebook = executed("q30_forecast_metrics");
    let original = golden("q30");
    let cell = cell_with(&notebook, "\"Winkler (95%)\"");
    let cells = table_cells(&result(&cell, "text/html"));
    let ours: Vec<(&str, f64)> = cells
        .chunks(2)
        .map(|pair| (pair[0].as_str(), pair[1].parse().expect("a number")))
        .collect();
    let rows = original.lines().skip(1).take(6);
    let theirs: Vec<(&str, f64)> = rows
        .map(|row| {
            let (name, value) = row.trim().rsplit_once(' ').expect("a name and a value");
            (name.trim(), value.parse().expect("a number"))
        })
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn stored_outputs_are_those_of_a_fresh_run() {
    for name in NOTEBOOKS {
        let stored = json(&format!("notebooks/{name}.ipynb"));
        let fresh = executed(name);
        let pairs = executed_cells(&stored)
            .into_iter()
            .zip(executed_cells(&fresh))
            .enumerate();
        for (index, (stored, fresh)) in pairs {
            let number = index + 1;
            assert_eq!(
                stored["outputs"], fresh["outputs"],
                "{name}, code cell {number}: refresh it with `dsprep run --update`"
            );
        }
    }
}
