//! A lecture's notebook, run to its end in a new kernel, twice.

use crate::client::Kernel;
use crate::table::seconds;
use std::path::Path;
use std::time::{Duration, Instant};

/// The notebook: joins in SQLite and polars, with figures.
const NOTEBOOK: &str = "q16_sql_joins.ipynb";

/// Prints how long the notebook takes the first time, and when its cells have been compiled before.
pub fn print(cache: &Path) {
    let cells = code_cells();
    let [first, second] = [(); 2].map(|()| run(&cells, cache));
    println!(
        "Restart and Run All of {NOTEBOOK}, {} cells: {} the first time, {} the second",
        cells.len(),
        seconds(first),
        seconds(second)
    );
}

/// From the start of the kernel to the end of the last cell.
fn run(cells: &[String], cache: &Path) -> Duration {
    let start = Instant::now();
    let mut kernel = Kernel::start(&[], cache);
    for cell in cells {
        kernel.run(cell);
    }
    start.elapsed()
}

fn code_cells() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notebooks");
    let text = std::fs::read(folder.join(NOTEBOOK)).expect("the notebook is there");
    let notebook: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let cells = notebook["cells"].as_array().expect("cells").iter();
    let text = |source: &serde_json::Value| match source {
        serde_json::Value::Array(lines) => lines.iter().filter_map(|line| line.as_str()).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    cells
        .filter(|cell| cell["cell_type"] == "code")
        .map(|cell| text(&cell["source"]))
        .collect()
}
