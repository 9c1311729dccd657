//! A `Result` instead of an exception: the numbers of a line.

use crate::check::Verdict;
use std::num::ParseFloatError;

/// The answer: the numbers of a line, separated by commas, or the error of the first that is none.
type Numbers = fn(&str) -> Result<Vec<f64>, ParseFloatError>;

const CASES: [&str; 7] = [
    "1, 2.5,-3",
    "7",
    "1, two, 3",
    "1,,x",
    "  0.5  ,  1e3 ",
    "x,",
    "4, 5, 6,",
];

fn right(line: &str) -> Result<Vec<f64>, ParseFloatError> {
    line.split(',').map(|word| word.trim().parse()).collect()
}

/// Checks `numbers`, which reads the numbers of a line that are separated by commas.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_rust_parse;
///
/// let verdict = check_rust_parse(|line| Ok(line.split(',').filter_map(|word| word.trim().parse().ok()).collect()));
/// assert!(verdict.message().contains("silently"));
/// ```
pub fn check_rust_parse(numbers: Numbers) -> Verdict {
    Verdict::of(|| {
        let Some(line) = CASES.iter().find(|line| numbers(line) != right(line)) else {
            return Verdict::passed(
                "`collect` turns a row of `Result`s into one `Result` of a list, and stops at the first error. Nothing is thrown \
             past anybody: the type says that it may fail, and `?` hands the error on.",
            );
        };
        let (found, expected) = (numbers(line), right(line));
        Verdict::not_yet(match (&found, &expected) {
            (Ok(numbers), Err(_)) if numbers.len() < line.split(',').count() => format!(
                "For {line:?} you return {numbers:?}: what is no number was dropped silently. Return the error instead."
            ),
            (Ok(numbers), Err(_)) => format!(
                "For {line:?} you return {numbers:?}: what is no number was replaced silently. Return the error instead."
            ),
            (Err(error), Ok(_)) => format!(
                "{line:?} holds numbers only, and you return the error \"{error}\". Did you `trim()` the spaces, and split at \
             commas?"
            ),
            (Err(found), Err(expected)) => format!(
                "For {line:?} the first error is \"{expected}\", and yours is \"{found}\": stop at the first."
            ),
            (Ok(found), Ok(expected)) => {
                format!("{line:?} holds {expected:?}, and you return {found:?}.")
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tried::{assert_accepts, assert_refuses};

    #[test]
    fn right_answers_pass_in_any_form() {
        let by_loop: Numbers = |line| {
            let mut numbers = Vec::new();
            for word in line.split(',') {
                numbers.push(word.trim().parse()?);
            }
            Ok(numbers)
        };
        let by_fold: Numbers = |line| {
            line.split(',').try_fold(Vec::new(), |mut numbers, word| {
                numbers.push(word.trim().parse::<f64>()?);
                Ok(numbers)
            })
        };
        let without_spaces: Numbers =
            |line| line.replace(' ', "").split(',').map(str::parse).collect();
        assert_accepts(
            "check_rust_parse",
            [right, by_loop, by_fold, without_spaces].map(check_rust_parse),
        );
    }

    #[test]
    fn wrong_answers_are_refused_with_their_reason() {
        let mutants: [(Numbers, &str); 10] = [
            (
                |line| {
                    Ok(line
                        .split(',')
                        .filter_map(|word| word.trim().parse().ok())
                        .collect())
                },
                "dropped silently",
            ),
            (
                |line| {
                    Ok(line
                        .split(',')
                        .map(|word| word.trim().parse().unwrap_or(0.0))
                        .collect())
                },
                "replaced silently",
            ),
            (
                |line| line.split(',').map(str::parse).collect(),
                "Did you `trim()`",
            ),
            (
                |line| line.split_whitespace().map(str::parse).collect(),
                "Did you `trim()`",
            ),
            (
                |line| line.split(';').map(|word| word.trim().parse()).collect(),
                "Did you `trim()`",
            ),
            (
                |line| {
                    line.split(',')
                        .take(2)
                        .map(|word| word.trim().parse())
                        .collect()
                },
                "holds [1.0, 2.5, -3.0]",
            ),
            (
                |line| line.rsplit(',').map(|word| word.trim().parse()).collect(),
                "holds [1.0, 2.5, -3.0]",
            ),
            (
                |line| {
                    let words = line.split(',').filter(|word| !word.trim().is_empty());
                    words.map(|word| word.trim().parse()).collect()
                },
                "the first error is",
            ),
            (
                |line| {
                    let mut numbers = line
                        .rsplit(',')
                        .map(|word| word.trim().parse())
                        .collect::<Result<Vec<_>, _>>()?;
                    numbers.reverse();
                    Ok(numbers)
                },
                "stop at the first",
            ),
            (|_| Ok(Vec::new()), "you return []"),
        ];
        assert_refuses(
            "check_rust_parse",
            mutants.map(|(wrong, words)| (words, check_rust_parse(wrong))),
        );
    }
}
