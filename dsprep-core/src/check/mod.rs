//! Checks of the notebooks' exercises, one file per question.
//!
//! A check runs the learner's answer on the data that the exercise shows and on data that it does not show, so
//! that a copied number does not pass, and returns a [`Verdict`]. A wrong answer is told which misconception
//! it comes from, not only that it is wrong. A check never panics: whatever the answer returns, it says what
//! is the matter with it.

mod q16;
mod q17;
mod q18;
mod sql_answer;
mod verdict;

pub use q16::{check_q16_full_join_rows, check_q16_revenue};
pub use q17::{check_q17_surplus, check_q17_upsert};
pub use q18::{check_q18_dense_rank, check_q18_top_three};
pub use verdict::Verdict;
