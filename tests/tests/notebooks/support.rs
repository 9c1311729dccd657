//! Executed notebooks, the original's numbers, and what is in the outputs of cells.

use dsprep_tests::{dsprep, executed_cells, text_of, workspace};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

/// A fresh copy of a notebook, executed once for all tests of this program.
pub fn executed(name: &str) -> Value {
    static RUNS: Mutex<BTreeMap<String, Arc<OnceLock<Value>>>> = Mutex::new(BTreeMap::new());
    let mut runs = RUNS.lock().expect("no test panics while it holds the lock");
    let run = Arc::clone(runs.entry(name.to_owned()).or_default());
    drop(runs);
    run.get_or_init(|| execute(name)).clone()
}

fn execute(name: &str) -> Value {
    let mut command = Command::new(dsprep());
    command.args(["run", &format!("notebooks/{name}.ipynb")]);
    let output = command.current_dir(workspace()).output();
    let output = output.expect("dsprep starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    json(&format!("target/dsprep/notebooks/{name}.ipynb"))
}

/// A JSON file of the project, by its path from the root.
pub fn json(path: &str) -> Value {
    let text = fs::read_to_string(workspace().join(path)).expect("the file is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What the original printed for a question.
pub fn golden(question: &str) -> String {
    let golden = json("tests/reference/golden.json");
    golden[question]["stdout"]
        .as_str()
        .expect("the original printed something")
        .to_owned()
}

/// The output of the first cell that printed `mark` or has it in its source.
pub fn cell_with(notebook: &Value, mark: &str) -> Value {
    let cells = executed_cells(notebook);
    let found = cells
        .iter()
        .find(|cell| text_of(cell).contains(mark) || joined(&cell["source"]).contains(mark));
    (*found.unwrap_or_else(|| panic!("no cell shows {mark:?}"))).clone()
}

/// The result of a cell in one format.
pub fn result(cell: &Value, mime: &str) -> String {
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
pub fn table_cells(html: &str) -> Vec<String> {
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
pub fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'));
    words.filter_map(|word| word.parse().ok()).collect()
}
