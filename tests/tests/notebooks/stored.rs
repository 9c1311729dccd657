//! Every notebook executes, its exercises are in order, and what is stored in it is what a fresh run gives.

use crate::support::{notebooks, run};
use dsprep_tests::executed_cells;

#[test]
fn every_notebook_passes_the_check() {
    let names = notebooks();
    assert!(!names.is_empty());
    let runs = names.iter().map(|name| run(name));
    let failed = runs.filter(|run| !run.passed);
    let reports: Vec<_> = failed.map(|run| run.report.clone()).collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}

#[test]
fn executed_cells_are_counted_from_one() {
    for name in notebooks() {
        let run = run(&name);
        let cells = executed_cells(&run.copy);
        let counts: Vec<_> = cells
            .iter()
            .map(|cell| cell["execution_count"].as_u64())
            .collect();
        let expected: Vec<_> = (1..=counts.len() as u64).map(Some).collect();
        assert_eq!(counts, expected, "{name}");
    }
}
