//! Executed notebooks, the original's numbers, and what is in the outputs of cells.

use dsprep_tests::{dsprep, executed_cells, joined, text_of, workspace};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

/// What `dsprep run --check` gave for a notebook.
pub struct Run {
    /// Whether it executed, its exercises are in order, and its outputs are the stored ones.
    pub passed: bool,
    /// What was printed.
    pub report: String,
    /// The executed copy.
    pub copy: Value,
}

/// The run of a notebook, which is executed once for all tests of this program.
pub fn run(name: &str) -> Arc<Run> {
    type Runs = BTreeMap<String, Arc<OnceLock<Arc<Run>>>>;
    static RUNS: Mutex<Runs> = Mutex::new(BTreeMap::new());
    let mut runs = RUNS.lock().expect("no test panics while it holds the lock");
    let run = Arc::clone(runs.entry(name.to_owned()).or_default());
    drop(runs);
    Arc::clone(run.get_or_init(|| Arc::new(execute(name))))
}

/// A fresh copy of a notebook. Whether its outputs are the stored ones is left to the tests of [`crate::stored`].
pub fn executed(name: &str) -> Value {
    run(name).copy.clone()
}

fn execute(name: &str) -> Run {
    let mut command = Command::new(dsprep());
    // With --check, copies are written only where a folder is named.
    let notebook = format!("notebooks/{name}.ipynb");
    command.args(["run", "--check", "--output-dir", "target/dsprep", &notebook]);
    let output = command.current_dir(workspace()).output();
    let output = output.expect("dsprep starts");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{report}");
    Run {
        passed: code == Some(0),
        report,
        copy: json(&format!("target/dsprep/notebooks/{name}.ipynb")),
    }
}

/// The names of all notebooks of the project, in order.
pub fn notebooks() -> Vec<String> {
    let folder = fs::read_dir(workspace().join("notebooks")).expect("the folder is there");
    let files = folder.map(|entry| entry.expect("it can be read").path());
    let notebooks = files.filter(|path| path.extension().is_some_and(|name| name == "ipynb"));
    let stem = |path: std::path::PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let mut names: Vec<_> = notebooks.filter_map(stem).collect();
    names.sort();
    names
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
