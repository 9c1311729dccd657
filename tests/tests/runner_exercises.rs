//! `dsprep run` on exercises: the stub must not pass, and the solution must.

use dsprep_tests::{
    Sandbox, assert_code, code, executed_cells, tagged, tagged_text, text, text_of,
};
use serde_json::{Value, json};

/// A check of the answer 42, as a notebook would take it from the core.
const CHECK: &str = "
use dsprep_core::check::Verdict;
fn check(answer: i32) -> Verdict {
    match answer {
        42 => Verdict::passed(\"Six by nine, in base 13.\"),
        other => Verdict::not_yet(format!(\"{other} is not the answer.\")),
    }
}";

fn exercise(source: &str) -> Value {
    tagged(source, &["exercise"])
}

fn solution(code: &str) -> Value {
    let hint = "<details><summary>Hint 1</summary>Think.</details>";
    let folded =
        format!("{hint}\n<details><summary>Solution</summary>\n\n```rust\n{code}\n```\n</details>");
    tagged_text(&folded, &["solution"])
}

#[test]
fn solutions_run_at_the_end_and_leave_no_trace() {
    let sandbox = Sandbox::new();
    sandbox.notebook(
        "a.ipynb",
        &[
            code(CHECK),
            exercise("fn answer() -> i32 { 0 }\ncheck(answer())"),
            text("Hints:"),
            solution("fn answer() -> i32 { LATER }\ncheck(answer())"),
            exercise("check(1)"),
            solution("check(LATER)"),
            code("const LATER: i32 = 42;"),
        ],
    );
    let finished = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&finished, 0);
    insta::assert_snapshot!(finished.report(), @r"
    RUN  a.ipynb  4 cells
    PASS a.ipynb  4 cells, 2 exercises solved  [time]  updated
    1 notebook, 4 cells, 2 exercises solved: 1 passed, 1 updated in [time]
    Executed copies: target/dsprep
    ");
    let expected = [
        "",
        "Not yet. 0 is not the answer.",
        "Not yet. 1 is not the answer.",
        "",
    ];
    let copy = sandbox.executed("a.ipynb");
    let texts: Vec<_> = executed_cells(&copy).into_iter().map(text_of).collect();
    assert_eq!(texts, expected);
    assert_eq!(
        sandbox.read("a.ipynb"),
        sandbox.read("target/dsprep/a.ipynb")
    );
    assert_code(&sandbox.dsprep(&["run", "--check", "a.ipynb"]), 0);
}

#[test]
fn every_fault_of_an_exercise_is_named_with_its_cell() {
    let sandbox = Sandbox::new();
    let mut twin = exercise("check(9)");
    twin["id"] = json!("cell-2");
    let two_blocks = "<details>\n\n```rust\n1\n```\n\n```rust\n2\n```\n</details>";
    sandbox.notebook(
        "a.ipynb",
        &[
            code(CHECK),
            exercise("check(42)"),
            solution("check(42)"),
            exercise("1 + 1"),
            solution("check(42)"),
            exercise("check(2)"),
            exercise("check(3)"),
            tagged_text(two_blocks, &["solution"]),
            exercise("check(4)"),
            tagged_text("No code.", &["solution"]),
            exercise("check(5)"),
            tagged_text("```rust\ncheck(42)\n```", &["solution"]),
            exercise("check(6)"),
            solution("check(7)"),
            exercise("check(8)"),
            solution("check(missing)"),
            twin,
            solution("println!(\"Passed.\");"),
            tagged("check(10)", &["exercise", "skip-execution"]),
        ],
    );
    let before = sandbox.read("a.ipynb");
    let finished = sandbox.dsprep(&["run", "--update", "a.ipynb"]);
    assert_code(&finished, 1);
    assert_eq!(
        sandbox.read("a.ipynb"),
        before,
        "what failed is not updated"
    );
    insta::assert_snapshot!(finished.report(), @r#"
    RUN  a.ipynb  11 cells
    FAIL a.ipynb  cell 2 of 11: the exercise's stub passes as it stands (and 9 more)  [time]

    a.ipynb, code cell 2 of 11 (cell 2 of 19 if text cells are counted too, id cell-2)

       1 │ check(42)

    the exercise's stub passes as it stands: Passed. Six by nine, in base 13.
    An exercise must show "Not yet." until it is solved: change the stub, or make the check stricter.

    a.ipynb, code cell 3 of 11 (cell 4 of 19 if text cells are counted too, id cell-4)

       1 │ 1 + 1

    the exercise's stub shows no verdict
    The last line of the cell must be the call of its check, and the result start with "Not yet.".

    a.ipynb, code cell 4 of 11 (cell 6 of 19 if text cells are counted too, id cell-6)

       1 │ check(2)

    the exercise has no solution
    A text cell tagged `solution`, before the next exercise, must hold one block of ```rust inside of <details>.

    a.ipynb, code cell 5 of 11 (cell 7 of 19 if text cells are counted too, id cell-7)

       1 │ check(3)

    the solution holds 2 blocks of Rust
    A text cell tagged `solution`, before the next exercise, must hold one block of ```rust inside of <details>.

    a.ipynb, code cell 6 of 11 (cell 9 of 19 if text cells are counted too, id cell-9)

       1 │ check(4)

    the solution holds no block of Rust
    A text cell tagged `solution`, before the next exercise, must hold one block of ```rust inside of <details>.

    a.ipynb, code cell 7 of 11 (cell 11 of 19 if text cells are counted too, id cell-11)

       1 │ check(5)

    the solution is not folded away
    A text cell tagged `solution`, before the next exercise, must hold one block of ```rust inside of <details>.

    a.ipynb, code cell 8 of 11 (cell 13 of 19 if text cells are counted too, id cell-13)

       1 │ check(7)

    This is the solution, run after all cells. It must show "Passed.", but its check says:
    Not yet. 7 is not the answer.

    a.ipynb, code cell 9 of 11 (cell 15 of 19 if text cells are counted too, id cell-15)

       1 │ check(missing)

    the solution failed: E0425: cannot find value `missing` in this scope
    This is the solution, run after all cells:
    error[E0425]: cannot find value `missing` in this scope
     --> cell line 1, column 7
      |
    1 | check(missing)
      |       ^^^^^^^ not found in this scope

    a.ipynb, code cell 10 of 11 (cell 17 of 19 if text cells are counted too, id cell-2)

       1 │ check(9)

    another exercise has the same id
    Give each exercise an id of its own.

    a.ipynb, code cell 10 of 11 (cell 17 of 19 if text cells are counted too, id cell-2)

       1 │ println!("Passed.");

    This is the solution, run after all cells. It must show "Passed.", but its check says:
    (no verdict)

    1 notebook, 10 cells, 2 exercises solved: 1 failed in [time]
    Executed copies: target/dsprep
"#);
}

#[test]
fn a_solution_that_never_ends_is_an_error_of_its_exercise() {
    let sandbox = Sandbox::new();
    let hang = "loop { std::thread::sleep(std::time::Duration::from_secs(1)); }";
    sandbox.notebook(
        "a.ipynb",
        &[code(CHECK), exercise("check(1)"), solution(hang)],
    );
    let finished = sandbox.dsprep(&["run", "--timeout", "20", "a.ipynb"]);
    assert_code(&finished, 1);
    let report = finished.report();
    let expected = "FAIL a.ipynb  cell 2 of 2: the solution failed: timed out after 20 s";
    assert!(report.contains(expected), "{report}");
    assert_eq!(sandbox.leftovers(), Vec::<String>::new());
}
