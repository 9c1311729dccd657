//! The guesses of a session.

use super::value::{Guess, Outcome};
use crate::display::{Summarise, Summary};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The first guess of each result, in their order.
static REMEMBERED: Mutex<Vec<Remembered>> = Mutex::new(Vec::new());

/// A first guess, and what came out.
#[derive(Debug, Clone, PartialEq)]
struct Remembered {
    what: &'static str,
    guess: Guess,
    result: Outcome,
}

fn remembered<T>(with: impl FnOnce(&mut Vec<Remembered>) -> T) -> T {
    with(&mut REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Remembers a guess. If there was another one before, that one stays, and is returned.
pub(super) fn remember(what: &'static str, guess: &Guess, result: &Outcome) -> Option<Guess> {
    remembered(|all| {
        if let Some(first) = all.iter().find(|first| first.what == what) {
            return (first.guess != *guess).then(|| first.guess.clone());
        }
        all.push(Remembered {
            what,
            guess: guess.clone(),
            result: result.clone(),
        });
        None
    })
}

/// How many of the guesses were close, and how many there are.
pub(super) fn close_of_all() -> (usize, usize) {
    guesses().close_of_all()
}

/// The guesses of this session beside what came out.
///
/// # Examples
/// ```
/// use dsprep_core::check::{guess, guesses};
///
/// let _ = guess(5).against("items in both lists", 0);
/// assert_eq!(
///     guesses().to_string(),
///     "Your guesses\n  close                0 of 1\n  items in both lists  5 -> 0  5 too high"
/// );
/// ```
pub fn guesses() -> Guesses {
    Guesses(remembered(|all| all.clone()))
}

/// The guesses of a session; see [`guesses`].
#[derive(Debug, Clone, PartialEq)]
pub struct Guesses(Vec<Remembered>);

impl Guesses {
    fn close_of_all(&self) -> (usize, usize) {
        let close = self.0.iter().filter(|own| own.guess.is_close(&own.result));
        (close.count(), self.0.len())
    }
}

impl Summarise for Guesses {
    fn summary(&self) -> Summary {
        let (close, all) = self.close_of_all();
        let mut summary = Summary::new("Your guesses");
        if all == 0 {
            return summary.remark("None yet: put one into a `guess(..)` before you run its cell.");
        }
        summary = summary.row("close", format!("{close} of {all}"), "");
        for own in &self.0 {
            let both = format!("{} -> {}", own.guess, own.result);
            summary = summary.row(own.what, both, &own.guess.distance(&own.result));
        }
        summary
    }
}

impl fmt::Display for Guesses {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.summary().write(out)
    }
}
