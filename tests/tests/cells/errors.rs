//! Errors that learners meet most say what to do, and nothing of the code around the cell.

use crate::support::{Fails, Shows, Silent, notebook};

#[test]
fn what_is_no_rust_is_refused_before_anything_runs() {
    notebook(&[
        (
            "let type = \"sedan\";",
            Fails("error", &["keyword `type`", "cell line 1"]),
        ),
        (
            "println!(\"before\");\nlet fn = 1;\nprintln!(\"after\");",
            Fails("error", &["keyword `fn`", "cell line 2"]),
        ),
        ("let = 5;", Fails("error", &["cell line 1"])),
        ("let gen = 1;", Fails("error", &["`gen`", "cell line 1"])),
        ("let", Fails("error", &["1 | let"])),
        ("1 + 1", Shows("2")),
    ]);
}

#[test]
fn a_missing_semicolon_is_told_in_words() {
    notebook(&[
        (
            "let y = 5",
            Fails("error", &["a `;` is missing", "-->   1 | let y = 5"]),
        ),
        (
            "let a = 1;\nlet b = 2",
            Fails("error", &["a `;` is missing", "-->   2 | let b = 2"]),
        ),
        (
            "1 2",
            Fails("error", &["a `;` is missing", "-->   1 | 1 2"]),
        ),
    ]);
}

#[test]
fn a_result_that_can_not_be_shown_says_what_to_write() {
    notebook(&[
        ("struct Ticket;", Silent),
        (
            "let seats = 2;\nTicket",
            Fails(
                "E0277",
                &[
                    "`Ticket` can't be shown",
                    "-->   2 | Ticket",
                    "#[derive(Debug)]",
                ],
            ),
        ),
        (
            "|price: f64| price * 1.2",
            Fails("E0277", &["a closure can't be shown", "-->   1 |"]),
        ),
    ]);
}

#[test]
fn a_borrow_that_can_not_be_kept_says_what_to_write() {
    notebook(&[(
        "let heights = vec![1.72, 1.65];\nlet first = &heights[..1];",
        Fails(
            "",
            &["`first` borrows from `heights`", "-->   2 |", ".clone()"],
        ),
    )]);
}

#[test]
fn names_that_are_not_found_say_where_they_come_from() {
    notebook(&[
        (
            "check_q17_surplus(\"SELECT 1\")",
            Fails(
                "E0425",
                &[
                    "run the notebook's first cell",
                    "use dsprep_core::{check::*, prelude::*};",
                ],
            ),
        ),
        ("let text = String::from(\"gone\");", Silent),
        ("drop(text);", Silent),
        (
            "text.len()",
            Fails("E0425", &["`text` is gone: cell [3] moved it away"]),
        ),
        (
            "mod shared;",
            Fails("E0583", &["can't read a module from a file"]),
        ),
    ]);
}

#[test]
fn a_question_mark_on_an_option_says_what_to_write() {
    notebook(&[(
        "let first = [1, 2].into_iter().next();\nlet none: Option<i32> = None;\nnone?",
        Fails(
            "E0277",
            &[
                "none?",
                "^ use `.ok_or(...)?` to provide an error compatible with the cell's `Result`",
                "write `.ok_or(\"what is missing\")?`",
            ],
        ),
    )]);
}

#[test]
fn the_line_of_a_result_is_shown_in_its_error() {
    notebook(&[(
        "let text = String::new(); write!(text, \"a\")?; text.clone()",
        Fails(
            "E0599",
            &["1 | let text = String::new(); write!(text, \"a\")?; text.clone()"],
        ),
    )]);
}

#[test]
fn a_number_that_does_not_fit_its_type_is_an_error() {
    notebook(&[
        (
            "let level: u8 = 300;",
            Fails(
                "overflowing_literals",
                &["literal out of range for `u8`", "1 | let level: u8 = 300;"],
            ),
        ),
        // What can only panic does so.
        (
            "let list = [1, 2, 3];\nlist[7]",
            Fails("panic", &["index out of bounds"]),
        ),
        (
            "#![forbid(unsafe_code)]\n#![deny(warnings)]\nlet unused = 3;",
            Silent,
        ),
        ("unused", Shows("3")),
    ]);
}

#[test]
fn what_is_said_of_two_places_on_a_line_is_whole() {
    notebook(&[
        (
            "let x = 5; x = 6;",
            Fails(
                "E0384",
                &[
                    "  |     -      ^^^^^ cannot assign twice to immutable variable",
                    "  |     first assignment to `x`",
                ],
            ),
        ),
        (
            "let v = vec![1]; let w = v; v.len()",
            Fails(
                "E0382",
                &[
                    "1 | let v = vec![1]; let w = v; v.len()",
                    "value borrowed here after move",
                ],
            ),
        ),
        (
            "[1, 2, 3].iter().sum()",
            Fails("E0282", &["1 | [1, 2, 3].iter().sum()"]),
        ),
    ]);
}

#[test]
fn memory_that_can_not_be_had_is_told() {
    notebook(&[(
        "let huge: Vec<u64> = Vec::with_capacity(usize::MAX / 16);",
        Fails(
            "out of memory",
            &["more memory than there is", "all variables are lost"],
        ),
    )]);
}

#[test]
fn a_function_that_is_nowhere_costs_no_variable() {
    notebook(&[
        ("let kept = 5;", Silent),
        (
            "unsafe extern \"C\" {\n    safe fn sold_nowhere();\n}\nlet fresh = 1;\nsold_nowhere()",
            Fails("error", &["can't be loaded", "sold_nowhere"]),
        ),
        ("kept", Shows("5")),
        ("fresh", Fails("E0425", &["fresh"])),
    ]);
}
