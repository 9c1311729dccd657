//! The questions as an interviewer opens with them: what is asked, how long, a model answer, a rubric, and a task of
//! ten minutes on a blank page.
//!
//! The solutions of the tasks are files of their own, in the language in which they are asked for, so that they can
//! be executed as they stand.

mod models;
mod systems;

/// A question, and how its spoken answer is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The question's number, 16 to 30.
    pub question: u8,
    /// As an interviewer says it.
    pub asked: &'static str,
    /// How many minutes the answer may take.
    pub minutes: u8,
    /// The answer in 30 seconds, which opens a longer one.
    pub answer: &'static str,
    /// What an interviewer listens for, a point for each.
    pub rubric: &'static [&'static str],
    /// What is to be written afterwards.
    pub task: Task,
}

/// Ten minutes on a blank page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// What is to be written.
    pub asked: &'static str,
    /// A solution.
    pub solution: &'static str,
    /// What has to be said aloud while writing, a point for each.
    pub rubric: &'static [&'static str],
}

impl Task {
    /// How many minutes a task takes.
    pub const MINUTES: u8 = 10;
}

/// The openings of the questions 16 to 30, in order.
pub fn openings() -> Vec<Opening> {
    [models::OPENINGS, systems::OPENINGS].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_an_opening_with_answer_rubric_and_task() {
        let all = openings();
        let questions: Vec<u8> = all.iter().map(|opening| opening.question).collect();
        assert_eq!(questions, (16..=30).collect::<Vec<u8>>());
        for opening in &all {
            let place = opening.question;
            assert!((1..=10).contains(&opening.minutes), "{place}");
            assert!(opening.answer.split_whitespace().count() <= 80, "{place}");
            for rubric in [opening.rubric, opening.task.rubric] {
                assert!((3..=6).contains(&rubric.len()), "{place}");
                let complete = |point: &&str| point.ends_with('.') && point.trim() == *point;
                assert!(rubric.iter().all(complete), "{place}");
            }
            let lines = opening.task.solution.lines().count();
            assert!((3..=20).contains(&lines), "{place}: {lines} lines");
        }
    }
}
