//! Every check of the core is tried on three right answers and eight wrong ones at least.
//!
//! The numbers are asserted where the answers are: `assert_accepts` and `assert_refuses` take the name of the check.
//! This test reads the sources for checks without them.

use dsprep_tests::workspace;
use std::collections::BTreeSet;
use std::path::Path;

/// The Rust below a folder, without white space.
fn code_below(folder: &Path) -> String {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut code = String::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            code += &code_below(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            code.extend(text.split_whitespace());
        }
    }
    code
}

/// The names that follow a text in code without white space.
fn names_after<'c>(code: &'c str, text: &str) -> BTreeSet<&'c str> {
    let rest = code.split(text).skip(1);
    let end = |rest: &str| {
        rest.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len())
    };
    rest.map(|rest| &rest[..end(rest)]).collect()
}

#[test]
fn each_has_right_and_wrong_answers() {
    let checks = code_below(&workspace().join("dsprep-core/src/check"));
    let code = checks.clone() + &code_below(&workspace().join("tests/tests/answers_23_to_card"));
    let names: BTreeSet<&str> = names_after(&checks, "pubfncheck_");
    assert!(names.len() >= 50, "{names:?}");
    let accepts = names_after(&code, "assert_accepts(\"check_");
    let refuses = names_after(&code, "assert_refuses(\"check_");
    let untried: Vec<&&str> = names
        .iter()
        .filter(|name| !accepts.contains(*name) || !refuses.contains(*name))
        .collect();
    assert!(untried.is_empty(), "not tried: {untried:?}");
}

#[test]
fn the_notebooks_use_no_other_check() {
    let mut notebooks = String::new();
    for entry in std::fs::read_dir(workspace().join("notebooks")).expect("notebooks") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "ipynb")
        {
            notebooks += &std::fs::read_to_string(path).expect("a notebook");
        }
    }
    let checks = code_below(&workspace().join("dsprep-core/src/check"));
    let names = names_after(&checks, "pubfncheck_");
    let used = names_after(&notebooks, "\"check_");
    let unused: Vec<&&str> = names.difference(&used).collect();
    assert!(unused.is_empty(), "in no notebook: {unused:?}");
}
