//! `dsprep cards --mock`: a whole interview in the terminal.
//!
//! A question as an interviewer opens with it, three follow-ups of rising level, and ten minutes on a blank page.
//! Each part has a clock, then a model answer and a rubric by which the learner judges what was said.

mod clock;
mod judge;
mod plan;

pub use clock::{Clock, WallClock};
pub use plan::Interview;

use super::ask::{INDENT, paragraph, typed_at, wrapped};
use super::deck::{Card, Task};
use crate::terminal::Paint;
use judge::{Points, judged};
use std::io::{self, BufRead, Write};
use std::time::Duration;

/// How long a follow-up may take.
const FOLLOW_UP: Duration = Duration::from_secs(90);

/// Where an interview is held.
pub struct Room<'a, I, O, C> {
    pub input: &'a mut I,
    pub output: &'a mut O,
    pub clock: &'a mut C,
    pub paint: Paint,
}

impl<I: BufRead, O: Write, C: Clock> Room<'_, I, O, C> {
    /// Holds the interview; `q` instead of Enter, or the input's end, ends it early. What was answered until then is
    /// counted.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn hold(&mut self, interview: &Interview) -> io::Result<()> {
        let mut points = Vec::new();
        self.parts(interview, &mut points)?;
        write!(self.output, "\n{}", judge::summary(&points, self.paint))
    }

    fn parts(&mut self, interview: &Interview, points: &mut Vec<Points>) -> io::Result<()> {
        let Interview {
            opening,
            follow_ups,
        } = interview;
        let minutes = Duration::from_secs(60 * u64::from(opening.minutes));
        let title = format!("1. {}", opening.asked);
        let Some(took) = self.asked(&title, &format!("question {}", opening.question), minutes)?
        else {
            return Ok(());
        };
        self.told("", opening.answer)?;
        let Some(made) = self.judged(opening.rubric)? else {
            return Ok(());
        };
        points.push(Points::new(
            "the question",
            made,
            opening.rubric.len(),
            took,
            minutes,
        ));
        for (number, card) in (2..).zip(follow_ups) {
            if !self.follow_up(number, card, points)? {
                return Ok(());
            }
        }
        self.task(follow_ups.len() + 2, &opening.task, points)
    }

    fn follow_up(
        &mut self,
        number: usize,
        card: &Card,
        points: &mut Vec<Points>,
    ) -> io::Result<bool> {
        let title = format!("{number}. {}", card.front);
        let Some(took) = self.asked(&title, &format!("follow-up, {}", card.level), FOLLOW_UP)?
        else {
            return Ok(false);
        };
        self.told("", card.back)?;
        self.told("Often said: ", card.wrong)?;
        self.told("Asked next: ", card.follow_up)?;
        let rubric = [
            "I said what the answer says.",
            "I did not say what is often said.",
        ];
        let Some(made) = self.judged(&rubric)? else {
            return Ok(false);
        };
        points.push(Points::new(
            "a follow-up",
            made,
            rubric.len(),
            took,
            FOLLOW_UP,
        ));
        Ok(true)
    }

    fn task(&mut self, number: usize, task: &Task, points: &mut Vec<Points>) -> io::Result<()> {
        let limit = Duration::from_secs(60 * u64::from(Task::MINUTES));
        let title = format!("{number}. On a blank page: {}", task.asked);
        let Some(took) = self.asked(&title, "speak while you write", limit)? else {
            return Ok(());
        };
        write!(self.output, "\n{}", plan::code(task.solution))?;
        let Some(made) = self.judged(task.rubric)? else {
            return Ok(());
        };
        points.push(Points::new(
            "the blank page",
            made,
            task.rubric.len(),
            took,
            limit,
        ));
        Ok(())
    }

    /// Asks, and waits until Enter; how long it took, or none if that is enough.
    fn asked(&mut self, title: &str, about: &str, limit: Duration) -> io::Result<Option<Duration>> {
        write!(
            self.output,
            "\n{}",
            plan::heading(
                title,
                &format!("{about}, {}", clock::shown(limit)),
                self.paint
            )
        )?;
        let Some(_) = self.line("Enter: start the clock, q: end ")? else {
            return Ok(None);
        };
        self.clock.start(limit);
        let line = self.line("The clock runs. Enter: I am done, q: end ");
        let took = self.clock.stop();
        if line?.is_none() {
            return Ok(None);
        }
        let over = took.saturating_sub(limit);
        let late = if over.is_zero() {
            String::new()
        } else {
            format!(", {} too long", clock::shown(over))
        };
        writeln!(
            self.output,
            "\n{INDENT}{}",
            self.paint.yellow(&format!("{}{late}", clock::shown(took)))
        )?;
        Ok(Some(took))
    }

    fn told(&mut self, title: &str, text: &str) -> io::Result<()> {
        write!(self.output, "{}", paragraph(title, text))
    }

    /// Shows the rubric, and asks which of its points were made; how many, or none if that is enough.
    fn judged(&mut self, rubric: &[&str]) -> io::Result<Option<usize>> {
        write!(self.output, "\n{}", plan::rubric(rubric))?;
        loop {
            let prompt = "Which did you say? Their numbers, as 1 3; Enter: none, q: end ";
            let Some(line) = self.line(prompt)? else {
                return Ok(None);
            };
            match judged(&line, rubric.len()) {
                Ok(made) => return Ok(Some(made)),
                Err(problem) => write!(
                    self.output,
                    "{}",
                    wrapped(&format!("{INDENT}{problem}"), INDENT)
                )?,
            }
        }
    }

    /// A line of the input without its end; none at the input's end and for `q`.
    fn line(&mut self, prompt: &str) -> io::Result<Option<String>> {
        let typed = typed_at(prompt, self.paint, self.input, self.output)?;
        let line = typed.as_deref().map(str::trim);
        Ok(line
            .filter(|line| !line.eq_ignore_ascii_case("q"))
            .map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::choose::Choice;

    /// A clock on which each part takes as long as is written here.
    struct Written(Vec<u64>);

    impl Clock for Written {
        fn start(&mut self, _: Duration) {}

        fn stop(&mut self) -> Duration {
            Duration::from_secs(self.0.remove(0))
        }
    }

    fn held(input: &str) -> String {
        let choice = Choice {
            questions: vec![super::super::Asked::Questions(23..=23)],
            topics: vec![],
            levels: vec![],
        };
        let interview = Interview::draw(&choice, 7).expect("an interview");
        let (mut input, mut output) = (input.as_bytes(), Vec::new());
        let mut clock = Written(vec![500, 80, 95, 60, 700]);
        let mut room = Room {
            input: &mut input,
            output: &mut output,
            clock: &mut clock,
            paint: Paint::OFF,
        };
        room.hold(&interview).expect("it can be written");
        String::from_utf8(output).expect("text")
    }

    #[test]
    fn a_whole_interview_has_a_question_follow_ups_a_blank_page_and_a_sum() {
        insta::assert_snapshot!(held("\n\n1 2 4\n\n\n1\n\n\n1 2\n\n\n\n\n\n1,2,3\n"));
    }

    #[test]
    fn what_was_answered_counts_if_it_ends_early() {
        let told = held("\n\n1 2\n\nq\n");
        assert!(told.contains("The question          2 of 6"), "{told}");
        assert!(!told.contains("A follow-up"), "{told}");
        assert!(held("q\n").contains("Nothing was answered."));
        assert!(held("").contains("Nothing was answered."));
    }

    #[test]
    fn the_model_answer_is_not_in_view_before_the_clock_is_stopped() {
        assert!(!held("\n").contains("A funnel."));
        assert!(held("\n\n").contains("A funnel."));
    }

    #[test]
    fn points_that_there_are_not_are_asked_for_again() {
        let told = held("\n\n7\nseven\n1\nq\n");
        assert!(
            told.contains("There is no point 7: they are 1 to 6."),
            "{told}"
        );
        assert!(told.contains("`seven` is no number of a point"), "{told}");
        assert!(told.contains("1 of 6"), "{told}");
    }
}
