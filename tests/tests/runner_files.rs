//! What `dsprep run` does with the files it reads and writes: nothing is lost, and nothing is written elsewhere.

use dsprep_tests::{Sandbox, assert_code, code};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

/// A notebook with one cell and these metadata.
fn with_metadata(source: &str, metadata: &str) -> String {
    format!(
        "{{\n \"cells\": [\n  {{\n   \"cell_type\": \"code\",\n   \"execution_count\": 1,\n   \"id\": \"a\",\n   \
         \"metadata\": {{}},\n   \"outputs\": [],\n   \"source\": [\n    \"{source}\"\n   ]\n  }}\n ],\n \
         \"metadata\": {metadata},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}}\n"
    )
}

#[test]
fn numbers_keep_their_digits_and_halves_of_characters_stay() {
    let sandbox = Sandbox::new();
    let metadata = "{\n  \"n\": 123456789012345678901234567890,\n  \"r\": 1.10,\n  \"e\": 1E5,\n  \"m\": -0.0,\n  \
                    \"x\": 0.1000000000000000055511151231257827,\n  \"half\": \"\\ud83e\"\n }";
    let before = with_metadata("let a = 6;", metadata);
    sandbox.write("a.ipynb", &before);
    let finished = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&finished, 0);
    assert_eq!(sandbox.read("a.ipynb"), before);
    assert_eq!(sandbox.read("target/dsprep/a.ipynb"), before);
    assert!(!finished.stdout.contains("updated"), "{}", finished.stdout);
    assert!(
        finished
            .stderr
            .contains("a.ipynb:20:12: half of a character"),
        "{}",
        finished.stderr
    );
}

#[test]
fn a_key_that_stands_twice_is_refused_and_the_file_stays() {
    let sandbox = Sandbox::new();
    let twice = with_metadata("1", "{},\n \"cells\": []");
    sandbox.write("a.ipynb", &twice);
    let finished = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&finished, 2);
    insta::assert_snapshot!(finished.stderr.trim(), @"error: a.ipynb:15:2: the key `cells` stands twice, first in line 2, and programs differ in which one they take; mend this place, or restore the file from version control");
    assert_eq!(sandbox.read("a.ipynb"), twice);
}

#[test]
fn copies_replace_links_and_leave_alone_what_they_lead_to() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("let a = 1;")]);
    let victim = sandbox.write("victim.txt", "precious");
    let copy = sandbox.path().join("target/dsprep/a.ipynb");
    fs::create_dir_all(sandbox.path().join("target/dsprep")).expect("folders can be made");
    symlink(&victim, &copy).expect("a link can be made");
    assert_code(&sandbox.dsprep(&["run", "a.ipynb"]), 0);
    assert_eq!(sandbox.read("victim.txt"), "precious");
    assert!(fs::symlink_metadata(&copy).is_ok_and(|found| found.is_file()));
}

#[test]
fn a_folder_of_copies_that_is_a_link_is_refused() {
    let sandbox = Sandbox::new();
    let before = with_metadata("2 + 2", "{}");
    sandbox.write("a.ipynb", &before);
    fs::create_dir(sandbox.path().join("target")).expect("a folder can be made");
    symlink("..", sandbox.path().join("target/dsprep")).expect("a link can be made");
    let finished = sandbox.dsprep(&["run", "a.ipynb"]);
    assert_code(&finished, 2);
    insta::assert_snapshot!(finished.stderr.trim(), @"error: `[sandbox]/target/dsprep` is a link, and executed copies are not written through links; remove it, or name another folder: --output-dir DIR");
    let itself = sandbox.dsprep(&["run", "--output-dir", ".", "a.ipynb"]);
    assert_code(&itself, 2);
    assert!(
        itself
            .stderr
            .contains("the executed copy would take the place of the notebook itself"),
        "{}",
        itself.stderr
    );
    assert_eq!(sandbox.read("a.ipynb"), before);
}

#[test]
fn a_link_in_the_place_of_target_makes_no_notebooks_of_copies() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("let a = 1;")]);
    symlink(".", sandbox.path().join("target")).expect("a link can be made");
    for _ in 0..2 {
        let finished = sandbox.dsprep(&["run", "."]);
        assert_code(&finished, 0);
        assert!(
            finished.stdout.contains("1 notebook, 1 cell: 1 passed"),
            "{}",
            finished.stdout
        );
    }
}

#[test]
fn updating_keeps_both_names_of_a_file_and_its_mode() {
    let sandbox = Sandbox::new();
    let path = sandbox.notebook("a.ipynb", &[code("6 * 7")]);
    let other = sandbox.path().join("b.txt");
    fs::hard_link(&path, &other).expect("a hard link can be made");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("the mode can be set");
    let before = fs::metadata(&path).expect("it is there");
    assert_code(&sandbox.dsprep(&["run", "--update", "a.ipynb"]), 0);
    let after = fs::metadata(&path).expect("it is there");
    assert_eq!(
        (after.ino(), after.nlink(), after.mode() & 0o777),
        (before.ino(), 2, 0o640)
    );
    assert!(sandbox.read("b.txt").contains("42"));
    let names = fs::read_dir(sandbox.path()).expect("the folder can be read");
    assert_eq!(names.count(), 3, "a.ipynb, b.txt and target");
}

#[test]
fn a_named_pipe_and_a_link_to_nothing_are_told_at_once() {
    let sandbox = Sandbox::new();
    let status = std::process::Command::new("mkfifo")
        .arg(sandbox.path().join("pipe.ipynb"))
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    symlink("nowhere.ipynb", sandbox.path().join("link.ipynb")).expect("a link can be made");
    let finished = sandbox.dsprep(&["run", "pipe.ipynb", "link.ipynb"]);
    assert_code(&finished, 2);
    insta::assert_snapshot!(finished.stderr.trim(), @r"
    error: 2 problems:
      `pipe.ipynb`: a named pipe, not a notebook
      `link.ipynb`: a link to `nowhere.ipynb`, which is not there
    ");
}

#[test]
fn control_characters_of_names_and_sources_do_not_reach_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "two\nlines \u{1b}[2J.ipynb",
        &[code("missing // \u{1b}[2J\u{7}")],
    );
    let finished = sandbox.dsprep(&["run", "."]);
    assert_code(&finished, 1);
    assert!(
        finished
            .stdout
            .contains(r"FAIL two\nlines \x1b[2J.ipynb  cell 1 of 1: E0425"),
        "{}",
        finished.stdout
    );
    assert!(
        !finished.stdout.contains(['\u{1b}', '\u{7}']),
        "{:?}",
        finished.stdout
    );
}

#[test]
fn cells_of_comments_are_nothing_to_run() {
    let sandbox = Sandbox::new();
    let before = with_metadata("// nothing yet", "{}")
        .replace("\"execution_count\": 1", "\"execution_count\": null");
    sandbox.write("a.ipynb", &before);
    let finished = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&finished, 0);
    insta::assert_snapshot!(finished.report(), @r"
    RUN  a.ipynb  0 cells
    PASS a.ipynb  0 cells  [time]
    1 notebook, 0 cells: 1 passed in [time]
    Executed copies: target/dsprep
    ");
    assert_eq!(sandbox.read("a.ipynb"), before);
}

#[test]
fn settings_of_other_runners_stay_in_the_file() {
    let sandbox = Sandbox::new();
    let mut cell = code("6 * 7");
    cell["metadata"] = serde_json::json!({"execution": {"timeout": 60, "iopub.status.busy": "2026-01-01T00:00:00Z"}});
    sandbox.notebook("a.ipynb", &[cell]);
    assert_code(&sandbox.dsprep(&["run", "--update", "a.ipynb"]), 0);
    let after: serde_json::Value =
        serde_json::from_str(&sandbox.read("a.ipynb")).expect("it is JSON");
    assert_eq!(
        after["cells"][0]["metadata"]["execution"],
        serde_json::json!({"timeout": 60})
    );
}

#[test]
fn many_lines_take_no_longer_than_they_are_and_others_go_on() {
    let sandbox = Sandbox::new();
    let many = "for i in 0..60_000 { println!(\"{i} {}\", \"x\".repeat(90)); }";
    sandbox.notebook("a.ipynb", &[code(many)]);
    let finished = sandbox.dsprep(&["run", "--timeout", "60", "a.ipynb"]);
    assert_code(&finished, 0);
    let outputs = &sandbox.executed("a.ipynb")["cells"][0]["outputs"];
    assert_eq!(outputs[0]["text"].as_array().map(Vec::len), Some(60_000));
}

#[test]
fn reports_take_no_place_that_is_taken() {
    let sandbox = Sandbox::new();
    let before = with_metadata("2 + 2", "{}");
    sandbox.write("a.ipynb", &before);
    fs::create_dir(sandbox.path().join("folder")).expect("a folder can be made");
    symlink("a.ipynb", sandbox.path().join("link.xml")).expect("a link can be made");
    for (args, said) in [
        (
            &["--junit", "./a.ipynb"][..],
            "--junit ./a.ipynb: the report would take the place of the notebook",
        ),
        (
            &["--html", "link.xml"],
            "--html link.xml: the report would take the place of the notebook",
        ),
        (&["--json", "folder"], "`folder`: a folder, not a file"),
        (
            &["--json", "out/r", "--html", "./out/../out/r"],
            "--json is written there, too",
        ),
        (
            &["--output-dir", "a.ipynb"],
            "cannot put executed copies into",
        ),
    ] {
        let finished = sandbox.dsprep(&[&["run"], args, &["a.ipynb"]].concat());
        assert_code(&finished, 2);
        assert!(finished.stderr.contains(said), "{}", finished.stderr);
    }
    assert_eq!(sandbox.read("a.ipynb"), before);
}

#[test]
fn nothing_is_read_that_may_never_end() {
    let sandbox = Sandbox::new();
    sandbox.write("a.ipynb", &with_metadata("2 + 2", "{}"));
    let pipes = ["pipe", "pipe.ipynb", "pipe.rs"].map(|name| sandbox.path().join(name));
    let made = std::process::Command::new("mkfifo").args(&pipes).status();
    assert!(made.is_ok_and(|status| status.success()));
    symlink("/dev/zero", sandbox.path().join("zero.ipynb")).expect("a link can be made");
    for (args, said) in [
        (
            &["run", "--parameters", "pipe", "a.ipynb"][..],
            "`pipe`: a named pipe, not a file",
        ),
        (
            &["run", "--check", "--rules", "/dev/zero", "a.ipynb"],
            "`/dev/zero`: a device, not a file",
        ),
        (
            &["run", "--shard", "1/1", "--times", "pipe", "a.ipynb"],
            "`pipe`: a named pipe, not a file",
        ),
        (
            &["run", "--json", "pipe", "a.ipynb"],
            "`pipe`: a named pipe, not a file",
        ),
        (
            &["run", "zero.ipynb"],
            "`zero.ipynb`: a device, not a notebook",
        ),
        (&["convert", "pipe.ipynb"], "`pipe.ipynb`: a named pipe"),
        (&["convert", "pipe.rs"], "`pipe.rs`: a named pipe"),
        (&["convert", "zero.ipynb"], "`zero.ipynb`: a device"),
        (
            &["convert", "a.ipynb", "--force", "-o", "pipe"],
            "`pipe`: a named pipe, not a file",
        ),
    ] {
        let finished = sandbox.dsprep(args);
        assert_code(&finished, 2);
        assert!(finished.stderr.contains(said), "{}", finished.stderr);
    }
}
