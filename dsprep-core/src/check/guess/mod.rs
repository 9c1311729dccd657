//! A guess before a result, so that a prediction is one: it is compared with what came out, and remembered.
//!
//! A cell after **Predict** ends in `guess(..).against("what is predicted", result)`. The learner puts a value in the
//! place of the two dots before running the cell. The first guess of each result counts; [`guesses`] shows all of the
//! session.

mod number;
mod score;
mod value;

pub use score::{Guesses, guesses};
pub use value::{Guess, Outcome};

use crate::cell::MimeBundle;
use crate::display::RichDisplay;
use crate::interview::cards::deck::html;
use std::fmt;

/// What the learner expects: a number, a range of numbers, a word, or nothing yet, written `..`.
///
/// # Examples
/// ```
/// use dsprep_core::check::guess;
///
/// let compared = guess(40).against("share of false findings (%)", 36.0);
/// assert_eq!(compared.to_string(), "You guessed 40; it is 36: 1.1 times too high. Close so far: 0 of 1.");
/// assert!(guess(30.0..40.0).against("the same by a range (%)", 36.0).is_close());
/// assert!(guess("Recall").against("what is fixed by the first stage", "recall").is_close());
/// assert!(guess(..).against("rows", 7).to_string().starts_with("No guess yet"));
/// ```
pub fn guess(guessed: impl Into<Guess>) -> Guess {
    guessed.into()
}

impl Guess {
    /// Compares the guess with the `result`, and remembers it under the name `what`.
    ///
    /// A number is close if it is within a tenth of the result, a range if the result lies in it, a word if it is the
    /// same but for case.
    pub fn against(self, what: &'static str, result: impl Into<Outcome>) -> Compared {
        let result = result.into();
        let first = match self {
            Guess::Open => None,
            _ => score::remember(what, &self, &result),
        };
        let (close, guesses) = score::close_of_all();
        Compared {
            what,
            guess: self,
            result,
            first,
            close,
            guesses,
        }
    }

    /// Whether the guess comes close to `result`.
    fn is_close(&self, result: &Outcome) -> bool {
        match (self, result) {
            (Guess::Number(guessed), Outcome::Number(result)) => {
                guessed == result
                    || (result.is_finite() && (guessed - result).abs() <= 0.1 * result.abs())
            }
            (Guess::Between(low, high), Outcome::Number(result)) => (low..=high).contains(&result),
            (Guess::Words(guessed), Outcome::Words(result)) => {
                guessed.trim().to_lowercase() == result.trim().to_lowercase()
            }
            _ => false,
        }
    }

    /// How the guess differs from `result`, in words.
    fn distance(&self, result: &Outcome) -> String {
        match (self, result) {
            (Guess::Number(guessed), Outcome::Number(result)) => {
                number::distance(*guessed, *result)
            }
            (Guess::Between(low, _), Outcome::Number(result)) if result < low => "too high".into(),
            (Guess::Between(_, high), Outcome::Number(result)) if result > high => "too low".into(),
            (Guess::Between(..), Outcome::Number(result)) if !result.is_nan() => {
                "in your range".into()
            }
            (Guess::Words(_), Outcome::Words(_)) if self.is_close(result) => "right".into(),
            (Guess::Number(_) | Guess::Between(..), Outcome::Words(_)) => {
                "a word was asked for".into()
            }
            (Guess::Words(_), Outcome::Number(_)) => "a number was asked for".into(),
            _ => "something else".into(),
        }
    }
}

/// A guess beside what came out.
///
/// In a notebook it is one line below the cell's result.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "it is to be shown: let it be the cell's last line"]
pub struct Compared {
    what: &'static str,
    guess: Guess,
    result: Outcome,
    first: Option<Guess>,
    close: usize,
    guesses: usize,
}

impl Compared {
    /// Whether the guess came close to the result.
    pub fn is_close(&self) -> bool {
        self.guess.is_close(&self.result)
    }

    /// Green for close, orange for far, grey for no guess: all three show on light and on dark.
    fn color(&self) -> &'static str {
        match &self.guess {
            Guess::Open => "#8a8a8a",
            _ if self.is_close() => "#2e9e5b",
            _ => "#d9822b",
        }
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.guess == Guess::Open {
            return write!(
                out,
                "No guess yet. Put yours for \"{}\" in the place of the two dots in `guess(..)`: a {}. Then run the \
                 cell again.",
                self.what,
                match self.result {
                    Outcome::Number(_) => "number, or a range like 2..5",
                    Outcome::Words(_) => "word in quotes",
                }
            );
        }
        let (guess, result) = (&self.guess, &self.result);
        let distance = guess.distance(result);
        write!(out, "You guessed {guess}; it is {result}: {distance}.")?;
        if let Some(first) = &self.first {
            write!(out, " Your first guess, {first}, is the one that counts.")?;
        }
        write!(out, " Close so far: {} of {}.", self.close, self.guesses)
    }
}

impl RichDisplay for Compared {
    fn mime_bundle(&self) -> MimeBundle {
        let bar = format!(
            "<div style=\"border-left:4px solid {};padding:4px 12px\">{}</div>",
            self.color(),
            html(&self.to_string())
        );
        MimeBundle::plain(self.to_string()).with("text/html", bar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(guessed: impl Into<Guess>, result: impl Into<Outcome>) -> (bool, String) {
        let (guess, result) = (guess(guessed), result.into());
        (guess.is_close(&result), guess.distance(&result))
    }

    #[test]
    fn numbers_are_close_within_a_tenth() {
        assert_eq!(told(10, 10.0), (true, "right".to_owned()));
        assert_eq!(told(0.52, 0.5), (true, "close".to_owned()));
        assert_eq!(told(0, 0), (true, "right".to_owned()));
        assert_eq!(told(10, 0), (false, "10 too high".to_owned()));
        assert_eq!(told(50, 20), (false, "2.5 times too high".to_owned()));
        assert_eq!(told(20, 50), (false, "2.5 times too low".to_owned()));
        assert_eq!(told(-3, 5), (false, "8 too low".to_owned()));
        assert_eq!(told(0, 0.7), (false, "0.7 too low".to_owned()));
    }

    #[test]
    fn what_is_no_number_is_never_close() {
        for (guessed, result) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::NAN, f64::NAN)] {
            let (close, words) = told(guessed, result);
            assert!(!close && words == "not to be compared", "{words}");
        }
        assert_eq!(
            told(2.0, f64::INFINITY),
            (false, "infinitely too low".to_owned())
        );
        assert_eq!(
            told(f64::INFINITY, f64::INFINITY),
            (true, "right".to_owned())
        );
        assert!(!told(0.0..1.0, f64::NAN).0);
    }

    #[test]
    fn a_range_holds_its_ends_and_one_turned_round_holds_what_lies_between() {
        assert!(told(2..5, 5).0 && told(2..=5, 2).0 && told(0.5..0.7, 0.6).0);
        assert!(told(std::ops::Range { start: 5, end: 2 }, 3).0);
        assert_eq!(told(2..5, 6), (false, "too low".to_owned()));
        assert_eq!(told(2..5, 1), (false, "too high".to_owned()));
    }

    #[test]
    fn words_are_compared_without_case_and_never_with_numbers() {
        assert_eq!(told(" Precision", "precision"), (true, "right".to_owned()));
        assert_eq!(
            told("recall", "precision"),
            (false, "something else".to_owned())
        );
        assert_eq!(
            told(3, "precision"),
            (false, "a word was asked for".to_owned())
        );
        assert_eq!(
            told("three", 3),
            (false, "a number was asked for".to_owned())
        );
    }

    #[test]
    fn the_first_guess_counts_and_an_open_one_shows_no_result() {
        let open = guess(..).against("test: first counts", 123_456);
        assert!(open.to_string().starts_with("No guess yet."), "{open}");
        assert!(!open.to_string().contains("123"), "{open}");
        assert!(
            guess(1)
                .against("test: first counts", 123_456)
                .first
                .is_none()
        );
        let again = guess(123_456)
            .against("test: first counts", 123_456)
            .to_string();
        assert!(
            again.contains("Your first guess, 1, is the one that counts"),
            "{again}"
        );
        assert!(guesses().to_string().contains("test: first counts"));
    }

    #[test]
    fn in_a_notebook_it_is_a_line_with_a_bar() {
        let bundle = guess("<b>").against("test: markup", "i").mime_bundle();
        let html = bundle.get("text/html").unwrap_or_default();
        assert!(html.contains("You guessed &quot;&lt;b&gt;&quot;"), "{html}");
    }
}
