//! Flash cards: three to six for each question, and the fifteen lines of the quick reference card.
//!
//! The cards are data, in [`deck`]; a notebook shows them folded up, and the program `dsprep cards` asks them
//! in the terminal or exports them. All three know the same cards, and shuffle them alike.

pub mod deck;
mod flash_cards;

pub use deck::{Card, Level, Printed, Source, Topic};
pub use flash_cards::{FlashCards, flash_cards, mock_interview, reference_card};
