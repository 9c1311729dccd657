//! `dsprep progress`: what a kernel records when a check passes, and what is told of it.

use dsprep_tests::{Kernel, Sandbox, Settings, assert_code};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

#[test]
fn a_kernel_of_jupyters_records_each_check_that_passes_and_no_other_does() {
    let sandbox = Arc::new(Sandbox::new());
    let file = sandbox.path().join("mine/progress.jsonl");
    let told = || {
        let mut command = sandbox.command(&["progress"]);
        command.env("DSPREP_PROGRESS", &file);
        let told = sandbox.finished(&command.output().expect("dsprep starts"));
        assert_code(&told, 0);
        told.stdout
    };
    let none = told();
    assert!(none.starts_with("Exercises: 0 of "), "{none}");
    assert!(none.contains("Next of the two weeks: day 1\n"), "{none}");

    // Settings are for the whole run of a test.
    let value: &'static str = file.display().to_string().leak();
    let variables = vec![("DSPREP_PROGRESS", value)].leak();
    let settings = Settings {
        variables,
        ..Settings::default()
    };
    let mut kernel = Kernel::start_with(&sandbox, settings);
    kernel.run("use dsprep_core::{check::*, prelude::*};");
    kernel.run("check_start_sum(|_| 0)");
    assert!(!file.exists());
    kernel.run("check_start_sum(|n| (1..=n).sum())");
    // A cell shows the same as the terminal.
    let shown = kernel.run(":progress");
    assert_eq!(
        shown.result("text/plain").trim(),
        told().trim(),
        "{shown:?}"
    );
    let html = shown.result("text/html");
    assert!(
        html.contains("<a href=\"00_start_here.ipynb\">Start here</a>"),
        "{html}"
    );
    drop(kernel);
    let now = told();
    assert!(now.starts_with("Exercises: 1 of "), "{now}");
    assert!(
        now.lines()
            .any(|line| line.contains("00_start_here ") && line.contains("● ")),
        "{now}"
    );
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_kernel_that_records_nothing_shows_nobodys_progress() {
    let sandbox = Arc::new(Sandbox::new());
    let file = sandbox.path().join("mine/progress.jsonl");
    fs::create_dir(sandbox.path().join("mine")).expect("a folder");
    let line = r#"{"at":1700000000,"what":{"passed":"check_start_sum"}}"#;
    fs::write(&file, line).expect("a file");
    let mut command = sandbox.command(&["progress"]);
    command.env("DSPREP_PROGRESS", &file);
    let mine = sandbox.finished(&command.output().expect("dsprep starts"));
    assert!(mine.stdout.starts_with("Exercises: 1 of "), "{mine:?}");

    // As a program starts it to run a notebook; what it shows is stored.
    let notebook = sandbox.notebook("start.ipynb", &[dsprep_tests::code(":progress")]);
    let mut command = sandbox.command(&["run", &notebook.display().to_string()]);
    command.env("DSPREP_PROGRESS", &file);
    let ran = sandbox.finished(&command.output().expect("dsprep starts"));
    assert_code(&ran, 0);
    let executed = sandbox.executed("start.ipynb");
    let cells = dsprep_tests::executed_cells(&executed);
    assert!(
        cells[0]["outputs"].to_string().contains("Exercises: 0 of "),
        "{executed}"
    );
}
