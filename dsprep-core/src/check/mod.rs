//! Checks of the notebooks' exercises, one file per notebook.
//!
//! A check runs the learner's answer on the data that the exercise shows and on data that it does not show, so
//! that a copied number does not pass, and returns a [`Verdict`]. A wrong answer is told which misconception
//! it comes from, not only that it is wrong. A check never panics: whatever the answer returns, it says what
//! is the matter with it.
//!
//! [`guess()`] compares what a learner expects with what comes out.

mod guess;
mod q16;
mod q17;
mod q18;
mod q19;
mod q20;
mod q21;
mod q22;
mod q23;
mod q24;
mod q25;
mod q26;
mod q27;
mod q28;
mod q29;
mod q30;
mod reference_card;
mod rust_for_python;
mod sql_answer;
mod start;
#[cfg(test)]
mod tried;
mod verdict;

pub use guess::{Compared, Guess, Guesses, Outcome, guess, guesses};
pub use q16::*;
pub use q17::*;
pub use q18::*;
pub use q19::*;
pub use q20::*;
pub use q21::*;
pub use q22::*;
pub use q23::*;
pub use q24::*;
pub use q25::*;
pub use q26::*;
pub use q27::*;
pub use q28::*;
pub use q29::*;
pub use q30::*;
pub use reference_card::*;
pub use rust_for_python::*;
pub use start::*;
pub use verdict::*;
