//! `dsprep progress`: which exercises were passed, which cards are due, and what of the plan is next.
//!
//! - [`record`]: the file of what was passed and reviewed.
//! - [`schedule`]: when a card is due again.
//! - `exercises`: the exercises of the notebooks.
//! - `plan`: the two weeks of the start page.
//! - `html`: the same as a table, for a cell `:progress`.

mod exercises;
mod html;
mod plan;
pub mod record;
pub mod schedule;

use crate::error::{Error, Result};
use crate::shipped;
use crate::terminal::{Color, Paint};
use exercises::Exercises;
use record::{Entry, What};
use schedule::Memory;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::ExitCode;

/// What was learned so far.
#[derive(Debug, Default)]
pub struct Progress {
    /// The checks that were passed.
    pub passed: BTreeSet<String>,
    /// What is remembered of each card that was reviewed, by its name.
    pub cards: BTreeMap<String, Memory>,
}

impl Progress {
    /// Reads what this user's kernels and cards have recorded.
    pub fn read() -> Progress {
        let entries = record::file().map(|file| record::read(&file));
        Progress::of(&entries.unwrap_or_default())
    }

    fn of(entries: &[Entry]) -> Progress {
        let mut progress = Progress::default();
        for entry in entries {
            match &entry.what {
                What::Passed(check) => {
                    progress.passed.insert(check.clone());
                }
                What::Card(id, rating @ 1..=4) => {
                    let memory = match progress.cards.get(id) {
                        Some(memory) => memory.after(*rating, entry.at),
                        None => Memory::first(*rating, entry.at),
                    };
                    progress.cards.insert(id.clone(), memory);
                }
                What::Card(..) => {}
            }
        }
        progress
    }

    /// The cards that are due at `now`, the one that waits longest first.
    pub fn due(&self, now: u64) -> Vec<&str> {
        let mut due: Vec<_> = self
            .cards
            .iter()
            .filter(|(_, memory)| memory.due() <= now)
            .collect();
        due.sort_by_key(|(_, memory)| memory.due());
        due.into_iter().map(|(id, _)| id.as_str()).collect()
    }
}

/// All that there is to tell: what was learned, the exercises that there are, and the plan.
struct Overview {
    progress: Progress,
    exercises: Exercises,
    days: Vec<plan::Day>,
    now: u64,
}

impl Overview {
    fn of(progress: Progress) -> Result<Overview> {
        let folder = shipped::folder();
        let exercises = folder.as_deref().map(Exercises::in_folder).transpose()?;
        let start = folder.and_then(|folder| std::fs::read(folder.join(plan::START_PAGE)).ok());
        Ok(Overview {
            progress,
            exercises: exercises.unwrap_or_default(),
            days: start.map(|bytes| plan::days(&bytes)).unwrap_or_default(),
            now: record::now(),
        })
    }

    /// How many checks of a notebook were passed.
    fn count(&self, notebook: &exercises::Notebook) -> usize {
        let passed = |check: &&String| self.progress.passed.contains(*check);
        notebook.checks.iter().filter(passed).count()
    }

    /// A mark for each exercise of a notebook.
    fn marks(&self, notebook: &exercises::Notebook) -> String {
        let is_passed = |check| self.progress.passed.contains(check);
        let mark = |check| if is_passed(check) { '●' } else { '○' };
        notebook.checks.iter().map(mark).collect()
    }

    /// How many exercises were passed, in words.
    fn head(&self) -> String {
        let notebooks = &self.exercises.notebooks;
        let done: usize = notebooks.iter().map(|it| self.count(it)).sum();
        let all: usize = notebooks.iter().map(|it| it.checks.len()).sum();
        format!("Exercises: {done} of {all} passed")
    }

    /// How many cards were reviewed, in words, and what to do with them.
    fn cards(&self) -> (String, &'static str) {
        let (due, all) = (self.progress.due(self.now).len(), self.progress.cards.len());
        let advice = match (due, all) {
            (0, 0) => {
                "A first review, or five minutes that show where to start: dsprep cards --due, dsprep cards --self-test"
            }
            (0, _) => "New ones: dsprep cards --due",
            _ => "Review them: dsprep cards --due",
        };
        (format!("Cards: {all} reviewed, {due} due"), advice)
    }

    /// The next day of the two weeks, in words, and its work.
    fn next(&self) -> Option<(String, &str)> {
        let day = plan::next(&self.days, &self.exercises, &self.progress.passed)?;
        let head = format!("Next of the two weeks: day {}", day.number);
        Some((head, &day.work))
    }

    fn text(&self, paint: Paint) -> String {
        let mut text = format!("{}\n", paint.bold(&self.head()));
        let notebooks = &self.exercises.notebooks;
        let longest = notebooks.iter().map(|it| it.name.len()).max();
        let width = longest.unwrap_or_default();
        for notebook in notebooks {
            let marks = self.marks(notebook);
            text += &format!(
                "  {:<width$} {marks:<5} {}\n",
                notebook.name, notebook.title
            );
        }
        let (cards, advice) = self.cards();
        text += &format!("\n{}\n  {advice}\n", paint.bold(&cards));
        if let Some((day, work)) = self.next() {
            text += &format!("\n{}\n  {work}\n", paint.bold(&day));
        }
        text
    }
}

/// Shows the progress; the code is 0.
///
/// # Errors
/// [`Error::File`] if the project's notebooks can't be read.
pub fn run() -> Result<ExitCode> {
    let text = Overview::of(Progress::read())?.text(Paint::new(Color::Auto));
    // A closed standard output leaves nobody to tell.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// The progress as text and as HTML, for a cell. A kernel that records nothing, as one that a program started to run a
/// notebook, shows the beginning: what such a program stores is nobody's progress.
///
/// # Errors
/// [`Error::File`] if the project's notebooks can't be read.
pub fn for_cell() -> Result<(String, String)> {
    let progress = match record::may_record() {
        true => Progress::read(),
        false => Progress::default(),
    };
    let overview = Overview::of(progress)?;
    Ok((overview.text(Paint::plain_only()), html::of(&overview)))
}

/// Forgets all that was recorded.
///
/// # Errors
/// [`Error::File`] if it can't be removed.
pub fn reset() -> Result<ExitCode> {
    if let Some(file) = record::file().filter(|file| file.exists()) {
        std::fs::remove_file(&file).map_err(Error::file("remove", &file))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::Notebook;

    #[test]
    fn what_was_passed_what_is_due_and_what_comes_next_is_told() {
        let at = 1_700_000_000;
        let entry = |at, what| Entry { at, what };
        let day = 86_400;
        let progress = Progress::of(&[
            entry(at, What::Passed("check_a".into())),
            entry(at, What::Passed("check_a".into())),
            entry(at, What::Card("q18-ranks".into(), 3)),
            entry(at, What::Card("q16-rows".into(), 1)),
            entry(at + 2 * day, What::Card("q18-ranks".into(), 3)),
        ]);
        assert_eq!(progress.due(at), Vec::<&str>::new());
        assert_eq!(progress.due(at + 3 * day), ["q16-rows"]);
        assert_eq!(progress.due(at + 30 * day), ["q16-rows", "q18-ranks"]);
        let notebook = |name: &str, title: &str, checks: &[&str]| Notebook {
            name: name.into(),
            title: title.into(),
            checks: checks.iter().map(|&it| it.to_owned()).collect(),
        };
        let exercises = Exercises {
            notebooks: vec![
                notebook("q16_sql_joins", "SQL joins", &["check_a"]),
                notebook("q17_duplicates", "Duplicates", &["check_b", "check_c"]),
            ],
        };
        let day = |number, work: &str| plan::Day {
            number,
            work: work.to_owned(),
        };
        let days = [day(1, "This page, 16"), day(2, "17")];
        let overview = Overview {
            progress,
            exercises,
            days: days.into(),
            now: at + 3 * 86_400,
        };
        let html = html::of(&overview);
        assert!(
            html.contains("<a href=\"q17_duplicates.ipynb\">Duplicates</a>"),
            "{html}"
        );
        assert!(html.contains("title=\"0 of 2\">○○<"), "{html}");
        let text = overview.text(Paint::OFF);
        insta::assert_snapshot!(text, @r"
        Exercises: 1 of 3 passed
          q16_sql_joins  ●     SQL joins
          q17_duplicates ○○    Duplicates

        Cards: 2 reviewed, 1 due
          Review them: dsprep cards --due

        Next of the two weeks: day 2
          17
        ");
    }
}
