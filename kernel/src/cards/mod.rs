//! `dsprep cards`: flash cards in the terminal, and for Anki and spreadsheets.
//!
//! - [`choose`]: which cards, and in which order.
//! - [`ask`]: asks them, or lists them where nobody can answer.
//! - [`review`]: asks those that are due again, and how well each was known.
//! - [`mock`]: holds a whole interview, with a clock and a rubric.
//! - [`export`]: writes them to a file.
//!
//! The cards are those of the notebooks. Their files are included here instead of linking to the core library,
//! which takes longer to load than everything that this program does.

mod ask;
mod choose;
#[path = "../../../dsprep-core/src/interview/cards/deck/mod.rs"]
mod deck;
mod export;
mod mock;
mod review;

pub use choose::{Asked, asked, levels, topics};
pub use deck::{Level, Topic};

use crate::error::{Error, Result};
use crate::progress::{Progress, record};
use crate::terminal::Color;
use crate::terminal::Paint;
use choose::Choice;
use mock::{Interview, Room, WallClock};
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
    /// Whether to hold a whole interview instead.
    pub mock: bool,
    /// The format and the file to write instead.
    pub export: Option<(OsString, PathBuf)>,
    /// When to use colours.
    pub color: Color,
}

/// Asks, lists or exports the cards.
///
/// # Errors
/// [`Error::NoCards`] if none fits, [`Error::NoInterview`] if no question is chosen to open with,
/// [`Error::NoSuchExport`] for an unknown format, [`Error::File`] if the file can't be written, [`Error::System`] if standard input can't be read.
pub fn run(options: Options) -> Result<ExitCode> {
    let choice = Choice {
        questions: options.questions,
        topics: options.topics,
        levels: options.levels,
    };
    if options.mock {
        let seed = options.seed.unwrap_or_else(seed_of_the_clock);
        return interview(&choice, seed, Paint::new(options.color));
    }
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

/// Asks the cards that are due, or one of each question, and records how well each was known.
///
/// # Errors
/// [`Error::NoCards`] if none fits, [`Error::Usage`] where nobody can answer, [`Error::File`] if it can't be recorded.
pub fn review(options: Options, self_test: bool) -> Result<ExitCode> {
    let choice = Choice {
        questions: options.questions,
        topics: options.topics,
        levels: options.levels,
    };
    let all = choice.cards();
    let cards = if self_test {
        review::self_test(&all)
    } else {
        review::due(&all, &Progress::read(), record::now(), options.number)
    };
    if cards.is_empty() {
        return Err(Error::NoCards);
    }
    if !(stdin().is_terminal() && stdout().is_terminal()) {
        return Err(Error::Usage(
            "a review asks how well each card was known, so it needs a terminal; to list cards: dsprep cards".to_owned(),
        ));
    }
    let paint = Paint::new(options.color);
    let rated = review::rate(&cards, paint, &mut stdin().lock(), &mut stdout().lock())
        .map_err(Error::system("ask in the terminal"))?;
    if let Some(file) = record::file() {
        record::append(&file, &review::events(&rated))?;
    }
    say(&review::summary(&rated, paint));
    if self_test {
        say(&review::fast_track(&rated));
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds an interview, or lists it where nobody can answer.
fn interview(choice: &Choice, seed: u64, paint: Paint) -> Result<ExitCode> {
    let interview = Interview::draw(choice, seed).ok_or(Error::NoInterview)?;
    say(&format!(
        "{}, seed {seed}\n",
        paint.bold("A mock interview")
    ));
    if !(stdin().is_terminal() && stdout().is_terminal()) {
        say(&format!("\n{}", interview.listing(paint)));
        return Ok(ExitCode::SUCCESS);
    }
    let mut room = Room {
        input: &mut stdin().lock(),
        // Not locked: the clock speaks up from another thread.
        output: &mut stdout(),
        clock: &mut WallClock::default(),
        paint,
    };
    room.hold(&interview)
        .map_err(Error::system("ask in the terminal"))?;
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
