//! `dsprep run` on notebooks that pass and notebooks that fail.

use dsprep_tests::{AT_ONCE, Sandbox, assert_code, code, executed_cells, tagged, text, text_of};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn what_one_cell_defines_reaches_the_next() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[
            code("let a = 40;"),
            text("*Now:*"),
            code("println!(\"{}\", a + 2);"),
        ],
    );
    let finished = sandbox.dsprep(&["run", "a.ipynb"]);
    assert_code(&finished, 0);
    let copy = sandbox.executed("a.ipynb");
    let cells = executed_cells(&copy);
    assert_eq!(
        cells.iter().map(|cell| text_of(cell)).collect::<Vec<_>>(),
        ["", "42\n"]
    );
    assert_eq!(
        cells
            .iter()
            .map(|cell| cell["execution_count"].as_u64())
            .collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
}

#[test]
fn a_failing_cell_is_named_and_the_rest_still_run() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "bad.ipynb",
        &[
            text("# Bad"),
            code("let a = 1;"),
            text("Now:"),
            code("let b = a + missing;"),
            code("a"),
        ],
    );
    sandbox.notebook("good.ipynb", &[code("println!(\"fine\");")]);
    let before = sandbox.read("bad.ipynb");
    let finished = sandbox.dsprep(&["run", "."]);
    assert_code(&finished, 1);
    let report = &finished.stdout;
    assert!(
        report.contains("FAIL bad.ipynb  cell 2 of 3: E0425"),
        "{report}"
    );
    assert!(
        report.contains("code cell 2 of 3 (cell 4 of 5 if text cells are counted too, id cell-4)"),
        "{report}"
    );
    assert!(report.contains(">  1 │ let b = a + missing;"), "{report}");
    assert!(
        report.contains("The code cell after it was not run."),
        "{report}"
    );
    assert!(report.contains("PASS good.ipynb  1 cell"), "{report}");
    assert!(
        report.contains("2 notebooks, 3 cells: 1 passed, 1 failed in"),
        "{report}"
    );
    assert!(
        report.contains("Executed copies: target/dsprep"),
        "{report}"
    );
    assert!(
        !report.contains('\u{1b}'),
        "no colours into a pipe: {report}"
    );
    assert_eq!(sandbox.read("bad.ipynb"), before);
    let copy = sandbox.executed("bad.ipynb");
    let counts: Vec<_> = executed_cells(&copy)
        .iter()
        .map(|cell| cell["execution_count"].as_u64())
        .collect();
    assert_eq!(counts, [Some(1), Some(2), None]);
}

#[test]
fn tagged_cells_may_fail_or_are_left_out() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[
            tagged("panic!(\"on purpose\");", &["raises-exception"]),
            tagged("std::process::exit(7);", &["skip-execution"]),
            code("   "),
            code("println!(\"end\");"),
        ],
    );
    let finished = sandbox.dsprep(&["run", "a.ipynb"]);
    assert_code(&finished, 0);
    assert!(
        finished.stdout.contains("PASS a.ipynb  2 cells, 1 skipped"),
        "{}",
        finished.stdout
    );
    assert_eq!(
        executed_cells(&sandbox.executed("a.ipynb"))
            .last()
            .map(|cell| text_of(cell)),
        Some("end\n".to_owned())
    );
}

#[test]
fn colours_can_be_forced() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("1")]);
    let finished = sandbox.dsprep(&["run", "--color", "always", "a.ipynb"]);
    assert_code(&finished, 0);
    assert!(
        finished
            .stdout
            .contains("\u{1b}[1;32mPASS\u{1b}[0m a.ipynb"),
        "{}",
        finished.stdout
    );
}

/// Kills the front, which is the parent of the engine, which is the parent of the process that runs cells.
const KILL_THE_KERNEL: &str = r#"
let engine = std::os::unix::process::parent_id();
let stat = std::fs::read_to_string(format!("/proc/{engine}/stat")).unwrap();
let front = stat.rsplit(')').next().unwrap().split_whitespace().nth(1).unwrap().to_owned();
std::fs::write("killed", "").unwrap();
std::process::Command::new("kill").args(["-9", &front]).status().unwrap();
std::thread::sleep(std::time::Duration::from_secs(300));
"#;

#[test]
#[cfg(target_os = "linux")]
fn a_killed_kernel_is_noticed() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[code("println!(\"first\");"), code(KILL_THE_KERNEL)],
    );
    let started = sandbox.start(&["run", "a.ipynb"]);
    started.wait_for_file("killed");
    let killed = Instant::now();
    let finished = started.wait();
    assert!(killed.elapsed() < AT_ONCE, "{:?}", killed.elapsed());
    assert_code(&finished, 1);
    let expected = "FAIL a.ipynb  cell 2 of 2: the kernel died: killed by signal 9, SIGKILL";
    assert!(finished.stdout.contains(expected), "{}", finished.stdout);
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}

#[test]
fn a_kernel_that_cannot_start_is_no_failure_of_the_notebook() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("1")]);
    let mut command = sandbox.command(&["run", "a.ipynb"]);
    command.env("TMPDIR", sandbox.path().join("missing"));
    let finished = sandbox.finished(&command.output().expect("dsprep starts"));
    assert_code(&finished, 2);
    let expected =
        "FAIL a.ipynb  the kernel did not start: cannot create a folder in `[sandbox]/missing`";
    assert!(finished.stdout.contains(expected), "{}", finished.stdout);
    assert!(
        finished
            .stdout
            .contains("1 notebook, 0 cells: 1 without a kernel in"),
        "{}",
        finished.stdout
    );
}

#[test]
fn a_hung_cell_times_out() {
    let sandbox = Sandbox::new();
    let hang = "loop { std::thread::sleep(std::time::Duration::from_secs(1)); }";
    sandbox.notebook(
        "a.ipynb",
        &[
            code("println!(\"first\");"),
            code(hang),
            code("println!(\"never\");"),
        ],
    );
    let finished = sandbox.dsprep(&["run", "--timeout", "30", "a.ipynb"]);
    assert_code(&finished, 1);
    assert!(
        finished
            .stdout
            .contains("FAIL a.ipynb  cell 2 of 3: timed out after 30 s"),
        "{}",
        finished.stdout
    );
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}

#[test]
fn a_cell_that_asks_fails_at_once_unless_there_is_an_answer() {
    let sandbox = Sandbox::new();
    let ask = "println!(\"hello {}\", dsprep_core::cell::input(\"Your name: \"));";
    let read = "let mut line = String::new();\nstd::io::stdin().read_line(&mut line).unwrap();\nprintln!(\"read {line:?}\");";
    sandbox.notebook("asks.ipynb", &[code(ask)]);
    sandbox.notebook("reads.ipynb", &[code(read)]);
    let finished = sandbox.dsprep(&["run", "--timeout", "100", "asks.ipynb"]);
    assert_code(&finished, 1);
    assert!(
        finished.stdout.contains("it asked: Your name:"),
        "{}",
        finished.stdout
    );
    let answered = sandbox.dsprep(&["run", "--input", "Ada", "asks.ipynb"]);
    assert_code(&answered, 0);
    let copy = sandbox.executed("asks.ipynb");
    assert_eq!(text_of(executed_cells(&copy)[0]), "hello Ada\n");
    // Standard input is at its end, so nobody waits for it.
    let start = Instant::now();
    sandbox.dsprep(&["run", "--timeout", "100", "reads.ipynb"]);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn updating_stores_outputs_once_and_only_in_notebooks_that_pass() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "bad.ipynb",
        &[code("println!(\"1\");"), code("panic!(\"no\");")],
    );
    let good = sandbox.notebook(
        "good.ipynb",
        &[text("Grüße"), code("println!(\"a\\nb\");"), code("6 * 7")],
    );
    let (bad_before, good_before) = (sandbox.read("bad.ipynb"), sandbox.read("good.ipynb"));

    assert_code(&sandbox.dsprep(&["run", "."]), 1);
    assert_eq!(
        sandbox.read("good.ipynb"),
        good_before,
        "without --update, sources stay as they are"
    );

    let first = sandbox.dsprep(&["run", "--update", "."]);
    assert_code(&first, 1);
    assert!(
        first.stdout.contains("1 passed, 1 updated, 1 failed"),
        "{}",
        first.stdout
    );
    let updated = sandbox.read("good.ipynb");
    assert!(updated.contains("     \"a\\n\",\n"), "{updated}");
    assert_eq!(sandbox.read("bad.ipynb"), bad_before);

    let written = fs::metadata(&good)
        .and_then(|data| data.modified())
        .expect("the file has a time");
    let second = sandbox.dsprep(&["run", "--update", "good.ipynb"]);
    assert_code(&second, 0);
    assert!(!second.stdout.contains("updated"), "{}", second.stdout);
    assert_eq!(sandbox.read("good.ipynb"), updated);
    assert_eq!(
        fs::metadata(&good).and_then(|data| data.modified()).ok(),
        Some(written)
    );
}
