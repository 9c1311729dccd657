//! What is wrong with an exercise, in words.

use super::reason::{self, count, first_line};
use crate::runner::events::{Failure, Problem};
use crate::runner::exercise::NoBlock;

/// What is wrong, on one line.
pub fn reason(problem: &Problem) -> String {
    match problem {
        Problem::SharedId => "another exercise has the same id".to_owned(),
        Problem::StubPasses { .. } => "the exercise's stub passes as it stands".to_owned(),
        Problem::StubSaysNothing => "the exercise's stub shows no verdict".to_owned(),
        Problem::NoSolution(NoBlock::NoCell) => "the exercise has no solution".to_owned(),
        Problem::NoSolution(NoBlock::None) => "the solution holds no block of Rust".to_owned(),
        Problem::NoSolution(NoBlock::Several(number)) => {
            format!("the solution holds {} of Rust", count(*number, "block"))
        }
        Problem::NoSolution(NoBlock::NotFolded) => "the solution is not folded away".to_owned(),
        Problem::SolutionFails { failure, .. } => {
            format!("the solution failed: {}", reason::reason(failure))
        }
        Problem::SolutionNotPassed {
            said: Some(said), ..
        } => {
            format!("the solution does not pass: {}", first_line(said))
        }
        Problem::SolutionNotPassed { said: None, .. } => "the solution shows no verdict".to_owned(),
    }
}

/// The source that the problem is about, if it is the solution's.
pub fn source(problem: &Problem) -> Option<&str> {
    match problem {
        Problem::SolutionFails { source, .. } | Problem::SolutionNotPassed { source, .. } => {
            Some(source)
        }
        _ => None,
    }
}

/// What is wrong and how to mend it; `account` tells of the failure of a solution.
pub fn account(
    problem: &Problem,
    reason: String,
    account: impl FnOnce(&Failure) -> String,
) -> String {
    match problem {
        Problem::SharedId => format!("{reason}\nGive each exercise an id of its own."),
        Problem::StubPasses { said } => format!(
            "{reason}: {said}\nAn exercise must show \"Not yet.\" until it is solved: change the stub, or make the check stricter."
        ),
        Problem::StubSaysNothing => format!(
            "{reason}\nThe last line of the cell must be the call of its check, and the result start with \"Not yet.\"."
        ),
        Problem::NoSolution(_) => format!(
            "{reason}\nA text cell tagged `solution`, before the next exercise, must hold one block of ```rust \
             inside of <details>."
        ),
        Problem::SolutionFails { failure, .. } => {
            format!(
                "{reason}\nThis is the solution, run after all cells:\n{}",
                account(failure)
            )
        }
        Problem::SolutionNotPassed { said, .. } => {
            let said = said.as_deref().unwrap_or("(no verdict)");
            format!(
                "This is the solution, run after all cells. It must show \"Passed.\", but its check says:\n{said}"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(problem: &Problem) -> String {
        account(problem, reason(problem), reason::reason)
    }

    #[test]
    fn each_problem_says_how_to_mend_it() {
        insta::assert_snapshot!(told(&Problem::StubPasses { said: "Passed. 3 rows.".to_owned() }), @r#"
        the exercise's stub passes as it stands: Passed. 3 rows.
        An exercise must show "Not yet." until it is solved: change the stub, or make the check stricter.
        "#);
        insta::assert_snapshot!(told(&Problem::NoSolution(NoBlock::Several(2))), @r"
        the solution holds 2 blocks of Rust
        A text cell tagged `solution`, before the next exercise, must hold one block of ```rust inside of <details>.
        ");
        let failure = Box::new(Failure::Error {
            name: "E0425".to_owned(),
            value: "no `x`".to_owned(),
            traceback: Vec::new(),
            guessed: false,
        });
        let source = "x".to_owned();
        insta::assert_snapshot!(told(&Problem::SolutionFails { source, failure }), @r"
        the solution failed: E0425: no `x`
        This is the solution, run after all cells:
        E0425: no `x`
        ");
    }
}
