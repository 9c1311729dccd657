//! Which notebooks `dsprep run` runs, with which values, and what its reports hold.

use dsprep_tests::{Sandbox, assert_code, code, executed_cells, tagged, text_of};
use serde_json::Value;
use std::process::Command;

/// Lists what would be run.
fn listed(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let finished = sandbox.dsprep(&[&["run", "--list"], args].concat());
    assert_code(&finished, 0);
    finished.stdout.lines().map(str::to_owned).collect()
}

fn three() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[tagged("let a = 1;", &["slow"])]);
    sandbox.notebook("b.ipynb", &[code("let b = 1;")]);
    sandbox.notebook("drafts/c.ipynb", &[code("let c = 1;"), code("let d = 1;")]);
    sandbox
}

#[test]
fn notebooks_are_selected_by_pattern_tag_and_shard() {
    let sandbox = three();
    assert_eq!(
        listed(&sandbox, &["."]),
        ["a.ipynb", "b.ipynb", "drafts/c.ipynb"]
    );
    assert_eq!(listed(&sandbox, &["*.ipynb"]), ["a.ipynb", "b.ipynb"]);
    assert_eq!(
        listed(&sandbox, &["--exclude", "drafts", "--exclude", "b.*", "."]),
        ["a.ipynb"]
    );
    assert_eq!(listed(&sandbox, &["--filter", "slow", "."]), ["a.ipynb"]);
    assert_eq!(
        listed(&sandbox, &["--filter", "!slow", "."]),
        ["b.ipynb", "drafts/c.ipynb"]
    );
    let shards = ["1/2", "2/2"].map(|shard| listed(&sandbox, &["--shard", shard, "."]));
    assert_eq!(shards, [vec!["drafts/c.ipynb"], vec!["a.ipynb", "b.ipynb"]]);
    assert!(
        !sandbox.path().join("target").exists(),
        "listing writes nothing"
    );
}

#[test]
fn shards_are_balanced_by_the_times_of_an_earlier_run() {
    let sandbox = three();
    let line = |notebook: &str, seconds: f64| {
        let run = serde_json::json!({"seconds": seconds, "outcome": "passed"});
        serde_json::json!({"event": "notebook-finished", "notebook": notebook, "run": run})
            .to_string()
    };
    let report = [
        line("a.ipynb", 1.0),
        line("b.ipynb", 10.0),
        line("drafts/c.ipynb", 2.0),
    ];
    sandbox.write("times.jsonl", &report.join("\n"));
    let shards = ["1/2", "2/2"]
        .map(|shard| listed(&sandbox, &["--times", "times.jsonl", "--shard", shard, "."]));
    assert_eq!(shards, [vec!["b.ipynb"], vec!["a.ipynb", "drafts/c.ipynb"]]);
}

#[test]
fn nothing_to_run_has_its_own_code() {
    let sandbox = three();
    let finished = sandbox.dsprep(&["run", "--filter", "no such tag", "."]);
    assert_code(&finished, 4);
    assert_eq!(
        finished.stderr,
        "note: nothing to run: no notebook is left of those that were named\n"
    );
}

#[test]
fn what_changed_since_a_revision_is_run() {
    let sandbox = three();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=a", "-c", "user.email=a@b"])
            .args(args);
        let output = command
            .current_dir(sandbox.path())
            .output()
            .expect("git starts");
        assert!(output.status.success(), "{args:?}: {output:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "a.ipynb", "b.ipynb"]);
    git(&["commit", "-qm", "first"]);
    sandbox.notebook("b.ipynb", &[code("let b = 2;")]);
    sandbox.notebook("drafts/\"ü\"\n.ipynb", &[code("let b = 3;")]);
    assert_eq!(
        listed(&sandbox, &["--changed-since", "HEAD", "."]),
        ["b.ipynb", "drafts/\"ü\"\\n.ipynb", "drafts/c.ipynb"]
    );
    // From within a folder, and for a notebook that got another name.
    git(&["mv", "a.ipynb", "drafts/d.ipynb"]);
    let mut command = sandbox.command(&["run", "--list", "--changed-since", "HEAD", "."]);
    command.current_dir(sandbox.path().join("drafts"));
    let within = sandbox.finished(&command.output().expect("dsprep starts"));
    assert_eq!(within.stdout, "\"ü\"\\n.ipynb\nc.ipynb\nd.ipynb\n");
    let unknown = sandbox.dsprep(&["run", "--changed-since", "nobody/knows", "."]);
    assert_code(&unknown, 2);
    assert_eq!(
        unknown.stderr,
        "error: `--changed-since nobody/knows`: Git does not know it here; a shallow clone has to fetch it first: git fetch origin nobody/knows\n"
    );
    let wrong = sandbox.dsprep(&["run", "--changed-since", "--output=x", "."]);
    assert_code(&wrong, 2);
    assert!(!sandbox.path().join("x").exists());
}

#[test]
fn what_failed_last_time_is_run_again() {
    let sandbox = Sandbox::new();
    sandbox.notebook("bad.ipynb", &[code("missing")]);
    sandbox.notebook("good.ipynb", &[code("let a = 1;")]);
    let cache = sandbox.path().join("cache");
    let run = |args: &[&str]| {
        let mut command = sandbox.command(&[&["run"], args].concat());
        let output = command.env("XDG_CACHE_HOME", &cache).output();
        sandbox.finished(&output.expect("dsprep starts"))
    };
    assert_code(&run(&["--exclude", "cache", "."]), 1);
    let again = run(&["--rerun-failed", "--list", "."]);
    assert_eq!(again.stdout, "bad.ipynb\n");
}

#[test]
fn parameters_override_those_of_the_notebook() {
    let sandbox = Sandbox::new();
    let cells = [
        tagged(
            "let rows = 10;\nlet rate = 0.5;\nlet city = \"Rome\";",
            &["parameters"],
        ),
        code("println!(\"{} {} {}\", rows * 2, rate, city);"),
    ];
    sandbox.notebook("a.ipynb", &cells);
    let before = sandbox.read("a.ipynb");
    let finished = sandbox.dsprep(&[
        "run",
        "-p",
        "rows=21",
        "-p",
        "rate=2",
        "-p",
        "city=New \"York\"",
        "a.ipynb",
    ]);
    assert_code(&finished, 0);
    let copy = sandbox.executed("a.ipynb");
    let cells = executed_cells(&copy);
    assert_eq!(
        cells.last().map(|cell| text_of(cell)).as_deref(),
        Some("42 2 New \"York\"\n")
    );
    assert_eq!(
        cells[1]["metadata"]["tags"],
        serde_json::json!(["injected-parameters"])
    );
    assert_eq!(sandbox.read("a.ipynb"), before);
    sandbox.write(
        "values.json",
        "\u{feff}{\"rows\": 123456789012345678901234567890}",
    );
    let file = sandbox.dsprep(&[
        "run",
        "--parameters",
        "values.json",
        "-p",
        "rows=3",
        "a.ipynb",
    ]);
    assert_code(&file, 0);
    let copy = sandbox.executed("a.ipynb");
    assert_eq!(text_of(executed_cells(&copy)[2]), "6 0.5 Rome\n");
    sandbox.write("twice.json", "{\"rows\": 1,\n \"rows\": 2}");
    let twice = sandbox.dsprep(&["run", "--parameters", "twice.json", "a.ipynb"]);
    assert_code(&twice, 2);
    assert!(
        twice
            .stderr
            .contains("twice.json:2:2: the key `rows` stands twice"),
        "{}",
        twice.stderr
    );
    let unknown = sandbox.dsprep(&["run", "-p", "columns=1", "a.ipynb"]);
    assert_code(&unknown, 2);
    assert_eq!(
        unknown.stderr,
        "error: a.ipynb: the cell tagged `parameters` sets no `columns`\n"
    );
}

#[test]
fn a_cell_that_must_raise_an_error_has_to() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[tagged("let a = 1;", &["raises-exception"])]);
    sandbox.notebook("b.ipynb", &[tagged("missing", &["raises-exception=E0425"])]);
    sandbox.notebook("c.ipynb", &[tagged("missing", &["raises-exception=E0308"])]);
    let finished = sandbox.dsprep(&["run", "-j", "1", "."]);
    assert_code(&finished, 1);
    let report = finished.report();
    for expected in [
        "FAIL a.ipynb  cell 1 of 1: the cell must raise an error, by its tag, but passed  [time]",
        "PASS b.ipynb  1 cell  [time]",
        "FAIL c.ipynb  cell 1 of 1: the cell must raise E0308, but raised E0425  [time]",
    ] {
        assert!(report.contains(expected), "{report}");
    }
}

#[test]
fn limits_of_the_notebook_and_the_run_hold() {
    let sandbox = Sandbox::new();
    let nap = "std::thread::sleep(std::time::Duration::from_secs(300));";
    sandbox.notebook("a.ipynb", &[code("let a = 1;"), code(nap)]);
    let finished = sandbox.dsprep(&["run", "--notebook-timeout", "20", "a.ipynb"]);
    assert_code(&finished, 1);
    assert!(
        finished.stdout.contains("timed out after 20 s"),
        "{}",
        finished.stdout
    );
    assert!(
        finished.stdout.contains("--notebook-timeout SECONDS"),
        "{}",
        finished.stdout
    );
    let stopped = sandbox.dsprep(&["run", "--run-timeout", "5", "a.ipynb"]);
    assert_code(&stopped, 1);
    assert!(
        stopped
            .stdout
            .contains("Stopped after 5 s (--run-timeout)."),
        "{}",
        stopped.stdout
    );
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}

#[test]
fn reports_are_written_for_programs_and_people() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[code("println!(\"<hello>\");"), code("missing")],
    );
    sandbox.notebook("b.ipynb", &[tagged("panic!()", &["skip-execution"])]);
    let finished = sandbox.dsprep(&[
        "run",
        "--junit",
        "out/junit.xml",
        "--json",
        "-",
        "--html",
        "out/report.html",
        ".",
    ]);
    assert_code(&finished, 1);
    let events: Vec<Value> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let kinds: Vec<_> = events
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(kinds.first(), Some(&"run-started"));
    assert_eq!(kinds.last(), Some(&"run-finished"));
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "cell-finished")
            .count(),
        3
    );
    assert!(
        finished.stderr.contains("FAIL a.ipynb  cell 2 of 2: E0425"),
        "the terminal's report goes to standard error"
    );
    let junit = sandbox.read("out/junit.xml");
    assert!(
        junit.contains("<testsuites name=\"dsprep\" tests=\"3\" failures=\"1\" errors=\"0\""),
        "{junit}"
    );
    let page = sandbox.read("out/report.html");
    assert!(
        page.contains("&lt;hello&gt;") && page.contains("The slowest cells"),
        "{page}"
    );
    assert!(
        page.contains("cannot find value `missing` in this scope"),
        "{page}"
    );
}

#[test]
fn the_first_failure_can_end_the_run() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("missing")]);
    sandbox.notebook("b.ipynb", &[code("let a = 1;")]);
    let finished = sandbox.dsprep(&["run", "-j", "1", "--fail-fast", "."]);
    assert_code(&finished, 1);
    assert!(
        finished
            .stdout
            .contains("2 notebooks, 1 cell: 1 failed, 1 not finished"),
        "{}",
        finished.stdout
    );
    assert!(
        finished
            .stdout
            .contains("Stopped after the first failure (--fail-fast)."),
        "{}",
        finished.stdout
    );
}
