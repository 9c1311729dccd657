//! What a notebook's run comes to: the executed copy, and whether everything is as it should be.

use super::events::{End, Failed, FailedCell, Failure, Problem};
use super::execute::Settings;
use super::exercise::{Exercise, Verdict};
use super::plan::Planned;
use super::recorder::Recorder;
use crate::compare::{compare, same_but_for_numbers, same_but_for_what_varies};
use crate::notebook::{Cell, Notebook, Written, replace};
use std::fs;

/// The tag of cells whose outputs are not compared.
const VOLATILE: &str = "volatile";

/// What became of the cells.
#[derive(Default)]
pub struct Progress {
    /// Their outputs.
    pub recorder: Recorder,
    /// The places of the cells that were begun.
    pub executed: Vec<usize>,
    /// The places of the cells that were left out.
    pub skipped: Vec<usize>,
    /// The exercises whose solutions were tried, and how that went.
    pub exercises: Vec<(Exercise, Result<(), Problem>)>,
}

impl Progress {
    /// How many exercises their solutions solved.
    pub fn solved(&self) -> usize {
        let solved = self.exercises.iter().filter(|(_, solved)| solved.is_ok());
        solved.count()
    }
}

/// Writes the executed copy, and the notebook itself if that is wanted and it passed; says how the run ended.
/// `outcome` tells whether all cells ran.
pub fn end(
    planned: &Planned,
    settings: &Settings,
    mut progress: Progress,
    outcome: Result<(), Box<Failed>>,
) -> End {
    let exercises = std::mem::take(&mut progress.exercises);
    let skipped = progress.skipped.clone();
    let fresh = executed(&planned.notebook, progress);
    let copied = replace(&planned.copy, &fresh.to_bytes());
    let mut failed = match outcome {
        Err(earlier) => return End::Failed(vec![*earlier]),
        Ok(()) => wrong_exercises(&fresh, exercises),
    };
    if settings.check {
        failed.extend(differences(&planned.notebook, &fresh, &skipped));
    }
    failed.sort_by_key(|failed| failed.cell.as_ref().map(|cell| cell.position));
    if failed.is_empty() {
        match copied
            .map_err(Failure::NotWritten)
            .and_then(|_| update(planned, settings, &fresh))
        {
            Ok(written) => {
                return End::Passed {
                    updated: written == Written::Changed,
                };
            }
            Err(failure) => failed.push(Failed {
                cell: None,
                failure,
            }),
        }
    }
    End::Failed(failed)
}

/// The cell as reports name it.
pub fn failed_cell(notebook: &Notebook, cell: &Cell) -> Option<FailedCell> {
    let cells = notebook.code_cells();
    let before = cells.iter().position(|one| one.position == cell.position)?;
    Some(FailedCell {
        number: before + 1,
        of: cells.len(),
        position: cell.position + 1,
        of_all: notebook.len(),
        id: cell.id.clone(),
        source: cell.source.clone(),
    })
}

/// The notebook with the fresh outputs. Cells that did not run have none.
fn executed(notebook: &Notebook, progress: Progress) -> Notebook {
    let mut notebook = notebook.clone();
    for cell in notebook.code_cells() {
        if !progress.skipped.contains(&cell.position) {
            notebook.set_outputs(cell.position, None, Vec::new());
        }
    }
    let outputs = progress.recorder.into_outputs();
    for (count, (position, outputs)) in (1..).zip(progress.executed.into_iter().zip(outputs)) {
        notebook.set_outputs(position, Some(count), outputs);
    }
    notebook
}

/// The fresh notebook, with the stored outputs where the fresh ones differ in nothing but what varies.
fn to_store(stored: &Notebook, fresh: &Notebook) -> Notebook {
    let mut notebook = fresh.clone();
    for cell in fresh.code_cells() {
        let same = if cell.has_tag(VOLATILE) {
            same_but_for_numbers
        } else {
            same_but_for_what_varies
        };
        let kept = stored.outputs(cell.position);
        if same(kept, fresh.outputs(cell.position)) {
            let count = fresh.execution_count(cell.position);
            notebook.set_outputs(cell.position, count, kept.to_vec());
        }
    }
    notebook
}

/// What is wrong with the exercises of a notebook that ran.
fn wrong_exercises(
    fresh: &Notebook,
    exercises: Vec<(Exercise, Result<(), Problem>)>,
) -> Vec<Failed> {
    let mut failed = Vec::new();
    for (exercise, solved) in exercises {
        let stub = match Verdict::of(fresh.outputs(exercise.cell.position)) {
            Verdict::NotYet(_) => None,
            Verdict::Passed(said) => Some(Problem::StubPasses { said }),
            Verdict::None => Some(Problem::StubSaysNothing),
        };
        let shared = exercise.shares_id.then_some(Problem::SharedId);
        let problems = shared.into_iter().chain(stub).chain(solved.err());
        failed.extend(problems.map(|problem| Failed {
            cell: failed_cell(fresh, &exercise.cell),
            failure: Failure::Exercise(problem),
        }));
    }
    failed
}

/// The cells whose fresh outputs are not the stored ones.
fn differences(stored: &Notebook, fresh: &Notebook, skipped: &[usize]) -> Vec<Failed> {
    let mut cells = stored.code_cells();
    cells.retain(|cell| !cell.has_tag(VOLATILE) && !skipped.contains(&cell.position));
    let failed = cells.into_iter().filter_map(|cell| {
        let differences = compare(stored.outputs(cell.position), fresh.outputs(cell.position));
        (!differences.is_empty()).then(|| Failed {
            cell: failed_cell(stored, &cell),
            failure: Failure::Differs(differences),
        })
    });
    failed.collect()
}

fn update(planned: &Planned, settings: &Settings, fresh: &Notebook) -> Result<Written, Failure> {
    if !settings.update {
        return Ok(Written::Unchanged);
    }
    let path = &planned.path;
    if fs::read(path).is_ok_and(|now| now == planned.bytes) {
        let bytes = to_store(&planned.notebook, fresh).to_bytes();
        replace(path, &bytes).map_err(Failure::NotWritten)
    } else {
        Err(Failure::ChangedMeanwhile)
    }
}
