//! Checks of the notebooks' exercises, one file per question.
//!
//! A check runs the learner's answer on the data that the exercise shows and on data that it does not show, so
//! that a copied number does not pass, and returns a [`Verdict`]. A wrong answer is told which misconception
//! it comes from, not only that it is wrong. A check never panics: whatever the answer returns, it says what
//! is the matter with it.

mod q23;
mod verdict;

pub use q23::{check_q23_machines, check_q23_mmr, check_q23_recall};
pub use verdict::Verdict;
