//! The flash cards of all questions as data, in one file for each question, and how an interview opens with each.
//!
//! These files use nothing but the standard library: the program `dsprep` includes them too, so that
//! `dsprep cards` need not load the whole library for a list of texts.

mod card;
mod html;
mod opening;
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
mod reference;
mod shuffle;

pub use card::{Card, Level, Printed, Source, Topic};
pub use html::html;
pub use opening::{Opening, Task, openings};
pub use shuffle::shuffle;

/// All cards: questions 16 to 30 in order, then the lines of the quick reference card.
pub fn all() -> Vec<Card> {
    let questions = [
        q16::CARDS,
        q17::CARDS,
        q18::CARDS,
        q19::CARDS,
        q20::CARDS,
        q21::CARDS,
        q22::CARDS,
        q23::CARDS,
        q24::CARDS,
        q25::CARDS,
        q26::CARDS,
        q27::CARDS,
        q28::CARDS,
        q29::CARDS,
        q30::CARDS,
        reference::CARDS,
    ];
    questions.concat()
}
