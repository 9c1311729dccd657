//! The solutions of a notebook's exercises, which run after its cells.

use super::cell::{error, execute};
use super::events::{Event, Problem};
use super::execute::{Course, Execution};
use super::exercise::{Exercise, Verdict, exercises};
use super::marks::Marks;
use super::recorder::Recorder;
use crate::client::Execution as Request;

impl Execution {
    /// Runs the solutions of the exercises. What they show is judged and not kept.
    pub(super) async fn solve(&self, course: &mut Course<'_>, done: usize) {
        for exercise in exercises(&self.planned.notebook) {
            if Marks::of(&exercise.cell).skip {
                continue;
            }
            let name = exercise.cell.id.as_deref().unwrap_or("an exercise");
            self.tell(Event::CellStarted {
                notebook: self.index,
                done,
                line: format!("solving {name}"),
            });
            let solved = self.solve_one(course, &exercise).await;
            let goes_on = !matches!(&solved, Err(Problem::SolutionFails { failure, .. }) if !failure.is_of_the_cell());
            course.progress.exercises.push((exercise, solved));
            if !goes_on {
                return;
            }
        }
    }

    async fn solve_one(&self, course: &mut Course<'_>, exercise: &Exercise) -> Result<(), Problem> {
        let source = exercise.solution.clone().map_err(Problem::NoSolution)?;
        let mut recorder = Recorder::default();
        recorder.begin_cell();
        let request = Request {
            source: &source,
            allowed: Marks::of(&exercise.cell)
                .allowed(self.planned.timeout.unwrap_or(self.settings.timeout)),
        };
        let result = execute(
            course.kernel,
            request,
            &mut course.answers,
            &mut recorder,
            None,
        )
        .await;
        let failure = match result {
            Ok(None) => None,
            Ok(Some(raised)) => Some(error(raised, false)),
            Err(failure) => Some(failure),
        };
        if let Some(failure) = failure {
            let failure = Box::new(failure);
            return Err(Problem::SolutionFails { source, failure });
        }
        let outputs: Vec<_> = recorder.into_outputs().flatten().collect();
        match Verdict::of(&outputs) {
            Verdict::Passed(_) => Ok(()),
            Verdict::NotYet(said) => Err(Problem::SolutionNotPassed {
                source,
                said: Some(said),
            }),
            Verdict::None => Err(Problem::SolutionNotPassed { source, said: None }),
        }
    }
}
