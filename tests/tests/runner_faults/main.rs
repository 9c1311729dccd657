//! `dsprep run` with a kernel that does as it is told: whatever goes wrong ends in a clear verdict, and nothing is left.
//!
//! - `faults`: kernels that misbehave;
//! - `limits`: time, memory, questions;
//! - `told`: what is said and written about a run.

mod faults;
mod limits;
mod told;

use dsprep_tests::{Finished, Sandbox, executed_cells, text_of};
use serde_json::{Value, json};
use std::process::Output;

/// A sandbox with a kernel of this behaviour and a notebook of two cells for it.
fn sandbox(behaviour: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    install(&sandbox, behaviour);
    sandbox.write(
        "a.ipynb",
        &notebook(&format!("fake_{behaviour}"), &["first", "second"]),
    );
    sandbox
}

fn install(sandbox: &Sandbox, behaviour: &str) {
    let spec = json!({
        "argv": [dsprep_tests::fake_kernel(), behaviour, "{connection_file}"],
        "display_name": "Fake", "language": "fake", "interrupt_mode": "message",
        // Where this fake finds Rust's own library: cargo says it to the tests.
        "env": {"LD_LIBRARY_PATH": std::env::var("LD_LIBRARY_PATH").unwrap_or_default()},
    });
    sandbox.write(
        &format!("jupyter/kernels/fake_{behaviour}/kernel.json"),
        &spec.to_string(),
    );
}

fn notebook(kernel: &str, sources: &[&str]) -> String {
    let cell = |source: &&str| json!({"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": source});
    let cells: Vec<Value> = sources.iter().map(cell).collect();
    let spec = json!({"display_name": "Fake", "language": "fake", "name": kernel});
    json!({"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 4})
        .to_string()
}

fn run(sandbox: &Sandbox, args: &[&str]) -> Finished {
    run_with(sandbox, args, &[])
}

fn run_with(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> Finished {
    let mut command = sandbox.command(&[&["run"], args, &["a.ipynb"]].concat());
    command.env("JUPYTER_PATH", sandbox.path().join("jupyter"));
    command.envs(variables.iter().copied());
    let output: Output = command.output().expect("dsprep starts");
    let finished = sandbox.finished(&output);
    assert_eq!(
        sandbox.leftovers(),
        Vec::<String>::new(),
        "{}",
        finished.stdout
    );
    finished
}

/// The line that begins with FAIL, without the time.
fn verdict(finished: &Finished) -> String {
    let report = finished.report();
    let line = report.lines().find(|line| line.starts_with("FAIL"));
    line.unwrap_or(&report).to_owned()
}

/// What the first cell of the executed copy holds.
fn first(sandbox: &Sandbox) -> String {
    let copy = sandbox.executed("a.ipynb");
    executed_cells(&copy)
        .first()
        .map(|cell| text_of(cell))
        .unwrap_or_default()
}
