//! Nothing is left of a run: no process, no file, however it ended.

use dsprep_tests::{AT_ONCE, Sandbox, assert_code, code};
use std::time::{Duration, Instant};

const NOTHING: Vec<String> = Vec::new();

#[test]
fn nothing_is_left_after_success_and_failure() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "bad.ipynb",
        &[
            code("let temporary = std::env::temp_dir();"),
            code("panic!(\"no\");"),
        ],
    );
    sandbox.notebook(
        "good.ipynb",
        &[code(
            "std::fs::write(std::env::temp_dir().join(\"x\"), \"y\").unwrap();",
        )],
    );
    assert_eq!(sandbox.dsprep(&["run", "."]).code, Some(1));
    assert_eq!(sandbox.leftovers(), NOTHING);
}

#[test]
fn ctrl_c_ends_the_run_and_leaves_nothing() {
    stop("INT", 130);
}

#[test]
fn sigterm_ends_the_run_and_leaves_nothing() {
    stop("TERM", 143);
}

#[track_caller]
fn stop(signal: &str, code: i32) {
    let sandbox = Sandbox::new();
    hang(&sandbox);
    let before = sandbox.read("a.ipynb");
    let started = sandbox.start(&["run", "--update", "."]);
    started.wait_for_file("started");
    let stopped = Instant::now();
    started.signal(signal);
    let finished = started.wait();
    assert!(stopped.elapsed() < AT_ONCE, "{:?}", stopped.elapsed());
    assert_code(&finished, code);
    assert!(
        finished.stdout.contains("STOP a.ipynb  after 1 cell"),
        "{}",
        finished.stdout
    );
    assert_eq!(sandbox.leftovers(), NOTHING);
    assert_eq!(sandbox.read("a.ipynb"), before);
}

#[test]
fn a_second_ctrl_c_ends_the_run_at_once() {
    let sandbox = Sandbox::new();
    hang(&sandbox);
    let started = sandbox.start(&["run", "."]);
    started.wait_for_file("started");
    let stopped = Instant::now();
    started.signal("INT");
    std::thread::sleep(Duration::from_millis(100));
    started.signal("INT");
    let finished = started.wait();
    assert!(
        stopped.elapsed() < Duration::from_secs(2),
        "{:?}",
        stopped.elapsed()
    );
    assert_code(&finished, 130);
    assert_eq!(sandbox.leftovers(), NOTHING);
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_is_left_of_a_run_that_was_killed_not_even_what_a_cell_started() {
    let sandbox = Sandbox::new();
    let source = "std::process::Command::new(\"sleep\").arg(\"300\").spawn().unwrap();\n\
                  std::fs::write(\"started\", \"\").unwrap();\n\
                  std::thread::sleep(std::time::Duration::from_secs(300));";
    sandbox.notebook("a.ipynb", &[code(source)]);
    let started = sandbox.start(&["run", "."]);
    started.wait_for_file("started");
    started.signal("KILL");
    started.wait();
    assert_eq!(sandbox.leftovers(), NOTHING);
}

fn hang(sandbox: &Sandbox) {
    let source = "std::fs::write(\"started\", \"\").unwrap();\n\
                  std::thread::sleep(std::time::Duration::from_secs(300));";
    sandbox.notebook("a.ipynb", &[code(source)]);
}
