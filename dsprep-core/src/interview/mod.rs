//! The craft of the interview itself: a story that holds up (question 29), and flash cards (all questions).
//!
//! - [`star`]: a story in four parts, and a review that finds what an interviewer would.
//! - [`retention`]: the campaign behind the story of question 29, simulated, so that its claims can be tested.
//! - [`cards`]: the flash cards of all questions and of the quick reference card.

pub mod cards;
pub mod retention;
pub mod star;
