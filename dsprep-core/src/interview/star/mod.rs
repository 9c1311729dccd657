//! A story of one's own work in four parts: situation, task, action, result (question 29).
//!
//! STAR goes back to the behavioural interview of Development Dimensions International (Byham, 1974). The
//! [`Review`] of a [`Story`] finds what an interviewer would ask about, by rules that are simple enough to be
//! read: they look for numbers and for certain words. They can't tell whether a story is true or interesting,
//! only that something which every good story has is missing.
//!
//! - [`Story`]: the four parts, the time budget, and the churn story of the original.
//! - [`Finding`]: what can be wrong, as a type; each one says what to do.

mod display;
#[cfg(test)]
pub(crate) mod example;
mod finding;
mod review;
mod rules;
mod story;
mod words;

pub use finding::Finding;
pub use review::{PartBudget, Review};
pub use story::{Part, Story};
