//! Checks of the notebooks' exercises, one file per question.
//!
//! A check runs the learner's answer on the data that the exercise shows and on data that it does not show, so
//! that a copied number does not pass, and returns a [`Verdict`]. A wrong answer is told which misconception
//! it comes from, not only that it is wrong. A check never panics: whatever the answer returns, it says what
//! is the matter with it.

mod q25;
mod verdict;

pub use q25::{check_q25_decide, check_q25_drifted, check_q25_promote};
pub use verdict::Verdict;
