//! Kernels that misbehave.

use super::{first, install, notebook, run, run_with, sandbox, verdict};
use dsprep_tests::{Sandbox, assert_code};

#[test]
fn a_foreign_kernel_runs_its_cells() {
    let sandbox = sandbox("works");
    let finished = run(&sandbox, &[]);
    assert_code(&finished, 0);
    assert_eq!(first(&sandbox), "cell 1\n");
    let named = Sandbox::new();
    install(&named, "works");
    named.write("a.ipynb", &notebook("somebody else's", &["x"]));
    let finished = run(&named, &["--kernel", "fake_works"]);
    assert_code(&finished, 0);
    let unknown = run(&named, &["--kernel", "missing"]);
    assert_code(&unknown, 2);
    assert!(
        unknown
            .stderr
            .contains("no kernel `missing`; there are: dsprep, fake_works"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_kernel_that_does_not_come_up_is_no_failure_of_the_notebook() {
    let silent = run(&sandbox("silent"), &["--start-timeout", "3"]);
    assert_code(&silent, 2);
    insta::assert_snapshot!(verdict(&silent), @"FAIL a.ipynb  the kernel did not start: no answer within 3 s  [time]");
    let dead = run(&sandbox("dies_at_start"), &[]);
    assert_code(&dead, 2);
    insta::assert_snapshot!(verdict(&dead), @"FAIL a.ipynb  the kernel did not start: exit code 3  [time]");
    assert!(
        dead.stdout.contains("no license for this machine"),
        "{}",
        dead.stdout
    );
}

#[test]
fn a_kernel_whose_ports_were_taken_is_started_again() {
    let sandbox = sandbox("works");
    let taken = sandbox.path().join("taken");
    let finished = run_with(
        &sandbox,
        &[],
        &[("FAKE_TAKEN", &taken.display().to_string())],
    );
    assert_code(&finished, 0);
    assert!(taken.exists());
}

#[test]
fn a_kernel_that_dies_in_a_cell_is_told_with_its_last_words() {
    let sandbox = sandbox("dies_in_cell");
    let finished = run(&sandbox, &[]);
    assert_code(&finished, 1);
    insta::assert_snapshot!(verdict(&finished), @"FAIL a.ipynb  cell 1 of 2: the kernel died: killed by signal 6, SIGABRT  [time]");
    assert!(
        finished.stdout.contains("the last words"),
        "{}",
        finished.stdout
    );
    assert_eq!(first(&sandbox), "before the end\n");
}

#[test]
fn messages_of_others_and_noise_are_passed_over() {
    let foreign = sandbox("foreign");
    assert_code(&run(&foreign, &[]), 0);
    assert_eq!(first(&foreign), "mine\n");
    let malformed = sandbox("malformed");
    assert_code(&run(&malformed, &[]), 0);
    assert_eq!(first(&malformed), "after the noise\n");
}

#[test]
fn what_is_signed_with_another_key_does_not_count_and_is_told() {
    let sandbox = sandbox("wrong_signature");
    let finished = run(&sandbox, &["--timeout", "60"]);
    assert_code(&finished, 1);
    assert!(
        verdict(&finished).contains("it replied, and did not say that it was done"),
        "{}",
        finished.stdout
    );
    assert!(
        finished
            .stdout
            .contains("2 of its messages were malformed or not signed with its key"),
        "{}",
        finished.stdout
    );
    assert_eq!(first(&sandbox), "");
}

#[test]
fn outputs_after_the_end_still_belong_to_their_cell() {
    let sandbox = sandbox("idle_first");
    assert_code(&run(&sandbox, &[]), 0);
    assert_eq!(first(&sandbox), "after idle\n");
}

#[test]
fn half_an_end_is_a_failure() {
    let no_idle = run(&sandbox("no_idle"), &[]);
    assert_code(&no_idle, 1);
    insta::assert_snapshot!(verdict(&no_idle), @"FAIL a.ipynb  cell 1 of 2: the connection to the kernel broke: it replied, and did not say that it was done withi…  [time]");
    let no_reply = run(&sandbox("no_reply"), &[]);
    assert_code(&no_reply, 1);
    assert!(
        no_reply
            .stdout
            .contains("it was done with the cell, and sent no reply within 10 s"),
        "{}",
        no_reply.stdout
    );
}

#[test]
fn a_kernel_that_ignores_an_interrupt_is_killed() {
    let finished = run(&sandbox("hangs"), &["--timeout", "1"]);
    assert_code(&finished, 1);
    insta::assert_snapshot!(verdict(&finished), @"FAIL a.ipynb  cell 1 of 2: timed out after 1 s, and did not heed the interrupt  [time]");
}

#[test]
fn a_thousand_starts_meet_no_port_failure() {
    let sandbox = Sandbox::new();
    install(&sandbox, "works");
    for number in 0..1_000 {
        sandbox.write(
            &format!("many/{number:03}.ipynb"),
            &notebook("fake_works", &["x"]),
        );
    }
    let mut command = sandbox.command(&["run", "--jobs", "50", "many"]);
    command.env("JUPYTER_PATH", sandbox.path().join("jupyter"));
    let finished = sandbox.finished(&command.output().expect("dsprep starts"));
    assert_code(&finished, 0);
    assert!(
        finished
            .stdout
            .contains("1000 notebooks, 1000 cells: 1000 passed in "),
        "{}",
        finished.stdout
    );
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}
