//! What a kernel may take, and what nobody answers.

use super::{first, run, sandbox, verdict};
use dsprep_tests::{Sandbox, assert_code};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[test]
fn a_flood_is_ended_by_the_time_limit() {
    let sandbox = sandbox("floods");
    let start = Instant::now();
    let finished = run(&sandbox, &["--timeout", "2"]);
    assert_code(&finished, 1);
    assert!(
        verdict(&finished).contains("cell 1 of 2: timed out after 2 s"),
        "{}",
        finished.stdout
    );
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_question_fails_at_once_unless_it_is_answered() {
    let sandbox = sandbox("asks");
    let start = Instant::now();
    let finished = run(&sandbox, &["--timeout", "100"]);
    assert!(
        start.elapsed() < Duration::from_secs(50),
        "{:?}",
        start.elapsed()
    );
    assert_code(&finished, 1);
    assert!(
        finished.stdout.contains("it asked: Your name:"),
        "{}",
        finished.stdout
    );
    let answered = run(&sandbox, &["--input", "Ada", "--input", "Bob"]);
    assert_code(&answered, 0);
    assert_eq!(first(&sandbox), "hello Ada\n");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_can_be_limited() {
    let finished = run(&sandbox("eats_memory"), &["--memory", "150M"]);
    assert_code(&finished, 1);
    let verdict = verdict(&finished);
    // By the system where control groups can be had, else by us or by the process's own limit.
    let told = [
        "the kernel needed more than the 150 MiB that it may use",
        "and may use 150 MiB",
        "the kernel died",
    ];
    assert!(
        told.iter().any(|told| verdict.contains(told)),
        "{}",
        finished.stdout
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_most_memory_is_told_for_each_notebook() {
    let sandbox = sandbox("hangs");
    let finished = run(&sandbox, &["--timeout", "1", "--json", "report.jsonl"]);
    assert_code(&finished, 1);
    let report = sandbox.read("report.jsonl");
    let events = report
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let peak: Vec<_> = events
        .filter_map(|event| event["run"]["peak_memory"].as_u64())
        .collect();
    assert!(matches!(peak[..], [bytes] if bytes > 100_000), "{peak:?}");
}

#[test]
fn the_start_has_a_time_of_its_own() {
    let slow = sandbox("starts_slowly");
    assert_code(&run(&slow, &["--timeout", "1"]), 0);
    let late = run(&slow, &["--start-timeout", "1"]);
    assert_code(&late, 2);
    assert!(
        verdict(&late).contains("the kernel did not start: no answer within 1 s"),
        "{}",
        late.stdout
    );
}

#[test]
fn a_limit_interrupts_first_and_what_was_shown_stays() {
    let naps = sandbox("naps");
    let finished = run(&naps, &["--timeout", "1"]);
    assert_code(&finished, 1);
    insta::assert_snapshot!(verdict(&finished), @"FAIL a.ipynb  cell 1 of 2: timed out after 1 s  [time]");
    assert!(first(&naps).starts_with("half of it\n"), "{}", first(&naps));
}

/// Gives the first cell of the notebook these metadata.
fn first_cell_says(sandbox: &Sandbox, metadata: Value) {
    let text = sandbox.read("a.ipynb");
    let mut notebook: Value = serde_json::from_str(&text).expect("it is JSON");
    notebook["cells"][0]["metadata"] = metadata;
    sandbox.write("a.ipynb", &notebook.to_string());
}

#[test]
fn a_cell_says_by_tag_or_metadata_how_long_it_may_take() {
    let sandbox = sandbox("naps");
    first_cell_says(&sandbox, json!({"execution": {"timeout": 1.5}}));
    let own = run(&sandbox, &["--timeout", "300"]);
    assert_code(&own, 1);
    assert!(
        verdict(&own).contains("timed out after 1.5 s"),
        "{}",
        own.stdout
    );
    first_cell_says(&sandbox, json!({"tags": ["slow"]}));
    let slow = run(&sandbox, &["--timeout", "0.2"]);
    assert_code(&slow, 1);
    assert!(
        verdict(&slow).contains("timed out after 2 s"),
        "{}",
        slow.stdout
    );
}
