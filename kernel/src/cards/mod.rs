//! `dsprep cards`: flash cards in the terminal, and for Anki and spreadsheets.
//!
//! - [`choose`]: which cards, and in which order.
//! - [`ask`]: asks them, or lists them where nobody can answer.
//! - [`export`]: writes them to a file.
//!
//! The cards are those of the notebooks. Their files are included here instead of linking to the core library,
//! which takes longer to load than everything that this program does.

mod ask;
mod choose;
#[path = "../../../dsprep-core/src/interview/cards/deck/mod.rs"]
mod deck;
mod export;

pub use choose::{Asked, asked, levels, topics};
pub use deck::{Level, Topic};

use crate::cli::Color;
use crate::error::{Error, Result};
use crate::runner::Paint;
use choose::Choice;
use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// What `dsprep cards` was asked for.
#[derive(Debug)]
pub struct Options {
    /// The questions; none means all.
    pub questions: Vec<Asked>,
    /// The topics; none means all.
    pub topics: Vec<Topic>,
    /// The levels; none means all.
    pub levels: Vec<Level>,
    /// How many cards are drawn.
    pub number: usize,
    /// What the order depends on.
    pub seed: Option<u64>,
    /// The format and the file to write instead.
    pub export: Option<(OsString, PathBuf)>,
    /// When to use colours.
    pub color: Color,
}

/// Asks, lists or exports the cards.
///
/// # Errors
/// [`Error::NoCards`] if none fits, [`Error::NoSuchExport`] for an unknown format, [`Error::File`] if the file can't
/// be written, [`Error::System`] if standard input can't be read.
pub fn run(options: Options) -> Result<ExitCode> {
    let choice = Choice {
        questions: options.questions,
        topics: options.topics,
        levels: options.levels,
    };
    let mut cards = choice.cards();
    if cards.is_empty() {
        return Err(Error::NoCards);
    }
    if let Some((format, file)) = options.export {
        let said = export::write(&cards, &format, &file)?;
        say(&format!("{said}\n"));
        return Ok(ExitCode::SUCCESS);
    }
    let all = cards.len();
    let seed = options.seed.unwrap_or_else(seed_of_the_clock);
    deck::shuffle(&mut cards, seed);
    cards.truncate(options.number);

    let paint = Paint::new(options.color);
    say(&format!(
        "{}, seed {seed}\n",
        paint.bold(&format!("{} of {all} cards", cards.len()))
    ));
    if stdin().is_terminal() && stdout().is_terminal() {
        ask::ask(&cards, paint, &mut stdin().lock(), &mut stdout().lock())
            .map_err(Error::system("ask in the terminal"))?;
    } else {
        say(&ask::listing(&cards, paint));
    }
    Ok(ExitCode::SUCCESS)
}

/// A seed that differs from call to call, short enough to be typed again.
fn seed_of_the_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| u64::from(time.subsec_micros()) % 10_000)
}

fn say(text: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = stdout().write_all(text.as_bytes());
}
