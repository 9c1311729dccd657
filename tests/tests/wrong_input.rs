//! What `dsprep run` says about paths and files that it can't run.

use dsprep_tests::{Sandbox, assert_code, code};

fn error(sandbox: &Sandbox, args: &[&str]) -> String {
    let finished = sandbox.dsprep(args);
    assert_code(&finished, 2);
    assert_eq!(finished.stdout, "", "nothing runs");
    finished.stderr
}

#[test]
fn a_missing_path_is_named() {
    let sandbox = Sandbox::new();
    insta::assert_snapshot!(error(&sandbox, &["run", "missing.ipynb"]), @"error: `missing.ipynb`: no such file or folder; it is looked for from the current folder");
    insta::assert_snapshot!(error(&sandbox, &["run"]), @"error: no folder `notebooks` here; change to the project's folder, or name notebooks: `dsprep run FILE.ipynb`");
    insta::assert_snapshot!(error(&sandbox, &["run", "."]), @"error: `.`: there is no notebook (*.ipynb) in this folder or below");
}

#[test]
fn broken_json_is_named_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write("broken.ipynb", "{\n \"cells\": [,]\n}\n");
    insta::assert_snapshot!(error(&sandbox, &["run", "broken.ipynb"]), @"error: broken.ipynb:2:12: broken JSON: a value is missing before `,`; mend this place, or restore the file from version control");
}

#[test]
fn all_problems_are_told_before_anything_runs() {
    let sandbox = Sandbox::new();
    sandbox.notebook("good.ipynb", &[code("1")]);
    sandbox.write("list.ipynb", "[]");
    sandbox.write("old.ipynb", "{\"nbformat\": 3, \"worksheets\": []}");
    sandbox.write("lisp.ipynb", "{\"cells\": [], \"metadata\": {\"kernelspec\": {\"language\": \"lisp\", \"name\": \"lisp machine\"}}, \"nbformat\": 4}");
    sandbox.write("notes.txt", "");
    insta::assert_snapshot!(error(&sandbox, &["run", ".", "notes.txt"]), @r#"
    error: 4 problems:
      `notes.txt`: not a notebook; a notebook is called NAME.ipynb
      lisp.ipynb: written in lisp for the kernel `lisp machine`, and there is no such kernel here; install it or name another with --kernel NAME, or leave this notebook out with --exclude lisp.ipynb
      list.ipynb: not a notebook: it holds a list, not an object; open it in JupyterLab and save it again
      old.ipynb: notebook format 3, but only format 4 is understood; convert it: jupyter nbconvert --to notebook --nbformat 4 old.ipynb
    "#);
}

#[test]
fn wrong_numbers_are_refused() {
    let sandbox = Sandbox::new();
    for args in [["--timeout", "0"], ["--timeout", "soon"], ["--jobs", "0"]] {
        let message = error(&sandbox, &[&["run"][..], &args].concat());
        assert!(
            message.contains(&format!("invalid value '{}' for '", args[1])),
            "{message}"
        );
    }
}

#[test]
fn outputs_are_either_stored_or_compared() {
    let sandbox = Sandbox::new();
    sandbox.notebook("a.ipynb", &[code("1")]);
    let message = error(&sandbox, &["run", "--check", "--update", "a.ipynb"]);
    let expected = "the argument '--check' cannot be used with '--update'";
    assert!(message.contains(expected), "{message}");
}
