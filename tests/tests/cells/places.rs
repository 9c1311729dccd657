//! Places are those of the cell, whatever else the notebook holds.

use crate::support::{Fails, Prints, Shows, Silent, notebook};

#[test]
fn lines_are_those_of_the_cell() {
    notebook(&[
        ("line!()", Shows("1")),
        ("let a = 1;\n\nline!()", Shows("3")),
        ("fn here() -> u32 {\n    line!()\n}", Silent),
        ("here()", Shows("2")),
        ("println!(\"{}:{}\", file!(), line!());", Prints("cell:1\n")),
        (
            "let b = 2;\nlet c = 3;\nprintln!(\"{}:{}\", file!(), line!());",
            Prints("cell:3\n"),
        ),
    ]);
}

#[test]
fn a_panic_names_the_line_of_the_cell() {
    notebook(&[
        ("let fuel: u8 = 200;", Silent),
        (
            "fuel + 100",
            Fails(
                "panic",
                &["attempt to add with overflow", "-->   1 | fuel + 100"],
            ),
        ),
        (
            "let none: Option<u8> = None;\n// note\nnone.unwrap()",
            Fails("panic", &["-->   3 | none.unwrap()"]),
        ),
        ("fn deep(n: usize) -> u8 {\n    [1, 2][n]\n}", Silent),
        (
            "let a = 1;\ndeep(a + 4)",
            Fails(
                "panic",
                &[
                    "cell [4], line 2",
                    "called from line 2 of this cell",
                    "-->   2 | deep(a + 4)",
                ],
            ),
        ),
    ]);
}

#[test]
fn a_panic_in_a_library_names_the_line_of_the_cell() {
    notebook(&[
        (
            "use dsprep_core::prelude::*;\nlet a = Array2::<f64>::zeros((2, 3));",
            Silent,
        ),
        (
            "let b = 1;\na.dot(&a)",
            Fails(
                "panic",
                &["called from line 2 of this cell", "-->   2 | a.dot(&a)"],
            ),
        ),
    ]);
}
