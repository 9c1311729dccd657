//! What an interview consists of, and how its parts look.

use super::super::ask::{INDENT, paragraph, wrapped};
use super::super::choose::Choice;
use super::super::deck::{self, Card, Level, Opening, Source, Task, openings};
use super::FOLLOW_UP;
use super::clock::shown;
use crate::terminal::Paint;
use std::time::Duration;

/// An opening question, follow-ups of rising level, and the opening's task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    pub opening: Opening,
    pub follow_ups: Vec<Card>,
}

impl Interview {
    /// Draws one of the questions that are chosen, and for each level a card of it; none if no question is chosen.
    pub fn draw(choice: &Choice, seed: u64) -> Option<Self> {
        let mut possible = openings();
        possible.retain(|opening| choice.asks(Source::Question(opening.question)));
        deck::shuffle(&mut possible, seed);
        let opening = *possible.first()?;
        let mut cards = deck::all();
        cards.retain(|card| card.source == Source::Question(opening.question));
        deck::shuffle(&mut cards, seed);
        let of_level = |level: Level| cards.iter().find(|card| card.level == level).copied();
        let follow_ups = Level::ALL.into_iter().filter_map(of_level).collect();
        Some(Interview {
            opening,
            follow_ups,
        })
    }

    /// The whole interview with its answers, for where nobody can press Enter.
    pub fn listing(&self, paint: Paint) -> String {
        let Opening {
            question,
            asked,
            minutes,
            answer,
            rubric: points,
            task,
        } = self.opening;
        let limit = |minutes: u8| shown(Duration::from_secs(60 * u64::from(minutes)));
        let mut text = heading(
            &format!("1. {asked}"),
            &format!("question {question}, {}", limit(minutes)),
            paint,
        );
        text += &format!("\n{}\n{}", paragraph("", answer), rubric(points));
        for (number, card) in (2..).zip(&self.follow_ups) {
            let about = format!("follow-up, {}, {}", card.level, shown(FOLLOW_UP));
            text += &format!(
                "\n{}\n",
                heading(&format!("{number}. {}", card.front), &about, paint)
            );
            text += &paragraph("", card.back);
            text += &paragraph("Often said: ", card.wrong);
            text += &paragraph("Asked next: ", card.follow_up);
        }
        let number = self.follow_ups.len() + 2;
        let title = format!("{number}. On a blank page: {}", task.asked);
        let about = format!("speak while you write, {}", limit(Task::MINUTES));
        text += &format!(
            "\n{}\n{}\n{}",
            heading(&title, &about, paint),
            code(task.solution),
            rubric(task.rubric)
        );
        text
    }
}

/// What is asked, and below it what kind of part it is.
pub(super) fn heading(title: &str, about: &str, paint: Paint) -> String {
    let lines = wrapped(title, INDENT);
    let lines: String = lines
        .lines()
        .map(|line| format!("{}\n", paint.bold(line)))
        .collect();
    format!("{lines}{INDENT}{}\n", paint.dim(about))
}

/// The points of a rubric, numbered.
pub(super) fn rubric(points: &[&str]) -> String {
    let line = |(number, point): (usize, &&str)| {
        wrapped(
            &format!("{INDENT}[{number}] {point}"),
            &format!("{INDENT}    "),
        )
    };
    (1..).zip(points).map(line).collect()
}

/// Lines of code, as they are.
pub(super) fn code(solution: &str) -> String {
    let line = |line: &str| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("{INDENT}{line}\n"),
    };
    solution.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::Asked;

    fn chosen(questions: &[Asked]) -> Choice {
        Choice {
            questions: questions.to_vec(),
            topics: vec![],
            levels: vec![],
        }
    }

    #[test]
    fn a_seed_draws_the_same_interview_and_others_draw_all_questions() {
        let all = chosen(&[]);
        assert_eq!(Interview::draw(&all, 3), Interview::draw(&all, 3));
        let drawn = (0..200).filter_map(|seed| Interview::draw(&all, seed));
        let questions: std::collections::BTreeSet<u8> =
            drawn.map(|interview| interview.opening.question).collect();
        assert_eq!(questions.len(), 15);
    }

    #[test]
    fn follow_ups_are_of_the_question_and_rise() {
        for question in 16..=30 {
            let of_it = chosen(&[Asked::Questions(question..=question)]);
            let interview = Interview::draw(&of_it, 1).expect("an interview");
            assert_eq!(interview.opening.question, question);
            let levels: Vec<Level> = interview.follow_ups.iter().map(|card| card.level).collect();
            assert!(
                levels.len() >= 2 && levels.is_sorted(),
                "{question}: {levels:?}"
            );
            assert!(
                interview
                    .follow_ups
                    .iter()
                    .all(|card| card.source == Source::Question(question))
            );
        }
        assert_eq!(Interview::draw(&chosen(&[Asked::ReferenceCard]), 1), None);
    }

    #[test]
    fn a_listing_has_every_part_and_lines_of_code_as_they_are() {
        let of_it = chosen(&[Asked::Questions(27..=27)]);
        let listing = Interview::draw(&of_it, 1)
            .expect("an interview")
            .listing(Paint::OFF);
        assert!(
            listing.contains("\n   def average_precision_of(y, scores):\n"),
            "{listing}"
        );
        assert!(listing.contains("[1] Asks for the prevalence"), "{listing}");
    }
}
