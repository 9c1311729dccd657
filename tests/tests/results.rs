//! Whatever a public function of the core returns is shown like the other results: as a table in a notebook, by `{}` in
//! Rust, and as a data frame.
//!
//! The script reads the signatures of public functions and the implementations of `Summarise`, from which table and data
//! frame follow, and of `Display`. A new type that lacks one of them fails here, unless it stands below with a reason.

use dsprep_tests::core_sources;
use std::collections::{BTreeMap, BTreeSet};

/// Types that are no results, or that show themselves otherwise, and why.
const EXCEPTIONS: [(&str, &[&str]); 9] = [
    (
        "is shown as the picture or text that it is",
        &[
            "Figure",
            "Review",
            "Verdict",
            "Compared",
            "Source",
            "FlashCards",
            "Story",
        ],
    ),
    (
        "is a table in the peer's own form, and a data frame",
        &["ClassificationReport", "QueryPlan"],
    ),
    (
        "is a part of a figure",
        &[
            "Edge",
            "Histogram",
            "Lane",
            "Line",
            "LineChart",
            "Node",
            "Points",
            "ScatterChart",
            "Tree",
        ],
    ),
    (
        "says how something is to be done, and Debug shows it",
        &[
            "Change",
            "Costs",
            "DecisionTree",
            "DuplicateRule",
            "GradientBoosting",
            "RandomForest",
        ],
    ),
    (
        "draws numbers",
        &[
            "MersenneTwister",
            "RandomState",
            "Snapshot",
            "WeekStream",
            "MockRecommender",
        ],
    ),
    ("is worked with, not read", &["Optimizer", "Value"]),
    (
        "is a name",
        &["Classification", "Regression", "Feature", "Part", "Reason"],
    ),
    (
        "is a card or a question of the program",
        &["Card", "Opening"],
    ),
    (
        "makes the display, or passes values between cells",
        &["Frame", "Guess", "MimeBundle", "Parts", "Summary"],
    ),
];

fn words(code: &str) -> BTreeSet<&str> {
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .collect()
}

/// The word with which `code` begins, without the path before it.
fn name(code: &str) -> &str {
    let end = code.find(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
    let path = &code[..end.unwrap_or(code.len())];
    path.rsplit("::").next().unwrap_or_default()
}

/// What follows each `start` in `code`.
fn after<'c>(code: &'c str, start: &str) -> impl Iterator<Item = &'c str> {
    code.split(start).skip(1).collect::<Vec<_>>().into_iter()
}

/// The types that are public.
fn types(code: &str) -> BTreeSet<&str> {
    let kinds = ["pub struct ", "pub enum "];
    kinds
        .iter()
        .flat_map(|kind| after(code, kind))
        .map(name)
        .filter(|name| !name.is_empty())
        .collect()
}

/// The return types of public functions, with the type that `Self` stands for.
fn returned(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut of = "";
    let mut start = 0;
    for line in code.split_inclusive('\n') {
        if line.starts_with("impl") {
            of = implementor(line);
        }
        let words = line.trim_start();
        if words.starts_with("pub fn ") || words.starts_with("pub const fn ") {
            let rest = &code[start..];
            let signature = &rest[..rest.find(" {\n").unwrap_or(rest.len())];
            // Of the arrows after a parenthesis the last is the function's own.
            found.extend(
                signature
                    .rsplit_once(") -> ")
                    .map(|(_, result)| (result, of)),
            );
        }
        start += line.len();
    }
    found
}

/// `X` of `impl<T> X<T> {` and of `impl Trait for X {`.
fn implementor(line: &str) -> &str {
    let head = line.split('{').next().unwrap_or_default();
    let head = head.strip_prefix("impl").unwrap_or(head);
    name(match head.rsplit_once(" for ") {
        Some((_, of)) => of,
        None => head[generics_length(head)..].trim_start(),
    })
}

/// How long the `<...>` is with which `head` begins, arrows and all.
fn generics_length(head: &str) -> usize {
    let mut depth = 0;
    let mut before = ' ';
    for (at, letter) in head.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return if at == 0 { 0 } else { at + 1 };
        }
        before = letter;
    }
    0
}

/// The types for which `code` implements a trait.
fn implementors<'c>(code: &'c str, of: &str) -> BTreeSet<&'c str> {
    let lines = code.lines().filter(|line| line.starts_with("impl"));
    let with = format!("{of} for ");
    lines
        .filter_map(|line| Some(name(line.split_once(&with)?.1)))
        .collect()
}

#[test]
fn what_a_public_function_returns_is_shown_printed_and_a_data_frame() {
    let sources = core_sources();
    let code: String = sources
        .values()
        .flat_map(|code| [code.as_str(), "\n"])
        .collect();
    let types = types(&code);
    let mut printed = implementors(&code, "Display");
    for list in after(&code, "shown_as_text!(") {
        printed.extend(words(list.split(')').next().unwrap_or_default()));
    }
    let shown = implementors(&code, "Summarise");
    let exceptions: BTreeMap<&str, &str> = EXCEPTIONS
        .iter()
        .flat_map(|(reason, names)| names.iter().map(move |name| (*name, *reason)))
        .collect();
    let mut results = BTreeSet::new();
    for (result, of) in returned(&code) {
        let names = words(result);
        let own = names.contains("Self").then_some(of);
        results.extend(
            names
                .iter()
                .copied()
                .chain(own)
                .filter(|name| types.contains(name)),
        );
    }
    let options: BTreeSet<&str> = after(&code, "options! {")
        .filter_map(|options| after(options, "pub struct ").next().map(name))
        .collect();
    assert!(
        results.len() > 150 && options.len() > 5,
        "{results:?} {options:?}"
    );
    let bare = |name: &&&str| !shown.contains(**name) || !printed.contains(**name);
    let missing: Vec<_> = results
        .iter()
        .filter(bare)
        .filter(|name| !exceptions.contains_key(**name) && !options.contains(**name))
        .collect();
    assert!(
        missing.is_empty(),
        "returned, and neither shown nor excepted: {missing:?}"
    );
    let idle: Vec<_> = exceptions
        .keys()
        .filter(|name| !results.contains(**name) || shown.contains(**name))
        .collect();
    assert!(idle.is_empty(), "no exceptions any more: {idle:?}");
}

#[test]
fn signatures_of_all_forms_are_read() {
    let code = "pub struct A<T>(T);\npub enum B {}\nimpl<T: Fn(u8) -> u8> A<T> {\n    pub fn new() -> Result<Self> {\n    }\n    \
                pub fn long(\n        f: impl Fn(u8) -> u8,\n    ) -> Result<Vec<B>> {\n    }\n}\npub fn none() {\n}\n\
                impl fmt::Display for B {\n}\nimpl<T> Summarise for A<T> {\n";
    assert_eq!(types(code), ["A", "B"].into());
    assert_eq!(
        returned(code),
        [("Result<Self>", "A"), ("Result<Vec<B>>", "A")]
    );
    assert_eq!(implementors(code, "Display"), ["B"].into());
    assert_eq!(implementors(code, "Summarise"), ["A"].into());
}
