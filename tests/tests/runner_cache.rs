//! `dsprep run --cache`: what is unchanged since it passed is passed over, and nothing else.

use dsprep_tests::{Finished, Sandbox, assert_code, code};
use serde_json::{Value, json};

fn run(sandbox: &Sandbox, args: &[&str]) -> Finished {
    let mut command = sandbox.command(&[&["run", "--cache"], args, &["a.ipynb"]].concat());
    command.env("XDG_CACHE_HOME", sandbox.path().join("cache"));
    let output = command.output().expect("dsprep starts");
    sandbox.finished(&output)
}

/// The line about the notebook before its verdict, and the verdict's first word.
fn told(finished: &Finished) -> (String, String) {
    let report = finished.report();
    let mut lines = report.lines();
    let first = lines.next().unwrap_or_default();
    let verdict = lines.find_map(|line| {
        let (word, _) = line.split_once(" a.ipynb")?;
        Some(word.to_owned()).filter(|word| word != "RUN ")
    });
    match verdict {
        Some(verdict) => (first.to_owned(), verdict),
        None => (String::new(), first.to_owned()),
    }
}

fn change(sandbox: &Sandbox, change: impl Fn(&mut Value)) {
    let mut notebook: Value = serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    change(&mut notebook);
    sandbox.write("a.ipynb", &format!("{notebook:#}\n"));
}

#[test]
fn a_notebook_runs_again_only_if_something_changed() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[code(
            "println!(\"{}\", std::fs::read_to_string(\"x.csv\").unwrap());",
        )],
    );
    sandbox.write("x.csv", "1");
    change(&sandbox, |notebook| {
        notebook["metadata"]["dsprep"] = json!({"data": ["*.csv"]});
    });
    let runs = |args: &[&str], why: &str| {
        let finished = run(&sandbox, args);
        assert_code(&finished, 0);
        assert_eq!(
            told(&finished),
            (format!("RUN  a.ipynb  {why}"), "PASS".to_owned())
        );
    };
    let skips = |args: &[&str]| {
        let finished = run(&sandbox, args);
        assert_code(&finished, 0);
        assert!(
            finished
                .stdout
                .starts_with("SKIP a.ipynb  unchanged since it passed "),
            "{}",
            finished.stdout
        );
        assert!(
            finished.stdout.contains(": 1 unchanged in "),
            "{}",
            finished.stdout
        );
    };
    runs(&[], "not cached yet");
    skips(&[]);
    sandbox.write("x.csv", "2");
    runs(&[], "data changed");
    change(&sandbox, |notebook| {
        notebook["cells"][0]["source"] = "1".into()
    });
    runs(&[], "code changed");
    sandbox.write("uv.lock", "x");
    runs(&[], "lock files changed");
    std::fs::remove_dir_all(sandbox.path().join("target")).expect("it was there");
    runs(
        &[],
        "the executed copy, which is not there any more, changed",
    );
    // Nobody has compared the stored outputs yet.
    runs(&["--update"], "outputs changed");
    skips(&["--check"]);
    skips(&[]);
    change(&sandbox, |notebook| {
        notebook["cells"][0]["outputs"] = json!([])
    });
    skips(&[]);
    let differs = run(&sandbox, &["--check"]);
    assert_code(&differs, 1);
    assert!(
        differs
            .stdout
            .starts_with("RUN  a.ipynb  outputs changed\n"),
        "{}",
        differs.stdout
    );
}

#[test]
fn what_failed_or_can_not_be_known_always_runs() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("missing")]);
    for _ in 0..2 {
        let finished = run(&sandbox, &[]);
        assert_code(&finished, 1);
        assert_eq!(told(&finished).0, "RUN  a.ipynb  not cached yet");
    }
    sandbox.notebook(
        "a.ipynb",
        &[
            code("// nothing\n// :dep x = { path = \"x\" }\n"),
            code(":dep x = { path = \"../x\" }"),
        ],
    );
    let finished = run(&sandbox, &["--timeout", "30"]);
    assert_eq!(
        told(&finished).0,
        "RUN  a.ipynb  not cached: a `:dep` takes a crate from a folder or from Git"
    );
}
