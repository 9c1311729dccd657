//! Cells with what they must come to.

use dsprep_tests::{Kernel, Outcome};

/// What a cell must come to.
pub enum Expect {
    /// It passes and says nothing.
    Silent,
    /// It passes, whatever it says.
    Passes,
    /// Its result.
    Shows(&'static str),
    /// What it prints on standard output.
    Prints(&'static str),
    /// It passes, and standard error holds this.
    Notes(&'static str),
    /// An error of this name whose story holds all these words.
    Fails(&'static str, &'static [&'static str]),
    /// One of two is right.
    Either(Box<Expect>, Box<Expect>),
}

pub use Expect::{Either, Fails, Notes, Passes, Prints, Shows, Silent};

/// Words that nobody wrote who reads an error.
const OURS: &[&str] = &[
    "dsprep_",
    "Dsprep",
    "evcxr_",
    "src/lib.rs",
    "store.rs",
    ".rustup",
    "lib.rs:",
];

/// Runs the cells in a kernel of their own.
#[track_caller]
pub fn notebook(cells: &[(&str, Expect)]) {
    let mut kernel = Kernel::start();
    run(&mut kernel, cells);
}

/// Runs the cells in `kernel`.
#[track_caller]
pub fn run(kernel: &mut Kernel, cells: &[(&str, Expect)]) {
    for (index, (code, expect)) in cells.iter().enumerate() {
        let outcome = kernel.execute(code);
        if let Err(why) = check(&outcome, expect) {
            panic!("cell {}: {why}\n{code}\n{outcome:#?}", index + 1);
        }
    }
}

/// Why the outcome is not as expected.
pub fn check(outcome: &Outcome, expect: &Expect) -> Result<(), String> {
    let failure = outcome.failure();
    if let Expect::Fails(name, words) = expect {
        let failure = failure.ok_or("it should fail")?;
        if !name.is_empty() && failure.name != *name {
            return Err(format!("it should fail with {name}"));
        }
        let story = format!("{}\n{}", failure.value, failure.traceback);
        if let Some(word) = words.iter().find(|word| !story.contains(**word)) {
            return Err(format!("its error should say {word:?}:\n{story}"));
        }
        // What a reader types is no name of ours.
        let story = story
            .replace("dsprep_core::prelude", "")
            .replace("dsprep_core::{check::*, prelude::*}", "");
        if let Some(word) = OURS.iter().find(|word| story.contains(**word)) {
            return Err(format!("its error should not say {word:?}:\n{story}"));
        }
        return Ok(());
    }
    if let Expect::Either(one, other) = expect {
        return check(outcome, one).or_else(|_| check(outcome, other));
    }
    if let Some(failure) = failure {
        return Err(format!(
            "it fails: {}\n{}",
            failure.value, failure.traceback
        ));
    }
    let result = outcome.outputs.iter().any(|it| it.kind == "execute_result");
    let said = |right: bool, what: &str| right.then_some(()).ok_or(what.to_owned());
    match expect {
        Silent => said(
            !result && outcome.stdout().is_empty() && outcome.stderr().is_empty(),
            "it should be silent",
        ),
        Shows(value) => said(
            result && outcome.result("text/plain") == *value,
            &format!("its result should be {value}"),
        ),
        Prints(text) => said(
            outcome.stdout() == *text,
            &format!("it should print {text:?}"),
        ),
        Notes(text) => said(
            outcome.stderr().contains(text),
            &format!("it should note {text:?}"),
        ),
        Passes | Fails(..) | Either(..) => Ok(()),
    }
}
