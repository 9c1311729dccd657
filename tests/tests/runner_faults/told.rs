//! What is said and written about a run.

use super::{run, sandbox, verdict};
use dsprep_tests::assert_code;
use serde_json::{Value, json};

#[test]
fn what_a_notebook_says_to_nbmake_is_understood_or_named() {
    let sandbox = sandbox("fails");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut notebook: Value =
            serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
        change(&mut notebook);
        sandbox.write("a.ipynb", &notebook.to_string());
        run(&sandbox, &[])
    };
    let allowed = changed(&|notebook| {
        notebook["metadata"]["execution"] = json!({"allow_errors": true});
    });
    assert_code(&allowed, 0);
    let mocked = changed(&|notebook| {
        notebook["cells"][1]["metadata"]["nbmake"] = json!({"mock": {"epochs": 2}});
    });
    assert_code(&mocked, 0);
    assert!(
        mocked.stderr.contains(
            "a.ipynb: code cell 2 has settings for nbmake that are not followed here: mock;"
        ),
        "{}",
        mocked.stderr
    );
}

#[test]
fn outputs_can_be_watched_as_they_come() {
    let watched = run(&sandbox("works"), &["--output", "live"]);
    assert_code(&watched, 0);
    insta::assert_snapshot!(watched.report(), @r"
    RUN  a.ipynb  2 cells
    a.ipynb [1] │ cell 1
    a.ipynb [2] │ cell 2
    PASS a.ipynb  2 cells  [time]
    1 notebook, 2 cells: 1 passed in [time]
    Executed copies: target/dsprep
    ");
}

#[test]
fn a_notebook_that_passes_when_run_again_is_flaky() {
    let flaky = sandbox("flaky");
    let finished = run(&flaky, &["--retries", "1"]);
    assert_code(&finished, 0);
    insta::assert_snapshot!(finished.report(), @r"
    RUN  a.ipynb  2 cells
    RETRY a.ipynb  cell 1 of 2: FakeError: on purpose  [time]
    PASS a.ipynb  2 cells, flaky: failed 1 time before  [time]
    1 notebook, 2 cells: 1 passed, 1 flaky in [time]
    Executed copies: target/dsprep
    ");
    let never = run(&sandbox("fails"), &["--retries", "1", "--keep-going"]);
    assert_code(&never, 1);
    assert!(
        verdict(&never).contains("FakeError: on purpose (and 1 more)"),
        "{}",
        never.stdout
    );
}

#[test]
fn a_result_stands_on_a_line_of_its_own_while_it_is_watched() {
    let watched = run(&sandbox("shows"), &["--output", "live"]);
    assert_code(&watched, 0);
    insta::assert_snapshot!(watched.report(), @r"
    RUN  a.ipynb  2 cells
    a.ipynb [1] │ so far
    a.ipynb [1] │ 42
    a.ipynb [2] │ so far
    a.ipynb [2] │ 42
    PASS a.ipynb  2 cells  [time]
    1 notebook, 2 cells: 1 passed in [time]
    Executed copies: target/dsprep
    ");
}

#[test]
fn github_is_told_where_a_notebook_failed() {
    let failed = run(&sandbox("fails"), &["--github"]);
    assert_code(&failed, 1);
    assert!(
        failed
            .stdout
            .contains("::error file=a.ipynb,title=code cell 1 of 2::FakeError: on purpose\n"),
        "{}",
        failed.stdout
    );
}
